"""Objects of evidence laid out in arrays, so that thousands are weighed against every action."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kulan.programme.evidence.declarations import Requirement
from kulan.programme.evidence.objects import KINDS_OF_ONE_STATE, Evidence

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Index:
    """Objects that may count, ordered so that those of one kind and reference are neighbours.

    Attributes
    ----------
    states
        States the columns of `member` stand for.
    objects
        Number of the object of each entry: the same kind and reference is the same object.
    days
        Day of each entry, as an ordinal.
    member
        Whether an entry names a state: entries by states.
    named
        How many states an entry names, those outside `states` counted.
    linked
        Entries by kind and key of an action they, or a part of it, were declared for.
    of_species
        Entries by kind and species they name.
    unnamed
        Entries that name no species.
    """

    states: tuple[str, ...]
    objects: Ints
    days: Ints
    member: Flags
    named: Ints
    linked: dict[tuple[str, str], Ints]
    of_species: dict[tuple[str, str], Ints]
    unnamed: Flags

    def candidates(self, need: Requirement, action_key: str, columns: Ints) -> Ints:
        """Return the entries that count towards a requirement of an action, on whatever day.

        Parameters
        ----------
        need
            The requirement.
        action_key
            Key of the action.
        columns
            Columns of `member` that are the states of the action; none where none are known.
        """
        linked = self.linked.get((need.kind, need.of or action_key), _NONE)
        if need.species and len(linked):
            linked = linked[self.unnamed[linked] | np.isin(linked, self._named(need))]
        free = _NONE if need.only_linked else self._named(need)
        found = np.union1d(linked, free)
        if need.since is not None:
            found = found[self.days[found] >= need.since.toordinal()]
        return found[self._fits(found, need, columns)] if len(found) else found

    def _named(self, need: Requirement) -> Ints:
        """Return the entries of the kind that name a species of the requirement."""
        lists = [self.of_species.get((need.kind, name), _NONE) for name in need.species]
        return np.unique(np.concatenate([_NONE, *lists]))

    def _fits(self, found: Ints, need: Requirement, columns: Ints) -> Flags:
        named = self.named[found]
        fits: Flags = np.ones(len(found), dtype=bool)
        if len(columns):
            fits &= (named == 0) | self.member[np.ix_(found, columns)].any(axis=1)
        if need.per == "common":
            fits &= named != 1
        if need.per == "state":
            fits &= named == 1 if need.kind in KINDS_OF_ONE_STATE else named > 0
        return fits

    def have(self, found: Ints, need: Requirement, columns: Ints, days: Ints) -> Ints:
        """Return how many different objects a requirement has: days by states of the action.

        Parameters
        ----------
        found
            Entries that count, from `candidates`.
        need
            The requirement.
        columns
            Columns that are the states of the action; where none, one column stands for the whole.
        days
            Days asked about, as ordinals.
        """
        width = max(len(columns), 1)
        if not len(found):
            return np.zeros((len(days), width), dtype=np.int64)
        in_time = self.days[found][None, :] <= days[:, None]
        starts = np.flatnonzero(np.diff(self.objects[found], prepend=-1))
        if need.per != "state":
            once = np.logical_or.reduceat(in_time, starts, axis=1).sum(axis=1)
            return np.repeat(once[:, None], width, axis=1)
        there = in_time[:, :, None] & self.member[np.ix_(found, columns)][None]
        return np.asarray(np.logical_or.reduceat(there, starts, axis=1).sum(axis=1))


_NONE: Ints = np.zeros(0, dtype=np.int64)


def index_of(evidence: Iterable[Evidence], states: Sequence[str]) -> Index:
    """Lay out the objects that may count: those not withdrawn, with more than nothing of them.

    Parameters
    ----------
    evidence
        Objects, in any order.
    states
        States that any action asked about is for.
    """
    kept = sorted(
        (item for item in evidence if not item.withdrawn and item.amount > 0),
        key=lambda item: (item.kind, item.reference),
    )
    place = {iso3: column for column, iso3 in enumerate(states)}
    member = np.zeros((len(kept), len(place)), dtype=bool)
    linked: dict[tuple[str, str], list[int]] = defaultdict(list)
    of_species: dict[tuple[str, str], list[int]] = defaultdict(list)
    numbers: dict[tuple[str, str], int] = {}
    for entry, item in enumerate(kept):
        numbers.setdefault((item.kind, item.reference), len(numbers))
        for iso3 in item.states:
            if iso3 in place:
                member[entry, place[iso3]] = True
        for key in item.wholes():
            linked[item.kind, key].append(entry)
        for name in set(item.species):
            of_species[item.kind, name].append(entry)
    return Index(
        states=tuple(states),
        objects=np.array([numbers[item.kind, item.reference] for item in kept], dtype=np.int64),
        days=np.array([item.day.toordinal() for item in kept], dtype=np.int64),
        member=member,
        named=np.array([len(set(item.states)) for item in kept], dtype=np.int64),
        linked={key: np.array(entries) for key, entries in linked.items()},
        of_species={key: np.array(entries) for key, entries in of_species.items()},
        unnamed=np.array([not item.species for item in kept], dtype=bool),
    )
