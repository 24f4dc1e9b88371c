"""From the file's own CRS to longitude and latitude, and whether that is where it should be."""

import warnings
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from pyproj.transformer import AreaOfInterest

from kulan.errors import InvalidGeometryError, OutsideRegionError, TooLargeError, UnknownCrsError
from kulan.exchange.antimeridian import unwrap
from kulan.exchange.crs import check_units, described, inside, settled_crs
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked, Rows
from kulan.places import WGS84, Bounds

TOLERANCE_M = 1.0
_METRES_PER_DEGREE = 111_320.0
_FIRST_EDGE_M = 5_000.0
_SHORTEST_EDGE_M = 150.0
_SAGLESS_EDGE_M = 300.0
_MOST_VERTICES = 20_000_000
# larger than any projected coordinate, Gauss-Krueger zone numbers and world maps included
_FARTHEST_M = 1e8
_NOWHERE = Bounds(np.inf, np.inf, -np.inf, -np.inf)
_NO_PLACE = "coordinates that are no place on Earth in its CRS"
_MOST_PROBES = 2_000


def place(
    rows: Rows, asked: Asked, losses: Losses, *, swap_axes: bool, region: Bounds | None
) -> Rows:
    """Move features to EPSG:4326 and leave out those outside the region.

    Straight lines of a projected CRS get vertices first, so that they stay straight there to
    `TOLERANCE_M`. Lines across the 180th meridian are cut there.

    Raises
    ------
    UnknownCrsError
        If the CRS is unknown, or its unit is not that of the coordinates.
    OutsideRegionError
        If all features lie outside `region`; says where they would lie with the axes swapped or
        a sign changed.
    """
    crs = settled_crs(rows.crs, asked, losses)
    shapes = rows.geometries
    if swap_axes:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
        losses.change(rows.source_rows, "axes swapped", "x and y were exchanged, as asked")
    probes = _probes(shapes)
    check_units(crs, probes, asked)
    transformer = _transformer(crs, asked)
    if region is not None:
        _check_region(transformer, probes, region, asked, swap_axes=swap_axes)
    rows = _without_absurd(replace(rows, geometries=shapes), crs, losses)
    placed = _moved(rows, crs, transformer, asked, losses)
    placed = unwrap(placed, rows.source_rows, losses)
    kept = _finite(placed, rows, region, losses)
    if region is not None:
        kept &= _in_region(placed, kept, region, rows, losses, asked)
    if not kept.any():
        raise InvalidGeometryError(
            f"{asked.name}: no feature has coordinates that {described(crs)} can place on Earth. "
            "Check the CRS, and name the right one with --crs."
        )
    return replace(
        rows,
        geometries=placed[kept],
        attributes=rows.attributes[kept].reset_index(drop=True),
        source_rows=rows.source_rows[kept],
        crs=crs.to_wkt()
        if crs.to_authority(min_confidence=100) is None
        else ":".join(crs.to_authority(min_confidence=100)),
    )


def _probes(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return up to 2 000 coordinates spread over all features, finite ones only."""
    step = max(1, len(shapes) // _MOST_PROBES)
    xy = shapely.get_coordinates(shapes[::step])
    xy = xy[:: max(1, len(xy) // _MOST_PROBES)]
    finite: NDArray[np.float64] = xy[np.isfinite(xy).all(axis=1)]
    return finite


def _transformer(crs: CRS, asked: Asked) -> Transformer | None:
    """Return the way to longitude and latitude, None when the coordinates are that already."""
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Transformer.from_crs(
                crs, WGS84, always_xy=True, area_of_interest=AreaOfInterest(40, 15, 135, 60)
            )
    except ProjError as problem:
        raise UnknownCrsError(
            f"{asked.name}: PROJ knows no way from {described(crs)} to longitude and latitude "
            f"({problem}). Export the data in EPSG:4326."
        ) from None


def _lonlat(transformer: Transformer | None, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    if transformer is None:
        return xy
    lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
    return np.column_stack([lon, lat])


def _without_absurd(rows: Rows, crs: CRS, losses: Losses) -> Rows:
    """Leave out features of a projected CRS with coordinates far beyond the Earth."""
    unit_m = crs.axis_info[0].unit_conversion_factor if crs.is_projected else 0.0
    far = np.nanmax(np.abs(shapely.bounds(rows.geometries)), axis=1, initial=0.0) * unit_m
    good = ~(far > _FARTHEST_M)
    if good.all():
        return rows
    losses.leave_out(rows.source_rows[~good], "feature", _NO_PLACE)
    return replace(
        rows,
        geometries=rows.geometries[good],
        attributes=rows.attributes[good].reset_index(drop=True),
        source_rows=rows.source_rows[good],
    )


def _check_length(shapes: NDArray[np.object_], unit_m: float, asked: Asked) -> None:
    length_m = float(shapely.length(shapes).sum()) * unit_m
    if length_m / _FIRST_EDGE_M > _MOST_VERTICES:
        raise TooLargeError(
            f"{asked.name}: its lines are {length_m / 1000:.3g} km long together, so far apart do "
            "their vertices lie. Check the coordinates and the CRS."
        )


def _moved(
    rows: Rows, crs: CRS, transformer: Transformer | None, asked: Asked, losses: Losses
) -> NDArray[np.object_]:
    """Return the shapes in longitude and latitude."""
    shapes, source_rows = rows.geometries, rows.source_rows
    if transformer is None:
        return shapes
    fine = shapes
    if crs.is_projected:
        unit_m = crs.axis_info[0].unit_conversion_factor
        _check_length(shapes, unit_m, asked)
        fine = _straight(shapes, transformer, unit_m)
        denser = shapely.get_num_coordinates(fine) > shapely.get_num_coordinates(shapes)
        losses.change(
            source_rows[denser],
            "vertices added",
            f"straight lines of the projection stay straight to {TOLERANCE_M:g} m",
        )
    losses.change(
        source_rows,
        "moved to longitude and latitude",
        f"from {described(crs)}: {transformer.description}, " + _accuracy(transformer),
    )
    return np.asarray(shapely.transform(fine, lambda xy: _lonlat(transformer, xy)), dtype=object)


def _accuracy(transformer: Transformer) -> str:
    accuracy = transformer.accuracy
    if accuracy < 0:
        return "accuracy not known"
    return f"good to {accuracy:g} m" if accuracy else "exact but for rounding"


def _straight(
    shapes: NDArray[np.object_], transformer: Transformer, unit_m: float
) -> NDArray[np.object_]:
    """Add vertices until no edge's middle is off its straight line by more than the tolerance."""
    edge_m = _FIRST_EDGE_M
    fine = np.asarray(shapely.segmentize(shapes, edge_m / unit_m), dtype=object)
    bent = np.flatnonzero(_sags_m(fine, transformer, unit_m) > TOLERANCE_M)
    while edge_m > _SHORTEST_EDGE_M and len(bent):
        edge_m /= 2
        if shapely.length(shapes[bent]).sum() * unit_m / edge_m > _MOST_VERTICES:
            break
        fine[bent] = shapely.segmentize(shapes[bent], edge_m / unit_m)
        bent = bent[_sags_m(fine[bent], transformer, unit_m) > TOLERANCE_M]
    return fine


def _sags_m(
    shapes: NDArray[np.object_], transformer: Transformer, unit_m: float
) -> NDArray[np.float64]:
    """Return how far, at most, the middle of an edge leaves the straight line in degrees.

    Edges of less than 300 m are passed over: none can bend by the tolerance.
    """
    sags = np.zeros(len(shapes))
    # outer ring, holes and parts must not be joined by an edge, so rings and parts are taken singly
    parts, feature = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_dimensions(parts) == 2
    rings, of_part = shapely.get_rings(parts, return_index=True)
    lines = np.concatenate([parts[~is_area], rings])
    features = np.concatenate([feature[~is_area], feature[of_part]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if len(xy) < 2:
        return sags
    long = (line[1:] == line[:-1]) & (np.hypot(*np.diff(xy, axis=0).T) * unit_m > _SAGLESS_EDGE_M)
    start, end, owner = xy[:-1][long], xy[1:][long], features[line[1:][long]]
    a, b = _lonlat(transformer, start), _lonlat(transformer, end)
    true, chord = _lonlat(transformer, (start + end) / 2), (a + b) / 2
    off = (true - chord) * _METRES_PER_DEGREE
    off[:, 0] *= np.cos(np.deg2rad(true[:, 1]))
    sag = np.hypot(off[:, 0], off[:, 1])
    known = np.isfinite(sag) & (np.abs(a[:, 0] - b[:, 0]) < 180)
    np.maximum.at(sags, owner[known], sag[known])
    return sags


def _finite(
    shapes: NDArray[np.object_], rows: Rows, region: Bounds | None, losses: Losses
) -> NDArray[np.bool_]:
    """Return which features have coordinates on Earth; the others are noted."""
    bounds = shapely.bounds(shapes)
    good: NDArray[np.bool_] = np.isfinite(bounds).all(axis=1) & (
        np.abs(bounds) <= (540.0, 90.0, 540.0, 90.0)
    ).all(axis=1)
    _leave_out(rows, ~good, _NO_PLACE, bounds, region, losses)
    return good


def _leave_out(
    rows: Rows,
    features: NDArray[np.bool_],
    reason: str,
    bounds: NDArray[np.float64],
    region: Bounds | None,
    losses: Losses,
) -> None:
    """Note features that stay behind, and those among them whose coordinates look swapped."""
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    swapped = features & inside(region or _NOWHERE, middles[:, ::-1])
    losses.leave_out(rows.source_rows[features & ~swapped], "feature", reason)
    losses.leave_out(
        rows.source_rows[swapped],
        "feature",
        f"{reason}; with its coordinates exchanged it would lie inside the region",
    )


def _in_region(
    shapes: NDArray[np.object_],
    finite: NDArray[np.bool_],
    region: Bounds,
    rows: Rows,
    losses: Losses,
    asked: Asked,
) -> NDArray[np.bool_]:
    """Return which features touch the region; note the others, and those that reach beyond."""
    box = shapely.box(region.west, region.south, region.east, region.north)
    touches = np.zeros(len(shapes), dtype=bool)
    touches[finite] = shapely.intersects(box, shapes[finite])
    bounds = shapely.bounds(shapes)
    outside = finite & ~touches
    if finite.any() and not touches.any():
        raise OutsideRegionError(
            f"{asked.name}: all features lie outside the region Kulan covers "
            f"({in_words(region)}); they reach from {_bounds_in_words(bounds[finite])}."
        )
    where = f"outside the region ({in_words(region)})"
    _leave_out(rows, outside, where, bounds, region, losses)
    beyond = touches & (
        (bounds[:, 0] < region.west)
        | (bounds[:, 1] < region.south)
        | (bounds[:, 2] > region.east)
        | (bounds[:, 3] > region.north)
    )
    losses.change(
        rows.source_rows[beyond],
        "reaches beyond the region",
        f"kept whole; the Atlas knows nothing outside {in_words(region)}",
    )
    return touches


def in_words(bounds: Bounds) -> str:
    """Return a box as a reader says it.

    Examples
    --------
    >>> in_words(Bounds(40, 15, 135, 60))
    'longitude 40 to 135, latitude 15 to 60'
    """
    return (
        f"longitude {bounds.west:.6g} to {bounds.east:.6g}, "
        f"latitude {bounds.south:.6g} to {bounds.north:.6g}"
    )


def _bounds_in_words(bounds: NDArray[np.float64]) -> str:
    west, south = bounds[:, 0].min(), bounds[:, 1].min()
    east, north = bounds[:, 2].max(), bounds[:, 3].max()
    return in_words(Bounds(float(west), float(south), float(east), float(north)))


def _check_region(
    transformer: Transformer | None,
    probes: NDArray[np.float64],
    region: Bounds,
    asked: Asked,
    *,
    swap_axes: bool,
) -> None:
    """Refuse a file that lies elsewhere as a whole, naming the mistake that would explain it."""
    here = _lonlat(transformer, probes)
    here = np.where(here > 180.0, here - 360.0, here) if transformer is not None else here
    if len(here) == 0 or inside(region, here).any():
        return
    there = _lonlat(transformer, probes[:, ::-1])
    found = here[np.isfinite(here).all(axis=1)]
    reach = (
        in_words(Bounds(*found.min(axis=0).tolist(), *found.max(axis=0).tolist()))
        if len(found)
        else "nowhere on Earth"
    )
    where = (
        f"{asked.name}: it lies at {reach}, outside the region Kulan covers ({in_words(region)})."
    )
    if _mostly(inside(region, there)):
        cure = (
            "leave out --swap-axes" if swap_axes else "type --swap-axes, or export it with x first"
        )
        raise OutsideRegionError(
            f"{where} With the two coordinates exchanged it lies inside: latitude and longitude "
            f"are swapped. If you agree, {cure}."
        )
    for flip, name, words in (
        ((-1, 1), "longitude", "the western hemisphere"),
        ((1, -1), "latitude", "the southern hemisphere"),
        ((-1, -1), "longitude and latitude", "the south-western hemisphere"),
    ):
        if _mostly(inside(region, here * flip)):
            raise OutsideRegionError(
                f"{where} It lies in {words}; with the sign of {name} changed it lies inside. "
                f"Check {name} where the file was made and export it again."
            )
    # a line may cross the region between two vertices that both lie outside it
    if not _boxes_meet(here, region):
        raise OutsideRegionError(f"{where} Screen it with an Atlas of its own region.")


def _mostly(flags: NDArray[np.bool_]) -> bool:
    return bool(len(flags)) and float(flags.mean()) >= 0.9


def _boxes_meet(lonlat: NDArray[np.float64], region: Bounds) -> bool:
    finite = lonlat[np.isfinite(lonlat).all(axis=1)]
    if len(finite) == 0:
        return True
    west, south = finite.min(axis=0)
    east, north = finite.max(axis=0)
    return region.overlaps(Bounds(float(west), float(south), float(east), float(north)))
