"""findings.gpkg: the findings as layers for a GIS, as tables beside them, and with styles."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from kulan.places import WGS84
from kulan.report.map_layers import ALTERNATIVE_COLOURS, AREA, LANDSCAPE
from kulan.report.qgis import fill_style, line_style, marker_style
from kulan.screening import Scene
from kulan.screening.findings import AlternativeFindings, AreaFinding, Exposure, Figure, Screening

Row = dict[str, Any]
_SUFFIX = {
    "km": "km",
    "km2": "km2",
    "fraction": "share",
    "km_per_100km2": "km_per_100km2",
    "count": "count",
    "m": "m",
}


def feature_tables(
    screening: Screening, scene: Scene
) -> dict[str, gpd.GeoDataFrame | pd.DataFrame]:
    """Return the findings as the layers and tables of a GeoPackage.

    Layers, EPSG:4326: ``alternatives``; ``exposures``, one feature for each species, state and
    layer, drawn as the part of the alternative in that state; ``states``; ``transboundary``, drawn
    likewise; ``key_areas``, ``landscapes`` and ``barriers`` that were found, cut to the
    surroundings; ``crossing_structures``. Tables without geometry: ``severances``, ``figures``
    (every figure of the findings, with its path in findings.json), ``recipes`` and ``layers``. A
    layer without rows is left out; codes stay codes, since a GeoPackage has no language.

    Parameters
    ----------
    screening
        What was found.
    scene
        What there is to draw.
    """
    parts = _parts_by_state(screening, scene)
    made: dict[str, tuple[list[Row], bool]] = {
        "alternatives": (_alternatives(screening), True),
        "exposures": (_exposures(screening, parts), True),
        "states": (_states(screening, parts), True),
        "transboundary": (_transboundary(screening, parts), True),
        "key_areas": (_areas(screening, scene, "key_areas", "key_area_id"), True),
        "landscapes": (_areas(screening, scene, "landscapes", "landscape_id"), True),
        "barriers": (_barriers(screening, scene), True),
        "crossing_structures": (_structures(screening), True),
        "severances": (_severances(screening), False),
        "figures": (_figures(screening), False),
        "recipes": (_recipes(screening), False),
        "layers": ([_plain(layer) for layer in screening.layers.values()], False),
    }
    return {
        name: gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
        if spatial
        else pd.DataFrame(rows)
        for name, (rows, spatial) in made.items()
        if rows
    }


def feature_styles(tables: Mapping[str, gpd.GeoDataFrame | pd.DataFrame]) -> dict[str, str]:
    """Return QGIS styles (QML) for those layers of `feature_tables` that have a geometry."""
    styles = {
        "alternatives": line_style(ALTERNATIVE_COLOURS[0], 1.1, label="name"),
        "exposures": line_style("#0072b2", 0.8),
        "states": line_style("#4c555e", 0.5),
        "transboundary": line_style("#a3308a", 0.9),
        "key_areas": fill_style(AREA, label="name"),
        "landscapes": fill_style(LANDSCAPE, label="name"),
        "barriers": line_style("#222222", 0.6),
        "crossing_structures": marker_style("#1b1f23", label="structure_id"),
    }
    if "alternatives" in tables and _is_area(tables["alternatives"]):
        for name in ("alternatives", "exposures", "states", "transboundary"):
            styles[name] = fill_style(ALTERNATIVE_COLOURS[0])
    return {name: style for name, style in styles.items() if name in tables}


def _is_area(table: gpd.GeoDataFrame | pd.DataFrame) -> bool:
    return bool((shapely.get_dimensions(table["geometry"].to_numpy()) == 2).all())


def _figure(name: str, figure: Figure | None) -> Row:
    """Return a figure as columns: value, interval and recipe, the unit in the name."""
    if figure is None:
        return {}
    suffix = _SUFFIX[figure.unit]
    column = name if name.endswith(f"_{suffix}") else f"{name}_{suffix}"
    row: Row = {column: figure.value, f"{name}_recipe": figure.recipe}
    if figure.low is not None and figure.high is not None:
        row |= {f"{column}_low": figure.low, f"{column}_high": figure.high}
    if figure.reason:
        row[f"{name}_reason"] = figure.reason
    return row


def _plain(finding: Any) -> Row:
    """Return a finding's plain fields, its figures as columns, nothing nested."""
    row: Row = {}
    for field in fields(finding):
        value = getattr(finding, field.name)
        if isinstance(value, Figure):
            row |= _figure(field.name, value)
        elif isinstance(value, tuple) and (not value or isinstance(value[0], str)):
            row[field.name] = "; ".join(value)
        elif value is None or isinstance(value, str | int | float | bool):
            row[field.name] = value
    return row


def _shape(found: AlternativeFindings) -> BaseGeometry:
    return shape_of(found.alternative.geometry)


def _parts_by_state(screening: Screening, scene: Scene) -> dict[tuple[str, str], BaseGeometry]:
    """Return the part of each alternative in each state it lies in."""
    outlines = dict(zip(scene.states["iso3"], scene.states.geometry, strict=True))
    land = shapely.union_all(scene.states.geometry.to_numpy())
    parts = {}
    for found in screening.alternatives:
        whole = _shape(found)
        for state in found.states:
            part = (
                shapely.intersection(whole, outlines[state.iso3])
                if state.iso3 in outlines
                else shapely.difference(whole, land)
            )
            parts[found.alternative.alternative_id, state.iso3] = part
    return parts


def _each(screening: Screening) -> Iterator[tuple[str, AlternativeFindings]]:
    for found in screening.alternatives:
        yield found.alternative.alternative_id, found


def _alternatives(screening: Screening) -> list[Row]:
    return [
        _plain(found.alternative) | {"geometry": _shape(found)} for _, found in _each(screening)
    ]


def _exposures(screening: Screening, parts: dict[tuple[str, str], BaseGeometry]) -> list[Row]:
    rows = []
    for name, found in _each(screening):
        told: list[tuple[int | None, Exposure]] = [
            (one.concern, row) for one in found.species for row in one.exposures
        ]
        told += [(None, row) for row in found.user_layers]
        for concern, row in told:
            drawn = parts.get((name, row.iso3))
            values = {"alternative_id": name, "concern": concern} | _plain(row)
            rows.append(values | {"geometry": _shape(found) if drawn is None else drawn})
    return rows


def _states(screening: Screening, parts: dict[tuple[str, str], BaseGeometry]) -> list[Row]:
    rows = []
    for name, found in _each(screening):
        for state in found.states:
            standing = "; ".join(f"{one.instrument}: {one.status}" for one in state.memberships)
            values = {"alternative_id": name} | _plain(state) | {"memberships": standing}
            rows.append(values | {"geometry": parts[name, state.iso3]})
    return rows


def _transboundary(screening: Screening, parts: dict[tuple[str, str], BaseGeometry]) -> list[Row]:
    return [
        {"alternative_id": name}
        | _plain(one)
        | {"geometry": parts.get((name, one.iso3), _shape(found))}
        for name, found in _each(screening)
        for one in found.transboundary
    ]


def _areas(screening: Screening, scene: Scene, layer: str, key: str) -> list[Row]:
    """Return the areas found; one the user brought without an outline here has no geometry."""
    table = getattr(scene, layer)
    outlines = dict(zip(table[key], table.geometry, strict=True)) if len(table) else {}
    rows = []
    for name, found in _each(screening):
        areas: tuple[AreaFinding, ...] = getattr(found, layer)
        rows += [
            {"alternative_id": name} | _plain(one) | {"geometry": outlines.get(one.area_id)}
            for one in areas
        ]
    return rows


def _barriers(screening: Screening, scene: Scene) -> list[Row]:
    table = scene.barriers
    lines = dict(zip(table["barrier_id"], table.geometry, strict=True)) if len(table) else {}
    return [
        {"alternative_id": name} | _plain(one) | {"geometry": lines.get(one.barrier_id)}
        for name, found in _each(screening)
        for one in found.barriers
    ]


def _structures(screening: Screening) -> list[Row]:
    return [
        {"alternative_id": name}
        | _plain(one)
        | {"geometry": shapely.Point(one.longitude, one.latitude)}
        for name, found in _each(screening)
        for one in found.alternative.structures
    ]


def _severances(screening: Screening) -> list[Row]:
    return [
        {"alternative_id": name} | _plain(cut)
        for name, found in _each(screening)
        for one in found.species
        for cut in one.severances
    ]


def _recipes(screening: Screening) -> list[Row]:
    return [
        {
            "recipe": key,
            "method": made.method,
            "version": made.version,
            "inputs": "; ".join(f"{one.name} {one.sha256}" for one in made.inputs),
            "parameters": json.dumps(dict(made.parameters), ensure_ascii=False, sort_keys=True),
            "source": made.source,
        }
        for key, made in screening.recipes.items()
    ]


def _figures(screening: Screening) -> list[Row]:
    """Return every figure with its path in findings.json."""
    return [
        {"path": path, **{field.name: getattr(figure, field.name) for field in fields(figure)}}
        for path, figure in _walk("", screening)
    ]


def _walk(path: str, value: Any) -> Iterator[tuple[str, Figure]]:
    if isinstance(value, Figure):
        yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _walk(f"{path}/{field.name}", getattr(value, field.name))
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _walk(f"{path}/{place}", one)
