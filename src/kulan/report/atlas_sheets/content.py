"""What a printed sheet of the Atlas holds: plain values, before anything is drawn."""

from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from kulan.atlas.styles import Style, style_of, styles
from kulan.grids import Grid
from kulan.words import Words


@dataclass(frozen=True)
class SheetClass:
    """One entry of a layer's legend, and how what it stands for is drawn.

    Attributes
    ----------
    words
        What the legend says, in the reader's language.
    style
        How it is drawn, see `kulan.atlas.styles.style_of`.
    values
        Values of the layer's column, or of the cells of its grid, that belong to it; empty for all.
    """

    words: str
    style: Style
    values: tuple[object, ...] = ()


@dataclass(frozen=True)
class SheetLayer:
    """One layer of the map.

    Attributes
    ----------
    title
        In the reader's language.
    classes
        Entries of the legend.
    features
        Points, lines or polygons, EPSG:4326; None for a raster.
    column
        Column of `features` whose values tell the classes apart; empty where there is one class.
    grid
        Whole numbers 0 to 255, EPSG:4326; None for features.
    sources
        Who made it, with its licence; a line each.
    label
        Words that must stand beside the layer, such as "potential habitat, not observed range".
    name_column
        Column of names to write beside the features, where there is room.
    """

    title: str
    classes: tuple[SheetClass, ...]
    features: gpd.GeoDataFrame | None = None
    column: str = ""
    grid: Grid | None = None
    sources: tuple[str, ...] = ()
    label: str = ""
    name_column: str = ""


@dataclass(frozen=True)
class SheetBase:
    """What lies under and between the layers, as the tables of the Atlas hold it; all optional.

    A table may carry `name_ru` or `name_fr` beside `name`.
    """

    states: gpd.GeoDataFrame | None = None
    disputed: gpd.GeoDataFrame | None = None
    rivers: gpd.GeoDataFrame | None = None
    places: gpd.GeoDataFrame | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """Something the reader drew on the map, EPSG:4326; it is measured when it is set."""

    geometry: BaseGeometry
    name: str = ""


@dataclass(frozen=True)
class MapSheet:
    """A view of the Atlas to be printed.

    Attributes
    ----------
    title, subtitle
        In the reader's language.
    bounds
        West, south, east, north, degrees; all of it will be on the map. A west beyond the east
        crosses the antimeridian.
    layers
        The first lies lowest among those of its shape; rasters lie under areas, areas under lines,
        lines under points.
    made_on
        Day of the sheet, and of the PDF.
    base
        States, rivers and towns.
    drawings
        What the reader drew.
    notes
        The reader's own remarks.
    permalink
        Address of the view.
    disclaimer
        Words on borders; Kulan's own where empty.
    page
        A4 or A3.
    orientation
        portrait or landscape.
    """

    title: str
    bounds: tuple[float, float, float, float]
    layers: tuple[SheetLayer, ...]
    made_on: date
    subtitle: str = ""
    base: SheetBase = field(default_factory=SheetBase)
    drawings: tuple[Drawing, ...] = ()
    notes: tuple[str, ...] = ()
    permalink: str = ""
    disclaimer: str = ""
    page: str = "A4"
    orientation: str = "landscape"


def themed_layer(
    title: str,
    theme: str,
    features: gpd.GeoDataFrame,
    words: Words,
    *,
    kind: str = "kind",
    value: str = "",
    sources: tuple[str, ...] = (),
    name_column: str = "",
) -> SheetLayer:
    """Return features as a layer in the Atlas's own styles.

    Parameters
    ----------
    title
        In the reader's language.
    theme
        Of `kulan.atlas.styles`.
    features
        EPSG:4326.
    words
        The reader's language.
    kind, value
        Columns that hold the style's kind and, where it has one, its value (a status).
    sources
        Who made it, with its licence.
    name_column
        Column of names to write on the map.

    Raises
    ------
    UnknownNameError
        If a kind of the features has no style.
    """
    kinds = features[kind].astype(str)
    values = features[value].astype(str) if value else kinds.map(lambda _: "")
    found = {
        (one, other): style_of(theme, one, other)
        for one, other in zip(kinds.tolist(), values.tolist(), strict=True)
    }
    order = {(one.kind, one.value): place for place, one in enumerate(styles())}
    classes = {style: style for style in found.values()}
    codes = [
        f"{found[pair].kind}/{found[pair].value}"
        for pair in zip(kinds.tolist(), values.tolist(), strict=True)
    ]
    return SheetLayer(
        title,
        tuple(
            SheetClass(style.legend_words(words), style, (f"{style.kind}/{style.value}",))
            for style in sorted(classes, key=lambda one: order[(one.kind, one.value)])
        ),
        features=features.assign(_style=codes),
        column="_style",
        sources=sources,
        name_column=name_column,
    )


def habitat_layer(
    title: str, grid: Grid, words: Words, *, label: str, sources: tuple[str, ...] = ()
) -> SheetLayer:
    """Return a grid of potential habitat as a layer in the Atlas's own styles.

    Parameters
    ----------
    title
        In the reader's language.
    grid
        Cells as `kulan.habitat.potential` writes them.
    words
        The reader's language.
    label
        Words that must stand beside it.
    sources
        Who made it, with its licence.
    """
    classes = tuple(
        SheetClass(one.legend_words(words), one, (int(one.value),))
        for one in styles()
        if one.theme == "habitat"
    )
    return SheetLayer(title, classes, grid=grid, label=label, sources=sources)
