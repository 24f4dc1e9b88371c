"""What a picture of a grid shows, pixel by pixel."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import category_tile, ramp_tile
from kulan.grids import Grid

GREEN, RED, FAINT = (0, 120, 60, 255), (200, 0, 0, 255), (0, 0, 255, 60)
CLEAR = 0
GREY = [(0.0, (0, 0, 0, 255)), (1.0, (255, 255, 255, 255))]
# the quarters of the world, west to east and north to south
QUARTERS = Grid(np.array([[1, 2], [3, 4]], dtype="uint8"), -180.0, 90.0, 180.0, 90.0)


def pixels(tile: bytes) -> np.ndarray:
    return np.array(Image.open(BytesIO(tile)).convert("RGBA"))


def test_each_quarter_of_the_world_has_its_colour():
    seen = pixels(category_tile(0, 0, 0, QUARTERS, {1: GREEN, 2: RED, 4: FAINT}))
    assert seen.shape == (256, 256, 4)
    assert tuple(seen[0, 0]) == tuple(seen[127, 127]) == GREEN
    assert tuple(seen[0, 128]) == tuple(seen[127, 255]) == RED
    assert tuple(seen[128, 128]) == FAINT
    assert seen[128:, :128, 3].max() == CLEAR


def test_latitudes_are_stretched_as_the_map_stretches_them():
    # 66.51 N lies half-way between the equator and the map's edge
    north = Grid(np.array([[1], [2]], dtype="uint8"), -180.0, 90.0, 360.0, 90 - 66.51326044)
    seen = pixels(category_tile(0, 0, 0, north, {1: GREEN, 2: RED}))
    assert tuple(seen[63, 0]) == GREEN
    assert tuple(seen[64, 0]) == RED


def test_nothing_is_drawn_outside_the_grid():
    # at zoom 3 a tile is 45 degrees wide: cells of a quarter of it, at its western edge
    grid = Grid(np.full((1, 1), 1, dtype="uint8"), 45.0, 50.0, 11.25, 5.0)
    seen = pixels(category_tile(3, 5, 2, grid, {1: GREEN}))[..., 3] > 0
    assert seen[:, :64].any(axis=0).all()
    assert not seen[:, 64:].any()


def test_a_tile_beside_the_grid_is_no_bytes():
    grid = Grid(np.ones((2, 2), dtype="uint8"), 60.0, 50.0, 1.0, 1.0)
    assert category_tile(3, 0, 0, grid, {1: GREEN}) == b""
    assert ramp_tile(3, 0, 0, grid, GREY) == b""


def test_categories_without_colour_and_cells_without_value_are_clear():
    grid = QUARTERS.with_values(QUARTERS.values, nodata=1)
    seen = pixels(category_tile(0, 0, 0, grid, {1: GREEN, 2: RED}))
    assert (seen[..., 3] > 0).sum() == 128 * 128


def test_a_grid_beyond_180_degrees_is_drawn_on_the_other_side():
    grid = Grid(np.array([[1, 2]], dtype="uint8"), 90.0, 90.0, 90.0, 180.0)
    seen = pixels(category_tile(0, 0, 0, grid, {1: GREEN, 2: RED}))
    assert tuple(seen[5, 200]) == GREEN
    assert tuple(seen[5, 10]) == RED
    assert seen[5, 100, 3] == CLEAR


def test_a_fine_screen_gets_twice_the_pixels():
    assert pixels(category_tile(0, 0, 0, QUARTERS, {1: GREEN}, size_px=512)).shape[:2] == (512, 512)


def test_colours_of_few_categories_are_few_bits():
    noise = np.random.default_rng(1).integers(0, 4, (180, 360)).astype("uint8")
    grid = Grid(noise, -180.0, 90.0, 1.0, 1.0)
    tile = category_tile(0, 0, 0, grid, {1: GREEN, 2: RED, 3: FAINT})
    bits, kind = tile[24], tile[25]
    assert (bits, kind) == (2, 3)  # PNG: two bits a pixel, of a palette
    assert len(tile) < 256 * 256 / 4 + 500


def test_negative_categories_have_their_colour():
    grid = Grid(np.array([[-1, 5]], dtype="int16"), -180.0, 90.0, 180.0, 180.0)
    seen = pixels(category_tile(0, 0, 0, grid, {5: GREEN, -1: RED}))
    assert tuple(seen[0, 0]) == RED
    assert tuple(seen[0, 255]) == GREEN


def test_a_ramp_is_grey_half_way():
    grid = Grid(np.array([[0.0, 0.5, 1.0, 2.0, np.nan, -9.0]]), -180.0, 90.0, 60.0, 180.0)
    seen = pixels(ramp_tile(0, 0, 0, grid, GREY))[0, [10, 60, 100, 140, 190, 240]]
    assert seen[:, 3].tolist() == [255, 255, 255, 255, CLEAR, 255]
    assert seen[[0, 2, 3, 5], 0].tolist() == [0, 255, 255, 0]
    assert 127 <= seen[1, 0] <= 128


def test_stops_that_lie_close_keep_their_colours():
    stops = [(0.0, GREEN), (0.001, RED), (1000.0, (255, 255, 255, 255))]
    grid = Grid(np.array([[0.0, 0.001]]), -180.0, 90.0, 180.0, 180.0)
    seen = pixels(ramp_tile(0, 0, 0, grid, stops))
    assert tuple(seen[0, 0]) == GREEN
    assert tuple(seen[0, 255]) == RED


def test_the_same_grid_gives_the_same_bytes():
    colours = {1: GREEN, 2: RED}
    assert category_tile(1, 0, 0, QUARTERS, colours) == category_tile(1, 0, 0, QUARTERS, colours)


def test_a_tile_that_does_not_exist_is_refused():
    with pytest.raises(UnknownNameError, match="There is no tile 1/2/0"):
        category_tile(1, 2, 0, QUARTERS, {})


@pytest.mark.parametrize("colour", [(0, 0, 0), (0, 0, 0, 256), (-1, 0, 0, 255)])
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(InvalidTableError, match="opacity"):
        category_tile(0, 0, 0, QUARTERS, {1: colour})


def test_too_many_colours_are_refused():
    with pytest.raises(InvalidTableError, match="256 colours"):
        category_tile(0, 0, 0, QUARTERS, dict.fromkeys(range(256), GREEN))


@pytest.mark.parametrize("stops", [GREY[:1], GREY[::-1]])
def test_stops_that_do_not_ascend_are_refused(stops):
    with pytest.raises(InvalidTableError, match="ascending"):
        ramp_tile(0, 0, 0, QUARTERS, stops)
