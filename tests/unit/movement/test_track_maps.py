"""The map of tracks: what is drawn of whom, and where it cannot be drawn."""

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest
import shapely

from kulan.movement.cleaning import flag_certain
from kulan.movement.fixes import make_fixes
from kulan.report.connectivity.sheets import Caption
from kulan.report.movement.tracks import COLOURS, MOST_NAMES, tracks_picture
from kulan.report.reader import Reader
from kulan.words import words_in


def some(animals, *, crs="EPSG:4326", start=(107.0, 45.0), step=0.01, clock="utc"):
    rng = np.random.default_rng(4)
    tables = []
    for name in animals:
        way = np.cumsum(rng.normal(0, step, (40, 2)), axis=0) + start
        times = pd.date_range("2024-01-01", periods=40, freq="h", tz="UTC")
        time = times if clock == "utc" else np.arange(40) * 3600.0
        tables.append(
            pd.DataFrame({"animal_id": name, "time": time, "x": way[:, 0], "y": way[:, 1]})
        )
    table = pd.concat(tables, ignore_index=True)
    return flag_certain(make_fixes(table, crs=crs, clock=clock))


def drawn(fixes, language="en", **over):
    words = words_in(language)
    return tracks_picture(fixes, Caption("Tracks"), Reader(words), **over)


def words_on(picture):
    return [text.get_text() for axes in picture.figure.axes for text in axes.texts]


def map_of(picture):
    return picture.figure.axes[1]


def colours_on(picture):
    """Colours of the paths: solid lines of the map that are no graticule."""
    lines = [one for one in map_of(picture).lines if one.get_gid() != "graticule"]
    return [matplotlib.colors.to_hex(one.get_color()) for one in lines if len(one.get_xdata()) > 20]


def test_each_of_a_few_animals_has_a_colour_and_its_name():
    picture = drawn(some(["Хулан-1", "k2", "k3"]))
    assert {"Хулан-1", "k2", "k3", "first fix", "last fix"} <= set(words_on(picture))
    assert colours_on(picture) == list(COLOURS[:3])
    assert any(word.endswith("°") for word in words_on(picture))


def test_many_animals_are_told_by_their_numbers():
    names = [f"gazelle {k}" for k in range(1, 37)]
    said = words_on(drawn(some(names)))
    assert set(names) <= set(said)
    assert all(said.count(str(k)) == 2 for k in range(1, 37))


def test_a_legend_ends_somewhere_and_says_so():
    picture = drawn(some([f"a{k:03}" for k in range(MOST_NAMES + 5)]))
    assert any("80 of 85 animals are named" in word for word in words_on(picture))
    assert len(colours_on(picture)) == MOST_NAMES + 5


def test_a_path_across_the_180th_meridian_stays_in_one_piece():
    fixes = some(["r"], start=(180.2, 66.0), step=0.05)
    fixes.table["x"] = (fixes.table["x"] + 180) % 360 - 180
    assert fixes.table["x"].min() < -179
    assert fixes.table["x"].max() > 179
    picture = drawn(fixes)
    west, east = map_of(picture).get_xlim()
    assert east - west < 200_000
    degrees = [word for word in words_on(picture) if word.endswith("°")]
    assert any(word.startswith("−179") for word in degrees)
    assert any(word.startswith("179") for word in degrees)


def test_what_is_set_aside_is_drawn_apart_and_far_places_on_the_edge():
    fixes = some(["k"])
    fixes.table.loc[5, "flags"] = 16
    fixes.table.loc[20, ["flags", "y"]] = 16, 60.0
    picture = drawn(fixes)
    crosses = [line for line in map_of(picture).lines if line.get_marker() == "x"]
    assert len(crosses[0].get_xdata()) == 2
    assert max(crosses[0].get_ydata()) == map_of(picture).get_ylim()[1]
    assert any("lies outside the map" in word for word in words_on(picture))


def test_a_gap_is_dotted_and_no_line_goes_on_over_it():
    fixes = some(["k"])
    fixes = make_fixes(fixes.table.drop(index=range(10, 25)), crs=fixes.crs)
    picture = drawn(fixes)
    assert any(word.startswith("gap:") for word in words_on(picture))
    path = next(one for one in map_of(picture).lines if len(one.get_xdata()) == 26)
    assert np.flatnonzero(np.isnan(path.get_xdata())).tolist() == [10]
    assert not any(word.startswith("gap:") for word in words_on(drawn(some(["k"]))))


def test_local_metres_have_a_scale_and_neither_degrees_nor_north():
    picture = drawn(some(["g"], crs="", start=(0, 0), step=500, clock="elapsed"))
    said = words_on(picture)
    assert not any(word.endswith("°") for word in said)
    assert "N" not in said
    assert any(word.endswith("\u00a0km") for word in said)


def test_barriers_lie_over_the_tracks():
    line = shapely.LineString([(106.9, 45), (107.1, 45.05)])
    picture = drawn(some(["k"]), lines=[line])
    assert "barrier" in words_on(picture)
    assert "barrier" not in words_on(drawn(some(["k"])))


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_one_fix_and_no_place_are_drawn_too(language):
    one = some(["k"])
    one = make_fixes(one.table.iloc[:1], crs=one.crs)
    assert drawn(one, language).encode()[:4] == b"\x89PNG"
    nowhere = some(["k"])
    nowhere = make_fixes(nowhere.table.assign(x=np.nan), crs=nowhere.crs)
    said = words_on(drawn(nowhere, language))
    assert len(said) == 2
    assert drawn(nowhere, language).encode()[:4] == b"\x89PNG"


def test_the_same_fixes_give_the_same_bytes():
    assert drawn(some(["a", "b"])).encode() == drawn(some(["a", "b"])).encode()
