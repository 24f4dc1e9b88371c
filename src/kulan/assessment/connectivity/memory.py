"""How much memory and room on disk there is, to choose between computing in memory and by tiles."""

import shutil
from pathlib import Path

from kulan.connectivity.memory import available_bytes
from kulan.errors import TooLargeError

_SHARE = 0.6


def fits_in_memory(needed_bytes: int) -> bool:
    """Whether so much can be taken, with some left for others; yes where nobody tells."""
    left = available_bytes()
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
