"""Contours follow the cells and nest."""

import numpy as np
import pytest

from kulan.errors import InvalidGridError
from kulan.movement.contours import contours, outline
from kulan.movement.distributions import Distribution, PlaneFrame, frame_around


def _hill():
    x = np.arange(-20, 21.0)
    hill = np.exp(-(x[:, None] ** 2 + x[None, :] ** 2) / 50)
    return Distribution("range", hill / hill.sum(), PlaneFrame(0, 4100, 100, 100, 41, 41), "kde")


def test_a_contour_has_the_area_of_its_cells():
    use = _hill()
    for level, shape in contours(use, [0.5, 0.95]).items():
        assert shape.area == pytest.approx(use.area_m2(level))


def test_contours_nest():
    shapes = contours(_hill(), [0.5, 0.9, 0.95])
    assert shapes[0.95].covers(shapes[0.9])
    assert shapes[0.9].covers(shapes[0.5])


def test_north_is_up():
    top = np.array([[True], [False]])
    assert outline(top, PlaneFrame(0, 20, 10, 10, 2, 1)).bounds == (0, 10, 10, 20)


def test_frames_of_several_animals_fit_one_another():
    one = frame_around(np.array([3.0]), np.array([7.0]), pad_m=100, cell_m=50)
    other = frame_around(np.array([1234.0]), np.array([-999.0]), pad_m=70, cell_m=50)
    assert (one.west_m - other.west_m) % 50 == 0
    assert one.west_m <= -97 < one.west_m + 50


@pytest.mark.parametrize(("cell_m", "x"), [(0.0, [1.0]), (1e-6, [0.0, 1e6]), (10.0, [])])
def test_frames_that_cannot_be_are_refused(cell_m, x):
    with pytest.raises(InvalidGridError):
        frame_around(np.array(x), np.array(x), pad_m=1, cell_m=cell_m)
