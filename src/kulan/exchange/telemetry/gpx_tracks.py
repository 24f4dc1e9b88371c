"""GPX 1.0 and 1.1 as telemetry: track points with their times, which GPX gives in UTC."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd

from kulan.errors import InvalidFileError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked
from kulan.exchange.xml_files import check_xml, child, elements, local, text_of
from kulan.notes import Note
from kulan.places import WGS84
from kulan.words import N_

_FIX = {"2d": 2.0, "3d": 3.0, "dgps": 3.0}


def read_gpx(path: Path, asked: TelemetryAsked, losses: Losses, name: str) -> RawFixes:
    """Read the track points of a GPX file; where it has none, its waypoints.

    A track's name is its animal's; a track without one has the name of the file.

    Parameters
    ----------
    path
        The file.
    asked
        What the user says: the animal.
    losses
        Where it is told what was taken for what.
    name
        Of the file, for messages.

    Raises
    ------
    InvalidFileError
        If it is not whole GPX, or no point has a time.
    """
    check_xml(path, "gpx", Asked(name, None, ("point",), None))
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    tracks: list[dict[str, object]] = []
    points: list[dict[str, object]] = []
    nameless = routes = depth = 0
    for event, element in elements(path):
        depth += 1 if event == "start" else -1
        if event != "end" or depth != 1:
            continue
        kind = local(element)
        if kind == "trk":
            animal = text_of(child(element, "name"))
            nameless += animal is None
            tracks += _track(element, animal or stem)
        elif kind == "wpt":
            points.append(_point(element, stem, text_of(child(element, "name"))))
        routes += kind == "rte"
        element.clear()
    if tracks and points:
        told = Note(N_("{count} beside the tracks are no fixes"), count=len(points))
        losses.change(None, N_("waypoints not taken"), told)
    if routes:
        told = Note(N_("{count} routes are plans, not fixes"), count=routes)
        losses.change(None, N_("routes not taken"), told)
    found = tracks or points
    if not any(one["time"] for one in found):
        raise InvalidFileError(f"{name}: no track point has a time, so nothing is a fix.")
    if nameless and asked.animal is None:
        told = Note(N_("{count} tracks have no name"), count=nameless)
        losses.change(None, N_("animal named after the file"), told)
    table = pd.DataFrame(found).dropna(axis=1, how="all")
    if asked.animal is not None:
        names = sorted(set(table["animal_id"]) - {asked.animal, stem})
        if names:
            text = N_("{names}: receivers name tracks as they like, and {animal} was given")
            shown = names[:3] if len(names) <= 3 else [*names[:3], "…"]
            told = Note(text, names=shown, animal=asked.animal)
            losses.change(None, N_("names of tracks set aside"), told)
        table["animal_id"] = asked.animal
    if asked.species is not None:
        table["species"] = asked.species
    return RawFixes(table, "GPX", WGS84, "UTC", N_("GPX (1.1, wptType) says: times are UTC"))


def _track(track: ET.Element, animal: str) -> list[dict[str, object]]:
    segments = [part for part in track if local(part) == "trkseg"]
    return [
        _point(point, animal, None, segment)
        for segment, part in enumerate(segments, start=1)
        for point in part
        if local(point) == "trkpt"
    ]


def _point(
    point: ET.Element, animal: str, label: str | None, segment: int | None = None
) -> dict[str, object]:
    fix = (text_of(child(point, "fix")) or "").lower()
    return {
        "animal_id": animal,
        "time": text_of(child(point, "time")),
        "x": _number(point.get("lon")),
        "y": _number(point.get("lat")),
        "hdop": _number(text_of(child(point, "hdop"))),
        "fix_dimension": _FIX.get(fix),
        "elevation_m": _number(text_of(child(point, "ele"))),
        "segment": segment,
        "label": label,
    }


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
