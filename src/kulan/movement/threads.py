"""Linear algebra on one thread, so that an answer does not depend on how many there are."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
_turn = RLock()  # what is done on one thread may ask for more that is


def on_one_thread(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Have a function do its linear algebra on one thread, in whatever process it is called.

    Sums of products are split among threads, and so rounded otherwise with two threads than with
    one: the last digits would tell a worker of a cluster, which has one, from a process that has
    all. The matrices of one animal are small; animals are what is worked on side by side, in
    processes: threads of one process wait for each other here, as the limit is the process's.

    Parameters
    ----------
    function
        What is computed for one animal.

    Returns
    -------
    Callable
        The same, which processes and clusters can be handed as well.

    Examples
    --------
    >>> import numpy as np
    >>> product = on_one_thread(lambda matrix: matrix @ matrix)
    >>> product(np.eye(2)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    @wraps(function)
    def alone(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        with _turn, threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **named)

    return alone
