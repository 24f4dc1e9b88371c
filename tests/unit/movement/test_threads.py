"""An answer about movement is the same on any number of threads."""

import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from kulan.movement.corridors.animals import animal_use
from kulan.movement.models import make_model, simulate
from kulan.movement.ranges.akde import akde
from kulan.movement.threads import on_one_thread


def threads_now() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_linear_algebra_is_on_one_thread_inside_and_as_before_outside():
    with threadpool_limits(limits=2, user_api="blas"):
        before = threads_now()
        assert on_one_thread(threads_now)() == {1}
        assert threads_now() == before


def test_it_is_as_before_after_an_error_too():
    @on_one_thread
    def fail() -> None:
        raise ValueError("no range")

    with threadpool_limits(limits=2, user_api="blas"):
        before = threads_now()
        with pytest.raises(ValueError, match="no range"):
            fail()
        assert threads_now() == before


def test_threads_of_a_process_take_turns_and_leave_it_as_it_was():
    inside, most = [], []

    @on_one_thread
    def work(_: int) -> set[int]:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return threads_now()

    before = threads_now()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [{1}] * 8
    assert max(most) == 1
    assert threads_now() == before


def test_what_is_done_on_one_thread_may_ask_for_more_that_is():
    assert on_one_thread(on_one_thread(threads_now))() == {1}


def test_a_worker_can_be_handed_what_is_done_on_one_thread():
    assert pickle.loads(pickle.dumps(animal_use)) is animal_use


def test_a_range_has_the_same_bytes_with_one_thread_and_with_two():
    model = make_model(kind="OU", memory=(345_600.0,), sigma_m2=np.diag([9e8, 4e8]))
    track = simulate(model, np.arange(300) * 14_400.0, np.random.default_rng(11))
    found = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads, user_api="blas"):
            found.append(on_one_thread(akde)(track, model).distribution.mass.tobytes())
    assert found[0] == found[1]
