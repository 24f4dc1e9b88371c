"""What the commands that run another program's configuration have in common."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from kulan.cli.progress import progress_bar

if TYPE_CHECKING:
    from kulan.connectivity.circuits.solving import Attempt

# of files that are named one by one; more are counted
_MOST_NAMED = 12


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--folder``, ``--workers``, ``--tolerance`` and ``--keep``."""
    options = (
        click.option(
            "--folder",
            type=click.Path(file_okay=False, exists=True, path_type=Path),
            default=Path(),
            help="Where relative names in CONFIG start.  [default: the working folder]",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 1024),
            default=1,
            show_default=True,
            help="How many systems are solved at once; the answer is the same.",
        ),
        click.option(
            "--tolerance",
            type=click.FloatRange(1e-14, 1e-2),
            default=1e-9,
            show_default=True,
            help="What may be left unbalanced, as a share of the current; 1e-6 is quicker.",
        ),
        click.option(
            "--keep",
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder for finished solves: a run that was stopped goes on from them, with the "
            "same bytes.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def worker_pool(n_workers: int, kind: Literal["threads", "processes"]) -> Iterator[Executor | None]:
    """Give a pool of workers while the block runs, or None for one worker."""
    if n_workers == 1:
        yield None
        return
    pool: Executor
    if kind == "threads":
        pool = ThreadPoolExecutor(n_workers)
    else:
        pool = ProcessPoolExecutor(n_workers, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        # stopped halfway, what waits is dropped
        pool.shutdown(cancel_futures=True)


@contextmanager
def watched(
    title: str, doing: str, n_workers: int, kind: Literal["threads", "processes"]
) -> Iterator[tuple[Executor | None, Callable[[int, int], None] | None]]:
    """Give workers and a progress bar while the block runs.

    Yields
    ------
    tuple
        The workers, None for one, and what is to be called with the steps done and those in all,
        None where nobody watches.
    """
    with progress_bar(title) as show, worker_pool(n_workers, kind) as executor:
        yield executor, None if show is None else lambda done, total: show(done, total, doing)


def echo_attempts(attempts: Sequence["Attempt"]) -> None:
    """Say which solvers were tried, how often, and with how many iterations."""
    solved = [one for one in attempts if not one.problem]
    lost = [one for one in attempts if one.problem]
    for solver, n in sorted(Counter(one.solver for one in solved).items()):
        steps = [one.iterations for one in solved if one.solver == solver]
        told = f", {min(steps)} to {max(steps)} iterations" if max(steps) else ""
        worst = max(one.residual for one in solved if one.solver == solver)
        click.echo(f"  {n} solved by {solver}{told}, residual at most {worst:.1e}")
    for solver, n in sorted(Counter(one.solver for one in lost).items()):
        first = next(one.problem for one in lost if one.solver == solver)
        click.echo(f"  {n} tries of {solver} failed: {first}")


def echo_notes(notes: Sequence[str]) -> None:
    """Print what was done otherwise than the configuration says."""
    for note in notes:
        click.echo(f"Note: {note}")


def echo_files(files: Sequence[Path]) -> None:
    """Name the files written, or count them by folder where there are many."""
    click.echo("")
    shown = files if len(files) <= _MOST_NAMED else [files[0], *files[-4:]]
    for number, file in enumerate(shown):
        if number == 1 and len(shown) < len(files):
            click.echo(f"... and {len(files) - len(shown)} others in {files[0].parent}")
        click.echo(str(file))
