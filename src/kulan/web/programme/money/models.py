"""Donors and calls, projects and their money, needs, rates, and the fund's books.

Amounts are kept as their digits: a database may keep decimals as floating point, which is no money.
The books (`JournalRecord`) are never changed or deleted by anything in Kulan; see `books.py`.
"""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any, Never

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.programme.money import Money
from kulan.programme.money.amounts import currencies
from kulan.programme.money.funding import ORGANISATION_KINDS
from kulan.programme.money.projects import FLOW_KINDS, PROJECT_STAGES
from kulan.web.people.models import Organisation
from kulan.web.programme.money.terms import Dimension, DraftKind, DraftState
from kulan.web.programme.register.terms import Audience

USER = settings.AUTH_USER_MODEL
DIGITS = 26


def _codes(codes: Any) -> list[tuple[str, str]]:
    return [(str(code), str(code)) for code in codes]


def check_digits(value: str) -> None:
    """Refuse what is no decimal number: what a form lets through, a program must not bring in."""
    try:
        finite = Decimal(value).is_finite()
    except ArithmeticError:
        finite = False
    if not finite:
        raise ValidationError(f"{value!r} is no amount.")


def check_currency(value: str) -> None:
    """Refuse what is no currency."""
    if value not in currencies():
        raise ValidationError(f"{value!r} is no currency.")


def _amount(**options: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=DIGITS, validators=[check_digits], **options)


def _currency(**options: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=3, validators=[check_currency], **options)


class Kept(models.Model):
    """What several kinds of rows have: a name in addresses, who added it, and its edition."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.PositiveIntegerField(default=1)  # grows with every change: none is lost
    added_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Publisher(models.Model):
    """What IATI asks of an organisation that publishes: its identifier and kind."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="publisher"
    )
    iati_ref = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=_codes(ORGANISATION_KINDS))

    def __str__(self) -> str:
        """Return its identifier."""
        return self.iati_ref


class Donor(Kept):
    """Who gives money, and who pleads with them for the programme."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=_codes(ORGANISATION_KINDS))
    url = models.URLField(max_length=500, blank=True)
    iati_ref = models.CharField(max_length=100, blank=True)
    champion = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    notes = models.TextField(blank=True)  # for those who keep it, and no one else
    source = models.CharField(max_length=500)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class Call(Kept):
    """A call of one of a donor's funding programmes."""

    donor = models.ForeignKey(Donor, on_delete=models.CASCADE, related_name="calls")
    title = models.CharField(max_length=300)
    programme = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    opens = models.DateField(null=True, blank=True)
    closes = models.DateField(null=True, blank=True)
    states = models.JSONField(default=list, blank=True)
    species = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    organisation_kinds = models.JSONField(default=list, blank=True)
    smallest = _amount(blank=True)
    largest = _amount(blank=True)
    currency = _currency(blank=True)
    cofinance_percent = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=500)

    class Meta:
        ordering = ("closes", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(opens=None) | Q(closes=None) | Q(opens__lte=F("closes")),
                name="call_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(smallest="", largest="") | ~Q(currency=""),
                name="call_amounts_have_a_currency",
            ),
        )

    def __str__(self) -> str:
        """Return its title."""
        return self.title


class Project(Kept):
    """A project of an organisation."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="projects"
    )
    title = models.CharField(max_length=300)
    summary = models.TextField()
    stage = models.CharField(max_length=12, choices=_codes(PROJECT_STAGES), default="running")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    iati_identifier = models.CharField(max_length=200, blank=True)
    iati_original = models.TextField(blank=True)  # the activity it was taken over from, as XML
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts"
    )
    url = models.URLField(max_length=500, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("iati_identifier",),
                condition=~Q(iati_identifier=""),
                name="one_project_of_an_iati_identifier",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(begins__lte=F("ends")), name="project_begins_before_end"
            ),
        )

    def __str__(self) -> str:
        """Return its name in addresses: the title may be for fewer than the audit trail."""
        return f"project {self.uid}"


class Share(models.Model):
    """What a project serves, and its share of the money as a fraction; empty: not allocated."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="shares")
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    code = models.CharField(max_length=100)
    share = models.CharField(max_length=30, blank=True)  # such as 1/3, or 0.25

    class Meta:
        ordering = ("dimension", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "dimension", "code"), name="one_share_of_a_project"
            ),
        )

    def __str__(self) -> str:
        """Return what it is for."""
        return f"{self.dimension} {self.code}"


class Flow(models.Model):
    """Money of a project on a day."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="flows")
    kind = models.CharField(max_length=14, choices=_codes(FLOW_KINDS))
    amount = _amount()
    currency = _currency()
    day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    provider = models.CharField(max_length=200, blank=True)
    receiver = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    confidential = models.BooleanField(default=False)
    added_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(day__lte=F("last_day")), name="flow_days_in_order"
            ),
        )

    def __str__(self) -> str:
        """Return its kind: amounts may be confidential."""
        return f"{self.kind} {self.day}"

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(Decimal(self.amount), self.currency)


class Need(Kept):
    """An estimate of what an action costs."""

    action = models.CharField(max_length=100, db_index=True)
    part = models.CharField(max_length=200, blank=True)
    low = _amount()
    high = _amount()
    currency = _currency()
    day = models.DateField(default=date.today)
    states = models.JSONField(default=list, blank=True)
    species = models.JSONField(default=list, blank=True)
    landscapes = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=500)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("action", "pk")

    def __str__(self) -> str:
        """Return what it is for."""
        return self.action


class ExchangeRate(models.Model):
    """What a currency was worth in another, by a source."""

    of = _currency()
    to = _currency()
    rate = _amount()
    first = models.DateField()
    last = models.DateField()
    source = models.CharField(max_length=500)
    added_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("of", "to", "-first")
        constraints = (
            models.UniqueConstraint(
                fields=("of", "to", "first", "last"), name="one_rate_for_some_days"
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="rate_days_in_order"),
        )

    def __str__(self) -> str:
        """Return the pair."""
        return f"{self.of} {self.to} {self.first}"


class IatiFile(models.Model):
    """An IATI file somebody brought, until what it holds is taken over or thrown away."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.TextField()  # base 64
    seen = models.JSONField(default=dict)  # project to its edition when the file was looked at
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


# --- the fund's books -----------------------------------------------------------------------------


class LedgerFund(models.Model):
    """A purpose for which money is kept apart."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class LedgerAccount(models.Model):
    """An account of the plan of accounts; never deleted, since entries name it by its code."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        """Return its number and name."""
        return f"{self.code} {self.name}"


class Draft(models.Model):
    """An entry, or the closing of a period, that waits for a second person."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=DraftKind.choices, default=DraftKind.ENTRY)
    day = models.DateField()
    text = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)  # account, fund, side, amount, currency
    reverses = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.WAITING)
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-entered_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="books_take_two_persons",
            ),
            models.UniqueConstraint(
                fields=("reverses",),
                condition=~Q(reverses=0) & ~Q(state=DraftState.REFUSED),
                name="an_entry_is_reversed_once",
            ),
        )

    def __str__(self) -> str:
        """Return its kind and day."""
        return f"{self.kind} {self.day}"


class Unchanging(models.QuerySet["JournalRecord"]):
    """Rows that are added and read, and nothing else."""

    def update(self, **_fields: Any) -> Never:
        """Refuse."""
        raise NotAllowedNowError("What is posted is never changed. Reverse the entry instead.")

    def delete(self) -> Never:
        """Refuse."""
        raise NotAllowedNowError("What is posted is never deleted. Reverse the entry instead.")

    bulk_update = update  # type: ignore[assignment]


class JournalRecord(models.Model):
    """An entry, or the closing of a period, in the books: see `kulan.programme.money.audit`."""

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=8, choices=DraftKind.choices)
    day = models.DateField()
    text = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)
    reverses = models.PositiveIntegerField(default=0)
    entered_by = models.CharField(max_length=40)  # person:12, which outlives the account's name
    approved_by = models.CharField(max_length=40)
    posted_at = models.CharField(max_length=40)  # as it was hashed
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = Unchanging.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(entered_by=F("approved_by")), name="posted_by_two_persons"
            ),
            models.UniqueConstraint(
                fields=("reverses",), condition=~Q(reverses=0), name="reversed_once"
            ),
            models.UniqueConstraint(fields=("previous",), name="one_chain_of_records"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return f"record {self.number}"

    def save(self, *arguments: Any, **options: Any) -> None:
        """Add it; refuse to change it.

        Raises
        ------
        NotAllowedNowError
            If it is in the books already.
        """
        if self.pk is not None:
            raise NotAllowedNowError("What is posted is never changed. Reverse the entry instead.")
        super().save(*arguments, **{**options, "force_insert": True})

    def delete(self, *_arguments: Any, **_options: Any) -> Never:
        """Refuse.

        Raises
        ------
        NotAllowedNowError
            Always.
        """
        raise NotAllowedNowError("What is posted is never deleted. Reverse the entry instead.")
