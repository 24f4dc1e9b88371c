"""Killed at any moment, a program leaves the old state or the new one, and goes on from either."""

import socket

import pytest

from killed_programs import KINDS, kill_often, kill_server

# whole programs, started and killed; `benchmarks/faults.py` does it by the fifty
pytestmark = pytest.mark.slow
TIMES = {"seeding": 2, "restoring": 2}


@pytest.mark.parametrize("name", KINDS)
def test_what_a_killed_program_leaves_is_old_or_new(name, tmp_path):
    times = TIMES.get(name, 5)
    outcome = kill_often(name, times, tmp_path / name, seed=7)
    assert sum(outcome.left.values()) == times


def test_a_killed_server_serves_again_and_its_worker_ends_the_job(tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    outcome = kill_server(2, tmp_path, port, seed=7)
    assert sum(outcome.left.values()) == 2
