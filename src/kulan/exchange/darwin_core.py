"""Occurrences as a Darwin Core archive, which GBIF and its national nodes take in.

Positions go out as they are given: pass the rendition that its reader may see, never the exact
features. Texts are not escaped for spreadsheets, for the programs that read archives would keep
the apostrophes; give people `kulan.exchange.safe_cells` instead.
"""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.errors import InvalidTableError, UnknownCrsError, UnknownNameError
from kulan.exchange.archives import zipped
from kulan.exchange.darwin_core_terms import (
    BASES_OF_RECORD,
    FROM_GEOMETRY,
    OCCURRENCE,
    TERMS,
)
from kulan.exchange.darwin_core_values import put_right, spelt
from kulan.exchange.eml import write_eml
from kulan.exchange.layer_records import LayerRecord
from kulan.exchange.losses import Losses
from kulan.places import edge_lengths_m

_TEXT = "http://rs.tdwg.org/dwc/text/"
# without these GBIF does not take a record
_NEEDED = ("occurrenceID", "scientificName")


@dataclass(frozen=True)
class DarwinCoreArchive:
    """An archive, and an account of what it could not carry.

    Attributes
    ----------
    content
        The zip file's bytes: ``occurrence.csv``, ``meta.xml``, ``eml.xml``.
    n_records
        Occurrences in it.
    left_out
        Rows and columns that stayed behind; see `kulan.exchange.tables.LEFT_OUT`.
    changes
        What was altered; see `kulan.exchange.tables.CHANGES`.
    """

    content: bytes
    n_records: int
    left_out: pd.DataFrame
    changes: pd.DataFrame


def write_darwin_core(
    occurrences: gpd.GeoDataFrame,
    columns: Mapping[str, str],
    record: LayerRecord,
    constants: Mapping[str, str] | None = None,
) -> DarwinCoreArchive:
    """Write occurrences as a Darwin Core archive with an occurrence core.

    A point gives its coordinates. Any other shape, as a cell of a grid is, gives its outline
    (`footprintWKT`), its middle, and as `coordinateUncertaintyInMeters` the distance from there to
    its farthest corner, rounded up, or the row's own uncertainty where that is larger. A row
    without a shape is written without a position. The same input gives the same bytes.

    Left out are rows without an identifier or a name, and those that repeat an identifier. Altered
    are: dates that are not ISO 8601 (moved to `verbatimEventDate`), uncertainties of zero or less
    (emptied: Darwin Core forbids zero), three-letter codes of states (to two letters), line breaks
    (to spaces). Every one of these is in the account.

    Parameters
    ----------
    occurrences
        One row each, with a CRS. Not changed.
    columns
        Name of a column by Darwin Core term, such as ``{"scientificName": "latin_name"}``.
    record
        The layer they come from; gives `license`, `rightsHolder` and `datasetName` where neither
        `columns` nor `constants` do, and the archive's description.
    constants
        The same value for every row, by term.

    Raises
    ------
    UnknownCrsError
        If the table has no CRS.
    UnknownNameError
        If a term is not one of `kulan.exchange.darwin_core_terms.TERMS`, is filled from the shapes,
        or `basisOfRecord` is not of Darwin Core's list.
    InvalidTableError
        If a column is missing, or nothing gives `occurrenceID`, `scientificName`, `eventDate` or
        `basisOfRecord`.

    References
    ----------
    Darwin Core Maintenance Group (2026). List of Darwin Core terms, 2026-05-26. Darwin Core text
    guide (2023). Biodiversity Information Standards (TDWG).
    Chapman, A. D. (2020). Current Best Practices for Generalizing Sensitive Species Occurrence
    Data. https://doi.org/10.15468/doc-5jp4-5g10
    """
    fixed = _constants(record, columns, dict(constants or {}))
    _check_terms(occurrences, columns, fixed)
    losses = Losses()
    _note_unmapped(occurrences, columns, losses)
    texts = {term: [spelt(cell) for cell in occurrences[name]] for term, name in columns.items()}
    texts |= {term: [value] * len(occurrences) for term, value in fixed.items()}
    cells = put_right(pd.DataFrame(texts, dtype=object), losses)
    _add_positions(cells, occurrences, losses)
    kept = _usable(cells, losses)
    written = cells.loc[kept, [term for term in TERMS if term in cells.columns]]
    content = zipped(
        {
            "occurrence.csv": _csv(written),
            "meta.xml": _meta(list(written.columns)),
            "eml.xml": write_eml(record),
        }
    )
    return DarwinCoreArchive(content, len(written), losses.left_out_table(), losses.changes_table())


def _constants(
    record: LayerRecord, columns: Mapping[str, str], given: dict[str, str]
) -> dict[str, str]:
    """Return the values that are the same in every row, the layer's own among them."""
    own = {
        "license": record.licence.url or record.licence.words,
        "rightsHolder": record.creator,
        "datasetName": record.title[record.language],
        "datasetID": record.identifier,
        "occurrenceStatus": "present",
    }
    fixed = {term: value for term, value in own.items() if term not in columns} | given
    return {term: spelt(value) for term, value in fixed.items()}


def _check_terms(
    occurrences: gpd.GeoDataFrame, columns: Mapping[str, str], fixed: Mapping[str, str]
) -> None:
    """Refuse what no archive could be made of."""
    if occurrences.crs is None:
        raise UnknownCrsError(
            "The occurrences have no coordinate reference system. Say which: "
            "occurrences.set_crs('EPSG:4326')."
        )
    for term in (*columns, *fixed):
        if term not in TERMS or term in FROM_GEOMETRY:
            why = "is filled from the shapes" if term in FROM_GEOMETRY else "is not carried"
            raise UnknownNameError(
                f"Darwin Core term {term!r} {why}. See kulan.exchange.darwin_core_terms.TERMS."
            )
    if twice := sorted(set(columns) & set(fixed)):
        raise InvalidTableError(
            f"{', '.join(twice)}: given as a column and as a constant. Take one away."
        )
    if missing := sorted(set(columns.values()) - set(occurrences.columns)):
        raise InvalidTableError(
            f"occurrences: missing {', '.join(missing)}; found {', '.join(occurrences.columns)}."
        )
    given = {*columns, *fixed}
    if lacking := [t for t in (*_NEEDED, "eventDate", "basisOfRecord") if t not in given]:
        raise InvalidTableError(
            f"{', '.join(lacking)}: every occurrence needs it. Name its column, or give a constant."
        )
    basis = fixed.get("basisOfRecord")
    if basis is not None and basis not in BASES_OF_RECORD:
        raise UnknownNameError(
            f"basisOfRecord {basis!r} is not of Darwin Core; choose one of "
            f"{', '.join(BASES_OF_RECORD)}."
        )


def _note_unmapped(
    occurrences: gpd.GeoDataFrame, columns: Mapping[str, str], losses: Losses
) -> None:
    """Note each column that no term was given for."""
    shape = occurrences.geometry.name
    for name in occurrences.columns:
        if name != shape and name not in columns.values():
            losses.leave_out(None, f"attribute {name!r}", "no Darwin Core term was given for it")


def _add_positions(cells: pd.DataFrame, occurrences: gpd.GeoDataFrame, losses: Losses) -> None:
    """Add coordinates, footprints and their uncertainty to the cells."""
    shapes = shapely.force_2d(occurrences.geometry.to_crs("EPSG:4326").to_numpy())
    rows = np.arange(1, len(shapes) + 1)
    if not occurrences.crs.equals("EPSG:4326"):
        losses.change(None, "coordinates turned", f"from {occurrences.crs.name} to WGS 84")
    bounds = shapely.bounds(shapes)
    # no shape, an empty one, or one that has no place on WGS 84
    placed = np.isfinite(bounds).all(axis=1)
    outlined = placed & (shapely.get_type_id(shapes) != 0)
    losses.change(rows[~placed], "no position", "the row has no shape; it is written without one")
    losses.change(
        rows[outlined],
        "a middle and a distance",
        "a shape is given as its footprint, its middle and the distance to its farthest corner",
    )
    longitude, latitude = bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)
    cells["decimalLongitude"] = _decimal(longitude, placed)
    cells["decimalLatitude"] = _decimal(latitude, placed)
    cells["geodeticDatum"] = np.where(placed, "EPSG:4326", "")
    if not outlined.any():
        return
    cells["footprintWKT"] = [
        shapely.to_wkt(shape, rounding_precision=7) if is_outline else ""
        for shape, is_outline in zip(shapes, outlined, strict=True)
    ]
    cells["footprintSRS"] = np.where(outlined, "EPSG:4326", "")
    term = "coordinateUncertaintyInMeters"
    before = cells[term] if term in cells else pd.Series("", cells.index, dtype=object)
    own = pd.to_numeric(before, "coerce").to_numpy(dtype=float)
    reach = _reach_m(shapes, np.column_stack([longitude, latitude]), outlined)
    larger = np.fmax(own, np.ceil(reach))
    cells[term] = [
        f"{metres:.0f}" if is_outline and metres > 0 else text
        for metres, is_outline, text in zip(larger, outlined, before, strict=True)
    ]


def _reach_m(shapes: np.ndarray, middle: np.ndarray, outlined: np.ndarray) -> np.ndarray:
    """Return the distance from each shape's middle to its farthest corner, metres."""
    numbers = np.flatnonzero(outlined)
    corners, place = shapely.get_coordinates(shapes[numbers], return_index=True)
    owner = numbers[place]
    reach = np.zeros(len(shapes))
    np.maximum.at(reach, owner, edge_lengths_m(middle[owner], corners))
    return reach


def _decimal(degrees: np.ndarray, placed: np.ndarray) -> list[str]:
    """Write degrees to seven decimals (a centimetre), without zeros that say nothing."""
    return [
        (f"{value:.7f}".rstrip("0").rstrip(".") if is_placed else "")
        for value, is_placed in zip(degrees, placed, strict=True)
    ]


def _usable(cells: pd.DataFrame, losses: Losses) -> np.ndarray:
    """Tell which rows an archive may hold, and note the others."""
    rows = np.arange(1, len(cells) + 1)
    kept = np.ones(len(cells), dtype=bool)
    for term in _NEEDED:
        empty = kept & (cells[term] == "").to_numpy(dtype=bool)
        losses.leave_out(rows[empty], "occurrence", f"it has no {term}")
        kept &= ~empty
    repeated = kept & cells["occurrenceID"].where(kept).duplicated().to_numpy(dtype=bool)
    losses.leave_out(rows[repeated], "occurrence", "its occurrenceID stands in an earlier row")
    kept &= ~repeated
    undated = kept & (cells["eventDate"] == "").to_numpy(dtype=bool)
    losses.change(rows[undated], "no date", "the row is written without eventDate; GBIF marks it")
    return kept


def _csv(written: pd.DataFrame) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(written.columns)
    writer.writerows(written.itertuples(index=False, name=None))
    return buffer.getvalue().encode()


def _meta(terms: list[str]) -> bytes:
    """Write the archive's description of its table, as the Darwin Core text guide has it."""
    root = ET.Element("archive", {"xmlns": _TEXT, "metadata": "eml.xml"})
    core = ET.SubElement(
        root,
        "core",
        {
            "encoding": "UTF-8",
            "fieldsTerminatedBy": ",",
            "linesTerminatedBy": r"\n",
            "fieldsEnclosedBy": '"',
            "ignoreHeaderLines": "1",
            "rowType": OCCURRENCE,
        },
    )
    ET.SubElement(ET.SubElement(core, "files"), "location").text = "occurrence.csv"
    ET.SubElement(core, "id", {"index": str(terms.index("occurrenceID"))})
    for index, term in enumerate(terms):
        ET.SubElement(core, "field", {"index": str(index), "term": TERMS[term]})
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
