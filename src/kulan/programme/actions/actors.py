"""Actors: who the programme holds responsible."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from kulan.errors import UnknownNameError
from kulan.programme.actions.tables import ACTORS
from kulan.programme.actions.titles import title_in, titles_of
from kulan.programme.loading import load


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone the programme holds responsible for actions.

    Attributes
    ----------
    actor_id
        Short name.
    kind
        One of `kulan.programme.actions.tables.ACTOR_KINDS`.
    titles
        Names by language.
    """

    actor_id: str
    kind: str
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title(self, language: str = "en") -> str:
        """Return the name in ``en``, ``ru`` or ``fr``."""
        return title_in(self.titles, language, self.actor_id)


def actors() -> tuple[Actor, ...]:
    """Return every actor the programme names.

    Examples
    --------
    >>> actors()[0].actor_id
    'cms'
    """
    return tuple(_by_id().values())


def actor(actor_id: str) -> Actor:
    """Return an actor by its short name.

    Raises
    ------
    UnknownNameError
        If there is no such actor.

    Examples
    --------
    >>> actor("herders").title("fr")
    'Éleveurs'
    """
    known = _by_id()
    if actor_id not in known:
        raise UnknownNameError(f"There is no actor {actor_id!r}; known are {', '.join(known)}.")
    return known[actor_id]


@cache
def _by_id() -> dict[str, Actor]:
    return {
        row["actor_id"]: Actor(row["actor_id"], row["kind"], titles_of(row))
        for row in load(ACTORS).to_dict("records")
    }
