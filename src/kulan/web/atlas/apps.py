"""Registers the area with Django: it has no tables, but work for a worker."""

from django.apps import AppConfig


class Atlas(AppConfig):
    """The map."""

    name = "kulan.web.atlas"
    label = "atlas"
