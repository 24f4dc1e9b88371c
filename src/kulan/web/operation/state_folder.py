"""The state folder as a running program holds it: private, and by one server at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kulan.errors import AlreadyInUseError, OutputDeniedError

PRIVATE = 0o700


def make_private(state: Path) -> None:
    """Make a state folder that only its owner enters; close one that is there to others.

    Raises
    ------
    OutputDeniedError
        If it cannot be made.
    """
    try:
        state.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        (state / "run").mkdir(mode=PRIVATE, exist_ok=True)
    except OSError as problem:
        raise OutputDeniedError(
            f"{state}: the state folder cannot be made ({problem.strerror}). Name another with "
            "--state, or let its owner run Kulan."
        ) from problem
    # another's folder (a volume of a container) keeps the rights its owner gave it
    if state.stat().st_uid == os.getuid() and state.stat().st_mode & 0o007:
        state.chmod(state.stat().st_mode & 0o770)


@contextmanager
def in_use(state: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold a state folder while a block runs: with others, or alone.

    Raises
    ------
    AlreadyInUseError
        If it is to be held alone and others hold it, or another holds it alone.
    """
    with _locked(state, "in-use", alone=alone):
        yield


@contextmanager
def only_server(state: Path, *, alone: bool) -> Iterator[None]:
    """Be a server on a state folder while a block runs; with `alone`, the only one.

    Raises
    ------
    AlreadyInUseError
        If another server is on it and one of the two must be alone.
    """
    with _locked(state, "server", alone=alone):
        yield


@contextmanager
def _locked(state: Path, name: str, *, alone: bool) -> Iterator[None]:
    # locks of the process, which no child inherits: they end with it, however it ends
    make_private(state)
    with (state / "run" / f"{name}.lock").open("a+b") as file:
        try:
            fcntl.lockf(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as taken:
            raise AlreadyInUseError(
                f"{state}: another Kulan runs on this state folder. Stop it first, or name another "
                "folder with --state. (Several servers at once: records in PostgreSQL, by "
                "DATABASE_URL.)"
            ) from taken
        yield
