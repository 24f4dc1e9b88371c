"""What the REST service gives of the programme's register."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from kulan.web.api.shapes import Asked

Short = Annotated[str, Field(max_length=100)]


class ActionsAsked(Asked):
    """Which actions; the same as on the page of the register."""

    edition: Annotated[Short, Field(description="The edition in force where none is named.")] = ""
    section: Short = ""
    lead: Short = ""
    priority: Literal["", "high", "medium", "low"] = ""
    species: Short = ""
    state: Annotated[Short, Field(description="Statuses are then those of the state.")] = ""
    landscape: Short = ""
    status: Literal[
        "", "not_started", "under_way", "done", "overdue", "overtaken", "cannot_be_computed"
    ] = ""
    q: Annotated[Short, Field(description="Words of the title, or the number.")] = ""


class ActionInRegister(Schema):
    """An action of an edition, with where it stands by the evidence that you may see."""

    action: Annotated[str, Field(description="Key: edition and number.")]
    section: str
    number: str
    printed: str
    title: str
    priority_low: str
    priority_high: str
    leads: list[str]
    species: list[str]
    landscapes: list[str]
    states: list[str]
    see_also: list[str]
    targets: list[str]
    status: str
    status_computed: str
    set_by_hand: bool
    reason: str
    done_in: list[str]
    due: date | None
    evidence: int
    lacking: int
    share: Annotated[float, Field(ge=0, le=1)]
    last_evidence: date | None


class EvidenceCounted(Schema):
    """A piece of evidence that counts for an action."""

    kind: str
    reference: str
    title: str
    day: date
    states: list[str]
    species: list[str]


class Lacking(Schema):
    """What lacks until the action is done."""

    kind: str
    lacking: int
    state: Annotated[str, Field(description="Empty where it is for the whole programme.")]
    species: list[str]


class ActionWithEvidence(ActionInRegister):
    """An action with what counts for it, what lacks, and the status in each state."""

    counted: list[EvidenceCounted]
    missing: list[Lacking]
    by_state: dict[str, str]


class Register(Schema):
    """Actions of an edition on a day."""

    edition: str
    on: date
    items: list[ActionInRegister]
