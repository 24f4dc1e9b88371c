"""CI's try of `make run`: it passes what a newcomer would be content with, and nothing else."""

import sys
import textwrap
from pathlib import Path

import pytest

import try_serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

SERVER = """
import http.server, os, signal, sys, time
health, page, ends = int(sys.argv[2]), sys.argv[3], sys.argv[4]
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(health if self.path == "/healthz" else 200)
        self.end_headers()
        self.wfile.write(b"ok" if self.path == "/healthz" else page.encode())
    def log_message(self, *args):
        pass
if ends != "never":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(int(ends)))
else:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder whose `make run` serves as it is told to; call it to try that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(try_serving, "STOP_WITHIN_SECONDS", 3)
    Path("server.py").write_text(textwrap.dedent(SERVER))

    def serve(*, health: int = 200, page: str = "<html></html>", ends: str = "0") -> str:
        command = f'exec {sys.executable} server.py "$(PORT)" {health} "{page}" {ends}'
        Path("Makefile").write_text(f"run:\n\t@{command}\n")
        return try_serving.try_serving(Path("state"), 3, Path("log"))

    return serve


def test_a_server_that_answers_and_ends_well_passes(served):
    assert "ready after" in served()


def test_a_server_that_ends_badly_is_named(served):
    with pytest.raises(try_serving.NotServedError, match="ended with code 2"):
        served(ends="3")  # make's own code for a recipe that failed is 2


def test_a_server_that_does_not_end_is_killed_and_named(served):
    with pytest.raises(try_serving.NotServedError, match="did not end within 3 s"):
        served(ends="never")


def test_a_server_that_is_never_well_is_named(served):
    with pytest.raises(try_serving.NotServedError, match="it said 503"):
        served(health=503)


def test_a_page_that_is_none_is_named(served):
    with pytest.raises(try_serving.NotServedError, match="page / said 200: oops"):
        served(page="oops")


def test_a_make_run_that_ends_at_once_is_named(served):
    Path("server.py").unlink()
    with pytest.raises(try_serving.NotServedError, match="ended by itself"):
        served()
