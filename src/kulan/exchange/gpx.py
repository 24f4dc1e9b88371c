"""GPX (1.0 and 1.1): tracks and routes as lines, waypoints as points."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidFileError, TooLargeError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import MOST_FEATURES, Asked, Rows
from kulan.exchange.xml_files import check_xml, child, elements, local, text_of

_LAYERS = {"trk": "tracks", "rte": "routes", "wpt": "waypoints"}
_NO_ATTRIBUTES = ("trkseg", "rtept", "extensions", "link")
_SHORT_PART = "a track segment or route of fewer than two points"


@dataclass
class _Found:
    """What the file gave so far, in its order."""

    shapes: list[BaseGeometry | None] = field(default_factory=list)
    attributes: list[dict[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    timed: list[int] = field(default_factory=list)
    n_seen: int = 0


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read tracks, routes and waypoints; column `gpx_layer` says which each feature is.

    A track is a multi-part line, one part for each segment. Times and other values of single
    points are not carried, and that is noted.

    Raises
    ------
    InvalidFileError
        If it is not whole GPX, or `layer` is none of tracks, routes, waypoints.
    """
    if asked.layer is not None and asked.layer not in _LAYERS.values():
        raise InvalidFileError(
            f"{asked.name}: no layer {asked.layer!r}; GPX has {', '.join(_LAYERS.values())}."
        )
    check_xml(path, "gpx", asked)
    found = _Found()
    depth = 0
    for event, element in elements(path):
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 1 and local(element) in _LAYERS:
            _take(element, found, asked)
            element.clear()
    _note(found, losses)
    source_rows = np.array(found.numbers, dtype=np.int64)
    shapes = np.empty(len(found.shapes), dtype=object)
    shapes[:] = found.shapes
    return Rows(
        geometries=shapes,
        attributes=pd.DataFrame(
            found.attributes, index=pd.RangeIndex(len(shapes)), columns=_names(found), dtype=object
        ),
        source_rows=source_rows,
        crs="EPSG:4326",
        layer=asked.layer or "",
        n_read=found.n_seen,
    )


def _names(found: _Found) -> list[str]:
    return list(dict.fromkeys(name for row in found.attributes for name in row)) or ["gpx_layer"]


def _take(element: ET.Element, found: _Found, asked: Asked) -> None:
    """Add one track, route or waypoint."""
    found.n_seen += 1
    if found.n_seen > MOST_FEATURES:
        raise TooLargeError(f"{asked.name}: more than {MOST_FEATURES} tracks, routes and points.")
    layer = _LAYERS[local(element)]
    if asked.layer not in (None, layer):
        return
    row = found.n_seen
    try:
        shape, has_more, has_short = _shape(element)
    except (ValueError, TypeError):
        found.broken.append(row)
        return
    if has_short:
        found.short.append(row)
    if has_more:
        found.timed.append(row)
    found.shapes.append(shape)
    found.attributes.append({"gpx_layer": layer, **_attributes(element)})
    found.numbers.append(row)


def _shape(element: ET.Element) -> tuple[BaseGeometry, bool, bool]:
    """Return the shape, whether its points carry more than a place, whether parts were short."""
    kind = local(element)
    if kind == "wpt":
        return shapely.Point(_position(element)), False, False
    inner = "trkpt" if kind == "trk" else "rtept"
    lines = [element] if kind == "rte" else [seg for seg in element if local(seg) == "trkseg"]
    points = [[point for point in line if local(point) == inner] for line in lines]
    more = any(len(point) for line in points for point in line)
    parts = [[_position(point) for point in line] for line in points]
    long = [part for part in parts if len(part) > 1]
    has_short = len(long) < len(parts) and bool(long)
    if kind == "rte":
        return shapely.LineString(long[0] if long else None), more, has_short
    return shapely.MultiLineString(long), more, has_short


def _position(point: ET.Element) -> tuple[float, float]:
    lon, lat = float(point.get("lon", "")), float(point.get("lat", ""))
    if not (abs(lon) <= 360 and abs(lat) <= 90):
        raise ValueError(lon, lat)
    return lon, lat


def _attributes(element: ET.Element) -> dict[str, str]:
    """Return the simple values of an element; a link is its address, extensions their leaves."""
    values: dict[str, str] = {}
    for inner in element:
        name, words = local(inner), text_of(inner)
        if words is not None and name not in (*_NO_ATTRIBUTES, "ele"):
            values.setdefault(name, words)
    link = child(element, "link")
    if link is not None and link.get("href"):
        values["link"] = str(link.get("href"))
    extensions = child(element, "extensions")
    for leaf in extensions.iter() if extensions is not None else ():
        words = text_of(leaf)
        if len(leaf) == 0 and words is not None and leaf is not extensions:
            values.setdefault(local(leaf), words)
    return values


def _note(found: _Found, losses: Losses) -> None:
    losses.leave_out(
        found.broken, "feature", "a point whose latitude or longitude is missing or not a number"
    )
    losses.leave_out(found.short, "part of a feature", _SHORT_PART)
    losses.change(
        found.timed,
        "values of single points dropped",
        "heights, times and other values of track points are not carried; only where the line runs",
    )
