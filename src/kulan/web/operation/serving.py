"""`kulan serve`: one parent that makes the state folder ready, then a web server and a worker."""

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kulan.errors import AlreadyInUseError
from kulan.web.operation.backups.restoring import in_use_whole
from kulan.web.operation.django_setup import set_up
from kulan.web.operation.figures import make_folder
from kulan.web.operation.parents import STARTED_BY_SERVE
from kulan.web.operation.state_folder import only_server

Tell = Callable[[str], None]
_WORKER_REST_S = 1.0
_log = logging.getLogger(__name__)


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
    from kulan.web.catalogue.models import Layer  # noqa: PLC0415  after set_up
    from kulan.web.operation import demonstration as accounts  # noqa: PLC0415
    from kulan.web.operation import migrating  # noqa: PLC0415
    from kulan.web.programme.registers.seeding import seed_areas  # noqa: PLC0415
    from kulan.web.species.seeding import seed_species_records  # noqa: PLC0415

    migrating.migrate()
    if not Layer.objects.exists():
        # a second start has nothing to seed, and does not wait for what seeding reads with
        from kulan.web.atlas.jobs import warm_soon  # noqa: PLC0415
        from kulan.web.operation.seeding import seed  # noqa: PLC0415

        seed()
        warm_soon()
        tell("The starter Atlas is in place.")
    seed_species_records()
    seed_areas()
    if demonstration:
        for line in accounts.describe(accounts.make_accounts()):
            tell(line)


def serve(state: Path, serving: Serving, *, tell: Tell) -> int:
    """Serve until told to stop; return the exit code.

    Raises
    ------
    AlreadyInUseError
        If another listens on the port, or serves from the state folder.
    """
    if serving.demonstration:
        os.environ["KULAN_DEMO"] = "yes"
    check_port_free(serving.host, serving.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    alone = "postgres" not in os.environ.get("DATABASE_URL", "").split(":")[0]
    with only_server(state, alone=alone), in_use_whole(state):
        prepare(state, demonstration=serving.demonstration, tell=tell)
        make_folder(state.absolute())
        children = [_start_server(serving)]
        try:
            if not _answers(children[0], serving):
                return children[0].returncode or 1
            if serving.with_worker:
                children.append(_start_worker())
            tell(f"Kulan serves at {serving.address} (Ctrl+C stops it)")
            return _wait(children)
        except (KeyboardInterrupt, SystemExit):
            return 0
        finally:
            _stop(children)


def check_port_free(host: str, port: int, *, wait_s: float = 5.0) -> None:
    """Refuse a port on which another listens.

    Parameters
    ----------
    host, port
        Where to listen.
    wait_s
        How long to wait for it: children of a server that was killed still let go of it.

    Raises
    ------
    AlreadyInUseError
        If another listens there, or this user may not.
    """
    deadline_s = time.monotonic() + wait_s
    while (problem := _port_problem(host, port)) is not None:
        if time.monotonic() > deadline_s or problem.errno != errno.EADDRINUSE:
            raise AlreadyInUseError(
                f"{host}, port {port}: Kulan cannot listen there ({problem.strerror}). Name "
                "another port with --port, or stop the program that listens on it."
            ) from problem
        time.sleep(0.2)


def _port_problem(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
            one.listen(1)
        except OSError as problem:
            return problem
    return None


def _answers(server: subprocess.Popen[bytes], serving: Serving) -> bool:
    """Wait until the server listens; False when it ended instead."""
    host = urlsplit(serving.address).hostname or serving.host
    while server.poll() is None:
        try:
            with socket.create_connection((host, serving.port), timeout=1):
                return True
        except OSError:
            time.sleep(0.05)
    return False


def _start_server(serving: Serving) -> subprocess.Popen[bytes]:
    return _start(
        [
            *(sys.executable, "-m", "kulan.web.operation.web_server", "--interface", "wsgi"),
            *("--host", serving.host, "--port", str(serving.port)),
            *("--workers", str(serving.workers), "--blocking-threads", str(serving.threads)),
            *("--backlog", "1024", "--no-ws", "--log-level", "warning"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
            "kulan.web.wsgi:application",
        ]
    )


def _start_worker() -> subprocess.Popen[bytes]:
    return _start([sys.executable, "-m", "kulan.web.operation.worker"])


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    environment = os.environ | {STARTED_BY_SERVE: "yes"}
    return subprocess.Popen(command, env=environment)  # noqa: S603  our own command


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until the server has ended, and return its exit code; start a worker that ends again."""
    server, workers = children[0], children[1:]
    while (code := server.poll()) is None:
        for worker in workers:
            if worker.poll() is not None:
                _log.error("the worker ended (%s); another is started", worker.returncode)
                time.sleep(_WORKER_REST_S)
                workers.remove(worker)
                workers.append(_start_worker())
                children[1:] = workers
                break
        time.sleep(0.2)
    return code or 1


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
