"""Which coordinate reference system a file is in, and whether its coordinates agree."""

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from kulan.errors import UnknownCrsError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked
from kulan.places import REGION, Bounds

_EARTH_RADIUS_M = (6_330_000.0, 6_400_000.0)
_UTM_EASTING_M = (100_000.0, 900_000.0)
_HOW_TO_NAME = (
    "name it: --crs EPSG:4326 for longitude and latitude, --crs EPSG:32642 for UTM zone 42 north"
)


def settled_crs(declared: str | None, asked: Asked, losses: Losses) -> CRS:
    """Return the horizontal CRS to read coordinates in.

    What the caller vouches for wins over what the file declares, and that is noted.

    Raises
    ------
    UnknownCrsError
        If nobody names a CRS, the name is not understood, or it is none of the Earth's surface.
    """
    if asked.crs is not None:
        given = horizontal(asked.crs, "--crs")
        if declared and _differs(declared, given):
            losses.change(
                None,
                "declared CRS set aside",
                f"the file declares {described(declared)}; {described(asked.crs)} was asked for",
            )
        return given
    if not declared or _is_undefined(declared):
        raise UnknownCrsError(
            f"{asked.name}: it does not say in which coordinate reference system it is. "
            f"Ask whoever made it, then {_HOW_TO_NAME}."
        )
    return horizontal(declared, asked.name)


def horizontal(text: str, where: str) -> CRS:
    """Return the CRS that `text` names, without its heights.

    Raises
    ------
    UnknownCrsError
        If PROJ does not know it, or positions in it are not on the Earth's surface.
    """
    try:
        crs = CRS.from_user_input(text)
        if crs.is_compound:
            crs = crs.sub_crs_list[0]
        if crs.is_bound and crs.source_crs is not None:
            crs = crs.source_crs
        crs = crs.to_2d()
    except (CRSError, ValueError, TypeError, UnicodeError) as problem:
        raise UnknownCrsError(
            f"{where}: the coordinate reference system {_short(text)!r} is not understood "
            f"({' '.join(str(problem).split())[:160]}). If you know it, {_HOW_TO_NAME}."
        ) from None
    radius = crs.ellipsoid.semi_major_metre if crs.ellipsoid else 0.0
    on_earth = _EARTH_RADIUS_M[0] < radius < _EARTH_RADIUS_M[1]
    if not (crs.is_geographic or crs.is_projected) or not on_earth:
        raise UnknownCrsError(
            f"{where}: {_short(crs.name)!r} is a local or engineering system, or one of another "
            f"body; nobody can say where on Earth it lies. Export the data in a system that has a "
            f"place on Earth, or {_HOW_TO_NAME}."
        )
    return crs


def described(text: "str | CRS") -> str:
    """Return a CRS in words: ``EPSG:32642 (WGS 84 / UTM zone 42N)``."""
    try:
        crs = CRS.from_user_input(text)
    except (CRSError, ValueError, TypeError, UnicodeError):
        return _short(str(text))
    authority = crs.to_authority(min_confidence=100)
    return f"{':'.join(authority)} ({crs.name})" if authority else crs.name


def check_units(crs: CRS, xy: NDArray[np.float64], asked: Asked) -> None:
    """Refuse metres where degrees are declared, and degrees where metres are.

    Parameters
    ----------
    crs
        CRS of the coordinates.
    xy
        Finite coordinates, (n, 2), x first.
    asked
        Name for the message.

    Raises
    ------
    UnknownCrsError
        If at least half of the coordinates cannot be in this CRS's unit.
    """
    if len(xy) == 0:
        return
    beyond = (np.abs(xy) > (540.0, 360.0)).any(axis=1)
    extent = _extent(xy)
    if crs.is_geographic and beyond.mean() >= 0.5:
        raise UnknownCrsError(
            f"{asked.name}: declared as {described(crs)}, which is in degrees, yet its coordinates "
            f"are {extent}: those are metres. {_guess_metres(xy)}"
        )
    degrees = (np.abs(xy) <= (360.0, 180.0)).all(axis=1)
    spread = xy.max(axis=0) - xy.min(axis=0)
    if crs.is_projected and degrees.all() and (len(xy) > 1 or not spread.any()):
        raise UnknownCrsError(
            f"{asked.name}: declared as {described(crs)}, which is in "
            f"{crs.axis_info[0].unit_name}s, yet its coordinates are {extent}: those are "
            "degrees. If they are longitude and latitude, type --crs EPSG:4326."
        )


def _extent(xy: NDArray[np.float64]) -> str:
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    return f"x {x0:.6g} to {x1:.6g}, y {y0:.6g} to {y1:.6g}"


def _guess_metres(xy: NDArray[np.float64]) -> str:
    """Return a hint at the metric system that fits the numbers and the region."""
    x, y = np.median(xy, axis=0)
    north = REGION.south * 110_000 < y < REGION.north * 112_000
    if _UTM_EASTING_M[0] < x < _UTM_EASTING_M[1] and north:
        return (
            "They look like UTM: type --crs EPSG:326NN with the zone for NN "
            "(38 to 53 in this region; Kazakhstan 39 to 45, Mongolia 46 to 50)."
        )
    zone = int(x // 1_000_000)
    if 7 <= zone <= 23 and north:
        return (
            f"They look like Gauss-Krüger zone {zone}: type --crs EPSG:{28400 + zone} for "
            f"Pulkovo 1942, or --crs EPSG:{20000 + zone} for Pulkovo 1995."
        )
    if 4_400_000 < x < 15_100_000 and 1_600_000 < y < 8_500_000:
        return "They look like Web Mercator: if so, type --crs EPSG:3857."
    return "Ask whoever made the file for its system, and name it with --crs."


def _differs(declared: str, given: CRS) -> bool:
    try:
        return not horizontal(declared, "").equals(given, ignore_axis_order=True)
    except UnknownCrsError:
        return True


def _is_undefined(declared: str) -> bool:
    # what a GeoPackage writes for layers of which nobody said where they lie
    return "undefined" in declared[:60].lower()


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 80 else plain[:77] + "..."


def inside(bounds: Bounds, lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which positions lie in a box; those that are not numbers do not."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    within: NDArray[np.bool_] = (
        (lon >= bounds.west) & (lon <= bounds.east) & (lat >= bounds.south) & (lat <= bounds.north)
    )
    return within
