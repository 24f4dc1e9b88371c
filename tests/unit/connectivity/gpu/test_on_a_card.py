"""What only a card can show; skipped, saying why, where there is none."""

import numpy as np
import pytest

from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, link_cells
from kulan.connectivity.gpu import devices
from kulan.connectivity.gpu.solver import DeviceCircuit, bytes_needed, weights_from_conductance
from kulan.connectivity.synthetic import HARD, log_normal_with_barriers
from kulan.errors import MissingExtraError

ON_CARD = Solving(tolerance=1e-9, solvers=("gpu-multigrid",))


@pytest.fixture(autouse=True)
def _a_card():
    try:
        devices.open_card("float")
    except MissingExtraError as error:
        pytest.skip(str(error))


def across(conductance, solving):
    circuit = RasterCircuit(link_cells(conductance), solving=solving)
    largest = np.bincount(circuit.parts)[1:].argmax() + 1
    cells = np.flatnonzero(circuit.parts == largest)
    solution = circuit.solve(Injection.between(int(cells[0]), int(cells[-1])))
    return solution.potential, solution.attempts[-1]


@pytest.mark.parametrize("precise", [False, True], ids=["single", "double"])
@pytest.mark.parametrize("name", HARD)
def test_a_hard_landscape_takes_at_most_forty_iterations_on_a_card(name, precise):
    solving = Solving(solvers=("gpu-multigrid",), precise_multigrid=precise)
    _, tried = across(HARD[name](1000), solving)
    assert tried.residual <= 1e-6
    assert tried.iterations <= 40


def test_a_card_and_the_processor_agree_and_two_runs_give_the_same_bytes():
    conductance = log_normal_with_barriers(1000)
    expected, _ = across(conductance, Solving(tolerance=1e-9, solvers=("multigrid",)))
    found, _ = across(conductance, ON_CARD)
    again, _ = across(conductance, ON_CARD)
    assert found.tobytes() == again.tobytes()
    found, expected = found - found[1, 1], expected - expected[1, 1]
    assert np.abs(found - expected)[1:-1, 1:-1].max() <= 1e-6 * np.abs(expected).max()


def test_everything_attached_and_all_maps_agree_with_the_processor():
    conductance = log_normal_with_barriers(400)
    links = Links(np.array([3, 900]), np.array([60_000, 910]), np.array([0.5, 2.0]))
    polygons = np.zeros((400, 400), int)
    polygons[30:136, 10:240] = 4
    places = Sites({1: np.array([0]), 2: np.arange(399, 60_000, 400), 3: np.array([159_999])})
    for stencil, joined in (
        (link_cells(conductance, links=links), polygons),
        (link_cells(conductance), None),
    ):
        found, expected = (
            pairwise(stencil, places, short_circuits=joined, solving=solving)
            for solving in (Solving(tolerance=1e-9, device="gpu"), Solving(tolerance=1e-9))
        )
        assert {tried.solver for tried in found.attempts} == {"gpu-multigrid"}
        np.testing.assert_allclose(found.resistance, expected.resistance, rtol=1e-6)
        np.testing.assert_allclose(found.cumulative, expected.cumulative, atol=1e-6)
        np.testing.assert_allclose(found.maximum, expected.maximum, atol=1e-6)


def test_links_made_on_the_card_are_those_of_the_processor_to_the_bit():
    conductance, device = log_normal_with_barriers(300), devices.open_card("float")
    for mean in ("conductance", "resistance"):
        found = device.to_host(weights_from_conductance(device, conductance, mean=mean))
        assert found.tobytes() == link_cells(conductance, mean=mean).weights.tobytes()


def test_a_card_uses_no_more_memory_than_was_estimated():
    device, size = devices.open_card("float"), 3000
    pool = device.xp.get_default_memory_pool()
    pool.free_all_blocks()
    before = pool.used_bytes()
    circuit = DeviceCircuit(device, link_cells(log_normal_with_barriers(size)).weights)
    active = np.zeros((size + 2, size + 2), np.uint8)
    active[1:-1, 1:-1] = 1
    ends = np.array([size + 3, size * (size + 2) + size])
    circuit.solve((ends, np.array([-1.0, 1.0])), active)
    assert pool.total_bytes() - before <= 1.3 * bytes_needed((size, size))
