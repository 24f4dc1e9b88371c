"""The formats Kulan reads, one module each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kulan.exchange import (
    delimited_text,
    dxf,
    flatgeobuf,
    geojson,
    geopackage,
    geoparquet,
    gpx,
    kml,
    shapefile,
)
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked, Rows


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes
    ----------
    name
        What people call it.
    extensions
        Endings of its files, lower case with the dot.
    read
        Reads it; see any of the modules.
    has_layers
        Whether one file can hold several layers.
    fixed_crs
        The CRS its standard prescribes; None where a file has to say it.
    loses
        What the format itself, or our reading of it, cannot carry; for the documentation.
    """

    name: str
    extensions: tuple[str, ...]
    read: Callable[[Path, Asked, Losses], Rows]
    has_layers: bool
    fixed_crs: str | None
    loses: str


FORMATS: tuple[Format, ...] = (
    Format(
        "GeoPackage",
        (".gpkg",),
        geopackage.read,
        True,
        None,
        "heights, measures; curves become short straight edges",
    ),
    Format(
        "Shapefile",
        (".shp",),
        shapefile.read,
        False,
        None,
        "heights, measures; column names longer than ten letters were cut when it was written",
    ),
    Format(
        "GeoJSON",
        (".geojson", ".json"),
        geojson.read,
        False,
        "OGC:CRS84, unless an older file's `crs` member says otherwise",
        "heights; members the standard does not know",
    ),
    Format(
        "KML",
        (".kml", ".kmz"),
        kml.read,
        True,
        "EPSG:4326",
        "heights, times along a track, overlays, styles; links are not followed",
    ),
    Format("GPX", (".gpx",), gpx.read, True, "EPSG:4326", "heights and times of single points"),
    Format(
        "DXF",
        (".dxf",),
        dxf.read,
        True,
        None,
        "heights, colours; arcs and splines become short straight edges",
    ),
    Format("FlatGeobuf", (".fgb",), flatgeobuf.read, False, None, "heights, measures; curves"),
    Format("GeoParquet", (".parquet", ".geoparquet"), geoparquet.read, False, None, "heights"),
    Format(
        "CSV",
        (".csv", ".tsv", ".txt"),
        delimited_text.read,
        False,
        None,
        "values that differ between the points of one line",
    ),
)
EXTENSIONS: tuple[str, ...] = tuple(ending for form in FORMATS for ending in form.extensions)


def format_of(path: Path) -> Format:
    """Return the format a file's ending names.

    Raises
    ------
    KeyError
        If it is none of `EXTENSIONS`.

    Examples
    --------
    >>> format_of(Path("line.GeoJSON")).name
    'GeoJSON'
    """
    suffix = path.suffix.lower()
    for form in FORMATS:
        if suffix in form.extensions:
            return form
    raise KeyError(suffix)
