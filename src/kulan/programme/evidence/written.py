"""What would count for an action, as a person writes it in a cell of a table."""

from kulan.errors import InvalidTableError
from kulan.programme.evidence.declarations import Requirement

_PER = ("programme", "common", "state")


def requirement_written(text: str) -> Requirement:
    """Return the requirement that a short text asks for: kind, how many, and per what.

    Only evidence that somebody names for the action counts towards it.

    Parameters
    ----------
    text
        ``plan``, ``survey:3`` or ``law:1:state``; the last is ``programme`` where it is left out.

    Raises
    ------
    UnknownNameError
        If there is no such kind of evidence.
    InvalidTableError
        If the rest is not a number and one of ``programme``, ``common``, ``state``.

    Examples
    --------
    >>> need = requirement_written("law:1:state")
    >>> need.kind, need.at_least, need.per
    ('law', 1, 'state')
    """
    kind, *rest = (part.strip() for part in text.split(":"))
    count = rest[0] if rest else "1"
    per = rest[1] if len(rest) > 1 else "programme"
    if len(rest) > 2 or not (count.isascii() and count.isdigit()) or len(count) > 4:
        raise InvalidTableError(
            f"{text!r} says not what would count; write a kind, how many, and per what, such as "
            "'law:1:state'."
        )
    for known in _PER:
        if known == per:
            return Requirement(kind, int(count), known)  # type: ignore[arg-type]
    raise InvalidTableError(f"{text!r} is per {per!r}; write one of {', '.join(_PER)}.")
