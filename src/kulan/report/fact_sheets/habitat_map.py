"""The map of a fact sheet: potential habitat among the states, labelled as what it is."""

import geopandas as gpd

from kulan.report.cartography import Labels, lookup, make_frame, raster
from kulan.report.document import FigureMap
from kulan.report.fact_sheets.facts import HabitatPicture
from kulan.report.map_furniture import furniture
from kulan.report.map_layers import background, borders
from kulan.report.map_legend import Key
from kulan.report.maps import HABITAT_COLOURS, habitat_keys, map_sheet
from kulan.report.reader import Reader
from kulan.screening import Scene

_SIZE_PX = (880, 480)


def habitat_map(species_id: str, picture: HabitatPicture, reader: Reader) -> FigureMap:
    """Draw the potential habitat of a species over its whole area in the region."""
    frame = make_frame(picture.bounds, *_SIZE_PX)
    labels = Labels(frame.width, frame.height)
    keys: list[Key] = []
    cells = lookup(frame)
    scene = _scene(picture)
    marks = furniture(frame, labels, reader)
    frontiers = borders(scene, frame, labels, reader, keys)
    keys = habitat_keys(picture.habitat, cells, reader) + keys
    content = "".join(
        [
            background(scene, frame),
            raster(frame, picture.habitat, HABITAT_COLOURS, cells),
            frontiers,
            marks,
        ]
    )
    name = reader.species(species_id)
    title = reader.say("Potential habitat: {species}", species=name)
    description = reader.say(
        "Potential habitat of {species} in the states of the region, by cells.", species=name
    )
    caption = reader.say(
        "Potential habitat, worked out from land cover, elevation and presence by state: not "
        "observed range. Borders are drawn as in the source, Natural Earth; the way they are shown "
        "is no statement on any territory."
    )
    svg = map_sheet(content, frame, keys, f"{species_id}-habitat", title, description, reader)
    return FigureMap(svg, title, description, caption)


def _scene(picture: HabitatPicture) -> Scene:
    none = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
    return Scene(
        bounds=picture.bounds,
        alternatives=none,
        structures=none,
        states=picture.states,
        rivers=none,
        places=none,
        disputed=picture.disputed,
        barriers=none,
        key_areas=none,
        landscapes=none,
        user_layers=none,
        habitats={},
    )
