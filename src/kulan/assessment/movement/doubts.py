"""What a careful reader must know of fixes before all else: too short, or a collar lay still."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.movement.cleaning import Screening
from kulan.movement.cleaning.stillness import still_ends
from kulan.movement.fixes import Fixes
from kulan.notes import Note
from kulan.words import N_

Floats = NDArray[np.float64]

_DAY_S = 86_400.0
_METRES_PER_DEGREE = 111_195.0
_USUAL = Screening()


def doubts_of(fixes: Fixes) -> list[str]:
    """Return sentences on animals of one usable fix, of a day or less, or whose collar lay still.

    Nothing is set aside: that is for `kulan movement clean`, or whoever knows better.

    Parameters
    ----------
    fixes
        Flagged fixes; those without a flag are looked at.

    Examples
    --------
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k1", "time": [0.0, 60], "x": [0.0, 5], "y": 0.0})
    >>> doubts_of(make_fixes(table, crs="", clock="elapsed"))[0].partition(".")[0]
    'Followed for a day or less: k1'
    """
    seen: dict[str, list[str]] = {"one": [], "short": [], "never": [], "ends": []}
    rows = np.flatnonzero(fixes.used)
    codes, names = pd.factorize(fixes.table["animal_id"].to_numpy(dtype=object)[rows])
    edges = np.searchsorted(codes, np.arange(len(names) + 1))
    for k, name in enumerate(names):
        _look(fixes, rows[edges[k] : edges[k + 1]], str(name), seen)
    radius, days = _USUAL.still_radius_m, _USUAL.still_days
    words = {
        "one": N_("One usable fix, so no step and no path: {names}."),
        "short": N_(
            "Followed for a day or less: {names}. What that tells holds for the day, and for no "
            "season and no range."
        ),
        "never": N_(
            "Never further than {radius} m from one place: {names}. A collar on no animal, or a "
            "dead one? `kulan movement clean` sets its fixes aside."
        ),
        "ends": N_(
            "Still for {days} days or more at an end of the record, within {radius} m: {names}. A "
            "collar that fell, or lay in a drawer? `kulan movement clean` sets such fixes aside."
        ),
    }
    return [
        Note(words[kind], names=who, radius=radius, days=days) for kind, who in seen.items() if who
    ]


def _look(fixes: Fixes, rows: NDArray[np.int64], name: str, seen: dict[str, list[str]]) -> None:
    """Put an animal where it belongs."""
    if len(rows) == 1:
        seen["one"].append(name)
        return
    part = fixes.table.iloc[rows]
    times = part["time"]
    time_s = times.to_numpy(float) if fixes.clock == "elapsed" else times.astype("int64") / 1e6
    time_s = np.asarray(time_s, dtype=float)
    if time_s[-1] - time_s[0] <= _DAY_S:
        seen["short"].append(name)
    if not (np.diff(time_s) > 0).all():
        return
    x_m, y_m = _about_the_last(part["x"].to_numpy(float), part["y"].to_numpy(float), fixes)
    assert _USUAL.still_days is not None
    head, tail = still_ends(time_s, x_m, y_m, _USUAL.still_radius_m, _USUAL.still_days * _DAY_S)
    if tail.all():
        seen["never"].append(name)
    elif head.any() or tail.any():
        seen["ends"].append(f"{name} ({int(head.sum() + tail.sum())} fixes)")


def _about_the_last(x: Floats, y: Floats, fixes: Fixes) -> tuple[Floats, Floats]:
    """Return metres good to a part in a hundred within some kilometres: stillness asks no more."""
    if not fixes.is_geographic:
        return x, y
    east = (x - x[-1] + 180.0) % 360.0 - 180.0
    return east * _METRES_PER_DEGREE * np.cos(np.deg2rad(y)), y * _METRES_PER_DEGREE
