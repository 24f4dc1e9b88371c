"""The report's maps: one of everything around the alternatives, and one for each species."""

from kulan.grids import Grid
from kulan.report.cartography import (
    Frame,
    Labels,
    Lookup,
    attributes,
    escape,
    layer,
    lookup,
    make_frame,
    raster,
)
from kulan.report.document import FigureMap
from kulan.report.map_furniture import furniture, locator
from kulan.report.map_layers import (
    alternatives,
    areas,
    background,
    barriers,
    borders,
    rivers,
    structures,
    towns,
    user_layers,
)
from kulan.report.map_legend import LEGEND_ROW_PX, Key, legend, legend_column, legend_rows
from kulan.report.reader import Reader
from kulan.screening import Scene
from kulan.screening.findings import Screening, SpeciesFindings
from kulan.screening.unknowns import is_touched

OVERVIEW_PX = (880, 680)
SPECIES_PX = (440, 440)
"""Width, and height at most."""
SPECIES_MAPS = 6
"""Species that get a map of their own: those of most concern."""

_NARROW_SHARE = 0.95
_LEGEND_BESIDE_PX = 500
_LEAST_FOR_INSET_PX = 380
_LEGEND_COLUMN_PX = 330
_NARROWEST_SHARE = 0.6
_SMALL_COLUMN_PX = 190

Rgb = tuple[int, int, int]
HABITAT_COLOURS: dict[int, Rgb] = {
    1: (86, 170, 132),
    11: (196, 226, 211),
    2: (106, 163, 213),
    12: (199, 221, 240),
    3: (214, 189, 88),
    13: (241, 231, 186),
}
"""Colour of each value of a habitat grid: present, reintroduced, uncertain; marginal paler."""
_KEY_OF_VALUE = (
    ((1,), "suitable"),
    ((11,), "marginal"),
    ((2, 12), "reintroduced"),
    ((3, 13), "uncertain"),
)


def overview_map(screening: Screening, scene: Scene, reader: Reader) -> FigureMap:
    """Draw the alternatives among states, rivers, towns, barriers and areas."""
    frame = _frame(scene, OVERVIEW_PX)
    labels = Labels(frame.width, frame.height)
    keys: list[Key] = []
    # what is named first finds room first; what is drawn first lies below
    lines = alternatives(screening, frame, labels, keys)
    inset = locator(frame, labels) if frame.width > _LEAST_FOR_INSET_PX else ""
    marks = inset + furniture(frame, labels, reader)
    crossings = structures(screening, frame, reader, keys)
    existing = barriers(scene, frame, reader, keys)
    frontiers = borders(scene, frame, labels, reader, keys)
    key_areas = areas(scene.key_areas, "key_area", frame, labels, reader, keys)
    named = towns(scene, frame, labels)
    brought = user_layers(scene, frame, keys)
    landscapes = areas(scene.landscapes, "landscape", frame, labels, reader, keys)
    parts = [
        background(scene, frame),
        layer(reader.say("Rivers"), rivers(scene, frame, labels)),
        layer(reader.say("Landscapes"), landscapes),
        layer(reader.say("Key areas"), key_areas),
        layer(reader.say("Layers you added"), brought),
        frontiers,
        layer(reader.say("Existing barriers"), existing),
        lines,
        crossings,
        layer(reader.say("Towns"), named),
        marks,
    ]
    title = reader.say("Map of the alternatives and what lies around them")
    names = [one.alternative.name for one in screening.alternatives]
    states = dict.fromkeys(
        state.iso3 for one in screening.alternatives for state in one.states if state.iso3
    )
    description = reader.say(
        "{alternatives}; in {states}; with rivers, towns, borders, key areas, landscapes and known "
        "barriers around.",
        alternatives=reader.joined(names),
        states=reader.states_listed(tuple(states)) or "–",
    )
    caption = reader.say(
        "Borders are drawn as in the source, Natural Earth; the way they are shown is no statement "
        "on any territory. Names of towns and rivers are the source's."
    )
    svg = map_sheet("".join(parts), frame, keys, "overview", title, description, reader)
    return FigureMap(svg, title, description, caption)


def species_maps(screening: Screening, scene: Scene, reader: Reader) -> tuple[FigureMap, ...]:
    """Draw the potential habitat of the touched species of most concern, one map each."""
    found: dict[str, SpeciesFindings] = {}
    for alternative in screening.alternatives:
        for one in alternative.species:
            if is_touched(one):
                known = found.get(one.species_id)
                if known is None or one.concern < known.concern:
                    found[one.species_id] = one
    first = sorted(found.values(), key=lambda one: one.concern)[:SPECIES_MAPS]
    if not first:
        return ()
    frame = _frame(scene, SPECIES_PX)
    cells = lookup(frame)
    return tuple(
        _species_map(one.species_id, grid, screening, scene, frame, cells, reader)
        for one in first
        if (grid := scene.habitats.get(one.species_id)) is not None
    )


def _species_map(
    species_id: str,
    grid: Grid,
    screening: Screening,
    scene: Scene,
    frame: Frame,
    cells: Lookup,
    reader: Reader,
) -> FigureMap:
    labels = Labels(frame.width, frame.height)
    keys: list[Key] = []
    lines = alternatives(screening, frame, labels, [])
    marks = furniture(frame, labels, reader)
    keys += habitat_keys(grid, cells, reader)
    parts = [
        background(scene, frame),
        raster(frame, grid, HABITAT_COLOURS, cells),
        borders(scene, frame, labels, reader, []),
        barriers(scene, frame, reader, []),
        lines,
        towns(scene, frame, labels, most=8),
        marks,
    ]
    name = reader.species(species_id)
    title = reader.say("Potential habitat: {species}", species=name)
    description = reader.say(
        "Potential habitat of {species} around the alternatives, by cells.", species=name
    )
    caption = reader.say(
        "{species} ({scientific}): potential habitat, not observed range.",
        species=name,
        scientific=reader.scientific(species_id),
    )
    svg = map_sheet("".join(parts), frame, keys, species_id, title, description, reader)
    return FigureMap(svg, title, description, caption, wide=False)


def habitat_keys(grid: Grid, cells: Lookup, reader: Reader) -> list[Key]:
    """Return the legend's entries for the values that are on the map."""
    present = set(cells.values_of(grid).ravel().tolist())
    words = {
        "suitable": reader.say("potential habitat"),
        "marginal": reader.say("marginal"),
        "reintroduced": reader.say("reintroduced"),
        "uncertain": reader.say("presence uncertain"),
    }
    return [
        Key(words[name], "fill", _hex(HABITAT_COLOURS[values[0]]))
        for values, name in _KEY_OF_VALUE
        if present.intersection(values)
    ]


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _frame(scene: Scene, size: tuple[int, int]) -> Frame:
    return make_frame(scene.bounds, size[0], size[1])


def map_sheet(
    content: str,
    frame: Frame,
    keys: list[Key],
    name: str,
    title: str,
    description: str,
    reader: Reader,
) -> str:
    """Return the map with its frame, legend, title and description as one SVG."""
    large = frame.height >= _LEGEND_BESIDE_PX
    if frame.width < (_NARROW_SHARE if large else _NARROWEST_SHARE) * frame.height:
        column = _LEGEND_COLUMN_PX if large else _SMALL_COLUMN_PX
        width, height = frame.width + column, frame.height
        entries = legend_column(keys, frame.width + 16, 4, column - 16)
    else:
        rows = legend_rows(keys, frame.width)
        width, height = frame.width, frame.height + rows * LEGEND_ROW_PX + (8 if rows else 0)
        entries = legend(keys, frame.width, frame.height + 8)
    opening = attributes(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        aria_labelledby=f"{name}-map-title {name}-map-description",
        font_family="Noto Sans, Segoe UI, system-ui, sans-serif",
        data_layers=reader.say("Show on the map"),
    )
    clip = attributes(x=0, y=0, width=f"{frame.width:g}", height=f"{frame.height:g}")
    return (
        f'<svg{opening}><title id="{name}-map-title">{escape(title)}</title>'
        f'<desc id="{name}-map-description">{escape(description)}</desc>'
        f'<defs><clipPath id="{name}-paper"><rect{clip}/></clipPath></defs>'
        f'<g clip-path="url(#{name}-paper)">{content}</g>'
        f'<rect{clip} fill="none" stroke="#4c555e" stroke-width="1"/>'
        f"{entries}</svg>"
    )
