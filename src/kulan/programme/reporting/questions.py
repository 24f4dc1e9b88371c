"""Questions of a reporting cycle, and the questionnaire that holds them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kulan.programme.reporting.told import UNTOLD, Told

Kind = Literal["text", "choice", "choices", "number", "yes_no", "date", "references"]
Loop = Literal["none", "species", "population"]
Asked = Literal["everyone", "parties", "non_parties", "organisations"]
Readers = Literal["public", "partners", "government"]

KINDS: tuple[Kind, ...] = ("text", "choice", "choices", "number", "yes_no", "date", "references")
LOOPS: tuple[Loop, ...] = ("none", "species", "population")
ASKED: tuple[Asked, ...] = ("everyone", "parties", "non_parties", "organisations")
READERS: tuple[Readers, ...] = ("public", "partners", "government")
FORM_KINDS = ("national", "project")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers a question offers: the code that is kept, and what readers see."""

    code: str
    words: Told


@dataclass(frozen=True, slots=True)
class Condition:
    """The answer to another question under which a question is asked.

    Attributes
    ----------
    question_id
        The other question; it is looked up for the same subject, or without one where it has none.
    values
        Codes of which its answer must be, or hold, one; yes and no are ``"yes"`` and ``"no"``.
    """

    question_id: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a cycle.

    Attributes
    ----------
    question_id
        Unique in the questionnaire and the same from cycle to cycle, so that answers carry over.
    section
        Identifier of the `FormSection` under which it stands.
    words, help
        The question and what explains it, in three languages.
    kind
        One of `KINDS`: ``references`` are pieces of evidence, each a reference or an address.
    action_key
        Action it asks about, such as ``cami-2021:1.1``; empty for what concerns no action.
    choices
        What ``choice`` and ``choices`` offer.
    required
        Whether a report is incomplete without an answer.
    loop
        Whether it is asked once, for each species, or for each population.
    species, states
        Species it is asked about, and states it is put to; empty for all.
    tags
        What else the answer serves: ``cms``, ``cites``, ``gbf:target-4``, ``samarkand``,
        ``mou:saiga``.
    asked
        To whom it is put.
    readers
        Who may read the answer once the report is accepted.
    depends_on
        Under which answer to another question it is asked; None for always.
    unit
        Unit of a number, for the reader.
    at_least, at_most
        Limits of a number.
    heading
        Title under which the questions of one action stand together.
    carries
        Whether the answer of the last cycle is a start for this one's.
    """

    question_id: str
    section: str
    words: Told
    kind: Kind = "text"
    action_key: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    loop: Loop = "none"
    species: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    asked: Asked = "everyone"
    readers: Readers = "public"
    depends_on: Condition | None = None
    help: Told = UNTOLD
    unit: Told = UNTOLD
    at_least: float | None = None
    at_most: float | None = None
    heading: Told = UNTOLD
    carries: bool = True

    def choice(self, code: str) -> Choice | None:
        """Return the choice with a code, or None."""
        return next((one for one in self.choices if one.code == code), None)


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of the questionnaire: a sheet of the form, a page of the web.

    Attributes
    ----------
    section_id
        ``general``, ``species``, ``populations``, or the number of a section of the programme.
    title
        Its title.
    instructions
        What whoever answers should know first.
    """

    section_id: str
    title: Told
    instructions: Told = UNTOLD


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a cycle asks, from when to when.

    Attributes
    ----------
    cycle_id
        Unique name of the cycle with the kind of form, such as ``cami-2027-national``.
    title
        Title of the cycle.
    kind
        ``national`` (agencies of a state) or ``project`` (organisations).
    edition_id
        Edition of the programme whose actions it asks about.
    opens, due
        First day for answers, and the day by which reports are due.
    sections, questions
        In the order in which they are shown.
    """

    cycle_id: str
    title: Told
    kind: str
    edition_id: str
    opens: date
    due: date
    sections: tuple[FormSection, ...]
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        """Return a question, or None where the questionnaire has none of that name."""
        return next((one for one in self.questions if one.question_id == question_id), None)

    def in_section(self, section_id: str) -> tuple[Question, ...]:
        """Return the questions of a section, in order."""
        return tuple(one for one in self.questions if one.section == section_id)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports, and about what the looped questions are asked.

    Attributes
    ----------
    reporter_id
        ISO 3166-1 alpha-3 code of a state, or ``org:`` and the short name of an organisation.
    party
        Whether a state is a Party to CMS; organisations are none.
    species
        Species it reports on.
    populations
        Names of populations by species.
    """

    reporter_id: str
    party: bool = True
    species: tuple[str, ...] = ()
    populations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_organisation(self) -> bool:
        """Whether an organisation reports, not a state."""
        return self.reporter_id.startswith("org:")


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for an answer: a question, and the subject for which it is asked."""

    question: Question
    subject: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Question and subject, by which answers are kept."""
        return self.question.question_id, self.subject


def slots(questionnaire: Questionnaire, reporter: Reporter) -> Iterator[Slot]:
    """Yield every place for an answer that a reporter has, in the order of the form.

    Whether a question that depends on another is asked is seen only with the answers: see
    `kulan.programme.reporting.asked_now`.
    """
    for question in questionnaire.questions:
        if not put_to(question, reporter):
            continue
        for subject in subjects(question, reporter):
            yield Slot(question, subject)


def put_to(question: Question, reporter: Reporter) -> bool:
    """Whether a question is put to a reporter at all.

    Examples
    --------
    >>> asked = Question("a", "general", Told("Why not yet?"), asked="non_parties")
    >>> put_to(asked, Reporter("TKM")), put_to(asked, Reporter("CHN", party=False))
    (False, True)
    """
    if question.states and reporter.reporter_id not in question.states:
        return False
    if question.asked == "organisations":
        return reporter.is_organisation
    if question.asked == "everyone":
        return True
    return not reporter.is_organisation and reporter.party == (question.asked == "parties")


def subjects(question: Question, reporter: Reporter) -> tuple[str, ...]:
    """Return the subjects for which a question is asked: ``saiga``, ``saiga:Betpak-Dala``, or "".

    Examples
    --------
    >>> asked = Question("trend", "species", Told("Trend"), loop="population")
    >>> subjects(asked, Reporter("KAZ", species=("saiga",), populations={"saiga": ("Ural",)}))
    ('saiga:Ural',)
    """
    if question.loop == "none":
        return ("",)
    species = [one for one in reporter.species if not question.species or one in question.species]
    if question.loop == "species":
        return tuple(species)
    return tuple(f"{one}:{name}" for one in species for name in reporter.populations.get(one, ()))
