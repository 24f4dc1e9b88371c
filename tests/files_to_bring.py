"""Files that the tests of the catalogue bring."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile


def geojson(*features):
    told = [
        {
            "type": "Feature",
            "properties": dict(pairs),
            "geometry": {"type": "Point", "coordinates": at},
        }
        for at, *pairs in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": told})


ONE = geojson(([66.0, 48.0], ("occurrenceID", "a"), ("species", "saiga"), ("note", "calm")))
TWO = geojson(
    ([66.0, 48.0], ("occurrenceID", "a"), ("species", "saiga")),
    ([67.0, 48.0], ("occurrenceID", "b"), ("species", "saiga")),
)


def sent(name: str, content: bytes | str) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
