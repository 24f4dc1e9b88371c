"""How inner loops are compiled: once per machine, kept on disk, without the interpreter's lock."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

# a grid of float32 or float64; each combination is compiled when it is first used
Floats = NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    # sums may be taken in another order; NaN and infinity keep their meaning
    "fastmath": {"contract", "reassoc", "nsz"},
    "error_model": "numpy",
}


def kernel(function: Function) -> Function:
    """Compile a `function` of numbers and arrays at its first call, and keep the machine code.

    Where neither the package's folder nor the user's cache can be written, it is compiled anew
    in every process.
    """
    try:
        return cast("Function", njit(cache=True, **_OPTIONS)(function))
    except RuntimeError:
        return cast("Function", njit(**_OPTIONS)(function))


def sum_by_place(
    places: NDArray[np.integer], amounts: NDArray[np.float64], n_places: int
) -> NDArray[np.float64]:
    """Sum `amounts` by the place they belong to; of `n_places`, one without any has zero."""
    return cast(
        "NDArray[np.float64]", np.bincount(places, amounts, n_places).astype(np.float64, copy=False)
    )
