"""Fixes and tracks as the commands of movement read them: from files of any kind, or a folder."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from kulan.assessment.movement.doubts import doubts_of
from kulan.errors import InvalidFileError, NotEnoughDataError, UnknownNameError
from kulan.exchange.telemetry import TelemetryAsked, TelemetryFile, read_fixes, read_mapping
from kulan.movement.cleaning import flag_certain
from kulan.movement.fixes import Fixes, Flag
from kulan.movement.models.location_errors import RangeError, range_errors, with_range_errors
from kulan.movement.planes import Plane
from kulan.movement.tracks import Track, tracks_of
from kulan.notes import Note, as_note
from kulan.provenance import Input
from kulan.words import N_

# what a folder that `kulan movement read` or `clean` wrote holds
FIXES_NAMES = ("fixes.parquet", "fixes.gpkg")


@dataclass(frozen=True)
class FixesAsked:
    """What a command says of the fixes it wants.

    Attributes
    ----------
    telemetry
        What the user vouches for: zone, system, columns.
    animals
        Whose fixes are wanted; () for all.
    plane
        Plane in which tracks are analysed; None for the fixes' own where that is in metres, else
        one centred on each animal.
    calibration
        Fixes of collars that stood still, in the same form, from which the location errors of
        tracks are learnt.
    """

    telemetry: TelemetryAsked = field(default_factory=TelemetryAsked)
    animals: tuple[str, ...] = ()
    plane: Plane | None = None
    calibration: Path | None = None

    @property
    def told(self) -> Mapping[str, Any]:
        """All of it, for recipes: what reads otherwise is told otherwise."""
        return {
            **vars(self.telemetry),
            "animals": sorted(set(self.animals)),
            "plane": None if self.plane is None else self.plane.crs,
            # the file itself is among the inputs, by its hash
            **({} if self.calibration is None else {"calibration": self.calibration.name}),
        }


@dataclass(frozen=True)
class FixesRead:
    """Fixes, and where they are from.

    Attributes
    ----------
    fixes
        All that were asked for, those beyond doubt wrong flagged.
    inputs
        Files by hash, for the recipe.
    readings
        What became of each file, for the account of losses.
    notes
        Sentences a careful reader must know.
    asked
        How they were read.
    """

    fixes: Fixes
    inputs: tuple[Input, ...]
    readings: tuple[TelemetryFile, ...]
    notes: tuple[str, ...]
    asked: FixesAsked = field(default_factory=FixesAsked)


@dataclass(frozen=True)
class TracksRead(FixesRead):
    """Tracks beside the fixes they are of.

    Attributes
    ----------
    tracks
        One for each animal that has a usable fix.
    location_errors
        By class of fixes, where they were learnt from collars that stood still.
    """

    tracks: tuple[Track, ...] = ()
    location_errors: Mapping[str, RangeError] = field(default_factory=dict)


def telemetry_asked(mapping: Path | None = None, **said: Any) -> TelemetryAsked:
    """Return what the user says of telemetry, with what a mapping file declares.

    Parameters
    ----------
    mapping
        Mapping file.
    said
        Fields of `TelemetryAsked`; those that are None say nothing.
    """
    asked = replace(TelemetryAsked(), **{key: one for key, one in said.items() if one is not None})
    return asked if mapping is None else read_mapping(mapping, asked)


def read_fixes_asked(paths: Sequence[Path], asked: FixesAsked | None = None) -> FixesRead:
    """Read fixes from files, or from folders that `read` or `clean` wrote.

    Parameters
    ----------
    paths
        Files and folders.
    asked
        What the command says of them.

    Raises
    ------
    InvalidFileError, InvalidTableError, UnknownCrsError
        As `kulan.exchange.telemetry.read_fixes` says.
    UnknownNameError
        If no fix is of an animal that is wanted.
    """
    asked = asked or FixesAsked()
    reading = read_fixes([_file_of(path) for path in paths], asked.telemetry)
    fixes = _of_animals(flag_certain(reading.fixes), asked.animals)
    inputs = tuple(Input(one.source.name, one.source.sha256) for one in reading.files)
    return FixesRead(fixes, inputs, reading.files, tuple(_notes(fixes, reading.files)), asked)


def read_tracks(paths: Sequence[Path], asked: FixesAsked | None = None) -> TracksRead:
    """Read the tracks of all animals that are wanted; animals without a usable fix are told.

    Parameters
    ----------
    paths
        Files and folders.
    asked
        What the command says of them.

    Raises
    ------
    NotEnoughDataError
        If no fix at all is usable.
    InvalidFileError, InvalidTableError, UnknownCrsError, UnknownNameError
        As `read_fixes_asked` says.
    """
    asked = asked or FixesAsked()
    read = read_fixes_asked(paths, asked)
    used = read.fixes.used
    if not used.any():
        raise NotEnoughDataError(
            f"{', '.join(one.name for one in read.inputs)}: every one of the {len(used)} fixes is "
            f"set aside ({reasons_told(read.fixes)}). See `kulan movement clean`."
        )
    read, errors = _calibrated(read, asked)
    tracks = [track for track in tracks_of(read.fixes, asked.plane) if len(track)]
    empty = sorted(set(read.fixes.animals) - {track.animal_id for track in tracks})
    notes = [*read.notes, *doubts_of(read.fixes)]
    if empty:
        notes.append(f"No usable fix: {', '.join(empty)}.")
    return TracksRead(
        read.fixes, read.inputs, read.readings, tuple(notes), asked, tuple(tracks), errors
    )


def _calibrated(read: FixesRead, asked: FixesAsked) -> tuple[FixesRead, dict[str, RangeError]]:
    """Return fixes with the errors that a calibration file tells of, and these."""
    if asked.calibration is None:
        return read, {}
    still = read_fixes_asked([asked.calibration], replace(asked, animals=(), calibration=None))
    errors = range_errors(still.fixes)
    told = "; ".join(
        f"{name} {one.error_m.estimate:.3g} m ({one.error_m.low:.3g} to {one.error_m.high:.3g}; "
        f"{one.fixes} fixes of {one.collars} collar(s))"
        for name, one in errors.items()
    )
    by = " at an HDOP of 1" if any(one.by_dilution for one in errors.values()) else ""
    note = f"Location errors along each axis{by}, from {asked.calibration.name}: {told}."
    return (
        replace(
            read,
            fixes=with_range_errors(read.fixes, errors),
            inputs=(*read.inputs, *still.inputs),
            notes=(*read.notes, note),
        ),
        errors,
    )


FLAG_WORDS = {
    Flag.NO_POSITION: N_("no position"),
    Flag.NO_TIME: N_("no time"),
    Flag.OUT_OF_RANGE: N_("out of range"),
    Flag.NULL_ISLAND: N_("null island"),
    Flag.DUPLICATE: N_("duplicate"),
    Flag.SAME_TIME: N_("same time"),
    Flag.SPEED: N_("speed"),
    Flag.SPIKE: N_("spike"),
    Flag.TWO_DIMENSIONAL: N_("two dimensional"),
    Flag.LOW_QUALITY: N_("low quality"),
    Flag.OUTSIDE_DEPLOYMENT: N_("outside deployment"),
    Flag.STATIONARY_TAIL: N_("stationary tail"),
    Flag.SOURCE: N_("source"),
    Flag.BY_HAND: N_("by hand"),
    Flag.STATIONARY_HEAD: N_("stationary head"),
}


def reasons_told(fixes: Fixes) -> str:
    """Return how many fixes are set aside for which reason, in words.

    Examples
    --------
    >>> import pandas as pd
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k", "time": [0.0, 0], "x": [1, 1], "y": 0})
    >>> reasons_told(flag_certain(make_fixes(table, crs="", clock="elapsed")))
    '1 duplicate'
    """
    return ", ".join(_reasons(fixes))


def _reasons(fixes: Fixes) -> list[Note]:
    flags = fixes.table["flags"].to_numpy()
    counts = {flag: int((flags & flag.value > 0).sum()) for flag in Flag if flag}
    return [
        Note(N_("{count} {reason}"), count=count, reason=Note(FLAG_WORDS[flag]))
        for flag, count in counts.items()
        if count
    ]


def _file_of(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = next((path / name for name in FIXES_NAMES if (path / name).is_file()), None)
    if found is None:
        raise InvalidFileError(
            f"{path}: a folder without {' or '.join(FIXES_NAMES)}. Give a file of fixes, or a "
            "folder that `kulan movement read` or `clean` wrote."
        )
    return found


def _of_animals(fixes: Fixes, animals: tuple[str, ...]) -> Fixes:
    unknown = [one for one in animals if one not in fixes.animals]
    if unknown:
        raise UnknownNameError(
            f"no fix is of {', '.join(unknown)}; there are fixes of "
            f"{', '.join(fixes.animals[:10])}."
        )
    if not animals:
        return fixes
    wanted = np.isin(fixes.table["animal_id"].to_numpy(dtype=object), animals)
    return replace(fixes, table=fixes.table[wanted].reset_index(drop=True))


def _notes(fixes: Fixes, files: Iterable[TelemetryFile]) -> list[str]:
    notes: list[str] = []
    for file in files:
        changes = file.changes.to_dict("records")
        notes += [_change_told(file.source.name, change) for change in changes]
    aside = int((~fixes.used).sum())
    if aside:
        text = N_("{aside} of {count} fixes are set aside and kept: {reasons}.")
        notes.append(Note(text, aside=aside, count=len(fixes.table), reasons=_reasons(fixes)))
    return notes


def _change_told(file: str, change: Mapping[Hashable, Any]) -> Note:
    """Say what was changed on reading a file, and how."""
    count = int(change["n_features"])
    texts = (N_("{file}: {what}: {detail}."), N_("{file}: {what} ({count} rows): {detail}."))
    what, detail = as_note(change["what"]), as_note(change["detail"])
    return Note(texts[count > 0], file=file, what=what, count=count, detail=detail)
