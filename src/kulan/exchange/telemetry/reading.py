"""Reading telemetry of any format: fixes that nothing was dropped from, and an account of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kulan.errors import InvalidFileError, InvalidTableError
from kulan.exchange.files import check_is_local_file, opened_file
from kulan.exchange.losses import Losses
from kulan.exchange.readings import Source
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked
from kulan.exchange.telemetry.cells import read_cells
from kulan.exchange.telemetry.columns import renamed
from kulan.exchange.telemetry.geojson_tracks import read_geojson
from kulan.exchange.telemetry.gpx_tracks import read_gpx
from kulan.exchange.telemetry.parquet_files import read_parquet
from kulan.exchange.telemetry.places_of_fixes import settled_crs, settled_places
from kulan.exchange.telemetry.point_layers import read_points
from kulan.exchange.telemetry.reference import (
    Reference,
    is_reference,
    reference_of,
    reference_together,
    with_reference,
)
from kulan.exchange.telemetry.times import settled_times
from kulan.movement.fixes import Clock, Fixes, make_fixes
from kulan.provenance import hash_file
from kulan.words import N_

TABLES = (".csv", ".txt", ".tsv", ".gz")
EXTENSIONS = (*TABLES, ".gpx", ".gpkg", ".parquet", ".geoparquet", ".geojson", ".json", ".shp")
_BY_ENDING = {
    ".gpx": read_gpx,
    ".gpkg": read_points,
    ".shp": read_points,
    ".parquet": read_parquet,
    ".geoparquet": read_parquet,
    ".geojson": read_geojson,
    ".json": read_geojson,
}


@dataclass(frozen=True)
class TelemetryFile:
    """What became of one file.

    Attributes
    ----------
    source
        The file: name, hash, format, system, rows.
    changes
        What was altered or taken for something, as `kulan.exchange.tables.CHANGES` says.
    """

    source: Source
    changes: pd.DataFrame

    def loss_report(self) -> pd.DataFrame:
        """Return what was altered, in the columns of `kulan.exchange.readings.Reading`'s."""
        table = self.changes.rename(columns={"n_features": "n"})
        table.insert(0, "kind", "changed")
        return table[["kind", "what", "detail", "n", "first_source_row"]]


@dataclass(frozen=True)
class FixesReading:
    """Fixes of one or several files.

    Attributes
    ----------
    fixes
        All of them: as many as the files have rows.
    files
        What became of each file.
    """

    fixes: Fixes
    files: tuple[TelemetryFile, ...]

    def __str__(self) -> str:
        """Return a sentence for a log."""
        count, animals = len(self.fixes.table), len(self.fixes.animals)
        names = ", ".join(one.source.name for one in self.files)
        return f"{names}: {count} fixes of {animals} animals."


@dataclass(frozen=True)
class _Part:
    table: pd.DataFrame
    crs: str
    clock: Clock
    source: Source
    losses: Losses


def read_fixes(
    paths: Path | str | Sequence[Path | str], asked: TelemetryAsked | None = None
) -> FixesReading:
    r"""Read fixes from files: Movebank, GPX, GeoPackage, GeoParquet, Argos, EarthRanger, tables.

    Every row becomes a fix; one without a readable time or place is kept and flagged. Movebank
    reference data among the files are joined to the events of the others.

    Parameters
    ----------
    paths
        One file or several.
    asked
        What the user says of zone, system and columns; nothing is assumed where a file is silent.

    Returns
    -------
    FixesReading

    Raises
    ------
    InvalidFileError
        If a file cannot be read, or there are only reference data.
    InvalidTableError
        If nothing says whose fixes they are, when, or in which zone; or files differ in kind.
    UnknownCrsError
        If nothing says in which system they are, or numbers contradict it.
    TooLargeError
        If a file is larger than is read at once.
    MissingExtraError
        If a format needs a package that is not installed.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "k.csv"
    >>> _ = file.write_text("id,time,x,y\nk1,2024-05-01T00:00:00Z,107,45\n")
    >>> print(read_fixes(file, TelemetryAsked(crs="EPSG:4326")))
    k.csv: 1 fixes of 1 animals.
    """
    asked = asked or TelemetryAsked()
    listed = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(one) for one in paths]
    parts: list[_Part] = []
    references: list[tuple[Reference, TelemetryFile]] = []
    for path in listed:
        read = _read_one(path, asked)
        if isinstance(read, _Part):
            parts.append(read)
        else:
            references.append(read)
    if not parts:
        raise InvalidFileError(
            f"{', '.join(one.name for one in listed)}: reference data without any fix. Give the "
            "event data too."
        )
    if references:
        every = reference_together([reference for reference, _ in references])
        parts = [_joined(part, every) for part in parts]
    return FixesReading(_together(parts), _told(parts, references))


def _told(
    parts: list[_Part], references: list[tuple[Reference, TelemetryFile]]
) -> tuple[TelemetryFile, ...]:
    events = [TelemetryFile(part.source, part.losses.changes_table()) for part in parts]
    return (*events, *(file for _, file in references))


def _joined(part: _Part, reference: Reference) -> _Part:
    if part.clock == "elapsed":
        raise InvalidTableError(
            f"{part.source.name}: deployments have dates, and these fixes have none (elapsed)."
        )
    table = with_reference(part.table, reference, part.losses)
    return _Part(table, part.crs, part.clock, part.source, part.losses)


def _read_one(path: Path, asked: TelemetryAsked) -> _Part | tuple[Reference, TelemetryFile]:
    losses = Losses()
    with np.errstate(all="ignore"), opened_file(path, EXTENSIONS, member=asked.layer) as file:
        name, ending = file.name, file.path.suffix.lower()
        reader = _BY_ENDING.get(ending)
        if reader is not None:
            raw = reader(file.path, asked, losses, name)
        else:
            cells = read_cells(file.path, asked, losses, name)
            if is_reference(cells.columns) and not asked.columns:
                source = Source(name, file.sha256, "Movebank reference data", "", "", len(cells))
                told = TelemetryFile(source, losses.changes_table())
                return reference_of(cells, name), told
            raw = renamed(cells, asked, losses, name)
    return _settled(raw, asked, losses, name, file.sha256)


def _settled(raw: RawFixes, asked: TelemetryAsked, losses: Losses, name: str, sha256: str) -> _Part:
    """Put times into UTC and places into their system; refuse what is not said."""
    stated = settled_crs(raw, asked, losses, name)
    x, y, crs = settled_places(raw.table, stated, asked, losses, name)
    times = settled_times(raw, asked, losses, name)
    clock: Clock = "elapsed" if pd.api.types.is_float_dtype(times) else "utc"
    count = len(raw.table)
    here = pd.Categorical.from_codes(np.zeros(count, np.int8), pd.Index([name]))
    table = raw.table.assign(time=times, x=x, y=y)
    if "source_file" not in table:
        table = table.assign(
            source_file=pd.Series(here),
            source_row=np.arange(1, count + 1, dtype=np.int64),
        )
    _tell_order(table, losses)
    source = Source(name, sha256, raw.format, asked.layer or "", crs or "local metres", count)
    return _Part(table, crs, clock, source, losses)


def _tell_order(table: pd.DataFrame, losses: Losses) -> None:
    """Note where time goes backwards within an animal."""
    codes = pd.factorize(table["animal_id"])[0]
    times = table["time"]
    stamps = (
        times.to_numpy(dtype=float)
        if pd.api.types.is_float_dtype(times)
        else times.astype("int64").to_numpy()
    )
    same = codes[1:] == codes[:-1]
    known = times.notna().to_numpy()
    back = same & known[1:] & known[:-1] & (stamps[1:] < stamps[:-1])
    losses.change(
        np.flatnonzero(back) + 2,
        N_("time went backwards"),
        N_("rows were put into the order of time; see whether clocks or files were mixed up"),
    )


def _together(parts: list[_Part]) -> Fixes:
    systems = {part.crs for part in parts}
    clocks = {part.clock for part in parts}
    if len(systems) > 1:
        raise InvalidTableError(
            "the files are in several systems ("
            + "; ".join(f"{part.source.name}: {part.crs or 'local metres'}" for part in parts)
            + "). Read them one by one."
        )
    if len(clocks) > 1:
        raise InvalidTableError("some files have dates and some elapsed seconds. Read them apart.")
    tables = [part.table for part in parts]
    for table in tables:
        if len(tables) > 1:
            table["source_file"] = table["source_file"].astype("str")
    joined = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    _check_named(joined, parts)
    return make_fixes(joined, crs=systems.pop(), clock=clocks.pop())


def _check_named(table: pd.DataFrame, parts: list[_Part]) -> None:
    nameless = table["animal_id"].isna().to_numpy()
    if nameless.all():
        raise InvalidTableError(
            f"{parts[0].source.name}: no fix says whose it is. Give --animal NAME where all are of "
            "one animal."
        )
    if nameless.any():
        row = table.loc[nameless].iloc[0]
        raise InvalidTableError(
            f"{row['source_file']}: row {row['source_row']} and {int(nameless.sum()) - 1} more do "
            "not say whose fix they are. Fill in the animal, or take the rows out."
        )


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file that is there.

    Raises
    ------
    InvalidFileError
        If it is no ordinary file.
    """
    check_is_local_file(path)
    return hash_file(path)
