"""A version as files: what this reader sees of it, told row by row, and nothing else.

Every format starts from `kulan.web.policy.renditions`. Rows come in the order of their names
outside, which is that of chance.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from kulan.atlas.precision import GENERALIZATIONS, UNCERTAINTY, WITHHELD_INFORMATION
from kulan.atlas.store import object_path
from kulan.exchange.darwin_core import write_darwin_core
from kulan.exchange.geopackage_out import write_geopackage
from kulan.exchange.layer_records import LayerRecord
from kulan.exchange.safe_cells import safe_text, write_xlsx
from kulan.places import WGS84
from kulan.web.catalogue.columns import NEVER, declared
from kulan.web.catalogue.description import MEDIA_TYPES
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.names import file_stem, latin_name
from kulan.web.catalogue.records import NOT_PROPERTIES
from kulan.web.catalogue.themes import Theme
from kulan.web.policy import Viewer, renditions

_OWN = (
    *("kulan_id", "kulan_name", "kulan_species", "kulan_state", "kulan_season"),
    *("kulan_date_from", "kulan_date_to", UNCERTAINTY, GENERALIZATIONS, WITHHELD_INFORMATION),
)
_CHUNK_ROWS = 1_000


def export(
    viewer: Viewer, version: LayerVersion, form: str, record: LayerRecord
) -> HttpResponseBase:
    """Return a version as a file of one format, as this viewer sees it."""
    made: HttpResponseBase
    if form == "tif":
        path = object_path(Path(settings.STATE), version.file_sha256, version.file_extension)
        made = FileResponse(path.open("rb"))
    elif form == "geojson":
        made = StreamingHttpResponse(geojson_text(viewer, version, record))
    elif form == "csv":
        made = StreamingHttpResponse(csv_text(viewer, version))
    elif form == "xlsx":
        table = pd.DataFrame(table_of(viewer, version)).assign(geometry=_texts_of_shapes)
        made = HttpResponse(write_xlsx(table, version.layer.layer_id))
    elif form == "gpkg":
        made = _geopackage(table_of(viewer, version), version)
    else:
        made = HttpResponse(darwin_core(viewer, version, record))
    made.headers["Content-Type"] = MEDIA_TYPES[form]
    ending = "zip" if form == "dwca" else form
    made.headers["Content-Disposition"] = f'attachment; filename="{file_stem(version)}.{ending}"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


def _texts_of_shapes(table: pd.DataFrame) -> list[str]:
    return list(shapely.to_wkt(table["geometry"].to_numpy(), rounding_precision=-1))


def names_of_columns(version: LayerVersion) -> list[str]:
    """Return the owner's columns that any rendition may have, in their order."""
    return [
        column.name
        for column in declared(version.columns)
        if column.name not in _OWN
        and column.public_to != NEVER
        and column.role not in NOT_PROPERTIES
    ]


def _rows(viewer: Viewer, version: LayerVersion) -> Iterator[Rendition]:
    return renditions(viewer, version).order_by("uid").iterator(chunk_size=_CHUNK_ROWS)


def told(row: Rendition) -> dict[str, Any]:
    """Return what is told of a record beside the owner's columns."""
    return {
        "kulan_id": row.uid,
        "kulan_name": row.name or None,
        "kulan_species": row.species_id or None,
        "kulan_state": row.iso3 or None,
        "kulan_season": row.season or None,
        "kulan_date_from": row.date_from or None,
        "kulan_date_to": row.date_to or None,
        UNCERTAINTY: row.uncertainty_m,
        GENERALIZATIONS: row.generalised or None,
        WITHHELD_INFORMATION: row.withheld or None,
    }


def geojson_text(viewer: Viewer, version: LayerVersion, record: LayerRecord) -> Iterator[str]:
    """Give a version as GeoJSON (RFC 7946), feature by feature."""
    head = {
        "type": "FeatureCollection",
        "name": version.layer.layer_id,
        "kulan:identifier": record.identifier,
        "kulan:licence": record.licence.words,
        "kulan:attribution": version.attribution,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    for place, row in enumerate(_rows(viewer, version)):
        properties = row.properties | {
            name: value for name, value in told(row).items() if value is not None
        }
        feature = {"type": "Feature", "id": row.uid, "properties": properties}
        text = json.dumps(feature, ensure_ascii=False)[:-1]
        yield f'{"," if place else ""}\n{text}, "geometry": {shapely.to_geojson(row.geometry)}}}'
    yield "\n]}\n"


def csv_text(viewer: Viewer, version: LayerVersion) -> Iterator[str]:
    """Give a version as CSV without a cell that a spreadsheet would run, line by line."""
    own = names_of_columns(version)
    yield "\ufeff" + _csv_line([*own, *_OWN, "longitude", "latitude", "geometry"])
    for row in _rows(viewer, version):
        shape = row.geometry
        is_point = shape.geom_type == "Point"
        cells = [row.properties.get(name) for name in own]
        cells += list(told(row).values())
        cells += [shape.x, shape.y] if is_point else [None, None]
        yield _csv_line([*cells, shapely.to_wkt(shape, rounding_precision=-1)])


def _csv_line(cells: list[Any]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([_csv_cell(cell) for cell in cells])
    return buffer.getvalue()


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, list):
        cell = "; ".join(str(item) for item in cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return safe_text(cell) if isinstance(cell, str) else cell


def table_of(viewer: Viewer, version: LayerVersion) -> gpd.GeoDataFrame:
    """Return what a viewer sees of a version as one table."""
    own = names_of_columns(version)
    rows = list(_rows(viewer, version))
    table = pd.DataFrame(
        [{name: row.properties.get(name) for name in own} | told(row) for row in rows],
        columns=[*own, *_OWN],
        dtype=object,
    )
    return gpd.GeoDataFrame(table, geometry=[row.geometry for row in rows], crs=WGS84)


def _geopackage(table: gpd.GeoDataFrame, version: LayerVersion) -> HttpResponseBase:
    name = "layer_" + version.layer.layer_id.replace("-", "_")[:50]
    with tempfile.TemporaryDirectory(prefix="kulan-export-") as folder:
        path = Path(folder) / "export.gpkg"
        write_geopackage(path, {name: table.infer_objects()})
        # the open file outlives its name: it is gone from the disk when the last byte is sent
        return FileResponse(path.open("rb"))


def darwin_core(viewer: Viewer, version: LayerVersion, record: LayerRecord) -> bytes:
    """Return the records of one species each as a Darwin Core archive."""
    table = table_of(viewer, version)
    species = table["kulan_species"].fillna("").astype(str)
    if not species.any() and len(version.species) == 1:
        species = species.where(species != "", str(version.species[0]))
    table["latin_name"] = [latin_name(one) if one else None for one in species]
    begun, ended = table["kulan_date_from"].fillna(""), table["kulan_date_to"].fillna("")
    table["event_date"] = [
        f"{start}/{end}" if start and end and end != start else str(start)
        for start, end in zip(begun, ended, strict=True)
    ]
    columns = {
        "occurrenceID": "kulan_id",
        "scientificName": "latin_name",
        "eventDate": "event_date",
        "countryCode": "kulan_state",
        GENERALIZATIONS: GENERALIZATIONS,
        WITHHELD_INFORMATION: WITHHELD_INFORMATION,
        UNCERTAINTY: UNCERTAINTY,
    }
    automatic = version.layer.theme == Theme.TELEMETRY
    basis = "MachineObservation" if automatic else "HumanObservation"
    return write_darwin_core(table, columns, record, {"basisOfRecord": basis}).content
