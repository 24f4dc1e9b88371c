"""Accumulated costs against other people's programs, on landscapes of chance."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.step_factors import step_factors
from kulan.connectivity.least_cost.surface import STEPS, CostSurface

LANDSCAPES = {
    "flat": lambda _rng, shape: np.ones(shape),
    "small whole numbers": lambda rng, shape: rng.integers(1, 6, shape).astype(float),
    "one to a million": lambda rng, shape: 10.0 ** rng.uniform(0, 6, shape),
    "log-normal": lambda rng, shape: np.exp(rng.normal(0, 1.5, shape)),
    "cheap roads": lambda rng, shape: np.where(rng.random(shape) < 0.05, 1.0, 1e4),
    "half NoData": lambda rng, shape: np.where(
        rng.random(shape) < 0.5, np.nan, rng.uniform(1, 9, shape)
    ),
}


def landscape(name, shape=(83, 61)):
    resistance = LANDSCAPES[name](np.random.default_rng(11), shape)
    resistance[40, 30] = 1.0
    return resistance


def by_scipy(surface, source):
    """Build the whole graph, step by step, and ask SciPy."""
    rows, columns = surface.shape
    start, end, cost = [], [], []
    for k, (down, right) in enumerate(STEPS[: surface.neighbours]):
        i, j = np.mgrid[:rows, :columns]
        a, b = i + down, j + right
        inside = (a >= 0) & (a < rows) & (b >= 0) & (b < columns)
        i, j, a, b = i[inside], j[inside], a[inside], b[inside]
        step = (surface.resistance[i, j] + surface.resistance[a, b]) / 2 * surface.step_lengths[k]
        if surface.factors is not None:
            kind = {(0, 1): "east", (1, 0): "south", (1, 1): "southeast", (1, -1): "southwest"}
            name = kind.get((abs(down), abs(right)) if down * right >= 0 else (1, -1))
            step = step * getattr(surface.factors, name)[np.minimum(i, a), np.minimum(j, b)]
        possible = np.isfinite(step)
        start.append((i * columns + j)[possible])
        end.append((a * columns + b)[possible])
        cost.append(step[possible])
    graph = coo_array(
        (np.concatenate(cost), (np.concatenate(start), np.concatenate(end))),
        shape=(rows * columns, rows * columns),
    ).tocsr()
    found = dijkstra(graph, indices=source[0] * columns + source[1]).reshape(rows, columns)
    found[np.isnan(surface.resistance)] = np.nan
    return found


@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize("name", LANDSCAPES)
def test_costs_are_those_of_scipy(name, neighbours):
    surface = CostSurface(landscape(name), neighbours=neighbours, cell_size=(2.0, 3.0))
    found = accumulate_cost(surface, [[40, 30]])
    np.testing.assert_allclose(found, by_scipy(surface, (40, 30)), rtol=1e-12)


@pytest.mark.parametrize("neighbours", [4, 8])
def test_costs_across_barriers_are_those_of_scipy(neighbours):
    rng = np.random.default_rng(5)
    resistance = landscape("log-normal")
    rows, columns = resistance.shape
    kinds = [1.0, 1.0, 1.0, 3.0, np.inf]
    factors = step_factors(
        rng.choice(kinds, (rows, columns - 1)), rng.choice(kinds, (rows - 1, columns))
    )
    surface = CostSurface(resistance, neighbours=neighbours, factors=factors)
    found = accumulate_cost(surface, [[40, 30]])
    np.testing.assert_allclose(found, by_scipy(surface, (40, 30)), rtol=1e-12)


@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize("name", LANDSCAPES)
def test_costs_are_those_of_scikit_image(name, neighbours):
    graph = pytest.importorskip("skimage.graph", reason="scikit-image is not installed")
    resistance = landscape(name)
    blocked = np.where(np.isnan(resistance), -1, resistance)
    theirs, _ = graph.MCP_Geometric(blocked, fully_connected=neighbours == 8).find_costs([(40, 30)])
    theirs[np.isnan(resistance)] = np.nan
    found = accumulate_cost(CostSurface(resistance, neighbours=neighbours), [[40, 30]])
    np.testing.assert_allclose(found, theirs, rtol=1e-12)
