"""Registers the area with Django."""

from django.apps import AppConfig


class Reporting(AppConfig):
    """Cycles, reports, answers, delegations, remarks and reminders."""

    name = "kulan.web.programme.reporting"
    label = "programme_reporting"
