"""The draft of an issue: every change of a period once, or left out for a reason that is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kulan.errors import InvalidRequestError, UnknownNameError
from kulan.programme.newsletter.changes import GROUPED, SECTIONS, UPCOMING, Change, section_of
from kulan.programme.reporting import Told
from kulan.programme.terms import SPECIES_IDS
from kulan.words import LANGUAGES, N_

HORIZON_DAYS = 92
"""How far ahead an issue looks: a quarter of a year."""

LATE_DAYS = 366
"""How long before the period something may have happened to be told when it is entered late."""


class Reason(StrEnum):
    """Why a change is not in a draft."""

    BEFORE = "before"
    LONG_AGO = "long_ago"
    AFTER = "after"
    PAST = "past"
    FAR = "far"
    OTHER_SPECIES = "other_species"
    REPLACED = "replaced"
    TWICE = "twice"


REASON_NAMES: dict[Reason, str] = {
    Reason.BEFORE: N_("It belongs to an earlier issue."),
    Reason.LONG_AGO: N_("It was entered in this period, and happened long before."),
    Reason.AFTER: N_("It belongs to a later issue."),
    Reason.PAST: N_("Its day is over."),
    Reason.FAR: N_("Its day is too far ahead."),
    Reason.OTHER_SPECIES: N_("It is about other species."),
    Reason.REPLACED: N_("A newer version came in the same period."),
    Reason.TWICE: N_("It is there already."),
}
"""Each reason as a sentence, English; translated where it is told."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A change that is not in the draft, and why."""

    change: Change
    reason: Reason


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One item of a draft: a change, or the changes of one kind and species together.

    Late is one that happened before the period and became known here within it.
    """

    changes: tuple[Change, ...]
    late: bool = False

    @property
    def kind(self) -> str:
        """The kind of its changes."""
        return self.changes[0].kind

    @property
    def title(self) -> Told:
        """The title of its last change; changes that are told together have the same."""
        return self.changes[-1].title

    @property
    def day(self) -> date:
        """The day of its last change."""
        return self.changes[-1].day

    @property
    def link(self) -> str:
        """Where it is read; nowhere in particular for several changes."""
        return self.changes[0].link if len(self.changes) == 1 else ""

    @property
    def species(self) -> tuple[str, ...]:
        """Every species of its changes, in order."""
        return tuple(sorted({one for change in self.changes for one in change.species}))

    @property
    def states(self) -> tuple[str, ...]:
        """Every state of its changes, in order."""
        return tuple(sorted({one for change in self.changes for one in change.states}))

    @property
    def text(self) -> Told:
        """What its changes say of themselves, one a line."""
        lines = {
            language: "\n".join(
                dict.fromkeys(filter(None, (one.detail.tell(language) for one in self.changes)))
            )
            for language in LANGUAGES
        }
        return Told(**lines)


@dataclass(frozen=True, slots=True)
class DraftSection:
    """The items of one section, in the order in which they are told."""

    section_id: str
    items: tuple[DraftItem, ...]

    @property
    def count(self) -> int:
        """How many changes it tells of."""
        return sum(len(item.changes) for item in self.items)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an issue could tell: sections that have something, and what was left out.

    Attributes
    ----------
    since, until
        The period: the first day is in it, the last is the first day of the next issue.
    species
        The species of a bulletin; empty for the newsletter.
    """

    since: date
    until: date
    species: str
    sections: tuple[DraftSection, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def count(self) -> int:
        """How many changes it tells of."""
        return sum(section.count for section in self.sections)


def draft(changes: Iterable[Change], since: date, until: date, *, species: str = "") -> Draft:
    """Sort what changed into the sections of an issue.

    A change that happened before the period and became known here within it is told in it, as late.
    Nothing is added to what the changes say. Each of them is in the draft exactly once, or among
    what was left out. Two periods that meet share no change and lose none.

    Parameters
    ----------
    changes
        What happened and what lies ahead, in any order.
    since, until
        First day of the period, and first day after it.
    species
        For a bulletin: the species whose changes are told.

    Returns
    -------
    Draft
        The same for the same changes in whatever order.

    Raises
    ------
    InvalidRequestError
        If the period has no day.
    UnknownNameError
        If there is no such species.

    Examples
    --------
    >>> day = date(2026, 5, 3)
    >>> made = draft([Change("layer", Told("Roads"), day)], day, date(2026, 6, 1))
    >>> made.sections[0].section_id, made.count
    ('map', 1)
    """
    if until <= since:
        raise InvalidRequestError(
            f"From {since} to {until} there is no day; the period ends after it begins."
        )
    if species and species not in SPECIES_IDS:
        raise UnknownNameError(f"No species {species!r}; Kulan knows {', '.join(SPECIES_IDS)}.")
    ordered = sorted(changes, key=_place)
    last = _last_versions(ordered, since, until)
    told: dict[tuple[str, ...], Change] = {}
    left_out = []
    for change in ordered:
        reason = _reason(change, since, until, species) or _other(change, told, last)
        if reason:
            left_out.append(LeftOut(change, reason))
        else:
            told[change.key] = change
    return Draft(since, until, species, _sections(told.values(), since), tuple(left_out))


def _place(change: Change) -> tuple[date, str, str, str, str]:
    return (change.day, change.kind, change.title.tell(), change.link, repr(change))


def _last_versions(
    ordered: list[Change], since: date, until: date
) -> dict[tuple[str, str], Change]:
    """Return, for each thing with versions, the last one of the period."""
    return {
        (change.kind, change.thing): change
        for change in ordered
        if change.thing and since <= change.told_on < until
    }


def _reason(change: Change, since: date, until: date, species: str) -> Reason | None:
    """Return why a change has no place in the period or the bulletin."""
    if change.kind in UPCOMING:
        if change.day < until:
            return Reason.PAST
        if change.day >= until + timedelta(days=HORIZON_DAYS):
            return Reason.FAR
    elif change.told_on < since:
        return Reason.BEFORE
    elif change.told_on >= until:
        return Reason.AFTER
    elif change.day < since - timedelta(days=LATE_DAYS):
        return Reason.LONG_AGO
    return Reason.OTHER_SPECIES if species and species not in change.species else None


def _other(
    change: Change, told: dict[tuple[str, ...], Change], last: dict[tuple[str, str], Change]
) -> Reason | None:
    if change.key in told:
        return Reason.TWICE
    newest = last.get((change.kind, change.thing), change)
    return None if newest.key == change.key else Reason.REPLACED


def _is_late(change: Change, since: date) -> bool:
    return change.kind not in UPCOMING and change.day < since


def _sections(told: Iterable[Change], since: date) -> tuple[DraftSection, ...]:
    together: dict[tuple[object, ...], list[Change]] = {}
    for change in told:
        key = (change.kind, change.species) if change.kind in GROUPED else change.key
        together.setdefault(key, []).append(change)
    items = [
        DraftItem(tuple(group), late=all(_is_late(one, since) for one in group))
        for group in together.values()
    ]
    found = []
    for section, kinds in SECTIONS.items():
        inside = [item for item in items if section_of(item.kind) == section]
        inside.sort(key=lambda item: kinds.index(item.kind) if section != "upcoming" else 0)
        if inside:
            found.append(DraftSection(section, tuple(inside)))
    return tuple(found)
