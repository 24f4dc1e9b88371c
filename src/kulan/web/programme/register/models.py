"""What people add to the programme: texts, corrections, evidence and overrides.

The actions of the editions that Kulan ships are not copied here: `kulan.programme.actions` is their
truth. Rows of `ImportedAction` give them their official text, or are actions of other plans.
An action is named by its key everywhere, as ``cami-2021:3.2.a``.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kulan.web.people.models import Organisation
from kulan.web.programme.register.terms import (
    Audience,
    EditionState,
    Field,
    PairKind,
    PairState,
    Sets,
)
from kulan.words import LANGUAGES

USER = settings.AUTH_USER_MODEL


class ImportedEdition(models.Model):
    """An edition of a plan as it was brought in from a file, or a state set for a shipped one."""

    edition_id = models.SlugField(max_length=60, unique=True)
    plan = models.SlugField(max_length=60)
    title = models.JSONField(default=dict, blank=True)  # language to words
    status = models.CharField(
        max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sections = models.JSONField(default=list, blank=True)  # fields of `Section`, titles by language

    class Meta:
        ordering = ("plan", "edition_id")

    def __str__(self) -> str:
        """Return its name."""
        return self.edition_id


class TextSource(models.Model):
    """The file from which an edition's official text in one language was read."""

    edition = models.ForeignKey(ImportedEdition, on_delete=models.CASCADE, related_name="sources")
    language = models.CharField(max_length=2, choices=[(code, code) for code in LANGUAGES])
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    losses = models.JSONField(default=list, blank=True)
    imported_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "language"), name="one_text_source_of_a_language"
            ),
        )

    def __str__(self) -> str:
        """Return the file."""
        return self.file_name


class ImportedAction(models.Model):
    """An action as it stands in a file: its fields, and its text word for word."""

    edition = models.ForeignKey(ImportedEdition, on_delete=models.CASCADE, related_name="actions")
    action_id = models.CharField(max_length=40)
    section_id = models.CharField(max_length=20)
    parent_id = models.CharField(max_length=40, blank=True)
    printed = models.CharField(max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)
    priority_low = models.CharField(max_length=10, blank=True)
    priority_high = models.CharField(max_length=10, blank=True)
    leads = models.JSONField(default=list, blank=True)
    species = models.JSONField(default=list, blank=True)
    landscapes = models.JSONField(default=list, blank=True)
    states = models.JSONField(default=list, blank=True)
    see_also = models.JSONField(default=list, blank=True)
    targets = models.JSONField(default=list, blank=True)
    title = models.JSONField(default=dict, blank=True)  # Kulan's or the importer's, by language
    text = models.JSONField(default=dict, blank=True)  # verbatim, by language
    priority_printed = models.JSONField(default=dict, blank=True)  # verbatim, by language
    leads_printed = models.JSONField(default=dict, blank=True)  # verbatim, by language
    would_count = models.JSONField(default=list, blank=True)  # kinds of evidence, as the file says

    class Meta:
        ordering = ("edition", "order")
        constraints = (
            models.UniqueConstraint(fields=("edition", "action_id"), name="one_action_of_a_number"),
        )

    def __str__(self) -> str:
        """Return its key."""
        return f"{self.edition.edition_id}:{self.action_id}"


class Correction(models.Model):
    """What was misprinted in an action: as printed, as it should be, and why."""

    action = models.CharField(max_length=100, db_index=True)
    field = models.CharField(max_length=12, choices=Field.choices)
    printed = models.TextField(blank=True)
    corrected = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("action", "field", "printed"),
                condition=Q(ended_at=None),
                name="one_correction_of_a_word",
            ),
        )

    def __str__(self) -> str:
        """Return what it mends."""
        return f"{self.action} {self.field}"


class EvidenceItem(models.Model):
    """What a person says counts for actions: an object of Kulan, or a document outside."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=500)
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    day = models.DateField()
    states = models.JSONField(default=list, blank=True)
    species = models.JSONField(default=list, blank=True)
    actions = models.JSONField(default=list)
    amount = models.FloatField(default=1.0)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was withdrawn

    class Meta:
        ordering = ("-day", "-pk")
        indexes = (models.Index(fields=("withdrawn_at", "audience")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(reason=""),
                name="evidence_withdrawn_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        """Return its kind: the title may be for fewer people than the audit trail."""
        return f"{self.kind} {self.day}"


class Override(models.Model):
    """What a person has set about an action beside what is computed, with the reason.

    Both are shown. It holds for a state, or for the whole programme where `iso3` is empty.
    """

    action = models.CharField(max_length=100)
    iso3 = models.CharField(max_length=3, blank=True)
    sets = models.CharField(max_length=10, choices=Sets.choices, default=Sets.STATUS)
    status = models.CharField(max_length=30, blank=True)
    due = models.DateField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    # it was carried over a pair that carries it no more
    ended_with_pair = models.BooleanField(default=False)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("action", "iso3", "sets"),
                condition=Q(ended_at=None),
                name="one_override_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(sets=Sets.STATUS, due=None) & ~Q(status="")
                | Q(sets=Sets.DUE, status="", due__isnull=False)
                | Q(sets=Sets.OVERTAKEN, status="", due=None),
                name="override_sets_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_with_a_reason"),
        )
        indexes = (models.Index(fields=("action", "ended_at")),)

    def __str__(self) -> str:
        """Return what it speaks of."""
        return " ".join(filter(None, (self.action, self.iso3, self.sets)))


class Crosswalk(models.Model):
    """Which action of one edition is which of another, as proposed and as people decide."""

    before = models.SlugField(max_length=60)
    after = models.SlugField(max_length=60)
    language = models.CharField(max_length=2, choices=[(code, code) for code in LANGUAGES])
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("before", "after")
        constraints = (
            models.UniqueConstraint(fields=("before", "after"), name="one_crosswalk_of_two"),
            models.CheckConstraint(
                condition=~Q(before=models.F("after")), name="crosswalk_of_two_editions"
            ),
        )

    def __str__(self) -> str:
        """Return the two editions."""
        return f"{self.before} → {self.after}"


class CrosswalkPair(models.Model):
    """Actions of the two editions that are, or may be, the same; what a person decided, and why."""

    crosswalk = models.ForeignKey(Crosswalk, on_delete=models.CASCADE, related_name="pairs")
    place = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=list, blank=True)
    after = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=10, choices=PairKind.choices)
    score = models.FloatField(default=0.0)
    reasons = models.JSONField(default=list, blank=True)  # what speaks for it, as proposed
    state = models.CharField(
        max_length=10, choices=PairState.choices, default=PairState.PROPOSED, db_index=True
    )
    why = models.TextField(blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("place", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=PairState.PROPOSED) | ~Q(why=""),
                name="pair_decided_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        """Return the actions, as both sides number them."""
        return f"{', '.join(self.before) or '–'} → {', '.join(self.after) or '–'}"


class TextUpload(models.Model):
    """A file somebody brought as the text of an edition, and what came of it.

    The bytes are here until a worker has read them, and no longer.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition_id = models.SlugField(max_length=60)
    plan = models.SlugField(max_length=60)
    title = models.JSONField(default=dict, blank=True)
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=2, blank=True)  # empty: told from the text
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(default=bytes, blank=True)
    found = models.JSONField(default=dict, blank=True)  # how much was read
    losses = models.JSONField(default=list, blank=True)  # line, kind, words, reason
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        """Return the file."""
        return self.file_name
