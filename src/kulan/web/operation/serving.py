"""`kulan serve`: one parent that makes the state folder ready, then a web server and a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kulan.web.operation.django_setup import set_up

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Serving:
    """How to serve.

    Attributes
    ----------
    host, port
        Where to listen.
    workers
        Processes that answer requests.
    threads
        Threads in each of them.
    demonstration
        Whether to keep one demonstration account for each role.
    with_worker
        Whether to run a worker of jobs beside the server.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    demonstration: bool = False
    with_worker: bool = True

    @property
    def address(self) -> str:
        """Address to open in a browser on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def prepare(state: Path, *, demonstration: bool, tell: Tell) -> None:
    """Make the database of a state folder ready, and fill it where it is empty."""
    set_up(state)
    from django.core.management import call_command  # noqa: PLC0415  after set_up

    from kulan.web.operation import demonstration as accounts  # noqa: PLC0415
    from kulan.web.operation.seeding import seed  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    if seed():
        tell("The starter Atlas is in place.")
    if demonstration:
        for line in accounts.describe(accounts.make_accounts()):
            tell(line)


def serve(state: Path, serving: Serving, *, tell: Tell) -> int:
    """Serve until told to stop; return the exit code."""
    if serving.demonstration:
        os.environ["KULAN_DEMO"] = "yes"
    prepare(state, demonstration=serving.demonstration, tell=tell)
    children = [_start_server(serving)]
    if serving.with_worker:
        children.append(_start([sys.executable, "-m", "kulan.web.operation.worker"]))
    tell(f"Kulan serves at {serving.address} (Ctrl+C stops it)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return _wait(children)
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        _stop(children)


def _start_server(serving: Serving) -> subprocess.Popen[bytes]:
    return _start(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", serving.host, "--port", str(serving.port)),
            *("--workers", str(serving.workers), "--blocking-threads", str(serving.threads)),
            *("--backlog", "1024", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"),
            "kulan.web.wsgi:application",
        ]
    )


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=dict(os.environ))  # noqa: S603  our own command


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until one of the children has ended; return its exit code."""
    while True:
        for child in children:
            if (code := child.poll()) is not None:
                return code or 1
        time.sleep(0.2)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
