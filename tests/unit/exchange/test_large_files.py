"""Files of 200 MB are read in bounded time and memory; limits are stated."""

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.errors import KulanError, TooLargeError
from kulan.exchange import delimited_text, gdal_files, geojson, geoparquet, gpx, kml, read_features
from unit.exchange.awkward import LINE, table, write, write_dxf

READ_AND_MEASURE = """
import re, sys, time
from pathlib import Path
from kulan.exchange import read_features
start = time.process_time()
reading = read_features(sys.argv[1])
seconds = time.process_time() - start
# the peak that getrusage tells begins with that of the process that started this one
peak_mb = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000
print(len(reading.features), round(seconds, 1), round(peak_mb))
"""


def roads(count):
    """Roads of a hundred vertices each, all in the region."""
    rng = np.random.default_rng(7)
    starts = np.column_stack([rng.uniform(50, 120, count), rng.uniform(25, 55, count)])
    walks = np.cumsum(rng.normal(0, 0.001, (count, 100, 2)), axis=1)
    xy = (starts[:, None, :] + walks).reshape(-1, 2).round(6)
    lines = shapely.linestrings(xy, indices=np.repeat(np.arange(count), 100))
    return gpd.GeoDataFrame(
        {"name": [f"дорога {i}" for i in range(count)]}, geometry=lines, crs=4326
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "count"), [(".gpkg", 100_000), (".geojson", 75_000), (".fgb", 120_000)]
)
def test_a_file_of_200_mb_is_read_in_2_gb_and_two_minutes(ending, count, tmp_path):
    file = write(tmp_path / f"roads{ending}", roads(count))
    assert file.stat().st_size > 195e6

    command = [sys.executable, "-W", "error", "-c", READ_AND_MEASURE, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    features, seconds, peak_mb = map(float, done.stdout.split())
    assert features == count
    assert seconds < 120
    assert peak_mb < 2000


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".shp", ".geojson", ".parquet", ".csv"])
def test_more_features_than_the_limit_are_refused_before_they_are_read(
    ending, tmp_path, monkeypatch
):
    for module in (gdal_files, geojson, geoparquet, gpx, kml, delimited_text):
        monkeypatch.setattr(module, "MOST_FEATURES", 2)
    file = tmp_path / f"x{ending}"
    if ending == ".csv":
        file.write_text("lon,lat\n60,45\n61,45\n62,45\n")
    else:
        write(file, table(LINE, LINE, LINE))

    with pytest.raises(TooLargeError, match="at most"):
        read_features(file, crs="EPSG:4326")


def test_a_header_that_promises_more_than_the_file_can_hold_is_not_believed(tmp_path):
    file = write(tmp_path / "x.fgb", table(LINE), SPATIAL_INDEX="NO")
    content = file.read_bytes()
    promised = content.replace((1).to_bytes(8, "little"), (10**6).to_bytes(8, "little"))
    assert promised != content
    file.write_bytes(promised)

    with pytest.raises(KulanError, match="promises 1000000 features"):
        read_features(file)


def test_a_line_of_absurd_length_does_not_fill_the_memory(tmp_path):
    far = "0\nLINE\n8\naxis\n10\n{x}\n20\n5000000\n11\n501000\n21\n5000000\n"
    file = write_dxf(tmp_path / "x.dxf", far.format(x="5e15") + far.format(x="500000"))

    reading = read_features(file, crs="EPSG:32642")

    assert len(reading.features) == 1
    assert "no place on Earth" in reading.left_out["reason"].iloc[0]
