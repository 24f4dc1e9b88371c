"""How a report moves from draft to locked, and who may move it: one table.

Who holds which role is for the caller to know: ``secretariat`` composes and reviews, ``reporter``
is the focal point who speaks for the state (or the person who speaks for the organisation), and
``delegate`` was asked by the reporter to answer a part.
"""

from dataclasses import dataclass
from typing import Literal

from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.words import N_, Words

State = Literal[
    "draft", "open", "delegated", "in_progress", "submitted", "returned", "accepted", "locked"
]
Role = Literal["secretariat", "reporter", "delegate"]

DRAFT: State = "draft"
STATES: tuple[State, ...] = (
    "draft",
    "open",
    "delegated",
    "in_progress",
    "submitted",
    "returned",
    "accepted",
    "locked",
)
ROLES: tuple[Role, ...] = ("secretariat", "reporter", "delegate")
# states in which answers can be written
WRITABLE: tuple[State, ...] = ("open", "delegated", "in_progress", "returned")

STATE_NAMES: dict[State, str] = {
    "draft": N_("Draft"),
    "open": N_("Open for answers"),
    "delegated": N_("Delegated"),
    "in_progress": N_("In progress"),
    "submitted": N_("Submitted"),
    "returned": N_("Returned"),
    "accepted": N_("Accepted"),
    "locked": N_("Locked"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing that may be done to a report.

    Attributes
    ----------
    action
        Its name.
    before
        States in which it may be done.
    after
        The state that follows; empty where the state stays as it is.
    roles
        Who may do it.
    needs_reason, needs_complete
        Whether a reason must be given, and whether every required question must be answered.
    """

    action: str
    before: tuple[State, ...]
    after: State | Literal[""]
    roles: tuple[Role, ...]
    needs_reason: bool = False
    needs_complete: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition("compose", ("draft",), "", ("secretariat",)),
    Transition("open", ("draft",), "open", ("secretariat",)),
    Transition("delegate", WRITABLE, "delegated", ("reporter",)),
    Transition("answer", ("open", "in_progress"), "in_progress", ("reporter", "delegate")),
    # a delegate's answers do not take the task from the other delegates
    Transition("answer", ("delegated",), "", ("reporter", "delegate")),
    Transition("answer", ("returned",), "", ("reporter", "delegate")),
    Transition("take_back", ("delegated",), "in_progress", ("reporter",)),
    Transition("submit", WRITABLE, "submitted", ("reporter",), needs_complete=True),
    Transition("withdraw", ("submitted",), "in_progress", ("reporter",), needs_reason=True),
    Transition("return", ("submitted", "accepted"), "returned", ("secretariat",), True),
    Transition("accept", ("submitted",), "accepted", ("secretariat",)),
    Transition("lock", ("accepted",), "locked", ("secretariat",)),
    # the cycle ends with what there is; the review says that the report was never accepted
    Transition("lock", (*WRITABLE, "submitted"), "locked", ("secretariat",), needs_reason=True),
)
ACTIONS: tuple[str, ...] = tuple(dict.fromkeys(one.action for one in TRANSITIONS))


def allowed(state: State, roles: tuple[Role, ...]) -> tuple[Transition, ...]:
    """Return what somebody with these roles may do to a report in a state.

    Examples
    --------
    >>> [one.action for one in allowed("submitted", ("secretariat",))]
    ['return', 'accept', 'lock']
    """
    return tuple(
        one for one in TRANSITIONS if state in one.before and any(r in one.roles for r in roles)
    )


def moved(
    state: State,
    action: str,
    roles: tuple[Role, ...],
    words: Words,
    *,
    reason: str = "",
    missing: int = 0,
) -> State:
    """Return the state of a report after an action, or say why it cannot be done.

    Parameters
    ----------
    state
        Where the report stands.
    action
        One of `ACTIONS`.
    roles
        What the person is to this report.
    words
        Language of a refusal.
    reason
        Why; some actions need one.
    missing
        Required questions without an answer.

    Raises
    ------
    UnknownNameError
        If there is no such action.
    NotAllowedNowError
        If nobody may do it now, a reason lacks, or required answers lack.
    AccessDeniedError
        If somebody else may do it, and this person may not.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> moved("submitted", "accept", ("secretariat",), words_in("en"))
    'accepted'
    """
    if action not in ACTIONS:
        raise UnknownNameError(f"No action {action!r}; a report knows {', '.join(ACTIONS)}.")
    possible = [one for one in TRANSITIONS if one.action == action and state in one.before]
    if not possible:
        raise NotAllowedNowError(
            words.say(
                "This cannot be done to a report that is: {state}.",
                state=words.say(STATE_NAMES[state]),
            )
        )
    mine = [one for one in possible if any(role in one.roles for role in roles)]
    if not mine:
        raise AccessDeniedError(words.say("Your part in this report does not include this."))
    if mine[0].needs_reason and not reason.strip():
        raise NotAllowedNowError(words.say("Say why: the reason is kept with the report."))
    if mine[0].needs_complete and missing:
        raise NotAllowedNowError(
            words.say_count(
                "{count} required question has no answer yet.",
                "{count} required questions have no answer yet.",
                missing,
            )
        )
    return mine[0].after or state
