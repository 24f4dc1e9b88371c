"""GeoJSON (RFC 7946) as telemetry: points, and lines with times such as EarthRanger's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from kulan.errors import InvalidFileError
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked
from kulan.exchange.telemetry.columns import renamed
from kulan.notes import Note
from kulan.places import WGS84
from kulan.words import N_


def read_geojson(path: Path, asked: TelemetryAsked, losses: Losses, name: str) -> RawFixes:
    """Read points with properties, or lines whose `coordinateProperties.times` say when.

    Parameters
    ----------
    path
        The file.
    asked
        What the user says of its properties.
    losses
        Where it is told what was left out.
    name
        Of the file, for messages.

    Raises
    ------
    InvalidFileError
        If it is no GeoJSON, or holds no point.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError, RecursionError) as problem:
        raise InvalidFileError(f"{name}: no readable JSON ({problem}). Export it again.") from None
    if not isinstance(content, dict):
        raise InvalidFileError(f"{name}: no GeoJSON: its outermost thing is no object.")
    rows: list[dict[str, Any]] = []
    others = 0
    for feature in _features(content):
        found = _points(feature)
        others += not found
        rows += found
    if not rows:
        raise InvalidFileError(f"{name}: it holds no points, nor lines with times.")
    if others:
        told = Note(N_("{count} features are no fixes"), count=int(others))
        losses.change(None, N_("shapes not taken"), told)
    return renamed(pd.DataFrame(rows), asked, losses, name, WGS84)


def _features(content: Any) -> Iterator[dict[str, Any]]:
    """Give the features of a collection, also where a service wraps it in `data`."""
    if not isinstance(content, dict):
        return
    if content.get("type") == "FeatureCollection":
        for feature in content.get("features") or ():
            yield from _features(feature)
    elif content.get("type") == "Feature":
        yield content
    elif "data" in content:
        yield from _features(content["data"])


def _points(feature: dict[str, Any]) -> list[dict[str, Any]]:
    shape, told = feature.get("geometry") or {}, feature.get("properties") or {}
    flat = {key: value for key, value in told.items() if not isinstance(value, (dict, list))}
    places = shape.get("coordinates") or []
    if shape.get("type") == "Point" and len(places) >= 2:
        return [{**flat, "x": places[0], "y": places[1]}]
    times = (told.get("coordinateProperties") or {}).get("times")
    if shape.get("type") != "LineString" or not times or len(times) != len(places):
        return []
    animal = {"animal_id": flat.get("title") or flat.get("name") or flat.get("id")}
    return [
        {**flat, **animal, "time": when, "x": place[0], "y": place[1]}
        for when, place in zip(times, places, strict=True)
    ]
