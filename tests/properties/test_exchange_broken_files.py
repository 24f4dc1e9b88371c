"""Files broken in any way end in a refusal of ours or a reading, never in another exception."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.errors import KulanError
from kulan.exchange import Reading, read_features
from unit.exchange.awkward import (
    kml_line,
    options_for,
    placemark,
    valid_files,
    write_gpx,
    write_kml,
)

NAMES = (
    "GeoPackage",
    "Shapefile",
    "zipped Shapefile",
    "GeoJSON",
    "KML",
    "KMZ",
    "GPX",
    "FlatGeobuf",
    "GeoParquet",
    "DXF",
    "CSV",
)
# where in the file (as a share of its length), how much, and what is put there
BREAKAGES = st.lists(
    st.tuples(
        st.sampled_from(["cut", "overwrite", "delete", "insert", "reverse"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 48),
        st.binary(min_size=1, max_size=24),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    return valid_files(tmp_path_factory.mktemp("valid"))


def broken(content: bytes, breakages) -> bytes:
    for how, where, count, data in breakages:
        start = int(where * len(content))
        end = min(len(content), start + count)
        content = {
            "cut": content[:start],
            "overwrite": content[:start] + data + content[start + len(data) :],
            "delete": content[:start] + content[end:],
            "insert": content[:start] + data + content[start:],
            "reverse": content[:start] + content[start:end][::-1] + content[end:],
        }[how]
    return content


def check_reads_or_refuses(file: Path, **options: str) -> None:
    """Any other exception, or a warning, fails the test."""
    try:
        reading = read_features(file, **options)
    except KulanError:
        return
    assert isinstance(reading, Reading)
    assert reading.features.geometry.is_valid.all()
    assert not reading.features.geometry.is_empty.any()
    reading.loss_report()


@pytest.mark.parametrize("name", NAMES)
def test_broken_bytes_end_in_a_refusal_or_a_reading(name, valid, tmp_path):
    if name not in valid:
        pytest.skip(f"{name} needs kulan[parquet]")
    original = valid[name]
    content = original.read_bytes()
    file = tmp_path / f"broken{original.suffix}"
    if name == "Shapefile":
        for side in original.parent.glob("roads.*"):
            shutil.copy(side, file.with_suffix(side.suffix))

    @settings(max_examples=200)
    @given(breakages=BREAKAGES)
    def breaks(breakages):
        file.write_bytes(broken(content, breakages))
        check_reads_or_refuses(file, **options_for(name))

    breaks()
    assert {path.stem for path in tmp_path.iterdir()} == {"broken"}, "a reader left files behind"


@pytest.mark.parametrize("ending", [".dbf", ".shx", ".prj"])
def test_broken_companions_of_a_shapefile_end_in_a_refusal_or_a_reading(ending, valid, tmp_path):
    for side in valid["Shapefile"].parent.glob("roads.*"):
        shutil.copy(side, tmp_path / side.name)
    file = tmp_path / "roads.shp"
    content = file.with_suffix(ending).read_bytes()

    @settings(max_examples=60)
    @given(breakages=BREAKAGES)
    def breaks(breakages):
        file.with_suffix(ending).write_bytes(broken(content, breakages))
        check_reads_or_refuses(file)

    breaks()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
POSITIONS = st.lists(st.integers(-200, 200) | st.floats() | st.none(), max_size=4)
NESTED = st.recursive(POSITIONS, lambda inner: st.lists(inner, max_size=4), max_leaves=12)
GEOMETRIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "Circle"]
        ),
        "coordinates": NESTED | JSON_VALUES,
    }
)


@settings(max_examples=100)
@given(geometries=st.lists(GEOMETRIES | JSON_VALUES, max_size=4), properties=JSON_VALUES)
def test_well_formed_json_of_any_content_ends_in_a_refusal_or_a_reading(
    geometries, properties, tmp_path_factory
):
    features = [
        {"type": "Feature", "geometry": geometry, "properties": properties}
        for geometry in geometries
    ]
    file = tmp_path_factory.getbasetemp() / "any.geojson"
    document = {"type": "FeatureCollection", "features": features}
    file.write_text(
        json.dumps(document, allow_nan=False, default=str) if _finite(document) else "{}"
    )

    check_reads_or_refuses(file)


def _finite(value) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


@settings(max_examples=60)
@given(text=st.text("0123456789.,- eEnaif\n", max_size=40))
def test_any_coordinates_in_kml_end_in_a_refusal_or_a_reading(text, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    body = placemark("a", kml_line(text)) + placemark("b", kml_line("60,45 61,45"))

    check_reads_or_refuses(write_kml(folder / "any.kml", body))


@settings(max_examples=60)
@given(lat=st.text("0123456789.-en", max_size=6), lon=st.text("0123456789.-inf", max_size=6))
def test_any_position_in_gpx_ends_in_a_refusal_or_a_reading(lat, lon, tmp_path_factory):
    points = f'<trkpt lat="{lat}" lon="{lon}"/><trkpt lat="45" lon="60"/><trkpt lat="45" lon="61"/>'
    file = tmp_path_factory.getbasetemp() / "any.gpx"

    check_reads_or_refuses(write_gpx(file, f"<trk><trkseg>{points}</trkseg></trk>"))


CELLS = st.text('0123456789.,;-e"\t абвN', max_size=8)


@settings(max_examples=80)
@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=5), separator=st.sampled_from(",;\t"))
def test_any_rows_of_a_table_end_in_a_refusal_or_a_reading(rows, separator, tmp_path_factory):
    lines = [separator.join(["lon", "lat", "name"]), *(separator.join(row) for row in rows)]
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_text("\n".join(lines), encoding="utf-8")

    check_reads_or_refuses(file, crs="EPSG:4326")
