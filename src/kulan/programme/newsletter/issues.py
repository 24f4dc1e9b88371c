"""An issue as a person has edited it: what was chosen, in words that may be the person's own."""

from dataclasses import dataclass
from datetime import date

from kulan.programme.newsletter.changes import SECTIONS, section_of
from kulan.programme.reporting import UNTOLD, Told


@dataclass(frozen=True, slots=True)
class IssueItem:
    """An item of an issue.

    Attributes
    ----------
    kind, link, day, species, states
        As in `Change`.
    title, text
        As edited; an empty text tells no more than the title.
    count
        How many changes it tells of.
    chosen
        Whether it is in the issue; what a person left out stays out.
    late
        Whether it happened before the period of the issue and was entered within it.
    """

    kind: str
    title: Told
    day: date
    text: Told = UNTOLD
    link: str = ""
    species: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    count: int = 1
    chosen: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of the newsletter, or of the bulletin of a species.

    Attributes
    ----------
    number
        Issues are numbered from 1, newsletters and bulletins together.
    since, until
        First day of the period, and first day after it.
    title, introduction
        As written; without a title the issue is called by its number.
    items
        All items, in their order, those left out among them.
    species
        The species of a bulletin; empty for the newsletter.
    """

    number: int
    since: date
    until: date
    title: Told = UNTOLD
    introduction: Told = UNTOLD
    items: tuple[IssueItem, ...] = ()
    species: str = ""


def items_of(issue: Issue) -> tuple[tuple[str, tuple[IssueItem, ...]], ...]:
    """Return the sections of an issue that have items, with those that were chosen.

    Examples
    --------
    >>> day = date(2026, 5, 3)
    >>> kept = IssueItem("layer", Told("Roads"), day)
    >>> out = IssueItem("report", Told("Mongolia"), day, chosen=False)
    >>> [section for section, _ in items_of(Issue(1, day, day, items=(out, kept)))]
    ['map']
    """
    found = []
    for section in SECTIONS:
        inside = tuple(
            item for item in issue.items if item.chosen and section_of(item.kind) == section
        )
        if inside:
            found.append((section, inside))
    return tuple(found)
