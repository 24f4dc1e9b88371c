"""GeoPackages that are written: whole, styled, and the same bytes twice."""

import sqlite3
import time
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from kulan.errors import InvalidTableError, OutputExistsError, UnknownCrsError
from kulan.exchange import read_features, write_geopackage
from kulan.exchange.geopackage_out import _NO_DATE
from unit.exchange.awkward import AREA, LINE, table

STYLE = '<!DOCTYPE qgis><qgis styleCategories="Symbology"/>'


def tables():
    lines = table(LINE, None, shapely.MultiLineString([LINE])).assign(
        имя=["а", None, "в"], species=[("saiga", "khulan"), (), ("kiang",)], share=[0.5, None, 1]
    )
    return {"lines": lines, "areas": table(AREA), "notes": pd.DataFrame({"слово": ["да", None]})}


def test_what_is_written_is_read_back(tmp_path):
    write_geopackage(tmp_path / "x.gpkg", tables())

    lines = pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="lines")
    notes = pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="notes")

    assert lines["имя"].fillna("").tolist() == ["а", "", "в"]
    assert lines["species"].tolist() == ["saiga; khulan", "", "kiang"]
    assert lines.geometry.iloc[0].equals(LINE)
    assert lines.geometry.iloc[1] is None
    assert notes["слово"].fillna("").tolist() == ["да", ""]
    assert set(pyogrio.list_layers(tmp_path / "x.gpkg")[:, 0]) == {"lines", "areas", "notes"}


def test_the_same_tables_give_the_same_bytes_at_another_time(tmp_path):
    write_geopackage(tmp_path / "a.gpkg", tables(), styles={"lines": STYLE})
    time.sleep(1.1)  # a date of writing would differ by its second
    write_geopackage(tmp_path / "b.gpkg", tables(), styles={"lines": STYLE})

    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_styles_are_where_qgis_looks_for_them(tmp_path):
    write_geopackage(tmp_path / "x.gpkg", tables(), styles={"lines": STYLE, "areas": STYLE})

    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as database:
        rows = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        columns = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        geometry = dict(columns.fetchall())
        dates = database.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    assert rows == [("lines", "geom", STYLE, 1), ("areas", "geom", STYLE, 1)]
    assert geometry == {"lines": "geom", "areas": "geom"}
    assert dates == [(_NO_DATE,)]


def test_our_own_reader_passes_over_the_styles(tmp_path):
    write_geopackage(tmp_path / "x.gpkg", {"lines": table(LINE)}, styles={"lines": STYLE})

    assert read_features(tmp_path / "x.gpkg").loss_report().empty


def test_an_empty_table_keeps_its_columns(tmp_path):
    write_geopackage(tmp_path / "x.gpkg", {"lines": table(LINE).iloc[:0]})

    assert list(pyogrio.read_info(tmp_path / "x.gpkg")["fields"]) == ["name", "number"]


def test_what_was_given_is_not_changed(tmp_path):
    given = tables()
    before = {name: frame.copy(deep=True) for name, frame in given.items()}

    write_geopackage(tmp_path / "x.gpkg", given)

    for name, frame in given.items():
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before[name]))


@pytest.mark.parametrize(
    ("layers", "styles", "words"),
    [
        ({}, {}, "no tables"),
        ({"gpkg_x": table(LINE)}, {}, "cannot be a layer's name"),
        ({"a b; drop": table(LINE)}, {}, "cannot be a layer's name"),
        ({"layer_styles": table(LINE)}, {}, "cannot be a layer's name"),
        ({"A": table(LINE), "a": table(LINE)}, {}, "two layers"),
        ({"a": table(LINE)}, {"b": STYLE}, "no layer of it"),
    ],
)
def test_tables_that_cannot_be_layers_are_refused_and_nothing_is_written(
    layers, styles, words, tmp_path
):
    with pytest.raises(InvalidTableError, match=words):
        write_geopackage(tmp_path / "x.gpkg", layers, styles=styles)
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_crs_is_refused_and_nothing_is_written(tmp_path):
    good, bad = table(LINE), gpd.GeoDataFrame(geometry=[LINE])

    with pytest.raises(UnknownCrsError, match="b: the table has no CRS"):
        write_geopackage(tmp_path / "x.gpkg", {"a": good, "b": bad})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_written_over(tmp_path):
    with pytest.raises(OutputExistsError):
        write_geopackage(tmp_path, {"a": table(LINE)})


def test_an_older_file_is_replaced_whole(tmp_path):
    (tmp_path / "x.gpkg").write_text("something else")

    write_geopackage(tmp_path / "x.gpkg", {"a": table(LINE)})

    assert len(read_features(tmp_path / "x.gpkg").features) == 1
