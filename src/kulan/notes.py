"""Notes of an answer: English sentences that a report can say in its reader's language."""

import math
import re
from collections.abc import Mapping
from typing import Any, Self

from kulan.words import N_, Words, words_in

_PLACE = re.compile(r"\{(\w+)\}(\.?)")


class Note(str):
    """A sentence with named places and what fills them; as text, the English sentence.

    Whole numbers are told as they are, others to three significant digits, lists with commas; a
    note within a note is said in the reader's language too. Write the sentence as `N_("...")`, so
    that it is translated.

    Examples
    --------
    >>> note = Note("{count} steps are left out: {reason}.", count=3, reason=Note("no turn"))
    >>> note
    '3 steps are left out: no turn.'
    >>> note.said(words_in("en")) == note
    True
    """

    text: str
    values: Mapping[str, Any]

    def __new__(cls, text: str, **values: Any) -> Self:
        """Make a note of a sentence and what fills its places."""
        made = super().__new__(cls, _filled(text, values, words_in("en")))
        made.text, made.values = text, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it again."""
        return _made, (self.text, dict(self.values))

    def said(self, words: Words) -> str:
        """Return the sentence in a language; English where it has no translation.

        Parameters
        ----------
        words
            The reader's language.
        """
        return _filled(self.text, self.values, words)


def _made(text: str, values: Mapping[str, Any]) -> Note:
    return Note(text, **values)


def _filled(text: str, values: Mapping[str, Any], words: Words) -> str:
    translated = words.say(text)
    # not by str.format: a sentence may come from a file, and reach no further than its values
    return _PLACE.sub(lambda place: _in_place(place, values, words), translated)


def _in_place(place: re.Match[str], values: Mapping[str, Any], words: Words) -> str:
    name, stop = place.groups()
    if name not in values:
        return place[0]
    told = _told(values[name], words)
    # what ends with a full stop needs no second one after it
    return told if told.endswith(".") else told + stop


def _told(value: Any, words: Words) -> str:
    if isinstance(value, Note):
        return value.said(words)
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, list | tuple):
        return ", ".join(_told(one, words) for one in value)
    if isinstance(value, int):
        return str(value) if words.language == "en" else words.number(value)
    return words.significant(float(value)) if math.isfinite(value) else str(value)


def share_told(share: float) -> Note:
    """Return a share, 0 to 1, as a note in whole per cent.

    Examples
    --------
    >>> share_told(0.934)
    '93%'
    """
    return Note(N_("{percent}%"), percent=round(100 * share))


def note_of(error: Exception) -> str:
    """Return what an error says: its note where it was raised with one, else its words.

    Examples
    --------
    >>> note_of(ValueError("no fixes"))
    'no fixes'
    """
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Note) else str(error)


def as_note(text: str) -> Note:
    """Return a note as it is, and a plain text as a note without places.

    Examples
    --------
    >>> as_note("axes exchanged").values
    {}
    """
    return text if isinstance(text, Note) else Note(str(text))


def note_to_json(note: str) -> dict[str, Any]:
    """Return a note as JSON can hold it; `note_from_json` makes it again.

    Examples
    --------
    >>> note_to_json(Note("{count} fixes.", count=3))
    {'text': '{count} fixes.', 'values': {'count': 3}}
    """
    if not isinstance(note, Note):
        return {"text": str(note), "values": {}}
    return {"text": note.text, "values": {k: _value(one) for k, one in note.values.items()}}


def _value(value: Any) -> Any:
    if isinstance(value, Note):
        return note_to_json(value)
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, bool | str | int):
        return value
    return float(value) if math.isfinite(value) else str(value)


def note_from_json(held: Mapping[str, Any]) -> Note:
    """Return the note that `note_to_json` told of.

    Examples
    --------
    >>> note_from_json(note_to_json(Note("{count} fixes.", count=3)))
    '3 fixes.'
    """
    values = {str(name): _of_json(one) for name, one in dict(held.get("values", {})).items()}
    return _made(str(held["text"]), values)


def _of_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return note_from_json(value)
    return [_of_json(one) for one in value] if isinstance(value, list) else value
