"""Work shared out to threads, to processes or to a cluster: the same answers in the same order."""

import os
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from kulan.errors import NotSolvedError, TooLargeError, WorkerLostError

Answer = TypeVar("Answer")
Thing = TypeVar("Thing")
Report = Callable[[int, int], None]
# what ends one pair, window or member of a run, and not the run
UNSOLVED = (NotSolvedError, TooLargeError, MemoryError)


def reason_of(problem: BaseException) -> str:
    """Say in words why one piece of work failed."""
    return str(problem) or "out of memory"


# --- who works ------------------------------------------------------------------------------------


def works_here(executor: Executor | None) -> bool:
    """Whether the workers of an executor share the memory of this process."""
    return executor is None or isinstance(executor, ThreadPoolExecutor)


def is_cluster(executor: Executor | None) -> bool:
    """Whether the workers of an executor are those of a Dask cluster."""
    return executor is not None and _cluster_of(executor) is not None


def n_workers(executor: Executor | None) -> int:
    """Return how many tasks an executor works on at once, as far as it tells."""
    if executor is None:
        return 1
    if (cluster := _cluster_of(executor)) is not None:
        return max(1, int(sum(cluster.nthreads().values())))
    return int(getattr(executor, "_max_workers", None) or os.cpu_count() or 1)


def _cluster_of(executor: Executor) -> Any:
    """Return the client of a Dask cluster behind an executor; None for any other executor."""
    client: Any = getattr(executor, "_client", None)
    return client if hasattr(client, "scatter") else None


# --- what many tasks need -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stored:
    """Something large in a file of this machine."""

    path: Path


@contextmanager
def at_hand(thing: Thing, executor: Executor | None) -> Iterator[Thing]:
    """Bring something large to where the tasks of an executor are done, once and not with each.

    What comes of it is an argument for tasks, which call `taken` on it. Threads take the thing
    itself. Processes read it from a file, and keep it until another comes; what they compute of
    it the first time stays with it. A Dask cluster spreads it among its workers.

    Parameters
    ----------
    thing
        What tasks need, such as a landscape.
    executor
        Who does them.
    """
    if executor is None or works_here(executor):
        yield thing
    elif (cluster := _cluster_of(executor)) is not None:
        yield cluster.scatter(thing, hash=False)
    elif isinstance(executor, ProcessPoolExecutor):
        with tempfile.TemporaryDirectory(prefix="kulan-") as folder:
            path = Path(folder) / "shared"
            with path.open("wb") as file:
                pickle.dump(thing, file, protocol=5)
            yield cast("Thing", _Stored(path))
    else:
        yield thing


_last_taken: dict[Path, Any] = {}


def taken(handed: Thing) -> Thing:
    """Return what `at_hand` brought, in a task."""
    if not isinstance(handed, _Stored):
        return handed
    if handed.path not in _last_taken:
        _last_taken.clear()
        with handed.path.open("rb") as file:
            # written by the process that started this one, into a folder only its user can open
            _last_taken[handed.path] = pickle.load(file)  # noqa: S301
    return cast("Thing", _last_taken[handed.path])


# --- tasks ----------------------------------------------------------------------------------------


def answers(
    task: Callable[..., Answer],
    arguments: Iterable[tuple[Any, ...]],
    executor: Executor | None,
    *,
    first_is_large: bool = False,
) -> Generator[Answer]:
    """Do a task for each of some arguments, and give the answers in their order.

    Only a few tasks wait at a time, so that arguments may be made on the way. Close the generator
    (`contextlib.closing`) where it may be left early: what has not begun is then cancelled.

    Parameters
    ----------
    task
        A function of a module, so that other processes find it.
    arguments
        What each call is given; something large goes through `at_hand`.
    executor
        Who does them; None for this process, one after the other.
    first_is_large
        Whether the first argument of each call holds grids of its own. A Dask cluster then takes
        it past its scheduler.

    Raises
    ------
    WorkerLostError
        If a process that worked for the executor has ended.
    """
    if executor is None:
        for given in arguments:
            yield task(*given)
        return
    ahead = 2 * n_workers(executor)
    cluster = _cluster_of(executor) if first_is_large else None
    waiting: deque[Any] = deque()
    try:
        for one in arguments:
            given = one if cluster is None else (cluster.scatter(one[0], hash=False), *one[1:])
            waiting.append(submit(executor, task, *given))
            if len(waiting) >= ahead:
                yield answer_of(waiting.popleft())
        while waiting:
            yield answer_of(waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()


def submit(executor: Executor, task: Callable[..., Any], *given: Any) -> "Future[Any]":
    """Let an executor do a `task` with what is `given`; a Dask cluster does it even if done before.

    It would otherwise hash every argument, and hand out the failure of an earlier run again.
    """
    if is_cluster(executor):
        return executor.submit(task, *given, pure=False)
    return executor.submit(task, *given)


def answer_of(future: "Future[Any]") -> Any:
    """Return the answer of a task that was submitted to an executor, once it is there.

    Raises
    ------
    WorkerLostError
        If the process that worked on it has ended.
    """
    problem = future.exception()
    if isinstance(problem, BrokenExecutor) or type(problem).__name__ == "KilledWorker":
        raise WorkerLostError(
            f"a worker ended before its task was done ({type(problem).__name__}); most often the "
            "system stopped it for want of memory. Run again with fewer workers or more memory; "
            "with `kept_in`, what was finished is not done again."
        ) from problem
    return future.result()


# --- progress -------------------------------------------------------------------------------------


@dataclass
class Progress:
    """Counts finished steps and tells somebody.

    Attributes
    ----------
    report
        Called with the steps done and those in all; what it raises ends the run. None for nobody.
    total
        Steps in all.
    done
        Steps done.
    """

    report: Report | None
    total: int
    done: int = 0

    def step(self) -> None:
        """One more is done."""
        self.reach(self.done + 1)

    def reach(self, done: int) -> None:
        """So many are done, if they were not before."""
        if done > self.done:
            self.done = done
            if self.report is not None:
                self.report(self.done, self.total)
