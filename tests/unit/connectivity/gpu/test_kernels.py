"""The kernels of the card, run on the processor: what each computes, in whatever order."""

import shutil
import subprocess

import numpy as np
import pytest

from card_on_host import HostDevice
from kulan.connectivity.circuits.coarsening import galerkin_weights, interpolation_shares
from kulan.connectivity.circuits.flows import largest_link_current
from kulan.connectivity.circuits.pair_maps import accumulate_pairs
from kulan.connectivity.circuits.raster_circuit import RasterCircuit
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.gpu import hierarchy
from kulan.connectivity.gpu.devices import definitions, source
from kulan.connectivity.gpu.hierarchy import build_hierarchy
from kulan.connectivity.gpu.maps import accumulate_maps
from kulan.connectivity.gpu.solver import (
    Attached,
    DeviceCircuit,
    bytes_needed,
    weights_from_conductance,
)
from kulan.connectivity.synthetic import highways, random_nodata

SHAPES = [(70, 97), (64, 64), (1, 200), (33, 2)]


def landscape(shape, seed=0):
    rng = np.random.default_rng(seed)
    cells = 10 ** rng.uniform(-2, 2, shape)
    cells[rng.random(shape) < 0.1] = 0.0
    return cells


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize("mean", ["conductance", "resistance"])
def test_links_are_those_of_the_processor_to_the_bit(libraries, shape, neighbours, mean):
    cells = landscape(shape)
    device = HostDevice(libraries["float"])
    found = weights_from_conductance(device, cells, neighbours=neighbours, mean=mean)
    expected = link_cells(cells, neighbours=neighbours, mean=mean).weights
    assert found.tobytes() == expected.tobytes()


def grids(device, shape, *, grounded):
    """Build a hierarchy on filled random conductances."""
    weights = link_cells(np.maximum(landscape(shape), 1e-5)).weights
    shift = np.zeros((1, 1))
    if grounded:
        shift = np.zeros((shape[0] + 2, shape[1] + 2))
        shift[1:-1, 1:-1] = np.random.default_rng(1).random(shape) ** 8
    work = np.zeros((shape[0] + 2, shape[1] + 2)), np.zeros((shape[0] + 2, shape[1] + 2))
    built = build_hierarchy(device, shape, weights, shift, work)
    assert not work[0].any()
    assert not work[1].any()
    return built


@pytest.mark.parametrize("grounded", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_coarse_grids_are_those_of_the_processor(libraries, monkeypatch, shape, grounded):
    monkeypatch.setattr(hierarchy, "DENSE_CELLS", 30)
    fine, coarse = grids(
        HostDevice(libraries["double"], "double"), shape, grounded=grounded
    ).levels[:2]
    shares = np.zeros_like(fine.shares)
    interpolation_shares(fine.weights, fine.shift, shares)
    np.testing.assert_allclose(fine.shares, shares, rtol=1e-12, atol=1e-15)
    weights = np.zeros_like(coarse.weights)
    galerkin_weights(fine.weights, fine.shift, shares, weights)
    scale = np.abs(weights).max()
    np.testing.assert_allclose(coarse.weights, weights, rtol=1e-9, atol=1e-12 * scale)


@pytest.mark.parametrize("stored", ["float", "double"])
@pytest.mark.parametrize("grounded", [False, True])
def test_the_preconditioner_is_symmetric_and_positive(libraries, monkeypatch, stored, grounded):
    monkeypatch.setattr(hierarchy, "DENSE_CELLS", 30)
    device = HostDevice(libraries[stored], stored)
    shape = 70, 97
    weights = link_cells(np.maximum(landscape(shape), 1e-3)).weights.astype(
        np.float32 if stored == "float" else np.float64
    )
    shift = np.zeros((1, 1), weights.dtype)
    if grounded:
        shift = np.zeros((72, 99), weights.dtype)
        shift[30, 40] = 1.0
    built = build_hierarchy(device, shape, weights, shift, (np.zeros((72, 99)), np.zeros((72, 99))))
    assert len(built.levels) > hierarchy.TWICE_AFTER_FIRST
    rng = np.random.default_rng(0)
    u, v = np.zeros((2, 72, 99))
    for grid in (u, v):
        grid[1:-1, 1:-1] = rng.standard_normal(shape)
        grid[1:-1, 1:-1] -= grid[1:-1, 1:-1].mean()
    mu, mv, scratch = np.zeros((3, 72, 99))
    product = np.zeros(12)
    built.apply(v, mv, scratch, product)
    built.apply(u, mu, scratch, product)
    assert product.sum() == pytest.approx(np.vdot(u, mu))
    assert np.vdot(u, mu) > 0
    assert abs(np.vdot(v, mu) - np.vdot(u, mv)) < 1e-9 * np.sqrt(np.vdot(u, mu) * np.vdot(v, mv))


def solved(device, conductance):
    """Solve with everything attached: groups of several stretches, links, grounds, held cells."""
    rows, columns = conductance.shape
    stencil = link_cells(conductance)
    merged = np.zeros(conductance.shape, int)
    merged[2:20, 2:20] = 1
    merged[30, 40:50] = 2
    ground = np.zeros(conductance.shape)
    ground[50, 5:60] = 1e-3
    ground[rows - 1, columns - 1] = np.inf
    circuit = RasterCircuit(stencil, merged, ground)
    starts, cells = circuit._groups
    number = circuit.ringed_number(np.array([5 * columns + 60, 60 * columns + 9]))
    active = circuit._ringed((circuit.parts == circuit.parts[0]) & ~circuit._held)
    attached = Attached(
        starts,
        cells,
        number[:1],
        number[1:],
        np.array([2.0]),
        circuit._finite_ground,
        circuit._held.reshape(conductance.shape),
    )
    one = DeviceCircuit(device, stencil.weights, attached)
    entering = circuit.ringed_number(np.array([0, 33 * columns + 33])), np.array([1.0, -0.25])
    return one.solve(entering, active.astype(np.uint8), tolerance=1e-10)


def test_neither_the_number_of_threads_nor_their_order_matters(libraries, monkeypatch):
    monkeypatch.setattr("kulan.connectivity.gpu.solver._STRETCH", 100)
    monkeypatch.setattr(hierarchy, "DENSE_CELLS", 100)
    conductance = landscape((70, 97)) + 1e-3
    library = libraries["float"]
    one, _, _ = solved(HostDevice(library, threads=1), conductance)
    forth, steps, _ = solved(HostDevice(library, threads=8), conductance)
    back, steps_back, _ = solved(HostDevice(library, threads=8, reverse=True), conductance)
    assert forth.tobytes() == back.tobytes()  # the same sums are formed, in whatever order
    assert steps == steps_back
    np.testing.assert_allclose(forth, one, atol=1e-8 * np.abs(one).max())


@pytest.mark.parametrize("free", [10**9, 200_000], ids=["one band", "many bands"])
def test_current_maps_are_those_of_the_processor(libraries, free):
    rng = np.random.default_rng(0)
    circuit = RasterCircuit(link_cells(landscape((50, 71))))
    grids = [np.zeros((52, 73)) for _ in range(3)]
    for grid in grids[1:]:
        grid[1:-1, 1:-1] = rng.random((50, 71))
    ends = [(2, grids[0]), (1000, grids[1]), (3549, grids[2])]
    pairs = [(ends[0], ends[1]), (ends[0], ends[2]), (ends[1], ends[2])]
    device = HostDevice(libraries["float"])
    device.free = free
    for below in (0.0, 0.1):
        expected, found = np.full((2, 50, 71), 0.3), np.full((2, 50, 71), 0.3)
        accumulate_pairs(circuit, pairs, tuple(expected), drop_below=below)
        cutoffs = [
            below * largest_link_current(circuit.stencil.weights, low[1], high[1])
            for low, high in pairs
        ]
        device.launched.clear()
        accumulate_maps(
            device,
            circuit.stencil.weights,
            grids,
            np.array([[0, 1], [0, 2], [1, 2]]),
            np.array(cutoffs),
            circuit.ringed_number(np.array([[2, 1000], [2, 3549], [1000, 3549]])),
            tuple(found),
        )
        assert (len(device.launched) > 3) == (free < 10**9)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("conductance", [highways(300), random_nodata(1000)], ids=["gaps", "sieve"])
def test_tiles_do_not_overshoot_along_negative_conductances(libraries, conductance):
    """Coarse grids of these have some; without restraint at their rims, tiles run away there."""
    device = HostDevice(libraries["float"])
    circuit = RasterCircuit(link_cells(conductance))
    largest = np.bincount(circuit.parts)[1:].argmax() + 1
    cells = np.flatnonzero(circuit.parts == largest)
    active = circuit._ringed(circuit.parts == largest).astype(np.uint8)
    one = DeviceCircuit(device, circuit.stencil.weights)
    places = circuit.ringed_number(cells[[0, -1]])
    _, iterations, residual = one.solve((places, np.array([-1.0, 1.0])), active)
    assert residual <= 1e-6
    assert iterations <= 30


@pytest.mark.parametrize("stored", ["float", "double"])
@pytest.mark.parametrize("extras", [False, True])
def test_no_more_memory_is_taken_than_was_estimated(libraries, stored, extras):
    device, shape = HostDevice(libraries[stored], stored), (600, 700)
    conductance = np.ones(shape)
    attached = Attached()
    if extras:
        ringed = np.arange(702 + 1, 702 + 501)
        attached = Attached(
            np.array([0, 500]), ringed, ground=np.zeros((602, 702)), held=np.zeros(shape, bool)
        )
    circuit = DeviceCircuit(device, link_cells(conductance).weights, attached)
    vectors = 2 * circuit._p.nbytes + circuit._p.size  # x, r and which cells are active
    taken = vectors + sum(array.nbytes for array in arrays_of(circuit))
    estimate = bytes_needed(shape, double=stored == "double", grounded=extras, merged=extras)
    assert 0.9 * taken <= estimate <= 1.25 * taken


def arrays_of(circuit):
    """Every array of a circuit, each once."""
    found = {id(one): one for one in vars(circuit).values() if isinstance(one, np.ndarray)}
    for level in circuit._hierarchy.levels:
        found |= {id(one): one for one in vars(level).values() if isinstance(one, np.ndarray)}
    for part in (circuit._groups, circuit._links):
        found |= {} if part is None else {id(one): one for one in vars(part).values()}
    return found.values()


@pytest.mark.parametrize("stored", ["float", "double"])
@pytest.mark.parametrize("card", ["sm_80", "sm_90"])
def test_the_kernels_are_valid_cuda(tmp_path, stored, card):
    nvcc = shutil.which("nvcc")
    if nvcc is None:
        pytest.skip("there is no CUDA compiler (nvcc), which would check the kernels")
    program = tmp_path / "kernels.cu"
    program.write_text(source(), encoding="utf-8")
    command = [nvcc, "-ptx", f"-arch={card}", "-Werror", "all-warnings", *definitions(stored)]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "kernels.ptx"), str(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ".entry correct_and_relax" in (tmp_path / "kernels.ptx").read_text()
