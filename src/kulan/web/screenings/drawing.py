"""What was drawn on the map, as a file like any other."""

import json
from typing import Any

import shapely
from django.core.files.base import ContentFile
from django.forms import ValidationError

from kulan.words import Words

MOST_SHAPES = 200
_SHAPES = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def drawn_file(drawing: Any, words: Words) -> ContentFile[bytes]:
    """Return a GeoJSON file of the lines and areas of a drawing, each an alternative of its own.

    Points are left out, which the page says before the form is sent. Of a shape's properties only
    its name and its alternative are kept.

    Raises
    ------
    ValidationError
        If it is no GeoJSON, or holds no line and no area.
    """
    shapes = _shapes(drawing)
    if not shapes:
        raise ValidationError(words.say("The drawing holds no line and no area; draw one."))
    if len(shapes) > MOST_SHAPES:
        raise ValidationError(
            words.say("The drawing holds more than {count} shapes.", count=MOST_SHAPES)
        )
    features = []
    for number, (geometry, properties) in enumerate(shapes):
        letter = _LETTERS[number] if number < len(_LETTERS) else str(number + 1)
        name = str(properties.get("name") or "")[:200]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "alternative": str(properties.get("alternative") or letter)[:100],
                    **({"name": name} if name else {}),
                },
                "geometry": geometry,
            }
        )
    content = json.dumps({"type": "FeatureCollection", "features": features})
    return ContentFile(content.encode(), name=f"{words.say('Drawn on the map')}.geojson")


def _shapes(drawing: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return geometry and properties of every line and area; anything odd is not one."""
    features = drawing.get("features") if isinstance(drawing, dict) else None
    found = []
    for feature in features if isinstance(features, list) else []:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") not in _SHAPES:
            continue
        try:
            shape = shapely.from_geojson(json.dumps(geometry))
        except shapely.errors.GEOSException:
            continue
        if shape is None or shape.is_empty:
            continue
        properties = feature.get("properties")
        plain = json.loads(shapely.to_geojson(shape))
        found.append((plain, properties if isinstance(properties, dict) else {}))
    return found
