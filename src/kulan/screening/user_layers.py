"""Layers the user brings: ranges, corridors and key areas as polygons or lines, up to a million."""

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd

LayerKind = Literal["range", "corridor", "key_area", "other"]


@dataclass(frozen=True)
class UserLayer:
    """A layer given with the question.

    Attributes
    ----------
    name
        Unique in a screening; the layer's id is ``user.<name>``.
    features
        Valid polygons, lines or points, EPSG:4326. A column `individuals`, if there is one, is read
        as numbers of animals by the critical-habitat test.
    kind
        What it shows.
    species_id
        Species it speaks of, or None.
    title, date, source, licence
        As the user told; date is ISO, maybe a year, or empty.
    resolution_m
        Grain, or None when unknown.
    sha256
        Hash of the file it was read from.
    """

    name: str
    features: gpd.GeoDataFrame
    kind: LayerKind
    species_id: str | None
    title: str
    date: str
    resolution_m: float | None
    source: str
    licence: str
    sha256: str

    @property
    def layer_id(self) -> str:
        """Id among the layers of a screening."""
        return f"user.{self.name}"
