"""Records of the registers with their versions, and the two sides' answers on feasibility.

One table holds the records of all registers: what a record consists of is declared in
`kulan.programme.registers`, and its columns here are what lists filter by. A record's references to
others are rows of their own, so that they can be followed back.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kulan.programme import registers
from kulan.web.language import say_lazy as _
from kulan.web.people.models import Organisation

USER = settings.AUTH_USER_MODEL


class Audience(models.TextChoices):
    """Who may know of a record; within it, fields have their own levels."""

    PUBLIC = "public", _("Everyone")
    PARTNERS = "partners", _("People with a role in the programme")
    GOVERNMENT = "government", _("Focal points, species coordinators and the secretariat")
    KEEPERS = "keepers", _("Those alone who keep it")


class Record(models.Model):
    """One record of a register as it is now."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    stage = models.CharField(max_length=20, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    # what lists filter by; derived from the data, each code between spaces
    states = models.CharField(max_length=80, blank=True)
    species = models.CharField(max_length=400, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )  # of whom the record is: it goes with its person
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("register", "withdrawn_at")),)
        constraints = (
            models.UniqueConstraint(
                fields=("register", "person"),
                condition=Q(person__isnull=False, withdrawn_at=None),
                name="one_record_of_a_person",
            ),
        )

    def __str__(self) -> str:
        """Return what stands in the audit trail: nothing that not everyone may read."""
        declared = self.declared
        if declared.personal or self.audience != Audience.PUBLIC:
            return declared.name
        return " · ".join(str(self.data[name]) for name in declared.heading if name in self.data)

    @property
    def declared(self) -> registers.Register:
        """The register it is of."""
        return registers.register(self.register)

    def take(self, data: dict[str, Any]) -> None:
        """Hold this content, and the columns that are derived from it."""
        self.data = data
        self.states = spaced(registers.states_of(data))
        self.species = spaced(registers.species_of(data))


def spaced(codes: tuple[str, ...]) -> str:
    """Return codes so that one can be found whole: each between spaces.

    Examples
    --------
    >>> spaced(("KAZ", "UZB"))
    ' KAZ UZB '
    """
    return f" {' '.join(codes)} " if codes else ""


class RecordVersion(models.Model):
    """What a record was at a revision, and who made it so."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    stage = models.CharField(max_length=20, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    withdrawn = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("record", "revision"), name="one_version_of_a_revision"
            ),
        )


class RecordLink(models.Model):
    """That a field of one record names another."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links")
    field = models.CharField(max_length=40)
    target = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="named_by")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("record", "field", "target"), name="one_link_of_a_field"
            ),
        )


class Questionnaire(models.Model):
    """Two states asked about one transboundary area, each by itself.

    It has no column that changes when a side answers: whatever is shown of it tells nothing.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    hotspot = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="questionnaires")
    first = models.CharField(max_length=3)
    second = models.CharField(max_length=3)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="two_states_in_order"),
        )

    def __str__(self) -> str:
        """Return which states were asked."""
        return f"{self.first} {self.second}"

    @property
    def sides(self) -> tuple[str, str]:
        """The two states."""
        return self.first, self.second


class AnswerSheet(models.Model):
    """What one side answers; read by `kulan.web.programme.registers.blind` alone."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="sheets"
    )
    iso3 = models.CharField(max_length=3)
    answers = models.JSONField(default=dict)  # question to score (None: cannot say) and comment
    revision = models.PositiveIntegerField(default=1)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("questionnaire", "iso3"), name="one_sheet_of_a_side"),
        )
