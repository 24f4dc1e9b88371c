"""How sure the order of crossings is across an ensemble."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.circuits.raster_circuit import RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import crossings_along, place_crossings
from kulan.connectivity.crossings.ranking import ensemble_gains, rank_crossings
from kulan.connectivity.frames import Frame
from kulan.connectivity.tables import CROSSING_RANKING
from kulan.errors import InvalidGridError, NotSolvedError
from kulan.schemas import check_table

SITES = Sites({1: np.array([0]), 2: np.array([63])})


def member(seed, spacing=2.0):
    stencil = link_cells(np.exp(np.random.default_rng(seed).normal(0, 1, (8, 8))))
    line = gpd.GeoDataFrame(
        {"barrier_id": ["rail"], "segment_id": ["all"]},
        geometry=[shapely.LineString([(0.01, 4), (7.99, 4)])],
    )
    cuts = cut_steps(line, Frame(8, 8, 0, 8, 1, 1), np.array([0.05]))
    table = crossings_along(line, spacing=spacing)
    return stencil, cuts, place_crossings(table, cuts, stencil, np.ones(len(table)))


def row(table, name):
    return table.set_index("crossing_id").loc[name]


def test_ranks_are_counted_in_each_member():
    gains = np.array([[3.0, 2, 1], [1, 3, 2], [3, 1, 2], [3, 2, 1]])
    table = rank_crossings(["a", "b", "c"], gains, best=1)
    assert table["crossing_id"].tolist() == ["a", "b", "c"]
    assert row(table, "a")["rank_mean"] == pytest.approx((1 + 3 + 1 + 1) / 4)
    assert table["in_best_share"].tolist() == [0.75, 0.25, 0]
    assert (row(table, "a")["rank_low"], row(table, "a")["rank_high"]) == (1, 3)
    check_table(table, CROSSING_RANKING)


def test_chances_sum_to_the_places_even_with_equal_gains():
    gains = np.array([[1.0, 1, 1, 0], [2, 1, 1, 1], [0, 0, 0, 0]])
    table = rank_crossings(list("abcd"), gains, best=2)
    assert table["in_best_share"].sum() == pytest.approx(2)
    assert row(table, "a")["in_best_share"] == pytest.approx((2 / 3 + 1 + 1 / 2) / 3)
    assert row(table, "a")["rank_mean"] == pytest.approx((2 + 1 + 2.5) / 3)


def test_wilsons_interval_of_nine_out_of_ten():
    gains = np.array([[1.0, 0]] * 9 + [[0, 1.0]])
    best = row(rank_crossings(["a", "b"], gains), "a")
    # Wilson's limits for 9 successes in 10, as tabled
    assert (best["in_best_low"], best["in_best_high"]) == pytest.approx((0.5958, 0.9821), abs=1e-4)


def test_a_member_of_one_stays_uncertain():
    best = row(rank_crossings(["a", "b"], np.array([[1.0, 0.0]])), "a")
    assert best["in_best_share"] == 1
    assert best["in_best_low"] < 0.3


def test_the_intervals_hold_the_share_of_members_asked_for():
    gains = np.random.default_rng(0).normal(size=(200, 3))
    table = rank_crossings(list("abc"), gains, coverage=0.5)
    for k, name in enumerate("abc"):
        low, high = row(table, name)[["gain_low", "gain_high"]]
        assert ((gains[:, k] >= low) & (gains[:, k] <= high)).mean() == pytest.approx(0.5, abs=0.01)


def test_gains_of_an_ensemble_are_those_of_its_members():
    members = [member(seed) for seed in (1, 2, 3)]
    gains = ensemble_gains(members, SITES)
    assert gains.shape == (3, 4)
    for k, one in enumerate(members):
        assert gains[k].tolist() == CrossingGains(*one, SITES).gain_of_each().tolist()
    with ThreadPoolExecutor(2) as executor:
        assert ensemble_gains(members, SITES, executor=executor).tolist() == gains.tolist()


def test_members_with_other_crossings_are_refused():
    with pytest.raises(InvalidGridError, match=r"member 1 has the crossings .*member 0"):
        ensemble_gains([member(1), member(2, spacing=4.0)], SITES)


def test_an_ensemble_without_members_is_refused():
    with pytest.raises(InvalidGridError, match="no members"):
        ensemble_gains([], SITES)


@pytest.mark.parametrize(
    ("gains", "choices", "words"),
    [
        (np.ones(2), {}, "one row for each member"),
        (np.ones((3, 3)), {}, "one row for each member"),
        (np.array([[1.0, np.inf]]), {}, "'b' in member 0 is inf"),
        (np.ones((3, 2)), {"best": 3}, "3 of 2 crossings"),
        (np.ones((3, 2)), {"coverage": 1.0}, "between 0 and 1"),
    ],
)
def test_gains_that_cannot_be_ranked_are_refused(gains, choices, words):
    with pytest.raises(InvalidGridError, match=words):
        rank_crossings(["a", "b"], gains, **choices)


def test_a_member_that_cannot_be_solved_is_told_and_the_others_are_measured(monkeypatch):
    members = [member(seed) for seed in (1, 2, 3)]
    whole = ensemble_gains(members, SITES)
    solve = RasterCircuit.solve

    def fail_in_second(self, injection, **asked):
        if self.stencil.weights[1, 0, 1] == members[1][0].weights[1, 0, 1]:
            raise NotSolvedError("no solver balanced the currents")
        return solve(self, injection, **asked)

    monkeypatch.setattr(RasterCircuit, "solve", fail_in_second)
    failed, told = [], []
    gains = ensemble_gains(
        members, SITES, failed=failed.append, report=lambda *step: told.append(step)
    )

    assert [(one.number, one.reason) for one in failed] == [(1, "no solver balanced the currents")]
    assert np.isnan(gains[1]).all()
    assert gains[[0, 2]].tolist() == whole[[0, 2]].tolist()
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(InvalidGridError, match="leave out members"):
        rank_crossings(members[0][2].names, gains)
    with pytest.raises(NotSolvedError, match="none of its 1 members"):
        ensemble_gains(members[1:2], SITES)
