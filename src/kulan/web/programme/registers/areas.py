"""Transboundary areas on a map, and what their pages say beside it."""

from functools import lru_cache
from typing import Any

import shapely
from django.urls import reverse

from kulan.places import buffer_m
from kulan.programme.registers import Place, place_of
from kulan.report.reader import Reader
from kulan.web.policy.registers import Sight
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.telling import heading

_OF_STATES = frozenset({"ask", "answer", "meet"})
"""Steps that rest on what the two states answer: others than they are not told of them."""
_DIGITS = 4


def areas_on_map(records: list[Record], sight: Sight, reader: Reader) -> dict[str, Any]:
    """Return areas as GeoJSON: for each its middle, and a circle of its size or its precision.

    Parameters
    ----------
    records
        Areas that exist for the viewer.
    sight
        Of the viewer: what it does not read of an area is not drawn either.
    reader
        In whose language areas are named.
    """
    features = []
    for record in records:
        data = sight.data(record)
        place = place_of(data)
        if place is None:
            continue
        told = {
            "name": heading(record, reader, data),
            "page": reverse("register_record", args=[record.register, record.uid]),
            "confirmed": record.stage == "recognised",
            "size": place.is_size,
        }
        middle = shapely.Point(place.longitude, place.latitude)
        for shape in (middle, _circle(place)):
            if shape is not None:
                geometry = shapely.geometry.mapping(shape)
                features.append({"type": "Feature", "properties": told, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


@lru_cache(maxsize=512)
def _circle(place: Place) -> shapely.Polygon | None:
    if not place.radius_km:
        return None
    around = buffer_m(shapely.Point(place.longitude, place.latitude), place.radius_km * 1000)
    return shapely.set_precision(around, 10**-_DIGITS)  # type: ignore[no-any-return]


def steps_for(told: tuple[Any, ...], *, keeps: bool) -> tuple[Any, ...]:
    """Return the steps that a reader may know of: all for keepers, else those without answers.

    Parameters
    ----------
    told
        Of `kulan.programme.registers.steps`.
    keeps
        Whether the reader keeps the area.
    """
    return told if keeps else tuple(step for step in told if step.code not in _OF_STATES)
