"""Statuses of actions computed from objects of the system: what counts, and what still lacks."""

from kulan.programme.evidence.computing import status_of
from kulan.programme.evidence.declarations import Declaration, Requirement
from kulan.programme.evidence.objects import KIND_NAMES, KINDS, KINDS_OF_A_STATE, Evidence
from kulan.programme.evidence.statuses import (
    PROGRESS,
    STATUS_NAMES,
    Missing,
    OverriddenAnswer,
    Override,
    Status,
    StatusAnswer,
    lower,
    overridden,
)

__all__ = [
    "KINDS",
    "KINDS_OF_A_STATE",
    "KIND_NAMES",
    "PROGRESS",
    "STATUS_NAMES",
    "Declaration",
    "Evidence",
    "Missing",
    "OverriddenAnswer",
    "Override",
    "Requirement",
    "Status",
    "StatusAnswer",
    "lower",
    "overridden",
    "status_of",
]
