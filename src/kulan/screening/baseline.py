"""What is known before anybody plans anything: the plain tables and grids a screening stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from kulan.screening.findings import LayerUsed


@dataclass(frozen=True)
class Baseline:
    """The landscape as known on the day, from an Atlas release or from anywhere else.

    Attributes
    ----------
    release
        Name of the release it was read from.
    states
        Every country of the region: `iso3`, `geometry`.
    habitats
        Raster file of potential habitat by species (1 extant, 2 reintroduced, 3 uncertain; 11-13
        the same in marginal habitat; 0 none, 255 no data).
    habitat_areas
        `species_id`, `iso3`, `presence`, `suitability` (suitable, marginal), `area_km2`.
    barriers, key_areas, landscapes
        As `kulan.programme` declares them, with `geometry`.
    rivers, places, disputed
        For maps only.
    layers
        What each of them is, by layer id (``habitat_saiga``, ``barriers``).
    """

    release: str
    states: gpd.GeoDataFrame
    habitats: Mapping[str, Path]
    habitat_areas: pd.DataFrame
    barriers: gpd.GeoDataFrame
    key_areas: gpd.GeoDataFrame
    landscapes: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    disputed: gpd.GeoDataFrame
    layers: Mapping[str, LayerUsed]
