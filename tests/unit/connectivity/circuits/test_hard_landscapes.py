"""Landscapes that break solvers: all are solved, in few iterations."""

import numpy as np
import pytest

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.synthetic import HARD, log_normal_with_barriers

MULTIGRID = Solving(solvers=("multigrid",))


def solved_across(conductance: np.ndarray, solving: Solving = MULTIGRID, **linking):
    """Solve between two far cells of the largest part."""
    circuit = RasterCircuit(link_cells(conductance, **linking), solving=solving)
    largest = np.bincount(circuit.parts)[1:].argmax() + 1
    cells = np.flatnonzero(circuit.parts == largest)
    injection = Injection.between(int(cells[0]), int(cells[-1]))
    solution = circuit.solve(injection)
    potential = solution.potential
    resistance = circuit.at(potential, int(cells[-1])) - circuit.at(potential, int(cells[0]))
    return resistance, solution.attempts[-1]


@pytest.mark.parametrize("precise", [False, True], ids=["single", "double"])
@pytest.mark.parametrize("name", HARD)
def test_a_hard_landscape_takes_at_most_forty_iterations(name, precise):
    solving = Solving(solvers=("multigrid",), precise_multigrid=precise)
    _, tried = solved_across(HARD[name](300), solving)
    assert tried.residual <= 1e-6
    assert tried.iterations <= 40


@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize("mean", ["conductance", "resistance"])
@pytest.mark.parametrize("name", HARD)
def test_a_hard_landscape_gives_what_a_factorisation_gives(name, neighbours, mean):
    conductance, linking = HARD[name](120), {"neighbours": neighbours, "mean": mean}
    exact, _ = solved_across(conductance, Solving(solvers=("direct",)), **linking)
    found, tried = solved_across(conductance, **linking)
    assert found == pytest.approx(exact, rel=1e-6)
    assert tried.iterations <= 60


@pytest.mark.parametrize("size", [100, 200, 400, 800])
def test_a_landscape_with_barriers_takes_at_most_ten_iterations_at_any_size(size):
    _, tried = solved_across(log_normal_with_barriers(size))
    assert tried.iterations <= 10


@pytest.mark.parametrize("shape", [(3, 5000), (5000, 2), (97, 101), (64, 64), (1, 4000)])
def test_narrow_and_odd_rasters_are_solved(shape):
    conductance = np.random.default_rng(0).uniform(0.1, 10, shape)
    exact, _ = solved_across(conductance, Solving(solvers=("direct",)))
    found, _ = solved_across(conductance, Solving(tolerance=1e-8, solvers=("multigrid",)))
    assert found == pytest.approx(exact, rel=1e-6)


def test_units_do_not_matter_however_small():
    conductance = log_normal_with_barriers(150)
    one, tried = solved_across(conductance)
    tiny, tried_tiny = solved_across(conductance * 1e-40)
    assert tiny * 1e-40 == pytest.approx(one, rel=1e-6)
    assert tried_tiny.iterations == tried.iterations
