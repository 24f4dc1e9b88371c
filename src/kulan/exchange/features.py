"""Reading features from a file of any format Kulan knows."""

import errno
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from kulan.errors import InvalidFileError, InvalidGeometryError, UnknownCrsError
from kulan.exchange.crs import described
from kulan.exchange.files import opened_file
from kulan.exchange.formats import EXTENSIONS, Format, format_of
from kulan.exchange.losses import Losses
from kulan.exchange.placing import place
from kulan.exchange.readings import Reading, Source
from kulan.exchange.rows import KINDS, Asked, Rows
from kulan.exchange.tidying import keep_usable, make_valid
from kulan.places import REGION, WGS84, Bounds

_RESERVED = ("source_row", "geometry")


def read_features(
    path: Path | str,
    *,
    layer: str | None = None,
    crs: str | None = None,
    shapes: tuple[str, ...] = ("line", "polygon"),
    region: Bounds | None = REGION,
    swap_axes: bool = False,
) -> Reading:
    """Read lines, polygons or points from a file, and account for everything it held.

    Nothing is dropped in silence: a feature that cannot be used is in `left_out` with its reason,
    whatever was altered is in `changes`. Attributes are kept under the file's own names; a column
    called ``geometry`` or ``source_row`` gets an underscore. A file in which nothing can be used is
    refused.

    Positions that lie inside the region both as they are and with the axes exchanged (both numbers
    between 40 and 60) cannot be recognised as swapped: look at the map.

    Parameters
    ----------
    path
        A file of one of `kulan.exchange.formats.FORMATS`, or a .zip of one.
    layer
        Layer, KML folder or DXF layer to read, or the data set of an archive; needed only when
        several fit.
    crs
        CRS for a file that does not declare one (``EPSG:32642``). Given for a file that does, it
        wins, and `changes` says so.
    shapes
        Kinds wanted, of ``point``, ``line``, ``polygon``; others are left out.
    region
        Box features must touch, degrees; None for the whole Earth.
    swap_axes
        Exchange the two coordinates first, for a file written with latitude before longitude.

    Returns
    -------
    Reading
        Features in EPSG:4326 with the account of what was left out or altered.

    Raises
    ------
    InvalidFileError
        If the file cannot be read, or holds nothing that can be used.
    UnknownCrsError
        If nobody says in which CRS it is, or its coordinates contradict what it says.
    InvalidGeometryError
        If its coordinates are nowhere on Earth.
    OutsideRegionError
        If all of it lies outside `region`.
    TooLargeError
        If it is larger than Kulan reads at once (2 GB, 10 million features).
    MissingExtraError
        If the format needs a package that is not installed.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "line.geojson"
    >>> text = '{"type": "LineString", "coordinates": [[60, 45, 7], [61, 45, 9]]}'
    >>> _ = file.write_text(text)
    >>> print(read_features(file))
    line.geojson: 1 feature read, nothing left out; changed: heights dropped.
    """
    path = Path(path)
    _check_shapes(shapes)
    with (
        np.errstate(
            all="ignore"
        ),  # coordinates that are not numbers are found and named, not warned of
        _plain_file_errors(path),
        opened_file(path, EXTENSIONS, member=layer) as file,
    ):
        form = format_of(file.path)
        asked = Asked(file.name, _layer_within(path, form, layer), tuple(shapes), crs)
        losses = Losses()
        rows = form.read(file.path, asked, losses)
        n_read, read_layer = rows.n_read, rows.layer
        rows = keep_usable(rows, asked, losses)
        _check_any(rows, n_read, asked, losses)
        rows = place(rows, asked, losses, swap_axes=swap_axes, region=region)
        rows = make_valid(rows, losses)
        _check_any(rows, n_read, asked, losses)
        source = Source(file.name, file.sha256, form.name, read_layer, rows.crs or "", n_read)
    return Reading(
        features=_table(rows, losses),
        left_out=losses.left_out_table(),
        changes=losses.changes_table(),
        source=source,
    )


def read_local_lines(path: Path | str) -> Reading:
    """Read lines in local metres, which lie nowhere on Earth, from a file that names no place.

    Parameters
    ----------
    path
        GeoPackage or Shapefile without a system, or in one of local metres.

    Returns
    -------
    Reading
        As of `read_features`, but features are in metres and without a system.

    Raises
    ------
    UnknownCrsError
        If the file declares a system that has a place on Earth, or its format fixes one.
    InvalidFileError, TooLargeError
        As `read_features` says.
    """
    path = Path(path)
    with _plain_file_errors(path), opened_file(path, EXTENSIONS) as file:
        form = format_of(file.path)
        # named, so that no reader asks for a system
        asked = Asked(file.name, None, ("line",), "local")
        losses = Losses()
        rows = form.read(file.path, asked, losses)
        n_read = rows.n_read
        if rows.crs and not _is_local(rows.crs):
            raise UnknownCrsError(
                f"{asked.name}: it is in {described(rows.crs)}, which has a place on Earth, and "
                "local metres were said of it. Leave --barriers-crs out."
            )
        rows = keep_usable(rows, asked, losses)
        _check_any(rows, n_read, asked, losses)
        source = Source(file.name, file.sha256, form.name, rows.layer, "local metres", n_read)
    return Reading(
        _table(rows, losses, None), losses.left_out_table(), losses.changes_table(), source
    )


def _is_local(declared: str) -> bool:
    try:
        return bool(CRS.from_user_input(declared).is_engineering)
    except CRSError:
        return False


class _plain_file_errors:  # noqa: N801 - reads as a verb phrase where it is used
    """Turn a failing disk or a lack of rights into an error in our words."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        if isinstance(problem, OSError):
            reason = problem.strerror or str(problem)
            cure = (
                "Free some space on the disk of temporary files."
                if problem.errno == errno.ENOSPC
                else "Check that the file is there and may be read."
            )
            raise InvalidFileError(
                f"{self._path.name}: cannot be opened ({reason}). {cure}"
            ) from None


def _check_shapes(shapes: tuple[str, ...]) -> None:
    unknown = [kind for kind in shapes if kind not in KINDS]
    if unknown or not shapes:
        raise InvalidGeometryError(
            f"shapes: {unknown or 'nothing'} asked for; it takes some of {', '.join(KINDS)}."
        )


def _layer_within(path: Path, form: Format, layer: str | None) -> str | None:
    """Return the layer to look for inside the file; an archive may have used the name up."""
    if layer is None or form.has_layers:
        return layer
    if path.suffix.lower() == ".zip":
        return None
    raise InvalidFileError(
        f"{path.name}: {form.name} has no layers, and {layer!r} was asked for. "
        "Leave out --layer-name."
    )


def _check_any(rows: Rows, n_read: int, asked: Asked, losses: Losses) -> None:
    """Refuse a file of which nothing is left, saying why each feature went."""
    if len(rows.geometries):
        return
    if n_read == 0:
        raise InvalidFileError(f"{asked.name}: it holds no features. Export it again.")
    counts = losses.left_out_table().query("what == 'feature'")["reason"].value_counts(sort=False)
    reasons = "; ".join(f"{count} × {reason}" for reason, count in counts.items())
    raise InvalidFileError(
        f"{asked.name}: none of its {n_read} features can be used as {asked.shapes_in_words}: "
        f"{reasons}."
    )


def _table(rows: Rows, losses: Losses, crs: str | None = WGS84) -> gpd.GeoDataFrame:
    """Return the features as one table, geometry last."""
    attributes = rows.attributes.copy()
    taken = {str(name) for name in attributes.columns}
    renamed = {}
    for name in attributes.columns:
        if str(name) in _RESERVED:
            new = f"{name}_"
            while new in taken:
                new += "_"
            renamed[name] = new
    for old, new in renamed.items():
        losses.change(None, "column renamed", f"{old} became {new}; Kulan uses the name itself")
    attributes = attributes.rename(columns=renamed)
    attributes.insert(0, "source_row", np.asarray(rows.source_rows, dtype=np.int64))
    return gpd.GeoDataFrame(attributes, geometry=rows.geometries, crs=crs)
