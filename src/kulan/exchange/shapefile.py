"""Shapefile (ESRI, 1998): the .shp with the files that belong to it."""

from pathlib import Path

from kulan.errors import InvalidFileError, UnknownCrsError
from kulan.exchange.files import first_bytes, sidecars
from kulan.exchange.gdal_files import check_driver, layer_kinds, locked_gdal, read_layer
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked, Rows

DRIVER = "ESRI Shapefile"
_MAGIC = b"\x00\x00\x27\x0a"
_LANGUAGE_BYTE = 29
_SAMPLE_BYTES = 4 * 1024**2


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read a Shapefile. Text without a declared encoding is taken for UTF-8 or else Windows-1251.

    Raises
    ------
    InvalidFileError
        If one of its files is missing or broken.
    UnknownCrsError
        If it has no .prj and no CRS was given.
    """
    files = sidecars(path)
    _check_files(files, path, asked)
    encoding = _encoding(files, losses)
    if ".dbf" not in files:
        losses.leave_out(None, "attributes", "the .dbf file is not there")
    with locked_gdal(asked, losses, DRIVER):
        layer = layer_kinds(path)[0][0]
        check_driver(path, layer, DRIVER, asked)
        return read_layer(path, layer, losses, encoding=encoding)


def _check_files(files: dict[str, Path], path: Path, asked: Asked) -> None:
    if not first_bytes(path, 4).startswith(_MAGIC):
        raise InvalidFileError(
            f"{asked.name}: does not begin as a Shapefile does (9994). Export it again."
        )
    if ".shx" not in files:
        raise InvalidFileError(
            f"{asked.name}: the .shx file that belongs to it is missing. Copy the .shp, .shx, .dbf "
            "and .prj together, or zip them into one file."
        )
    if ".prj" not in files and asked.crs is None:
        raise UnknownCrsError(
            f"{asked.name}: the .prj file that says where it lies is missing. Copy it too, or name "
            "the CRS: --crs EPSG:4326 for longitude and latitude, --crs EPSG:32642 for UTM zone 42."
        )


def _encoding(files: dict[str, Path], losses: Losses) -> str | None:
    """Return the encoding of the .dbf where neither it nor a .cpg file says so."""
    table = files.get(".dbf")
    if table is None or ".cpg" in files:
        return None
    head = first_bytes(table, 32)
    if len(head) < 32 or head[_LANGUAGE_BYTE]:
        return None
    sample = first_bytes(table, _SAMPLE_BYTES)[32:]
    if sample.isascii():
        return None
    try:
        sample[:-4].decode("utf-8")
    except UnicodeDecodeError as problem:
        # a letter cut in two at the end of the sample is no sign of another encoding
        encoding = "UTF-8" if problem.start > len(sample) - 12 else "CP1251"
    else:
        encoding = "UTF-8"
    losses.change(None, "encoding guessed", f"no .cpg file; the text reads as {encoding}")
    return encoding
