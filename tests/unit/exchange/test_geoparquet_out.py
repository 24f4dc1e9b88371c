"""GeoParquet that is written is valid by the standard, and read by others and by Kulan alike."""

import json
import sys

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from kulan.errors import MissingExtraError, UnknownCrsError
from kulan.exchange import geoparquet_out, read_features, write_geoparquet, write_layers
from kulan.exchange.geoparquet_out import notes_on_layers
from kulan.exchange.telemetry import LOCAL_SYSTEM, TelemetryAsked, read_fixes

pq = pytest.importorskip("pyarrow.parquet", reason="GeoParquet needs kulan[parquet]")


def lines(crs="EPSG:4326"):
    shapes = [shapely.LineString([(107, 45), (107.5, 45.25)]), None]
    return gpd.GeoDataFrame(
        {"animal_id": ["Хулан", "x"], "seen": [["a", "b"], []], "km": [1.5, np.nan]},
        geometry=shapes,
        crs=crs,
    )


def geo_of(path):
    return json.loads(pq.read_metadata(path).metadata[b"geo"])


def test_the_metadata_says_what_the_standard_asks_for(tmp_path):
    write_geoparquet(tmp_path / "x.parquet", lines())
    geo = geo_of(tmp_path / "x.parquet")
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0"
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["LineString"]
    assert column["bbox"] == [107, 45, 107.5, 45.25]
    assert pyproj.CRS.from_json_dict(column["crs"]) == pyproj.CRS("EPSG:4326")
    box = column["covering"]["bbox"]
    assert box == {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}
    schema = pq.read_schema(tmp_path / "x.parquet")
    assert str(schema.field(geo["primary_column"]).type) == "binary"
    assert [part.name for part in schema.field("bbox").type] == ["xmin", "ymin", "xmax", "ymax"]


def test_geopandas_reads_back_what_was_written_and_only_a_part_of_it(tmp_path):
    write_geoparquet(tmp_path / "x.parquet", lines())
    back = gpd.read_parquet(tmp_path / "x.parquet")
    assert back["animal_id"].tolist() == ["Хулан", "x"]
    assert back["seen"].tolist() == ["a; b", ""]
    assert back.geometry.iloc[0].equals(lines().geometry.iloc[0])
    assert back.geometry.iloc[1] is None
    assert len(gpd.read_parquet(tmp_path / "x.parquet", bbox=(0, 0, 1, 1))) == 0


def test_kulan_reads_it_without_the_boxes(tmp_path):
    write_geoparquet(tmp_path / "x.parquet", lines().iloc[:1])
    reading = read_features(tmp_path / "x.parquet")
    assert set(reading.features.columns) == {"source_row", "animal_id", "seen", "km", "geometry"}
    assert len(reading.loss_report()) == 0


def test_points_with_boxes_are_fixes_without_them(tmp_path):
    points = gpd.GeoDataFrame(
        {"animal_id": ["k"], "time": ["2024-05-01T00:00:00Z"]},
        geometry=[shapely.Point(107, 45)],
        crs="EPSG:4326",
    )
    write_geoparquet(tmp_path / "x.parquet", points)
    table = read_fixes([tmp_path / "x.parquet"], TelemetryAsked()).fixes.table
    assert table[["x", "y"]].to_numpy().tolist() == [[107, 45]]
    assert "bbox" not in table.columns


def test_local_metres_keep_a_system_that_is_none_of_the_earth(tmp_path):
    write_geoparquet(tmp_path / "x.parquet", lines(LOCAL_SYSTEM))
    crs = gpd.read_parquet(tmp_path / "x.parquet").crs
    assert crs.is_engineering
    assert crs.axis_info[0].unit_name == "metre"


def test_a_table_without_a_system_is_refused(tmp_path):
    with pytest.raises(UnknownCrsError, match="no CRS"):
        write_geoparquet(tmp_path / "x.parquet", lines(None))
    assert not list(tmp_path.iterdir())


def test_the_same_table_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_geoparquet(tmp_path / name, lines())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_layers_stand_in_one_geopackage_and_a_geoparquet_each(tmp_path):
    names = write_layers(tmp_path, {"paths": lines(), "stays": lines()})
    assert names == ["features.gpkg", "paths.parquet", "stays.parquet"]
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert len(gpd.read_file(tmp_path / "features.gpkg", layer="stays")) == 2
    assert notes_on_layers({"paths": lines()}) == ()


def test_without_pyarrow_layers_are_written_and_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(geoparquet_out, "has_parquet", lambda: False)
    assert write_layers(tmp_path, {"paths": lines()}) == ["features.gpkg"]
    assert "kulan[parquet]" in notes_on_layers({"paths": lines()})[0]
    assert notes_on_layers({}) == ()
    with pytest.raises(MissingExtraError, match=r"kulan\[parquet\]"):
        write_geoparquet(tmp_path / "x.parquet", lines())


def test_what_cannot_be_imported_is_not_there(monkeypatch):
    assert geoparquet_out.has_parquet()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert not geoparquet_out.has_parquet()
