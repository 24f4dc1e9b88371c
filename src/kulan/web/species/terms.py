"""Closed lists of the records: where a version is on its way, what it changes, who may read it."""

from django.db import models

from kulan.web.language import say_lazy as _


class State(models.TextChoices):
    """Where a version of a record is on its way."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    TAKEN_BACK = "taken_back", _("Taken back")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Change(models.TextChoices):
    """What a version asks for."""

    NEW = "new", _("New record")
    CHANGE = "change", _("Change")
    WITHDRAWAL = "withdrawal", _("Withdrawal")


class Readers(models.TextChoices):
    """Who may read a population record once it is approved."""

    PUBLIC = "public", _("Everyone")
    PARTNERS = "partners", _("People with a role in the programme")
