"""Rasters as connectivity programs exchange them: ASCII grids, plain or gzipped, and GeoTIFF."""

import gzip
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from kulan.errors import InvalidFileError, InvalidGridError
from kulan.outputs import write_whole

NODATA = -9999.0
# below what float32 can hold: programs write its limit for NoData, and often do not declare it
_NO_NUMBER = -3.4e38
_HEADER = ("ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize")


@dataclass(frozen=True)
class PlainRaster:
    """Values of a raster and where it lies, in whatever plane its maker used.

    Attributes
    ----------
    values
        Shape (rows, columns), the first row in the north; NaN for NoData.
    west, south
        Corner of the raster, in the units of its plane.
    cell
        Side of a cell, in the same units.
    crs
        Coordinate system, empty where the file does not say.
    name
        File it came from, for messages.
    """

    values: NDArray[np.float64]
    west: float
    south: float
    cell: float
    crs: str = ""
    name: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    def cell_at(self, x: float, y: float) -> int:
        """Return the number of the cell that holds a point.

        A point on the border of two cells belongs to the western or northern one, as in
        Circuitscape; on the western or southern edge of the raster, to the cell there.

        Raises
        ------
        InvalidGridError
            If the point lies outside the raster.
        """
        rows, columns = self.shape
        column = int(np.ceil((x - self.west) / self.cell)) - 1
        row = int(np.ceil(rows - (y - self.south) / self.cell)) - 1
        column += column == -1 and x == self.west
        row += row == -1 and y == self.south + rows * self.cell
        if not (0 <= row < rows and 0 <= column < columns):
            east, north = self.west + columns * self.cell, self.south + rows * self.cell
            raise InvalidGridError(
                f"point ({x:g}, {y:g}) lies outside {self.name or 'the raster'}, which covers "
                f"x {self.west:g} to {east:g} and y {self.south:g} to {north:g}. "
                "Check that both use the same coordinates."
            )
        return row * columns + column


def read_raster(path: Path) -> PlainRaster:
    """Read an ASCII grid (.asc, .txt, also .gz) or a GeoTIFF (.tif, also .gz).

    NoData is what the file declares, -9999, and values below what single precision can hold.
    An ASCII grid takes its coordinate system from a file of the same name with the ending .prj.

    Raises
    ------
    InvalidFileError
        If the file is missing or not such a raster.
    """
    if not path.is_file():
        raise InvalidFileError(f"{path}: no such file. Check the name, and the folder it is under.")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if ".tif" in suffixes[-2:] or ".tiff" in suffixes[-2:]:
        return _read_geotiff(path)
    return _read_ascii(path)


# --- ASCII grids ----------------------------------------------------------------------------------


def _read_ascii(path: Path) -> PlainRaster:
    raw = path.read_bytes()
    try:
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError) as error:
        raise InvalidFileError(
            f"{path.name}: not a complete gzip file ({error}). Fetch or pack it anew."
        ) from error
    header, start = _header_of(path, raw)
    rows, columns = int(header["nrows"]), int(header["ncols"])
    values = _numbers(path, raw[start:])
    if values.size != rows * columns:
        raise InvalidFileError(
            f"{path.name}: {values.size} numbers found, but {rows} rows of {columns} make "
            f"{rows * columns}. The file is cut short, or its header belongs to another."
        )
    cell = header["cellsize"]
    west = header.get("xllcorner", header.get("xllcenter", 0.0) - cell / 2)
    south = header.get("yllcorner", header.get("yllcenter", 0.0) - cell / 2)
    grid = _without_nodata(values.reshape(rows, columns), header.get("nodata", NODATA))
    return PlainRaster(grid, west, south, cell, _crs_beside(path), path.name)


def _header_of(path: Path, raw: bytes) -> tuple[dict[str, float], int]:
    """Return what the header says, and where the numbers begin."""
    header: dict[str, float] = {}
    start = 0
    while start < len(raw):
        end = raw.find(b"\n", start)
        end = len(raw) if end < 0 else end
        line = raw[start:end].decode("latin-1").split()
        if line and not (line[0][0].isalpha() and line[0].lower() not in ("nan", "inf")):
            break
        if len(line) >= 2:
            key = line[0].lower()
            header["nodata" if "nodata" in key else key] = _header_number(path, line)
        start = end + 1
    if header.get("dx") and "cellsize" not in header:
        header["cellsize"] = header["dx"]
        if abs(header["dx"] - header.get("dy", header["dx"])) > 1e-9 * abs(header["dx"]):
            raise InvalidFileError(
                f"{path.name}: cells of {header['dx']:g} by {header['dy']:g} found; square ones "
                "are needed. Resample the raster."
            )
    wrong = [
        key
        for key in ("ncols", "nrows", "cellsize")
        if not (0 < header.get(key, 0.0) < float("inf"))
    ]
    if wrong:
        raise InvalidFileError(
            f"{path.name}: not an ASCII grid, its header lacks {', '.join(wrong)}, or has no "
            f"number above zero there. Known headers: {', '.join(_HEADER)}, nodata_value."
        )
    return header, start


def _header_number(path: Path, line: list[str]) -> float:
    try:
        return float(line[1])
    except ValueError as error:
        raise InvalidFileError(
            f"{path.name}: header {line[0]!r} has the value {line[1]!r}; a number is needed."
        ) from error


def _numbers(path: Path, body: bytes) -> NDArray[np.float64]:
    """Read all numbers of the body, row by row."""
    try:
        # rows of one length, read without a detour through text; NaN is a word like others, so
        # that a row that is too short is no NoData
        table = pd.read_csv(
            io.BytesIO(body), sep=r"\s+", header=None, dtype=np.float64, na_filter=False
        )
        return np.ascontiguousarray(table.to_numpy()).ravel()
    except ValueError:
        pass
    try:
        return np.array(body.split(), dtype=np.float64)
    except ValueError as error:
        raise InvalidFileError(
            f"{path.name}: {error}. An ASCII grid holds only numbers."
        ) from error


def _crs_beside(path: Path) -> str:
    """Read the coordinate system of an ASCII grid; empty where no file beside it tells."""
    name = path.name[:-3] if path.suffix.lower() == ".gz" else path.name
    told = path.with_name(name).with_suffix(".prj")
    if not told.is_file():
        return ""
    try:
        return CRS.from_user_input(told.read_text(encoding="utf-8-sig").strip()).to_string()
    except (CRSError, UnicodeDecodeError) as error:
        raise InvalidFileError(
            f"{told.name}: not a coordinate system ({error}). Mend or remove it."
        ) from error


def _without_nodata(values: NDArray[np.float64], nodata: float) -> NDArray[np.float64]:
    empty = (values == NODATA) | (values <= _NO_NUMBER)
    if not np.isnan(nodata):
        # declared in fewer digits than it is written with, or in more
        empty |= np.abs(values - nodata) <= 1e-6 * abs(nodata)
    values[empty] = np.nan
    return values


# --- GeoTIFF --------------------------------------------------------------------------------------


def _read_geotiff(path: Path) -> PlainRaster:
    import rasterio  # noqa: PLC0415 - heavy, and not needed for ASCII grids
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError  # noqa: PLC0415

    name = f"/vsigzip/{path.resolve()}" if path.suffix.lower() == ".gz" else str(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(name) as source:
                values = source.read(1).astype(np.float64)
                transform, crs, nodata = source.transform, source.crs, source.nodata
    except RasterioIOError as error:
        raise InvalidFileError(f"{path.name}: not a readable GeoTIFF ({error}).") from error
    grid = _without_nodata(values, NODATA if nodata is None else float(nodata))
    if transform.is_identity:
        return PlainRaster(grid, 0.0, 0.0, 1.0, crs.to_string() if crs else "", path.name)
    if abs(transform.a + transform.e) > 1e-6 * abs(transform.a) or transform.b or transform.d:
        raise InvalidFileError(
            f"{path.name}: cells of {transform.a:g} by {-transform.e:g} found; square cells with "
            "rows from west to east, the first in the north, are needed. Resample the raster."
        )
    south = transform.f + transform.e * values.shape[0]
    return PlainRaster(
        grid, transform.c, south, transform.a, crs.to_string() if crs else "", path.name
    )


# --- both -----------------------------------------------------------------------------------------


def check_same_cells(raster: PlainRaster, other: PlainRaster, *, any_corner: bool = False) -> None:
    """Refuse two rasters that do not cover the same cells.

    Parameters
    ----------
    raster, other
        The rasters.
    any_corner
        Whether equal numbers of rows and columns are enough, as they are for Circuitscape 5.

    Raises
    ------
    InvalidGridError
        If rows, columns, corner, cell size or coordinate system differ.
    """
    first, second = raster.name or "the first raster", other.name or "the second raster"
    cure = "Resample one onto the cells of the other."
    if raster.shape != other.shape:
        raise InvalidGridError(
            f"{second} has {other.shape[0]} rows of {other.shape[1]}, but {first} has "
            f"{raster.shape[0]} of {raster.shape[1]}. {cure}"
        )
    if any_corner:
        return
    slack = 0.01 * raster.cell
    for what, a, b in (
        ("western edge", raster.west, other.west),
        ("southern edge", raster.south, other.south),
    ):
        if abs(a - b) > slack:
            raise InvalidGridError(f"{second}: its {what} is {b:g}, that of {first} {a:g}. {cure}")
    if abs(raster.cell - other.cell) * max(raster.shape) > slack:
        raise InvalidGridError(
            f"{second} has cells of {other.cell:g}, {first} of {raster.cell:g}. {cure}"
        )
    if raster.crs and other.crs and not _same_crs(raster.crs, other.crs):
        raise InvalidGridError(f"{second} is in {other.crs}, {first} in {raster.crs}. {cure}")


def _same_crs(one: str, other: str) -> bool:
    if one == other:
        return True
    first, second = CRS.from_user_input(one), CRS.from_user_input(other)
    code = first.to_epsg(min_confidence=25)
    return first.equals(second, ignore_axis_order=True) or (
        code is not None and code == second.to_epsg(min_confidence=25)
    )


def write_ascii_grid(
    path: Path, values: NDArray[np.float64], like: PlainRaster, *, compress: bool = False
) -> None:
    """Write an ASCII grid, whole or not at all; every digit that a number needs, NaN as -9999.

    Parameters
    ----------
    path
        Where to; `.gz` is added where `compress` is set.
    values
        Shape (rows, columns).
    like
        Raster that says where the cells lie.
    compress
        Whether to gzip the file.
    """
    rows, columns = values.shape
    lines = [
        f"ncols         {columns}",
        f"nrows         {rows}",
        f"xllcorner     {like.west!r}",
        f"yllcorner     {like.south!r}",
        f"cellsize      {like.cell!r}",
        f"NODATA_value  {NODATA:g}",
    ]
    parts = ["\n".join(lines).encode("ascii")]
    filled = np.where(np.isfinite(values), values, NODATA) + 0.0
    # as JSON a list of numbers is written several times faster than by formatting
    parts += [msgspec.json.encode(row.tolist())[1:-1].replace(b",", b" ") for row in filled]
    content = b"\n".join(parts) + b"\n"
    if compress:
        write_whole(path.with_name(path.name + ".gz"), gzip.compress(content, 1, mtime=0))
    else:
        write_whole(path, content)


def write_geotiff(path: Path, values: NDArray[np.float64], like: PlainRaster) -> None:
    """Write a GeoTIFF, whole or not at all; float64, NaN as -9999.

    Parameters
    ----------
    path
        Where to.
    values
        Shape (rows, columns).
    like
        Raster that says where the cells lie, and in which coordinate system.
    """
    from rasterio.io import MemoryFile  # noqa: PLC0415 - heavy, and not needed for ASCII grids
    from rasterio.transform import from_origin  # noqa: PLC0415

    rows, columns = values.shape
    north = like.south + rows * like.cell
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=rows,
            width=columns,
            count=1,
            dtype="float64",
            nodata=NODATA,
            crs=like.crs or None,
            transform=from_origin(like.west, north, like.cell, like.cell),
            compress="deflate",
        ) as target:
            target.write(np.where(np.isnan(values), NODATA, values), 1)
        write_whole(path, bytes(memory.getbuffer()))
