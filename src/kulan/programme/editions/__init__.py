"""Editions of a plan side by side: alignment, differences in words, progress carried across."""

from kulan.programme.editions.aligning import aligned
from kulan.programme.editions.carrying import Carried, carried_across, status_over
from kulan.programme.editions.crosswalks import (
    KINDS,
    MORE_LIKE,
    STATES,
    Crosswalk,
    Pair,
    decided,
    joined_by_hand,
)
from kulan.programme.editions.differences import Piece, word_differences
from kulan.programme.editions.inheriting import Link, inherited, read_for
from kulan.programme.editions.reading import check_claims, read_crosswalk, read_statuses
from kulan.programme.editions.stated import (
    Stated,
    stated_in_list,
    stated_in_register,
    stated_in_text,
)

__all__ = [
    "KINDS",
    "MORE_LIKE",
    "STATES",
    "Carried",
    "Crosswalk",
    "Link",
    "Pair",
    "Piece",
    "Stated",
    "aligned",
    "carried_across",
    "check_claims",
    "decided",
    "inherited",
    "joined_by_hand",
    "read_crosswalk",
    "read_for",
    "read_statuses",
    "stated_in_list",
    "stated_in_register",
    "stated_in_text",
    "status_over",
    "word_differences",
]
