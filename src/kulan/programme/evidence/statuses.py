"""Statuses of actions, their order, and answers that keep the computed and the overridden apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kulan.programme.evidence.declarations import Requirement
from kulan.programme.evidence.objects import Evidence
from kulan.words import N_


class Status(StrEnum):
    """Where an action stands."""

    not_started = "not_started"
    under_way = "under_way"
    done = "done"
    overdue = "overdue"
    overtaken = "overtaken"
    cannot_be_computed = "cannot_be_computed"


STATUS_NAMES = {
    Status.done: N_("Done"),
    Status.under_way: N_("Under way"),
    Status.not_started: N_("Not started"),
    Status.overdue: N_("Overdue"),
    Status.overtaken: N_("Overtaken by events"),
    Status.cannot_be_computed: N_("Cannot be computed"),
}
"""Statuses in words, in the order in which charts show them."""

PROGRESS = (Status.not_started, Status.under_way, Status.done)
"""How far an action can have come, least first."""


def lower(one: Status, other: Status) -> bool:
    """Whether `one` is a lower status than `other`, for the same action on the same day.

    A status has two parts. How far the action has come is ordered: not started, under way, done.
    Whether it is late is not a step on that way: `overdue` replaces either of the first two after
    the due day, so it lies below `done` and is neither lower nor higher than they are.
    `overtaken` and `cannot_be_computed` come from a decision and from a missing declaration;
    no evidence leads into them, and only `done` lies above them.

    Parameters
    ----------
    one, other
        Statuses to compare.

    Examples
    --------
    >>> lower(Status.under_way, Status.done), lower(Status.overdue, Status.done)
    (True, True)
    >>> lower(Status.overdue, Status.under_way), lower(Status.under_way, Status.overdue)
    (False, False)
    """
    if one in PROGRESS and other in PROGRESS:
        return PROGRESS.index(one) < PROGRESS.index(other)
    return other is Status.done and one is not Status.done


@dataclass(frozen=True, slots=True)
class Missing:
    """Objects that still lack for a requirement of the nearest alternative.

    Attributes
    ----------
    requirement
        What is asked for.
    iso3
        The state they lack in; empty where the requirement is for the whole programme.
    have
        How many count already.
    """

    requirement: Requirement
    iso3: str
    have: int

    @property
    def lacking(self) -> int:
        """Number of objects that still lack."""
        return self.requirement.at_least - self.have


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """Where an action stands by its evidence, and everything that says so.

    Attributes
    ----------
    action_key
        The action.
    on
        The day asked about.
    status
        Computed status.
    progress
        How far it has come whether late or not; one of `PROGRESS`.
    share
        Part of the objects asked for that are there, 0 to 1, as the mean over the states.
    by_state
        Computed status in each state the action is for.
    counted
        Objects that count, oldest first.
    missing
        What lacks until it is done, by the alternative that is nearest in each state.
    beside
        Objects that were declared for the action and do not count for it, oldest first.
    last_evidence
        Newest day of what counts; None where nothing does.
    """

    action_key: str
    on: date
    status: Status
    progress: Status
    share: float
    by_state: Mapping[str, Status]
    counted: tuple[Evidence, ...]
    missing: tuple[Missing, ...]
    beside: tuple[Evidence, ...] = ()
    last_evidence: date | None = None

    @property
    def lacking(self) -> int:
        """Number of objects that lack altogether."""
        return sum(item.lacking for item in self.missing)


@dataclass(frozen=True, slots=True)
class Override:
    """A status that a person set instead of the computed one.

    Attributes
    ----------
    status
        The status set.
    reason
        Why, in the person's words.
    by
        Who.
    day
        When.
    iso3
        The state it speaks of; empty for the action as a whole.
    """

    status: Status
    reason: str
    by: str
    day: date
    iso3: str = ""


@dataclass(frozen=True, slots=True)
class OverriddenAnswer:
    """A computed answer with what people set instead; neither hides the other.

    Attributes
    ----------
    computed
        The answer by evidence, unchanged.
    overrides
        The override that holds for the whole and for each state, oldest first.
    """

    computed: StatusAnswer
    overrides: tuple[Override, ...]

    @property
    def status(self) -> Status:
        """Status of the whole: the override's where there is one."""
        return next((held.status for held in self.overrides if not held.iso3), self.computed.status)

    @property
    def by_state(self) -> dict[str, Status]:
        """Status in each state: the override's where there is one.

        An override of the whole changes no state, and one of a state does not change the whole.
        """
        told = dict(self.computed.by_state)
        told.update({held.iso3: held.status for held in self.overrides if held.iso3 in told})
        return told

    def differs(self) -> bool:
        """Whether any override says something else than the evidence."""
        computed = {"": self.computed.status, **self.computed.by_state}
        return any(computed.get(held.iso3) != held.status for held in self.overrides)


def overridden(answer: StatusAnswer, overrides: Sequence[Override]) -> OverriddenAnswer:
    """Set what people decided beside a computed answer.

    Parameters
    ----------
    answer
        The computed answer.
    overrides
        Overrides of this action; of several for the same state the newest day holds, and of
        several on one day the last named. Those after the day asked about do not hold yet.
    """
    held: dict[str, Override] = {}
    for item in sorted(overrides, key=lambda item: item.day):
        if item.day <= answer.on:
            held[item.iso3] = item
    return OverriddenAnswer(answer, tuple(sorted(held.values(), key=lambda item: item.day)))
