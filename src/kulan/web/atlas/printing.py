"""A view of the map as a sheet on paper, of what its reader sees."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import msgspec
import shapely
from django.conf import settings

from kulan.atlas import open_release
from kulan.atlas.styles import style_of
from kulan.errors import InvalidGeometryError, InvalidTableError, TooLargeError, UnknownNameError
from kulan.report.atlas_sheets import (
    Drawing,
    MapSheet,
    SheetBase,
    SheetLayer,
    habitat_layer,
    set_sheet,
    themed_layer,
)
from kulan.web.atlas.drawing import drawing_of
from kulan.web.atlas.listing import in_language, map_versions, precision_words, title_of
from kulan.web.atlas.tiles import grid_of, of_month
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.sights import note_sight
from kulan.web.catalogue.themes import Kind, Theme
from kulan.web.policy import Viewer, renditions
from kulan.words import Words

_MOST_FEATURES = 60_000
_MOST_DRAWINGS = 200
_MOST_TEXT = 200


class LayerAsked(msgspec.Struct):
    """A layer that is on, and how opaque it is."""

    id: str
    opacity: float = 1.0


class ViewAsked(msgspec.Struct):
    """What the map in the browser shows, as it says itself."""

    bounds: tuple[float, float, float, float]
    layers: list[LayerAsked] = []
    month: int = 0
    title: str = ""
    notes: str = ""
    drawings: list[dict[str, Any]] = []
    permalink: str = ""


@dataclass(frozen=True)
class Paper:
    """What the sheet is printed on."""

    page: str = "A4"
    orientation: str = "landscape"


def read_view(text: str) -> ViewAsked:
    """Read what a browser says it shows.

    Raises
    ------
    InvalidTableError
        If it is not what our page sends.
    """
    try:
        view = msgspec.json.decode(text, type=ViewAsked)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InvalidTableError(f"the view to print cannot be read: {error}.") from error
    west, south, east, north = view.bounds
    if not (-540 <= west < east <= 540 and -90 <= south < north <= 90):
        raise InvalidTableError(
            f"the view to print has the bounds {view.bounds}; give west, south, east, north."
        )
    return view


def printed(view: ViewAsked, paper: Paper, viewer: Viewer, words: Words, *, on: date) -> bytes:
    """Return the sheet as PDF.

    Raises
    ------
    TooLargeError
        If more lies in the view than a sheet can hold.
    """
    wanted = {layer.id: layer for layer in view.layers}
    shown = [
        version
        for version in map_versions(viewer)
        if version.layer.layer_id in wanted and version.layer.theme != Theme.BASE
    ]
    layers = [
        _layer(version, wanted[version.layer.layer_id], view, viewer, words) for version in shown
    ]
    sheet = MapSheet(
        title=view.title[:_MOST_TEXT] or words.say("Atlas of Central Asia's migratory mammals"),
        bounds=view.bounds,
        layers=tuple(layer for layer in layers if layer is not None),
        made_on=on,
        base=_base(str(settings.STATE)),
        drawings=_drawings(view),
        notes=tuple(line[:_MOST_TEXT] for line in view.notes.splitlines() if line.strip())[:12],
        permalink=view.permalink[:2000],
        page=paper.page,
        orientation=paper.orientation,
    )
    return set_sheet(sheet, words)


def _layer(
    version: LayerVersion, asked: LayerAsked, view: ViewAsked, viewer: Viewer, words: Words
) -> SheetLayer | None:
    title = title_of(version, words)
    sources = (f"{title}: {version.attribution or version.source}. {version.licence}",)
    if version.kind == Kind.RASTER:
        grid = grid_of(version.file_sha256, version.file_extension)
        label = words.say(in_language(version.label, words))
        made = habitat_layer(title, grid, words, label=label, sources=sources)
    else:
        note_sight(viewer, version, "print")
        features = _features(version, view, viewer)
        if features.empty:
            return None
        theme = drawing_of(version).theme
        made = themed_layer(title, theme, features, words, value="value", sources=sources)
        made = replace(made, label=precision_words(version, viewer, words))
    opacity = min(1.0, max(0.05, asked.opacity))
    classes = tuple(
        replace(one, style=replace(one.style, opacity=one.style.opacity * opacity))
        for one in made.classes
    )
    return replace(made, classes=classes)


def _features(version: LayerVersion, view: ViewAsked, viewer: Viewer) -> gpd.GeoDataFrame:
    drawing = drawing_of(version)
    rows = renditions(viewer, version).filter(geometry__bbox=view.bounds)
    if 1 <= view.month <= 12:
        rows = of_month(rows, view.month)
    if (count := rows.count()) > _MOST_FEATURES:
        raise TooLargeError(
            f"{version.layer.layer_id}: {count} features lie in the view, and a sheet holds "
            f"{_MOST_FEATURES}. Come closer, or switch the layer off."
        )
    found = list(rows.order_by("uid"))
    keys = [drawing.keys(row.properties) for row in found]
    return gpd.GeoDataFrame(
        {
            "kind": [_known_kind(drawing.theme, kind, value) for kind, value in keys],
            "value": [value for _, value in keys],
            "name": [row.name for row in found],
        },
        geometry=[row.geometry for row in found],
        crs="EPSG:4326",
    )


def _known_kind(theme: str, kind: str, value: str) -> str:
    """Return a kind the table of styles has: people's layers may hold others."""
    try:
        return style_of(theme, kind, value).kind
    except UnknownNameError:
        return "other" if theme in ("incidents", "mitigation") else "key_area"


@lru_cache(maxsize=2)
def _base(state: str) -> SheetBase:
    release = open_release(Path(state))
    return SheetBase(
        states=release.read_vector("states"),
        disputed=release.read_vector("disputed_boundaries"),
        rivers=release.read_vector("rivers"),
        places=release.read_vector("places"),
        sources=(release.layer("states").attribution,),
    )


def _drawings(view: ViewAsked) -> tuple[Drawing, ...]:
    if len(view.drawings) > _MOST_DRAWINGS:
        raise TooLargeError(
            f"{len(view.drawings)} drawings; a sheet takes {_MOST_DRAWINGS}. Delete some."
        )
    return tuple(_drawing(feature) for feature in view.drawings)


def _drawing(feature: dict[str, Any]) -> Drawing:
    try:
        shape = shapely.geometry.shape(feature["geometry"])
        name = (feature.get("properties") or {}).get("name")
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise InvalidGeometryError(f"a drawing is no shape of GeoJSON: {error!r}.") from error
    return Drawing(shape, str(name or "")[:_MOST_TEXT])
