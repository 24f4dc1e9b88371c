"""Memory is estimated before a run, and one that will not fit is refused with what to do."""

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity.circuits.networks import network_advanced, network_of, network_pairwise
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.memory import (
    Workers,
    assembled_need,
    available_bytes,
    check_memory,
    cost_need,
    each_site_need,
    pairs_need,
    random_signs_need,
    windows_need,
)
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.random_signs import omnidirectional_random
from kulan.connectivity.windows.sources import WindowRule
from kulan.errors import NotSolvedError, TooLargeError

LANDSCAPE = link_cells(np.ones((40, 40)))
SITES = Sites({1: np.array([0]), 2: np.array([1599]), 3: np.array([800])})
LITTLE = Solving(most_memory_bytes=100_000)
WIRES = np.eye(1, 1600).reshape(40, 40), np.eye(1, 1600, 1599).reshape(40, 40)
CHAIN = network_of(np.arange(1, 2000), np.arange(2, 2001), np.ones(1999))
CHAIN_WIRES = np.eye(1, 2000)[0], np.eye(1, 2000, 1999)[0]


@pytest.mark.parametrize(
    "run",
    [
        lambda: pairwise(LANDSCAPE, SITES, solving=LITTLE),
        lambda: one_to_all(LANDSCAPE, SITES, solving=LITTLE),
        lambda: all_to_one(LANDSCAPE, SITES, solving=LITTLE),
        lambda: omnidirectional_windows(
            LANDSCAPE, np.ones((40, 40)), WindowRule(9), solving=LITTLE
        ),
        lambda: omnidirectional_random(
            LANDSCAPE,
            np.ones((40, 40)),
            radius_cells=5,
            rng=np.random.default_rng(1),
            solving=LITTLE,
        ),
        lambda: advanced(LANDSCAPE, *WIRES, solving=LITTLE),
    ],
    ids=["pairs", "one to all", "all to one", "windows", "random signs", "sources and grounds"],
)
def test_what_will_not_fit_is_refused_before_it_begins(run, monkeypatch):
    def no_solve(*_given):
        raise AssertionError("it began")

    monkeypatch.setattr(RasterCircuit, "solve", no_solve)
    told = r"1,600 cells need about \d\.\d MB of memory \(.*and 0\.1 MB are allowed \(`most_memory"
    with pytest.raises(TooLargeError, match=told):
        run()


@pytest.mark.parametrize(
    "run",
    [
        lambda: network_pairwise(CHAIN, [1, 2000], solving=LITTLE),
        lambda: network_advanced(CHAIN, *CHAIN_WIRES, solving=LITTLE),
    ],
    ids=["pairs", "sources and grounds"],
)
def test_a_network_that_will_not_fit_is_refused_before_it_begins(run):
    told = r"equations of 2,000 nodes need about 2\.\d MB .*Take a part of the network"
    with pytest.raises(TooLargeError, match=told):
        run()


def test_a_refusal_names_what_takes_how_much_and_what_to_do():
    with pytest.raises(TooLargeError) as refused:
        check_memory(pairs_need(16_000_000, 19, Workers(4), maps=True), 2 * 10**9)

    assert str(refused.value) == (
        "circuits between pairs on 16,000,000 cells need about 5.65 GB of memory (the landscape "
        "at work 0.72 GB, 4 solves at once 2.62 GB, potentials and maps 2.30 GB), and 2.00 GB are "
        "allowed (`most_memory_bytes`). Take fewer workers, keep potentials on disk "
        "(`Solving(most_stored_bytes=0)`, `kept_in` or --keep), or take larger cells (of twice the "
        "side, they need a quarter). If you know that more may be used, state it as "
        "`most_memory_bytes` or with --memory-gb."
    )


def test_a_run_that_fits_is_not_touched():
    check_memory(cost_need(10**6), 10**8)
    found = pairwise(LANDSCAPE, SITES, solving=Solving(most_memory_bytes=10**8))
    assert found.failures == ()


def test_every_remedy_lessens_the_need():
    n = 10**7
    many = pairs_need(n, 30, Workers(4), maps=True).n_bytes
    assert pairs_need(n, 30, Workers(2), maps=True).n_bytes < many
    assert pairs_need(n, 1, Workers(4), maps=True).n_bytes < many
    assert pairs_need(n // 4, 30, Workers(4), maps=True).n_bytes < 0.26 * many
    assert pairs_need(n, 30, Workers(4, apart=True), maps=True).n_bytes > many
    two = random_signs_need(n, Workers(2), flow_potential=True).n_bytes
    assert random_signs_need(n, Workers(2), flow_potential=False).n_bytes < two
    wide = windows_need(n, 601**2, 900**2, Workers(2), flow_potential=True).n_bytes
    assert windows_need(n, 201**2, 300**2, Workers(2), flow_potential=True).n_bytes < wide


def test_who_works_on_this_machine_is_counted():
    assert Workers.of(None) == Workers(1)
    with ThreadPoolExecutor(3) as threads:
        assert Workers.of(threads) == Workers(3)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert Workers.of(processes) == Workers(2, apart=True)


def test_a_solver_that_assembles_is_passed_over_where_memory_lacks():
    # the multigrid may not finish, and a factorisation of 1600 nodes takes two megabytes
    solving = Solving(
        solvers=("multigrid", "direct"),
        most_iterations=1,
        tolerance=1e-14,
        most_memory_bytes=1_000_000,
    )
    rough = link_cells(log_normal_with_barriers(40))
    with pytest.raises(NotSolvedError, match="equations of 1,600 nodes need about") as failed:
        RasterCircuit(rough, solving=solving).solve(Injection.between(0, 1599))

    assert [one.solver for one in failed.value.attempts] == ["multigrid", "direct"]
    assert assembled_need(10**6, factorised=True).n_bytes > 10**9


# --- what the machine says ------------------------------------------------------------------------


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_free_memory_is_what_the_system_calls_available(tmp_path):
    root = machine(tmp_path, {"proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:  4000 kB\n"})
    assert available_bytes(root) == 4000 * 1024


def test_the_tightest_control_group_counts_without_old_files(tmp_path):
    root = machine(
        tmp_path,
        {
            "proc/meminfo": "MemAvailable: 9000000 kB\n",
            "proc/self/cgroup": "0::/batch/job7\n",
            "sys/fs/cgroup/batch/job7/memory.max": "max\n",
            "sys/fs/cgroup/batch/job7/memory.current": "7000\n",
            "sys/fs/cgroup/batch/memory.max": "1000000\n",
            "sys/fs/cgroup/batch/memory.current": "900000\n",
            "sys/fs/cgroup/batch/memory.stat": "anon 5\ninactive_file 50000\n",
        },
    )
    assert available_bytes(root) == 150_000


def test_groups_of_the_first_version_count_too(tmp_path):
    root = machine(
        tmp_path,
        {
            "proc/meminfo": "MemAvailable: 9000000 kB\n",
            "proc/self/cgroup": "3:cpu:/x\n5:memory,foo:/a\n",
            "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "3000000\n",
            "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "1000000\n",
        },
    )
    assert available_bytes(root) == 2_000_000


def test_where_the_system_tells_nothing_only_a_stated_limit_refuses(tmp_path, monkeypatch):
    assert available_bytes(tmp_path) is None
    monkeypatch.setattr("kulan.connectivity.memory.available_bytes", lambda: None)
    check_memory(cost_need(10**12))
    with pytest.raises(TooLargeError):
        check_memory(cost_need(10**12), 10**9)


def test_a_machine_that_is_full_refuses_what_is_large(monkeypatch):
    monkeypatch.setattr("kulan.connectivity.memory.available_bytes", lambda: 10**6)
    check_memory(cost_need(1000))
    with pytest.raises(TooLargeError, match=r"1\.0 MB are free"):
        check_memory(cost_need(10**8))


# --- the estimate against what is taken -----------------------------------------------------------

MEASURED = """
import numpy as np
from kulan.connectivity.circuits.{module} import {mode}
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.synthetic import log_normal_with_barriers

def told(name):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

def run(side, n_sites):
    landscape = link_cells(log_normal_with_barriers(side))
    cells = np.random.default_rng(1).choice(side**2, n_sites, replace=False)
    before = told("VmRSS")
    with open("/proc/self/clear_refs", "w") as marks:
        marks.write("5")
    {mode}(landscape, Sites({{k + 1: cells[k : k + 1] for k in range(n_sites)}}))
    return told("VmHWM") - before

run(60, 3)
print(run(1000, {n_sites}))
"""


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak of a process"
)
@pytest.mark.parametrize(
    ("module", "mode", "n_sites", "need"),
    [
        ("pairs", "pairwise", 6, pairs_need(10**6, 5, Workers(1), maps=True)),
        ("one_and_all", "all_to_one", 2, each_site_need(10**6, Workers(1), grounded=False)),
        ("one_and_all", "one_to_all", 2, each_site_need(10**6, Workers(1), grounded=True)),
    ],
    ids=["pairs", "all to one", "one to all"],
)
def test_the_estimate_is_within_a_quarter_of_the_peak(module, mode, n_sites, need, monkeypatch):
    # large arrays come from and go back to the system, as those of larger landscapes do anyway
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "262144")
    program = MEASURED.format(module=module, mode=mode, n_sites=n_sites)
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert need.n_bytes == pytest.approx(int(run.stdout), rel=0.25)
