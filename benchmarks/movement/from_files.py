r"""From a file to steps: import, clean and step, in memory and by row groups.

A Movebank file of a million fixes of ten animals is read, cleaned and stepped; a GeoParquet file
of many more (fifty animals) is gone through one animal at a time. Known errors are planted: what
is found must be what was planted, before any time is told. CPU-seconds on one thread, each in a
process of its own; compiling is not counted, reading and unpacking is.

    python benchmarks/movement/from_files.py --fixes 1000000 --scan 100000000
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from _gauges import Found, in_process, machine, peak_bytes, tell_most

ANIMALS, SCANNED_ANIMALS, EVERY = 10, 50, 1000


def walk(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Return longitudes and latitudes of a walk with a place too far now and then; and how many."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 400 * np.pi, count)
    x = 107 + np.cos(angle) + rng.normal(0, 0.0005, count)
    y = 45 + np.sin(angle * 1.1) + rng.normal(0, 0.0005, count)
    wrong = np.arange(EVERY // 2, count - 1, EVERY)
    x[wrong] += 5.0
    return x, y, len(wrong)


def write_movebank(path: Path, count: int) -> int:
    """Write events of ten animals; return how many places are too far."""
    each, planted, tables = count // ANIMALS, 0, []
    times = pd.date_range("2000-01-01", periods=each, freq="10min")
    texts = times.strftime("%Y-%m-%d %H:%M:%S.000")
    for animal in range(ANIMALS):
        x, y, wrong = walk(each, animal)
        planted += wrong
        tables.append(
            pd.DataFrame(
                {
                    "event-id": np.arange(each) + animal * each,
                    "visible": "true",
                    "timestamp": texts,
                    "location-long": x.round(7),
                    "location-lat": y.round(7),
                    "sensor-type": "gps",
                    "individual-local-identifier": f"K{animal}",
                }
            )
        )
    pd.concat(tables).to_csv(path, index=False)
    return planted


def write_parquet(path: Path, count: int) -> int:
    """Write fixes of fifty animals as `write_fixes` would, one by one; return the planted."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    from kulan.exchange.telemetry.fixes_files import ROWS_IN_A_GROUP, file_metadata  # noqa: PLC0415

    each, planted, writer = count // SCANNED_ANIMALS, 0, None
    times = pa.array(np.arange(each, dtype=np.int64) * 600_000_000, pa.timestamp("us", "UTC"))
    for animal in range(SCANNED_ANIMALS):
        x, y, wrong = walk(each, animal)
        planted += wrong
        fields = [pa.field(name, pa.float64(), nullable=False) for name in "xy"]
        table = pa.table(
            {
                "animal_id": pa.array(np.full(each, f"K{animal:02d}")),
                "time": times,
                "flags": pa.array(np.zeros(each, np.uint16)),
                "geometry": pa.StructArray.from_arrays([pa.array(x), pa.array(y)], fields=fields),
            }
        )
        table = table.replace_schema_metadata(file_metadata("EPSG:4326", "utc"))
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROWS_IN_A_GROUP)
    assert writer is not None
    writer.close()
    return planted


def in_memory(path: Path) -> Found:
    from kulan.exchange.telemetry import read_fixes  # noqa: PLC0415

    start = time.process_time()
    fixes = read_fixes(path).fixes
    read = time.process_time()
    speed, steps_n, cleaned, stepped = work_on([fixes])
    end = time.process_time()
    return {
        "seconds": end - start,
        "read": read - start,
        "clean": cleaned,
        "step": stepped,
        "found": speed,
        "steps": steps_n,
        "peak_gb": peak_bytes() / 1e9,
    }


def scanned(path: Path, *, clean: bool = True) -> Found:
    from kulan.exchange.telemetry import scan_fixes  # noqa: PLC0415

    start = time.process_time()
    speed, steps_n, cleaned, stepped = work_on(scan_fixes(path), clean=clean)
    return {
        "seconds": time.process_time() - start,
        "clean": cleaned,
        "step": stepped,
        "found": speed,
        "steps": steps_n,
        "peak_gb": peak_bytes() / 1e9,
    }


def work_on(parts: object, *, clean: bool = True) -> tuple[float, float, float, float]:
    """Clean and step; return fixes too fast, steps, and seconds of both."""
    from kulan.movement.cleaning import clean as screened  # noqa: PLC0415
    from kulan.movement.paths import steps_of  # noqa: PLC0415

    speed = count = cleaned = stepped = 0.0
    for fixes in parts:  # type: ignore[attr-defined]
        start = time.process_time()
        done = fixes
        if clean:
            done, report = screened(fixes)
            speed += report.totals.get("speed", 0)
        middle = time.process_time()
        for animal in done.animals:
            made = steps_of(done, animal)
            assert np.isfinite(made.length_m.sum())
            count += len(made)
        cleaned += middle - start
        stepped += time.process_time() - middle
    return speed, count, cleaned, stepped


def warm(folder: Path) -> None:
    """Compile everything first."""
    small = folder / "small.csv"
    write_movebank(small, 10_000)
    in_memory(small)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fixes", type=int, default=1_000_000)
    parser.add_argument("--scan", type=int, default=20_000_000)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        warm(asked.folder)
        measured = {
            "memory": lambda: in_memory(asked.folder / "events.csv"),
            "scan": lambda: scanned(asked.folder / "fixes.parquet"),
            "steps": lambda: scanned(asked.folder / "fixes.parquet", clean=False),
        }[asked.measure]()
        print(json.dumps(measured))
        return
    print(machine())
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        planted = write_movebank(folder / "events.csv", asked.fixes)
        found = in_process(__file__, "--measure", "memory", "--folder", made)
        check(found, planted)
        print(f"Movebank CSV of {asked.fixes} fixes: {told(found)}")
        tell_most("read, clean and step", found["seconds"], bar=10, unit=" CPU-s")
        planted = write_parquet(folder / "fixes.parquet", asked.scan)
        size = (folder / "fixes.parquet").stat().st_size / 1e9
        print(f"GeoParquet of {asked.scan} fixes, {size:.2f} GB:")
        share = asked.scan / 1e8
        for name in ("steps", "scan"):
            found = in_process(__file__, "--measure", name, "--folder", made)
            check(found, planted if name == "scan" else 0)
            print(f"  {name}: {told(found)}")
            what = "to scan, clean and step" if name == "scan" else "to scan and step"
            tell_most(f"{what}", found["seconds"], bar=120 * share, unit=" CPU-s")
            tell_most("peak memory", found["peak_gb"], bar=2 * 1.073741824, unit=" GB")


def check(found: Found, planted: int) -> None:
    """End the run where what was found is not what was planted."""
    if found["found"] != planted:
        raise SystemExit(f"planted {planted} places too far, found {found['found']:.0f}")


def told(found: Found) -> str:
    parts = [f"{key} {found[key]:.2f}" for key in ("read", "clean", "step") if key in found]
    return f"{found['seconds']:.2f} CPU-s ({', '.join(parts)}), {found['peak_gb']:.2f} GB"


if __name__ == "__main__":
    main()
