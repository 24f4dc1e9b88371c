"""One version of a layer as one reader sees it: where every answer about it begins."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404

from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.themes import FROZEN, Kind, State
from kulan.web.ogc.kept import kept
from kulan.web.policy import Viewer, fingerprint, renditions, visible_versions

CATALOGUE = "catalogue"
"""Name of the collection of records; no layer can have it."""
_OF_VERSION = re.compile(r"(?P<layer>[-\w]+)\.(?P<number>[1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True)
class Sight:
    """What one reader sees of one version.

    Attributes
    ----------
    viewer
        The reader.
    version
        The version; it exists for the reader.
    pinned
        Whether it was asked for by its number, and not as the layer's released version.
    """

    viewer: Viewer
    version: LayerVersion
    pinned: bool = False

    @property
    def collection_id(self) -> str:
        """Name of the collection in addresses."""
        layer_id = self.version.layer.layer_id
        return f"{layer_id}.{self.version.number}" if self.pinned else layer_id

    @property
    def rows(self) -> QuerySet[Rendition]:
        """The features as this reader may see them."""
        return renditions(self.viewer, self.version)

    @cached_property
    def seen(self) -> str:
        """Fingerprint of the sight."""
        return fingerprint(self.viewer, self.version)

    def remembered(self, what: str, find: Any) -> Any:
        """Return something about the sight, kept for a while where the version cannot change."""
        if self.version.state not in FROZEN or connection.in_atomic_block:
            return find()
        return kept((self.seen, what), find)

    @property
    def extent(self) -> dict[str, Any]:
        """Bounds, times and number of the features as this reader sees them, never of others."""
        found: dict[str, Any] = self.remembered("extent", self._extent)
        return found

    def _extent(self) -> dict[str, Any]:
        dated = self.rows.exclude(date_from="", date_to="")
        return {
            **self.rows.aggregate(
                west=Min("west"),
                south=Min("south"),
                east=Max("east"),
                north=Max("north"),
                count=Count("pk"),
            ),
            **dated.aggregate(first=Min("date_from"), last=Max("date_to"), latest=Max("date_from")),
        }


def listed(viewer: Viewer) -> list[Sight]:
    """Return the collections a reader is told of: released versions with features."""
    found = visible_versions(viewer).filter(state=State.RELEASED, kind=Kind.VECTOR)
    return [Sight(viewer, version) for version in found.order_by("layer__sort", "layer__layer_id")]


def sight_of(viewer: Viewer, collection_id: str) -> Sight:
    """Return a collection by its name: a layer's, or a layer's with the number of a version.

    Raises
    ------
    Http404
        If it does not exist for this reader.
    """
    versions = visible_versions(viewer).filter(kind=Kind.VECTOR)
    pinned = _OF_VERSION.fullmatch(collection_id)
    if pinned:
        version = versions.filter(
            layer__layer_id=pinned["layer"], number=int(pinned["number"])
        ).first()
    else:
        version = versions.filter(layer__layer_id=collection_id, state=State.RELEASED).first()
    if version is None:
        raise Http404
    return Sight(viewer, version, pinned=bool(pinned))
