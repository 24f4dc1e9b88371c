"""The extent of a layer as a shape, for catalogues that want more than four numbers."""

from typing import Any

Box = tuple[float, float, float, float]


def box_geometry(bbox: Box) -> dict[str, Any]:
    """Return west, south, east, north (degrees) as a GeoJSON geometry.

    A box that crosses the antimeridian (west larger than east) is cut there into two parts, as RFC
    7946, section 3.1.9, asks. A box without width or height is a line, and without both a point.

    Examples
    --------
    >>> box_geometry((90, 41, 90, 47))
    {'type': 'LineString', 'coordinates': [[90.0, 41.0], [90.0, 47.0]]}
    >>> box_geometry((170, 60, -170, 66))["type"]
    'MultiPolygon'
    """
    west, south, east, north = (float(degrees) for degrees in bbox)
    if west > east:
        rings = [_ring((west, south, 180.0, north)), _ring((-180.0, south, east, north))]
        return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    if west == east and south == north:
        return {"type": "Point", "coordinates": [west, south]}
    if west == east or south == north:
        return {"type": "LineString", "coordinates": [[west, south], [east, north]]}
    return {"type": "Polygon", "coordinates": [_ring((west, south, east, north))]}


def _ring(bbox: Box) -> list[list[float]]:
    """Return the box's corners counter-clockwise, the first one again at the end."""
    west, south, east, north = bbox
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]
