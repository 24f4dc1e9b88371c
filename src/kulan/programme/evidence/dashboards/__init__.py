"""Dashboards over all actions: statuses on many days, counted, what is stalled, what is near."""

from kulan.programme.evidence.dashboards.boards import Board, board_of, with_overrides
from kulan.programme.evidence.dashboards.tallies import (
    FACETS,
    PRIORITIES,
    Choice,
    OneMore,
    Stalled,
    chosen,
    one_more,
    over_time,
    stalled,
    statuses,
    tally,
    values_of,
)
from kulan.programme.evidence.dashboards.weighing import NOT_ASKED, STATUSES, Asked

__all__ = [
    "FACETS",
    "NOT_ASKED",
    "PRIORITIES",
    "STATUSES",
    "Asked",
    "Board",
    "Choice",
    "OneMore",
    "Stalled",
    "board_of",
    "chosen",
    "one_more",
    "over_time",
    "stalled",
    "statuses",
    "tally",
    "values_of",
    "with_overrides",
]
