"""Registers the area with Django."""

from django.apps import AppConfig


class Register(AppConfig):
    """Editions, evidence, overrides and corrections."""

    name = "kulan.web.programme.register"
    label = "programme_register"
