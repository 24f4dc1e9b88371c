"""Registers the area with Django."""

from django.apps import AppConfig


class Jobs(AppConfig):
    """Jobs and their worker."""

    name = "kulan.web.jobs"
    label = "jobs"
