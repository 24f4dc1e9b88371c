"""Registers the area with Django."""

from django.apps import AppConfig


class Registers(AppConfig):
    """Registers of the programme."""

    name = "kulan.web.programme.registers"
    label = "registers"
