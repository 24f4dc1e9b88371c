"""Rasters as connectivity programs exchange them: ASCII grids, plain or gzipped, and GeoTIFF."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidFileError, InvalidGridError
from kulan.outputs import write_whole

NODATA = -9999.0
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

        Raises
        ------
        InvalidGridError
            If the point lies outside the raster.
        """
        rows, columns = self.shape
        column = int(np.floor((x - self.west) / self.cell))
        row = rows - 1 - int(np.floor((y - self.south) / self.cell))
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


def _read_ascii(path: Path) -> PlainRaster:
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("ascii")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InvalidFileError(
            f"{path.name}: not an ASCII grid ({error}). Export it anew as .asc or .tif."
        ) from error
    header, body = _split_header(path, text)
    rows, columns = int(header["nrows"]), int(header["ncols"])
    values = _numbers(path, body)
    if values.size != rows * columns:
        raise InvalidFileError(
            f"{path.name}: {values.size} numbers found, but {rows} rows of {columns} make "
            f"{rows * columns}. The file is cut short, or its header belongs to another."
        )
    cell = header["cellsize"]
    west = header.get("xllcorner", header.get("xllcenter", 0.0) - cell / 2)
    south = header.get("yllcorner", header.get("yllcenter", 0.0) - cell / 2)
    nodata = header.get("nodata_value", NODATA)
    grid = _without_nodata(values.reshape(rows, columns), nodata)
    return PlainRaster(grid, west, south, cell, name=path.name)


def _split_header(path: Path, text: str) -> tuple[dict[str, float], str]:
    header: dict[str, float] = {}
    start = 0
    while True:
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)].split()
        if line and not (line[0][0].isalpha() and line[0].lower() != "nan"):
            break
        if len(line) >= 2:
            try:
                header[line[0].lower()] = float(line[1])
            except ValueError as error:
                raise InvalidFileError(
                    f"{path.name}: header {line[0]!r} has the value {line[1]!r}; a number is "
                    "needed."
                ) from error
        if end < 0:
            break
        start = end + 1
    lacking = [key for key in ("ncols", "nrows", "cellsize") if not header.get(key)]
    if lacking:
        raise InvalidFileError(
            f"{path.name}: not an ASCII grid, its header lacks {', '.join(lacking)}. "
            f"Known headers: {', '.join(_HEADER)}, nodata_value."
        )
    return header, text[start:]


def _numbers(path: Path, body: str) -> NDArray[np.float64]:
    try:
        return np.loadtxt(body.splitlines(), dtype=np.float64, ndmin=1).ravel()
    except ValueError:
        pass
    try:
        return np.array(body.split(), dtype=np.float64)
    except ValueError as error:
        raise InvalidFileError(
            f"{path.name}: {error}. An ASCII grid holds only numbers."
        ) from error


def _without_nodata(values: NDArray[np.float64], nodata: float | None) -> NDArray[np.float64]:
    if nodata is not None and not np.isnan(nodata):
        values[np.isclose(values, nodata, rtol=1e-6, atol=0)] = np.nan
    return values


def _read_geotiff(path: Path) -> PlainRaster:
    import rasterio  # noqa: PLC0415 - heavy, and not needed for ASCII grids
    from rasterio.errors import RasterioIOError  # noqa: PLC0415

    name = f"/vsigzip/{path.resolve()}" if path.suffix.lower() == ".gz" else str(path)
    try:
        with rasterio.open(name) as source:
            values = source.read(1).astype(np.float64)
            transform, crs = source.transform, source.crs
            nodata = source.nodata
    except RasterioIOError as error:
        raise InvalidFileError(f"{path.name}: not a readable GeoTIFF ({error}).") from error
    if abs(transform.a + transform.e) > 1e-6 * abs(transform.a) or transform.b or transform.d:
        raise InvalidFileError(
            f"{path.name}: cells of {transform.a:g} by {-transform.e:g} found; square cells with "
            "rows from west to east are needed. Resample the raster."
        )
    south = transform.f + transform.e * values.shape[0]
    grid = _without_nodata(values, NODATA if nodata is None else nodata)
    return PlainRaster(
        grid, transform.c, south, transform.a, crs.to_string() if crs else "", path.name
    )


def check_same_cells(raster: PlainRaster, other: PlainRaster) -> None:
    """Refuse two rasters that do not cover the same cells.

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
    if raster.crs and other.crs and raster.crs != other.crs:
        raise InvalidGridError(f"{second} is in {other.crs}, {first} in {raster.crs}. {cure}")


def write_ascii_grid(
    path: Path, values: NDArray[np.float64], like: PlainRaster, *, compress: bool = False
) -> None:
    """Write an ASCII grid, whole or not at all; ten digits, NaN as -9999.

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
    filled = np.where(np.isnan(values), NODATA, values) + 0.0
    pattern = " ".join(["%.10g"] * columns)
    lines += [pattern % tuple(row) for row in filled.tolist()]
    content = ("\n".join(lines) + "\n").encode("ascii")
    if compress:
        write_whole(path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))
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
