"""Costly facts about what a reader sees of a version, kept in memory for a minute.

They are kept under the fingerprint of that sight, so no reader is told another's.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_MOST, _AGE_S = 2_000, 60.0
_lock = threading.Lock()
_kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
Found = TypeVar("Found")


def kept(key: Hashable, find: Callable[[], Found]) -> Found:
    """Return what was found for a key in the last minute, or find it now."""
    now = time.monotonic()
    with _lock:
        held = _kept.get(key)
    if held is not None and now - held[0] < _AGE_S:
        found: Found = held[1]
        return found
    found = find()
    with _lock:
        _kept[key] = (now, found)
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Forget everything: for tests, which change in a moment what otherwise stands for years."""
    with _lock:
        _kept.clear()
