"""Texts of unknown origin made fit for files: characters no XML may hold, disguised order."""

import re
from typing import Any

# XML 1.0, section 2.2: what a document may hold, and nothing else
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Unicode Standard Annex 9: marks that reorder the text after them, beyond where their own text ends
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")


def writable(text: str) -> str:
    r"""Put U+FFFD where a character cannot be written in XML 1.0, so that its place is seen.

    These are control characters, halves of surrogate pairs and the two non-characters U+FFFE and
    U+FFFF. Line ends become those of Unix, as every reader of XML makes them.

    Examples
    --------
    >>> writable("saiga\x00 tatarica")
    'saiga\ufffd tatarica'
    """
    return _NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    r"""Return the text on one line, without marks that would reorder what stands after it.

    Examples
    --------
    >>> one_line("Saiga\n  range\u202e")
    'Saiga range'
    """
    return _SPACES.sub(" ", _REORDERING.sub("", writable(text))).strip()


def without_forbidden(value: Any) -> Any:
    r"""Return lists, dictionaries and texts with every text made `writable`, other things as is.

    Examples
    --------
    >>> without_forbidden({"title": ["a\ud800", 1]})
    {'title': ['a\ufffd', 1]}
    """
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, list):
        return [without_forbidden(item) for item in value]
    if isinstance(value, dict):
        return {writable(key): without_forbidden(item) for key, item in value.items()}
    return value
