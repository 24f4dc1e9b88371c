"""How much memory a run will take, said before it begins, and a refusal where it will not fit.

What circuits take was measured as the peak of whole processes on landscapes of 1 and 4 million
cells, in bytes for each cell, on top of the landscape itself.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from kulan.connectivity.workers import is_cluster, n_workers, works_here
from kulan.errors import TooLargeError

_ROOT = Path("/")
# smaller needs are not worth looking at the machine for
_NEGLIGIBLE_BYTES = 64 * 2**20

# --- bytes for each cell --------------------------------------------------------------------------

_LANDSCAPE = 33  # conductances of four links, and which cells are valid
_HIERARCHY = 45  # grids of the multigrid in float32, and the number of each cell's part
_PRECISE = 39  # what the grids take beside in float64
_SOLVE = 41  # grids of the iteration
_POTENTIAL = 8
_MAPS = 16  # sum and largest of all maps
_DRAWING = 24  # maps of one pair or site while they are drawn
_GROUNDED = 58  # what a hierarchy of its own takes beside, with grounds
_RANDOM = 155  # sources, moments and transforms of random signs, beside the hierarchy
_RANDOM_EVEN = 103  # the same beside hierarchy and cells of the even landscape
_COST = 27  # resistances, costs and waiting cells of one accumulation
_PYAMG = 1150
_FACTORS = 100  # for each time that the nodes can be halved: 2000 at a million nodes
_WINDOW = 150  # of the cells of a window: its circuit and its solve
_EVEN_WINDOW = 45  # the same on even land, of which the circuit is kept
_PIECE = 16  # of the cells of the piece of landscape whose windows are solved together


_LARGER_CELLS = "take larger cells (of twice the side, they need a quarter)"
_FEWER_WORKERS = "take fewer workers"


@dataclass(frozen=True)
class MemoryNeed:
    """What a run will take at its peak.

    Attributes
    ----------
    what
        The run, in words.
    parts
        What takes how many bytes.
    remedies
        What the user may do for it to take less.
    """

    what: str
    parts: tuple[tuple[str, int], ...]
    remedies: tuple[str, ...]

    @property
    def n_bytes(self) -> int:
        """All together."""
        return sum(size for _, size in self.parts)


@dataclass(frozen=True)
class Workers:
    """Who will work on this machine.

    Attributes
    ----------
    n
        How many solve at once.
    apart
        Whether each is a process with memory of its own. Workers of a cluster count as none:
        they have their own machines to look at.
    """

    n: int = 1
    apart: bool = False

    @classmethod
    def of(cls, executor: Executor | None) -> "Workers":
        """Return who works on this machine for an executor."""
        if works_here(executor):
            return cls(n_workers(executor))
        return cls(0 if is_cluster(executor) else n_workers(executor), apart=True)

    def parts(
        self, n_cells: int, shared: int, own: int, landscape: int = _LANDSCAPE
    ) -> list[tuple[str, int]]:
        """Return what takes how much.

        Parameters
        ----------
        n_cells
            Cells of the landscape.
        shared
            What workers of one process share, bytes for each cell.
        own
            What each has for itself, bytes for each cell.
        landscape
            What a process of its own takes for the landscape, bytes for each cell.
        """
        if self.apart and self.n == 0:
            return []
        if self.apart:
            each = n_cells * (landscape + shared + own)
            return [(f"{self.n} processes with a landscape each", self.n * each)]
        told = "a solve" if self.n == 1 else f"{self.n} solves at once"
        return [("the landscape at work", n_cells * shared), (told, self.n * n_cells * own)]

    @property
    def remedies(self) -> tuple[str, ...]:
        """What there is to do about workers."""
        return (_FEWER_WORKERS,) if self.n > 1 else ()


def pairs_need(
    n_cells: int, n_potentials: int, workers: Workers, *, maps: bool, precise: bool = False
) -> MemoryNeed:
    """Estimate what circuits between pairs of sites take.

    Parameters
    ----------
    n_cells
        Cells of the raster, NoData included.
    n_potentials
        Potentials that are held in memory at once.
    workers
        Who works.
    maps
        Whether maps are drawn.
    precise
        Whether the multigrid is in float64.
    """
    hierarchy = _HIERARCHY + (_PRECISE if precise else 0)
    parts = workers.parts(n_cells, hierarchy, _SOLVE)
    # while a system is solved, its potential is one of the grids of the iteration
    held = max(n_potentials - 1, 0) * _POTENTIAL
    if maps and n_potentials == 0:
        held += _MAPS + _DRAWING - _POTENTIAL
    parts.append(("potentials and maps", n_cells * held))
    on_disk = "keep potentials on disk (`Solving(most_stored_bytes=0)`, `kept_in` or --keep)"
    remedies = (*workers.remedies, *((on_disk,) if n_potentials > 1 else ()), _LARGER_CELLS)
    return MemoryNeed(f"circuits between pairs on {n_cells:,} cells", tuple(parts), remedies)


def changed_landscape_need(n_cells: int, workers: Workers, *, precise: bool) -> MemoryNeed:
    """Estimate what a copy of a landscape takes in which steps were changed, and its solves.

    Parameters
    ----------
    n_cells
        Cells of the raster, NoData included.
    workers
        Who works.
    precise
        Whether the multigrid is in float64.
    """
    parts = workers.parts(n_cells, _HIERARCHY + (_PRECISE if precise else 0), _SOLVE)
    parts.append(("the changed landscape", n_cells * _LANDSCAPE))
    return MemoryNeed(
        f"answers to changed steps on {n_cells:,} cells",
        tuple(parts),
        (*workers.remedies, _LARGER_CELLS),
    )


def each_site_need(
    n_cells: int, workers: Workers, *, grounded: bool, precise: bool = False
) -> MemoryNeed:
    """Estimate what circuits from or to each of some sites take.

    Parameters
    ----------
    n_cells
        Cells of the raster, NoData included.
    workers
        Who works.
    grounded
        Whether each site has grounds, and so a hierarchy, of its own.
    precise
        Whether the multigrid is in float64.
    """
    hierarchy = _HIERARCHY + (_PRECISE if precise else 0)
    if grounded:
        parts = workers.parts(n_cells, 0, hierarchy + _SOLVE + _GROUNDED - _HIERARCHY)
    else:
        parts = workers.parts(n_cells, hierarchy, _SOLVE)
    parts.append(("maps", n_cells * (_MAPS + _DRAWING - _POTENTIAL)))
    return MemoryNeed(
        f"circuits of each site on {n_cells:,} cells",
        tuple(parts),
        (*workers.remedies, _LARGER_CELLS),
    )


def random_signs_need(n_cells: int, workers: Workers, *, flow_potential: bool) -> MemoryNeed:
    """Estimate what currents of random sign take.

    Parameters
    ----------
    n_cells
        Cells of the raster, NoData included.
    workers
        Who works.
    flow_potential
        Whether an even landscape is solved too.
    """
    shared = _HIERARCHY + _RANDOM
    if flow_potential:
        shared += _HIERARCHY + _RANDOM_EVEN
    parts = workers.parts(n_cells, shared, _SOLVE)
    without = ("do without the flow potential",) if flow_potential else ()
    return MemoryNeed(
        f"currents of random sign on {n_cells:,} cells",
        tuple(parts),
        (*workers.remedies, *without, _LARGER_CELLS),
    )


def assembled_need(n_nodes: int, *, factorised: bool) -> MemoryNeed:
    """Estimate what a solver that assembles all equations takes.

    Parameters
    ----------
    n_nodes
        Nodes of the circuit.
    factorised
        Whether they are factorised; else PyAMG solves them.
    """
    each = _FACTORS * max(n_nodes, 2).bit_length() if factorised else _PYAMG
    name = "a factorisation" if factorised else "PyAMG's grids"
    return MemoryNeed(
        f"equations of {n_nodes:,} nodes", ((name, n_nodes * each),), (_LARGER_CELLS,)
    )


def windows_need(
    n_cells: int, window_cells: int, piece_cells: int, workers: Workers, *, flow_potential: bool
) -> MemoryNeed:
    """Estimate what moving windows take.

    Parameters
    ----------
    n_cells
        Cells of the raster, NoData included.
    window_cells
        Cells of a window.
    piece_cells
        Cells of the piece of landscape whose windows are solved together.
    workers
        Who works.
    flow_potential
        Whether an even landscape is solved too.
    """
    landscapes = 2 if flow_potential else 1
    each = window_cells * (_WINDOW + (_EVEN_WINDOW if flow_potential else 0))
    each += piece_cells * (_PIECE + (landscapes * _LANDSCAPE if workers.apart else 0))
    maps = n_cells * (24 + (_LANDSCAPE + 8 if flow_potential else 0))
    return MemoryNeed(
        f"moving windows on {n_cells:,} cells",
        (("maps", maps), ("windows at work", workers.n * each)),
        (*workers.remedies, "take a smaller radius", _LARGER_CELLS),
    )


ALONE = Workers()


def cost_need(n_cells: int, workers: Workers = ALONE) -> MemoryNeed:
    """Estimate what accumulated cost in one piece takes.

    Parameters
    ----------
    n_cells
        Cells of the raster, NoData included.
    workers
        Who accumulates from a source each.
    """
    tiles = "compute by tiles (kulan.connectivity.least_cost.tiles)"
    return MemoryNeed(
        f"accumulated cost on {n_cells:,} cells",
        (("costs", workers.n * n_cells * _COST),),
        (*workers.remedies, tiles, _LARGER_CELLS),
    )


# --- refusal --------------------------------------------------------------------------------------


def check_memory(need: MemoryNeed, most_bytes: int | None = None) -> None:
    """Refuse a run that will not fit.

    Parameters
    ----------
    need
        What it will take.
    most_bytes
        What it may take; None for what is free on this machine, where the machine tells.

    Raises
    ------
    TooLargeError
        If it will take more; the message says how much, of what, and what to do.

    Examples
    --------
    >>> check_memory(cost_need(1_000_000), most_bytes=100_000_000)
    """
    if most_bytes is None and need.n_bytes < _NEGLIGIBLE_BYTES:
        return
    have = available_bytes() if most_bytes is None else most_bytes
    if have is None or need.n_bytes <= have:
        return
    told = "are free" if most_bytes is None else "are allowed (`most_memory_bytes`)"
    parts = ", ".join(f"{name} {_size(size)}" for name, size in need.parts if size)
    *others, last = need.remedies
    remedies = ", ".join(others) + (", or " if others else "") + last
    raise TooLargeError(
        f"{need.what} need about {_size(need.n_bytes)} of memory ({parts}), and {_size(have)} "
        f"{told}. {remedies[0].upper()}{remedies[1:]}. If you know that more may be used, state it "
        "as `most_memory_bytes` or with --memory-gb."
    )


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.2f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:.1f} MB"


# --- what there is --------------------------------------------------------------------------------


def available_bytes(root: Path = _ROOT) -> int | None:
    """Return the memory that a run may take now without pushing anything out; None if not told.

    The least of what the system has free and what the control groups leave in which this process
    runs, such as those of a container or of a batch system. Only Linux tells.

    Parameters
    ----------
    root
        Where the system's own files begin.
    """
    told = [*_free_of_system(root), *_left_by_groups(root)]
    return max(min(told), 0) if told else None


def _free_of_system(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/meminfo"):
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            yield int(value.split()[0]) * 1024


def _left_by_groups(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            yield from _left(root, "sys/fs/cgroup", path, "memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            limit, used = "memory.limit_in_bytes", "memory.usage_in_bytes"
            yield from _left(root, "sys/fs/cgroup/memory", path, limit, used)


def _left(root: Path, top: str, path: str, limit_name: str, used_name: str) -> Iterator[int]:
    """Return what each group from that of the process up to the topmost leaves."""
    names = [part for part in path.split("/") if part not in ("", "..")]
    for depth in range(len(names), -1, -1):
        folder = root.joinpath(top, *names[:depth])
        limit, used = _number(folder / limit_name), _number(folder / used_name)
        if limit is not None and used is not None:
            # files that were read long ago are given up before anything else
            old = [line.split() for line in _lines(folder / "memory.stat")]
            freed = sum(int(value) for name, value in old if name == "inactive_file")
            yield limit - used + freed


def _number(path: Path) -> int | None:
    text = "".join(_lines(path))
    return int(text) if text.isdigit() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
