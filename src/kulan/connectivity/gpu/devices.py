"""The card: finding it, compiling for it, and starting kernels on it."""

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kulan.errors import MissingExtraError

Stored = Literal["float", "double"]
# cells of a tile each way, and threads that work on one; the kernels are compiled with them
TILE = 32
THREADS = 256


class Device(Protocol):
    """What the solver needs of a device: arrays, kernels, and a way back.

    Attributes
    ----------
    xp
        A module with numpy's functions, whose arrays lie on the device.
    stored
        Type in which the preconditioner's grids are kept, as the kernels were compiled for it.
    """

    xp: Any
    stored: Stored

    def launch(self, kernel: str, blocks: int, *arguments: Any) -> None:
        """Start `blocks` blocks of a kernel; numbers are passed as 64-bit integers and floats."""

    def to_host(self, array: Any) -> NDArray[Any]:
        """Copy an array of the device into the computer's memory."""

    def free_bytes(self) -> int:
        """Tell how much memory of the device is free."""


def source() -> str:
    """Return the text of the kernels, in CUDA C."""
    return (resources.files(__package__) / "kernels.cu").read_text("utf-8")


def definitions(stored: Stored, threads: int = THREADS, tile: int = TILE) -> tuple[str, ...]:
    """Return the compiler's options that fix types and sizes in the kernels."""
    return (f"-DSTORED={stored}", f"-DMOST_THREADS={threads}", f"-DTILE={tile}")


class CupyDevice:
    """The current NVIDIA card, through CuPy."""

    def __init__(self, cupy: Any, stored: Stored) -> None:
        self.xp = cupy
        self.stored = stored
        self._kernels: dict[str, Callable[..., None]] = {}
        self._module = cupy.RawModule(
            code=source(), options=("--std=c++17", *definitions(stored)), backend="nvrtc"
        )
        try:
            self._module.compile()
        except (cupy.cuda.compiler.CompileException, ImportError, RuntimeError) as error:
            raise MissingExtraError(
                f"the kernels do not compile for this card ({error}). Bring CuPy and the driver to "
                'the newest of CUDA 13, or solve on the processor: Solving(device="cpu").'
            ) from error

    def launch(self, kernel: str, blocks: int, *arguments: Any) -> None:
        """Start `blocks` blocks of a kernel."""
        started = self._kernels.get(kernel)
        if started is None:
            started = self._kernels[kernel] = self._module.get_function(kernel)
        started((blocks,), (THREADS,), tuple(_typed(value) for value in arguments))

    def to_host(self, array: Any) -> NDArray[Any]:
        """Copy an array of the card into the computer's memory."""
        host: NDArray[Any] = self.xp.asnumpy(array)
        return host

    def free_bytes(self) -> int:
        """Tell how much memory of the card is free, with what CuPy keeps for reuse."""
        free, _ = self.xp.cuda.runtime.memGetInfo()
        return int(free + self.xp.get_default_memory_pool().free_bytes())


def _typed(value: Any) -> Any:
    if isinstance(value, int | np.integer):
        return np.int64(value)
    if isinstance(value, float | np.floating):
        return np.float64(value)
    return value


@cache
def open_card(stored: Stored) -> Device:
    """Return the current card, with the kernels compiled for it.

    Parameters
    ----------
    stored
        Type in which the preconditioner's grids are kept.

    Raises
    ------
    MissingExtraError
        If CuPy is not installed, there is no NVIDIA card, or its driver or compiler does not fit.
    """
    try:
        import cupy  # noqa: PLC0415 - optional, and only for those who ask for a card
    except ImportError as error:
        raise MissingExtraError(
            f"CuPy cannot be loaded ({error}), and a graphics card was asked for. Install it "
            'with: pip install "kulan[gpu]"'
        ) from error
    try:
        n_cards = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise MissingExtraError(
            f"no NVIDIA card was found ({error}). Check that `nvidia-smi` lists one and that its "
            'driver is of CUDA 13, or solve on the processor: Solving(device="cpu").'
        ) from error
    if n_cards == 0:
        raise MissingExtraError(
            "no NVIDIA card was found: CUDA counts none. Check `nvidia-smi` and "
            'CUDA_VISIBLE_DEVICES, or solve on the processor: Solving(device="cpu").'
        )
    return CupyDevice(cupy, stored)
