"""What changed between two versions, told from what one reader sees of each."""

import json
from dataclasses import dataclass
from typing import Any

import shapely

from kulan.atlas.feature_differences import (
    FeatureDifference,
    description_difference,
    feature_difference,
    in_words,
)
from kulan.web.catalogue.exports import table_of
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.pictures import Picture, picture_of
from kulan.web.catalogue.themes import Kind
from kulan.web.policy import Viewer
from kulan.words import Words

_DESCRIPTION = (
    "method",
    "confidence",
    "source",
    "licence",
    "attribution",
    "valid_from",
    "valid_to",
)
_MOST_DRAWN = 3_000
# how finely a place is told is not what the makers of a layer changed
_NOT_COMPARED = ("dataGeneralizations", "informationWithheld")


@dataclass(frozen=True)
class Differing:
    """Two versions of a layer, and what differs for one reader."""

    before: LayerVersion
    after: LayerVersion
    difference: FeatureDifference | None

    def sentences(self, words: Words) -> list[str]:
        """Say what differs."""
        if self.difference is None:
            same = self.before.file_sha256 == self.after.file_sha256
            return [
                words.say("The grids of the two versions are the same.")
                if same
                else words.say("The grids of the two versions differ.")
            ]
        return in_words(self.difference, words)

    def picture(self) -> Picture | None:
        """Return what differs as a small map; None where nothing has a place."""
        if self.difference is None or self.difference.features is None:
            return None
        frame = self.difference.features
        return picture_of(list(zip(frame["status"], frame.geometry, strict=True))[:_MOST_DRAWN])

    def geojson(self) -> str:
        """Return what differs as GeoJSON: ``status`` added, removed or changed."""
        features: list[dict[str, Any]] = []
        if self.difference is not None and self.difference.features is not None:
            frame = self.difference.features
            rows = zip(frame["key"], frame["status"], frame.geometry, strict=True)
            for key, status, shape in rows:
                if shape is None or shape.is_empty:
                    continue
                geometry = json.loads(shapely.to_geojson(shape))
                told = {"id": str(key), "status": str(status)}
                features.append({"type": "Feature", "properties": told, "geometry": geometry})
        return json.dumps({"type": "FeatureCollection", "features": features})


def differing(viewer: Viewer, before: LayerVersion, after: LayerVersion) -> Differing:
    """Compare two versions as this viewer sees them."""
    if Kind.VECTOR not in (before.kind, after.kind) or before.kind != after.kind:
        return Differing(before, after, None)
    tables = [
        table_of(viewer, version).drop(columns=[*_NOT_COMPARED]) for version in (before, after)
    ]
    texts = [{name: str(getattr(one, name)) for name in _DESCRIPTION} for one in (before, after)]
    return Differing(
        before,
        after,
        feature_difference(
            tables[0],
            tables[1],
            "kulan_id",
            description=description_difference(texts[0], texts[1]),
        ),
    )
