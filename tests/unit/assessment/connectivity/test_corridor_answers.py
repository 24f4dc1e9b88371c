"""Corridors from files: links, paths, maps and measures of a landscape counted by hand."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from kulan.assessment.connectivity import memory, site_distances
from kulan.assessment.connectivity.barriers import read_barriers
from kulan.assessment.connectivity.corridors import CorridorQuestion, find_corridors
from kulan.assessment.connectivity.folders import write_answer
from kulan.assessment.connectivity.patch_networks import NetworkQuestion
from kulan.assessment.connectivity.patches import amounts_of, protection_of
from kulan.assessment.connectivity.pictures import draw_corridors
from kulan.assessment.connectivity.places import read_sites
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.least_cost.metrics import Dispersal
from kulan.errors import InvalidGridError, InvalidTableError, TooLargeError, UnknownNameError
from little_landscapes import at, box_of, landscape_of, write_line, write_points, write_shapes


@pytest.fixture
def even(tmp_path):
    return landscape_of(tmp_path, np.ones((5, 9)))


def sites_in(landscape, tmp_path, cells=((2, 0), (2, 4), (2, 8)), **columns):
    columns.setdefault("name", ["West", "Middle", "East"][: len(cells)])
    return read_sites(
        write_points(tmp_path / "sites.geojson", landscape, cells, **columns), landscape
    )


def fence(landscape, tmp_path, column, permeability, rows=(-2, 8)):
    file = write_line(
        tmp_path / "fence.geojson",
        landscape,
        [(rows[0], column), (rows[1], column)],
        permeability=permeability,
    )
    return read_barriers([str(file)], landscape.frame, release=None, on=None)


def test_neighbours_are_linked_by_the_length_of_the_way(even, tmp_path):
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path)))
    links = answer.tables["links"]
    assert links[
        ["first_name", "second_name", "cost_km", "length_km", "cells"]
    ].values.tolist() == [
        ["West", "Middle", 4.0, 4.0, 5],
        ["Middle", "East", 4.0, 4.0, 5],
    ]
    assert links["betweenness"].tolist() == [2.0, 2.0]
    assert answer.tables["patches"]["betweenness"].tolist() == [0.0, 1.0, 0.0]


def test_all_pairs_name_the_sites_a_way_passes(even, tmp_path):
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path), pairs="all"))
    links = answer.tables["links"].set_index(["first", "second"])
    assert len(links) == 3
    assert links.loc[(1, 3), "cost_km"] == 8.0
    assert links.loc[(1, 3), "crosses_sites"] == "Middle"


def test_the_corridor_is_zero_along_the_best_way_and_ends_at_the_cutoff(even, tmp_path):
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path), cutoff_km=1.0))
    excess = answer.grids["corridors"].values
    assert excess[2].tolist() == [0.0] * 9
    assert np.nanmax(excess) <= 1.0
    assert np.isnan(excess[0, 0])
    # a step aside and back makes two diagonals of two straight steps
    assert excess[1, 2] == pytest.approx(2 * np.sqrt(2) - 2, rel=1e-6)


def test_a_path_lies_on_the_centres_of_its_cells(even, tmp_path):
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path)))
    paths = answer.features["paths"]
    ends = shapely.get_coordinates(paths.geometry.iloc[0])[[0, -1]]
    assert ends == pytest.approx(np.array([at(even, 2, 0), at(even, 2, 4)]), abs=1e-9)
    assert {"cost_km", "length_km", "cells"} <= set(paths.columns)


def test_a_fence_makes_the_link_dearer_and_is_named(even, tmp_path):
    lines = fence(even, tmp_path, 1.5, 0.25)
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path), lines))
    links = answer.tables["links"]
    assert links["cost_km"].tolist() == [7.0, 4.0]
    assert links["crosses_barriers"].tolist() == ["fence", ""]


def test_a_closed_fence_with_a_gap_is_walked_around(even, tmp_path):
    lines = fence(even, tmp_path, 1.5, 0.0, rows=(-2, 3.5))
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path), lines))
    first = answer.tables["links"].iloc[0]
    assert first["crosses_barriers"] == ""
    assert first["cost_km"] > 4.0


def test_sites_behind_a_closed_fence_stand_alone_and_this_is_told(even, tmp_path):
    lines = fence(even, tmp_path, 1.5, 0.0)
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path), lines))
    assert answer.tables["links"]["first_name"].tolist() == ["Middle"]
    assert answer.numbers["parts"] == 2
    assert "Site West has no link to any other." in answer.notes


def test_where_no_way_leads_anywhere_the_question_is_refused(even, tmp_path):
    lines = fence(even, tmp_path, 1.5, 0.0)
    sites = sites_in(even, tmp_path, cells=((2, 0), (2, 4)))
    with pytest.raises(InvalidGridError, match="no way leads from any site"):
        find_corridors(CorridorQuestion(even, sites, lines))


def test_links_dearer_than_the_limit_are_left_out(even, tmp_path):
    sites = sites_in(even, tmp_path, cells=((2, 0), (2, 3), (2, 8)))
    answer = find_corridors(CorridorQuestion(even, sites, max_cost_km=3.5))
    assert answer.tables["links"]["cost_km"].tolist() == [3.0]


def test_pinch_points_are_where_all_current_must_pass(tmp_path):
    values = np.ones((5, 7))
    values[[0, 1, 3, 4], 3] = np.nan
    gate = landscape_of(tmp_path, values)
    sites = sites_in(gate, tmp_path, cells=((2, 0), (2, 6)))
    answer = find_corridors(CorridorQuestion(gate, sites, cutoff_km=10.0))
    pinch = answer.grids["pinch_points"].values
    assert pinch[2, 3] == pytest.approx(1.0, abs=1e-5)
    assert pinch[2, 2] < 1.0
    assert answer.tables["links"]["resistance_ohm"].iloc[0] > 0


def test_tiles_and_memory_give_the_same_bytes(tmp_path):
    rng = np.random.default_rng(3)
    rough = landscape_of(tmp_path, np.exp(rng.normal(0, 1, (30, 40))))
    sites = sites_in(rough, tmp_path, cells=((2, 3), (25, 30), (10, 36)))
    lines = fence(rough, tmp_path, 15.3, 0.1, rows=(-2, 33))
    question = CorridorQuestion(
        rough,
        sites,
        lines,
        network=NetworkQuestion(Dispersal(20.0)),
        each_map=True,
        tiles=False,
    )
    for name, tiles in (("memory", False), ("tiles", True)):
        write_answer(tmp_path / name, find_corridors(replace(question, tiles=tiles)))
    names = {path.name for path in (tmp_path / "memory").iterdir()}
    assert {"cost_1.tif", "corridor_1_3.tif", "pinch_points_1_3.tif"} <= names
    for name in names:
        assert (tmp_path / "memory" / name).read_bytes() == (tmp_path / "tiles" / name).read_bytes()


def test_tiles_are_taken_where_memory_does_not_do(even, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(site_distances, "fits_in_memory", lambda needed: needed < 0)
    running = Running(report=lambda _done, _total, doing: told.append(doing))
    find_corridors(CorridorQuestion(even, sites_in(even, tmp_path)), running)
    assert "costs by tiles" in told


def test_what_fits_neither_in_memory_nor_on_disk_is_refused(even, tmp_path, monkeypatch):
    monkeypatch.setattr(memory.shutil, "disk_usage", lambda _: type("Use", (), {"free": 10}))
    question = CorridorQuestion(even, sites_in(even, tmp_path), tiles=True)
    with pytest.raises(TooLargeError, match="GB are free"):
        find_corridors(question)


# --- the network ----------------------------------------------------------------------------------


def test_probability_of_connectivity_follows_by_hand(even, tmp_path):
    network = NetworkQuestion(Dispersal(4.0, 0.5))
    answer = find_corridors(CorridorQuestion(even, sites_in(even, tmp_path), network=network))
    # three patches of 1 km²: neighbours meet with 1/2, the outer ones with 1/4
    whole = 3 + 2 * (0.5 + 0.5 + 0.25)
    assert answer.numbers["equivalent_connected_area_km2"] == pytest.approx(np.sqrt(whole))
    assert answer.numbers["probability_of_connectivity"] == pytest.approx(whole / 45**2)
    patches = answer.tables["patches"].set_index("name")
    assert patches.loc["Middle", "connector"] == pytest.approx(100 * 0.5 / whole)
    assert answer.tables["links"]["dpc"].tolist() == pytest.approx([100 * 1.5 / whole] * 2)


def test_an_attribute_counts_in_place_of_the_area(even, tmp_path):
    sites = sites_in(even, tmp_path, attribute=[10.0, 0.0, 5.0])
    amounts, by_area = amounts_of(sites)
    assert (amounts.tolist(), by_area) == ([10.0, 0.0, 5.0], False)
    network = NetworkQuestion(Dispersal(4.0))
    answer = find_corridors(CorridorQuestion(even, sites, network=network))
    assert answer.numbers["habitat"] == 15.0
    assert "probability_of_connectivity" not in answer.numbers


@pytest.mark.parametrize("wrong", ["many", -1.0, None])
def test_an_attribute_that_is_no_amount_is_refused(even, tmp_path, wrong):
    sites = sites_in(even, tmp_path, attribute=[wrong, 1.0, 1.0])
    with pytest.raises(InvalidTableError, match="'West'"):
        amounts_of(sites)


def test_protected_patches_come_from_a_column(even, tmp_path):
    sites = sites_in(even, tmp_path, reserve=["yes", "no", "yes"])
    protection = protection_of("reserve", sites, even)
    assert protection.area_km2 == {1: 1.0, 2: 0.0, 3: 1.0}
    network = NetworkQuestion(Dispersal(4.0, 0.5), protection)
    answer = find_corridors(CorridorQuestion(even, sites, network=network))
    assert answer.numbers["protected_percent"] == pytest.approx(100 * 2 / 45)
    assert answer.numbers["protected_connected_percent"] == pytest.approx(
        100 * np.sqrt(2 + 2 * 0.25) / 45
    )


def test_protected_patches_come_from_a_file_of_areas(even, tmp_path):
    shapes = [box_of(even, 1, 0, 2, 1), box_of(even, 2, 4, 2, 6)]
    sites = read_sites(write_shapes(tmp_path / "s.geojson", shapes, name=["a", "b"]), even)
    parks = write_shapes(tmp_path / "parks.geojson", [box_of(even, 0, 0, 1, 4)])
    found = protection_of(str(parks), sites, even)
    assert found.area_km2 == {1: 2.0, 2: 0.0}
    assert found.elsewhere_km2 == 8.0
    network = NetworkQuestion(Dispersal(4.0), found)
    answer = find_corridors(CorridorQuestion(even, sites, network=network))
    assert any("8 km² of protected land lie outside" in note for note in answer.notes)
    assert "parks.geojson" in [one.name for one in answer.inputs]


def test_a_word_that_is_neither_column_nor_file_is_refused(even, tmp_path):
    with pytest.raises(UnknownNameError, match="It has name"):
        protection_of("parks.gpkg", sites_in(even, tmp_path), even)
    sites = sites_in(even, tmp_path, reserve=["perhaps", "no", "yes"])
    with pytest.raises(InvalidTableError, match="yes or no"):
        protection_of("reserve", sites, even)


@pytest.mark.parametrize(("name", "value"), [("cutoff_km", 0.0), ("max_cost_km", -3.0)])
def test_costs_of_nothing_are_refused(even, tmp_path, name, value):
    with pytest.raises(InvalidTableError, match="above zero"):
        CorridorQuestion(even, sites_in(even, tmp_path), **{name: value})


def test_corridors_are_drawn_with_their_network(even, tmp_path):
    question = CorridorQuestion(even, sites_in(even, tmp_path), fence(even, tmp_path, 1.5, 0.5))
    drawn = draw_corridors(question, find_corridors(question)).pictures
    assert set(drawn) == {"corridors.png", "network.png", "pinch_points.png"}
    assert all(content.startswith(b"\x89PNG") for content in drawn.values())
