"""What gaps are made from: ground, looks at it, decisions about it."""

import math
import re
from dataclasses import dataclass
from datetime import date

from kulan.errors import InvalidTableError

SEASONS = ("spring", "summer", "autumn", "winter")
"""Seasons of fieldwork that a gap can lie in."""
_CELL = re.compile(r"([NS])(\d{2})([EW])(\d{3})")


@dataclass(frozen=True, slots=True)
class Ground:
    """Potential habitat of a species in a cell of one degree, in one state.

    Attributes
    ----------
    species_id
        The species.
    cell
        Name of the cell, of its south-west corner: ``N49E066``.
    iso3
        The state; a cell on a border is told of once for each.
    habitat_km2
        Potential habitat in it, km².
    """

    species_id: str
    cell: str
    iso3: str
    habitat_km2: float


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody looked for a species, where, in which season of which year, and how.

    Attributes
    ----------
    species_id, year, method
        What, when, and the method's code (`kulan.programme.count_methods`).
    season
        One of `SEASONS`, ``several`` for all of them, ``unknown`` for none of them.
    cells
        Cells that were looked at; empty where only the state is known.
    iso3
        The state.
    reference
        Where it is written.
    """

    species_id: str
    year: int
    season: str
    method: str
    iso3: str
    cells: frozenset[str] = frozenset()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that is pending, and that knowledge of a place would serve.

    Attributes
    ----------
    reference
        Its short name, unique: ``barrier:B12``.
    title
        As people call it.
    kind
        ``barrier`` for a planned or unfinished line, ``report`` for a report that is due.
    species
        Species it is about; empty for any.
    states
        States it is about; empty for any.
    cells
        Cells it touches; empty for all of its states.
    due
        Day by which it falls, or the first it may fall on; None where it is not known.
    due_said
        The day as its source says it, ``2027`` or ``2027-05-01``.
    """

    reference: str
    title: str
    kind: str
    species: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    cells: frozenset[str] = frozenset()
    due: date | None = None
    due_said: str = ""

    def touches(self, ground: Ground) -> bool:
        """Whether it is about a species on a ground."""
        return (
            (not self.species or ground.species_id in self.species)
            and (not self.states or ground.iso3 in self.states)
            and (not self.cells or ground.cell in self.cells)
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """A species on a ground in a season, with what is known and what waits.

    Attributes
    ----------
    ground, season
        Where and when nobody has looked lately.
    last_year
        Year of the last look at this cell in this season; None if there is none on record.
    methods
        Methods by which anybody ever looked at the cell, in any season.
    state_year
        Year of the last look somewhere in the state in this season, at places not on record.
    decisions
        What waits: what is about the very place first, the soonest first.
    """

    ground: Ground
    season: str
    last_year: int | None
    methods: tuple[str, ...]
    state_year: int | None
    decisions: tuple[Decision, ...]


def cell_of(longitude: float, latitude: float) -> str:
    """Return the name of the cell of one degree that holds a point.

    Parameters
    ----------
    longitude, latitude
        Degrees, WGS 84. West and south edges belong to a cell.

    Examples
    --------
    >>> cell_of(66.9, 49.6), cell_of(-0.5, -0.5)
    ('N49E066', 'S01W001')
    """
    west, south = math.floor(longitude), math.floor(latitude)
    return f"{'S' if south < 0 else 'N'}{abs(south):02d}{'W' if west < 0 else 'E'}{abs(west):03d}"


def cell_box(cell: str) -> tuple[int, int, int, int]:
    """Return west, south, east and north of a cell, degrees.

    Raises
    ------
    InvalidTableError
        If the name is of another form.

    Examples
    --------
    >>> cell_box("N49E066")
    (66, 49, 67, 50)
    """
    found = _CELL.fullmatch(cell)
    if found is None:
        raise InvalidTableError(
            f"{cell!r} is no name of a cell; write its south-west corner, as N49E066."
        )
    north, degrees_north, east, degrees_east = found.groups()
    south = int(degrees_north) * (1 if north == "N" else -1)
    west = int(degrees_east) * (1 if east == "E" else -1)
    return west, south, west + 1, south + 1
