"""Closed lists of the register: audiences of evidence, what an override sets, what is corrected."""

from django.db import models

from kulan.web.language import say_lazy as _


class Audience(models.TextChoices):
    """Who may know of a piece of evidence; it counts for nobody else."""

    PUBLIC = "public", _("Everyone")
    PARTNERS = "partners", _("People with a role in the programme")
    GOVERNMENT = "government", _("Focal points and the secretariat")


class EditionState(models.TextChoices):
    """Where an edition stands."""

    DRAFT = "draft", _("Draft")
    IN_FORCE = "in_force", _("In force")
    PAST = "past", _("Past")


class Sets(models.TextChoices):
    """What an override sets about an action."""

    STATUS = "status", _("Status")
    DUE = "due", _("Day by which it is due")
    OVERTAKEN = "overtaken", _("Overtaken by events")


class PairKind(models.TextChoices):
    """What became of an action between two editions."""

    SAME = "same", _("Same number and words")
    RENUMBERED = "renumbered", _("Other number")
    REWORDED = "reworded", _("Other words")
    SPLIT = "split", _("Split in two")
    MERGED = "merged", _("Two made one")
    NEW = "new", _("New")
    DROPPED = "dropped", _("Dropped")


class PairState(models.TextChoices):
    """What a person has decided about a pair."""

    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


class Field(models.TextChoices):
    """What of an action as printed may be corrected."""

    PRINTED = "printed", _("Number")
    PRIORITY = "priority", _("Priority")
    LEADS = "leads", _("Who leads")
    SEE_ALSO = "see_also", _("Cross-references")
    SPECIES = "species", _("Species")
    STATES = "states", _("States")
    TEXT = "text", _("Text")
    TITLE = "title", _("Title")


STATUS_LOOKS = {
    "not_started": "",
    "under_way": "badge-accent",
    "done": "badge-good",
    "overdue": "badge-bad",
    "overtaken": "badge-caution",
    "cannot_be_computed": "",
}
"""Look of the badge of each status."""
