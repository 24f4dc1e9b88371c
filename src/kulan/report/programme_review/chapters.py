"""The chapters of a review: each state, each species, each project, and the annex of answers."""

from collections.abc import Iterator

from kulan.programme.reporting import (
    STATE_NAMES,
    Answer,
    Question,
    Questionnaire,
    Report,
    differs,
    is_blank,
    value_as_data,
)
from kulan.report.document import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from kulan.report.programme_review.facts import ReviewFacts, counting
from kulan.report.programme_review.overview import computed_name, reporter_name, said_name
from kulan.report.reader import Reader

_IN_BRIEF = ("presence", "estimate", "estimate_year", "trend", "threats")


def states(facts: ReviewFacts, reader: Reader) -> Section:
    """Return a chapter with a part for each state."""
    parts = tuple(
        Section(
            f"state-{report.reporter_id.lower()}",
            reporter_name(report.reporter_id, reader),
            (
                _state_of(report, reader),
                *_general(questionnaire, report, reader),
                *_actions(facts, questionnaire, report, reader),
            ),
        )
        for questionnaire, report in facts.national
    )
    return Section("states", reader.say("State by state"), (), parts)


def projects(facts: ReviewFacts, reader: Reader) -> Section | None:
    """Return what organisations reported; None where none did."""
    if not facts.projects:
        return None
    parts = tuple(
        Section(
            f"project-{number}",
            reporter_name(report.reporter_id, reader),
            (_state_of(report, reader), *_general(questionnaire, report, reader)),
        )
        for number, (questionnaire, report) in enumerate(facts.projects, start=1)
    )
    return Section("projects", reader.say("Reports of organisations"), (), parts)


def species(facts: ReviewFacts, reader: Reader) -> Section:
    """Return a chapter with a table for each species: what each state says of it."""
    say = reader.say
    questions = {
        one.question_id: one
        for questionnaire, _ in facts.national
        for one in questionnaire.questions
        if one.loop != "none"
    }
    rows: dict[str, list[Row]] = {}
    for _, report in facts.national:
        answers = counting(report)
        for species_id in sorted({subject for _, subject in answers if subject}):
            cells = [
                Cell(_told(questions, answers, name, species_id, reader)) for name in _IN_BRIEF
            ]
            if any(cell.text != "–" for cell in cells):
                base, _, population = species_id.partition(":")
                who = Cell(reporter_name(report.reporter_id, reader), note=population)
                rows.setdefault(base, []).append(Row((who, *cells), base))
    columns = (
        Column(say("State"), share=1.5),
        Column(say("Presence"), share=1.2),
        Column(say("Estimate"), numeric=True),
        Column(say("Year"), numeric=True, share=0.6),
        Column(say("Trend")),
        Column(say("Threats"), share=2.4),
    )
    parts = tuple(
        Section(
            f"species-{base}",
            reader.species(base),
            (Table(say("What states report"), columns, tuple(found), whole=True),),
        )
        for base, found in sorted(rows.items(), key=lambda pair: reader.species(pair[0]))
    )
    intro = Paragraph(
        say("Estimates are those of the states; what they rest on stands in the annex."), small=True
    )
    return Section("species", say("Species by species"), (intro,), parts)


def annex(facts: ReviewFacts, reader: Reader) -> Section:
    """Return every answer that counts, reporter by reporter, section by section."""
    say = reader.say
    columns = (
        Column(say("Question"), share=2),
        Column(say("Answer"), share=3),
        Column(say("Note"), share=1.4),
    )
    parts = []
    for number, (questionnaire, report) in enumerate(facts.filed, start=1):
        blocks = tuple(
            Table(title, columns, rows, whole=True)
            for title, rows in _by_section(questionnaire, report, reader)
        )
        name = reporter_name(report.reporter_id, reader)
        parts.append(Section(f"annex-{number}", name, blocks))
    return Section("annex", say("Annex: all answers"), (), tuple(parts))


def _state_of(report: Report, reader: Reader) -> Paragraph:
    state = reader.say(STATE_NAMES[report.state])
    return Paragraph(reader.say("State of the report: {state}.", state=state), small=True)


def _general(questionnaire: Questionnaire, report: Report, reader: Reader) -> Iterator[Block]:
    answers = counting(report)
    for question in questionnaire.questions:
        answer = answers.get((question.question_id, ""))
        if question.section != "general" or answer is None:
            continue
        yield Heading(question.words.tell(reader.words.language))
        yield Paragraph(answer_told(question, answer, reader))


def _actions(
    facts: ReviewFacts, questionnaire: Questionnaire, report: Report, reader: Reader
) -> Iterator[Block]:
    say, language = reader.say, reader.words.language
    columns = (
        Column(say("Action"), share=3.2),
        Column(say("The state says")),
        Column(say("Computed")),
        Column(say("What stands in the way"), share=1.6),
    )
    answers, iso3 = counting(report), report.reporter_id
    for section in questionnaire.sections:
        rows = []
        for question in questionnaire.in_section(section.section_id):
            if not question.question_id.endswith("/status"):
                continue
            key = question.action_key
            said, computed = facts.said.get(key, {}).get(iso3, ""), facts.computed_for(key, iso3)
            tone: Tone = "caution" if differs(said, computed) else ""
            known = {
                one.question_id: one for one in (questionnaire.question(f"{key}/obstacles"),) if one
            }
            rows.append(
                Row(
                    (
                        Cell(question.heading.tell(language)),
                        Cell(said_name(said, reader), tone=tone),
                        Cell(
                            ("!\N{NO-BREAK SPACE}" if tone else "")
                            + computed_name(computed, reader),
                            tone=tone,
                        ),
                        Cell(_told(known, answers, f"{key}/obstacles", "", reader)),
                    )
                )
            )
        if any(row.cells[1].text != "–" for row in rows):
            yield Table(section.title.tell(language), columns, tuple(rows), whole=True)


def _by_section(
    questionnaire: Questionnaire, report: Report, reader: Reader
) -> Iterator[tuple[str, tuple[Row, ...]]]:
    language = reader.words.language
    answers: dict[str, list[Answer]] = {}
    for one in counting(report).values():
        answers.setdefault(one.question_id, []).append(one)
    for section in questionnaire.sections:
        rows = [
            Row(
                (
                    Cell(question.words.tell(language), note=_about(question, answer, reader)),
                    Cell(answer_told(question, answer, reader)),
                    Cell(answer.note),
                )
            )
            for question in questionnaire.in_section(section.section_id)
            for answer in sorted(answers.get(question.question_id, ()), key=lambda one: one.subject)
        ]
        if rows:
            yield section.title.tell(language), tuple(rows)


def _about(question: Question, answer: Answer, reader: Reader) -> str:
    if not answer.subject:
        return question.heading.tell(reader.words.language)
    base, _, population = answer.subject.partition(":")
    return f"{reader.species(base)}: {population}" if population else reader.species(base)


def _told(
    questions: dict[str, Question],
    answers: dict[tuple[str, str], Answer],
    name: str,
    subject: str,
    reader: Reader,
) -> str:
    prefix = "" if "/" in name else ("populations/" if ":" in subject else "species/")
    question, answer = questions.get(prefix + name), answers.get((prefix + name, subject))
    if prefix and question is None and name == "estimate_year":
        question, answer = questions.get(prefix + "year"), answers.get((prefix + "year", subject))
    if question is None or answer is None:
        return "–"
    if name == "estimate_year" and isinstance(answer.value, float):
        return f"{answer.value:.0f}"
    return answer_told(question, answer, reader)


def answer_told(question: Question, answer: Answer, reader: Reader) -> str:
    """Return an answer as the review prints it; a dash where nothing is answered."""
    value, language = answer.value, reader.words.language
    if is_blank(value):
        return "–"
    if isinstance(value, bool):
        return reader.say("Yes") if value else reader.say("No")
    if isinstance(value, float | int):
        if question.at_least is not None and question.at_least >= 1000:
            return str(value_as_data(float(value)))  # a year
        return reader.words.significant(value, 15)
    if question.kind == "date":
        return reader.day(str(value))
    texts = []
    for one in value if isinstance(value, tuple) else (str(value),):
        choice = question.choice(one)
        texts.append(choice.words.tell(language) if choice else one)
    return "; ".join(texts)
