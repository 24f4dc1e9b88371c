"""The kernels of the graphics card, compiled for the processor: what a card would compute, slowly.

The same `kernels.cu` is given to g++ with a few words of CUDA defined as C++. A block runs with one
thread, as an ordinary loop, or with several, which take turns at every `__syncthreads()`; their
order can be reversed, so that a result that depends on it shows.
"""

import ctypes
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from kulan.connectivity.gpu.devices import Stored, definitions, source

COMPILER = shutil.which("g++")
WITHOUT_COMPILER = "there is no C++ compiler (g++), which runs the card's kernels on the processor"

# what CUDA says, in C++; threads are fibers of one processor thread, so `static` is shared
_WORDS = r"""
#include <ucontext.h>
#define __global__
#define __device__
#define __shared__ static
struct Three { int x, y, z; };
static Three blockIdx, threadIdx, blockDim = {1, 1, 1};
static ucontext_t scheduler, fibers[256];
static bool ended[256];
static int running;
static void __syncthreads() {
    if (blockDim.x > 1) swapcontext(&fibers[running], &scheduler);
}
"""

# starts every thread of a block, then lets each go on to its next barrier until all have ended
_TURNS = r"""
#include <new>
static char stacks[256][65536];
static void (*work)();
static void whole_thread() { work(); ended[running] = true; }
static void run_block(int threads, bool reversed) {
    blockDim.x = threads;
    if (threads == 1) { threadIdx.x = 0; work(); return; }
    for (int t = 0; t < threads; ++t) {
        getcontext(&fibers[t]);
        fibers[t].uc_stack.ss_sp = stacks[t];
        fibers[t].uc_stack.ss_size = sizeof stacks[t];
        fibers[t].uc_link = &scheduler;
        ended[t] = false;
        makecontext(&fibers[t], whole_thread, 0);
    }
    for (int left = threads; left > 0;)
        for (int k = 0; k < threads; ++k) {
            const int t = reversed ? threads - 1 - k : k;
            if (ended[t]) continue;
            running = threadIdx.x = t;
            swapcontext(&scheduler, &fibers[t]);
            left -= ended[t];
        }
}
"""

_KERNEL = re.compile(r"^KERNEL (\w+)\(([^)]*)\)", re.M)


def _launcher(name: str, parameters: str) -> str:
    """Return a C function that runs all blocks of a kernel, one after another."""
    names = [parameter.split()[-1].lstrip("*") for parameter in parameters.split(",")]
    kept = "".join(f"static {part.strip()}_{name};\n" for part in parameters.split(","))
    set_them = " ".join(f"{part}_{name} = {part};" for part in names)
    given = ", ".join(f"{part}_{name}" for part in names)
    return f"""{kept}static void work_{name}() {{ {name}({given}); }}
extern "C" void launch_{name}(long long blocks, int threads, int reversed, {parameters}) {{
    {set_them}
    work = work_{name};
    for (long long k = 0; k < blocks; ++k) {{
        const long long block = reversed ? blocks - 1 - k : k;
        blockIdx.x = (int)block;
        run_block(threads, reversed);
    }}
}}
"""


def compile_for_host(folder: Path, stored: Stored) -> Path:
    """Compile the kernels as a library of the processor."""
    assert COMPILER is not None, WITHOUT_COMPILER
    text = source()
    launchers = "".join(_launcher(*found.groups()) for found in _KERNEL.finditer(text))
    program = folder / f"kernels_{stored}.cpp"
    program.write_text(_WORDS + text + _TURNS + launchers, encoding="utf-8")
    library = program.with_suffix(".so")
    command = [
        COMPILER,
        "-O2",
        "-shared",
        "-fPIC",
        "-Wl,-Bsymbolic",
        "-Wno-unknown-pragmas",
        *definitions(stored),
    ]
    subprocess.run([*command, "-o", str(library), str(program)], check=True)
    return library


class HostDevice:
    """A device whose arrays are numpy's and whose kernels run on the processor."""

    def __init__(
        self, library: Path, stored: Stored = "float", *, threads: int = 1, reverse: bool = False
    ) -> None:
        self.xp: Any = np
        self.stored = stored
        self.threads, self.reverse = threads, reverse
        self.free = 10**12
        self.launched: list[str] = []
        self._library = ctypes.CDLL(str(library))

    def launch(self, kernel: str, blocks: int, *arguments: Any) -> None:
        function = getattr(self._library, f"launch_{kernel}")
        function.restype = None
        self.launched.append(kernel)
        head = (ctypes.c_longlong(blocks), ctypes.c_int(self.threads), ctypes.c_int(self.reverse))
        function(*head, *(_as_c(value) for value in arguments))

    def to_host(self, array: np.ndarray) -> np.ndarray:
        return array.copy()

    def free_bytes(self) -> int:
        return self.free


def _as_c(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        assert value.flags.c_contiguous
        return ctypes.c_void_p(value.ctypes.data)
    if isinstance(value, float | np.floating):
        return ctypes.c_double(value)
    return ctypes.c_longlong(value)
