"""Tracks: one animal's usable fixes in order of time, in a plane of metres."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGeometryError, UnknownNameError
from kulan.movement.fixes import Clock, Fixes
from kulan.movement.planes import LOCAL, Plane, plane_around
from kulan.places import WGS84

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Track:
    """One animal's path as analyses read it.

    Attributes
    ----------
    animal_id
        Whose it is.
    time_s
        Seconds since 1970-01-01 UTC, or since an unknown origin on the elapsed clock; strictly
        increasing, shape (n,).
    x_m, y_m
        Positions in `plane`, m, shape (n,).
    plane
        Where x and y lie.
    clock
        "utc" or "elapsed".
    error_m2
        Covariance of each location's error in the plane, m², shape (n, 2, 2): of its ellipse where
        all three parts of one are known, else of its circle, else NaN. None where no fix has
        either, and then no error is assumed.
    rows
        Row of each fix in the table it came from, shape (n,).
    """

    animal_id: str
    time_s: Floats
    x_m: Floats
    y_m: Floats
    plane: Plane = LOCAL
    clock: Clock = "utc"
    error_m2: Floats | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        shapes = {self.time_s.shape, self.x_m.shape, self.y_m.shape}
        if len(shapes) != 1 or self.time_s.ndim != 1:
            raise InvalidGeometryError(
                f"track of {self.animal_id}: times and coordinates have shapes {shapes}; they need "
                "one each per fix."
            )
        check_times(self.animal_id, self.time_s)

    def __len__(self) -> int:
        """Return the number of fixes."""
        return len(self.time_s)

    @property
    def positions_m(self) -> Floats:
        """Positions, shape (n, 2)."""
        return np.column_stack([self.x_m, self.y_m])

    @property
    def span_s(self) -> float:
        """Time from the first fix to the last, s."""
        return float(self.time_s[-1] - self.time_s[0]) if len(self) else 0.0


def check_times(animal_id: str, time_s: Floats) -> None:
    """Refuse times of an animal's fixes that stand still or go back.

    Raises
    ------
    InvalidGeometryError
        If they do.
    """
    if not (time_s[1:] > time_s[:-1]).all():
        raise InvalidGeometryError(
            f"track of {animal_id}: time stands still or goes back. Flag duplicates and fixes of "
            "the same time first (`kulan movement clean`)."
        )


def usable_rows(fixes: Fixes, animal_id: str) -> NDArray[np.int64]:
    """Return the rows of an animal's fixes without a flag, in order of time.

    Parameters
    ----------
    fixes
        Flagged fixes.
    animal_id
        Whose.

    Raises
    ------
    UnknownNameError
        If no fix is of this animal.
    """
    of_animal = (fixes.table["animal_id"] == animal_id).to_numpy(dtype=bool)
    if not of_animal.any():
        known = ", ".join(fixes.animals[:10])
        raise UnknownNameError(f"no fix is of '{animal_id}'; there are fixes of {known}.")
    return np.flatnonzero(of_animal & fixes.used)


def seconds_at(fixes: Fixes, rows: NDArray[np.int64]) -> Floats:
    """Return when the fixes of these rows were, s since 1970-01-01 UTC or the clock's origin."""
    times = fixes.table["time"]
    if fixes.clock == "elapsed":
        return times.to_numpy(dtype=float)[rows]
    seconds: Floats = times.astype("int64").to_numpy()[rows] / 1e6
    return seconds


def track_of(fixes: Fixes, animal_id: str, plane: Plane | None = None) -> Track:
    """Return the track of one animal: its fixes without a flag, in a plane of metres.

    Parameters
    ----------
    fixes
        Flagged fixes.
    animal_id
        Whose track.
    plane
        Plane to work in; None for the fixes' own where that is in metres, and otherwise one
        centred on this animal's fixes.

    Returns
    -------
    Track
        May be empty.

    Raises
    ------
    UnknownNameError
        If no fix is of this animal.
    InvalidGeometryError
        If two unflagged fixes share their time.

    Examples
    --------
    >>> import pandas as pd
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k1", "time": [0.0, 60.0], "x": [0, 10], "y": [0, 5]})
    >>> track_of(make_fixes(table, crs="", clock="elapsed"), "k1").x_m
    array([ 0., 10.])
    """
    rows = usable_rows(fixes, animal_id)
    x, y = (fixes.table[name].to_numpy()[rows] for name in "xy")
    plane = _plane_for(fixes, x, y) if plane is None else plane
    x_m, y_m = _placed(fixes, x, y, plane)
    return Track(
        animal_id,
        seconds_at(fixes, rows),
        x_m,
        y_m,
        plane,
        fixes.clock,
        _errors_m2(fixes, rows),
        rows,
    )


def tracks_of(fixes: Fixes, plane: Plane | None = None) -> Iterator[Track]:
    """Yield the track of each animal in turn, see `track_of`."""
    for animal_id in fixes.animals:
        yield track_of(fixes, animal_id, plane)


def _plane_for(fixes: Fixes, x: Floats, y: Floats) -> Plane:
    if not fixes.is_geographic:
        return Plane(fixes.crs)
    return plane_around(x, y) if len(x) else plane_around([0.0], [0.0])


def _placed(fixes: Fixes, x: Floats, y: Floats, plane: Plane) -> tuple[Floats, Floats]:
    if plane.crs == fixes.crs:
        return x.astype(float), y.astype(float)
    if fixes.crs not in (WGS84, ""):
        x, y = Plane(fixes.crs).inverse(x, y)
    return plane.forward(x, y)


def _errors_m2(fixes: Fixes, rows: NDArray[np.int64]) -> Floats | None:
    names = ("error_major_m", "error_minor_m", "error_angle_deg", "error_m")
    if not any(name in fixes.table for name in names):
        return None
    table = fixes.table.iloc[rows]
    major, minor, angle, radius = (
        table[name].to_numpy(float) if name in table else np.full(len(table), np.nan)
        for name in names
    )
    ellipses = _ellipses_m2(major, minor, angle)
    circles = radius[:, None, None] ** 2 * np.eye(2)
    whole = np.isfinite(major) & np.isfinite(minor) & np.isfinite(angle)
    errors: Floats = np.where(whole[:, None, None], ellipses, circles)
    return errors if (whole | np.isfinite(radius)).any() else None


def _ellipses_m2(major_m: Floats, minor_m: Floats, clockwise_deg: Floats) -> Floats:
    """Return the covariance of each ellipse; north is taken as the plane's y."""
    angle = np.deg2rad(90.0 - clockwise_deg)
    along = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)
    ellipses: Floats = (
        major_m[:, None, None] ** 2 * along[:, :, None] * along[:, None, :]
        + minor_m[:, None, None] ** 2 * across[:, :, None] * across[:, None, :]
    )
    return ellipses
