"""Registers the area with Django."""

from django.apps import AppConfig


class People(AppConfig):
    """People and their grants."""

    name = "kulan.web.people"
    label = "people"

    def ready(self) -> None:
        """Begin to write down what allauth does."""
        from kulan.web.people import watching  # noqa: PLC0415  models load before

        watching.begin()
