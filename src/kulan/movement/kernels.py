"""How inner loops of movement are compiled: once per machine, kept on disk, without the lock."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a `function` of numbers and arrays at its first call, and keep the machine code.

    Sums keep their order, so that answers are equal on every machine. Where neither the package's
    folder nor the user's cache can be written, it is compiled anew in every process.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return cast("Function", njit(cache=True, **options)(function))
    except RuntimeError:
        return cast("Function", njit(**options)(function))
