"""Registers the area with Django."""

from django.apps import AppConfig


class Newsletter(AppConfig):
    """Issues of the newsletter and their items."""

    name = "kulan.web.programme.newsletter"
    label = "programme_newsletter"
