"""Key areas the user brings, as rows like those of the baseline."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from kulan.places import WGS84
from kulan.screening.alignments import Alignment
from kulan.screening.layer_exposure import LayerIndex

MOST_LISTED = 500
"""Key areas of one user layer told of by name; more are counted."""

_NAME_COLUMNS = ("name", "NAME", "Name", "site_name", "title")


@dataclass(frozen=True)
class NearAreas:
    """Key areas of a user layer around an alternative.

    Attributes
    ----------
    rows
        Like those of the baseline's key areas.
    left_out
        How many more there are.
    """

    rows: gpd.GeoDataFrame
    left_out: int


def near_areas(index: LayerIndex, alignment: Alignment, within_km: float) -> NearAreas:
    """Return the areas of a layer of kind ``key_area`` within a distance of an alternative.

    The first `MOST_LISTED` by distance in degrees are kept.

    Parameters
    ----------
    index
        The layer.
    alignment
        The alternative.
    within_km
        How far to look.
    """
    numbers = index.numbers_touching(alignment.buffer(within_km * 1000))
    shapes = index.shapes[numbers]
    order = np.argsort(shapely.distance(alignment.shape, shapes), kind="stable")[:MOST_LISTED]
    kept, shapes = numbers[order], shapes[order]
    layer = index.layer
    names = _names(index)
    rows = gpd.GeoDataFrame(
        {
            "key_area_id": [f"{layer.layer_id}.{number + 1}" for number in kept],
            "name": [names[number] or f"{layer.title} {number + 1}" for number in kept],
            "kind": "key_area",
            "states": [()] * len(kept),
            "area_km2": np.nan,
            "species": [(layer.species_id,) if layer.species_id else ()] * len(kept),
            "source": layer.source,
            "confidence": "",
        },
        geometry=shapes,
        crs=WGS84,
    )
    return NearAreas(rows, len(numbers) - len(kept))


def _names(index: LayerIndex) -> list[str]:
    """Return the name of each feature that is not empty, or an empty text."""
    features = index.layer.features
    column = next((name for name in _NAME_COLUMNS if name in features.columns), None)
    if column is None:
        return [""] * len(index.shapes)
    shapes = features.geometry.to_numpy()
    filled = ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
    return [str(name) if isinstance(name, str) else "" for name in features[column][filled]]
