"""Cells of CSV files that no spreadsheet runs as a formula: one rule for all that Kulan writes.

A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and a
formula can read other files and call programs. Such a text, also behind blanks or signs that are
not seen, or with the full-width signs that spreadsheets set to Chinese or Japanese turn into plain
ones, gets an apostrophe before it, and so does what begins with one; so every text comes back.
"""

import re

_STARTS_FORMULA = tuple("=+-@＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
# white space, control characters, and signs of no width, which some programs drop at the start
_UNSEEN = re.compile("[\\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]*")


def may_be_formula(text: str) -> bool:
    r"""Whether a spreadsheet might take a text for a formula; a plain number is none.

    Examples
    --------
    >>> [may_be_formula(text) for text in ("=1+1", "\t@x", "-12.5", "+976 11 1234", "a=b")]
    [True, True, False, True, False]
    """
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    bare = _UNSEEN.sub("", text, count=1)
    return bare.startswith(_STARTS_FORMULA) and not _PLAIN_NUMBER.fullmatch(text)


def safe_cell(text: str) -> str:
    """Return a text as a cell of a CSV file that stays text.

    Examples
    --------
    >>> [safe_cell(text) for text in ("=1+1", " -A1", "-12.5", "saiga", "'t")]
    ["'=1+1", "' -A1", '-12.5', 'saiga', "''t"]
    """
    return f"'{text}" if _is_marked(text) else text


def text_of_cell(cell: str) -> str:
    """Return the text that `safe_cell` made a cell of; a cell it never makes stays as it is.

    Examples
    --------
    >>> [text_of_cell(safe_cell(text)) for text in ("=1+1", "saiga", "'t")]
    ['=1+1', 'saiga', "'t"]
    >>> text_of_cell("'s Gravenhage")
    "'s Gravenhage"
    """
    return cell[1:] if cell.startswith("'") and _is_marked(cell[1:]) else cell


def _is_marked(text: str) -> bool:
    return text.startswith("'") or may_be_formula(text)
