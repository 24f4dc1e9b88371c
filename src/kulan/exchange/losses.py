"""What a file lost on its way in: features left out, and features altered, each with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class LeftOut:
    """Something of the file that the features do not carry.

    Attributes
    ----------
    source_row
        Feature it belongs to, 1 for the first; None when it concerns the whole file.
    what
        A feature, an attribute, a part, another layer.
    reason
        Why it is not there.
    """

    source_row: int | None
    what: str
    reason: str


@dataclass(frozen=True)
class Change:
    """Something the reader altered.

    Attributes
    ----------
    what
        Name of the alteration: heights dropped, curves made straight, ...
    detail
        How it was done, with its tolerance where it has one.
    n_features
        Features it touched; 0 when it concerns the whole file.
    first_source_row
        The first of them, None when it concerns the whole file.
    """

    what: str
    detail: str
    n_features: int = 0
    first_source_row: int | None = None


@dataclass
class Losses:
    """The list a reader keeps while it works; `Reading` turns it into tables."""

    left_out: list[LeftOut] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def leave_out(self, source_rows: Iterable[int] | None, what: str, reason: str) -> None:
        """Note that something stays behind: once for each source row, or once for the file."""
        if source_rows is None:
            self.left_out.append(LeftOut(None, what, reason))
            return
        self.left_out += [LeftOut(int(row), what, reason) for row in source_rows]

    def change(self, source_rows: Iterable[int] | None, what: str, detail: str) -> None:
        """Note an alteration of these features (nothing is noted for none of them)."""
        if source_rows is None:
            self.changes.append(Change(what, detail))
            return
        rows = [int(row) for row in source_rows]
        if rows:
            self.changes.append(Change(what, detail, len(set(rows)), min(rows)))

    def left_out_table(self) -> pd.DataFrame:
        """Return what was left out, one row each; see `kulan.exchange.tables.LEFT_OUT`."""
        rows = [(entry.source_row, entry.what, entry.reason) for entry in self.left_out]
        table = pd.DataFrame(rows, columns=["source_row", "what", "reason"])
        return table.astype({"source_row": "Int64", "what": object, "reason": object})

    def changes_table(self) -> pd.DataFrame:
        """Return what was altered, one row per kind; see `kulan.exchange.tables.CHANGES`."""
        rows = [(c.what, c.detail, c.n_features, c.first_source_row) for c in self.changes]
        # as objects from the first: a column of text would make plain text of notes
        columns = ["what", "detail", "n_features", "first_source_row"]
        table = pd.DataFrame(rows, columns=columns, dtype=object)
        return table.astype(
            {"what": object, "detail": object, "n_features": int, "first_source_row": "Int64"}
        )
