"""Serve as `make run` does, ask for a page, stop it as a system would: a newcomer's day, in CI.

Starts ``make run`` on a free port, waits until ``/healthz`` answers, fetches the front page, sends
SIGTERM to the server and expects it to end well. Prints how long each took; leaves nothing running.
"""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STOP_WITHIN_SECONDS = 20


class NotServedError(Exception):
    """Something a newcomer would have stumbled over."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


def fetch(port: int, path: str) -> tuple[int, str]:
    """Return the status and the body of one answer.

    Raises
    ------
    OSError
        Nobody listens there.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", errors="replace")
    finally:
        connection.close()


@contextmanager
def made_to_run(state: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``make run`` in a session of its own; whatever is left of it in the end is killed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        make = subprocess.Popen(
            ["make", "--no-print-directory", "run", f"STATE={state}", f"PORT={port}"],
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield make
    finally:
        with suppress(ProcessLookupError):  # all of it has ended by itself
            os.killpg(make.pid, signal.SIGKILL)
        make.wait()


def wait_until_it_answers(make: subprocess.Popen[bytes], port: int, within: float) -> None:
    """Ask ``/healthz`` until it says that all is well.

    Raises
    ------
    NotServedError
        ``make run`` has ended, or time is up.
    """
    until = time.monotonic() + within
    said = "nobody listened"
    while time.monotonic() < until:
        if make.poll() is not None:
            raise NotServedError(f"make run ended by itself with code {make.returncode}")
        try:
            status, body = fetch(port, "/healthz")
        except (OSError, http.client.HTTPException):
            pass  # not yet
        else:
            if status == 200:
                return
            said = f"it said {status}: {body[:200]}"
        time.sleep(0.2)
    raise NotServedError(f"/healthz did not answer well within {within:.0f} s; {said}")


def children(parent: int) -> list[int]:
    """Return the processes that a process has started, as Linux lists them."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # ended while we looked
            # "pid (name) state parent ...", and a name may hold anything
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def stop(make: subprocess.Popen[bytes]) -> None:
    """Tell the server to end, not make: make reports its own end by a signal as a failure.

    Raises
    ------
    NotServedError
        It does not end, or not well.
    """
    for pid in children(make.pid):
        os.kill(pid, signal.SIGTERM)
    try:
        code = make.wait(timeout=STOP_WITHIN_SECONDS)
    except subprocess.TimeoutExpired as late:
        raise NotServedError(f"it did not end within {STOP_WITHIN_SECONDS} s of SIGTERM") from late
    if code != 0:
        raise NotServedError(f"told to end by SIGTERM, it ended with code {code}")


def try_serving(state: Path, within: float, log: Path, page: str = "/") -> str:
    """Serve, look, stop; return what it took, in words.

    Raises
    ------
    NotServedError
        Anything of it went wrong.
    """
    port = free_port()
    started = time.monotonic()
    with made_to_run(state, port, log) as make:
        wait_until_it_answers(make, port, within)
        ready = time.monotonic()
        status, body = fetch(port, page)
        fetched = time.monotonic()
        if status != 200 or "</html>" not in body:
            raise NotServedError(f"the page {page} said {status}: {body[:200]}")
        stop(make)
        ended = time.monotonic()
    return (
        f"ready after {ready - started:.1f} s, page in {fetched - ready:.2f} s, "
        f"stopped in {ended - fetched:.1f} s"
    )


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="state folder to serve")
    parser.add_argument("--within", type=float, default=180, help="seconds until it must answer")
    parser.add_argument("--page", default="/", help="page to fetch once it answers")
    asked = parser.parse_args()
    log = Path("build") / "ci" / "serving.log"
    try:
        print(try_serving(asked.state, asked.within, log, asked.page))
    except NotServedError as error:
        print(log.read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)
        print(f"{error}; what make run said stands above", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
