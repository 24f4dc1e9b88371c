"""Going through fixes that do not fit in memory: one animal after another, by row groups."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidFileError
from kulan.exchange.telemetry.parquet_files import GEOMETRY, KEY, parquet_module
from kulan.movement.fixes import NEEDED, OPTIONAL, Fixes

_READ = ("animal_id", "time", "flags", "hdop", "fix_dimension", "error_m")


def scan_fixes(path: Path, columns: tuple[str, ...] = _READ) -> Iterator[Fixes]:
    """Give the fixes of a Parquet file of ours, one animal at a time, never all at once.

    Memory holds one row group and the animal at hand.

    Parameters
    ----------
    path
        A file that `write_fixes` wrote, sorted by animal and time.
    columns
        What to read of each fix beside its place.

    Yields
    ------
    Fixes
        All of one animal, with the columns asked for.

    Raises
    ------
    InvalidFileError
        If Kulan did not write the file, or an animal's fixes do not stand together.
    MissingExtraError
        If pyarrow is not installed.
    """
    pq = parquet_module(path.name)
    with pq.ParquetFile(path) as file:
        told = (file.metadata.metadata or {}).get(KEY)
        if told is None:
            raise InvalidFileError(
                f"{path.name}: not written by Kulan; `kulan movement read` makes such a file."
            )
        own = json.loads(told)
        held = [one for one in columns if one in file.schema_arrow.names]
        wanted = [*held, GEOMETRY]
        seen: set[str] = set()
        waiting: list[pd.DataFrame] = []
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=wanted)
            for animal, part in _by_animal(table):
                if waiting and waiting[0]["animal_id"].iloc[0] != animal:
                    yield _made(waiting, own)
                    waiting = []
                if not waiting and animal in seen:
                    raise InvalidFileError(
                        f"{path.name}: fixes of {animal} stand in several places. Write it again "
                        "with `kulan movement read`."
                    )
                seen.add(animal)
                waiting.append(part)
        if waiting:
            yield _made(waiting, own)


def _by_animal(table: Any) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the runs of rows of one animal, in the order they stand."""
    ids = table.column("animal_id").combine_chunks().dictionary_encode()
    codes = ids.indices.to_numpy(zero_copy_only=False)
    names = ids.dictionary.to_pylist()
    edges = np.flatnonzero(np.diff(codes)) + 1
    starts = [0, *edges.tolist()]
    for start, end in zip(starts, [*edges.tolist(), len(codes)], strict=True):
        yield str(names[codes[start]]), _frame(table.slice(start, end - start))


def _frame(table: Any) -> pd.DataFrame:
    parts = table.column(GEOMETRY).combine_chunks()
    columns: dict[str, Any] = {}
    for name in table.column_names:
        if name == GEOMETRY:
            continue
        if name == "animal_id":
            animal = str(table.column(name)[0].as_py())
            columns[name] = pd.Categorical.from_codes(
                np.zeros(len(table), np.int8), pd.Index([animal])
            )
        else:
            columns[name] = table.column(name).to_pandas().reset_index(drop=True)
    columns["x"] = parts.field("x").to_numpy(zero_copy_only=False)
    columns["y"] = parts.field("y").to_numpy(zero_copy_only=False)
    known = [one for one in (*NEEDED, "flags", *OPTIONAL) if one in columns]
    return pd.DataFrame({name: columns[name] for name in known})


def _made(parts: list[pd.DataFrame], own: dict[str, Any]) -> Fixes:
    whole = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    return Fixes(whole, own["crs"], own["clock"])
