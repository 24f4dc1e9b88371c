"""What would count for an action: requirements, and alternatives of them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kulan.errors import InvalidTableError
from kulan.programme.evidence.objects import KINDS_OF_ONE_STATE, Evidence, check_kind


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many objects of one kind, once for the whole programme or in every state.

    Attributes
    ----------
    kind
        Kind of object that counts; one of `kulan.programme.evidence.KINDS`.
    at_least
        Number of different objects needed.
    per
        ``programme`` for so many altogether, ``common`` for so many altogether that are each of
        several states or range-wide, ``state`` for so many in each state of the action, by objects
        that name it. A law or plan must then be that state's alone.
    species
        Species an object must be of, by short name; none where any will do.
    since
        First day an object may be of; None for any day.
    only_linked
        Whether only objects that somebody declared for the action count. Otherwise any object of
        the kind counts that names one of `species`.
    of
        Key of the part of the action for which objects must have been declared; empty for the
        action itself, whose parts' objects count too.

    Raises
    ------
    UnknownNameError
        If the kind is not a kind of evidence.
    InvalidTableError
        If fewer than one object is asked for, `per` is none of the three, or undeclared objects
        are taken though no species is named.
    """

    kind: str
    at_least: int = 1
    per: Literal["programme", "common", "state"] = "programme"
    species: tuple[str, ...] = ()
    since: date | None = None
    only_linked: bool = True
    of: str = ""

    def __post_init__(self) -> None:
        """Refuse a requirement that nothing or anything would meet."""
        check_kind(self.kind)
        if self.at_least < 1:
            raise InvalidTableError(f"A requirement asks for {self.at_least} objects; ask for 1.")
        if self.per not in ("programme", "common", "state"):
            raise InvalidTableError(
                f"A requirement is per 'programme', 'common' or 'state', not {self.per!r}."
            )
        if not self.only_linked and not self.species:
            raise InvalidTableError(
                f"A requirement of any {self.kind} names no species, so every {self.kind} in the "
                "register would count; name species, or take only what was declared for the action."
            )

    def takes(self, item: Evidence, action_key: str, states: tuple[str, ...] = ()) -> bool:
        """Whether an object counts towards this requirement, on whatever day.

        Parameters
        ----------
        item
            The object.
        action_key
            Key of the action the requirement is of.
        states
            States the action is for; none where it is for no state in particular.
        """
        if item.kind != self.kind or item.withdrawn or item.amount <= 0:
            return False
        if self.since is not None and item.day < self.since:
            return False
        if not self._takes_states(item.states, states):
            return False
        named = bool(set(item.species) & set(self.species))
        if item.is_for(self.of or action_key):
            return named or not item.species or not self.species
        return named and not self.only_linked

    def _takes_states(self, named: tuple[str, ...], states: tuple[str, ...]) -> bool:
        if named and states and not set(named) & set(states):
            return False
        if self.per == "common":
            return len(set(named)) != 1
        if self.per == "programme":
            return True
        return len(set(named)) == 1 if self.kind in KINDS_OF_ONE_STATE else bool(named)

    def takes_in(self, item: Evidence, iso3: str) -> bool:
        """Whether an object that counts does so in one state.

        Parameters
        ----------
        item
            An object that `takes` accepted.
        iso3
            The state.
        """
        return self.per != "state" or iso3 in item.states


@dataclass(frozen=True, slots=True)
class Declaration:
    """What would show that an action was carried out.

    Attributes
    ----------
    action_key
        The action, as ``cami-2021:16.9``.
    alternatives
        Ways to show it: any one is enough, and all requirements of that one are needed. None at
        all says that no object of the system can show it.
    reason
        Why these would count, or why none can.
    """

    action_key: str
    alternatives: tuple[tuple[Requirement, ...], ...] = ()
    reason: str = ""

    def computable(self, states: tuple[str, ...]) -> tuple[tuple[Requirement, ...], ...]:
        """Return the alternatives that can be weighed.

        Parameters
        ----------
        states
            States the action is for. Where none are known, a threshold for each state cannot be
            weighed, and an alternative that has one falls away.
        """
        return tuple(
            tuple(dict.fromkeys(way))
            for way in self.alternatives
            if way and (states or all(need.per != "state" for need in way))
        )
