"""Which style each feature of a layer has: the table of styles, applied to the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kulan.atlas.styles import Style, styles
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.themes import Kind, Theme
from kulan.words import Words

_PUBLISHED = {
    Theme.DISTRIBUTION: "habitat",
    Theme.KEY_AREAS: "areas",
    Theme.CORRIDORS: "corridors",
    Theme.BARRIERS: "barriers",
    Theme.MITIGATION: "mitigation",
    Theme.TELEMETRY: "telemetry",
    Theme.INCIDENTS: "incidents",
    Theme.GAPS: "knowledge",
}
_BASE = {
    "states": ("borders", "states"),
    "disputed_boundaries": ("borders", "disputed"),
    "rivers": ("water", "rivers"),
    "places": ("settlements", "places"),
}
_COLUMNS = {"barriers": ("barrier_type", "status"), "mitigation": ("kind", "status")}


@dataclass(frozen=True)
class Drawing:
    """How a layer is drawn.

    Attributes
    ----------
    theme
        Theme in the table of styles.
    kind_column, value_column
        Properties that choose the style; empty where all features look alike.
    fixed_kind
        Kind of all features, where no column chooses it.
    """

    theme: str
    kind_column: str = ""
    value_column: str = ""
    fixed_kind: str = ""

    def keys(self, properties: Mapping[str, Any]) -> tuple[str, str]:
        """Return a feature's kind and value, as the table of styles names them."""
        kind = self.fixed_kind or str(properties.get(self.kind_column) or "")
        return kind, str(properties.get(self.value_column) or "")

    def styles(self) -> list[Style]:
        """Return the styles the layer may use, in the order of legends."""
        found = [style for style in styles() if style.theme == self.theme]
        if self.fixed_kind:
            found = [style for style in found if style.kind == self.fixed_kind]
        return found


def drawing_of(version: LayerVersion) -> Drawing:
    """Return how a version is drawn; by its theme, or by its own columns `kind` and `value`."""
    layer = version.layer
    if layer.layer_id in _BASE:
        theme, kind = _BASE[layer.layer_id]
        return Drawing(theme, fixed_kind=kind)
    if layer.layer_id == "landscapes":
        return Drawing("landscapes", kind_column="kind")
    theme = _PUBLISHED.get(Theme(layer.theme), "base")
    columns = set(version.columns)
    if version.kind == Kind.RASTER:
        return Drawing(theme, fixed_kind="potential" if theme == "habitat" else "")
    if theme in _COLUMNS:
        return Drawing(theme, *_COLUMNS[theme])
    if "kind" in columns:
        return Drawing(theme, "kind", "value")
    kinds = {style.kind for style in styles() if style.theme == theme}
    return Drawing(theme, fixed_kind=_usual_kind(theme, kinds))


def _usual_kind(theme: str, kinds: set[str]) -> str:
    """Return the kind of features that do not tell theirs."""
    usual = {
        "areas": "key_area",
        "corridors": "expert",
        "telemetry": "track",
        "incidents": "other",
        "knowledge": "not_surveyed",
        "habitat": "potential",
    }
    return usual.get(theme) or next(iter(sorted(kinds)), "")


def as_json(style: Style) -> dict[str, Any]:
    """Return a style for the map in a browser."""
    return {
        "shape": style.shape,
        "fill": style.fill,
        "stroke": style.stroke,
        "fill_dark": style.fill_dark,
        "stroke_dark": style.stroke_dark,
        "width_px": style.width_px,
        "dash_px": list(style.dash_px),
        "marker": style.marker,
        "opacity": style.opacity,
    }


def legend(version: LayerVersion, words: Words, used: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the legend: the styles of the layer that its features use."""
    lines = []
    for style in drawing_of(version).styles():
        if used and (style.kind, style.value) not in used and (style.kind, "") not in used:
            continue
        lines.append(
            {
                "kind": style.kind,
                "value": style.value,
                "words": style.legend_words(words),
                "style": as_json(style),
            }
        )
    return lines
