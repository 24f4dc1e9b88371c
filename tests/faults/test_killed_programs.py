"""Killed at any moment, a program leaves the old state or the new one, and goes on from either."""

import socket

import pytest

from killed_programs import KINDS, kill_often, kill_server

# whole programs, started and killed: minutes
pytestmark = pytest.mark.slow
TIMES = 5


@pytest.mark.parametrize("name", KINDS)
def test_what_a_killed_program_leaves_is_old_or_new(name, tmp_path):
    outcome = kill_often(name, TIMES, tmp_path / name, seed=7)
    assert outcome.times == TIMES
    assert outcome.ended_first < TIMES  # some were killed in the middle


def test_a_killed_server_serves_again_and_its_worker_ends_the_job(tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    outcome = kill_server(2, tmp_path, port, seed=7)
    assert outcome.times == 2
