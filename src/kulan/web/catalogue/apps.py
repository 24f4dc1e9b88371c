"""Registers the area with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate

from kulan.web.geometry.postgis import make_ready
from kulan.web.geometry.sqlite import add_functions


class Catalogue(AppConfig):
    """Layers of the Atlas."""

    name = "kulan.web.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Let each database know shapes: SQLite by functions of ours, PostgreSQL by PostGIS."""
        # registers the work of jobs: a worker must know it before the first page is asked for
        from kulan.web.catalogue import intake, keeping  # noqa: F401, PLC0415  models load first

        pre_migrate.connect(make_ready, sender=self, dispatch_uid="kulan-postgis")
        connection_created.connect(add_functions, dispatch_uid="kulan-shapes")
