"""What lies at a place, in the layers a reader has switched on."""

from dataclasses import dataclass

import shapely

from kulan.atlas.styles import style_of
from kulan.errors import UnknownNameError
from kulan.exchange.web_mercator import pixel_deg
from kulan.web.atlas.drawing import drawing_of
from kulan.web.atlas.listing import map_versions, title_of
from kulan.web.atlas.property_words import told
from kulan.web.atlas.tiles import of_month, value_at
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.sights import note_sight
from kulan.web.catalogue.themes import Kind
from kulan.web.policy import Viewer, renditions
from kulan.words import Words

_REACH_PX = 8
_MOST = 12
_QUIET = frozenset({"name", "geometry_method", "note", "source"})  # shown apart from the others


@dataclass(frozen=True)
class Fact:
    """One thing found at a place."""

    name: str
    kind: str
    told: list[tuple[str, str]]
    rendition: Rendition | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class LayerFacts:
    """What one layer has at a place."""

    version: LayerVersion
    title: str
    facts: tuple[Fact, ...]
    more: int = 0


def facts_at(
    viewer: Viewer,
    words: Words,
    *,
    longitude: float,
    latitude: float,
    zoom: float,
    layers: list[str],
    month: int = 0,
) -> list[LayerFacts]:
    """Return what lies within a finger's breadth of a place, layer by layer."""
    reach = _REACH_PX * pixel_deg(int(min(max(zoom, 0), 20)))
    around = shapely.box(longitude - reach, latitude - reach, longitude + reach, latitude + reach)
    found = []
    for version in map_versions(viewer):
        if version.layer.layer_id not in layers:
            continue
        if version.kind == Kind.RASTER:
            facts, more = _cell(version, words, longitude, latitude), 0
        else:
            facts, more = _features(viewer, version, words, around, month)
        if facts:
            found.append(LayerFacts(version, title_of(version, words), facts, more))
    return found


def _features(
    viewer: Viewer, version: LayerVersion, words: Words, around: shapely.Geometry, month: int
) -> tuple[tuple[Fact, ...], int]:
    rows = renditions(viewer, version).filter(geometry__intersects=around)
    if month:
        rows = of_month(rows, month)
    # sorted here: asked to, SQLite would walk the whole layer in order instead of using the index
    hits = sorted(rows.values_list("uid", "pk"))
    first = renditions(viewer, version).in_bulk([pk for _, pk in hits[:_MOST]])
    facts = tuple(_fact(version, first[pk], words) for _, pk in hits[:_MOST] if pk in first)
    if facts:
        note_sight(viewer, version, "map")
    return facts, max(0, len(hits) - _MOST)


def _fact(version: LayerVersion, row: Rendition, words: Words) -> Fact:
    drawing = drawing_of(version)
    shown = {name: value for name, value in row.properties.items() if name not in _QUIET}
    kind = _kind_words(drawing.theme, drawing.keys(row.properties), words)
    note, source = (str(row.properties.get(name) or "") for name in ("note", "source"))
    return Fact(row.name, kind, told(shown, words), row, note, source)


def _cell(
    version: LayerVersion, words: Words, longitude: float, latitude: float
) -> tuple[Fact, ...]:
    value = value_at(version, longitude, latitude)
    if value is None or value == 0:
        return ()
    drawing = drawing_of(version)
    return (Fact("", _kind_words(drawing.theme, (drawing.fixed_kind, str(value)), words), []),)


def _kind_words(theme: str, keys: tuple[str, str], words: Words) -> str:
    try:
        return style_of(theme, *keys).legend_words(words)
    except UnknownNameError:
        return ""
