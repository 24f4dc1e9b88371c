"""Registers the area with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class Ogc(AppConfig):
    """The OGC API; it has no tables."""

    name = "kulan.web.ogc"
    label = "ogc"

    def ready(self) -> None:
        """Let SQLite compare texts as CQL2 does."""
        from kulan.web.ogc.cql2_values import add_functions  # noqa: PLC0415  needs Django ready

        connection_created.connect(add_functions, dispatch_uid="kulan-like")
