"""What a line lets through: its own column, then what was measured, then its kind."""

from datetime import date

import numpy as np
import pytest

from kulan.assessment.connectivity.barriers import no_barriers, read_barriers
from kulan.atlas import open_release
from kulan.connectivity.barriers.type_permeability import permeability_of_type
from kulan.connectivity.equal_area_grids import lay_plane_grid
from kulan.errors import InvalidTableError, UnknownNameError
from kulan.places import Bounds
from little_landscapes import landscape_of, write_line

DAY = date(2026, 6, 1)


@pytest.fixture
def even(tmp_path):
    return landscape_of(tmp_path, np.ones((5, 5)))


def read(even, *files, **options):
    return read_barriers([str(file) for file in files], even.frame, release=None, on=DAY, **options)


def line(even, tmp_path, name="line.geojson", column=2.5, **columns):
    return write_line(tmp_path / name, even, [(-2, column), (6, column)], **columns)


def measured(tmp_path, permeability):
    file = tmp_path / "measured.csv"
    file.write_text(
        "barrier_id,segment_id,species_id,season,permeability,source\n"
        f"fence,,khulan,,{permeability},counted\n"
    )
    return file


def test_a_line_with_its_own_permeability_needs_nothing_else(even, tmp_path):
    file = line(even, tmp_path, barrier_id="fence", permeability=0.25)
    lines = read(even, file, permeabilities=measured(tmp_path, 0.5), species_id="khulan")
    row = lines.table.iloc[0]
    assert (row["permeability"], row["permeability_low"], row["confidence"]) == (
        0.25,
        0.25,
        "given",
    )
    assert lines.names == ("fence",)


def test_what_was_measured_comes_before_the_kind(even, tmp_path):
    file = line(even, tmp_path, barrier_id="fence", barrier_type="railway", fenced="yes")
    lines = read(even, file, permeabilities=measured(tmp_path, 0.5), species_id="khulan")
    assert lines.table["permeability"].tolist() == [0.5]
    assert [one.name for one in lines.inputs] == ["line.geojson", "measured.csv"]


def test_the_kind_of_a_line_says_what_it_lets_through_with_a_range(even, tmp_path):
    file = line(even, tmp_path, barrier_type="railway", fenced="yes")
    lines = read(even, file, species_id="khulan")
    taken = permeability_of_type("railway", fenced="yes", species_id="khulan")
    row = lines.table.iloc[0]
    assert (row["permeability_low"], row["permeability"], row["permeability_high"]) == (
        taken.low,
        taken.middle,
        taken.high,
    )
    assert lines.names == ("line",)


def test_a_line_of_no_known_kind_is_refused(even, tmp_path):
    with pytest.raises(InvalidTableError, match="barrier_type is 'hedge'"):
        read(even, line(even, tmp_path, barrier_type="hedge"))


@pytest.mark.parametrize("wrong", [1.5, -0.1, "open"])
def test_a_permeability_that_is_no_share_is_refused(even, tmp_path, wrong):
    with pytest.raises(InvalidTableError, match="from 0"):
        read(even, line(even, tmp_path, permeability=wrong))


def test_lines_beside_the_landscape_are_left_out(even, tmp_path):
    far = line(even, tmp_path, column=60, permeability=0.0)
    lines = read(even, far)
    assert len(lines) == 0
    assert lines.cuts(even.frame) is None
    assert [one.name for one in lines.inputs] == ["line.geojson"]


def test_a_barrier_given_twice_is_refused(even, tmp_path):
    one = line(even, tmp_path, "a.geojson", barrier_id="fence", permeability=0.0)
    two = line(even, tmp_path, "b.geojson", barrier_id="fence", permeability=0.5)
    with pytest.raises(InvalidTableError, match="given twice"):
        read(even, one, two)


def test_barriers_are_chosen_by_name(even, tmp_path):
    one = line(even, tmp_path, "a.geojson", permeability=0.0)
    two = line(even, tmp_path, "b.geojson", column=1.5, permeability=0.5)
    lines = read(even, one, two)
    assert lines.only(["b"]).names == ("b",)
    assert lines.without(["b"]).names == ("a",)
    with pytest.raises(UnknownNameError, match="There are a, b"):
        lines.only(["c"])


def test_draws_lie_within_the_range(even, tmp_path):
    lines = read(even, line(even, tmp_path, barrier_type="railway", fenced="yes"))
    rng = np.random.default_rng(1)
    drawn = np.array([lines.draw(rng)[0] for _ in range(200)])
    low, high = lines.table[["permeability_low", "permeability_high"]].iloc[0]
    assert low <= drawn.min() < drawn.max() <= high


def test_lines_of_the_atlas_stand_on_their_day(starter_state):
    release = open_release(starter_state)
    table = release.read_vector("barriers")
    frame = lay_plane_grid(Bounds(104, 41, 118, 49), cell_m=20_000).frame
    today = read_barriers(["atlas"], frame, release=release, on=DAY, species_id="khulan")
    all_of_them = read_barriers(["atlas"], frame, release=release, on=DAY, planned=True)
    assert "B01" in today.names
    assert set(today.names) <= set(all_of_them.names)
    coming = table[table["status"].isin(["planned", "under_construction"])]["barrier_id"]
    assert not set(today.names) & set(coming)
    assert today.inputs[0].sha256 == release.layer("barriers").sha256


def test_a_recipe_tells_the_way_a_permeability_holds_for(even, tmp_path):
    file = line(even, tmp_path, barrier_id="fence", permeability=0.25)
    asked = [read(even, file, way_km=way_km).parameters for way_km in (0.0, 30.0)]
    assert [one["way_km"] for one in asked] == [None, 30.0]
    assert asked[0]["barriers"] == ["fence"]


def test_a_recipe_tells_the_holes_that_were_closed(even, tmp_path):
    parts = [[(2.5, -2), (2.5, 1.5)], [(2.5, 1.7), (2.5, 6)]]
    columns = {"barrier_id": "fence", "permeability": 0.25}
    files = [
        write_line(tmp_path / f"{k}.geojson", even, ends, segment_id=str(k), **columns)
        for k, ends in enumerate(parts)
    ]
    asked = [read(even, *files, close_gaps_km=km).parameters for km in (0.0, 20.0)]
    assert [len(one["gaps_closed"]) for one in asked] == [0, 1]


def test_a_recipe_tells_the_day_on_which_lines_of_the_atlas_stand(starter_state, even, tmp_path):
    release = open_release(starter_state)
    frame = lay_plane_grid(Bounds(104, 41, 118, 49), cell_m=20_000).frame
    lines = read_barriers(["atlas"], frame, release=release, on=DAY, planned=True)
    asked = lines.without(lines.names).parameters
    assert (asked["barriers_on"], asked["planned"]) == ("2026-06-01", True)
    assert "barriers_on" not in read(even, line(even, tmp_path, permeability=0.5)).parameters


def test_without_lines_nothing_is_cut(even):
    assert len(no_barriers()) == 0
    assert no_barriers().cuts(even.frame) is None
