"""Editions of the programme of work and their sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from kulan.errors import UnknownNameError
from kulan.programme.actions.tables import ACTION_EDITIONS, ACTION_SECTIONS
from kulan.programme.actions.titles import title_in, titles_of
from kulan.programme.loading import load


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a plan.

    Attributes
    ----------
    edition_id
        Such as ``cami-2021``.
    plan
        Plan it is an edition of, such as ``cami``.
    first_year, last_year
        Years it covers.
    actions_known
        Whether the package lists its actions; of an older edition only title and years are known.
    titles
        Titles by language.
    """

    edition_id: str
    plan: str
    first_year: int
    last_year: int
    actions_known: bool
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title(self, language: str = "en") -> str:
        """Return the title in ``en``, ``ru`` or ``fr``."""
        return title_in(self.titles, language, self.edition_id)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an edition.

    Attributes
    ----------
    edition_id, section_id
        Edition, and number in it as printed.
    part
        ``I`` to ``IV``.
    species, landscapes, states
        What its heading names; empty for all.
    titles
        Kulan's own short titles by language.
    """

    edition_id: str
    section_id: str
    part: str
    species: tuple[str, ...] = ()
    landscapes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title(self, language: str = "en") -> str:
        """Return the title in ``en``, ``ru`` or ``fr``."""
        return title_in(self.titles, language, self.section_id)


def editions() -> tuple[Edition, ...]:
    """Return the editions the package knows, oldest first.

    Examples
    --------
    >>> [one.edition_id for one in editions()]
    ['cami-2014', 'cami-2021']
    """
    return tuple(_editions().values())


def edition(edition_id: str) -> Edition:
    """Return an edition.

    Raises
    ------
    UnknownNameError
        If the package has no such edition.

    Examples
    --------
    >>> edition("cami-2021").last_year
    2026
    """
    known = _editions()
    if edition_id not in known:
        raise UnknownNameError(
            f"The package has no edition {edition_id!r}; it has {', '.join(known)}."
        )
    return known[edition_id]


def sections(edition_id: str = "cami-2021") -> tuple[Section, ...]:
    """Return the sections of an edition in order; none where its text was not at hand.

    Raises
    ------
    UnknownNameError
        If the package has no such edition.

    Examples
    --------
    >>> len(sections("cami-2021"))
    32
    """
    edition(edition_id)
    return tuple(one for one in _sections() if one.edition_id == edition_id)


def section(section_id: str, edition_id: str = "cami-2021") -> Section:
    """Return a section of an edition.

    Raises
    ------
    UnknownNameError
        If there is no such edition or section.

    Examples
    --------
    >>> section("21").species
    ('saiga',)
    """
    known = {one.section_id: one for one in sections(edition_id)}
    if section_id not in known:
        raise UnknownNameError(
            f"Edition {edition_id} has no section {section_id!r}; "
            + (f"it has {', '.join(known)}." if known else "its sections are not known.")
        )
    return known[section_id]


@cache
def _editions() -> dict[str, Edition]:
    return {
        row["edition_id"]: Edition(
            edition_id=row["edition_id"],
            plan=row["plan"],
            first_year=int(row["first_year"]),
            last_year=int(row["last_year"]),
            actions_known=bool(row["actions_known"]),
            titles=titles_of(row),
        )
        for row in load(ACTION_EDITIONS).to_dict("records")
    }


@cache
def _sections() -> tuple[Section, ...]:
    return tuple(
        Section(
            edition_id=row["edition_id"],
            section_id=row["section_id"],
            part=row["part"],
            species=row["species"],
            landscapes=row["landscapes"],
            states=row["states"],
            titles=titles_of(row),
        )
        for row in load(ACTION_SECTIONS).to_dict("records")
    )
