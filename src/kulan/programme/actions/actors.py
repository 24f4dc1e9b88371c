"""Actors: who the programme holds responsible, and the names under which texts print them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from kulan.errors import UnknownNameError
from kulan.programme.actions.tables import ACTOR_NAMES, ACTORS
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


_TO_CONFIRM = re.compile(r"\((?:to be confirmed|a confirmer|уточняется|подлежит уточнению)\)$")
_IN_BRACKETS = re.compile(r"^(.+?)\s*\(([^()]+)\)$")
_AND = re.compile(r"\s+(?:and|et|и|&)\s+")
_INTRODUCED = re.compile(r"^(?:for implementation|pour la mise en œuvre|для осуществления)\s*:\s*")


def known_actors(printed: str) -> tuple[str, ...]:
    """Return the actors that a printed name means, by short name; none where it is not known.

    A name is known in any of the three languages: as `actors` are titled, with or without what
    stands in brackets, or as `ACTOR_NAMES` lists it. Two names joined by an "and" are known if both
    are. Nothing is guessed: a name that is merely like a known one is not known.

    Parameters
    ----------
    printed
        As a text prints it, or the short name itself.

    Examples
    --------
    >>> known_actors("ONG"), known_actors("НПО"), known_actors("NGOs and herders")
    (('ngos',), ('ngos',), ('ngos', 'herders'))
    >>> known_actors("Society of Friends of the Steppe")
    ()
    """
    if printed in _by_id():
        return (printed,)
    name = _INTRODUCED.sub("", _folded(printed))
    name = _TO_CONFIRM.sub("", name).strip()
    whole = _meant(name)
    if whole:
        return (whole,)
    parts = [_meant(part) for part in _AND.split(name)]
    return tuple(dict.fromkeys(parts)) if len(parts) > 1 and all(parts) else ()


def matched_leads(printed: tuple[str, ...]) -> tuple[str, ...]:
    """Return leads by short name where they are known, and as printed where they are not.

    Parameters
    ----------
    printed
        One by one, as a text prints them.

    Examples
    --------
    >>> matched_leads(("UICN", "Friends of the Steppe"))
    ('iucn', 'Friends of the Steppe')
    """
    found: list[str] = []
    rest = list(printed)
    while rest:
        # a comma within a name has cut it in two
        together = known_actors(", ".join(rest[:2])) if len(rest) > 1 else ()
        known = together or known_actors(rest[0])
        found += known or (rest[0],)
        rest = rest[2:] if together else rest[1:]
    return tuple(dict.fromkeys(found))


def unknown_leads(printed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the leads that `matched_leads` leaves as printed.

    Examples
    --------
    >>> unknown_leads(("UICN", "Friends of the Steppe"))
    ('Friends of the Steppe',)
    """
    return tuple(one for one in matched_leads(printed) if one not in _by_id())


def _meant(name: str) -> str:
    known = _by_name()
    if name in known:
        return known[name]
    bracketed = _IN_BRACKETS.match(name)
    if bracketed is None:
        return ""
    # an example in brackets narrows nothing: "agencies (e.g. ministries)" are agencies
    return known.get(bracketed.group(1).strip(), "")


def _folded(name: str) -> str:
    """Return a name without accents, cases, kinds of apostrophe and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'").replace("ʼ", "'"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split()).strip(" .;,")


@cache
def _by_name() -> dict[str, str]:
    """Return every known name, folded; one that would mean two actors means neither."""
    found: dict[str, set[str]] = {}

    def note(name: str, actor_id: str) -> None:
        found.setdefault(_folded(name), set()).add(actor_id)

    for one in _by_id().values():
        for title in one.titles.values():
            note(title, one.actor_id)
            if bracketed := _IN_BRACKETS.match(title):
                note(bracketed.group(1), one.actor_id)
                if bracketed.group(2).isupper():
                    note(bracketed.group(2), one.actor_id)
    for row in load(ACTOR_NAMES).to_dict("records"):
        note(row["name"], row["actor_id"])
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


@cache
def _by_id() -> dict[str, Actor]:
    return {
        row["actor_id"]: Actor(row["actor_id"], row["kind"], titles_of(row))
        for row in load(ACTORS).to_dict("records")
    }
