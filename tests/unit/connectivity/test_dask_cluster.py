"""A Dask cluster of two workers gives the same bytes as one process, and its workers may fail."""

import os
import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.attribution import attribute, connectivity_loss
from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.barriers.effect import barrier_effect
from kulan.connectivity.circuits.networks import network_of, network_pairwise
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import crossings_along, place_crossings
from kulan.connectivity.crossings.ranking import ensemble_gains
from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.accumulated_cost import CostSurface, accumulate_cost
from kulan.connectivity.least_cost.link_networks import link_patches
from kulan.connectivity.least_cost.site_costs import costs_in_memory
from kulan.connectivity.least_cost.stored_rasters import StoredArray
from kulan.connectivity.least_cost.tiles import TiledSurface, accumulate_cost_by_tiles
from kulan.connectivity.resistance.ensembles import summarise
from kulan.connectivity.scenarios import EachLandscape
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.random_signs import omnidirectional_random
from kulan.connectivity.windows.sources import WindowRule
from kulan.connectivity.workers import answers, n_workers
from kulan.errors import WorkerLostError

distributed = pytest.importorskip(
    "distributed", reason='no Dask here; install it with: pip install "kulan[cluster]"'
)

pytestmark = [
    pytest.mark.xdist_group("dask"),
    # Dask's own: sockets and loops that it leaves to the garbage collector when it ends
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SIDE = 60
LANDSCAPE = link_cells(log_normal_with_barriers(SIDE))
SITES = Sites(
    {
        1: np.array([700]),
        2: np.array([1400, 1401]),
        3: np.array([2100]),
        4: np.array([2800, 2860]),
        5: np.array([3500]),
    }
)
MULTIGRID = Solving(solvers=("multigrid",))


@pytest.fixture(scope="module")
def cluster():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dask's own, of its start
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=":0", processes=True
            ) as two_workers,
            distributed.Client(two_workers) as client,
        ):
            yield client


@pytest.fixture
def executor(cluster):
    return cluster.get_executor()


def railway(stencil, spacing: float = 20.0):
    rows, columns = stencil.shape
    line = gpd.GeoDataFrame(
        {"barrier_id": ["rail", "fence"], "segment_id": ["all", "all"]},
        geometry=[
            shapely.LineString([(0.01, at), (columns - 0.01, at)]) for at in (rows / 2, rows / 3)
        ],
    )
    cuts = cut_steps(line, Frame(rows, columns, 0, rows, 1, 1), np.array([0.05, 0.2]))
    table = crossings_along(line, spacing=spacing)
    return cuts, place_crossings(table, cuts, stencil, np.ones(len(table)))


def test_its_two_workers_are_two_processes_and_not_this_one(executor):
    # a task that waits keeps its worker, so that the other takes the next
    found = set(answers(process_after, [(0.2,)] * 4, executor))

    assert n_workers(executor) == 2
    assert len(found) == 2
    assert os.getpid() not in found


def process_after(seconds: float) -> int:
    import time  # noqa: PLC0415 - it runs in another process

    time.sleep(seconds)
    return os.getpid()


@pytest.mark.parametrize("mode", [pairwise, one_to_all, all_to_one])
def test_circuits_between_sites(mode, executor, tmp_path):
    here, there, told = [], [], []
    alone = mode(LANDSCAPE, SITES, solving=MULTIGRID, receive=here.append)
    spread = mode(
        LANDSCAPE,
        SITES,
        solving=MULTIGRID,
        receive=there.append,
        executor=executor,
        report=lambda *step: told.append(step),
        kept_in=tmp_path,
    )

    assert alone.resistance.tobytes() == spread.resistance.tobytes()
    assert alone.cumulative.tobytes() == spread.cumulative.tobytes()
    assert alone.maximum.tobytes() == spread.maximum.tobytes()
    assert alone.attempts == spread.attempts
    assert [one.voltage.tobytes() for one in here] == [one.voltage.tobytes() for one in there]
    assert told[-1][0] == told[-1][1]
    kept = sorted(tmp_path.iterdir())
    again = mode(LANDSCAPE, SITES, solving=MULTIGRID, receive=there.append, kept_in=tmp_path)
    assert again.cumulative.tobytes() == alone.cumulative.tobytes()
    assert sorted(tmp_path.iterdir()) == kept


def test_points_of_a_landscape_and_of_a_network(executor):
    points = Sites({site: cells[:1] for site, cells in SITES.cells.items()})
    alone = pairwise(LANDSCAPE, points, solving=MULTIGRID)
    spread = pairwise(LANDSCAPE, points, solving=MULTIGRID, executor=executor)
    ring = network_of(np.arange(9), np.r_[np.arange(1, 9), 0], np.linspace(1.0, 2.0, 9))

    assert alone.cumulative.tobytes() == spread.cumulative.tobytes()
    assert (
        network_pairwise(ring, [0, 3, 6]).link_current.tobytes()
        == network_pairwise(ring, [0, 3, 6], executor=executor).link_current.tobytes()
    )


def test_moving_windows_and_random_signs(executor):
    strengths = np.ones(LANDSCAPE.shape)
    windows = [
        omnidirectional_windows(LANDSCAPE, strengths, WindowRule(6, 5), executor=one)
        for one in (None, executor)
    ]
    draws = [
        omnidirectional_random(
            LANDSCAPE,
            strengths,
            radius_cells=6,
            rng=np.random.default_rng(1),
            n_draws=4,
            executor=one,
        )
        for one in (None, executor)
    ]

    assert windows[0].normalised.tobytes() == windows[1].normalised.tobytes()
    assert draws[0].normalised.tobytes() == draws[1].normalised.tobytes()
    assert draws[0].normalised_se.tobytes() == draws[1].normalised_se.tobytes()


def test_barriers_crossings_and_ensembles(executor):
    cuts, crossings = railway(LANDSCAPE)
    effects = [barrier_effect(LANDSCAPE, cuts, SITES, executor=one) for one in (None, executor)]
    loss = connectivity_loss(LANDSCAPE, cuts, SITES)
    shares = [attribute(loss, cuts.barriers, executor=one) for one in (None, executor)]
    gains = [
        CrossingGains(LANDSCAPE, cuts, crossings, SITES, executor=one) for one in (None, executor)
    ]
    members = [(LANDSCAPE, cuts, crossings), (link_cells(np.ones((SIDE, SIDE))), cuts, crossings)]
    ensembles = [ensemble_gains(members, SITES, executor=one) for one in (None, executor)]

    assert effects[0].current_change.tobytes() == effects[1].current_change.tobytes()
    assert effects[0].way_change.tobytes() == effects[1].way_change.tobytes()
    assert shares[0].shapley.tobytes() == shares[1].shapley.tobytes()
    assert gains[0].gain_of_each().tobytes() == gains[1].gain_of_each().tobytes()
    assert ensembles[0].tobytes() == ensembles[1].tobytes()


def current_of(contrast: float) -> np.ndarray:
    return pairwise(link_cells(log_normal_with_barriers(30) ** contrast), CORNERS).cumulative


CORNERS = Sites({1: np.array([0]), 2: np.array([899])})


def test_scenarios_of_a_landscape(executor):
    alone = summarise(EachLandscape(current_of, [1.0, 2.0, 3.0]))
    spread = summarise(EachLandscape(current_of, [1.0, 2.0, 3.0], executor))

    assert alone.n_members == spread.n_members == 3
    assert alone.mean.tobytes() == spread.mean.tobytes()
    assert alone.quantiles[0.5].tobytes() == spread.quantiles[0.5].tobytes()


def test_tiles_of_a_stored_raster_links_and_costs_of_patches(executor, tmp_path):
    resistance = log_normal_with_barriers(SIDE)
    patches = np.zeros(resistance.shape, int)
    patches[5, 5], patches[50, 12], patches[30, 55] = 1, 2, 3
    np.save(tmp_path / "resistance.npy", resistance)
    cost = np.empty(resistance.shape)
    stored = TiledSurface(StoredArray(tmp_path / "resistance.npy"))
    accumulate_cost_by_tiles(stored, patches, cost, tile=16, executor=executor)
    surface = CostSurface(resistance)
    links = [link_patches(surface, patches, pairs="all", executor=one) for one in (None, executor)]

    assert cost.tobytes() == accumulate_cost(surface, patches > 0).tobytes()
    assert links[0].links.equals(links[1].links)
    cells = {number: np.flatnonzero(patches == number) for number in (1, 2, 3)}
    for number, found in costs_in_memory(surface, cells, executor=executor).items():
        assert found.tobytes() == accumulate_cost(surface, patches == number).tobytes()


def test_what_is_no_longer_wanted_is_cancelled_and_the_cluster_goes_on(executor, tmp_path):
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one_to_all(LANDSCAPE, SITES, executor=executor, report=stop, kept_in=tmp_path)
    resumed = one_to_all(LANDSCAPE, SITES, executor=executor, kept_in=tmp_path)

    assert resumed.cumulative.tobytes() == one_to_all(LANDSCAPE, SITES).cumulative.tobytes()


def test_a_task_that_ends_every_worker_it_meets_is_told_with_a_remedy(executor):
    # the last test: the cluster needs its time to start other workers
    with pytest.raises(WorkerLostError, match="fewer workers"):
        list(answers(os._exit, [(1,)], executor))
