"""Long runs: shared out to threads and processes, watched, stopped, killed and gone on with."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity import kept_work
from kulan.connectivity.circuits.merged_circuits import MergedCircuits
from kulan.connectivity.circuits.networks import network_of, network_pairwise
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.scenarios import EachLandscape
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows import exact
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.one_window import window_current
from kulan.connectivity.windows.random_signs import omnidirectional_random
from kulan.connectivity.windows.sources import WindowRule
from kulan.connectivity.workers import answers
from kulan.errors import InvalidFileError, NotSolvedError, WorkerLostError

SIDE = 60
LANDSCAPE = link_cells(log_normal_with_barriers(SIDE))
POINTS = Sites({k: np.array([k * 700]) for k in range(1, 6)})
WITH_REGIONS = Sites({**POINTS.cells, 2: np.array([1400, 1401]), 4: np.array([2800, 2860, 2861])})
MULTIGRID = Solving(solvers=("multigrid",))


def processes(n: int = 2) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(n, mp_context=multiprocessing.get_context("spawn"))


def same_bytes(one, other) -> bool:
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for name in ("resistance", "cumulative", "maximum")
    )


@pytest.fixture(scope="module")
def two_processes():
    with processes() as pool:
        yield pool


# --- the same bytes, whoever works ----------------------------------------------------------------


@pytest.mark.parametrize("sites", [POINTS, WITH_REGIONS], ids=["points", "regions"])
def test_pairs_solved_by_threads_or_processes_give_the_same_bytes(sites, two_processes):
    alone = pairwise(LANDSCAPE, sites, solving=MULTIGRID)
    with ThreadPoolExecutor(3) as threads:
        by_threads = pairwise(LANDSCAPE, sites, solving=MULTIGRID, executor=threads)
    by_processes = pairwise(LANDSCAPE, sites, solving=MULTIGRID, executor=two_processes)

    assert same_bytes(alone, by_threads)
    assert same_bytes(alone, by_processes)
    assert alone.attempts == by_threads.attempts == by_processes.attempts


@pytest.mark.parametrize("mode", [one_to_all, all_to_one])
def test_each_site_solved_by_threads_or_processes_gives_the_same_bytes(mode, two_processes):
    alone = mode(LANDSCAPE, WITH_REGIONS, strengths={3: 2.0}, solving=MULTIGRID)
    with ThreadPoolExecutor(3) as threads:
        by_threads = mode(
            LANDSCAPE, WITH_REGIONS, strengths={3: 2.0}, solving=MULTIGRID, executor=threads
        )
    by_processes = mode(
        LANDSCAPE, WITH_REGIONS, strengths={3: 2.0}, solving=MULTIGRID, executor=two_processes
    )

    assert same_bytes(alone, by_threads)
    assert same_bytes(alone, by_processes)


def test_maps_come_in_the_same_order_with_the_same_bytes_from_processes(two_processes):
    here, there = [], []
    pairwise(LANDSCAPE, WITH_REGIONS, receive=here.append)
    pairwise(LANDSCAPE, WITH_REGIONS, receive=there.append, executor=two_processes)

    assert len(here) == 10
    assert [(one.first, one.second) for one in here] == [(one.first, one.second) for one in there]
    for one, other in zip(here, there, strict=True):
        assert one.voltage.tobytes() == other.voltage.tobytes()
        assert one.current.tobytes() == other.current.tobytes()


def test_pairs_of_a_network_solved_by_processes_give_the_same_bytes(two_processes):
    ring = network_of(np.arange(9), np.r_[np.arange(1, 9), 0], np.linspace(1.0, 2.0, 9))
    alone = network_pairwise(ring, [0, 3, 6])
    there = network_pairwise(ring, [0, 3, 6], executor=two_processes)

    assert alone.resistance.tobytes() == there.resistance.tobytes()
    assert alone.link_current.tobytes() == there.link_current.tobytes()


def test_resistances_alone_are_those_with_maps():
    with_maps = pairwise(LANDSCAPE, POINTS)
    without = pairwise(LANDSCAPE, POINTS, maps=False)

    assert with_maps.resistance.tobytes() == without.resistance.tobytes()
    assert not without.cumulative.any()


def test_a_circuit_is_built_once_for_all_threads(monkeypatch):
    built = []
    prepare = RasterCircuit.prepare
    monkeypatch.setattr(
        RasterCircuit, "prepare", lambda self: (built.append(id(self)), prepare(self))
    )
    with ThreadPoolExecutor(4) as threads:
        pairwise(LANDSCAPE, POINTS, solving=MULTIGRID, executor=threads)

    assert len(set(built)) == 1


def test_what_was_computed_of_a_landscape_stays_where_it_was_computed():
    circuits = MergedCircuits(LANDSCAPE, None, POINTS, MULTIGRID)
    circuit = circuits.circuit(to_solve=True)

    assert circuit.__getstate__().keys() == {"stencil", "merged", "ground", "solving"}
    assert not circuits.__getstate__()["_last"]


# --- watched --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [pairwise, one_to_all, all_to_one])
def test_progress_rises_to_the_end(mode):
    told = []
    mode(LANDSCAPE, WITH_REGIONS, report=lambda *step: told.append(step))

    done = [step for step, _ in told]
    assert done == sorted(set(done))
    assert {total for _, total in told} == {done[-1]}
    assert len(done) >= 5


def test_progress_of_points_counts_solves_and_their_maps():
    told = []
    pairwise(LANDSCAPE, POINTS, report=lambda *step: told.append(step))

    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("sites", [POINTS, WITH_REGIONS], ids=["points", "regions"])
def test_who_watches_may_stop_a_run_and_nothing_more_is_begun(sites, tmp_path):
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as one_thread:
        with pytest.raises(KeyboardInterrupt):
            pairwise(LANDSCAPE, sites, executor=one_thread, report=stop, kept_in=tmp_path)
        begun = len(list(tmp_path.glob("*.npz")))

    # at most what was begun when the first was done; the rest was cancelled
    assert 1 <= begun <= 3
    assert len(list(tmp_path.glob("*.npz"))) <= 3


# --- gone on with ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [pairwise, one_to_all, all_to_one])
def test_a_stopped_run_goes_on_without_doing_anything_twice(mode, tmp_path, monkeypatch):
    whole = mode(LANDSCAPE, WITH_REGIONS)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mode(LANDSCAPE, WITH_REGIONS, report=stop, kept_in=tmp_path)
    kept = len(list(tmp_path.glob("*.npz")))
    solved = []
    solve = RasterCircuit.solve
    monkeypatch.setattr(
        RasterCircuit, "solve", lambda self, given: (solved.append(given), solve(self, given))[1]
    )
    resumed = mode(LANDSCAPE, WITH_REGIONS, kept_in=tmp_path)

    assert kept >= 2
    assert same_bytes(whole, resumed)
    assert whole.attempts == resumed.attempts
    assert len(solved) == len(list(tmp_path.glob("*.npz"))) - kept
    again = mode(LANDSCAPE, WITH_REGIONS, kept_in=tmp_path)
    assert len(solved) == len(list(tmp_path.glob("*.npz"))) - kept
    assert same_bytes(whole, again)


def test_what_was_kept_of_another_landscape_or_tolerance_is_left_alone(tmp_path):
    pairwise(LANDSCAPE, POINTS, kept_in=tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    other = link_cells(2 * log_normal_with_barriers(SIDE))

    found = pairwise(other, POINTS, kept_in=tmp_path)
    assert same_bytes(found, pairwise(other, POINTS))
    assert len(list(tmp_path.iterdir())) == 2 * len(kept)
    pairwise(LANDSCAPE, POINTS, solving=Solving(tolerance=1e-3), kept_in=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3 * len(kept)
    pairwise(LANDSCAPE, POINTS, solving=Solving(most_stored_bytes=1), kept_in=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3 * len(kept)


def test_what_another_state_of_the_program_kept_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_work, "program", lambda: "another state")
    pairwise(LANDSCAPE, POINTS, kept_in=tmp_path)
    of_another = {path.name for path in tmp_path.iterdir()}
    monkeypatch.undo()

    pairwise(LANDSCAPE, POINTS, kept_in=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2 * len(of_another)


def test_a_changed_source_is_another_state_of_the_program(tmp_path, monkeypatch):
    (tmp_path / "circuits").mkdir()
    source = tmp_path / "circuits" / "relaxation.py"
    source.write_text("omega = 1.0")
    monkeypatch.setattr(kept_work.resources, "files", lambda _package: tmp_path)
    before = kept_work.program.__wrapped__()
    assert before == kept_work.program.__wrapped__()

    source.write_text("omega = 1.1")
    assert kept_work.program.__wrapped__() != before


@pytest.mark.parametrize("content", [b"cut short", b""], ids=["cut short", "empty"])
@pytest.mark.parametrize("ending", ["npz", "npy"])
def test_a_kept_piece_that_was_damaged_is_refused_by_name(ending, content, tmp_path):
    pairwise(LANDSCAPE, POINTS, kept_in=tmp_path)
    damaged = sorted(tmp_path.glob(f"*.{ending}"))[0]
    damaged.write_bytes(content)

    with pytest.raises(InvalidFileError, match=rf"{damaged.name}.*Delete it"):
        pairwise(LANDSCAPE, POINTS, kept_in=tmp_path)


def test_a_piece_whose_grid_was_deleted_is_solved_anew(tmp_path):
    whole = pairwise(LANDSCAPE, POINTS, kept_in=tmp_path)
    sorted(tmp_path.glob("*.npy"))[0].unlink()

    assert same_bytes(whole, pairwise(LANDSCAPE, POINTS, kept_in=tmp_path))


KILLED = """
import sys
from pathlib import Path
import numpy as np
from kulan.connectivity.circuits.{module} import {mode}
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.synthetic import log_normal_with_barriers

landscape = link_cells(log_normal_with_barriers(60))
cells = {{k: np.array([k * 700]) for k in range(1, 6)}}
cells[2], cells[4] = np.array([1400, 1401]), np.array([2800, 2860, 2861])

def report(done, total):
    if done == 3:
        print("three", flush=True)
        sys.stdin.read()

{mode}(landscape, Sites(cells), kept_in=Path(sys.argv[1]), report=report)
"""


def killed_after_three(program: str, folder: Path) -> None:
    """Run a program that stops to read at its third step, and kill it there."""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout.readline() == "three\n"
        run.send_signal(signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("module", "mode"), [("pairs", pairwise), ("one_and_all", one_to_all)], ids=["pairs", "sites"]
)
def test_a_killed_run_goes_on_and_gives_the_same_bytes(module, mode, tmp_path):
    killed_after_three(KILLED.format(module=module, mode=mode.__name__), tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    resumed = mode(LANDSCAPE, WITH_REGIONS, kept_in=tmp_path)

    # of pairs, the third step is the maps of the points; of sites, it is the third site
    assert len([path for path in kept if path.suffix == ".npz"]) == (2 if mode is pairwise else 3)
    assert same_bytes(resumed, mode(LANDSCAPE, WITH_REGIONS))
    assert kept.items() <= {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}.items()


KILLED_WINDOWS = """
import sys
from pathlib import Path
import numpy as np
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.random_signs import omnidirectional_random
from kulan.connectivity.windows.sources import WindowRule

landscape = link_cells(log_normal_with_barriers(60))
steps = []

def report(done, total):
    steps.append(done)
    if len(steps) == 3:
        print("three", flush=True)
        sys.stdin.read()

strengths, kept_in = np.ones((60, 60)), Path(sys.argv[1])
{call}
"""


def test_killed_windows_go_on_and_give_the_same_bytes(tmp_path):
    call = "omnidirectional_windows(landscape, strengths, WindowRule(5, 5), report=report, "
    killed_after_three(KILLED_WINDOWS.format(call=call + "kept_in=kept_in)"), tmp_path)
    kept = list(tmp_path.iterdir())
    rule, strengths = WindowRule(5, 5), np.ones(LANDSCAPE.shape)
    resumed = omnidirectional_windows(LANDSCAPE, strengths, rule, kept_in=tmp_path)

    assert len(kept) == 3
    assert len(list(tmp_path.iterdir())) == 4
    whole = omnidirectional_windows(LANDSCAPE, strengths, rule)
    assert resumed.normalised.tobytes() == whole.normalised.tobytes()


def test_killed_draws_of_random_signs_go_on_and_give_the_same_bytes(tmp_path):
    call = "omnidirectional_random(landscape, strengths, radius_cells=6, n_draws=5, report=report, "
    call += "rng=np.random.default_rng(1), kept_in=kept_in)"
    killed_after_three(KILLED_WINDOWS.format(call=call), tmp_path)
    kept = list(tmp_path.iterdir())

    assert len(kept) == 3
    assert drawn(kept_in=tmp_path).normalised.tobytes() == drawn().normalised.tobytes()


# --- what fails -----------------------------------------------------------------------------------


def starved(self, injection):
    if 1400 in injection.places:
        raise MemoryError
    return solve_as_ever(self, injection)


solve_as_ever = RasterCircuit.solve


@pytest.mark.parametrize("sites", [POINTS, WITH_REGIONS], ids=["points", "regions"])
def test_pairs_for_which_memory_lacks_are_recorded_and_the_others_go_on(
    sites, monkeypatch, tmp_path
):
    monkeypatch.setattr(RasterCircuit, "solve", starved)
    found = pairwise(LANDSCAPE, sites, kept_in=tmp_path)

    assert {(one.first, one.second) for one in found.failures} == {(1, 2), (2, 3), (2, 4), (2, 5)}
    assert {one.reason for one in found.failures} == {"out of memory"}
    assert np.isnan(found.resistance).sum() == 8
    monkeypatch.undo()
    # failures are not kept: where there is room again, they are solved
    assert same_bytes(pairwise(LANDSCAPE, sites, kept_in=tmp_path), pairwise(LANDSCAPE, sites))


@pytest.mark.parametrize("mode", [one_to_all, all_to_one])
def test_a_site_for_which_memory_lacks_is_recorded_and_the_others_go_on(mode, monkeypatch):
    def starved(self, injection):
        if injection.places[-1] == 700:
            raise MemoryError
        return solve_as_ever(self, injection)

    monkeypatch.setattr(RasterCircuit, "solve", starved)
    found = mode(LANDSCAPE, POINTS)

    assert [(one.first, one.reason) for one in found.failures] == [(1, "out of memory")]
    assert np.isnan(found.resistance).tolist() == [True, False, False, False, False]


def test_a_failure_tells_every_try_of_a_solver():
    # 300 iterations of nothing: no solver is allowed to come to an end
    solving = Solving(solvers=("multigrid",), most_iterations=1, tolerance=1e-14)
    found = pairwise(LANDSCAPE, POINTS, solving=solving)

    assert len(found.failures) == 10
    assert [one.solver for one in found.failures[0].attempts] == ["multigrid"]
    assert found.failures[0].attempts[0].iterations == 1


def test_a_failure_in_another_process_is_recorded_too(two_processes):
    solving = Solving(solvers=("multigrid",), most_iterations=1, tolerance=1e-14)
    here = pairwise(LANDSCAPE, WITH_REGIONS, solving=solving)
    there = pairwise(LANDSCAPE, WITH_REGIONS, solving=solving, executor=two_processes)

    assert len(here.failures) == 10
    assert here.failures == there.failures


def test_a_worker_that_ends_ends_the_run_with_what_to_do():
    with (
        processes(1) as pool,
        pytest.raises(WorkerLostError, match="fewer workers"),
    ):
        list(answers(end_this_process, [(k,) for k in range(3)], pool))


def end_this_process(code: int) -> None:
    os._exit(code)


def test_windows_for_which_memory_lacks_are_recorded_and_solved_when_there_is_room(
    monkeypatch, tmp_path
):
    strengths = np.ones(LANDSCAPE.shape)
    whole = omnidirectional_windows(LANDSCAPE, strengths, WindowRule(5, 5))
    calls = []

    def starved(*given):
        calls.append(given)
        if len(calls) == 4:
            raise MemoryError
        return window_current(*given)

    monkeypatch.setattr(exact, "window_current", starved)
    found = omnidirectional_windows(LANDSCAPE, strengths, WindowRule(5, 5), kept_in=tmp_path)
    monkeypatch.undo()
    resumed = omnidirectional_windows(LANDSCAPE, strengths, WindowRule(5, 5), kept_in=tmp_path)

    assert [one.reason for one in found.failures] == ["out of memory"]
    assert found.n_windows == whole.n_windows - 1
    assert resumed.failures == ()
    assert resumed.current.tobytes() == whole.current.tobytes()


def drawn(**options):
    return omnidirectional_random(
        LANDSCAPE,
        np.ones(LANDSCAPE.shape),
        radius_cells=6,
        rng=np.random.default_rng(1),
        n_draws=5,
        **options,
    )


def test_draws_of_random_signs_go_on_and_give_the_same_bytes(tmp_path, two_processes):
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drawn(report=stop, kept_in=tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    whole, resumed = drawn(), drawn(kept_in=tmp_path, executor=two_processes)

    assert len(kept) == 2
    assert kept.items() <= {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}.items()
    assert len(list(tmp_path.iterdir())) == 5
    assert whole.normalised.tobytes() == resumed.normalised.tobytes()
    assert whole.current_se.tobytes() == resumed.current_se.tobytes()


def test_a_draw_that_fails_is_left_out_and_the_estimate_says_so(monkeypatch):
    whole = drawn()
    calls = []

    def fail_once(self, injection):
        calls.append(injection)
        if len(calls) == 3:
            raise NotSolvedError("no solver balanced the currents")
        return solve_as_ever(self, injection)

    monkeypatch.setattr(RasterCircuit, "solve", fail_once)
    found = drawn()

    assert [(one.first, one.reason) for one in found.failures] == [
        (2, "no solver balanced the currents")
    ]
    assert (found.n_draws, whole.n_draws) == (4, 5)
    np.testing.assert_allclose(found.normalised.mean(), whole.normalised.mean(), rtol=0.2)


def test_where_too_few_draws_are_solved_there_is_no_estimate(monkeypatch):
    def fail(*_given):
        raise NotSolvedError("no solver balanced the currents")

    monkeypatch.setattr(RasterCircuit, "solve", fail)
    with pytest.raises(NotSolvedError, match="0 of 5 draws were solved: no solver"):
        drawn()


# --- several landscapes ---------------------------------------------------------------------------


def resistance_across(factor: float) -> float:
    if factor == 3.0:
        raise NotSolvedError("no solver balanced the currents")
    found = pairwise(link_cells(factor * log_normal_with_barriers(20)), CORNERS)
    return float(found.resistance[0, 1])


CORNERS = Sites({1: np.array([0]), 2: np.array([399])})


def test_a_member_of_an_ensemble_that_fails_is_left_out_and_told():
    told = []
    with ThreadPoolExecutor(2) as threads:
        each = EachLandscape(
            resistance_across, [1.0, 3.0, 2.0], threads, lambda *step: told.append(step)
        )
        found = list(each)

    assert found[0] == pytest.approx(2 * found[1])
    assert [(one.number, one.reason) for one in each.left_out] == [
        (1, "no solver balanced the currents")
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_landscapes_are_made_only_when_somebody_is_free_for_them():
    made = []

    def landscapes():
        for k in range(20):
            made.append(k)
            yield float(k)

    with ThreadPoolExecutor(1) as thread:
        first = next(iter(EachLandscape(abs, landscapes(), thread)))

    assert first == 0.0
    assert len(made) <= 2


def test_a_waiting_task_is_cancelled_when_its_answers_are_no_longer_wanted():
    done = []

    def slow(k: int) -> int:
        time.sleep(0.01)
        done.append(k)
        return k

    with ThreadPoolExecutor(2) as threads:
        found = answers(slow, ((k,) for k in range(100)), threads)
        assert next(found) == 0
        found.close()
    assert len(done) <= 5


def test_kept_files_are_named_by_content_alone(tmp_path):
    pairwise(LANDSCAPE, POINTS, kept_in=tmp_path / "a")
    pairwise(LANDSCAPE, POINTS, kept_in=tmp_path / "b")

    names = [sorted(path.name for path in (tmp_path / one).iterdir()) for one in "ab"]
    assert names[0] == names[1]
