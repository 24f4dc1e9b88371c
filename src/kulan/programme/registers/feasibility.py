"""Two states answer the same questions, each by itself; then it is shown where they differ.

The questions are Kulan's own. They go by what decides whether neighbours can keep an area together:
need, will, law, institutions, means, borders, data and people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kulan.words import N_

SCALE = (
    (0, N_("Not at all")),
    (1, N_("Hardly")),
    (2, N_("Partly")),
    (3, N_("Mostly")),
    (4, N_("Fully")),
)
"""What may be answered; no answer at all stands for *we cannot say*."""
APART = 2
"""Steps of the scale from which on two answers diverge."""
FEASIBLE = 3
"""From which on an answer says that the ground is prepared."""

Agreement = Literal["both_ready", "both_not_ready", "near", "divergent", "open"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    code
        Its name in stored answers.
    theme
        What it is about, in English, marked for translation.
    text
        The question.
    """

    code: str
    theme: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a state answers to one question.

    Attributes
    ----------
    score
        Of `SCALE`; None where the state cannot say.
    comment
        In its own words.
    """

    score: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Divergence:
    """Two answers side by side.

    Attributes
    ----------
    question
        The question.
    first, second
        The two answers.
    agreement
        How they stand to one another.
    distance
        Steps of the scale between them; None where one cannot say.
    """

    question: Question
    first: Answer
    second: Answer
    agreement: Agreement
    distance: int | None


_NEED, _WILL, _LAW = N_("Need"), N_("Will"), N_("Law")
_BODIES, _MEANS, _BORDER = N_("Institutions"), N_("Means"), N_("Border")
_DATA, _PEOPLE = N_("Data"), N_("People")

QUESTIONS = (
    Question(
        "need_species", _NEED, N_("Do the animals of this area depend on both sides of the border?")
    ),
    Question("need_threats", _NEED, N_("Can the main threats only be met by both sides together?")),
    Question(
        "will_government",
        _WILL,
        N_("Does your government want to keep this area with its neighbour?"),
    ),
    Question("will_local", _WILL, N_("Do the authorities on the ground want it?")),
    Question("law_basis", _LAW, N_("Does your law allow such cooperation as it stands?")),
    Question("law_protection", _LAW, N_("Is your side of the area legally protected?")),
    Question(
        "bodies_lead", _BODIES, N_("Is there an agency with the mandate to lead on your side?")
    ),
    Question("bodies_contact", _BODIES, N_("Do the agencies of both sides already work together?")),
    Question("means_staff", _MEANS, N_("Are there trained staff on your side?")),
    Question("means_money", _MEANS, N_("Is there money for three years on your side?")),
    Question("border_animals", _BORDER, N_("Can the animals cross the border today?")),
    Question(
        "border_staff", _BORDER, N_("Can rangers and scientists meet at the border without delay?")
    ),
    Question("data_share", _DATA, N_("Can you share counts and movements with the other side?")),
    Question("data_methods", _DATA, N_("Are both sides' methods of counting comparable?")),
    Question("people_support", _PEOPLE, N_("Do the people who live there support it?")),
    Question("people_benefit", _PEOPLE, N_("Would the people who live there gain from it?")),
)
"""In their order."""


def divergences(
    first: Mapping[str, Answer], second: Mapping[str, Answer]
) -> tuple[Divergence, ...]:
    """Return every question with both answers, those farthest apart first.

    Parameters
    ----------
    first, second
        The answers of the two states, by the question's code; what is missing counts as *we cannot
        say*.

    Returns
    -------
    tuple of Divergence
        Questions that one side cannot answer come after those that diverge.

    Examples
    --------
    >>> told = divergences({"law_basis": Answer(4)}, {"law_basis": Answer(1)})
    >>> told[0].question.code, told[0].agreement, told[0].distance
    ('law_basis', 'divergent', 3)
    """
    pairs = [
        _side_by_side(one, first.get(one.code, Answer()), second.get(one.code, Answer()))
        for one in QUESTIONS
    ]
    order = {question.code: place for place, question in enumerate(QUESTIONS)}
    return tuple(sorted(pairs, key=lambda pair: (_rank(pair), order[pair.question.code])))


def _side_by_side(question: Question, first: Answer, second: Answer) -> Divergence:
    if first.score is None or second.score is None:
        return Divergence(question, first, second, "open", None)
    distance = abs(first.score - second.score)
    agreement: Agreement = "near"
    if distance >= APART:
        agreement = "divergent"
    elif min(first.score, second.score) >= FEASIBLE:
        agreement = "both_ready"
    elif max(first.score, second.score) < FEASIBLE:
        agreement = "both_not_ready"
    return Divergence(question, first, second, agreement, distance)


def _rank(pair: Divergence) -> tuple[int, int]:
    """Return where a pair stands: what diverges, what is open, what is near."""
    if pair.distance is None:
        return 1, 0
    return (0 if pair.agreement == "divergent" else 2), -pair.distance


def share_ready(answers: Mapping[str, Answer]) -> float | None:
    """Return the share of a state's answers that say that the ground is prepared.

    Parameters
    ----------
    answers
        Of one state, by the question's code; *we cannot say* is left out, None where nothing else
        was said.

    Examples
    --------
    >>> share_ready({"law_basis": Answer(4), "will_local": Answer(1)})
    0.5
    """
    scores = [one.score for one in answers.values() if one.score is not None]
    return sum(score >= FEASIBLE for score in scores) / len(scores) if scores else None
