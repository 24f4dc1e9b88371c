"""Steps between fixes: how long, how far, which way, how much turned, how far from the first."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import UnknownCrsError
from kulan.movement.fixes import Fixes
from kulan.movement.kernels import kernel
from kulan.movement.paths.geodesics import geodesics, path_geodesics, wrapped
from kulan.movement.tracks import Track, check_times, seconds_at, track_of, usable_rows
from kulan.places import WGS84

Floats = NDArray[np.float64]
Along = Literal["ellipsoid", "plane"]


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps of a track: step i leads from fix i to fix i + 1, so that a track of n has n - 1.

    Attributes
    ----------
    start_s
        Time at which each step begins, s.
    duration_s
        How long it takes, s.
    dx_m, dy_m
        What it adds to x and y in the track's plane, m; of steps that were made without a plane
        (`steps_of`), how far it leads east and north at its beginning.
    length_m
        How far it leads, m.
    heading_rad
        Where it leads, radians anticlockwise from the plane's x axis, -pi to pi; NaN for a step
        that leads nowhere.
    turn_rad
        Change of heading from the step before, -pi to pi, left above zero; NaN for the first step
        and beside steps that lead nowhere.
    along
        Whether lengths are measured along the ellipsoid or in the plane.
    """

    start_s: Floats
    duration_s: Floats
    dx_m: Floats
    dy_m: Floats
    length_m: Floats
    heading_rad: Floats
    turn_rad: Floats
    along: Along

    def __len__(self) -> int:
        """Return the number of steps."""
        return len(self.length_m)

    @property
    def speed_m_per_s(self) -> Floats:
        """Length over duration: the least speed at which a step can be made."""
        speed: Floats = self.length_m / self.duration_s
        return speed


def steps(
    track: Track, along: Along | None = None, burst: NDArray[np.int64] | None = None
) -> Steps:
    """Join consecutive fixes into steps; gaps are not filled, a step over a gap is one long step.

    Parameters
    ----------
    track
        An animal's path.
    along
        "ellipsoid": lengths are those of geodesics on WGS 84 (Karney 2013) and headings their
        azimuths; "plane": both are those of the track's plane, as adehabitatLT computes them. None
        for the ellipsoid where the track has a place on Earth, and else the plane.
    burst
        To which burst each fix belongs (`kulan.movement.paths.bursts`); a step from one burst to
        another is then not measured, nor the turn after it: both are NaN. None for one burst.

    Returns
    -------
    Steps
        None for a track of one fix.

    Raises
    ------
    UnknownCrsError
        If lengths along the ellipsoid are wanted of local metres.

    References
    ----------
    Calenge, C., Dray, S. and Royer-Carenzi, M. (2009). The concept of animals' trajectories from a
    data analysis perspective. Ecological Informatics 4, 34-41.

    Examples
    --------
    >>> track = Track("k", np.array([0.0, 60, 120]), np.array([0.0, 3, 3]), np.array([0.0, 4, 5]))
    >>> made = steps(track)
    >>> made.length_m, made.turn_rad.round(3)
    (array([5., 1.]), array([  nan, 0.644]))
    """
    along = _settled(track, along)
    dx, dy = np.diff(track.x_m), np.diff(track.y_m)
    duration = np.diff(track.time_s)
    if along == "plane":
        length, heading, turn = _in_plane(track.x_m, track.y_m)
    else:
        length, heading, turn = _on_earth(*track.plane.inverse(track.x_m, track.y_m))[:3]
    if burst is not None:
        broken = np.diff(burst) != 0
        for values in (dx, dy, length, heading, turn):
            values[broken] = np.nan
        turn[1:][broken[:-1]] = np.nan
    return Steps(
        track.time_s[:-1].copy(),
        duration,
        dx,
        dy,
        length,
        heading,
        turn,
        along,
    )


def steps_of(fixes: Fixes, animal_id: str) -> Steps:
    """Return the steps of an animal's fixes without a flag, straight from their degrees.

    The same steps as `steps` finds along the ellipsoid, in a third of the time: no plane is made
    and undone. Fixes that are not in degrees of WGS 84 go by way of their track.

    Parameters
    ----------
    fixes
        Flagged fixes.
    animal_id
        Whose steps.

    Returns
    -------
    Steps
        None for an animal of one usable fix.

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
    >>> table = pd.DataFrame({"animal_id": "k", "time": [0.0, 3600], "x": 107, "y": [45.0, 45.1]})
    >>> made = steps_of(make_fixes(table, crs="EPSG:4326", clock="elapsed"), "k")
    >>> made.length_m.round(3), made.heading_rad.round(3), made.speed_m_per_s.round(3)
    (array([11113.275]), array([1.571]), array([3.087]))
    """
    if fixes.crs != WGS84:
        return steps(track_of(fixes, animal_id))
    rows = usable_rows(fixes, animal_id)
    time_s = seconds_at(fixes, rows)
    check_times(animal_id, time_s)
    longitude, latitude = (fixes.table[name].to_numpy(float)[rows] for name in "xy")
    length, heading, turn, east, north = _on_earth(longitude, latitude)
    return Steps(
        time_s[:-1], np.diff(time_s), east, north, length, heading, turn, along="ellipsoid"
    )


def net_squared_displacement_m2(track: Track, along: Along | None = None) -> Floats:
    """Return the squared distance of each fix from the first, m², shape (n,).

    Parameters
    ----------
    track
        An animal's path.
    along
        As in `steps`.

    Raises
    ------
    UnknownCrsError
        As `steps` says.
    """
    if _settled(track, along) == "plane" or not len(track):
        return (track.x_m - track.x_m[:1]) ** 2 + (track.y_m - track.y_m[:1]) ** 2
    longitude, latitude = track.plane.inverse(track.x_m, track.y_m)
    first = np.full(len(longitude), longitude[0]), np.full(len(latitude), latitude[0])
    net: Floats = geodesics(*first, longitude, latitude)[0] ** 2
    return net


def _settled(track: Track, along: Along | None) -> Along:
    if along is None:
        return "plane" if track.plane.is_local else "ellipsoid"
    if along == "ellipsoid" and track.plane.is_local:
        raise UnknownCrsError(
            f"track of {track.animal_id}: local metres lie nowhere on Earth, so nothing can be "
            "measured along the ellipsoid. Measure in the plane."
        )
    return along


@kernel
def _in_plane(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats, Floats]:
    count = max(len(x_m) - 1, 0)
    length, heading, turn = np.empty(count), np.empty(count), np.empty(count)
    before = np.nan
    for i in range(count):
        dx, dy = x_m[i + 1] - x_m[i], y_m[i + 1] - y_m[i]
        length[i] = np.sqrt(dx * dx + dy * dy)
        heading[i] = np.arctan2(dy, dx) if length[i] > 0 else np.nan
        turn[i] = wrapped(heading[i] - before)
        before = heading[i]
    return length, heading, turn


def _on_earth(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    if len(longitude) < 2:
        return (np.empty(0),) * 5
    return _turned(*path_geodesics(longitude, latitude))


@kernel
def _turned(
    length: Floats, out: Floats, into: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Lengths, headings from azimuths, turns, and how far east and north each step leads.

    A turn is measured where it is made: a geodesic arrives in another azimuth than it left in.
    """
    heading, turn = np.empty(len(out)), np.empty(len(out))
    east, north = np.empty(len(out)), np.empty(len(out))
    for i in range(len(out)):
        heading[i] = wrapped(np.pi / 2 - out[i]) if length[i] > 0 else np.nan
        moved = i > 0 and length[i] > 0 and length[i - 1] > 0
        turn[i] = wrapped(into[i - 1] - out[i]) if moved else np.nan
        east[i], north[i] = length[i] * np.sin(out[i]), length[i] * np.cos(out[i])
    return length, heading, turn, east, north
