"""What is asked about each action of an edition."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from kulan.programme.reporting.questions import Condition, Kind, Question
from kulan.programme.reporting.standard.choices import offered
from kulan.programme.reporting.told import Told, told
from kulan.words import N_


class AskedAction(Protocol):
    """What the questionnaire reads of an action; `kulan.programme.actions.Action` is one."""

    @property
    def edition_id(self) -> str:
        """Edition it belongs to."""

    @property
    def action_id(self) -> str:
        """Its number, unique in the edition."""

    @property
    def section_id(self) -> str:
        """Section it stands in."""

    @property
    def states(self) -> tuple[str, ...]:
        """States it names; empty for all."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Tags of what else it serves."""

    def title(self, language: str = "en") -> str:
        """Return its short title."""


class AskedSection(Protocol):
    """What the questionnaire reads of a section; `kulan.programme.actions.Section` is one."""

    @property
    def section_id(self) -> str:
        """Its number."""

    def title(self, language: str = "en") -> str:
        """Return its title."""


def titled(number: str, one: AskedAction | AskedSection) -> Told:
    """Return a number and the title after it, in the three languages."""
    titles = [one.title(language) for language in ("en", "ru", "fr")]
    # what has no title yet is told by its number alone
    return Told(*(f"{number} {title}" if title != number else number for title in titles))


def national_action_questions(actions: Iterable[AskedAction]) -> tuple[Question, ...]:
    """Return what a state is asked of each action: status, what was done, obstacles, evidence."""
    return tuple(question for action in actions for question in _of_state(action))


def _of_state(action: AskedAction) -> Iterator[Question]:
    common = _common(action) | {"states": action.states}
    key, section = common["action_key"], action.section_id
    status = f"{key}/status"
    begun = Condition(status, ("under_way", "done"))
    waiting = Condition(status, ("not_started", "under_way"))
    yield _asked(
        status,
        section,
        N_("How far has this come in your country?"),
        "choice",
        choices=offered("statuses"),
        required=True,
        **common,
    )
    text = N_("What was done, by whom, with what result?")
    yield _asked(f"{key}/done", section, text, depends_on=begun, **common)
    text = N_("What stands in the way?")
    obstacles = offered("obstacles")
    yield _asked(
        f"{key}/obstacles",
        section,
        text,
        "choices",
        choices=obstacles,
        depends_on=waiting,
        **common,
    )
    yield _evidence(section, begun, common)


def project_action_questions(actions: Iterable[AskedAction]) -> tuple[Question, ...]:
    """Return what an organisation is asked of each action: whether it serves it, and how."""
    return tuple(question for action in actions for question in _of_project(action))


def _of_project(action: AskedAction) -> Iterator[Question]:
    common = _common(action)
    key, section = common["action_key"], action.section_id
    yes = Condition(f"{key}/serves", ("yes",))
    text = N_("Did the project serve this action?")
    yield _asked(f"{key}/serves", section, text, "yes_no", **common)
    text = N_("What was done, where, with what result?")
    yield _asked(f"{key}/done", section, text, depends_on=yes, **common)
    yield _evidence(section, yes, common)


def _common(action: AskedAction) -> dict[str, Any]:
    return {
        "action_key": f"{action.edition_id}:{action.action_id}",
        "heading": titled(action.action_id, action),
        "tags": tuple(dict.fromkeys(("cms", "samarkand", *action.targets))),
    }


def _evidence(section: str, asked_when: Condition, common: dict[str, Any]) -> Question:
    return _asked(
        f"{common['action_key']}/evidence",
        section,
        N_("What shows it?"),
        "references",
        depends_on=asked_when,
        help_text=N_(
            "Publications, addresses, names of laws or agreements, or references of the register "
            "such as layer:roads/2."
        ),
        **common,
    )


def _asked(
    question_id: str,
    section: str,
    text: str,
    kind: Kind = "text",
    *,
    help_text: str = "",
    **rest: Any,
) -> Question:
    return Question(
        question_id,
        section,
        told(text),
        kind,
        help=told(help_text),
        **rest,
    )
