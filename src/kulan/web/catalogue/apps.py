"""Registers the area with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from kulan.web.geometry.sqlite import add_functions


class Catalogue(AppConfig):
    """Layers of the Atlas."""

    name = "kulan.web.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Give every connection to SQLite the functions that look-ups of shapes need."""
        connection_created.connect(add_functions, dispatch_uid="kulan-shapes")
