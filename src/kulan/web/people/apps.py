"""Registers the area with Django."""

from django.apps import AppConfig


class People(AppConfig):
    """People and their grants."""

    name = "kulan.web.people"
    label = "people"
