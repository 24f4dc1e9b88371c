"""The one place where a precise position is made coarse: levels, shapes, dates and rows.

A position is generalised to a cell of a fixed grid in longitude and latitude, never moved at
random: random offsets average out over repeated releases, a cell does not. The levels are those of
GBIF's guide (Chapman 2020, Table 7). What leaves here depends on nothing finer than the cell: not
on the order of rows, not on the clock, not on chance.

References
----------
Chapman, A. D. (2020). Current Best Practices for Generalizing Sensitive Species Occurrence Data.
GBIF Secretariat, Copenhagen. doi:10.15468/doc-5jp4-5g10.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas.array import GeometryDtype
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.atlas.cells import (
    UNITS_PER_DEGREE,
    cells_of_points,
    cells_of_shape,
    centres_deg,
    edges_deg,
    in_units,
    outline,
)
from kulan.errors import InvalidGeometryError, InvalidTableError, TooLargeError
from kulan.places import WGS84, edge_lengths_m

MOST_CELLS = 20_000
"""Cells one shape may be made of; a shape that meets more is given at the next coarser level."""

UNCERTAINTY = "coordinateUncertaintyInMeters"
GENERALIZATIONS = "dataGeneralizations"
WITHHELD_INFORMATION = "informationWithheld"

_SIZES = {1: 10_000, 2: 100_000, 3: 1_000_000, 4: 10_000_000}
# a row told to the day can be joined by its date with a report, a press photograph or another data
# set that names the place; so the coarser the place, the coarser the time
_DATE_LENGTHS = {0: 10, 1: 10, 2: 7, 3: 7, 4: 4}
_DATE_WORDS = {10: "day", 7: "month", 4: "year"}
_METHOD = "Method: Chapman 2020, doi:10.15468/doc-5jp4-5g10."
# names under which positions travel; none of them passes in a generalised row
_POSITION_NAMES = frozenset(
    [
        *("longitude", "latitude", "lon", "lat", "lng", "long", "easting", "northing", "utm"),
        *("decimallongitude", "decimallatitude", "verbatimlongitude", "verbatimlatitude"),
        *("verbatimcoordinates", "coordinates", "position", "mgrs", "geohash", "pluscode", "h3"),
        *("wkt", "wkb", "footprintwkt", "geojson"),
    ]
)
_WRITTEN = (UNCERTAINTY, GENERALIZATIONS, WITHHELD_INFORMATION)


class Precision(IntEnum):
    """How finely a position is given; a higher number is coarser.

    `EXACT` is as recorded; ``P0_001`` to ``P1`` are cells of 0.001°, 0.01°, 0.1° and 1°; `WITHHELD`
    is no position and no row at all.

    Examples
    --------
    >>> max(Precision.P0_01, Precision.P0_1).cell_deg
    0.1
    """

    EXACT = 0
    P0_001 = 1
    P0_01 = 2
    P0_1 = 3
    P1 = 4
    WITHHELD = 5

    @property
    def cell_deg(self) -> float | None:
        """Width and height of a cell, degrees; None for `EXACT` and `WITHHELD`."""
        size = _SIZES.get(int(self))
        return None if size is None else size / UNITS_PER_DEGREE


@dataclass(frozen=True)
class Account:
    """What was done to a table of rows; for whoever keeps the exact ones, not for readers.

    Attributes
    ----------
    precision
        Level asked for.
    rows_in, rows_out
        Rows before and after.
    dropped_rows, dropped_groups
        Left out because fewer rows than the minimum count share species and cell.
    made_coarser
        Shapes given at a coarser level than asked for, because they meet too many cells.
    withheld_columns
        Columns that were not written, in the order of the table.
    kept
        Index label in the given frame of each row that came out, in order.
    """

    precision: Precision
    rows_in: int
    rows_out: int
    dropped_rows: int
    dropped_groups: int
    made_coarser: int
    withheld_columns: tuple[str, ...]
    kept: tuple[Any, ...]


def generalise_geometry(geoms: Any, precision: Precision) -> NDArray[np.object_]:
    """Return shapes with nothing finer left in them than the cells of a level.

    A point becomes the centre of its cell. Anything else becomes the union of the cells it meets, a
    polygon or polygons; a shape that meets more than `MOST_CELLS` is given at the next coarser
    level that needs fewer. A third dimension is dropped. To do it again changes nothing, and a
    coarser level of a generalised shape is the coarser level of the shape itself.

    Parameters
    ----------
    geoms
        One geometry or an array, longitude and latitude.
    precision
        `EXACT` returns the shapes as they are, `WITHHELD` returns None for each.

    Raises
    ------
    InvalidGeometryError
        If a coordinate cannot be a longitude or latitude.
    TooLargeError
        If a shape meets more than `MOST_CELLS` cells of 1°.

    Examples
    --------
    >>> den = shapely.Point(77.12345, 42.98765)
    >>> generalise_geometry(den, Precision.P0_1)[0].wkt
    'POINT (77.15 42.95)'
    """
    return _generalised(geoms, precision)[0]


def _generalised(geoms: Any, precision: Precision) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return generalised shapes, and the level each is given at."""
    shapes = np.atleast_1d(np.asarray(geoms, dtype=object))
    levels = np.full(len(shapes), int(precision), dtype=np.int64)
    if precision == Precision.EXACT:
        return shapes.copy(), levels
    result = np.full(len(shapes), None, dtype=object)
    if precision == Precision.WITHHELD:
        return result, levels
    points, others = _points_and_others(shapes)
    size = _SIZES[precision]
    cells = cells_of_points(shapely.get_coordinates(in_units(shapes[points])), size)
    result[points] = shapely.points(centres_deg(cells, size))
    for number, shape in zip(others, in_units(shapes[others]), strict=True):
        result[number], levels[number] = _cells_as_shape(shape, precision)
    return result, levels


def _points_and_others(shapes: NDArray[np.object_]) -> tuple[Any, Any]:
    """Return the places of points and of other shapes; missing and empty ones are in neither."""
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    is_point = shapely.get_type_id(shapes) == 0
    return np.flatnonzero(there & is_point), np.flatnonzero(there & ~is_point)


def _cells_as_shape(shape: BaseGeometry, precision: Precision) -> tuple[BaseGeometry, int]:
    for level in range(precision, Precision.WITHHELD):
        cells = cells_of_shape(shape, _SIZES[level], MOST_CELLS)
        if cells is not None:
            return outline(cells, _SIZES[level]), level
    raise TooLargeError(
        f"A shape meets more than {MOST_CELLS:,} cells of 1°. Cut it to the region, or withhold it."
    )


def coordinate_uncertainty_m(
    geoms: Any, precision: Precision, own_uncertainty_m: Any = None
) -> NDArray[np.float64]:
    """Return Darwin Core's coordinateUncertaintyInMeters of generalised points.

    It is the geodesic distance on WGS 84 from the centre of the cell to its farthest corner, which
    depends on latitude, plus the uncertainty of the record itself: the radius of a circle round the
    centre that holds the true place wherever in the cell it is. The sum is rounded up to two or
    three digits, so that an uncertainty of 7 m does not mark one record among the others of a cell
    of 10 km.

    Parameters
    ----------
    geoms
        One geometry or an array, exact or generalised.
    precision
        Level at which the points are given.
    own_uncertainty_m
        Uncertainty of each record, metres; nothing, NaN, zero and less mean that it is not known,
        and count as nothing.

    Returns
    -------
    ndarray
        Metres; NaN for shapes other than points (their cells say it), for `WITHHELD`, and at
        `EXACT` where the record's own is not known. Never 0, which Darwin Core does not allow.

    Examples
    --------
    >>> places = shapely.points([[77.15, 0.05], [77.15, 42.95], [77.15, 60.05]])
    >>> coordinate_uncertainty_m(places, Precision.P0_1, own_uncertainty_m=30).tolist()
    [7900.0, 7000.0, 6300.0]
    """
    shapes = np.atleast_1d(np.asarray(geoms, dtype=object))
    own = _own_uncertainty_m(own_uncertainty_m, len(shapes))
    points, _ = _points_and_others(shapes)
    result = np.full(len(shapes), np.nan)
    if precision == Precision.EXACT:
        result[points] = own[points]
        return result
    if precision == Precision.WITHHELD or len(points) == 0:
        return result
    size = _SIZES[precision]
    cells = cells_of_points(shapely.get_coordinates(in_units(shapes[points])), size)
    centre, edges = centres_deg(cells, size), edges_deg(cells, size)
    to_corners = [edge_lengths_m(centre, edges[:, corner]) for corner in ([0, 1], [0, 3])]
    step = 10.0 ** (precision - 1)
    total = np.max(to_corners, axis=0) + np.nan_to_num(own[points])
    result[points] = np.ceil(total / step) * step
    return result


def _own_uncertainty_m(given: Any, count: int) -> NDArray[np.float64]:
    """Return uncertainties as numbers, NaN where nothing, or nothing sensible, is known."""
    values = np.nan if given is None else given
    own = np.array(np.broadcast_to(pd.to_numeric(values, errors="raise"), count), dtype=float)
    own[~(np.isfinite(own) & (own > 0))] = np.nan
    return own


def generalise_dates(
    first: str | date | None, last: str | date | None, precision: Precision
) -> tuple[str | None, str | None]:
    """Return two dates as ISO 8601 at the fineness that goes with a level.

    The day at `EXACT` and 0.001°, the month at 0.01° and 0.1°, the year at 1°, nothing when
    withheld. A date is a key: whoever knows from elsewhere on which day something was seen where
    can pick that day's row and learn which of the coarse rows it is, and what else is told of it. A
    date known less finely stays.

    Parameters
    ----------
    first, last
        Dates, times or ISO 8601 texts (2014, 2014-11, 2014-11-09, with a time after ``T`` or a
        space or without); None where not known.
    precision
        Level at which the position is given.

    Raises
    ------
    InvalidTableError
        If a text is no such date.

    Examples
    --------
    >>> generalise_dates("2014-11-09T05:40:00Z", date(2014, 12, 1), Precision.P0_1)
    ('2014-11', '2014-12')
    """
    return _coarse_date(first, precision), _coarse_date(last, precision)


def _coarse_date(given: Any, precision: Precision) -> str | None:
    if precision == Precision.WITHHELD or given is None or given is pd.NaT or given == "":
        return None
    if isinstance(given, float) and np.isnan(given):
        return None
    text = given.isoformat() if isinstance(given, date) else str(given)
    day, time = text[:10], text[10:]
    padded = {4: day + "-01-01", 7: day + "-01", 10: day}.get(len(day), "")
    try:
        date.fromisoformat(padded)
        if time:
            datetime.fromisoformat(text)
    except ValueError:
        raise InvalidTableError(
            "A date is not written as 2014, 2014-11 or 2014-11-09, with or without a time after "
            "it. Write dates as ISO 8601."
        ) from None
    return day[: _DATE_LENGTHS[precision]]


def generalise_rows(
    frame: gpd.GeoDataFrame,
    precision: Precision,
    *,
    public_columns: Collection[str],
    minimum_count: int = 1,
    date_columns: tuple[str, ...] = ("valid_from", "valid_to"),
    species_column: str = "species_id",
) -> tuple[gpd.GeoDataFrame, Account]:
    """Return a table of features as it may be seen at one level, and an account of what was done.

    What comes out is made of the generalised shapes and dates, the public columns, and three terms
    of Darwin Core: coordinateUncertaintyInMeters, dataGeneralizations, informationWithheld. The
    rows are put in the order of their own contents and counted afresh, so neither order nor index
    tells how they stood in the table. An identifier in a public column must not follow position or
    time.

    Parameters
    ----------
    frame
        Features in EPSG:4326. A column coordinateUncertaintyInMeters is taken as the record's own.
    precision
        Level to write; `WITHHELD` gives no rows.
    public_columns
        Columns that may be read at this level; all others are withheld and named.
    minimum_count
        Fewest rows of one species in one cell (for other shapes than points: with the same cells)
        that are shown; not used at `EXACT`.
    date_columns
        Columns that hold dates; they are always written, generalised.
    species_column
        Column that tells species apart, where there is one.

    Raises
    ------
    InvalidGeometryError
        If the frame is not in EPSG:4326, or a coordinate cannot be a longitude or latitude.
    InvalidTableError
        If a date cannot be read, or a column called public would carry a position or a time.
    TooLargeError
        If a shape meets more than `MOST_CELLS` cells of 1°.
    """
    _check_frame(frame, precision, public_columns, date_columns)
    held = _withheld(frame, {*public_columns, *date_columns})
    source = frame if precision != Precision.WITHHELD else frame.iloc[:0]
    shapes, levels = _generalised(source.geometry.to_numpy(), precision)
    kept, groups = _shown(source, shapes, precision, minimum_count, species_column)
    dropped = int((~kept).sum())
    source, shapes, levels = source[kept], shapes[kept], levels[kept]
    columns = {
        str(name): source[name].tolist()
        for name in frame.columns
        if name in public_columns and name not in {*_WRITTEN, *date_columns, frame.geometry.name}
    }
    dates = [name for name in date_columns if name in frame.columns]
    columns |= {name: [_coarse_date(cell, precision) for cell in source[name]] for name in dates}
    columns |= _terms(source, shapes, precision, public_columns)
    columns[GENERALIZATIONS] = [
        _joined(before, _what_was_done(shape, level, precision, minimum_count, bool(dates)))
        for before, shape, level in zip(columns[GENERALIZATIONS], shapes, levels, strict=True)
    ]
    columns[WITHHELD_INFORMATION] = [
        _joined(before, f"Fields withheld: {', '.join(held)}." if held else None)
        for before in columns[WITHHELD_INFORMATION]
    ]
    order = _order_of_contents(columns, shapes)
    account = Account(
        precision=precision,
        rows_in=len(frame),
        rows_out=len(order),
        dropped_rows=dropped,
        dropped_groups=groups,
        made_coarser=int((levels > precision).sum()),
        withheld_columns=held,
        kept=tuple(source.index[order].tolist()),
    )
    return _as_frame(columns, shapes, order), account


def _check_frame(
    frame: gpd.GeoDataFrame,
    precision: Precision,
    public_columns: Collection[str],
    date_columns: tuple[str, ...],
) -> None:
    """Refuse a frame in another CRS, and columns that would carry a position or a time past us."""
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise InvalidGeometryError(
            f"The CRS is {frame.crs or 'not declared'}; reproject the features to EPSG:4326 first."
        )
    if precision == Precision.EXACT:
        return
    for name in frame.columns:
        if name not in public_columns or name == frame.geometry.name:
            continue
        plain = "".join(letter for letter in str(name).lower() if letter.isalnum())
        kind = frame[name].dtype
        if plain in _POSITION_NAMES or isinstance(kind, GeometryDtype):
            raise InvalidTableError(
                f"Column {name!r} is called public and would carry a position. Withhold it; the "
                "geometry column is the one that is generalised."
            )
        if pd.api.types.is_datetime64_any_dtype(kind) and name not in date_columns:
            raise InvalidTableError(
                f"Column {name!r} is called public and holds times. Withhold it, or name it among "
                "the date columns, which are generalised."
            )


def _withheld(frame: gpd.GeoDataFrame, public: set[str]) -> tuple[str, ...]:
    written = public | set(_WRITTEN) | {frame.geometry.name}
    return tuple(str(name) for name in frame.columns if name not in written)


def _shown(
    frame: gpd.GeoDataFrame,
    shapes: NDArray[np.object_],
    precision: Precision,
    minimum_count: int,
    species_column: str,
) -> tuple[NDArray[np.bool_], int]:
    """Say which rows are in company enough, and how many groups are not."""
    if precision == Precision.EXACT or minimum_count <= 1:
        return np.ones(len(frame), dtype=bool), 0
    species = frame[species_column].map(str) if species_column in frame.columns else ""
    groups = pd.DataFrame({"cell": shapely.to_wkb(shapes, hex=True), "species": species})
    sizes = groups.groupby(["cell", "species"], dropna=False)["cell"].transform("size")
    few = sizes.to_numpy() < minimum_count
    return ~few, len(groups[few].drop_duplicates())


def _terms(
    frame: gpd.GeoDataFrame,
    shapes: NDArray[np.object_],
    precision: Precision,
    public_columns: Collection[str],
) -> dict[str, list[Any]]:
    """Return the uncertainty, and what whoever gave the rows had already said in the other two."""
    own = frame[UNCERTAINTY].to_numpy() if UNCERTAINTY in frame.columns else None
    nothing: list[Any] = [None] * len(frame)
    return {
        UNCERTAINTY: coordinate_uncertainty_m(shapes, precision, own).tolist(),
        **{
            term: frame[term].tolist()
            if term in frame.columns and term in public_columns
            else nothing
            for term in (GENERALIZATIONS, WITHHELD_INFORMATION)
        },
    }


def _what_was_done(
    shape: BaseGeometry | None,
    level: int,
    precision: Precision,
    minimum_count: int,
    dated: bool,
) -> str | None:
    """Return the sentences of dataGeneralizations for one row; nothing for a row as recorded."""
    if precision == Precision.EXACT:
        return None
    asked, given = (f"{Precision(one).cell_deg:g}°" for one in (precision, level))
    said = []
    if shape is not None and shape.geom_type == "Point":
        said.append(f"Position given as the centre of its cell of {given} of a fixed grid.")
    elif shape is not None:
        many = f", as it meets more than {MOST_CELLS:,} cells of {asked}" if given != asked else ""
        said.append(f"Shape given as the cells of {given} of a fixed grid that it meets{many}.")
    if dated:
        said.append(f"Dates given to the {_DATE_WORDS[_DATE_LENGTHS[precision]]}.")
    if minimum_count > 1:
        said.append(f"Shown only where at least {minimum_count} records of a species share a cell.")
    return " ".join([*said, _METHOD])


def _joined(before: Any, ours: str | None) -> str | None:
    """Put our words after those that came with the row."""
    said = [text for text in (before, ours) if isinstance(text, str) and text]
    return " ".join(said) if said else None


def _order_of_contents(
    columns: dict[str, list[Any]], shapes: NDArray[np.object_]
) -> NDArray[np.int64]:
    """Return an order of rows that their own contents give, whatever order they came in."""
    cells = zip(shapely.to_wkb(shapes, hex=True), *columns.values(), strict=True)
    keys = [tuple(map(str, row)) for row in cells]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _as_frame(
    columns: dict[str, list[Any]], shapes: NDArray[np.object_], order: NDArray[np.int64]
) -> gpd.GeoDataFrame:
    index = pd.RangeIndex(len(order))
    cells = {
        name: pd.Series([column[place] for place in order], index=index, dtype=object)
        for name, column in columns.items()
    }
    cells[UNCERTAINTY] = cells[UNCERTAINTY].astype(float)
    return gpd.GeoDataFrame(cells, geometry=shapes[order], crs=WGS84)
