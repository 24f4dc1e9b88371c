"""A comparison of two editions as files: the crosswalk as CSV and JSON, differences in words."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from kulan.programme.editions.carrying import Carried
from kulan.programme.editions.crosswalks import Crosswalk, Pair
from kulan.programme.editions.differences import Piece, word_differences
from kulan.programme.editions.stated import Stated
from kulan.programme.editions.tables import CARRIED, CROSSWALK
from kulan.safe_cells import safe_cell

_MARKS = {"kept": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


def comparison_files(
    walk: Crosswalk, before: Sequence[Stated], after: Sequence[Stated]
) -> dict[str, bytes]:
    """Return the files that tell a comparison, by name: ``crosswalk.csv`` and ``crosswalk.json``.

    Parameters
    ----------
    walk
        The crosswalk.
    before, after
        The actions it pairs.
    """
    words_before = {one.action_id: one.words for one in before}
    words_after = {one.action_id: one.words for one in after}
    told = [(pair, _pieces(pair, words_before, words_after)) for pair in walk.pairs]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CROSSWALK.column_names)
    for pair, pieces in told:
        row = [";".join(pair.before), ";".join(pair.after), pair.kind, pair.score, pair.state]
        words = (";".join(pair.reasons), pair.why, marked(pieces))
        writer.writerow([*row, *map(safe_cell, words)])
    held: dict[str, Any] = {
        "before_edition": walk.before_edition,
        "after_edition": walk.after_edition,
        "pairs": [
            {
                "before": pair.before,
                "after": pair.after,
                "kind": pair.kind,
                "score": pair.score,
                "state": pair.state,
                "reasons": pair.reasons,
                "why": pair.why,
                "difference": [[piece.kind, piece.words] for piece in pieces],
            }
            for pair, pieces in told
        ],
    }
    return {
        "crosswalk.csv": buffer.getvalue().encode(),
        "crosswalk.json": json.dumps(held, ensure_ascii=False, indent=1).encode(),
    }


def carried_file(carried: Sequence[Carried]) -> bytes:
    """Return what became of statuses as a CSV file; see `tables.CARRIED`.

    Parameters
    ----------
    carried
        As `carrying.carried_across` returned it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CARRIED.column_names)
    flags = {True: "yes", False: "no"}
    for one in carried:
        told = (flags[one.carried], flags[one.to_look_at], one.reason)
        writer.writerow([";".join(one.before), one.after, one.status, *told])
    return buffer.getvalue().encode()


def marked(pieces: Sequence[Piece]) -> str:
    """Return a difference as one line, marked as ``wdiff`` does.

    Examples
    --------
    >>> marked(word_differences("Count all saigas", "Count saigas yearly"))
    'Count [-all-] saigas {+yearly+}'
    """
    return " ".join(f"{_MARKS[one.kind][0]}{one.words}{_MARKS[one.kind][1]}" for one in pieces)


def _pieces(pair: Pair, before: dict[str, str], after: dict[str, str]) -> tuple[Piece, ...]:
    left = " ".join(before[each] for each in pair.before)
    right = " ".join(after[each] for each in pair.after)
    return word_differences(left, right)
