"""Steps between fixes: how long, how far, which way, how much turned, how far from the first."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import UnknownCrsError
from kulan.movement.kernels import kernel
from kulan.movement.paths.geodesics import geodesics, path_geodesics
from kulan.movement.tracks import Track

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
        What it adds to x and y in the track's plane, m.
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
        length, heading, turn = _on_earth(track)
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
        turn[i] = _wrapped(heading[i] - before)
        before = heading[i]
    return length, heading, turn


def _on_earth(track: Track) -> tuple[Floats, Floats, Floats]:
    longitude, latitude = track.plane.inverse(track.x_m, track.y_m)
    if len(longitude) < 2:
        return np.empty(0), np.empty(0), np.empty(0)
    length, out, into = path_geodesics(longitude, latitude)
    heading, turn = _turned(length, out, into)
    return length, heading, turn


@kernel
def _turned(length: Floats, out: Floats, into: Floats) -> tuple[Floats, Floats]:
    """Headings from azimuths; a turn is measured where it is made.

    A geodesic arrives in another azimuth than it left in.
    """
    heading, turn = np.empty(len(out)), np.empty(len(out))
    for i in range(len(out)):
        heading[i] = _wrapped(np.pi / 2 - out[i]) if length[i] > 0 else np.nan
        moved = i > 0 and length[i] > 0 and length[i - 1] > 0
        turn[i] = _wrapped(into[i - 1] - out[i]) if moved else np.nan
    return heading, turn


@kernel
def _wrapped(angle: float) -> float:
    """Return an angle between -pi (left out) and pi."""
    if angle > np.pi:
        return angle - 2 * np.pi
    return angle + 2 * np.pi if angle <= -np.pi else angle
