"""Registers the area with Django."""

from django.apps import AppConfig


class Species(AppConfig):
    """Species and their records."""

    name = "kulan.web.species"
    label = "species"

    def ready(self) -> None:
        """Make the work known that a worker does for this area."""
        from kulan.web.species import letters  # noqa: F401, PLC0415  models are ready only now
