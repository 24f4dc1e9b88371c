"""CSV and its relatives: positions in columns, or shapes as well-known text."""

import csv
import re
import warnings
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidFileError, TooLargeError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import MOST_FEATURES, Asked, Rows
from kulan.exchange.wkb import CURVE, UNREADABLE, parsed

_LONGITUDE = ("lon", "long", "lng", "longitude", "x", "easting", "долгота", "восточная долгота")
_LATITUDE = ("lat", "latitude", "y", "northing", "широта", "северная широта")
_WKT = ("wkt", "geometry", "geom", "the_geom", "wkt_geom", "shape", "геометрия")
_LINE = ("line_id", "line", "track_id", "track", "alternative", "линия", "id", "name", "название")
_ORDER = (
    "order", "seq", "sequence", "point_order", "vertex", "vertex_index", "point_id", "n", "no",
    "km", "chainage", "порядок", "номер", "км", "пикет",
)  # fmt: skip
_WKT_START = re.compile(
    r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION|CURVE|SURFACE|CIRCULARSTRING"
    r"|COMPOUNDCURVE|CURVEPOLYGON)",
    re.I,
)
_CURVED_WKT = re.compile(
    r"\s*(CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE)", re.IGNORECASE
)
_SRID = re.compile(r"\s*SRID=(\d+);", re.I)
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_EXTRA = "\x00more cells than the heading"


@dataclass(frozen=True)
class _Sheet:
    """The cells as text, and what separates them."""

    cells: pd.DataFrame
    delimiter: str


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read a table of points or of well-known text.

    Points are joined into lines when lines are wanted: rows with the same `line_id` (or `line`,
    `track_id`, `alternative`, or a repeated `id` or `name`) in the order of `order` (or `seq`, `km`
    ...), else all rows as they stand.

    Raises
    ------
    InvalidFileError
        If it is not text, its columns cannot be told apart, or none holds positions.
    """
    sheet = _sheet(_text(path, losses), asked, losses)
    if len(sheet.cells) > MOST_FEATURES:
        raise TooLargeError(f"{asked.name}: {len(sheet.cells)} rows; {MOST_FEATURES} at most.")
    wkt = _wkt_column(sheet.cells)
    if wkt is not None:
        return _from_wkt(sheet.cells, wkt, asked, losses)
    x, y = _named(sheet.cells, _LONGITUDE), _named(sheet.cells, _LATITUDE)
    if x is None or y is None:
        raise InvalidFileError(
            f"{asked.name}: no positions found in its columns "
            f"({', '.join(map(str, sheet.cells.columns[:12]))}; separated by "
            f"{_DELIMITERS.get(sheet.delimiter, 'nothing')}). Name them lon and lat, or give "
            "shapes in a column named WKT."
        )
    return _from_positions(sheet, x, y, asked, losses)


def _text(path: Path, losses: Losses) -> str:
    """Return the file's text; an encoding that had to be guessed is noted."""
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise InvalidFileError(
                f"{path.name}: begins as UTF-16 text and does not go on as such. Save it as UTF-8."
            ) from None
    if b"\x00" in content:
        raise InvalidFileError(
            f"{path.name}: not text (it holds bytes of zero). If it is a spreadsheet, save it as "
            "CSV in UTF-8."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        losses.change(None, "encoding guessed", "not UTF-8, so taken for Windows-1251 (CP1251)")
        return content.decode("cp1251", errors="replace")


def _sheet(text: str, asked: Asked, losses: Losses) -> _Sheet:
    """Split the text into cells."""
    heading = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    delimiter = _delimiter(heading)
    try:
        names = next(csv.reader([heading], delimiter=delimiter, strict=True))
        cells = _cells(text, len(names), delimiter)
    except (StopIteration, csv.Error, ValueError, OverflowError, Warning) as problem:
        words = " ".join(str(problem).split()) or "it is empty"
        raise InvalidFileError(
            f"{asked.name}: its rows do not split into the {heading.count(delimiter) + 1} columns "
            f"of its heading ({words[:200]}). Put quotes around text that holds the "
            "separator; with decimal commas separate columns by semicolons."
        ) from None
    _check_no_more(cells, delimiter, asked)
    cells = cells.drop(columns=_EXTRA).fillna("")
    cells.columns = pd.Index(_unique([name.strip() for name in names], losses))
    return _Sheet(cells, delimiter)


def _cells(text: str, width: int, delimiter: str) -> pd.DataFrame:
    """Return the rows below the heading; one column more catches what does not belong."""
    with warnings.catch_warnings():
        # pandas only warns when it is about to drop cells
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            StringIO(text.lstrip("\r\n")),
            sep=delimiter,
            header=None,
            skiprows=1,
            names=[*range(width), _EXTRA],
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            low_memory=False,
        )


def _check_no_more(cells: pd.DataFrame, delimiter: str, asked: Asked) -> None:
    more = cells[_EXTRA].fillna("").astype(str) != ""
    if not more.any():
        return
    row = int(np.flatnonzero(more.to_numpy())[0]) + 1
    hint = (
        " If its numbers have decimal commas, separate the columns by semicolons."
        if delimiter == ","
        else ""
    )
    raise InvalidFileError(
        f"{asked.name}: row {row} has more cells than the heading. Put quotes around text that "
        f"holds a {_DELIMITERS.get(delimiter, 'separator')}.{hint}"
    )


def _delimiter(heading: str) -> str:
    """Return what separates the names of the heading most often, outside quotes."""
    bare = re.sub(r'"[^"]*"', "", heading)
    best = max(_DELIMITERS, key=bare.count)
    # one column only: anything that the text cannot hold
    return best if bare.count(best) else "\x1f"


def _unique(names: list[str], losses: Losses) -> list[str]:
    """Return column names of which none stands twice and none is empty."""
    result: list[str] = []
    for place, name in enumerate(names, start=1):
        base = name or f"column_{place}"
        unique, number = base, 2
        while unique in result:
            unique, number = f"{base}_{number}", number + 1
        if unique != name:
            losses.change(None, "column renamed", f"column {place}, {name!r}, became {unique!r}")
        result.append(unique)
    return result


def _named(cells: pd.DataFrame, words: tuple[str, ...]) -> str | None:
    """Return the first column whose name is one of `words`; units and case do not matter."""
    plain = {re.sub(r"[\s_]*[\[(].*$", "", str(name)).strip().lower(): name for name in cells}
    return next((str(plain[word]) for word in words if word in plain), None)


def _wkt_column(cells: pd.DataFrame) -> str | None:
    """Return the column that holds well-known text."""
    named = [name for name in cells if str(name).lower() in _WKT]
    for name in [*named, *(name for name in cells if name not in named)]:
        filled = cells[name][cells[name] != ""]
        if len(filled) and _WKT_START.match(filled.iloc[0]):
            return str(name)
    return None


def _from_wkt(cells: pd.DataFrame, column: str, asked: Asked, losses: Losses) -> Rows:
    texts = cells[column].to_numpy(dtype=object)
    source_rows = np.arange(1, len(texts) + 1, dtype=np.int64)
    srids = {match.group(1) for text in texts if (match := _SRID.match(text))}
    if len(srids) > 1:
        raise InvalidFileError(
            f"{asked.name}: shapes in several systems (SRID {', '.join(sorted(srids))}). "
            "Split the file, one system in each."
        )
    bare = np.array([_SRID.sub("", text).strip() or None for text in texts], dtype=object)
    with np.errstate(all="ignore"):
        shapes = parsed(bare, lambda some: shapely.from_wkt(some, on_invalid="ignore"))
    broken = np.array([text is not None for text in bare]) & shapely.is_missing(shapes)
    for index in np.flatnonzero(broken):
        curve = _CURVED_WKT.match(bare[index])
        reason = CURVE.format(curve.group(1)) if curve else UNREADABLE
        losses.leave_out([source_rows[index]], "feature", reason)
    return Rows(
        geometries=shapes[~broken],
        attributes=_typed(cells.drop(columns=column))[~broken].reset_index(drop=True),
        source_rows=source_rows[~broken],
        crs=f"EPSG:{srids.pop()}" if srids else None,
        layer="",
        n_read=len(texts),
    )


def _from_positions(sheet: _Sheet, x: str, y: str, asked: Asked, losses: Losses) -> Rows:
    cells = sheet.cells
    source_rows = np.arange(1, len(cells) + 1, dtype=np.int64)
    easting = _numbers(cells[x], sheet.delimiter, losses)
    northing = _numbers(cells[y], sheet.delimiter, losses)
    good = np.isfinite(easting) & np.isfinite(northing)
    losses.leave_out(source_rows[~good], "feature", f"{x} or {y} is not a decimal number")
    points = shapely.points(easting[good], northing[good])
    table = cells.drop(columns=[x, y])[good].reset_index(drop=True)
    kept = source_rows[good]
    if "line" in asked.shapes:
        points, table, kept = _joined(points, table, kept, losses)
    elif "point" not in asked.shapes:
        raise InvalidFileError(
            f"{asked.name}: a table of points, where polygons are wanted. Give the polygons as "
            "well-known text in a column named WKT."
        )
    return Rows(points, _typed(table), kept, None, "", len(cells))


def _numbers(cells: "pd.Series[str]", delimiter: str, losses: Losses) -> NDArray[np.float64]:
    """Return cells as numbers, NaN where they are none; a decimal comma is read and noted."""
    words = cells.str.strip()
    comma = words.str.fullmatch(_DECIMAL_COMMA.pattern)
    if delimiter != "," and bool(comma.any()):
        losses.change(
            np.flatnonzero(comma.to_numpy()) + 1, "decimal commas read", f"in column {cells.name}"
        )
        words = words.where(~comma, words.str.replace(",", ".", n=1))
    return pd.to_numeric(words, errors="coerce").to_numpy(dtype=float)


def _joined(
    points: NDArray[np.object_], table: pd.DataFrame, source_rows: NDArray[np.int64], losses: Losses
) -> tuple[NDArray[np.object_], pd.DataFrame, NDArray[np.int64]]:
    """Join points into lines; return them, what their points agree on, and their first rows."""
    line, order = _line_column(table), _named(table, _ORDER)
    place = np.arange(len(points))
    if order is not None:
        ranks = pd.to_numeric(table[order].str.replace(",", "."), errors="coerce").to_numpy(float)
        place = np.argsort(ranks, kind="stable")
    groups = table[line].to_numpy(dtype=object) if line else np.full(len(points), "", dtype=object)
    lines, firsts, rows = [], [], []
    xy = shapely.get_coordinates(points)
    for value in dict.fromkeys(groups):
        members = place[groups[place] == value]
        # a line of one point has no length, and is left out with that reason later
        lines.append(shapely.LineString(xy[np.resize(members, max(len(members), 2))]))
        firsts.append(int(members.min()))
        rows.append(members)
    by = f"rows with the same {line}" if line else "all rows"
    sequence = f"in the order of {order}" if order else "in the order of the file"
    losses.change(source_rows, "points joined into lines", f"{by}, {sequence}")
    agreed = _agreed(table, rows, order, losses)
    array = np.empty(len(lines), dtype=object)
    array[:] = lines
    return array, agreed, source_rows[np.array(firsts, dtype=np.int64)]


def _line_column(table: pd.DataFrame) -> str | None:
    """Return the column that says which line a point is of: it must repeat its values."""
    for word in _LINE:
        name = _named(table, (word,))
        if name is None:
            continue
        counts = table[name].value_counts()
        if word in ("line_id", "line", "track_id", "track", "линия") or (counts > 1).all():
            return name
    return None


def _agreed(
    table: pd.DataFrame, rows: list[NDArray[np.int64]], order: str | None, losses: Losses
) -> pd.DataFrame:
    """Return for each line the columns on which its points agree; others are left out."""
    kept: dict[str, list[Any]] = {}
    for name in table.columns:
        if name == order:
            continue
        cells = table[name].to_numpy(dtype=object)
        if all((cells[members] == cells[members[0]]).all() for members in rows):
            kept[str(name)] = [cells[members[0]] for members in rows]
        else:
            losses.leave_out(
                None, f"column {name!r}", "its values differ between the points of one line"
            )
    return pd.DataFrame(kept, index=pd.RangeIndex(len(rows)))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return columns of plain numbers as numbers, the others as text; an empty cell is None."""
    result: dict[str, Any] = {}
    for name in table.columns:
        words = table[name].astype(object)
        empty = (words == "").to_numpy()
        filled = words[~empty]
        # leading zeros mark a code, not a number
        coded = filled.str.fullmatch(r"[-+]?0\d+.*").any() if len(filled) else True
        numbers = pd.to_numeric(filled, errors="coerce") if not coded else None
        if numbers is not None and len(numbers) and numbers.notna().all():
            whole = filled.str.fullmatch(r"[-+]?\d{1,18}").all()
            full = pd.to_numeric(words.where(~empty), errors="coerce")
            kind: Any = "float64" if not whole else ("Int64" if empty.any() else "int64")
            result[str(name)] = full.astype(kind)
        else:
            result[str(name)] = words.where(~empty, None)
    return pd.DataFrame(result, index=table.index)
