"""What comes next in a transboundary area: the first thing that is not done yet."""

from dataclasses import dataclass

from kulan.words import N_


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a transboundary area.

    Attributes
    ----------
    states, species
        How many are named.
    stakeholders, groups, workshops, recommendations
        How many are recorded; workshops are those that were held.
    asked, answered
        Pairs of states that were asked about feasibility, and that have both answered.
    met_after_answers
        Whether a workshop was held after the last pair had answered.
    agreements, signed
        How many agreements are recorded for it, and how many are signed or in force.
    """

    states: int = 0
    species: int = 0
    stakeholders: int = 0
    groups: int = 0
    workshops: int = 0
    recommendations: int = 0
    asked: int = 0
    answered: int = 0
    met_after_answers: bool = False
    agreements: int = 0
    signed: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to an agreement that is kept.

    Attributes
    ----------
    code
        Its name.
    title
        What to do, in English, marked for translation.
    done
        Whether it is done.
    """

    code: str
    title: str
    done: bool


def steps(facts: Facts) -> tuple[Step, ...]:
    """Return the steps in their order, each with whether it is done.

    Parameters
    ----------
    facts
        What is known; more of anything never undoes a step.
    """
    neighbours = 2
    return (
        Step(
            "describe",
            N_("Name its states (two at least) and its species."),
            facts.states >= neighbours and facts.species > 0,
        ),
        Step("stakeholders", N_("Write down who is concerned."), facts.stakeholders > 0),
        Step("group", N_("Form a working group."), facts.groups > 0),
        Step("ask", N_("Ask two states how feasible it is, each by itself."), facts.asked > 0),
        Step(
            "answer",
            N_("Have both states finish their answers."),
            0 < facts.asked <= facts.answered,
        ),
        Step(
            "meet",
            N_("Hold a workshop on where the answers differ."),
            facts.workshops > 0 and facts.met_after_answers,
        ),
        Step(
            "recommend", N_("Write down what the workshop recommends."), facts.recommendations > 0
        ),
        Step("propose", N_("Propose an agreement."), facts.agreements > 0),
        Step("sign", N_("Bring the agreement to signature."), facts.signed > 0),
    )


def next_step(facts: Facts) -> Step | None:
    """Return the first step that is not done; None where all are.

    Parameters
    ----------
    facts
        What is known.

    Examples
    --------
    >>> next_step(Facts(states=2, species=1, stakeholders=3)).code
    'group'
    """
    return next((step for step in steps(facts) if not step.done), None)
