"""Registers the area with Django."""

from django.apps import AppConfig


class Api(AppConfig):
    """Tokens, and the REST service."""

    name = "kulan.web.api"
    label = "api"
