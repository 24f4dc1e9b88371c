"""The board of an edition for a viewer: statuses on the days of its charts, from what one may see.

A board is kept in memory under everything it is computed from, the evidence first of all: who may
see less has other evidence, and so another board.
"""

from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from kulan.programme.evidence import states_concerned
from kulan.programme.evidence.dashboards import (
    FACETS,
    Asked,
    Board,
    Choice,
    board_of,
    with_overrides,
)
from kulan.web.kept import Kept
from kulan.web.policy import Viewer
from kulan.web.programme.register.catalogue import all_actions, key_of
from kulan.web.programme.register.dashboard_days import chart_days, closed_cycles, start_of
from kulan.web.programme.register.links import declared_for, evidence_for
from kulan.web.programme.register.standing import NOTHING_SET, SetByHand, sets_of

MONTHS = (3, 6, 12, 18, 24, 36)
"""Months without new evidence that the page of stalled actions offers."""

DAYS_OF_A_MONTH = 30.44
_kept: Kept[tuple[object, ...], Board] = Kept(12)


@dataclass(frozen=True)
class Question:
    """What a reader asks of the dashboards, as it stands in the address.

    Attributes
    ----------
    edition
        Edition of a plan.
    choice
        Which actions.
    months
        Months without new evidence after which an action is called stalled.
    """

    edition: str
    choice: Choice
    months: int = 12

    @classmethod
    def of(cls, query: QueryDict, edition: str, *, state: str = "") -> "Question":
        """Read it from an address; what is too long to be meant is cut."""
        told = {one.name: query.get(one.name, "").strip()[:60] for one in fields(Choice)}
        if state:
            told["state"] = state
        months = query.get("months", "")
        asked = int(months) if months.isascii() and months.isdigit() and len(months) < 4 else 12
        return cls(edition, Choice(**told), max(1, min(asked, 120)))

    def query(self, **other: str) -> str:
        """Return the query of an address that asks for this, with other values in their place."""
        told = {name: getattr(self.choice, name) for name in FACETS} | other
        kept = {name: value for name, value in told.items() if value}
        return "?" + urlencode({"edition": self.edition, **kept})


def board_for(viewer: Viewer, edition_id: str, today: date) -> Board:
    """Return where the actions of an edition stood on the days of the charts, and stand today.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    """
    actions, sets = all_actions(edition_id), sets_of(edition_id)
    evidence, declared = evidence_for(viewer, edition_id), declared_for(edition_id)
    days = chart_days(start_of(edition_id), today, closed_cycles(edition_id))
    key = (edition_id, days, actions, evidence, tuple(sorted(sets.items())), *declared.items())

    def made() -> Board:
        asked = []
        for action in actions:
            told = sets.get(key_of(action), NOTHING_SET)
            asked.append(
                Asked(
                    action,
                    states_concerned(action),
                    declared.get(key_of(action)),
                    told.due,
                    told.overtaken,
                )
            )
        return with_overrides(board_of(asked, evidence, days), _said(sets))

    return _kept.of(key, made)


def _said(sets: dict[str, SetByHand]) -> dict[str, tuple]:
    return {key: told.said for key, told in sets.items() if told.said}
