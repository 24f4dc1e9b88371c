"""A child of `kulan serve` ends when its parent is gone, in whatever way that ended."""

import os
import signal
import threading
import time

STARTED_BY_SERVE = "KULAN_SERVED"
_LOOK_S = 0.5
_GRACE_S = 10.0


def end_with_parent() -> None:
    """Ask this process to end as soon as its parent is gone, if `kulan serve` started it."""
    if os.environ.get(STARTED_BY_SERVE):
        watch = threading.Thread(target=_watch, args=(os.getppid(),), name="parent", daemon=True)
        watch.start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    os._exit(1)
