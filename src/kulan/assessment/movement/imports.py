"""Telemetry as it came in: fixes in one form, with what each file held and what became of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from kulan.assessment.movement.doubts import doubts_of
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.reading import FixesAsked, FixesRead, read_fixes_asked, reasons_told
from kulan.movement.fixes import Fixes


def import_fixes(paths: Sequence[Path], asked: FixesAsked | None = None) -> MovementAnswer:
    """Read telemetry of any kind into one form; nothing is dropped.

    Parameters
    ----------
    paths
        Files and folders.
    asked
        What the user vouches for.

    Raises
    ------
    InvalidFileError, InvalidTableError, UnknownCrsError, UnknownNameError
        As `kulan.assessment.movement.reading.read_fixes_asked` says.
    """
    return answer_of_import(read_fixes_asked(paths, asked))


def answer_of_import(read: FixesRead) -> MovementAnswer:
    """Make an answer of fixes that were read.

    Parameters
    ----------
    read
        The fixes, and where they are from.
    """
    fixes = read.fixes
    numbers = {
        "fixes": len(fixes.table),
        "fixes_used": int(fixes.used.sum()),
        "animals": len(fixes.animals),
        "crs": fixes.crs or "local metres",
        "clock": fixes.clock,
        "set_aside": reasons_told(fixes),
    }
    return MovementAnswer(
        "kulan.exchange.telemetry.read_fixes",
        {},
        read.inputs,
        numbers,
        fixes=fixes,
        tables={"animals": animals_told(fixes)},
        readings=read.readings,
        reading=read.asked.told,
        notes=(*read.notes, *doubts_of(fixes)),
    )


def animals_told(fixes: Fixes) -> pd.DataFrame:
    """Return a row for each animal: fixes, those used, first and last time, usual interval.

    Examples
    --------
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k", "time": [0.0, 60], "x": [1, 2], "y": 0})
    >>> animals_told(make_fixes(table, crs="", clock="elapsed"))["median_interval_s"].tolist()
    [60.0]
    """
    codes, animals = pd.factorize(fixes.table["animal_id"])
    used = fixes.used
    times = fixes.table["time"]
    seconds = times if fixes.clock == "elapsed" else times.astype("int64") / 1e6
    values, rows = seconds.to_numpy(dtype=float), []
    edges = np.searchsorted(codes, np.arange(len(animals) + 1))
    for k, animal in enumerate(animals):
        part = slice(edges[k], edges[k + 1])
        own = used[part]
        between = np.diff(values[part][own])
        there = times.iloc[part][own]
        rows.append(
            {
                "animal_id": str(animal),
                "fixes": len(own),
                "used": int(own.sum()),
                "first": _shown(there.min() if len(there) else None),
                "last": _shown(there.max() if len(there) else None),
                "median_interval_s": float(np.median(between)) if len(between) else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def _shown(moment: object) -> object:
    return moment.isoformat() if isinstance(moment, pd.Timestamp) else moment
