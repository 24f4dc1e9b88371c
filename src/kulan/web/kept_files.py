"""Documents that take long to make, kept in the state folder under what they were made from."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from kulan import __version__
from kulan.outputs import write_whole

_KEPT_S = 30 * 24 * 3600


def key_of(*made_from: object) -> str:
    """Return a short name of what a document is made from: those who may read the same share it.

    Parameters
    ----------
    made_from
        Everything that stands in the document, as values whose ``repr`` tells all of them. The
        version of Kulan is added.
    """
    told = repr((__version__, *made_from)).encode()
    return hashlib.blake2b(told, digest_size=16).hexdigest()


def kept_now(kind: str, name: str) -> bytes | None:
    """Return the document that is kept under a name; None where there is none."""
    path = Path(settings.STATE) / "cache" / kind / name
    try:
        body = path.read_bytes()
        path.touch()
    except FileNotFoundError:
        return None
    return body


def kept_file(kind: str, name: str, make: Callable[[], bytes], *, kept_s: float = _KEPT_S) -> bytes:
    """Return the document that is kept under a name, or make it and keep it.

    Parameters
    ----------
    kind
        Name of the folder below ``cache``; what was not asked for within `kept_s` goes.
    name
        From `key_of`, with an ending.
    make
        Makes its content.
    kept_s
        How long it is kept, s; a month when left out.
    """
    kept = kept_now(kind, name)
    if kept is not None:
        return kept
    body = make()
    path = Path(settings.STATE) / "cache" / kind / name
    write_whole(path, body)
    oldest = time.time() - kept_s
    for other in path.parent.glob(f"*{path.suffix}"):
        if other.stat().st_mtime < oldest:
            other.unlink(missing_ok=True)
    return body
