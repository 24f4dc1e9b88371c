"""KML 2.2 and 2.3, bare or as the document of a .kmz."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from kulan.errors import TooLargeError
from kulan.exchange.layers import choose_layer
from kulan.exchange.losses import Losses
from kulan.exchange.rows import KIND_OF_TYPE, MOST_FEATURES, Asked, Rows
from kulan.exchange.wkb import UNREADABLE
from kulan.exchange.xml_files import check_xml, child, elements, local, text_of

_CONTAINERS = ("Document", "Folder")
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")
_PLAIN = ("name", "description", "address", "phoneNumber", "styleUrl", "visibility", "Snippet")
_NOT_SHAPES = {
    "Model": "a 3-D model",
    "GroundOverlay": "a picture on the ground",
    "ScreenOverlay": "a picture on the screen",
    "PhotoOverlay": "a photograph",
    "NetworkLink": "a link to another file, which is not followed",
    "Tour": "a recorded flight",
}
_ONE_POINT = "a line of one point"
_TIMES = "values of single points dropped: times of track points are not carried"
_HEIGHTS = "heights dropped: Z values are not used"
_SPACED_COMMA = re.compile(r"\s*,\s*")


@dataclass
class _Placemark:
    """One placemark: folder, number in the file, shape, attributes, what was wrong."""

    folder: str
    number: int
    shape: BaseGeometry | None
    attributes: dict[str, str]
    notes: set[str] = field(default_factory=set)


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read the placemarks of one folder; folders are KML's layers.

    A folder within a folder is named by both: ``Railway/Option A``. Placemarks outside any folder
    form a layer named as the document, or ``Placemarks``.

    Raises
    ------
    InvalidFileError
        If it is not whole KML, or several folders hold shapes of the kinds wanted.
    """
    check_xml(path, "kml", asked)
    placemarks = _placemarks(path, asked, losses)
    layers: dict[str, frozenset[str]] = {}
    for placemark in placemarks:
        layers[placemark.folder] = layers.get(placemark.folder, frozenset()) | _kinds(placemark)
    folder = choose_layer(layers, asked, losses, "folder")
    chosen = [placemark for placemark in placemarks if placemark.folder == folder]
    _note(chosen, losses)
    usable = [placemark for placemark in chosen if UNREADABLE not in placemark.notes]
    shapes = np.empty(len(usable), dtype=object)
    shapes[:] = [placemark.shape for placemark in usable]
    names = list(dict.fromkeys(name for p in usable for name in p.attributes))
    return Rows(
        geometries=shapes,
        attributes=pd.DataFrame(
            [p.attributes for p in usable],
            index=pd.RangeIndex(len(usable)),
            columns=names,
            dtype=object,
        ),
        source_rows=np.array([p.number for p in usable], dtype=np.int64),
        crs="EPSG:4326",
        layer=folder,
        n_read=len(chosen),
    )


def _placemarks(path: Path, asked: Asked, losses: Losses) -> list[_Placemark]:
    """Return every placemark with the folders around it; note everything else that is shown."""
    found: list[_Placemark] = []
    containers: list[ET.Element] = []
    for event, element in elements(path):
        kind = local(element)
        if event == "start":
            if kind in _CONTAINERS:
                containers.append(element)
            continue
        if kind == "Placemark":
            if len(found) >= MOST_FEATURES:
                raise TooLargeError(f"{asked.name}: more than {MOST_FEATURES} placemarks.")
            found.append(_placemark(element, _folder(containers), len(found) + 1))
            element.clear()
        elif kind in _NOT_SHAPES:
            losses.leave_out(None, kind, _NOT_SHAPES[kind])
        elif kind in _CONTAINERS:
            containers.pop()
    return found


def _folder(containers: list[ET.Element]) -> str:
    """Return the path of folder names; the document's own name only where there is no folder."""
    folders = [c for c in containers if local(c) == "Folder"] or containers
    names = [text_of(child(c, "name")) or local(c) for c in folders]
    return "/".join(names) or "Placemarks"


def _kinds(placemark: _Placemark) -> frozenset[str]:
    if placemark.shape is None:
        return frozenset()
    parts = [placemark.shape]
    while any(part.geom_type == "GeometryCollection" for part in parts):
        parts = [single for part in parts for single in shapely.get_parts(part)]
    return frozenset(KIND_OF_TYPE[int(shapely.get_type_id(part))] for part in parts)


def _placemark(element: ET.Element, folder: str, number: int) -> _Placemark:
    placemark = _Placemark(folder, number, None, _attributes(element))
    holder = next((inner for inner in element if local(inner) in _SHAPES), None)
    if holder is not None:
        try:
            placemark.shape = _shape(holder, placemark.notes)
        except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
            placemark.notes.add(UNREADABLE)
    return placemark


def _attributes(element: ET.Element) -> dict[str, str]:
    """Return name, description and the like, and the extended data under their own names."""
    values: dict[str, str] = {}
    for inner in element:
        words = text_of(inner)
        if local(inner) in _PLAIN and words is not None:
            values[local(inner)] = words
        elif local(inner) in ("TimeStamp", "TimeSpan"):
            values.update({local(t): w for t in inner if (w := text_of(t)) is not None})
    extended = child(element, "ExtendedData")
    for entry in extended.iter() if extended is not None else ():
        if local(entry) in ("Data", "SimpleData") and entry.get("name"):
            value = child(entry, "value") if local(entry) == "Data" else entry
            words = text_of(value)
            if words is not None:
                values[str(entry.get("name"))] = words
    return values


def _shape(element: ET.Element, notes: set[str]) -> BaseGeometry:
    """Build the shape an element describes."""
    kind = local(element)
    if kind in ("MultiGeometry", "MultiTrack"):
        parts = [_shape(inner, notes) for inner in element if local(inner) in _SHAPES]
        return _joined([part for part in parts if not part.is_empty])
    if kind == "Polygon":
        rings = [
            _ring(boundary, notes) for boundary in element if local(boundary).endswith("BoundaryIs")
        ]
        if not rings:
            return shapely.Polygon()
        return shapely.Polygon(rings[0], rings[1:])
    if kind == "Track":
        lonlat = [_position(words.split(), notes) for words in _texts(element, "coord")]
        notes.add(_TIMES)
    else:
        lonlat = _coordinates(child(element, "coordinates"), notes)
    if kind == "Point":
        return shapely.Point(lonlat[0]) if lonlat else shapely.Point()
    if len(lonlat) == 1:
        notes.add(_ONE_POINT)
        return shapely.LineString()
    return shapely.LineString(lonlat)


def _joined(parts: list[BaseGeometry]) -> BaseGeometry:
    """Return several parts as one multi-part shape, or a collection when they are mixed."""
    kinds = {part.geom_type for part in parts}
    if kinds == {"LineString"}:
        return shapely.MultiLineString(parts)
    if kinds == {"Polygon"}:
        return shapely.MultiPolygon(parts)
    if kinds == {"Point"}:
        return shapely.MultiPoint(parts)
    return shapely.GeometryCollection(parts)


def _ring(boundary: ET.Element, notes: set[str]) -> list[tuple[float, float]]:
    ring = child(boundary, "LinearRing")
    return _coordinates(child(ring, "coordinates") if ring is not None else None, notes)


def _texts(element: ET.Element, name: str) -> list[str]:
    return [words for inner in element if local(inner) == name and (words := text_of(inner))]


def _coordinates(element: ET.Element | None, notes: set[str]) -> list[tuple[float, float]]:
    """Return longitude and latitude of each position in a KML coordinates text."""
    tuples = _SPACED_COMMA.sub(",", text_of(element) or "").split()
    return [_position(values.split(","), notes) for values in tuples]


def _position(values: list[str], notes: set[str]) -> tuple[float, float]:
    # KML writes a height of 0 everywhere; only others say something
    if len(values) > 2 and float(values[2] or 0) != 0:
        notes.add(_HEIGHTS)
    return float(values[0]), float(values[1])


def _note(placemarks: list[_Placemark], losses: Losses) -> None:
    """Put what was wrong with placemarks into the account."""
    for note in sorted({note for placemark in placemarks for note in placemark.notes}):
        rows = [p.number for p in placemarks if note in p.notes]
        if note == UNREADABLE:
            losses.leave_out(rows, "feature", note)
        elif note == _ONE_POINT:
            losses.leave_out(rows, "part of a feature", note)
        else:
            losses.change(rows, *note.split(": ", 1))
