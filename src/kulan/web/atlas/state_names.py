"""Where the names of the range states stand on the map, in the reader's language."""

from typing import Any

import shapely

from kulan.programme.states import range_states, state_name
from kulan.web.catalogue.models import LayerVersion
from kulan.web.policy import Viewer, renditions
from kulan.words import Words

LAYER = "states"
_COARSE_DEG = 0.1  # a name needs no finer outline, and finds its place ten times as fast


def placed_names(
    viewer: Viewer, versions: list[LayerVersion], words: Words
) -> list[dict[str, Any]]:
    """Return the range states' names with a place for each; none where no states are shown."""
    states = next((one for one in versions if one.layer.layer_id == LAYER), None)
    if states is None:
        return []
    known = set(range_states()["iso3"])
    rows = renditions(viewer, states).filter(iso3__in=known).order_by("iso3")
    return [
        {"name": state_name(row.iso3, words.language), "point": list(place_of(row.geometry))}
        for row in rows
    ]


def place_of(shape: shapely.Geometry) -> tuple[float, float]:
    """Return the middle of the widest round place within a shape's largest part, in degrees.

    Examples
    --------
    >>> place_of(shapely.union(shapely.box(60, 40, 62, 42), shapely.box(80, 40, 80.1, 40.1)))
    (61.0, 41.0)
    """
    largest = max(shapely.get_parts(shape), key=lambda part: part.area).simplify(_COARSE_DEG)
    middle = shapely.maximum_inscribed_circle(largest, tolerance=_COARSE_DEG / 10).coords[0]
    return round(middle[0], 2), round(middle[1], 2)
