"""What a process keeps in memory because it is asked for again and again: the last used of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by their keys, the last used ones of them; threads may share it.

    What someone may see of a value must stand in its key: a key that another can have too gives
    the other the same value. Values are shared, and so are never changed.
    """

    def __init__(self, most: int) -> None:
        """Take how many are kept."""
        self._most = most
        self._lock = threading.Lock()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return what is kept under a key, None where nothing is."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Key, value: Value) -> Value:
        """Keep a value, and return it."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value

    def of(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key; made, outside the lock, where nothing is.

        Examples
        --------
        >>> squares = Kept(2)
        >>> [squares.of(side, lambda: side**2) for side in (3, 4, 3)]
        [9, 16, 9]
        """
        found = self.get(key)
        return self.put(key, make()) if found is None else found
