"""What a review of a reporting cycle is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kulan.programme.reporting import (
    Answer,
    Question,
    Questionnaire,
    Report,
    Told,
    differs,
    statuses_said,
)

Filed = tuple[Questionnaire, Report]


@dataclass(frozen=True)
class ReviewFacts:
    """The reports of one cycle, and what the register computes.

    Attributes
    ----------
    title
        Title of the cycle.
    on
        Day of the review.
    filed
        Reports with the questionnaires they answer, as far as the reader may see them.
    computed
        Computed statuses by action and state; "" is the whole range.
    awaited
        Reporters of whom a report is awaited, whether it came or not.
    """

    title: Told
    on: date
    filed: tuple[Filed, ...]
    computed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    awaited: tuple[str, ...] = ()

    @cached_property
    def national(self) -> tuple[Filed, ...]:
        """Reports of states."""
        return tuple(one for one in self.filed if one[0].kind == "national")

    @cached_property
    def projects(self) -> tuple[Filed, ...]:
        """Reports of organisations."""
        return tuple(one for one in self.filed if one[0].kind == "project")

    @cached_property
    def said(self) -> dict[str, dict[str, str]]:
        """What states say of each action."""
        return statuses_said(self.national)

    @cached_property
    def actions(self) -> dict[str, Question]:
        """The question on the status of each action, by action, in the order of the form."""
        return {
            one.action_key: one
            for questionnaire, _ in self.national
            for one in questionnaire.questions
            if one.action_key and one.question_id.endswith("/status")
        }

    def computed_for(self, action_key: str, iso3: str) -> str:
        """Return the computed status of an action in a state; empty where there is none."""
        return self.computed.get(action_key, {}).get(iso3, "")

    @cached_property
    def differences(self) -> tuple[tuple[str, str, str, str], ...]:
        """Action, state, said and computed status where they cannot stand beside each other."""
        return tuple(
            (action_key, iso3, said, self.computed_for(action_key, iso3))
            for action_key in self.actions
            for iso3, said in sorted(self.said.get(action_key, {}).items())
            if differs(said, self.computed_for(action_key, iso3))
        )

    @cached_property
    def overdue(self) -> tuple[str, ...]:
        """Actions that are overdue in the whole range."""
        return tuple(
            one for one in self.actions if self.computed.get(one, {}).get("", "") == "overdue"
        )


def counting(report: Report) -> dict[tuple[str, str], Answer]:
    """Return the answers of a report behind which somebody stands."""
    return {one.key: one for one in report.answers if one.counts}
