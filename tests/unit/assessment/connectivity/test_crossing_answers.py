"""Where crossings give most back, asked from files."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from kulan.assessment.connectivity.barrier_pictures import draw_crossings
from kulan.assessment.connectivity.candidates import (
    PassableShare,
    candidates_along,
    km_along,
    read_crossings,
)
from kulan.assessment.connectivity.crossings import CrossingQuestion, rank_candidates
from kulan.assessment.connectivity.effects import EffectQuestion, weigh_barriers
from kulan.assessment.connectivity.ensembles import Ensemble, member_files
from kulan.assessment.connectivity.folders import write_answer
from kulan.errors import (
    InvalidFileError,
    InvalidGeometryError,
    InvalidGridError,
    InvalidTableError,
)

from . import small_world as world

SHARE = PassableShare(0.5, 0.2, 0.9)
FEW = Ensemble(n_draws=3)


@pytest.fixture
def land(tmp_path):
    return world.landscape(tmp_path)


def question(tmp_path, land, *, spacing_km=2.0, cost=None, **asked):
    barriers = asked.pop("barriers", None) or world.fence(
        tmp_path, land, share=0.05, low=0.01, high=0.2
    )
    along = candidates_along(
        barriers, (), land.frame, spacing_km=spacing_km, cost=cost, share=SHARE
    )
    given = {"candidates": along, "ensemble": FEW, "most": 2, "sites": None} | asked
    sites = given.pop("sites") or world.sites(tmp_path, land)
    return CrossingQuestion(land, sites, barriers, **given)


def from_file(tmp_path, places, name="places", **columns):
    path = world.write(tmp_path, name, [shapely.Point(place) for place in places], **columns)
    return read_crossings(path, permeabilities=None, species_id="", season="", share=SHARE)


def test_the_place_between_the_sites_is_best(tmp_path, land):
    answer = rank_candidates(question(tmp_path, land))
    ranking = answer.tables["ranking"]
    assert ranking["rank"].tolist() == list(range(1, 9))
    best = ranking.iloc[0]
    # the sites lie in row 8 of 16: two places lie beside it
    assert best["km_along"] == pytest.approx(5 + 8, abs=1.6)
    assert best["barrier_id"] == "fence"
    assert ranking["gain_middle"].is_monotonic_decreasing or len(set(ranking["rank_mean"])) > 1


def test_a_portfolio_gives_what_is_found_when_its_crossings_are_opened(tmp_path, land):
    asked = question(tmp_path, land, most=3)
    answer = rank_candidates(asked)
    portfolio = answer.tables["portfolio"]
    assert portfolio["step"].tolist() == [1, 2, 3]
    assert portfolio["gain_together"].iloc[-1] == pytest.approx(answer.numbers["portfolio"]["gain"])
    assert portfolio["gain_added"].sum() == pytest.approx(portfolio["gain_together"].iloc[-1])
    assert (portfolio["gain_last_in"] <= portfolio["gain_alone"] * (1 + 1e-9)).all()
    effect = weigh_barriers(EffectQuestion(land, asked.sites, asked.barriers)).numbers
    # of single cells, sites are the same nodes in both
    assert answer.numbers["taken_by_the_barriers_led_across"] == pytest.approx(
        effect["conductance_mean_without_s"] - effect["conductance_mean_with_s"], rel=1e-5
    )
    assert 0 < answer.numbers["portfolio"]["gain_share_of_what_is_taken"] < 1


def test_a_budget_buys_no_more_than_it_can_pay(tmp_path, land):
    answer = rank_candidates(question(tmp_path, land, cost=4.0, most=None, budget=9.0))
    assert answer.numbers["portfolio"]["cost"] == 8.0
    assert answer.tables["portfolio"]["cost_together"].tolist() == [4.0, 8.0]


def test_a_budget_below_the_cheapest_is_refused(tmp_path, land):
    with pytest.raises(InvalidGridError, match="the cheapest costs 4"):
        rank_candidates(question(tmp_path, land, cost=4.0, most=None, budget=1.0))


def test_a_budget_without_costs_is_refused(tmp_path, land):
    with pytest.raises(InvalidGridError, match="no cost"):
        rank_candidates(question(tmp_path, land, most=None, budget=9.0))


def test_candidates_far_from_barriers_are_left_out_and_told(tmp_path, land):
    places = from_file(tmp_path, [(12.1, 8.5), (3.0, 3.0)], crossing_id=["near", "far"])
    answer = rank_candidates(question(tmp_path, land, candidates=places))
    assert answer.tables["ranking"]["crossing_id"].tolist() == ["near"]
    assert answer.numbers["candidates_out_of_reach"] == ["far"]
    assert any("far" in note for note in answer.notes)


def test_no_candidate_within_reach_is_refused(tmp_path, land):
    places = from_file(tmp_path, [(3.0, 3.0)])
    with pytest.raises(InvalidGeometryError, match="none of 1"):
        rank_candidates(question(tmp_path, land, candidates=places))


def test_candidates_that_open_the_same_step_are_one(tmp_path, land):
    places = from_file(tmp_path, [(12.1, 8.5), (12.05, 8.5)], crossing_id=["one", "other"])
    answer = rank_candidates(question(tmp_path, land, candidates=places))
    assert answer.numbers["candidates_that_equal_another"] == {"other": "one"}


def test_crossings_that_open_no_more_than_the_barrier_lets_through_are_refused(tmp_path, land):
    places = from_file(tmp_path, [(12.1, 8.5)], permeability=[0.01])
    with pytest.raises(InvalidGridError, match="part no sites"):
        rank_candidates(question(tmp_path, land, candidates=places))


def test_sites_that_a_closed_barrier_does_not_part_gain_nothing(tmp_path, land):
    ring = shapely.LineString([(8, -5), (8, 8), (-5, 8)])
    barriers = world.lines(tmp_path, land, [ring], barrier_id=["ring"], permeability=[0.0])
    sites = world.sites(tmp_path, land, ((14.5, 3.5), (20.5, 12.5)))
    with pytest.raises(InvalidGridError, match="Give sites on both sides"):
        rank_candidates(question(tmp_path, land, barriers=barriers, sites=sites))


def test_a_closed_barrier_is_opened_by_any_crossing(tmp_path, land):
    barriers = world.fence(tmp_path, land, share=0.0)
    answer = rank_candidates(question(tmp_path, land, barriers=barriers))
    assert answer.numbers["connectivity_with_barriers"] == 0
    assert (answer.tables["ranking"]["gain_low"] > 0).all()


def test_what_stands_already_is_not_gained_again(tmp_path, land):
    existing = from_file(tmp_path, [(12.1, 8.5)], "bridges", crossing_id=["bridge"])
    before = rank_candidates(question(tmp_path, land)).tables["ranking"]
    after = rank_candidates(question(tmp_path, land, existing=existing)).tables["ranking"]
    assert after["gain_middle"].max() < before["gain_middle"].max()


def test_an_ensemble_says_what_it_is_and_takes_maps_in_turn(tmp_path, land):
    rng = np.random.default_rng(4)
    for k in range(2):
        values = np.exp(rng.normal(0, 1, (world.ROWS, world.COLUMNS)))
        world.landscape(tmp_path, values, f"member_0{k + 1}.tif")
    maps = member_files([tmp_path])
    assert [path.name for path in maps] == ["member_01.tif", "member_02.tif"]
    answer = rank_candidates(question(tmp_path, land, ensemble=Ensemble(maps, 4, 1)))
    assert answer.numbers["ensemble"].startswith("4 members: 2 maps")
    assert {one.name for one in answer.inputs} >= {"member_01.tif", "member_02.tif"}
    assert (answer.tables["ranking"]["gain_high"] > answer.tables["ranking"]["gain_low"]).all()


def test_a_folder_without_members_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidFileError, match="member_"):
        member_files([tmp_path / "empty"])


def test_a_map_of_other_cells_is_refused(tmp_path, land):
    world.landscape(tmp_path, np.ones((5, 5)), "member_01.tif")
    ensemble = Ensemble(member_files([tmp_path]), 2, 1)
    with pytest.raises(InvalidGridError, match="not the cells"):
        rank_candidates(question(tmp_path, land, ensemble=ensemble))


def test_the_same_seed_gives_the_same_ranking_and_another_one_another(tmp_path, land):
    def gains(seed):
        asked = question(tmp_path, land, ensemble=Ensemble((), 3, seed))
        return rank_candidates(asked).tables["ranking"]["gain_mean"].to_numpy()

    assert (gains(1) == gains(1)).all()
    assert not np.allclose(gains(1), gains(2), rtol=1e-3)


def test_a_draw_of_permeability_lies_in_its_range_and_rises_with_its_chance(tmp_path):
    places = from_file(tmp_path, [(12.1, 8.5)])
    drawn = [float(places.drawn(chance)[0]) for chance in (0.0, 0.3, 0.7, 1.0)]
    assert drawn[0] == pytest.approx(0.2)
    assert drawn[-1] == pytest.approx(0.9)
    assert drawn == sorted(drawn)
    # below the middle lies the share (0.5 - 0.2) / (0.9 - 0.2) of the distribution
    assert places.drawn(3 / 7)[0] == pytest.approx(0.5)


def test_a_certain_permeability_has_no_range(tmp_path):
    places = from_file(tmp_path, [(12.1, 8.5)], permeability=[0.7])
    assert places.drawn(0.2)[0] == places.drawn(0.9)[0] == 0.7


def test_a_range_upside_down_is_refused():
    with pytest.raises(InvalidTableError, match="between low and high"):
        PassableShare(0.5, 0.6, 0.9)


def test_a_cost_that_is_no_number_is_refused(tmp_path):
    with pytest.raises(InvalidTableError, match="cost of row 1 is 'dear'"):
        from_file(tmp_path, [(12.1, 8.5)], cost=["dear"])


def test_measured_permeabilities_of_crossings_count_before_the_general_one(tmp_path):
    path = world.write(tmp_path, "places", [shapely.Point(12, 8)], crossing_id=["bridge"])
    measured = tmp_path / "measured.csv"
    measured.write_text(
        "crossing_id,species_id,season,permeability,source\nbridge,khulan,,0.35,tracks\n"
    )
    asked = {"permeabilities": measured, "season": "", "share": SHARE}
    for_khulan = read_crossings(path, species_id="khulan", **asked)
    assert for_khulan.table["permeability"].tolist() == [0.35]


def test_kilometres_are_counted_along_the_line(tmp_path, land):
    barriers = world.fence(tmp_path, land)
    places = candidates_along(
        barriers, (), land.frame, spacing_km=4.0, cost=None, share=SHARE
    ).table
    km = km_along(places, barriers)["km_along"].to_numpy()
    # the line begins 5 km north of the map, and the plane is true to scale to 1 in 2500
    assert km == pytest.approx([7, 11, 15, 19], rel=1e-3)


def test_the_folder_holds_tables_features_and_pictures(tmp_path, land):
    asked = question(tmp_path, land)
    answer = draw_crossings(asked, rank_candidates(asked))
    names = {path.name for path in write_answer(tmp_path / "out", answer)}
    assert {"ranking.csv", "portfolio.csv", "features.gpkg", "ranking.png", "crossings.png"} < names
    told = json.loads((tmp_path / "out" / "result.json").read_text())
    assert told["numbers"]["members_solved"] == 3
    assert len(told["numbers"]["best"]) == 2


def test_sites_given_as_areas_are_one_node_each(tmp_path, land):
    asked = question(tmp_path, land)
    areas = world.write(
        tmp_path, "areas", [shapely.box(1, 6, 4, 10), shapely.box(20, 6, 23, 10)], name=["a", "b"]
    )
    sites = world.read_sites(areas, land)
    gains = rank_candidates(replace(asked, sites=sites)).tables["ranking"]["gain_middle"]
    assert gains.max() > rank_candidates(asked).tables["ranking"]["gain_middle"].max()
