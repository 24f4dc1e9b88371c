"""How often someone may ask: counted in memory, by each process for itself."""

import threading
import time
from collections import OrderedDict

from kulan.errors import TooManyRequestsError

_MOST_KEYS = 50_000
_lock = threading.Lock()
_windows: OrderedDict[str, tuple[float, int]] = OrderedDict()


def check_rate(key: str, *, most: int, per_s: float, now_s: float | None = None) -> None:
    """Count one request of `key`, and refuse it when there were `most` in the last window.

    Parameters
    ----------
    key
        Who asks for what, such as ``search 10.0.0.7``.
    most
        Requests allowed in a window.
    per_s
        Length of a window, s.
    now_s
        Monotonic time, s; now when left out.

    Raises
    ------
    TooManyRequestsError
        Saying when to ask again.
    """
    now_s = time.monotonic() if now_s is None else now_s
    with _lock:
        began_s, count = _windows.get(key, (now_s, 0))
        if now_s - began_s >= per_s:
            began_s, count = now_s, 0
        _windows[key] = (began_s, count + 1)
        _windows.move_to_end(key)
        while len(_windows) > _MOST_KEYS:
            _windows.popitem(last=False)
    if count >= most:
        wait_s = max(1, round(began_s + per_s - now_s))
        refusal = TooManyRequestsError(
            f"More than {most} requests in {per_s:g} s; ask again in {wait_s} s."
        )
        refusal.wait_s = wait_s
        raise refusal


def forget_all() -> None:
    """Begin to count anew."""
    with _lock:
        _windows.clear()
