"""`kulan serve` refuses what it could not do well, before it begins."""

import socket
import stat
import subprocess
import sys
from contextlib import contextmanager

import pytest

from kulan.errors import AlreadyInUseError, OutputDeniedError
from kulan.web.operation.serving import Serving, check_port_free
from kulan.web.operation.state_folder import in_use, make_private, only_server

HOLDER = """
import sys
from pathlib import Path
from kulan.web.operation import state_folder
with getattr(state_folder, sys.argv[1])(Path(sys.argv[2]), alone=sys.argv[3] == "alone"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(how: str, state, alone: str = "shared"):
    """Another process that holds a state folder; killed in the end."""
    command = [sys.executable, "-c", HOLDER, how, str(state), alone]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            holder.kill()


def test_a_port_that_another_has_is_refused_by_name():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AlreadyInUseError, match=f"port {port}.*--port"):
            check_port_free("127.0.0.1", port, wait_s=0)
    check_port_free("127.0.0.1", port, wait_s=0)


def test_an_address_that_is_not_ours_is_refused_at_once():
    with pytest.raises(AlreadyInUseError, match=r"192\.0\.2\.1"):
        check_port_free("192.0.2.1", 8000, wait_s=30)


def test_one_server_has_a_state_folder_on_sqlite(tmp_path):
    with (
        another("only_server", tmp_path, "alone"),
        pytest.raises(AlreadyInUseError, match="another Kulan runs"),
        only_server(tmp_path, alone=True),
    ):
        pass
    with only_server(tmp_path, alone=True):  # the lock ended with its process
        pass


def test_several_servers_share_a_state_folder_on_postgresql(tmp_path):
    with another("only_server", tmp_path), only_server(tmp_path, alone=False):
        pass


def test_nobody_else_uses_a_folder_that_is_restored(tmp_path):
    with another("in_use", tmp_path), in_use(tmp_path):
        pass
    with (
        another("in_use", tmp_path),
        pytest.raises(AlreadyInUseError),
        in_use(tmp_path, alone=True),
    ):
        pass


def test_a_state_folder_is_its_owners_alone(tmp_path):
    state = tmp_path / "state"
    make_private(state)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    state.chmod(0o755)
    make_private(state)
    assert stat.S_IMODE(state.stat().st_mode) == 0o750


def test_a_state_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputDeniedError, match="--state"):
        make_private(tmp_path / "file" / "state")


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "http://127.0.0.1:8000/"), ("::1", "http://[::1]:8000/")],
)
def test_the_address_is_one_to_open_in_a_browser_here(host, address):
    assert Serving(host=host).address == address
