"""Cycles, what they ask, and the reports that answer: one row for each answer.

The questions of a cycle lie in `Form` as `kulan.programme.reporting` stores them, apart from the
cycle, so that lists of cycles never read them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kulan.programme.reporting.workflow import DRAFT, STATE_NAMES
from kulan.web.people.models import Organisation

USER = settings.AUTH_USER_MODEL
_STATES = [(code, code) for code in STATE_NAMES]
_KINDS = [("national", "national"), ("project", "project")]


class Cycle(models.Model):
    """A round of reports: one edition of the programme, from an opening day to a deadline."""

    class Stage(models.TextChoices):
        """Where a cycle is; its reports have states of their own."""

        DRAFT = "draft"
        OPEN = "open"
        LOCKED = "locked"

    cycle_id = models.SlugField(max_length=60, unique=True)
    title = models.JSONField(default=dict)  # language to words
    edition_id = models.SlugField(max_length=60)
    opens = models.DateField()
    due = models.DateField()
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    made_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-due", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(due__gte=models.F("opens")), name="cycle_due_after_it_opens"
            ),
        )

    def __str__(self) -> str:
        """Return its name."""
        return self.cycle_id


class Form(models.Model):
    """What a cycle asks of states, or of organisations about their projects."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="forms")
    kind = models.CharField(max_length=8, choices=_KINDS)
    questions = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cycle", "kind"), name="one_form_of_a_kind"),
        )

    def __str__(self) -> str:
        """Return cycle and kind."""
        return f"{self.cycle} {self.kind}"


class Filing(models.Model):
    """The report of one state, or of one organisation about one project, in one cycle.

    `party` is the standing of the state on the day the cycle opens; what looped questions are asked
    about is kept with the report, so that a later change of the register changes no old report.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="filings")
    kind = models.CharField(max_length=8, choices=_KINDS)
    iso3 = models.CharField(max_length=3, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    project = models.CharField(max_length=200, blank=True)
    party = models.BooleanField(default=False)
    species = models.JSONField(default=list, blank=True)
    populations = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=_STATES, default=DRAFT)
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    required = models.PositiveIntegerField(default=0)
    required_answered = models.PositiveIntegerField(default=0)
    to_confirm = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "iso3", "organisation", "project", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("cycle", "iso3"), condition=~Q(iso3=""), name="one_report_of_a_state"
            ),
            models.UniqueConstraint(
                fields=("cycle", "organisation", "project"),
                condition=Q(organisation__isnull=False),
                name="one_report_of_a_project",
            ),
            models.CheckConstraint(
                condition=(Q(iso3="") & Q(organisation__isnull=False) & Q(kind="project"))
                | (~Q(iso3="") & Q(organisation=None) & Q(kind="national")),
                name="report_of_a_state_or_an_organisation",
            ),
        )

    @property
    def reporter_id(self) -> str:
        """Return how `kulan.programme.reporting` names who reports."""
        return self.iso3 or f"org:{self.organisation_id}"

    def __str__(self) -> str:
        """Return cycle and reporter."""
        return f"{self.cycle} {self.iso3 or self.organisation}"


class GivenAnswer(models.Model):
    """What one report answers to one question, for one subject."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="answers")
    question_id = models.CharField(max_length=120)
    subject = models.CharField(max_length=160, blank=True)
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=120, blank=True)
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("filing", "question_id", "subject"), name="one_answer_to_a_question"
            ),
        )

    def __str__(self) -> str:
        """Return the question."""
        return " ".join(filter(None, (self.question_id, self.subject)))


class Delegation(models.Model):
    """Sections that a reporter asked a person to answer."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="delegations")
    person = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    sections = models.JSONField(default=list)
    message = models.TextField(blank=True)
    given_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("filing", "person"),
                condition=Q(ended_at=None),
                name="one_delegation_of_a_person",
            ),
        )

    def __str__(self) -> str:
        """Return whom was asked for which sections."""
        return f"{self.person}: {', '.join(self.sections)}"


class Remark(models.Model):
    """What the secretariat says about an answer when it reviews a report."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="remarks")
    question_id = models.CharField(max_length=120)
    subject = models.CharField(max_length=160, blank=True)
    text = models.TextField()
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        """Return what it is about."""
        return " ".join(filter(None, (self.question_id, self.subject)))


class Step(models.Model):
    """One move of a report: from which state to which, by whom, and why."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(max_length=12)
    before = models.CharField(max_length=12, choices=_STATES)
    after = models.CharField(max_length=12, choices=_STATES)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        """Return the move."""
        return f"{self.before} > {self.after}"


class Reminder(models.Model):
    """A letter about a deadline: each kind once for a report and a deadline."""

    class Kind(models.TextChoices):
        """When it is sent."""

        MONTH_BEFORE = "month_before"
        WEEK_BEFORE = "week_before"
        AFTER = "after"
        FORTNIGHT_AFTER = "fortnight_after"

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    due = models.DateField()
    people = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("filing", "kind", "due"), name="one_reminder_of_a_kind"
            ),
        )

    def __str__(self) -> str:
        """Return when it is sent."""
        return self.kind


class Upload(models.Model):
    """A form that was filled offline and sent back; it waits until its conflicts are decided."""

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting"
        TAKEN = "taken"
        DROPPED = "dropped"

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    base = models.JSONField(default=list)  # answers when the form was made
    theirs = models.JSONField(default=list)  # answers in the form
    problems = models.JSONField(default=list)  # cells that could not be read
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        """Return the file's name."""
        return self.file_name
