"""Registers the area with Django."""

from django.apps import AppConfig


class ProgrammeMoney(AppConfig):
    """Money of the programme."""

    name = "kulan.web.programme.money"
    label = "programme_money"
