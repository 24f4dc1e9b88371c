"""Cells of CSV files that no spreadsheet runs as a formula, and the words back from them.

The rule is that of all tables Kulan writes: what begins as a formula does, behind blanks too and
in the full-width signs that some spreadsheets take for plain ones, gets an apostrophe before it,
and so does what begins with one.
"""

import re

_STARTS_FORMULA = tuple("=+-@＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def safe_cell(text: str) -> str:
    """Return a text as a cell that stays text.

    Parameters
    ----------
    text
        Any words.

    Examples
    --------
    >>> [safe_cell(text) for text in ("=1+1", " -A1", "-12.5", "saiga", "'t")]
    ["'=1+1", "' -A1", '-12.5', 'saiga', "''t"]
    """
    return f"'{text}" if _needs_mark(text) else text


def as_written(cell: str) -> str:
    """Return the words that `safe_cell` made a cell of.

    Parameters
    ----------
    cell
        As it was read.

    Examples
    --------
    >>> [as_written(safe_cell(text)) for text in ("=1+1", "saiga", "'t")]
    ['=1+1', 'saiga', "'t"]
    """
    return cell[1:] if cell.startswith("'") and _needs_mark(cell[1:]) else cell


def _needs_mark(text: str) -> bool:
    if text[:1] in {"\t", "\r", "\n", "'"}:
        return True
    return text.lstrip().startswith(_STARTS_FORMULA) and not _PLAIN_NUMBER.fullmatch(text)
