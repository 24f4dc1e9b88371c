"""Whether the server lives, and whether it can do its work."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

LEAST_FREE_BYTES = 200_000_000
_seen = {"migrated": False}


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django gives it
    """Answer "ok" when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return _say("ok\n", 200)


def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django gives it
    """Answer "ok" when a page could be answered and a change be kept; else what is wrong, and 503.

    It names no more than which part it is: anyone may ask.
    """
    wrong = [name for name, holds in _PARTS.items() if not holds()]
    return _say("".join(f"{name}: wrong\n" for name in wrong) or "ok\n", 503 if wrong else 200)


def _say(text: str, status: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="text/plain", headers=headers)


def _is_migrated() -> bool:
    from kulan.web.operation.migrating import is_behind  # noqa: PLC0415  reads all migrations

    if not _seen["migrated"]:  # once so, it stays so: a new version is a new process
        try:
            _seen["migrated"] = not is_behind()
        except DatabaseError:
            return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM catalogue_layer LIMIT 1")
    except DatabaseError:
        return False
    return _seen["migrated"]


def _is_writable() -> bool:
    return os.access(settings.STATE, os.W_OK | os.X_OK)


def _has_room() -> bool:
    return shutil.disk_usage(Path(settings.STATE)).free >= LEAST_FREE_BYTES


_PARTS = {"database": _is_migrated, "state folder": _is_writable, "disk": _has_room}
