"""The pages in the header, in their order: name of the address, and its words."""

from kulan.web.language import say_lazy as _

NAVIGATION: tuple[tuple[str, object], ...] = (
    ("home", _("Map")),
    ("layers", _("Layers")),
    ("species_list", _("Mammals")),
    ("screenings", _("Screenings")),
    ("programme", _("Programme")),
)
