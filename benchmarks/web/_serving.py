"""A server of one's own for a benchmark: started on a free port, seeded, and stopped afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

READY_WITHIN_S = 180
STOPPED_WITHIN_S = 20
_SERVE = "import sys; sys.argv[0] = 'kulan'; from kulan.cli import main; main()"


@dataclass(frozen=True)
class Server:
    """A server that answers.

    Attributes
    ----------
    port
        Where it listens, on this machine only.
    pid
        Of the parent of all its processes.
    ready_s
        Seconds from its start until it answered, seeding included.
    """

    port: int
    pid: int
    ready_s: float

    @property
    def address(self) -> str:
        """Address of its front page, without the slash."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(environment: Mapping[str, str], *options: str) -> Iterator[Server]:
    """Serve the state folder of an environment, with the options of ``kulan serve``."""
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, "serve", "--port", str(port), *options],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until_it_answers(process, port)
        yield Server(port, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    """Ask for the front page until it is there: then the server has seeded and knows its data."""
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"the server ended by itself with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the server did not answer within {READY_WITHIN_S} s")


def memory_mb(pid: int) -> float:
    """Return the memory of a process and all it has started, MB, shared pages counted once each."""
    total = 0
    for one in [pid, *_descendants(pid)]:
        try:
            with open(f"/proc/{one}/smaps_rollup", encoding="ascii") as lines:
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:  # ended while we looked
            continue
    return total / 1000


def processor_s(pid: int) -> float:
    """Return the processor seconds that a process and all it has started have had."""
    ticks = 0
    for one in [pid, *_descendants(pid)]:
        try:
            with open(f"/proc/{one}/stat", encoding="ascii") as line:
                words = line.read().rpartition(")")[2].split()
        except OSError:  # ended while we looked
            continue
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> list[int]:
    found = []
    for child in _children(pid):
        found += [child, *_descendants(child)]
    return found


def _children(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as line:
            return [int(word) for word in line.read().split()]
    except OSError:
        return []
