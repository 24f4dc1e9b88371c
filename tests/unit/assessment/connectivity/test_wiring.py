"""Chosen pairs, strengths and joined polygons of a circuit on a row of five cells."""

import numpy as np
import pytest

from kulan.assessment.connectivity.circuits import CircuitQuestion, connect
from kulan.assessment.connectivity.places import read_sites
from kulan.assessment.connectivity.wiring import read_wiring
from kulan.errors import InvalidTableError, UnknownNameError
from little_landscapes import box_of, landscape_of, write_points, write_shapes


@pytest.fixture
def row(tmp_path):
    return landscape_of(tmp_path, [[1.0] * 5])


def three_sites(tmp_path, row, **columns):
    names = ["west", "middle", "east"]
    path = write_points(
        tmp_path / "sites.geojson", row, [(0, 0), (0, 2), (0, 4)], name=names, **columns
    )
    return read_sites(path, row)


def ask(row, sites, mode="pairwise", **given):
    return connect(CircuitQuestion(row, sites, mode=mode, wiring=read_wiring(sites, row, **given)))


def resistance(answer):
    table = answer.tables["resistance"]
    return dict(
        zip(table["name"] + "-" + table["other_name"], table["resistance_ohm"], strict=True)
    )


def write_pairs(tmp_path, *lines):
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(["site,other_site", *lines]) + "\n", encoding="utf-8")
    return path


def test_four_links_of_one_siemens_in_a_row_are_four_ohm(tmp_path, row):
    found = resistance(ask(row, three_sites(tmp_path, row)))
    assert found == pytest.approx({"west-middle": 2, "west-east": 4, "middle-east": 2})


def test_only_the_pairs_that_are_wanted_are_asked(tmp_path, row):
    sites = three_sites(tmp_path, row)
    answer = ask(row, sites, pairs=write_pairs(tmp_path, "east,west"))
    assert resistance(answer) == pytest.approx({"west-east": 4})
    assert answer.numbers["asked"] == 1
    assert answer.grids["current"].known[0].tolist() == pytest.approx([1, 1, 1, 1, 1])


def test_nothing_resists_within_a_joined_polygon(tmp_path, row):
    polygon = write_shapes(tmp_path / "lake.geojson", [box_of(row, 0, 1, 0, 3)])
    found = resistance(ask(row, three_sites(tmp_path, row), short_circuits=polygon))
    assert found["west-east"] == pytest.approx(2)
    assert found["west-middle"] == pytest.approx(1)


def test_a_site_sends_its_strength(tmp_path, row):
    sites = three_sites(tmp_path, row, strength=[2.0, 0.0, 0.0])
    answer = ask(row, sites, mode="one-to-all")
    current = answer.grids["current"].known[0]
    assert current[:3].tolist() == pytest.approx([2, 2, 2])
    assert np.abs(current[3:]).max() == pytest.approx(0)
    assert answer.parameters["strengths_a"] == {"1": 2.0, "2": 0.0, "3": 0.0}


def test_a_negative_strength_is_refused(tmp_path, row):
    sites = three_sites(tmp_path, row, strength=[1.0, -2.0, 1.0])
    with pytest.raises(InvalidTableError, match="strength of site 'middle' is -2"):
        read_wiring(sites, row)


def test_a_pair_with_a_site_there_is_not_is_refused(tmp_path, row):
    sites = three_sites(tmp_path, row)
    with pytest.raises(UnknownNameError, match="line 3: no site 'moon' on the landscape"):
        read_wiring(sites, row, pairs=write_pairs(tmp_path, "west,east", "west,moon"))


def test_a_file_without_the_columns_of_pairs_is_refused(tmp_path, row):
    path = tmp_path / "pairs.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InvalidTableError, match="lacks site, other_site"):
        read_wiring(three_sites(tmp_path, row), row, pairs=path)


def test_pairs_belong_to_the_mode_of_pairs(tmp_path, row):
    sites = three_sites(tmp_path, row)
    with pytest.raises(InvalidTableError, match="the mode one-to-all asks for each site"):
        ask(row, sites, mode="one-to-all", pairs=write_pairs(tmp_path, "west,east"))
