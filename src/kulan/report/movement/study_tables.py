"""The tables of a study's report: animal by animal, journey by journey, state by state."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from kulan.report.document import Block, Cell, Column, Row, Table
from kulan.report.movement.study_words import (
    label_of,
    limits_told,
    told_limits,
    told_number,
)
from kulan.report.reader import Reader
from kulan.words import N_

MIGRATION, STATES = "kulan.movement.migration", "kulan.movement.states"
# what `state_tables` tells
STATE_NUMBERS = ("states", "moves", "stationary")
_MOST_COLUMNS = 7
_WORD, _RESIDENT = "word", "range_resident"
_DAY_S = 86_400.0
_ENDS = ("low", "estimate", "high")
_STATE_COLUMNS = (
    ("share_of_time", N_("Share of time")),
    ("step_mean_m", N_("Mean step")),
    ("step_sd_m", N_("Spread of steps (standard deviation)")),
    ("turn_mean_rad", N_("Mean turn")),
    ("turn_concentration", N_("Concentration of turns")),
    ("turn_resultant_length", N_("Likeness of turns, 0 to 1")),
    ("chance_of_no_step", N_("Chance of no step")),
)
_Path = tuple[str, str]


def is_by_animal(name: Any, value: Any) -> bool:
    """Return whether numbers are those of single animals, which `animal_tables` tells."""
    many = isinstance(value, Mapping) and len(value) > 0
    return name == "animals" and many and all(isinstance(one, Mapping) for one in value.values())


def is_interval(value: Any) -> bool:
    """Return whether a value is an estimate with its limits."""
    return isinstance(value, Mapping) and set(_ENDS) <= set(value)


def told_estimate(name: Any, value: Any, reader: Reader) -> str | None:
    """Write a value, or the estimate of one that has limits; None for what is no single value."""
    if isinstance(value, Mapping):
        value = value["estimate"]
    return told_number(str(name), value, reader)


# --- animals --------------------------------------------------------------------------------------


def animal_tables(found: Mapping[str, Any], method: str, key: str, reader: Reader) -> list[Block]:
    """Tell numbers of single animals as a table, a row each.

    Parameters
    ----------
    found
        The numbers of an answer.
    method
        What found them.
    key
        Of their recipe.
    reader
        For whom.

    Returns
    -------
    list of Block
        Empty where there are none of single animals.
    """
    animals = found.get("animals")
    if not is_by_animal("animals", animals):
        return []
    assert isinstance(animals, Mapping)
    flat = {str(animal): _by_level(one) for animal, one in animals.items()}
    names: dict[_Path, bool] = {}
    for one in flat.values():
        for path, value in one.items():
            plain = not isinstance(value, (Mapping, list)) and value not in (None, "")
            if plain or is_interval(value):
                names.setdefault(path, is_interval(value))
    # why an animal has no range is among the cautions; whether it has one is enough here
    if (_RESIDENT, "") in names:
        names.pop((_WORD, ""), None)
    # what has limits stands first; words are long and stand last
    kept = sorted(names, key=lambda path: (not names[path], path[0] == _WORD))[:_MOST_COLUMNS]
    if not kept:
        return []
    rows = tuple(
        Row((Cell(animal), *(_valued(path[0], one.get(path), key, reader) for path in kept)))
        for animal, one in flat.items()
    )
    columns = (
        Column(reader.say("Animal")),
        *(
            Column(_heading(path, method, reader), numeric=not _is_of_text(path, flat))
            for path in kept
        ),
    )
    return [Table(reader.say("Animal by animal"), columns, rows)]


def _is_of_text(path: _Path, flat: Mapping[str, Mapping[_Path, Any]]) -> bool:
    return any(isinstance(one.get(path), str) for one in flat.values())


def _by_level(found: Mapping[str, Any]) -> dict[_Path, Any]:
    """Return an animal's numbers; those told for several shares of use, one for each share."""
    flat: dict[_Path, Any] = {}
    for name, value in found.items():
        if isinstance(value, Mapping) and value and all(map(is_share, value)):
            flat |= {(str(name), str(share)): one for share, one in value.items()}
        else:
            flat[str(name), ""] = value
    return flat


def is_share(name: object) -> bool:
    """Return whether a name is a share of use, such as "0.95"."""
    try:
        return 0 < float(str(name)) < 1
    except ValueError:
        return False


def _heading(path: _Path, method: str, reader: Reader) -> str:
    name, share = path
    if method.startswith(MIGRATION) and name == "distance_km":
        # net displacement counts from where the record begins; journeys do not
        return reader.say("distance from the first position")
    label = label_of(name, reader)
    return reader.pair(label, reader.words.percent(float(share), 0)) if share else label


def _valued(name: str, value: Any, key: str, reader: Reader) -> Cell:
    text = told_estimate(name, value, reader) or "–"
    note = told_limits(name, value, reader) if is_interval(value) else ""
    return Cell(text, note=note, sort=_sorted_by(value), recipe=key)


def _sorted_by(value: Any) -> float | None:
    number = value["estimate"] if isinstance(value, Mapping) else value
    known = isinstance(number, int | float) and math.isfinite(number)
    return float(number) if known else None


# --- journeys -------------------------------------------------------------------------------------


def journey_tables(found: Mapping[str, Any], key: str, reader: Reader) -> list[Block]:
    """Tell the journeys of animals as a table: when each began and ended, and how far it led.

    Parameters
    ----------
    found
        The numbers of an answer on migration.
    key
        Of their recipe.
    reader
        For whom.

    Returns
    -------
    list of Block
        Empty where no animal went on a journey.
    """
    say = reader.say
    rows = tuple(
        Row(
            (
                Cell(str(animal)),
                Cell(reader.words.number(number), sort=float(number)),
                _date_cell(journey["start"], key, reader),
                _date_cell(journey["end"], key, reader),
                _valued("duration_d", journey["duration_days"], key, reader),
                _valued("distance_km", journey["distance_km"], key, reader),
            )
        )
        for animal, one in (found.get("animals") or {}).items()
        for number, journey in enumerate(one.get("journeys") or (), start=1)
    )
    if not rows:
        return []
    columns = (
        Column(say("Animal")),
        Column(say("Journey"), numeric=True, share=0.6),
        Column(say("Start of the journey"), share=1.6),
        Column(say("End of the journey"), share=1.6),
        Column(say("Duration"), numeric=True),
        Column(say("Distance between the two ranges"), numeric=True),
    )
    return [Table(say("Journeys between ranges"), columns, rows)]


def _date_cell(date: Mapping[str, Any], key: str, reader: Reader) -> Cell:
    low, estimate, high = (_moment(date[end], reader) for end in _ENDS)
    if not estimate:
        return Cell(reader.say("cannot be said"), recipe=key)
    note = limits_told(low, high, float(date.get("level") or 0.95), reader)
    return Cell(estimate, note=note, recipe=key)


def _moment(text: str | None, reader: Reader) -> str:
    """Write a moment as its day; on an elapsed clock, days since the clock began."""
    if not text:
        return ""
    if text.lstrip("-").isdigit():
        return reader.say("day {day}", day=reader.words.number(float(text) / _DAY_S, 1))
    return reader.day(text[:10])


# --- states ---------------------------------------------------------------------------------------


def state_tables(found: Mapping[str, Any], key: str, reader: Reader) -> list[Block]:
    """Tell the states of movement: what each is like, and which follows which.

    Parameters
    ----------
    found
        The numbers of an answer on states.
    key
        Of their recipe.
    reader
        For whom.

    Returns
    -------
    list of Block
        Empty where no states were found.
    """
    states = found.get("states") or ()
    if not states:
        return []
    say = reader.say
    kept = [(name, title) for name, title in _STATE_COLUMNS if name in states[0]]
    in_the_long_run = found.get("stationary") or ()
    columns = [Column(say("State of movement"), share=0.8)]
    columns += [Column(say(title), numeric=True) for _, title in kept]
    rows = [
        [
            Cell(str(state["state"])),
            *(_state_cell(name, state[name], key, reader) for name, _ in kept),
        ]
        for state in states
    ]
    if len(in_the_long_run) == len(states):
        columns.append(Column(say("Share in the long run"), numeric=True))
        for row, share in zip(rows, in_the_long_run, strict=True):
            row.append(_share_cell(share, key, reader))
    table = Table(say("States of movement"), tuple(columns), tuple(Row(tuple(row)) for row in rows))
    return [table, *_moves_table(found.get("moves") or (), key, reader)]


def _moves_table(moves: Sequence[Sequence[float]], key: str, reader: Reader) -> list[Block]:
    if len(moves) < 2:
        return []
    say = reader.say
    columns = (
        Column(say("State of movement")),
        *(Column(say("then state {state}", state=k + 1), numeric=True) for k in range(len(moves))),
    )
    rows = tuple(
        Row((Cell(str(k + 1)), *(_share_cell(chance, key, reader) for chance in row)))
        for k, row in enumerate(moves)
    )
    return [Table(say("Chance that the next step is of a state"), columns, rows)]


def _state_cell(name: str, value: Any, key: str, reader: Reader) -> Cell:
    if name == "share_of_time":
        return _share_cell(value, key, reader)
    if name == "turn_mean_rad" and is_interval(value):
        ends = {end: _degrees(value[end]) for end in _ENDS}
        return _valued("turn_mean_deg", {**value, **ends}, key, reader)
    return _valued(name, value, key, reader)


def _degrees(angle_rad: float | None) -> float | None:
    return None if angle_rad is None else math.degrees(angle_rad)


def _share_cell(share: float, key: str, reader: Reader) -> Cell:
    return Cell(reader.share(float(share)), sort=float(share), recipe=key)
