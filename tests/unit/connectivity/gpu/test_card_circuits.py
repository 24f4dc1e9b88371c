"""Circuits solved by the card's code, which the processor runs: every way to ask for them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, link_cells
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import place_crossings
from kulan.connectivity.frames import Frame
from kulan.connectivity.gpu import devices, hierarchy
from kulan.connectivity.synthetic import HARD, lakes, log_normal_with_barriers
from kulan.errors import MissingExtraError, NotSolvedError

DIRECT = Solving(solvers=("direct",))
ON_CARD = Solving(tolerance=1e-9, solvers=("gpu-multigrid",))


pytestmark = pytest.mark.usefixtures("card")


@pytest.fixture(autouse=True)
def _several_grids(monkeypatch):
    monkeypatch.setattr(hierarchy, "DENSE_CELLS", 60)


def across(conductance, solving, **linking):
    """Solve between two far cells of the largest part."""
    circuit = RasterCircuit(link_cells(conductance, **linking), solving=solving)
    largest = np.bincount(circuit.parts)[1:].argmax() + 1
    cells = np.flatnonzero(circuit.parts == largest)
    solution = circuit.solve(Injection.between(int(cells[0]), int(cells[-1])))
    ends = [circuit.at(solution.potential, int(cells[end])) for end in (0, -1)]
    return ends[1] - ends[0], solution.attempts[-1]


def sites(*cells) -> Sites:
    return Sites({k + 1: np.atleast_1d(cell) for k, cell in enumerate(cells)})


def agree(found, exact, *maps):
    for name in maps:
        one, other = getattr(found, name), getattr(exact, name)
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7 * np.abs(other).max())


# --- the hard suite -------------------------------------------------------------------------------


@pytest.mark.parametrize("precise", [False, True], ids=["single", "double"])
@pytest.mark.parametrize("name", HARD)
def test_a_hard_landscape_takes_at_most_forty_iterations(name, precise):
    solving = Solving(solvers=("gpu-multigrid",), precise_multigrid=precise)
    _, tried = across(HARD[name](300), solving)
    assert tried.residual <= 1e-6
    assert tried.iterations <= 40


@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize("mean", ["conductance", "resistance"])
@pytest.mark.parametrize("name", HARD)
def test_a_hard_landscape_gives_what_a_factorisation_gives(name, neighbours, mean):
    conductance, linking = HARD[name](120), {"neighbours": neighbours, "mean": mean}
    exact, _ = across(conductance, DIRECT, **linking)
    found, tried = across(conductance, Solving(solvers=("gpu-multigrid",)), **linking)
    assert found == pytest.approx(exact, rel=1e-6)
    assert tried.iterations <= 40


@pytest.mark.parametrize("size", [100, 200, 400, 800])
def test_a_landscape_with_barriers_takes_at_most_ten_iterations_at_any_size(size):
    _, tried = across(log_normal_with_barriers(size), Solving(solvers=("gpu-multigrid",)))
    assert tried.iterations <= 10


@pytest.mark.parametrize("shape", [(3, 5000), (5000, 2), (97, 101), (64, 64), (1, 4000), (2, 2)])
def test_narrow_and_odd_rasters_are_solved(shape):
    conductance = np.random.default_rng(0).uniform(0.1, 10, shape)
    exact, _ = across(conductance, DIRECT)
    found, _ = across(conductance, ON_CARD)
    assert found == pytest.approx(exact, rel=1e-7)


def test_units_do_not_matter_however_small():
    conductance = log_normal_with_barriers(150)
    one, tried = across(conductance, ON_CARD)
    tiny, tried_tiny = across(conductance * 1e-40, ON_CARD)
    assert tiny * 1e-40 == pytest.approx(one, rel=1e-6)
    assert tried_tiny.iterations == tried.iterations


# --- all that can be attached, and every analysis -------------------------------------------------


def test_pairs_with_regions_polygons_and_links_agree_with_a_factorisation():
    conductance = lakes(80, share=0.2)
    links = Links(np.array([3, 900]), np.array([6000, 910]), np.array([0.5, 2.0]))
    polygons = np.zeros((80, 80), int)
    polygons[30:36, 10:40] = 4
    polygons[60, 60:70] = 9
    free = np.flatnonzero(link_cells(conductance).valid)
    places = sites(free[5], free[-7], free[1000:1010], free[2500])
    for stencil in (link_cells(conductance), link_cells(conductance, links=links)):
        found, exact = (
            pairwise(stencil, places, short_circuits=polygons, solving=solving)
            for solving in (ON_CARD, DIRECT)
        )
        assert found.failures == ()
        assert {tried.solver for tried in found.attempts} == {"gpu-multigrid"}
        agree(found, exact, "resistance", "cumulative", "maximum")


@pytest.mark.parametrize("analysis", [one_to_all, all_to_one])
def test_one_to_all_and_all_to_one_agree_with_a_factorisation(analysis):
    stencil = link_cells(log_normal_with_barriers(60))
    places = sites(0, 59, [1800, 1801], 3599)
    found, exact = (analysis(stencil, places, solving=solving) for solving in (ON_CARD, DIRECT))
    agree(found, exact, "cumulative", "maximum")


def test_sources_and_grounds_agree_with_a_factorisation():
    conductance = lakes(70, share=0.1)
    stencil = link_cells(conductance)
    rng = np.random.default_rng(0)
    sources, ground = np.where(rng.random((70, 70)) < 0.01, 1.0, 0.0), np.zeros((70, 70))
    ground[0, :] = 1e-3
    ground[69, 60:] = np.inf
    polygons = np.zeros((70, 70), int)
    polygons[68:, 55:62] = 3  # reaches a held cell
    found, exact = (
        advanced(stencil, sources, ground, short_circuits=polygons, solving=solving)
        for solving in (ON_CARD, DIRECT)
    )
    assert found.attempts[-1].solver == "gpu-multigrid"
    agree(found, exact, "voltage", "current")


def test_gains_of_crossings_agree_with_a_factorisation():
    frame = Frame(40, 40, 0, 40, 1, 1)
    line = shapely.LineString([(20, -1), (20, 41)])
    lines = gpd.GeoDataFrame({"barrier_id": ["rail"], "segment_id": ["all"]}, geometry=[line])
    stencil = link_cells(log_normal_with_barriers(40))
    cuts = cut_steps(lines, frame, np.array([0.0]))
    over = gpd.GeoDataFrame(
        {"crossing_id": ["a", "b"], "barrier_ids": [("rail",)] * 2, "cost": [1.0, 2.0]},
        geometry=[shapely.Point(20, 10.5), shapely.Point(20, 30.5)],
    )
    placed = place_crossings(over, cuts, stencil, np.ones(2))
    found, exact = (
        CrossingGains(stencil, cuts, placed, sites(0, 39, 1599), solving=solving).gain_of_each()
        for solving in (ON_CARD, DIRECT)
    )
    np.testing.assert_allclose(found, exact, rtol=1e-6)


def test_what_a_site_feels_of_another_is_mutual():
    circuit = RasterCircuit(link_cells(log_normal_with_barriers(60)), solving=ON_CARD)
    places = [(0, 3599), (59, 1830)]
    one, other = (circuit.solve(Injection.between(*ends)).potential for ends in places)
    felt = circuit.at(one, 1830) - circuit.at(one, 59)
    returned = circuit.at(other, 3599) - circuit.at(other, 0)
    assert felt == pytest.approx(returned, rel=1e-7)


def test_threads_that_share_a_card_get_the_same_bytes():
    stencil, places = link_cells(log_normal_with_barriers(60)), sites(0, 59, 1830, 3540, 3599)
    alone = pairwise(stencil, places, solving=ON_CARD)
    with ThreadPoolExecutor(3) as executor:
        together = pairwise(stencil, places, solving=ON_CARD, executor=executor)
    assert alone.resistance.tobytes() == together.resistance.tobytes()
    assert alone.cumulative.tobytes() == together.cumulative.tobytes()


def test_maps_of_all_pairs_are_summed_on_the_card(card):
    stencil, places = link_cells(log_normal_with_barriers(150)), sites(0, 149, 11_111, 22_499)
    solving = Solving(tolerance=1e-9, device="gpu")
    found = pairwise(stencil, places, solving=solving)
    assert card["float"].launched.count("accumulate_pair") == 6
    expected = pairwise(stencil, places, solving=Solving(tolerance=1e-9))
    agree(found, expected, "resistance", "cumulative", "maximum")


# --- asking for a card ----------------------------------------------------------------------------


def test_a_card_comes_before_the_processor_and_small_rasters_are_factorised():
    asked = Solving(device="gpu")
    assert asked.order(100_000, raster=True) == ("gpu-multigrid", "multigrid", "pyamg", "direct")
    assert asked.order(100, raster=True) == ("direct", "gpu-multigrid", "multigrid")
    assert asked.order(100_000, raster=False) == ("pyamg", "direct")
    named = Solving(device="gpu", solvers=("pyamg", "multigrid"))
    assert named.order(9, raster=True) == ("pyamg", "gpu-multigrid", "multigrid")
    own = Solving(device="gpu", solvers=("multigrid", "gpu-multigrid"))
    assert own.order(9, raster=True) == ("multigrid", "gpu-multigrid")


@pytest.mark.parametrize("precise", [False, True])
def test_the_device_solves_what_the_processor_would(card, precise):
    conductance = log_normal_with_barriers(150)
    solving = Solving(device="gpu", precise_multigrid=precise)
    found, tried = across(conductance, solving)
    assert tried.solver == "gpu-multigrid"
    assert card["double" if precise else "float"].launched
    assert not card["float" if precise else "double"].launched
    assert found == pytest.approx(across(conductance, Solving())[0], rel=1e-9)


def test_preparing_builds_the_grids_of_the_card(card):
    circuit = RasterCircuit(
        link_cells(log_normal_with_barriers(150)), solving=Solving(device="gpu")
    )
    circuit.prepare()
    assert "coarse_links" in card["float"].launched
    assert "_multigrid" not in vars(circuit)


def test_a_card_without_room_is_told_and_the_processor_solves(card):
    card["float"].free = 10**6
    circuit = RasterCircuit(
        link_cells(log_normal_with_barriers(150)), solving=Solving(device="gpu")
    )
    failed, solved = circuit.solve(Injection.between(0, 22_499)).attempts
    assert failed.solver == "gpu-multigrid"
    assert "150 x 150 cells need" in failed.problem
    assert (solved.solver, solved.problem) == ("multigrid", "")


def test_a_card_that_fails_is_told_and_the_processor_solves(card, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("cudaErrorECCUncorrectable")

    monkeypatch.setattr(card["float"], "launch", fail)
    _, tried = across(log_normal_with_barriers(150), Solving(device="gpu"))
    assert tried.solver == "multigrid"


def without_cupy(monkeypatch):
    monkeypatch.setattr(devices, "open_card", OPEN_CARD)
    monkeypatch.setitem(sys.modules, "cupy", None)


def cupy_with(monkeypatch, count, raw_module=None, **others):
    """Put a stand-in for CuPy in place, with what the solver uses of it."""
    monkeypatch.setattr(devices, "open_card", OPEN_CARD.__wrapped__)
    runtime = SimpleNamespace(
        getDeviceCount=count, CUDARuntimeError=CudaError, memGetInfo=lambda: (10**9, 10**10)
    )
    compiler = SimpleNamespace(CompileException=CompileError)
    cuda = SimpleNamespace(runtime=runtime, compiler=compiler)
    cupy = SimpleNamespace(cuda=cuda, RawModule=raw_module, **others)
    monkeypatch.setitem(sys.modules, "cupy", cupy)


class CompileError(Exception):
    pass


class CudaError(RuntimeError):
    pass


def refuse():
    raise CudaError("cudaErrorInsufficientDriver")


OPEN_CARD = devices.open_card


@pytest.mark.parametrize("size", [10, 150], ids=["small", "large"])
def test_without_cupy_a_wish_for_a_card_is_refused_whatever_the_size(monkeypatch, size):
    without_cupy(monkeypatch)
    with pytest.raises(MissingExtraError, match=r'pip install "kulan\[gpu\]"'):
        across(log_normal_with_barriers(size), Solving(device="gpu"))


@pytest.mark.parametrize(
    ("count", "told"), [(refuse, "cudaErrorInsufficientDriver"), (lambda: 0, "CUDA counts none")]
)
def test_without_a_card_a_wish_for_one_is_refused(monkeypatch, count, told):
    cupy_with(monkeypatch, count)
    with pytest.raises(MissingExtraError, match=f"no NVIDIA card was found.*{told}"):
        across(log_normal_with_barriers(10), Solving(device="gpu"))


def test_a_card_for_which_the_kernels_do_not_compile_is_refused(monkeypatch):
    def compile_them():
        raise CompileError("unsupported architecture")

    cupy_with(monkeypatch, lambda: 1, lambda **_options: SimpleNamespace(compile=compile_them))
    with pytest.raises(MissingExtraError, match=r"do not compile.*unsupported architecture"):
        across(log_normal_with_barriers(10), Solving(device="gpu"))


def test_cupy_is_given_every_number_in_the_width_that_the_kernels_read(card, monkeypatch):
    """CuPy passes a Python number in a width of its own choice; a kernel would read rubbish."""
    shapes = set()

    class RawModule:
        def __init__(self, code, options, backend):
            assert "KERNEL correct_and_relax" in code
            assert "-DSTORED=float" in options
            assert backend == "nvrtc"

        def compile(self):
            pass

        def get_function(self, name):
            def start(grid, block, arguments):
                shapes.add((len(grid), block))
                assert all(type(one) in (np.ndarray, np.int64, np.float64) for one in arguments)
                card["float"].launch(name, grid[0], *arguments)

            return start

    arrays = {name: getattr(np, name) for name in ("zeros", "asarray", "zeros_like", "maximum")}
    cupy_with(
        monkeypatch,
        lambda: 1,
        RawModule,
        asnumpy=np.array,
        get_default_memory_pool=lambda: SimpleNamespace(free_bytes=lambda: 0),
        **arrays,
    )
    conductance = log_normal_with_barriers(150)
    found, tried = across(conductance, Solving(device="gpu"))
    assert tried.solver == "gpu-multigrid"
    assert shapes == {(1, (devices.THREADS,))}
    assert found == pytest.approx(across(conductance, Solving())[0], rel=1e-9)


def test_a_run_over_pairs_ends_when_the_card_asked_for_is_missing(monkeypatch):
    without_cupy(monkeypatch)
    with pytest.raises(MissingExtraError, match="CuPy"):
        pairwise(link_cells(np.ones((9, 9))), sites(0, 40, 80), solving=Solving(device="gpu"))


def test_solvers_that_one_names_are_tried_in_turn_and_told(monkeypatch):
    without_cupy(monkeypatch)
    conductance = log_normal_with_barriers(40)
    circuit = RasterCircuit(
        link_cells(conductance), solving=Solving(solvers=("gpu-multigrid", "multigrid"))
    )
    first, second = circuit.solve(Injection.between(0, 1599)).attempts
    assert first.solver == "gpu-multigrid"
    assert "CuPy cannot be loaded" in first.problem
    assert second.solver == "multigrid"
    alone = RasterCircuit(link_cells(conductance), solving=Solving(solvers=("gpu-multigrid",)))
    with pytest.raises(NotSolvedError, match="CuPy cannot be loaded"):
        alone.solve(Injection.between(0, 1599))


def test_nobody_loads_cupy_who_does_not_ask_for_a_card(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.setattr(devices, "open_card", OPEN_CARD)
    assert across(log_normal_with_barriers(150), Solving())[1].solver == "multigrid"


def test_nothing_entering_needs_no_step():
    circuit = RasterCircuit(link_cells(np.ones((9, 9))), solving=ON_CARD)
    nothing = Injection(np.array([4]), np.array([0.0]))
    solution = circuit.solve(nothing)
    assert not solution.potential.any()
    assert solution.attempts[-1].iterations == 0
