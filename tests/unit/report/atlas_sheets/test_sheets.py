"""A printed sheet of the Atlas: tagged, the same bytes each time, honest about scale and north."""

import json
import re
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.atlas.styles import style_of, styles
from kulan.errors import InvalidGeometryError, InvalidTableError, UnknownNameError
from kulan.grids import Grid
from kulan.places import edge_lengths_m
from kulan.report import fonts
from kulan.report.atlas_sheets import (
    Drawing,
    MapSheet,
    SheetBase,
    SheetClass,
    SheetLayer,
    habitat_layer,
    set_sheet,
    themed_layer,
)
from kulan.report.atlas_sheets.furniture import bar_length_m, coordinate
from kulan.report.atlas_sheets.layers import Board
from kulan.report.atlas_sheets.setting import _composed
from kulan.report.atlas_sheets.views import make_view
from kulan.report.reader import Reader
from kulan.words import LANGUAGES, words_in

BOX = (60.0, 44.0, 70.0, 50.0)
EN = words_in("en")


def barriers(words=EN, **columns) -> SheetLayer:
    table = gpd.GeoDataFrame(
        {
            "barrier_type": ["railway", "railway", "fence"],
            "status": ["operational", "planned", "operational"],
            "name": ["West line", "New line", "Long fence"],
        }
        | columns,
        geometry=[
            shapely.LineString([(61, 45), (66, 49)]),
            shapely.LineString([(62, 49), (69, 45)]),
            shapely.LineString([(64, 44.5), (64, 49.5)]),
        ],
        crs=4326,
    )
    return themed_layer(
        "Barriers",
        "barriers",
        table,
        words,
        kind="barrier_type",
        value="status",
        sources=("Kulan's own table. CC0-1.0",),
        name_column="name",
    )


def habitat(words=EN) -> SheetLayer:
    values = np.ones((60, 100), dtype=np.uint8)
    values[:, :40] = 11
    grid = Grid(values, west=60, north=50, cell_x_deg=0.1, cell_y_deg=0.1)
    label = "potential habitat, not observed range"
    return habitat_layer("Saiga", grid, words, label=label, sources=("MODIS. Public domain",))


def base() -> SheetBase:
    states = gpd.GeoDataFrame(
        {"iso3": ["KAZ", "UZB"], "name": ["Kazakhstan", "Uzbekistan"]},
        geometry=[shapely.box(50, 45, 80, 55), shapely.box(50, 35, 80, 45)],
        crs=4326,
    )
    places = gpd.GeoDataFrame(
        {"name": ["Aral", "Baikonur"], "name_ru": ["Аральск", None], "scale_rank": [3, 4]},
        geometry=[shapely.Point(61.7, 46.8), shapely.Point(63.3, 45.6)],
        crs=4326,
    )
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(65, 45), (68, 45.2)])], crs=4326)
    return SheetBase(states=states, places=places, disputed=line, sources=("Natural Earth",))


def sheet(**values) -> MapSheet:
    told = {"title": "Saiga", "bounds": BOX, "layers": (habitat(), barriers()), "base": base()}
    return MapSheet(**(told | {"made_on": date(2026, 3, 1)} | values))


def composed(language="en", **values) -> dict:
    return _composed(sheet(**values), Reader(words_in(language)))


def words_of(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("page", ["A4", "A3"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_a_tagged_pdf(language, page, orientation):
    pdf = set_sheet(sheet(page=page, orientation=orientation), words_in(language))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert f"/Lang({language})".encode() in pdf


def test_the_same_sheet_makes_the_same_bytes_and_bears_its_own_date():
    first = set_sheet(sheet(), EN)
    assert first == set_sheet(sheet(), EN)
    assert b"2026-03-01" in first


def test_a_label_that_must_stand_beside_a_layer_stands_in_the_legend():
    items = composed()["items"]
    assert ("layer", "Saiga", "potential habitat, not observed range") in [
        (one["kind"], one["text"], one["detail"]) for one in items
    ]


def test_the_legend_tells_what_is_in_view_and_no_more():
    entries = [one["text"] for one in composed()["items"] if one["kind"] == "entry"]
    assert {"railway", "railway: planned", "fence", "potential habitat: marginal"} <= set(entries)
    assert "potential habitat: not known" not in entries
    assert "disputed or undefined border" in entries


def test_a_layer_with_nothing_in_view_says_so():
    data = composed(bounds=(100.0, 20.0, 101.0, 21.0))
    assert "Nothing of it lies in this view." in words_of(data)
    assert "None of the chosen layers has anything there." in data["alt"]


def test_an_empty_sheet_is_still_a_map():
    pdf = set_sheet(sheet(layers=(), base=SheetBase()), EN)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_every_source_is_named_once_with_the_layers_that_rest_on_it():
    found = [one for one in composed()["items"] if one["kind"] == "source"]
    assert [(one["text"], one["detail"]) for one in found] == [
        ("MODIS. Public domain", "Saiga"),
        ("Kulan's own table. CC0-1.0", "Barriers"),
        ("Natural Earth", "Base map"),
    ]


def test_a_layer_without_a_source_says_so():
    layer = SheetLayer("Mine", (SheetClass("road", style_of("barriers", "road", "planned")),))
    assert "No source is given." in words_of(composed(layers=(layer,)))


def test_towns_bear_the_name_of_the_readers_language_where_the_data_have_it():
    svg = composed("ru")["map"]
    assert ">Аральск<" in svg
    assert ">Baikonur<" in svg


def test_markup_in_a_text_stays_text():
    title = "#panic() $x$ *b* _i_ <script> \\ `raw` @ref = 1"
    data = composed(title=title, notes=("#import", "// no"))
    assert data["title"] == title
    pdf = set_sheet(sheet(title=title, notes=("#import", "// no")), EN)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


@pytest.mark.parametrize("name", ["Қазақстан әғқңөұүһі", "Монгол Улс Өвөрхангай", "Ўзбекистон"])
def test_scripts_of_the_region_are_printed_without_a_stand_in(name):
    assert fonts.uncovered(words_of(composed(title=name))) == []


def test_characters_without_a_font_are_told_and_stop_nothing():
    pdf = set_sheet(sheet(title="蒙古", notes=("北\x00线",)), EN)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_a_title_longer_than_its_place_is_given_whole_among_the_notes():
    title = "A very long title " * 40
    data = composed(title=title, permalink="https://kulan.example.org/" + "a" * 400)
    assert data["title"].endswith("…")
    assert title in [one["text"] for one in data["items"]]


def test_twelve_layers_go_on_overleaf():
    pdf = set_sheet(sheet(layers=(habitat(), barriers()) * 6), EN)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


@pytest.mark.parametrize(
    "bounds",
    [BOX, (66.0, 47.0, 66.06, 47.04), (40.0, 15.0, 135.0, 60.0), (-180.0, -60.0, 180.0, 80.0)],
)
def test_the_scale_bar_is_as_long_as_the_ground_beneath_it(bounds):
    view = make_view(bounds, 700, 450)
    wide = bar_length_m(view) / view.metres_per_pixel()
    middle = view.frame.width / 2
    ends = view.frame.to_earth(np.array([[middle - wide / 2, 225], [middle + wide / 2, 225]]))
    assert edge_lengths_m(ends[:1], ends[1:])[0] == pytest.approx(bar_length_m(view), rel=0.01)


@pytest.mark.parametrize("bounds", [BOX, (175.0, 60.0, -170.0, 70.0), (-179.9, -60, 179.9, 80)])
def test_all_of_the_box_lies_on_the_paper(bounds):
    view = make_view(bounds, 700, 450)
    west, south, east, north = bounds
    points = view.placed(
        np.array([shapely.Point(x, y) for x in (west, east) for y in (south, north)], dtype=object)
    )
    assert shapely.covered_by(points, view.box.buffer(0.5)).all()


def test_a_view_across_the_antimeridian_shows_both_sides():
    view = make_view((175.0, 60.0, -170.0, 70.0), 700, 450)
    here, there = view.placed(shapely.points([(176.0, 65.0), (-171.0, 65.0)]))
    assert here.x < there.x


def test_north_leans_at_the_corners_and_the_sheet_says_so():
    foot = words_of(composed(bounds=(50.0, 35.0, 112.0, 55.0)))
    assert "follow the meridians" in foot
    assert "less than half a degree" in words_of(composed(bounds=(66.0, 47.0, 66.06, 47.04)))


def test_the_projection_of_the_world_is_another():
    assert "Equal Earth" in words_of(composed(bounds=(-180.0, -60.0, 180.0, 80.0)))
    assert "Lambert" in words_of(composed())


def test_many_points_are_drawn_as_one_image_and_stay_light():
    rng = np.random.default_rng(5)
    table = gpd.GeoDataFrame(
        {"kind": ["fix"] * 100_000},
        geometry=shapely.points(rng.uniform(60, 70, 100_000), rng.uniform(44, 50, 100_000)),
        crs=4326,
    )
    layer = themed_layer("Positions", "telemetry", table, EN)
    view = make_view(BOX, 700, 450)
    drawn = Board(view).draw(layer, 0)
    assert drawn.by_depth[3].startswith("<image")
    assert len(set_sheet(sheet(layers=(layer,)), EN)) < 3_000_000


def test_drawings_are_measured_on_the_ellipsoid():
    drawings = (
        Drawing(shapely.LineString([(60, 45), (60, 46)]), "My line"),
        Drawing(shapely.box(60, 45, 61, 46)),
        Drawing(shapely.Point(65, 47)),
    )
    details = [one["detail"] for one in composed(drawings=drawings)["items"]]
    assert "111\u00a0km" in details
    assert any(detail.startswith("8,690\u00a0km²") for detail in details)
    assert "latitude 47.0000, longitude 65.0000" in details


@pytest.mark.parametrize(
    ("value", "step", "is_longitude", "expected"),
    [
        (-70.5, 0.5, True, "70°30′ W"),
        (190.0, 10.0, True, "170° W"),
        (0.0, 1.0, False, "0°"),
        (47.0125, 1 / 120, False, "47°00′45″ N"),
        (-33.0, 1.0, False, "33° S"),
    ],
)
def test_degrees_are_written_as_maps_write_them(value, step, is_longitude, expected):
    assert coordinate(value, step, Reader(EN), is_longitude=is_longitude) == expected


@pytest.mark.parametrize(
    "bounds", [(60.0, 50.0, 70.0, 44.0), (60.0, 44.0, 60.0, 50.0), (60.0, -95.0, 70.0, 0.0)]
)
def test_a_box_that_holds_nothing_is_refused(bounds):
    with pytest.raises(InvalidGeometryError, match="nothing lies in this box"):
        set_sheet(sheet(bounds=bounds), EN)


def test_another_paper_is_refused_by_name():
    with pytest.raises(UnknownNameError, match="page 'A5' is not printed; choose A4 or A3"):
        set_sheet(sheet(page="A5"), EN)
    with pytest.raises(UnknownNameError, match="orientation 'square'"):
        set_sheet(sheet(orientation="square"), EN)


def test_a_column_that_is_not_there_is_refused():
    layer = SheetLayer("Roads", barriers().classes, barriers().features, column="colour")
    with pytest.raises(InvalidTableError, match="no column 'colour'"):
        set_sheet(sheet(layers=(layer,)), EN)


def test_every_style_can_be_printed():
    points = gpd.GeoDataFrame(
        {"code": [str(number) for number in range(len(styles()))]},
        geometry=[
            shapely.Point(60 + n % 10, 44 + n // 20).buffer(0.2) for n in range(len(styles()))
        ],
        crs=4326,
    )
    classes = tuple(
        SheetClass(f"{number}", style, (str(number),)) for number, style in enumerate(styles())
    )
    layer = SheetLayer("All", classes, points, column="code")
    assert set_sheet(sheet(layers=(layer,)), EN).startswith(b"%PDF")
