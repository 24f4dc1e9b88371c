"""Where fixes lie: the system is stated or refused, and numbers that contradict it are too."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from kulan.errors import UnknownCrsError
from kulan.exchange.crs import horizontal
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import LOCAL_METRES, RawFixes, TelemetryAsked
from kulan.movement.planes import Plane
from kulan.notes import Note
from kulan.places import REGION, WGS84
from kulan.words import N_

Floats = NDArray[np.float64]
_TURN, _RIGHT_ANGLE = 180.0, 90.0


def settled_crs(raw: RawFixes, asked: TelemetryAsked, losses: Losses, name: str) -> str:
    """Return the system of a file's coordinates: WGS 84 degrees, a plane of metres, "" for local.

    Parameters
    ----------
    raw
        Rows, and what the file or its standard states.
    asked
        What the user says; it wins, and where that differs it is told.
    losses
        Where that is told.
    name
        Of the file, for messages.

    Raises
    ------
    UnknownCrsError
        If nobody says it, or it is neither degrees nor metres.
    """
    said = asked.crs if asked.crs is not None else raw.crs
    if said is None:
        raise UnknownCrsError(
            f"{name}: it does not say in which system its coordinates are. Name it: --crs "
            "EPSG:4326 for longitude and latitude on WGS 84, --crs EPSG:32648 for UTM zone 48 "
            "north, --crs local for metres without a place on Earth."
        )
    if asked.crs is not None and raw.crs is not None and asked.crs != raw.crs:
        text = N_("the file is in {system}; {asked} was asked for")
        system = raw.crs or Note(N_("local metres"))
        told = Note(text, system=system, asked=asked.crs)
        losses.change(None, N_("declared system set aside"), told)
    if said in ("", LOCAL_METRES):
        return ""
    crs = horizontal(said, "--crs" if asked.crs is not None else name)
    if crs.is_geographic:
        return WGS84 if _is_wgs84(crs) else said
    Plane(said)  # refuses units other than metres
    return said


def _is_wgs84(crs: CRS) -> bool:
    return crs.to_epsg() == 4326 or crs.to_authority() in (("OGC", "CRS84"), ("EPSG", "4326"))


def settled_places(
    table: pd.DataFrame, crs: str, asked: TelemetryAsked, losses: Losses, name: str
) -> tuple[Floats, Floats, str]:
    """Return x and y of a file's rows and their system; refuse what contradicts the one stated.

    Degrees of another datum come back in WGS 84.

    Parameters
    ----------
    table
        Rows with numbers `x` and `y`.
    crs
        Their system, "" for local metres.
    asked
        Whether axes are exchanged.
    losses
        Where doubts are told.
    name
        Of the file, for messages.

    Raises
    ------
    UnknownCrsError
        If degrees lie where metres are declared, metres where degrees are, or axes are swapped.
    """
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    if asked.swap_axes:
        x, y = y, x
        losses.change(None, N_("axes exchanged"), N_("as was asked for"))
    known = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    if not known.any():
        return x, y, crs
    kx, ky = x[known], y[known]
    if not crs or not CRS.from_user_input(crs).is_geographic:
        if crs:
            _check_metres(kx, ky, crs, name)
        elif (np.abs(kx) <= _TURN).all() and (np.abs(ky) <= _RIGHT_ANGLE).all():
            losses.change(
                None,
                N_("degrees in doubt"),
                N_(
                    "local metres are declared, and no position is further than 180 by 90 from "
                    "0, 0; name --crs EPSG:4326 if they are longitude and latitude"
                ),
            )
        return x, y, crs
    _check_degrees(kx, ky, name)
    if crs != WGS84:
        x, y = _on_wgs84(x, y, crs, losses)
    _tell_doubt(kx, ky, losses)
    return x, y, WGS84


def _check_metres(x: Floats, y: Floats, crs: str, name: str) -> None:
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 180)
    if degrees.mean() > 0.5:
        row = int(np.flatnonzero(degrees)[0])
        raise UnknownCrsError(
            f"{name}: {crs} is in metres, and its coordinates look like degrees (such as "
            f"{x[row]:g}, {y[row]:g}). Name the system they are in: --crs EPSG:4326."
        )
    area = CRS.from_user_input(crs).area_of_use
    if area is None:
        return
    plane = Plane(crs)
    lon, lat = plane.inverse(np.median(x), np.median(y))
    other_lon, other_lat = plane.inverse(np.median(y), np.median(x))
    bounds = area.west, area.south, area.east, area.north
    if not _near(lon, lat, bounds) and _near(other_lon, other_lat, bounds):
        raise UnknownCrsError(
            f"{name}: in {crs} its positions lie far outside the area that system is made for; "
            "with the two coordinates exchanged they lie within. Give --swap-axes if they are in "
            "the wrong columns, or name another --crs."
        )


def _near(lon: Floats, lat: Floats, bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return bool(
        np.isfinite(lon + lat) and west - 12 <= lon <= east + 12 and south - 12 <= lat <= north + 12
    )


def _check_degrees(x: Floats, y: Floats, name: str) -> None:
    on_earth = (np.abs(x) <= 360) & (np.abs(y) <= 90)
    if on_earth.mean() > 0.5:
        return
    row = int(np.flatnonzero(~on_earth)[0])
    if ((np.abs(y) <= 360) & (np.abs(x) <= 90)).mean() > 0.5:
        raise UnknownCrsError(
            f"{name}: latitudes such as {y[row]:g} are none; longitude and latitude seem to be "
            "exchanged. Give --swap-axes, or name the right columns in a mapping file."
        )
    raise UnknownCrsError(
        f"{name}: {x[row]:g}, {y[row]:g} are no degrees, and degrees are declared. Name the system "
        "in metres they are in, such as --crs EPSG:32648."
    )


def _on_wgs84(x: Floats, y: Floats, crs: str, losses: Losses) -> tuple[Floats, Floats]:
    from pyproj import Transformer  # noqa: PLC0415 - seldom needed

    turned = Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
    losses.change(None, N_("datum changed"), Note(N_("from {system} to WGS 84"), system=str(crs)))
    lon, lat = np.asarray(turned[0], float), np.asarray(turned[1], float)
    return np.where(np.isfinite(lon), lon, x), np.where(np.isfinite(lat), lat, y)


def _tell_doubt(x: Floats, y: Floats, losses: Losses) -> None:
    """Note positions that only fit the region with their axes exchanged."""

    def inside(lon: Floats, lat: Floats) -> float:
        within = (lon >= REGION.west) & (lon <= REGION.east)
        return float((within & (lat >= REGION.south) & (lat <= REGION.north)).mean())

    if inside(x, y) < 0.1 and inside(y, x) > 0.9:
        losses.change(
            None,
            N_("axes in doubt"),
            N_(
                "as they stand positions lie outside Central Asia, with longitude and latitude "
                "exchanged within; look at the map, and give --swap-axes if so"
            ),
        )
