"""The map of a fact sheet: potential habitat among the states, labelled as what it is."""

import geopandas as gpd
import shapely

from kulan.places import WGS84, Bounds, project
from kulan.report.cartography import Frame, Labels, lookup, path, raster
from kulan.report.document import FigureMap
from kulan.report.fact_sheets.facts import HabitatPicture
from kulan.report.map_furniture import furniture
from kulan.report.map_layers import background, borders
from kulan.report.map_legend import Key
from kulan.report.maps import HABITAT_COLOURS, habitat_keys, map_sheet
from kulan.report.reader import Reader
from kulan.screening import Scene

_WIDTH_PX, _HEIGHT_PX = 880.0, 480.0
_MARGIN_SHARE = 0.06
_LOWEST = 0.5


def habitat_map(species_id: str, picture: HabitatPicture, reader: Reader) -> FigureMap:
    """Draw the potential habitat of a species over its whole area in the region."""
    frame = frame_around(picture.bounds)
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
            _beyond(picture, frame),
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


def frame_around(bounds: Bounds) -> Frame:
    """Return a frame that shows the whole of a box, in an equal-area projection centred on it.

    Parameters
    ----------
    bounds
        The box, degrees; the frame reaches a little beyond it.
    """
    east, north = (bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2
    crs = f"+proj=laea +lat_0={north:.3f} +lon_0={east:.3f} +datum=WGS84 +units=m"
    box = shapely.box(bounds.west, bounds.south, bounds.east, bounds.north)
    left, bottom, right, top = project(shapely.segmentize(box, 0.5), WGS84, crs).bounds
    margin = _MARGIN_SHARE * max(right - left, top - bottom)
    wide, high = right - left + 2 * margin, top - bottom + 2 * margin
    taller = max(high, _LOWEST * wide)
    scale = max(wide / _WIDTH_PX, taller / _HEIGHT_PX)
    # a tall box gets land on both hands rather than a narrow sheet
    wider = max(wide, min(_WIDTH_PX * scale, 1.4 * taller))
    return Frame(
        crs,
        (left + right - wider) / 2,
        (top + bottom + taller) / 2,
        scale,
        round(wider / scale, 1),
        round(taller / scale, 1),
    )


def _beyond(picture: HabitatPicture, frame: Frame) -> str:
    """Draw grey where the release has no map, lest it be taken for sea."""
    known = shapely.segmentize(shapely.box(*picture.states.total_bounds), 0.5)
    paper = shapely.box(0, 0, frame.width, frame.height)
    return path(shapely.difference(paper, frame.to_paper(known)), fill="#dcdfe2")


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
