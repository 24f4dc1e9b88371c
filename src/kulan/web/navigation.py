"""The pages in the header, in their order: name of the address, and its words."""

NAVIGATION: tuple[tuple[str, object], ...] = ()
