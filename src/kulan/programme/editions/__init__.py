"""Editions of a plan side by side: alignment, differences in words, progress carried across."""

from kulan.programme.editions.aligning import aligned
from kulan.programme.editions.carrying import Carried, carried_across
from kulan.programme.editions.crosswalks import (
    KINDS,
    STATES,
    Crosswalk,
    Pair,
    decided,
    joined_by_hand,
)
from kulan.programme.editions.differences import Piece, word_differences
from kulan.programme.editions.reading import read_crosswalk, read_statuses
from kulan.programme.editions.stated import Stated, stated_in_register, stated_in_text

__all__ = [
    "KINDS",
    "STATES",
    "Carried",
    "Crosswalk",
    "Pair",
    "Piece",
    "Stated",
    "aligned",
    "carried_across",
    "decided",
    "joined_by_hand",
    "read_crosswalk",
    "read_statuses",
    "stated_in_register",
    "stated_in_text",
    "word_differences",
]
