"""Where actions stand for a viewer: all of an edition in one pass, from what the viewer may see."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kulan.programme.actions import Action
from kulan.programme.evidence import (
    Declaration,
    Evidence,
    OverriddenAnswer,
    Status,
    overridden,
    status_of,
)
from kulan.programme.evidence import Override as Said
from kulan.programme.evidence.declared import states_concerned
from kulan.web.kept import Kept
from kulan.web.policy import Viewer
from kulan.web.programme.register.catalogue import all_actions, find_action, key_of
from kulan.web.programme.register.links import declared_for, evidence_for
from kulan.web.programme.register.models import Override
from kulan.web.programme.register.terms import Sets


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an action stands, by what the viewer may see.

    Attributes
    ----------
    action
        The action.
    declaration
        What would count; None where nothing is declared.
    answer
        What is computed, with what people have set beside it.
    due
        Day by which it is due; None where none is set.
    overtaken
        Whether it was said that events have overtaken it.
    """

    action: Action
    declaration: Declaration | None
    answer: OverriddenAnswer
    due: date | None
    overtaken: bool

    @property
    def key(self) -> str:
        """Key of the action."""
        return key_of(self.action)

    @property
    def status(self) -> Status:
        """Status of the whole: what was set where it was, else what is computed."""
        return self.answer.status

    def status_in(self, iso3: str) -> Status:
        """Return the status in a state; of the whole, where there is none for the state alone."""
        return self.answer.by_state.get(iso3, self.status)

    @property
    def set_by_hand(self) -> bool:
        """Whether somebody set the status of the whole."""
        return any(not one.iso3 for one in self.answer.overrides)


@dataclass(frozen=True, slots=True)
class SetByHand:
    """What people have set about one action, as values."""

    said: tuple[Said, ...] = ()
    due: date | None = None
    overtaken: bool = False


NOTHING_SET = SetByHand()
_kept: Kept[tuple[object, ...], tuple[Standing, ...]] = Kept(12)


def standings(viewer: Viewer, edition_id: str, *, on: date | None = None) -> tuple[Standing, ...]:
    """Return where each action of an edition stands, in the order of the edition.

    What is computed is kept in memory under everything it is computed from.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    """
    day = on or timezone.localdate()
    evidence, sets = evidence_for(viewer, edition_id), sets_of(edition_id)
    actions, declared = all_actions(edition_id), declared_for(edition_id)
    key = (edition_id, day, actions, evidence, tuple(sorted(sets.items())), *declared.items())
    return _kept.of(key, lambda: _computed(actions, (evidence, declared, sets), day))


def standing_of(viewer: Viewer, key: str, *, on: date | None = None) -> Standing:
    """Return where one action stands, a part of an action too.

    Raises
    ------
    UnknownNameError
        If there is no such action.
    """
    return standings_of(viewer, (find_action(key),), on=on)[0]


def standings_of(
    viewer: Viewer, actions: Sequence[Action], *, on: date | None = None
) -> tuple[Standing, ...]:
    """Return where some actions or parts of one edition stand, in their order."""
    if not actions:
        return ()
    edition_id = actions[0].edition_id
    known = (evidence_for(viewer, edition_id), declared_for(edition_id), sets_of(edition_id))
    return _computed(actions, known, on or timezone.localdate())


def _computed(
    actions: Sequence[Action],
    known: tuple[tuple[Evidence, ...], Mapping[str, Declaration], dict[str, SetByHand]],
    on: date,
) -> tuple[Standing, ...]:
    evidence, declared, sets = known
    by_kind: dict[str, list[Evidence]] = defaultdict(list)
    by_action: dict[str, list[Evidence]] = defaultdict(list)
    for one in evidence:
        by_kind[one.kind].append(one)
        for key in one.wholes():
            by_action[key].append(one)
    found = []
    for action in actions:
        key = key_of(action)
        declaration, told = declared.get(key), sets.get(key, NOTHING_SET)
        ways = declaration.alternatives if declaration else ()
        kinds = {need.kind for way in ways for need in way if not need.only_linked}
        near = [*by_action[key], *(one for kind in kinds for one in by_kind[kind])]
        answer = status_of(
            key,
            declaration,
            tuple(dict.fromkeys(near)),
            states=states_concerned(action),
            on=on,
            due=told.due,
            overtaken=told.overtaken,
        )
        found.append(
            Standing(action, declaration, overridden(answer, told.said), told.due, told.overtaken)
        )
    return tuple(found)


def sets_of(edition_id: str) -> dict[str, SetByHand]:
    """Return what stands set by hand about the actions of an edition, by key."""
    said: dict[str, list[Said]] = defaultdict(list)
    due: dict[str, date] = {}
    overtaken: set[str] = set()
    rows = Override.objects.filter(action__startswith=f"{edition_id}:", ended_at=None)
    for row in rows.order_by("at", "pk"):
        if row.sets == Sets.DUE and row.due is not None:
            due[row.action] = row.due
        elif row.sets == Sets.OVERTAKEN:
            overtaken.add(row.action)
        else:
            day = timezone.localdate(row.at)
            said[row.action].append(Said(Status(row.status), row.reason, "", day, row.iso3))
    keys = said.keys() | due.keys() | overtaken
    return {key: SetByHand(tuple(said[key]), due.get(key), key in overtaken) for key in keys}
