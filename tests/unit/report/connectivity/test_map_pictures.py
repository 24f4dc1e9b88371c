"""Maps of connectivity: what is drawn where, what the legend says, and what is refused."""

import io

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from kulan.connectivity.equal_area_grids import PlaneGrid
from kulan.connectivity.frames import Frame
from kulan.errors import (
    InvalidFileError,
    InvalidGridError,
    InvalidTableError,
    UnknownCrsError,
    UnknownNameError,
)
from kulan.places import EQUAL_AREA
from kulan.report.connectivity.difference_maps import changed_area, difference_map
from kulan.report.connectivity.maps import (
    corridor_edges,
    corridor_map,
    current_map,
    normalised_flow_map,
    omnidirectional_map,
    resistance_map,
    uncertainty_map,
    voltage_map,
)
from kulan.report.connectivity.overlays import Overlays
from kulan.report.connectivity.sheets import Caption, Picture, write_picture
from kulan.words import words_in

CAPTION = Caption("Хулан у Замын-Ууда", "a test", "made values")
EN = words_in("en")
# 30 by 40 cells of 10 km in the Gobi, in the region's equal-area plane
GOBI = Frame(30, 40, 1_500_000.0, 900_000.0, 10_000.0, 10_000.0, EQUAL_AREA)
BARE = Frame(30, 40, 0.0, 30.0, 1.0, 1.0)


def made(frame: Frame = GOBI) -> np.ndarray:
    return np.random.default_rng(1).lognormal(0, 2, frame.shape)


def image_of(picture: Picture) -> np.ndarray:
    """The colours of the map's cells."""
    return np.asarray(map_axes(picture).get_images()[0].get_array())


def map_axes(picture: Picture):
    return next(axes for axes in picture.figure.axes if axes.get_label() != "paper")


def said(picture: Picture) -> str:
    """Everything written on a picture."""
    return "\n".join(text.get_text() for axes in picture.figure.axes for text in axes.texts)


def lines_named(picture: Picture, words: str) -> list:
    return [one for one in map_axes(picture).collections if one.get_gid() == words]


def line(*xy: tuple[float, float], **columns) -> gpd.GeoDataFrame:
    values = {name: [value] for name, value in columns.items()}
    return gpd.GeoDataFrame(values, geometry=[shapely.LineString(xy)])


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_values_give_the_same_bytes(suffix):
    first = current_map(made(), GOBI, CAPTION, EN).encode(suffix)
    again = current_map(made(), GOBI, CAPTION, EN).encode(suffix)
    assert first == again
    assert b"2026" not in first[:2000]
    other = current_map(made() * 2 + 1, GOBI, CAPTION, EN).encode(suffix)
    assert other != first


def test_settings_of_the_users_matplotlib_change_nothing():
    import matplotlib as mpl  # noqa: PLC0415

    plain = current_map(made(), GOBI, CAPTION, EN).encode()
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "axes.facecolor": "red"}):
        assert current_map(made(), GOBI, CAPTION, EN).encode() == plain


def test_a_picture_has_the_size_that_was_asked_for_and_no_other_kind():
    picture = current_map(made(), GOBI, CAPTION, EN)
    small = Image.open(io.BytesIO(picture.encode(dpi=50))).size
    large = Image.open(io.BytesIO(picture.encode(dpi=100))).size
    assert large[0] == pytest.approx(2 * small[0], abs=2)
    with pytest.raises(InvalidFileError, match=r"file of .gif was asked for"):
        picture.encode(".gif")
    with pytest.raises(InvalidFileError, match="pixels on the longer side"):
        picture.encode(dpi=10_000)


def test_a_picture_is_written_by_the_suffix_of_its_name(tmp_path):
    picture = current_map(made(), GOBI, CAPTION, EN)
    write_picture(tmp_path / "map.svg", picture)
    assert (tmp_path / "map.svg").read_bytes() == picture.encode(".svg")
    with pytest.raises(InvalidFileError, match="no kind"):
        write_picture(tmp_path / "map", picture)


def test_nodata_zero_and_current_look_different():
    current = np.ones(GOBI.shape)
    current[:, 20:] = 7.0
    current[0, 0] = 0.0
    current[0, 1] = np.nan
    picture = current_map(current, GOBI, CAPTION, EN)
    rgba = image_of(picture)
    assert rgba[0, 1, 3] == 0  # transparent: the hatched ground is seen
    assert rgba[0, 0].tolist() == [1, 1, 1, 1]
    assert not np.array_equal(rgba[5, 5], rgba[5, 30])
    assert "no data" in said(picture)
    assert "no current" in said(picture)


def test_a_map_without_nodata_or_zeros_has_no_keys_for_them():
    text = said(current_map(made(), GOBI, CAPTION, EN))
    assert "no data" not in text
    assert "no current" not in text


def test_more_current_is_darker():
    current = np.logspace(-3, 0, 1200).reshape(GOBI.shape)
    rgba = image_of(current_map(current, GOBI, CAPTION, EN))
    light = rgba[..., :3] @ np.array([0.21, 0.72, 0.07])
    assert (np.diff(light.ravel()) <= 1e-9).all()


@pytest.mark.parametrize(
    ("stretch", "words"),
    [("log", "Logarithmic scale"), ("quantile", "Quantile scale"), ("linear", "Linear scale")],
)
def test_the_legend_says_how_values_are_stretched(stretch, words):
    assert words in said(current_map(made(), GOBI, CAPTION, EN, stretch=stretch))


def test_a_stretch_of_no_name_is_refused():
    with pytest.raises(UnknownNameError, match="'sqrt' found; choose one of linear, log, quantile"):
        current_map(made(), GOBI, CAPTION, EN, stretch="sqrt")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Current, A", "no data", "Mongolia".upper(), "railway, closed", "km"]),
        ("ru", ["Ток, A", "нет данных", "МОНГОЛИЯ", "железная дорога, без прохода", "км"]),
        ("fr", ["Courant, A", "pas de données", "MONGOLIE", "voie ferrée, infranchissable", "km"]),
    ],
)
def test_the_legend_speaks_the_readers_language(language, words):
    current = made()
    current[0, 0] = np.nan
    state = gpd.GeoDataFrame({"iso3": ["MNG"]}, geometry=[shapely.box(90, 40, 120, 52)], crs=4326)
    x, y = 1_700_000.0, 750_000.0
    railway = line((x, y), (x + 1e5, y), barrier_type="railway", permeability=0.0)
    over = Overlays(barriers=railway.set_crs(EQUAL_AREA), states=state)
    text = said(current_map(current, GOBI, CAPTION, words_in(language), over=over))
    assert [word for word in words if word not in text] == []


def test_barriers_stand_where_they_are_closed_ones_solid_and_half_open_ones_dashed():
    closed = line((5, 0), (5, 30), barrier_type="railway", permeability=0.0)
    partly = line((15, 0), (15, 30), barrier_type="railway", permeability=0.4)
    unknown = line((25, 0), (25, 30), barrier_type="fence", permeability=np.nan)
    table = gpd.GeoDataFrame(
        {name: [one[name].iloc[0] for one in (closed, partly, unknown)] for name in closed.columns}
    )
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(barriers=table))
    drawn = {
        name: lines_named(picture, name)[0]
        for name in ("railway, closed", "railway, partly open", "fence")
    }
    x = {name: {float(v[0]) for v in one.get_segments()[0]} for name, one in drawn.items()}
    assert x == {"railway, closed": {5.0}, "railway, partly open": {15.0}, "fence": {25.0}}
    dashes = {name: one.get_linestyle()[0][1] for name, one in drawn.items()}
    assert dashes["railway, closed"] is None
    assert dashes["railway, partly open"] is not None
    assert dashes["fence"] is None
    widths = {name: one.get_linewidth()[0] for name, one in drawn.items()}
    assert widths["railway, closed"] > widths["railway, partly open"]


@pytest.mark.parametrize(
    ("permeability", "words", "least_ink"),
    [
        (0.0, "railway, closed", 1.0),
        (0.009, "railway, closed", 1.0),
        (0.01, "railway, nearly closed", 0.85),
        (0.049, "railway, nearly closed", 0.85),
        (0.05, "railway, partly open", 0.6),
        (0.99, "railway, partly open", 0.6),
        (1.0, "railway, open", 0.3),
    ],
)
def test_the_less_a_barrier_lets_through_the_less_is_left_open_in_its_line(
    permeability, words, least_ink
):
    railway = line((5, 0), (5, 30), barrier_type="railway", permeability=permeability)
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(barriers=railway))
    (drawn,) = lines_named(picture, words)
    dash = drawn.get_linestyle()[0][1]
    ink = 1.0 if dash is None else sum(dash[::2]) / sum(dash)
    assert least_ink <= ink < least_ink + 0.15
    assert words in said(picture)


def test_borders_are_solid_and_disputed_ones_dashed_above_them():
    state = gpd.GeoDataFrame({"iso3": ["MNG"]}, geometry=[shapely.box(-9, 5, 90, 90)])
    over = Overlays(states=state, disputed=line((0, 5), (40, 5)))
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=over)
    (border,) = lines_named(picture, "state border")
    (disputed,) = lines_named(picture, "disputed or undefined border")
    assert border.get_linestyle()[0][1] is None
    assert disputed.get_linestyle()[0][1] is not None
    assert disputed.get_zorder() > border.get_zorder()


def test_ways_regions_and_barriers_differ_by_more_than_colour():
    region = gpd.GeoDataFrame({"site": ["Gobi"]}, geometry=[shapely.box(5, 5, 15, 15)])
    over = Overlays(
        barriers=line((20, 0), (20, 30), barrier_type="railway", permeability=0.0),
        sites=region,
        ways=line((0, 20), (40, 20)),
    )
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=over)
    drawn = {
        name: lines_named(picture, name)[0]
        for name in ("least-cost path", "focal region", "railway, closed")
    }
    grey = {
        name: float(one.get_colors()[0][:3] @ np.array([0.21, 0.72, 0.07]))
        for name, one in drawn.items()
    }
    dashed = {name for name, one in drawn.items() if one.get_linestyle()[0][1] is not None}
    assert grey["least-cost path"] > max(grey["focal region"], grey["railway, closed"]) + 0.2
    assert dashed == {"focal region"}


def test_barriers_without_type_or_permeability_are_drawn_as_barriers():
    picture = resistance_map(made(BARE), BARE, CAPTION, EN, over=Overlays(line((1, 1), (9, 9))))
    assert len(lines_named(picture, "barrier")) == 1


def test_what_lies_outside_the_map_is_neither_drawn_nor_in_the_legend():
    away = line((500, 500), (600, 600), barrier_type="railway")
    picture = resistance_map(made(BARE), BARE, CAPTION, EN, over=Overlays(away))
    assert "railway" not in said(picture)


def test_sites_and_crossings_stand_where_they_are_with_their_names():
    sites = gpd.GeoDataFrame(
        {"site": ["Айраг", "Ergel"]}, geometry=[shapely.Point(3, 4), shapely.box(20, 20, 25, 25)]
    )
    crossings = gpd.GeoDataFrame({"crossing_id": ["C1"]}, geometry=[shapely.Point(10, 11)])
    over = Overlays(sites=sites, crossings=crossings)
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=over)
    marks = {one.get_gid(): one.get_xydata().tolist() for one in map_axes(picture).lines}
    assert marks["focal site"] == [[3, 4]]
    assert marks["crossing"] == [[10, 11]]
    assert len(lines_named(picture, "focal region")) == 1
    assert {"Айраг", "Ergel", "C1"} <= set(said(picture).split("\n"))


def test_names_do_not_cover_each_other():
    places = [shapely.Point(10 + 0.1 * k, 10) for k in range(30)]
    sites = gpd.GeoDataFrame({"site": [f"place {k}" for k in range(30)]}, geometry=places)
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(sites=sites))
    renderer = picture.figure.canvas.get_renderer()
    texts = [one for one in map_axes(picture).texts if one.get_text().startswith("place")]
    boxes = [one.get_window_extent(renderer) for one in texts]
    assert 1 <= len(texts) < 30
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_names_keep_off_lines_where_there_is_room():
    sites = gpd.GeoDataFrame({"site": ["Ergel"]}, geometry=[shapely.Point(20, 15)])
    beside = current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(sites=sites))
    fence = line((21, 0), (21, 30), barrier_type="fence", permeability=0.0)
    over = Overlays(barriers=fence, sites=sites)
    moved = current_map(made(BARE), BARE, CAPTION, EN, over=over)
    x = [map_axes(one).texts[0].get_position()[0] for one in (beside, moved)]
    assert x[0] > 20
    assert x[1] < 20


def test_fences_have_crosses_at_even_distances_and_railways_none():
    fence = line((5, 0), (5, 30), barrier_type="fence", permeability=0.0)
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(fence))
    (crosses,) = [one for one in map_axes(picture).lines if one.get_marker() == "x"]
    y = crosses.get_ydata()
    assert len(y) > 5
    np.testing.assert_allclose(np.diff(y), y[1] - y[0])
    railway = fence.assign(barrier_type="railway")
    picture = current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(railway))
    assert not [one for one in map_axes(picture).lines if one.get_marker() == "x"]


def test_a_title_of_dollars_is_no_formula():
    picture = current_map(made(), GOBI, Caption("costs $5 and $x^2$"), EN)
    assert picture.encode()[:4] == b"\x89PNG"
    assert "costs $5 and $x^2$" in said(picture)


def test_letters_no_font_has_get_a_stand_in():
    picture = current_map(made(), GOBI, Caption("野驴 khulan"), EN)
    assert "\ufffd\ufffd khulan" in said(picture)
    assert picture.encode()[:4] == b"\x89PNG"


def test_tables_and_rasters_must_both_have_a_coordinate_system():
    over = Overlays(line((1, 1), (2, 2)))
    with pytest.raises(UnknownCrsError, match="barriers: coordinate system found for the raster"):
        current_map(made(), GOBI, CAPTION, EN, over=over)
    over = Overlays(line((1, 1), (2, 2)).set_crs(4326))
    with pytest.raises(UnknownCrsError, match="found for the barriers, none for the raster"):
        current_map(made(BARE), BARE, CAPTION, EN, over=over)


def test_sites_without_names_are_refused():
    sites = gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(1, 1)])
    with pytest.raises(InvalidTableError, match="sites: missing 'site'; found 'id', 'geometry'"):
        current_map(made(BARE), BARE, CAPTION, EN, over=Overlays(sites=sites))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((2, 2)), r"current: values of shape \(2, 2\) for a raster of \(30, 40\)"),
        (np.full(GOBI.shape, np.inf), "current: 1200 cells are infinite"),
        (np.full(GOBI.shape, -1.0), "current: 1200 cells are out of range, the lowest -1"),
    ],
)
def test_values_that_no_colour_shows_are_refused(values, message):
    with pytest.raises(InvalidGridError, match=message):
        current_map(values, GOBI, CAPTION, EN)


def test_resistance_must_be_above_zero():
    with pytest.raises(InvalidGridError, match="0 exclusive is needed"):
        resistance_map(np.zeros(GOBI.shape), GOBI, CAPTION, EN)


MAPS = {
    "current": current_map,
    "omnidirectional": omnidirectional_map,
    "voltage": voltage_map,
    "corridor": corridor_map,
    "flow": normalised_flow_map,
    "uncertainty": lambda *given: uncertainty_map(*given, measure="CV"),
    "difference": lambda *given: difference_map(*given, title="Change"),
}
ODD = {
    "no data at all": np.full((5, 5), np.nan),
    "all zero": np.zeros((5, 5)),
    "one value": np.full((5, 5), 3.5),
    "one column": np.arange(50.0)[:, None],
    "one row": np.arange(50.0)[None, :],
    "one cell": np.ones((1, 1)),
    "huge": np.linspace(0, 1e12, 25).reshape(5, 5),
    "tiny": np.linspace(0, 1e-12, 25).reshape(5, 5),
    "subnormal": np.full((5, 5), 5e-324),
    "one above all": np.where(np.arange(25).reshape(5, 5) == 12, 1e9, 1e-9),
}


@pytest.mark.parametrize("kind", MAPS)
@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
def test_odd_values_still_give_a_picture(kind, values):
    frame = Frame(*values.shape, 1_500_000.0, 900_000.0, 10_000.0, 10_000.0, EQUAL_AREA)
    picture = MAPS[kind](values, frame, CAPTION, EN)
    high, wide = np.asarray(Image.open(io.BytesIO(picture.encode(dpi=40)))).shape[:2]
    assert 0.3 < wide / high < 3


def test_a_large_raster_is_reduced_and_its_narrow_flow_stays():
    frame = Frame(2600, 1300, 0.0, 2600.0, 1.0, 1.0)
    current = np.full(frame.shape, 1e-3)
    current[:, 700] = 1.0
    picture = current_map(current, frame, CAPTION, EN)
    rgba = image_of(picture)
    assert rgba.shape == (867, 434, 4)
    dark = rgba[..., :3].sum(axis=2) < 1
    assert dark.all(axis=0).tolist() == [k == 233 for k in range(434)]
    assert "the largest value of each block of 3 × 3 cells" in said(picture)
    # the last blocks reach beyond the raster; the map does not
    assert map_axes(picture).get_ylim() == (0.0, 2600.0)


def test_a_map_in_the_plane_of_the_region_has_a_true_scale_degrees_and_north():
    picture = current_map(made(), GOBI, CAPTION, EN)
    paper = picture.figure.axes[0]
    bars = [one.get_xy() for one in paper.patches if one.get_gid() == "scale bar"]
    long_in = max(xy[:, 0].max() for xy in bars) - min(xy[:, 0].min() for xy in bars)
    wide_in = map_axes(picture).get_position().width * picture.figure.get_size_inches()[0]
    assert "50\u00a0km" in said(picture)
    # the map is 400 km wide in a plane that stretches distances here by a few per cent
    assert long_in / wide_in == pytest.approx(0.125, rel=0.06)
    assert long_in / wide_in != pytest.approx(0.125, rel=1e-3)
    assert "108°" in said(picture)
    assert "43.0°" in said(picture)
    arrow = next(one.get_xy() for one in paper.patches if one.get_gid() == "north")
    # east of the middle meridian north leans to the left
    assert arrow[0, 0] < arrow[2, 0]


def test_a_small_map_has_its_scale_in_metres():
    frame = Frame(4, 4, 1_500_000.0, 900_000.0, 50.0, 50.0, EQUAL_AREA)
    assert "20\u00a0m" in said(current_map(np.ones((4, 4)), frame, CAPTION, EN))


def test_empty_tables_leave_no_trace():
    states = gpd.GeoDataFrame({"iso3": []}, geometry=[], crs=EQUAL_AREA)
    nothing = gpd.GeoDataFrame({"barrier_type": ["road"]}, geometry=[None], crs=EQUAL_AREA)
    bare = current_map(made(), GOBI, CAPTION, EN).encode()
    over = Overlays(barriers=nothing, states=states)
    assert current_map(made(), GOBI, CAPTION, EN, over=over).encode() == bare


def test_a_plane_without_a_coordinate_system_has_neither_scale_nor_degrees():
    picture = current_map(made(BARE), BARE, CAPTION, EN)
    assert not [one for one in picture.figure.axes[0].patches if one.get_gid() == "scale bar"]
    assert "°" not in said(picture)


def test_a_raster_in_degrees_is_as_wide_as_its_latitude_makes_it():
    frame = Frame(10, 10, 100.0, 65.0, 1.0, 1.0, "EPSG:4326")
    axes = map_axes(current_map(np.ones((10, 10)), frame, CAPTION, EN))
    box = axes.get_position()
    width, height = axes.figure.get_size_inches()
    assert box.width * width / (box.height * height) == pytest.approx(0.5, abs=0.01)


def test_a_plane_grid_may_stand_for_its_frame():
    grid = PlaneGrid(made(), GOBI.west, GOBI.north, 10_000.0)
    from_grid = resistance_map(grid.values, grid, CAPTION, EN).encode()
    assert from_grid == resistance_map(grid.values, GOBI, CAPTION, EN).encode()


def test_classes_of_normalised_flow_meet_at_the_edges_users_know():
    values = np.array([[0.0, 0.69, 0.7, 1.29, 1.3, 1.69, 1.7, 9.0, np.nan]])
    picture = normalised_flow_map(values, Frame(1, 9, 0, 1, 1, 1), CAPTION, EN)
    rgba = image_of(picture)[0]
    classes = [rgba[k].tolist() for k in (0, 2, 4, 6)]
    assert len({tuple(one) for one in classes}) == 4
    assert [classes.index(rgba[k].tolist()) for k in range(8)] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert rgba[8, 3] == 0
    assert "intensified: 1.3 to 1.7" in said(picture)


def test_corridors_are_bands_of_round_costs_up_to_the_cutoff():
    assert corridor_edges(np.array([0.0, 30.0]), 60.0)[-3:] == [20.0, 50.0, 60.0]
    excess = np.array([[0.0, 40.0, 70.0, np.nan]])
    picture = corridor_map(excess, Frame(1, 4, 0, 1, 1, 1), CAPTION, EN, cutoff=60.0)
    rgba = image_of(picture)[0]
    assert len({tuple(one) for one in rgba.tolist()}) == 4
    assert rgba[2].tolist() == [1, 1, 1, 1]
    text = said(picture)
    assert "50 to 60" in text
    assert "dearer" in text
    assert "outside the corridor, or no data" in text
    with pytest.raises(InvalidGridError, match="cutoff: 0 found"):
        corridor_map(excess, Frame(1, 4, 0, 1, 1, 1), CAPTION, EN, cutoff=0.0)


def test_change_is_orange_where_it_fell_blue_where_it_rose_and_pale_where_neither():
    change = np.array([[-1.0, 0.0, 1.0, np.nan]])
    rgba = image_of(difference_map(change, Frame(1, 4, 0, 1, 1, 1), CAPTION, EN, title="Change"))[0]
    assert rgba[0, 0] > rgba[0, 2]
    assert rgba[2, 2] > rgba[2, 0]
    assert rgba[1, :3].min() > 0.95
    assert rgba[3, 3] == 0


def test_zero_is_neutral_even_where_nearly_everything_fell():
    change = np.full(GOBI.shape, -5.0)
    change[0, :3] = (0.0, 1.0, np.nan)
    rgba = image_of(difference_map(change, GOBI, CAPTION, EN, title="Change"))
    assert rgba[0, 0, :3].min() > 0.95
    assert rgba[0, 1, 2] > rgba[0, 1, 0]


def test_the_legend_tells_on_how_much_land_it_fell_and_rose():
    change = np.zeros(GOBI.shape)
    change[:2] = -3.0
    change[5, :10] = 2.0
    text = said(difference_map(change, GOBI, CAPTION, EN, title="Change", least_change=0.5))
    assert "less on 8,000 km²" in text
    assert "more on 1,000 km²" in text
    assert "more than 0.5" in text


def test_areas_of_cells_in_degrees_shrink_to_the_north():
    frame = Frame(40, 1, 80.0, 60.0, 1.0, 1.0, "EPSG:4326")
    change = np.zeros((40, 1))
    change[0], change[-1] = -1.0, 1.0
    found = changed_area(change, frame)
    assert found.unit == "km2"
    assert found.lost == pytest.approx(6_291, rel=0.02)
    assert found.gained == pytest.approx(11_540, rel=0.02)
    with pytest.raises(InvalidGridError, match="least_change: -1 found"):
        changed_area(change, frame, least_change=-1)
