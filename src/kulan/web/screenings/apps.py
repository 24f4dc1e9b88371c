"""Registers the area with Django."""

from django.apps import AppConfig


class Screenings(AppConfig):
    """Screenings and who may read them."""

    name = "kulan.web.screenings"
    label = "screenings"
