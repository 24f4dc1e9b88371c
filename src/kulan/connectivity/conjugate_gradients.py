"""Conjugate gradients on the raster: the operator, the vector steps and the iteration."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kulan.connectivity.relaxation import KERNEL, Floats, _residual_row

