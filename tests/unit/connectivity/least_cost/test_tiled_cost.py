"""Costs by tiles are those in one piece, bit by bit, and stay on disk."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
import rasterio

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.link_networks import link_patches
from kulan.connectivity.least_cost.step_factors import step_factors
from kulan.connectivity.least_cost.stored_rasters import StoredArray, StoredBand
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiles import (
    TiledSurface,
    accumulate_cost_by_tiles,
    cut_factors,
)
from kulan.errors import InvalidFileError, InvalidGridError

SHAPE = (71, 94)


def rough(seed=2, nodata=0.15):
    rng = np.random.default_rng(seed)
    resistance = np.exp(rng.normal(0, 2, SHAPE))
    resistance[rng.random(SHAPE) < nodata] = np.nan
    resistance[35, 40] = resistance[0, 0] = 1.0
    return resistance


def sources():
    mask = np.zeros(SHAPE, dtype=bool)
    mask[35, 40] = mask[0, 0] = True
    return mask


def by_tiles(surface, where=None, **options):
    cost = np.empty(surface.shape)
    run = accumulate_cost_by_tiles(surface, sources() if where is None else where, cost, **options)
    return cost, run


@pytest.mark.parametrize("neighbours", [4, 8])
@pytest.mark.parametrize("tile", [2, 7, 16, 47, 94, 500])
def test_tiles_of_any_size_give_the_same_bits(tile, neighbours):
    resistance = rough()
    whole = accumulate_cost(CostSurface(resistance, neighbours=neighbours), sources())
    found, run = by_tiles(TiledSurface(resistance, neighbours=neighbours), tile=tile)
    assert found.tobytes() == whole.tobytes()
    assert run.tiles == -(-SHAPE[0] // tile) * -(-SHAPE[1] // tile)


@pytest.mark.parametrize("tile", [5, 30])
def test_barriers_between_cells_hold_across_tiles(tile):
    rng = np.random.default_rng(8)
    rows, columns = SHAPE
    kinds = [1.0, 1.0, 3.0, np.inf]
    factors = step_factors(
        rng.choice(kinds, (rows, columns - 1)), rng.choice(kinds, (rows - 1, columns))
    )
    resistance = rough(nodata=0.0)
    whole = accumulate_cost(
        CostSurface(resistance, cell_size=(2.0, 3.0), factors=factors), sources()
    )
    surface = TiledSurface(resistance, cell_size=(2.0, 3.0), factors=cut_factors(factors))
    found, _ = by_tiles(surface, tile=tile)
    assert found.tobytes() == whole.tobytes()


@pytest.mark.parametrize("keep_mb", [0, 0.05, 1])
@pytest.mark.parametrize("threads", [1, 3])
def test_tiles_kept_in_memory_or_read_again_give_the_same_bits(keep_mb, threads):
    resistance = rough()
    whole = accumulate_cost(CostSurface(resistance), sources())
    surface = TiledSurface(resistance)
    found, _ = by_tiles(surface, tile=10, keep_mb=keep_mb, threads=threads)
    assert found.tobytes() == whole.tobytes()


@pytest.mark.parametrize("threads", [2, 4])
def test_threads_give_the_same_bits(threads):
    resistance = rough()
    whole = accumulate_cost(CostSurface(resistance), sources())
    for _ in range(5):
        found, _ = by_tiles(TiledSurface(resistance), tile=10, threads=threads)
        assert found.tobytes() == whole.tobytes()


def test_a_way_that_winds_through_many_tiles_is_followed_to_its_end():
    # a serpentine: every other row is a wall with one gap, left and right in turn
    resistance = np.ones((41, 40))
    resistance[1::4, :-1] = np.nan
    resistance[3::4, 1:] = np.nan
    mask = np.zeros(resistance.shape, dtype=bool)
    mask[0, 0] = True
    found, _ = by_tiles(TiledSurface(resistance, neighbours=4), mask, tile=8)
    whole = accumulate_cost(CostSurface(resistance, neighbours=4), mask)
    assert found.tobytes() == whole.tobytes()
    assert found[40, 0] == 39 * 20 + 40


def test_rasters_on_disk_are_read_and_written_by_windows(tmp_path):
    resistance = rough().astype(np.float32)
    on_disk = np.memmap(tmp_path / "resistance", np.float32, "w+", shape=SHAPE)
    on_disk[:] = resistance
    cost = np.memmap(tmp_path / "cost", np.float64, "w+", shape=SHAPE)

    accumulate_cost_by_tiles(TiledSurface(on_disk), sources(), cost, tile=20)

    cost.flush()
    kept = np.fromfile(tmp_path / "cost").reshape(SHAPE)
    assert kept.tobytes() == accumulate_cost(CostSurface(resistance), sources()).tobytes()


class Counting:
    """A raster that remembers the largest window taken from it."""

    def __init__(self, cells):
        self.cells, self.shape, self.largest = cells, cells.shape, 0

    def __getitem__(self, window):
        part = self.cells[window]
        self.largest = max(self.largest, part.size)
        return part


def test_no_more_than_a_tile_and_its_border_is_read_at_once():
    counting = Counting(rough())
    by_tiles(TiledSurface(counting), tile=16)
    assert 16 * 16 < counting.largest <= 18 * 18


def test_nothing_is_followed_beyond_the_largest_cost():
    resistance = rough()
    whole = accumulate_cost(CostSurface(resistance), sources(), max_cost=9.0)
    found, run = by_tiles(TiledSurface(resistance), tile=10, max_cost=9.0)
    assert found.tobytes() == whole.tobytes()
    assert np.isinf(found).any()
    assert run.visits >= 2


def test_progress_is_told_after_every_visit():
    told = []
    _, run = by_tiles(TiledSurface(rough()), tile=30, progress=lambda *state: told.append(state))
    assert [visits for visits, _ in told] == list(range(1, run.visits + 1))
    assert told[-1][1] == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"tile": 1}, "2 rows and columns"),
        ({"max_cost": -1.0}, "max_cost"),
        ({"where": np.zeros((3, 3))}, "sources"),
        ({"where": np.zeros(SHAPE)}, "no cell given"),
        ({"where": np.ones(SHAPE)}, "lies in NoData"),
    ],
)
def test_settings_that_mean_nothing_are_refused(change, what):
    with pytest.raises(InvalidGridError, match=what):
        by_tiles(TiledSurface(rough()), **change)


def test_a_resistance_that_cannot_be_walked_is_named_by_its_place_in_the_whole():
    resistance = rough(nodata=0.0)
    resistance[60, 70] = 0.0
    with pytest.raises(InvalidGridError, match="row 60, column 70"):
        by_tiles(TiledSurface(resistance), tile=16)
    with pytest.raises(InvalidGridError, match="4 or 8"):
        by_tiles(TiledSurface(rough(), neighbours=5))


# --- computed elsewhere ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_processes():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def stored_array(folder, resistance):
    np.save(folder / "resistance.npy", resistance)
    return StoredArray(folder / "resistance.npy")


def stored_band(folder, resistance):
    rows, columns = resistance.shape
    with rasterio.open(
        folder / "resistance.tif",
        "w",
        driver="GTiff",
        width=columns,
        height=rows,
        count=2,
        dtype="float64",
        nodata=-1,
        crs="EPSG:6933",
        transform=rasterio.transform.from_origin(0, rows, 1, 1),
    ) as raster:
        raster.write(np.nan_to_num(resistance, nan=-1.0), 2)
    return StoredBand(folder / "resistance.tif", 2)


@pytest.mark.parametrize("stored", [stored_array, stored_band])
def test_other_processes_compute_tiles_of_a_stored_raster_to_the_same_bits(
    stored, tmp_path, two_processes
):
    resistance = rough()
    whole = accumulate_cost(CostSurface(resistance), sources())
    told = []
    found, run = by_tiles(
        TiledSurface(stored(tmp_path, resistance)),
        tile=30,
        executor=two_processes,
        progress=lambda *step: told.append(step),
    )

    assert found.tobytes() == whole.tobytes()
    assert run.tiles == 12
    assert run.visits >= 12
    assert told[-1] == (run.visits, 0)


def test_barriers_hold_across_tiles_of_other_processes(two_processes):
    rng = np.random.default_rng(8)
    rows, columns = SHAPE
    kinds = [1.0, 3.0, np.inf]
    factors = step_factors(
        rng.choice(kinds, (rows, columns - 1)), rng.choice(kinds, (rows - 1, columns))
    )
    resistance = rough(nodata=0.0)
    whole = accumulate_cost(CostSurface(resistance, factors=factors), sources(), max_cost=60.0)
    found, _ = by_tiles(
        TiledSurface(resistance, factors=cut_factors(factors)),
        tile=25,
        max_cost=60.0,
        executor=two_processes,
    )

    assert np.isinf(whole).any()
    assert found.tobytes() == whole.tobytes()


def test_who_watches_may_stop_tiles_computed_elsewhere():
    def stop(*_step):
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads, pytest.raises(KeyboardInterrupt):
        by_tiles(TiledSurface(rough()), tile=10, executor=threads, progress=stop)


@pytest.mark.parametrize("content", [b"saiga", b""], ids=["text", "empty"])
def test_a_file_that_is_no_raster_is_named(content, tmp_path):
    (tmp_path / "notes.npy").write_bytes(content)
    (tmp_path / "notes.tif").write_bytes(content)
    for stored in (StoredArray(tmp_path / "notes.npy"), StoredBand(tmp_path / "notes.tif")):
        with pytest.raises(InvalidFileError, match=stored.path.name):
            by_tiles(TiledSurface(stored))


def test_links_found_by_other_processes_are_the_same(two_processes):
    patches = np.zeros(SHAPE, int)
    for k, (row, column) in enumerate([(35, 40), (0, 0), (70, 93), (10, 80)], start=1):
        patches[row, column] = k
    surface, told = CostSurface(rough(nodata=0.0)), []
    here = link_patches(surface, patches, pairs="all")
    there = link_patches(
        surface,
        patches,
        pairs="all",
        executor=two_processes,
        report=lambda *step: told.append(step),
    )

    assert here.links.equals(there.links)
    assert len(here.links) == 6
    assert told == [(1, 3), (2, 3), (3, 3)]
    for one, other in zip(here.paths, there.paths, strict=True):
        assert one.cells.tolist() == other.cells.tolist()
