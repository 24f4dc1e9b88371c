"""Registers the area with Django."""

from django.apps import AppConfig


class Events(AppConfig):
    """The audit trail."""

    name = "kulan.web.events"
    label = "events"
