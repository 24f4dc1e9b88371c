"""Where evidence comes from: one function for each area whose objects can count for an action.

A source is named by its dotted path and is called with the viewer; it returns only what that viewer
may know of. None stands for a visitor without an account. A status is computed from nothing else,
so that it never tells of what its reader may not see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from kulan.web.policy import PUBLIC, Viewer

if TYPE_CHECKING:
    from kulan.programme.evidence import Evidence

EVIDENCE_SOURCES: tuple[str, ...] = ()
"""Dotted paths of functions ``evidence_objects(viewer) -> list[Evidence]``; each area adds one."""


def all_evidence(viewer: Viewer | None = None) -> tuple[Evidence, ...]:
    """Return the evidence of every area that exists for the viewer, in one order."""
    who = PUBLIC if viewer is None else viewer
    found = [one for source in EVIDENCE_SOURCES for one in _source(source)(who)]
    return tuple(sorted(found, key=lambda one: (one.day, one.kind, one.reference, one.title)))


@cache
def _source(path: str) -> Callable[[Viewer], list[Evidence]]:
    found: Callable[[Viewer], list[Evidence]] = import_string(path)
    return found
