"""Statuses of actions computed from objects of the system: what counts, and what still lacks."""

from kulan.programme.evidence.computing import status_of
from kulan.programme.evidence.declarations import Declaration, Requirement
from kulan.programme.evidence.declared import Reading, declarations, readings, states_concerned
from kulan.programme.evidence.objects import KIND_NAMES, KINDS, KINDS_OF_ONE_STATE, Evidence
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
    "KINDS_OF_ONE_STATE",
    "KIND_NAMES",
    "PROGRESS",
    "STATUS_NAMES",
    "Declaration",
    "Evidence",
    "Missing",
    "OverriddenAnswer",
    "Override",
    "Reading",
    "Requirement",
    "Status",
    "StatusAnswer",
    "declarations",
    "lower",
    "overridden",
    "readings",
    "states_concerned",
    "status_of",
]
