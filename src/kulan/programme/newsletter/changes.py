"""What can change from one issue to the next, and in which section it is told."""

from dataclasses import dataclass
from datetime import date

from kulan.errors import UnknownNameError
from kulan.programme import evidence
from kulan.programme.reporting import UNTOLD, Told
from kulan.words import N_

UPCOMING = ("report_due", "call_closing", "species_day", "meeting_ahead")
"""Kinds of what lies ahead: told before their day, not after it."""

KIND_NAMES: dict[str, str] = {
    **evidence.KIND_NAMES,
    "population_record": N_("Population record approved"),
    "species_text": N_("Text about a species approved"),
    "report_due": N_("Reports due"),
    "call_closing": N_("Call for proposals closes"),
    "species_day": N_("Day of a species"),
    "meeting_ahead": N_("Meeting planned"),
}
"""What a change is, in words: what can count as evidence, and what only a newsletter tells."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "map": ("layer",),
    "populations": ("population_record", "survey", "monitoring", "species_record"),
    "texts": ("species_text",),
    "agreements": ("agreement", "law", "plan", "protocol"),
    "reports": ("report",),
    "meetings": ("meeting", "working_group", "training"),
    "money": ("commitment", "disbursement", "equipment"),
    "publications": ("publication",),
    "upcoming": UPCOMING,
}
"""Sections of an issue, in their order, with the kinds that each tells of."""

SECTION_NAMES: dict[str, str] = {
    "map": N_("New on the map"),
    "populations": N_("Counts and surveys"),
    "texts": N_("What is known of the species"),
    "agreements": N_("Agreements, laws and plans"),
    "reports": N_("Reports"),
    "meetings": N_("Meetings and trainings"),
    "money": N_("Money and equipment"),
    "publications": N_("Publications"),
    "upcoming": N_("Coming up"),
}
"""Headings of the sections, English; translated where they are told."""

GROUPED = ("population_record", "species_text")
"""Kinds of which there are many at once: those of one species are told as one item."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened, or will.

    Attributes
    ----------
    kind
        One of `KIND_NAMES`.
    title
        What it is about.
    day
        When it came about, or became public if that was later; for what lies ahead, its day.
    link
        Where it can be read. The same kind and link is the same change.
    species, states
        Short names and ISO 3166-1 alpha-3 codes of what it is about; none for the whole programme.
    detail
        A sentence or two from the thing itself.
    thing
        What stays the same from version to version (``layer:roads``): of several versions in one
        period the last is told. Empty where nothing can replace it.
    added
        When it became known here, where that may be later than its day; None: on its day.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    """

    kind: str
    title: Told
    day: date
    link: str = ""
    species: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    detail: Told = UNTOLD
    thing: str = ""
    added: date | None = None

    def __post_init__(self) -> None:
        """Refuse a kind that is not on the list."""
        if self.kind not in KIND_NAMES:
            raise UnknownNameError(
                f"No kind of change {self.kind!r}; Kulan knows {', '.join(KIND_NAMES)}."
            )

    @property
    def told_on(self) -> date:
        """The day on which it is news: its own, or the later one on which it became known here.

        Examples
        --------
        >>> held, entered = date(2026, 1, 9), date(2026, 4, 2)
        >>> Change("meeting", Told("Ulaanbaatar"), held, added=entered).told_on
        datetime.date(2026, 4, 2)
        """
        if self.added is None or self.kind in UPCOMING:
            return self.day
        return max(self.day, self.added)

    @property
    def key(self) -> tuple[str, ...]:
        """By what it is told apart from others."""
        if self.link:
            return (self.kind, self.link)
        return (self.kind, self.title.tell(), self.day.isoformat())


def section_of(kind: str) -> str:
    """Return the section that tells of a kind of change.

    Raises
    ------
    UnknownNameError
        If there is no such kind.

    Examples
    --------
    >>> section_of("layer"), section_of("report_due")
    ('map', 'upcoming')
    """
    for section, kinds in SECTIONS.items():
        if kind in kinds:
            return section
    raise UnknownNameError(f"No kind of change {kind!r}; Kulan knows {', '.join(KIND_NAMES)}.")
