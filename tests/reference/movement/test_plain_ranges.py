"""Hulls and kernels of wild boar and a red deer, as adehabitatHR and amt answer them."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kulan.movement.distributions import frame_around
from kulan.movement.ranges.hulls import minimum_convex_polygon
from kulan.movement.ranges.kernel_density import kernel_density, lscv_bandwidth
from kulan.movement.ranges.local_hulls import local_convex_hulls
from kulan.movement.tracks import Track

CASES = Path(os.environ.get("KULAN_SHARED_DATA", "absent")).parent / "conformance" / "telemetry"
pytestmark = pytest.mark.skipif(
    not (CASES / "adehabitat.json").exists(), reason="needs the shared telemetry cases"
)
BOARS = ("Brock", "Calou", "Chou", "Jean")


@pytest.fixture(scope="module")
def answer():
    return json.loads((CASES / "adehabitat.json").read_text())


@pytest.fixture(scope="module")
def boars():
    table = pd.read_csv(CASES / "ade_puechabon_relocs.csv")
    return {
        name: Track(str(name), np.arange(float(len(own))), *own[["X", "Y"]].to_numpy(float).T)
        for name, own in table.groupby("Name")
    }


def test_hulls_are_exact(answer, boars):
    for case in answer["mcp"]:
        ours = [minimum_convex_polygon(boars[n], case["percent"] / 100).area for n in case["id"]]
        assert ours == pytest.approx(case["area_m2"], rel=1e-9)


def test_hulls_of_a_deer_are_exact(deer):
    case = json.loads((CASES / "amt_deer.json").read_text())["hr"]["mcp"]
    ours = [minimum_convex_polygon(deer, level).area for level in case["level"]]
    assert ours == pytest.approx(case["area"], rel=1e-9)


@pytest.fixture(scope="module")
def deer():
    table = pd.read_csv(CASES / "amt_deer_epsg3035.csv")
    return Track("deer", np.arange(float(len(table))), *table[["x_", "y_"]].to_numpy(float).T)


def test_kernels_of_a_deer_are_those_of_amt_on_its_map(deer):
    case = json.loads((CASES / "amt_deer.json").read_text())["hr"]["kde"]
    use, chosen = kernel_density(deer, like="amt")
    assert chosen.metres == pytest.approx(case["h"][0], rel=1e-12)
    ours = [use.area_m2(level) for level in case["level"]]
    assert ours == pytest.approx(case["area"], rel=0.005)


def test_the_finer_the_cells_of_amt_the_nearer_it_is_to_our_own_answer(deer):
    case = json.loads((CASES / "amt_deer.json").read_text())["hr"]
    use, _ = kernel_density(deer)
    finer = {0.95: case["kde_res50"]["area"][0], 0.5: case["kde_res50"]["area"][1]}
    for level, coarse in zip(case["kde"]["level"], case["kde"]["area"], strict=True):
        assert coarse < finer[level] < use.area_m2(level)
        # straight on from cells of 86.6 and 50 m to cells of no width
        cell = max(np.ptp(deer.x_m), np.ptp(deer.y_m)) / 100
        no_width = finer[level] + (finer[level] - coarse) / (cell - 50) * 50
        assert no_width == pytest.approx(use.area_m2(level), rel=0.006)


def test_our_own_answer_does_not_depend_on_its_cells(deer):
    usual, chosen = kernel_density(deer)
    room = 5 * chosen.metres
    fine, _ = kernel_density(deer, frame=frame_around(deer.x_m, deer.y_m, pad_m=room, cell_m=12.5))
    for level in (0.95, 0.5):
        assert usual.area_m2(level) == pytest.approx(fine.area_m2(level), rel=0.001)


@pytest.mark.parametrize("name", BOARS)
def test_kernels_of_the_reference_bandwidth_agree(answer, boars, name):
    case = answer["kernelUD_href"]
    use, chosen = kernel_density(boars[name])
    assert chosen.metres == pytest.approx(case["h"][name], rel=1e-12)
    ours = [use.area_m2(int(level) / 100) for level in case["rows"]]
    assert ours == pytest.approx(case["area_m2"][name], rel=0.005)


@pytest.mark.parametrize("name", ["Calou", "Chou", "Jean"])
def test_bandwidths_of_cross_validation_agree(answer, boars, name):
    assert lscv_bandwidth(boars[name]).metres == pytest.approx(
        answer["kernelUD_LSCV"]["h"][name], rel=1e-12
    )


def test_one_bandwidth_of_cross_validation_is_a_step_of_the_search_away(answer, boars):
    # the scores of the two steps differ by half a thousandth
    step = 1.4 / 99 * answer["kernelUD_href"]["h"]["Brock"]
    away = lscv_bandwidth(boars["Brock"]).metres - answer["kernelUD_LSCV"]["h"]["Brock"]
    assert away == pytest.approx(step, rel=1e-6)


@pytest.mark.parametrize("name", BOARS)
def test_kernels_agree_at_the_bandwidth_of_cross_validation(answer, boars, name):
    case = answer["kernelUD_LSCV"]
    use, _ = kernel_density(boars[name], bandwidth=case["h"][name])
    ours = [use.area_m2(level) for level in (0.9, 0.95)]
    assert ours == pytest.approx(case["area_m2"][name][1:], rel=0.005)
    # their cells are 40 m wide, a hundred of them in the inner half of use
    assert use.area_m2(0.5) == pytest.approx(case["area_m2"][name][0], rel=0.025)


@pytest.mark.parametrize("name", BOARS)
def test_local_hulls_agree(answer, boars, name):
    shapes = local_convex_hulls(boars[name], "k", 12).isopleths([0.95, 1.0])
    case = answer["LoCoH_k12"][name]
    assert shapes[0.95].area == pytest.approx(case["area95"], rel=1e-8)
    assert shapes[1.0].area == pytest.approx(case["area100"], rel=1e-8)
