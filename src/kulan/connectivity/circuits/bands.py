"""A small grid solved without iteration: its equations factorised in a band.

The cells of a grid numbered along its shorter side are linked only with cells whose number differs
by little more than that side, and the factors stay within this band (George & Liu 1981).

References
----------
George, A. & Liu, J. W. (1981). Computer solution of large sparse positive definite systems.
Prentice-Hall, Englewood Cliffs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.kernels import Floats, kernel


@dataclass(frozen=True)
class BandFactors:
    """Factors of the equations of a grid; make them with `factorise_grid`.

    Attributes
    ----------
    rows_of_band
        Row by row, the lower factor within the band; its diagonal, of ones, is left out.
    inverse_pivots
        One over the diagonal of the middle factor.
    transposed
        Whether cells are numbered down the columns.
    """

    rows_of_band: NDArray[np.float64]
    inverse_pivots: NDArray[np.float64]
    transposed: bool

    def solve(self, injection: Floats, potential: Floats, grounded: bool) -> float:
        """Write into `potential` what balances `injection`, and return their product.

        Both are grids with a ring. Where nothing is `grounded` the potentials have a mean of
        zero.
        """
        b, x = (injection.T, potential.T) if self.transposed else (injection, potential)
        return float(_solve(self.rows_of_band, self.inverse_pivots, b, x, grounded))


def factorise_grid(weights: NDArray[np.floating], diagonal: NDArray[np.floating]) -> BandFactors:
    """Factorise the nodal equations of a grid.

    Parameters
    ----------
    weights
        Conductances to the east, south, south-east and south-west, with a ring of zeros.
    diagonal
        Sum of each cell's conductances and of its ground, with a ring.
    """
    rows, columns = diagonal.shape[0] - 2, diagonal.shape[1] - 2
    transposed = columns > rows
    side = min(rows, columns)
    band = np.zeros((rows * columns, side + 1))
    pivots = np.zeros(rows * columns)
    _lay_out(weights, diagonal, transposed, band, pivots)
    _factorise(band, pivots)
    return BandFactors(band, pivots, transposed)


@kernel
def _lay_out(
    weights: Floats, diagonal: Floats, transposed: bool, band: Floats, pivots: Floats
) -> None:
    """Write the equations into the band: of each cell, the entries with smaller numbers."""
    rows, columns = diagonal.shape[0] - 2, diagonal.shape[1] - 2
    width = band.shape[1]
    down, right = (1, rows) if transposed else (columns, 1)
    for i in range(rows):
        for j in range(columns):
            here = i * down + j * right
            pivots[here] = diagonal[i + 1, j + 1]
            for k in range(4):
                below = i + 1 if k > 0 else i
                beside = j + (1 if k in (0, 2) else (-1 if k == 3 else 0))
                if below < rows and 0 <= beside < columns:
                    other = below * down + beside * right
                    low, high = min(here, other), max(here, other)
                    band[high, width - (high - low)] -= weights[i + 1, k, j + 1]


@kernel
def _factorise(band: Floats, pivots: Floats) -> None:
    """Replace the band by the lower factor, and the diagonal by one over the pivots."""
    n, width = band.shape
    for i in range(n):
        row = band[i]
        first = max(0, i - width)
        for j in range(first, i):
            # entry (i, j) stands at j - i + width; what both rows have before column j overlaps
            start = max(first, j - width)
            length = j - start
            mine, other = start - i + width, start - j + width
            total = 0.0
            for k in range(length):
                total += row[mine + k] * band[j, other + k]
            row[j - i + width] -= total
        pivot = pivots[i]
        for j in range(first, i):
            at = j - i + width
            scaled = row[at] * pivots[j]
            pivot -= scaled * row[at]
            row[at] = scaled
        pivots[i] = 1.0 / pivot if pivot != 0.0 else 0.0


@kernel
def _solve(band: Floats, inverse_pivots: Floats, b: Floats, x: Floats, grounded: bool) -> float:
    n, width = band.shape
    columns = b.shape[1] - 2
    y = np.empty(n)
    for i in range(n):
        first = max(0, i - width)
        total = 0.0
        for k in range(first, i):
            total += band[i, k - i + width] * y[k]
        y[i] = b[i // columns + 1, i % columns + 1] - total
    for i in range(n):
        y[i] *= inverse_pivots[i]
    for i in range(n - 1, -1, -1):
        here = y[i]
        for k in range(max(0, i - width), i):
            y[k] -= band[i, k - i + width] * here
    mean = 0.0 if grounded else y.sum() / n
    product = 0.0
    for i in range(n):
        row, column = i // columns + 1, i % columns + 1
        x[row, column] = y[i] - mean
        product += b[row, column] * x[row, column]
    return product
