"""The bucket queue by which costs spread over a grid, exactly and in near-linear time.

Cells wait in buckets as wide as a few cheap steps (Dial 1969). Inside a bucket a cell may be
corrected more than once; when the last bucket is empty every cost is the least over all paths of
the costs added up along the path, in this order, in float64. That number does not depend on the
order of work, so any tiling gives the same bits. Costs too far ahead for the ring of buckets wait
in a list of their own.

Dial, R. B. (1969). Algorithm 360: shortest-path forest with topological ordering. Communications
of the ACM 12, 632-633.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., Any])

BASE, WAITING, FREE, SPARE, N_FAR, FAR_LOW, READ = range(7)
_DONE, _FULL, _MOVED, _REACHED = range(4)
_STEPS = 8  # a number known beforehand lets the compiler unroll the loop over neighbours
_BLOCK = 64  # cells in a block of a bucket
_LAST = np.iinfo(np.int64).max
_LAST_BUCKET = 2.0**60  # costs beyond share it, which is slower and just as exact
_U = np.uint64  # an index of this type needs no look whether it counts from the end
# blocks that one cell's neighbours may open, and one more so that the chain never ends
_MARGIN = 9


class Ground(NamedTuple):
    """What costs spread over; cells are numbered row by row through a ring of NoData.

    `cost` is infinite where no path is known yet, minus infinity or NaN where none may go. `slot`
    gives the row of `factor` for cells with a barrier at a step, -1 for others; a single entry
    means that there are no barriers. `offset` leads to the neighbours, `half` is half the way.
    """

    resistance: Numbers
    cost: Numbers
    slot: NDArray[np.int32]
    factor: Numbers
    offset: NDArray[np.int64]
    half: Numbers


class Queue(NamedTuple):
    """A ring of buckets, each a chain of blocks of cells, and the list of cells far ahead."""

    cost: Numbers
    cell: NDArray[np.int32]
    after: NDArray[np.int64]
    end: NDArray[np.int64]
    first: NDArray[np.int64]
    far_cost: Numbers
    far_cell: NDArray[np.int32]
    state: NDArray[np.int64]


def exact_kernel(function: Function) -> Function:
    """Compile a `function` so that it adds and multiplies exactly as written, in any context."""
    try:
        return cast("Function", njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast("Function", njit(nogil=True, error_model="numpy")(function))


def new_queue(n_buckets: int, n_blocks: int = 512) -> Queue:
    """Return an empty queue; `n_buckets` is a power of two, `n_blocks` grows as needed."""
    state = np.array([0, 0, 0, n_blocks, 0, _LAST, -1], dtype=np.int64)
    return Queue(
        np.empty(n_blocks * _BLOCK),
        np.empty(n_blocks * _BLOCK, np.int32),
        np.arange(1, n_blocks + 1, dtype=np.int64),
        np.full(n_buckets, -1, np.int64),
        np.full(n_buckets, -1, np.int64),
        np.empty(1024),
        np.empty(1024, np.int32),
        state,
    )


def _grown(queue: Queue) -> Queue:
    """Return the same queue with twice the room."""
    n = queue.after.size
    more = np.arange(n + 1, 2 * n + 1, dtype=np.int64)
    more[-1] = queue.state[FREE]
    queue.state[FREE] = n
    queue.state[SPARE] += n
    return queue._replace(
        cost=np.concatenate([queue.cost, np.empty_like(queue.cost)]),
        cell=np.concatenate([queue.cell, np.empty_like(queue.cell)]),
        after=np.concatenate([queue.after, more]),
        far_cost=np.concatenate([queue.far_cost, np.empty_like(queue.far_cost)]),
        far_cell=np.concatenate([queue.far_cell, np.empty_like(queue.far_cell)]),
    )


@exact_kernel
def _bucket_of(cost: float, inverse: float) -> int:
    return int(min(cost * inverse, _LAST_BUCKET))


@exact_kernel
def _put(queue: Queue, bucket: int, cost: float, cell: int) -> None:
    """Append a cell to a bucket of the ring (in refills; the hot loop has its own copy)."""
    state, slot = queue.state, queue.end[bucket]
    if slot < 0:
        queue.first[bucket] = state[FREE]
        slot = state[FREE] * _BLOCK
        state[FREE] = queue.after[state[FREE]]
        state[SPARE] -= 1
    queue.cost[slot] = cost
    queue.cell[slot] = cell
    slot += 1
    if slot % _BLOCK == 0:
        queue.after[slot // _BLOCK - 1] = state[FREE]
        slot = state[FREE] * _BLOCK
        state[FREE] = queue.after[state[FREE]]
        state[SPARE] -= 1
    queue.end[bucket] = slot
    state[WAITING] += 1


@exact_kernel
def _refill(queue: Queue, cost: Numbers, inverse: float) -> int:
    """Move cells from far ahead into the ring, forget those that have become cheaper since."""
    state, n_buckets = queue.state, queue.end.size
    kept, low = 0, np.inf
    for i in range(state[N_FAR]):
        far = queue.far_cost[i]
        if far == cost[queue.far_cell[i]]:
            queue.far_cost[kept], queue.far_cell[kept] = far, queue.far_cell[i]
            kept += 1
            low = min(low, far)
    state[N_FAR] = kept
    if kept == 0:
        state[FAR_LOW] = _LAST
        return _MOVED if state[WAITING] > 0 else _DONE
    if state[SPARE] < min(kept, n_buckets) + kept // _BLOCK + _MARGIN:
        return _FULL
    if state[WAITING] == 0:
        state[BASE] = _bucket_of(low, inverse)
    kept, state[FAR_LOW] = 0, _LAST
    for i in range(state[N_FAR]):
        far, cell = queue.far_cost[i], queue.far_cell[i]
        bucket = _bucket_of(far, inverse)
        if bucket - state[BASE] < n_buckets:
            _put(queue, bucket & (n_buckets - 1), far, cell)
        else:
            queue.far_cost[kept], queue.far_cell[kept] = far, cell
            kept += 1
            state[FAR_LOW] = min(state[FAR_LOW], bucket)
    state[N_FAR] = kept
    return _MOVED


@exact_kernel
def _append(
    queue: Queue, bucket: np.int64, cost: float, cell: np.uint64, free: int
) -> tuple[int, int]:
    """Append a cell to a bucket; return the next free block and how many were taken."""
    slot = queue.end[_U(bucket)]
    used = 0
    if slot < 0:
        queue.first[_U(bucket)] = free
        slot = free << 6
        free = queue.after[_U(free)]
        used = 1
    queue.cost[_U(slot)] = cost
    queue.cell[_U(slot)] = cell
    slot += 1
    if slot & 63 == 0:
        queue.after[_U((slot - 1) >> 6)] = free
        slot = free << 6
        free = queue.after[_U(free)]
        used += 1
    queue.end[_U(bucket)] = slot
    return free, used


@exact_kernel
def _drain(ground: Ground, queue: Queue, inverse: float, limit: float) -> bool:
    """Step from every cell of the first bucket to its neighbours; False when room runs out."""
    cost, resistance, state = ground.cost, ground.resistance, queue.state
    offset, half, slot = ground.offset, ground.half, ground.slot
    end, n_buckets = queue.end, np.int64(queue.end.size)
    far_room = queue.far_cost.size - _STEPS
    base, waiting, free = state[BASE], state[WAITING], state[FREE]
    spare, n_far, far_low = state[SPARE], state[N_FAR], state[FAR_LOW]
    mask = n_buckets - 1
    bucket = _U(base & mask)
    place = state[READ] if state[READ] >= 0 else queue.first[bucket] << 6
    barriers = slot.size > 1
    while place != end[bucket] and spare >= _MARGIN and n_far <= far_room:
        here, c = queue.cost[_U(place)], np.int64(queue.cell[_U(place)])
        waiting -= 1
        place += 1
        if place & 63 == 0:
            block = (place - 1) >> 6
            place = queue.after[_U(block)] << 6
            queue.after[_U(block)] = free
            free = block
            spare += 1
        if here != cost[_U(c)]:
            continue
        mine = resistance[_U(c)]
        row = slot[_U(c)] if barriers else np.int32(-1)
        for k in range(_STEPS):
            m = _U(c + offset[k])
            way = half[k] if row < 0 else half[k] * ground.factor[row, k]
            there = here + (mine + resistance[m]) * way
            if there < cost[m] and there <= limit:
                cost[m] = there
                b = _bucket_of(there, inverse)
                if b - base < n_buckets:
                    free, used = _append(queue, b & mask, there, m, free)
                    spare -= used
                    waiting += 1
                else:
                    queue.far_cost[_U(n_far)], queue.far_cell[_U(n_far)] = there, m
                    n_far += 1
                    far_low = min(far_low, b)
    done = place == end[bucket]
    if done:
        queue.after[_U(place >> 6)] = free
        free = place >> 6
        spare += 1
        end[bucket] = -1
    state[READ] = -1 if done else place
    state[WAITING], state[FREE], state[SPARE] = waiting, free, spare
    state[N_FAR], state[FAR_LOW] = n_far, far_low
    return bool(done)


@exact_kernel
def _run(
    ground: Ground, queue: Queue, inverse: float, limit: float, targets: NDArray[np.int64]
) -> int:
    """Empty bucket after bucket until nothing waits, all targets are settled or room runs out."""
    state, cost, mask = queue.state, ground.cost, queue.end.size - 1
    settled = 0
    while True:
        if state[WAITING] == 0 or state[BASE] >= state[FAR_LOW]:
            status = _refill(queue, cost, inverse)
            if status != _MOVED:
                return status
        if queue.end[state[BASE] & mask] >= 0 and not _drain(ground, queue, inverse, limit):
            return _FULL
        state[BASE] += 1
        while settled < targets.size:
            if _bucket_of(cost[targets[settled]], inverse) >= state[BASE]:
                break
            settled += 1
        if targets.size > 0 and settled == targets.size:
            return _REACHED


def _with_eight_steps(ground: Ground) -> Ground:
    """Add steps that lead nowhere, and so improve nothing, until there are eight."""
    missing = _STEPS - ground.offset.size
    return ground._replace(
        offset=np.concatenate([ground.offset, np.zeros(missing, np.int64)]),
        half=np.concatenate([ground.half, np.ones(missing)]),
    )


@exact_kernel
def _forget_unsettled(cost: Numbers, inverse: float, base: int) -> None:
    for i in range(cost.size):
        if 0 <= cost[i] < np.inf and _bucket_of(cost[i], inverse) >= base:
            cost[i] = np.inf


NO_TARGETS = np.zeros(0, np.int64)


def spread(
    ground: Ground,
    seeds: NDArray[np.int64],
    *,
    width: float,
    n_buckets: int = 1 << 12,
    limit: float = np.inf,
    targets: NDArray[np.int64] = NO_TARGETS,
    queue: Queue | None = None,
) -> Queue:
    """Let costs spread from cells whose cost is set, until no path is cheaper than what is known.

    Parameters
    ----------
    ground
        What to spread over; its `cost` is changed.
    seeds
        Numbers of the cells to start from.
    width
        Width of a bucket, in the unit of cost; it decides about speed, not about the result.
    n_buckets
        Buckets in the ring, a power of two.
    limit
        Largest cost that is followed; what is beyond stays as it is.
    targets
        Cells after which to stop, once their costs are final; costs that are not final then are
        made infinite. None for all cells.
    queue
        An empty queue to use again.

    Returns
    -------
    Queue
        The queue; empty, to be used again, unless it stopped at targets.
    """
    queue = new_queue(n_buckets) if queue is None else queue
    ground = _with_eight_steps(ground)
    room = max(queue.far_cost.size, seeds.size + _STEPS)
    if room > queue.far_cost.size:
        queue = queue._replace(far_cost=np.empty(room), far_cell=np.empty(room, np.int32))
    queue.far_cost[: seeds.size] = ground.cost[seeds]
    queue.far_cell[: seeds.size] = seeds
    queue.state[N_FAR] = seeds.size
    inverse = 1.0 / width
    while (status := _run(ground, queue, inverse, limit, targets)) == _FULL:
        queue = _grown(queue)
    if status == _REACHED:
        _forget_unsettled(ground.cost, inverse, int(queue.state[BASE]))
    return queue
