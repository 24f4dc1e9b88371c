"""Which workers live: by a lock where they run on this machine, by what they last said elsewhere.

A worker holds a lock on a file ``run/worker-…`` of the state folder. The system lets go of it when
the process ends in whatever way, so that its jobs are taken up at once. A worker on another machine
counts as lost when it has said nothing for `SILENT_S`.
"""

import fcntl
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from kulan.web.jobs.models import Job, Worker

BEAT_S = 5.0
SILENT_S = 60.0
_log = logging.getLogger(__name__)
_here: dict[str, str] = {"name": ""}


def this_worker() -> str:
    """Return the name of the worker that this process is; empty when it is none."""
    return _here["name"]


def new_name() -> str:
    """Return a name for a worker: machine, process, and something no other has."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def living(name: str) -> Iterator[None]:
    """Be a worker of that name while the block runs, and say so every few seconds."""
    lock = _hold(name)
    Worker.objects.create(name=name, host=socket.gethostname()[:100])
    _here["name"] = name
    stop = threading.Event()
    pulse = threading.Thread(target=_beat, args=(name, stop), name="pulse", daemon=True)
    pulse.start()
    try:
        yield
    finally:
        stop.set()
        pulse.join(timeout=2 * BEAT_S)
        _here["name"] = ""
        Worker.objects.filter(name=name).delete()
        _lock_path(name).unlink(missing_ok=True)
        lock.close()


def _beat(name: str, stop: threading.Event) -> None:
    while not stop.wait(BEAT_S):
        try:
            say_alive(name)
        except DatabaseError as problem:  # another writes for long: the next beat says it
            _log.warning("a worker could not say that it lives: %s", problem)
        finally:
            connections.close_all()


def say_alive(name: str) -> None:
    """Write down that a worker lives, and that it is at its job."""
    now = timezone.now()
    Worker.objects.filter(name=name).update(seen_alive_at=now)
    Job.objects.filter(worker=name, state=Job.State.RUNNING).update(seen_alive_at=now)


def is_lost(name: str) -> bool:
    """Whether the worker of that name does nothing any more."""
    if name == this_worker():
        return False
    held = _held(name)
    if held is not None:
        return not held
    silent_since = timezone.now() - timedelta(seconds=SILENT_S)
    return not Worker.objects.filter(name=name, seen_alive_at__gt=silent_since).exists()


def alive() -> list[Worker]:
    """Return the workers that live."""
    return [worker for worker in Worker.objects.order_by("started_at") if not is_lost(worker.name)]


def forget_lost() -> int:
    """Take away the rows and locks of workers that are lost; how many."""
    lost = [worker for worker in Worker.objects.all() if is_lost(worker.name)]
    for worker in lost:
        _lock_path(worker.name).unlink(missing_ok=True)
        worker.delete()
    return len(lost)


def _lock_path(name: str) -> Path:
    return Path(settings.STATE) / "run" / f"worker-{name}"


def _hold(name: str) -> IO[bytes]:
    path = _lock_path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = path.open("ab")
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def _held(name: str) -> bool | None:
    """Whether a worker of this machine holds its lock; None when it has none here."""
    try:
        with _lock_path(name).open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                return True
            # one that has made its file and not locked it yet is no corpse
            return time.time() - os.fstat(file.fileno()).st_mtime < 1
    except FileNotFoundError:
        return None
