"""How much memory and room on disk there is, to choose between computing in memory and by tiles."""

import os
import shutil
from pathlib import Path

from kulan.errors import TooLargeError

_SHARE = 0.6


def memory_left_bytes() -> int | None:
    """Return how much memory may be taken without driving others out; None where nobody tells."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            return int(amount.split()[0]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None


def fits_in_memory(needed_bytes: int) -> bool:
    """Whether so much can be taken, with some left for others; yes where nobody tells."""
    left = memory_left_bytes()
    return left is None or needed_bytes <= _SHARE * left


def check_room_on_disk(folder: Path, needed_bytes: int, what: str) -> None:
    """Refuse work whose files would not fit.

    Parameters
    ----------
    folder
        Where they shall lie.
    needed_bytes
        How large they become.
    what
        What they hold, for the message.

    Raises
    ------
    TooLargeError
        If there is not so much room.
    """
    free = shutil.disk_usage(folder).free
    if needed_bytes > free:
        raise TooLargeError(
            f"{what}: {needed_bytes / 1e9:,.1f} GB are needed in {folder}, {free / 1e9:,.1f} GB "
            "are free. Use larger cells, a smaller part of the region, fewer sites or "
            "--max-cost-km, or name a folder with more room in TMPDIR."
        )
