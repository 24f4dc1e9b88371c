"""Population records and account texts, each row one version of one record.

History is kept by the rows themselves: a version that has been decided never changes its content,
and a change is another row with the same `record`. A second table of history would hold the same
texts once more, and would have to be guarded once more.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kulan.programme import PopulationEstimate
from kulan.programme.count_methods import INTERVAL_NAMES, QUANTITY_NAMES, SEASON_NAMES
from kulan.programme.terms import ACCOUNT_SECTIONS, CONFIDENCES, COUNT_METHODS
from kulan.web.species.terms import Change, Readers, State
from kulan.words import LANGUAGES

USER = settings.AUTH_USER_MODEL
FIGURES = ("estimate", "low", "high")
CONTENT_OF_POPULATION = (
    "population", "estimate", "low", "high", "interval_kind", "quantity", "method", "survey_from",
    "survey_to", "season", "area_covered_km2", "reference", "doi", "data_source", "quality",
    "notes", "readers", "embargo_until",
)  # fmt: skip
"""What a change of a population record may change; species and state stay."""
CONTENT_OF_ACCOUNT = ("text", "source", "confidence")
"""What a change of an account text may change."""


def _codes(codes: object) -> list[tuple[str, str]]:
    """Return codes as choices; their words are told by the pages, in the reader's language."""
    return [(str(code), str(code)) for code in codes]  # type: ignore[attr-defined]


class Version(models.Model):
    """One version of a record: proposed by one person, decided by another."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    record = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    change = models.CharField(max_length=10, choices=Change.choices, default=Change.NEW)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacements"
    )
    species_id = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    seeded = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        abstract = True


def _rules_of_versions(what: str) -> tuple[models.BaseConstraint, ...]:
    """Return what the database itself holds of every version."""
    return (
        models.UniqueConstraint(
            fields=("record",), condition=Q(state=State.APPROVED), name=f"one_approved_{what}"
        ),
        models.CheckConstraint(
            condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")),
            name=f"{what}_decided_by_a_second_person",
        ),
        models.CheckConstraint(
            condition=Q(state=State.PROPOSED, decided_at=None, decided_by=None)
            | (~Q(state=State.PROPOSED) & Q(decided_at__isnull=False)),
            name=f"{what}_decided_at_a_time",
        ),
        models.CheckConstraint(
            condition=Q(change=Change.NEW, replaces=None)
            | (~Q(change=Change.NEW) & Q(replaces__isnull=False)),
            name=f"{what}_change_replaces_something",
        ),
        models.CheckConstraint(
            condition=~Q(state=State.WITHDRAWN) | Q(change=Change.WITHDRAWAL),
            name=f"{what}_withdrawn_by_a_withdrawal",
        ),
        models.CheckConstraint(
            condition=~Q(state=State.APPROVED) | ~Q(change=Change.WITHDRAWAL),
            name=f"{what}_withdrawal_is_no_content",
        ),
    )


class PopulationRecord(Version):
    """A version of one published figure for a species in a state, or in a part of it.

    The columns are those of `kulan.programme.tables.POPULATIONS`, with who may read it.
    """

    iso3 = models.CharField(max_length=3)
    population = models.CharField(max_length=120, blank=True)
    estimate = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    interval_kind = models.CharField(max_length=20, choices=_codes(INTERVAL_NAMES))
    quantity = models.CharField(max_length=30, choices=_codes(QUANTITY_NAMES))
    method = models.CharField(max_length=30, choices=_codes(COUNT_METHODS))
    survey_from = models.CharField(max_length=10)
    survey_to = models.CharField(max_length=10)
    season = models.CharField(max_length=10, choices=_codes(SEASON_NAMES))
    area_covered_km2 = models.FloatField(null=True, blank=True)
    reference = models.TextField()
    doi = models.CharField(max_length=200, blank=True)
    data_source = models.CharField(max_length=300)
    quality = models.CharField(max_length=12, choices=_codes(CONFIDENCES))
    notes = models.TextField(blank=True)
    readers = models.CharField(max_length=10, choices=Readers.choices, default=Readers.PUBLIC)
    embargo_until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("species_id", "state", "iso3")),)
        constraints = (
            *_rules_of_versions("population"),
            models.CheckConstraint(
                condition=Q(estimate__isnull=False) | Q(low__isnull=False) | Q(high__isnull=False),
                name="population_has_a_figure",
            ),
            models.CheckConstraint(
                condition=(Q(low=None) | Q(high=None) | Q(low__lte=F("high")))
                & (Q(low=None) | Q(estimate=None) | Q(low__lte=F("estimate")))
                & (Q(estimate=None) | Q(high=None) | Q(estimate__lte=F("high"))),
                name="population_interval_in_order",
            ),
            models.CheckConstraint(
                condition=(Q(estimate=None) | Q(estimate__gte=0))
                & (Q(low=None) | Q(low__gte=0))
                & (Q(high=None) | Q(high__gte=0)),
                name="population_from_zero_up",
            ),
            models.CheckConstraint(
                condition=Q(interval_kind="none", low=None, high=None)
                | (~Q(interval_kind="none") & (Q(low__isnull=False) | Q(high__isnull=False))),
                name="population_interval_and_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(area_covered_km2=None) | Q(area_covered_km2__gt=0),
                name="population_area_above_zero",
            ),
        )

    def __str__(self) -> str:
        """Return what it speaks of, without a figure: it stands in the audit trail."""
        return f"{self.species_id} {self.iso3} {self.survey_to}"

    def estimated(self) -> PopulationEstimate:
        """Return it as the library knows estimates."""
        return PopulationEstimate(
            species_id=self.species_id,
            iso3=self.iso3,
            population=self.population,
            estimate=self.estimate,
            low=self.low,
            high=self.high,
            interval_kind=self.interval_kind,
            quantity=self.quantity,
            method=self.method,
            survey_from=self.survey_from,
            survey_to=self.survey_to,
            season=self.season,
            area_covered_km2=self.area_covered_km2,
            reference=self.reference,
            doi=self.doi,
            data_source=self.data_source,
            quality=self.quality,
            notes=self.notes,
        )


class AccountText(Version):
    """A version of one paragraph of a species account, in one language."""

    section = models.CharField(max_length=20, choices=_codes(ACCOUNT_SECTIONS))
    language = models.CharField(max_length=2, choices=_codes(LANGUAGES))
    text = models.TextField()
    source = models.TextField()
    confidence = models.CharField(max_length=12, choices=_codes(CONFIDENCES))

    class Meta:
        indexes = (models.Index(fields=("species_id", "state", "language")),)
        constraints = (
            *_rules_of_versions("account"),
            models.UniqueConstraint(
                fields=("species_id", "section", "language"),
                condition=Q(state=State.APPROVED),
                name="one_approved_text_of_a_section",
            ),
        )

    def __str__(self) -> str:
        """Return what it speaks of."""
        return f"{self.species_id} {self.section} {self.language}"
