"""Tables of what barriers let through: by species, season, day and night, barrier and segment."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kulan import programme
from kulan.movement.barriers.permeability import (
    connectivity_table,
    permeability_by,
    permeability_by_segment,
)
from kulan.movement.barriers.segments import BarrierSegments
from kulan.notes import Note
from kulan.words import N_

_TIMES = ("season", "daylight")


def permeability_by_place(
    met: pd.DataFrame, segments: BarrierSegments, *, level: float = 0.95, paths: int = 100
) -> pd.DataFrame:
    """Estimate what barriers and their segments let through, for each species and time.

    Species never learn of each other, nor do seasons, nor day and night; segments do.

    Parameters
    ----------
    met
        Encounters of all animals with `species`, `outcome`, `at_segment` and, where they are
        known, `season`, `daylight` and `expected`.
    segments
        The barriers.
    level
        Of the intervals, 0 to 1.
    paths
        As in `kulan.movement.barriers.permeability.permeability_by`.

    Returns
    -------
    DataFrame
        One row for each species, or for all animals where none has a species; within it for the
        whole year, for each season and for day, twilight and night; within those for each barrier
        (`segment_id` None) and, where barriers are cut, each segment. Columns `species`,
        `season`, `daylight` (empty for all) and those of `permeability_by`.
    """
    which = np.array(segments.barrier_id)[met["at_segment"].to_numpy(np.int64)]
    named = met.assign(barrier_id=which)
    parts = []
    for species, own in named.groupby("species", sort=True):
        for time, some in _times_of(own):
            whole = permeability_by(some, ["barrier_id"], level=level, paths=paths)
            parts.append(whole.assign(segment_id=None, species=species, **time))
            at = permeability_by_segment(some, segments, level=level, paths=paths)
            # segments that are whole barriers are the rows above
            if len(at) and (at["segment_id"] != "all").any():
                parts.append(at.drop(columns="segment").assign(species=species, **time))
    made = pd.concat(parts, ignore_index=True)
    first = ["species", "season", "daylight", "barrier_id", "segment_id"]
    return made[first + [name for name in made if name not in first]]


def for_connectivity(by_place: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return rows for `kulan connectivity --permeabilities`: species, seasons, barriers, segments.

    That table knows neither day nor night. Species have the short names that Kulan uses, where it
    knows them. Among animals with a species, those without one are in no row: an empty cell would
    speak for all species.

    Parameters
    ----------
    by_place
        See `permeability_by_place`.
    what
        How the figures were made, in words for the source.
    """
    rows = by_place[by_place["daylight"] == ""]
    if (rows["species"] != "").any():
        rows = rows[rows["species"] != ""]
    parts = [
        connectivity_table(
            part.reset_index(drop=True),
            species_id=species_id_of(str(species)),
            season=str(season),
            source=_sources(part, what),
        )
        for (season, species), part in rows.groupby(["season", "species"], sort=True)
    ]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def species_id_of(name: str) -> str:
    """Return the short name that Kulan has for a species, by its scientific name; or the name.

    Parameters
    ----------
    name
        As the file of fixes has it.

    Examples
    --------
    >>> species_id_of("Equus hemionus"), species_id_of("Antilocapra americana")
    ('khulan', 'Antilocapra americana')
    """
    names = programme.species_names()
    latin = names[names["language"] == "la"]
    own = latin.loc[latin["name"].str.casefold() == name.strip().casefold(), "species_id"].unique()
    return str(own[0]) if len(own) == 1 else name


def species_told(met: pd.DataFrame) -> list[Note]:
    """Say for which species connectivity finds rows, and of which animals it finds none.

    Parameters
    ----------
    met
        Encounters of all animals with `species` and `animal_id`.

    Examples
    --------
    >>> species_told(pd.DataFrame({"animal_id": ["a"], "species": ["Equus hemionus"]}))[0]
    'The rows of barrier_permeabilities.csv are of khulan: ask connectivity with --species khulan.'
    """
    names = sorted({species_id_of(str(name)) for name in met["species"] if name})
    if not names:
        return []
    if len(names) == 1:
        text = N_(
            "The rows of barrier_permeabilities.csv are of {species}: ask connectivity with "
            "--species {option}."
        )
        option = names[0] if " " not in names[0] else repr(names[0])
        told = [Note(text, species=names[0], option=option)]
    else:
        text = N_(
            "The rows of barrier_permeabilities.csv are of {species}, each for itself: ask "
            "connectivity with --species and one of them."
        )
        told = [Note(text, species=names)]
    without = sorted(met.loc[met["species"] == "", "animal_id"].unique())
    if without:
        text = N_(
            "Of {count} animals no species is known, the first being {animal}: they are in no row "
            "of barrier_permeabilities.csv."
        )
        told.append(Note(text, count=len(without), animal=str(without[0])))
    return told


def _times_of(met: pd.DataFrame) -> list[tuple[dict[str, str], pd.DataFrame]]:
    """Return the encounters of all times, of each season, and of day, twilight and night."""
    found = [({"season": "", "daylight": ""}, met)]
    for name in _TIMES:
        if name in met:
            found += [
                ({"season": "", "daylight": "", name: str(value)}, part)
                for value, part in met.groupby(name, sort=True)
                if value
            ]
    return found


def _sources(rows: pd.DataFrame, what: str) -> Sequence[str]:
    """Return, for each row, the animals and encounters that its own number rests on."""
    which = "weighed_" if "weighed_animals" in rows else ""
    return [
        f"Tracks of {animals} animals, {events} encounters of known outcome {what}."
        for animals, events in zip(rows[f"{which}animals"], rows[f"{which}encounters"], strict=True)
    ]
