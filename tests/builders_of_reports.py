"""Questionnaires, reporters and answers for tests of reporting."""

from datetime import UTC, date, datetime

from kulan.programme.actions import actions, sections
from kulan.programme.reporting import (
    Answer,
    Choice,
    Condition,
    FormSection,
    Question,
    Questionnaire,
    Report,
    Reporter,
    Told,
    asked_now,
    by_key,
    standard_questionnaire,
)

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
KAZAKHSTAN = Reporter(
    "KAZ", species=("saiga", "khulan"), populations={"saiga": ("Ural", "Betpak-Dala")}
)
CHINA = Reporter("CHN", party=False, species=("khulan",))
_TRENDS = tuple(
    Choice(code, Told(en, ru=ru, fr=fr))
    for code, en, ru, fr in (
        ("up", "Increasing", "Растёт", "En hausse"),
        ("down", "Decreasing", "Снижается", "En baisse"),
        ("unknown", "Unknown", "Неизвестно", "Inconnue"),
    )
)


def little_questionnaire(**changed):
    """Return a questionnaire with a question of every kind."""
    asked = (
        Question("general/agency", "general", Told("Agency", ru="Ведомство"), required=True),
        Question("general/from", "general", Told("From"), "date"),
        Question(
            "general/why_not", "general", Told("Accession"), asked="non_parties", tags=("cms",)
        ),
        Question(
            "species/present", "species", Told("Present?"), "yes_no", loop="species", required=True
        ),
        Question(
            "species/number",
            "species",
            Told("How many?", ru="Сколько?"),
            "number",
            loop="species",
            at_least=0,
            depends_on=Condition("species/present", ("yes",)),
            tags=("cites", "mou:saiga"),
            carries=False,
        ),
        Question(
            "populations/trend",
            "species",
            Told("Trend", ru="Динамика", fr="Tendance"),
            "choice",
            choices=_TRENDS,
            loop="population",
            required=True,
            tags=("mou:saiga", "gbf:target-4"),
        ),
        Question("threats", "species", Told("Trends heard of"), "choices", choices=_TRENDS),
        Question(
            "cami-2021:1.1/evidence",
            "1",
            Told("What shows it?"),
            "references",
            action_key="cami-2021:1.1",
            heading=Told("1.1 Agreements"),
            tags=("cms",),
        ),
    )
    told = {
        "cycle_id": "cami-2027-national",
        "title": Told("Reports 2027", ru="Отчёты 2027", fr="Rapports 2027"),
        "kind": "national",
        "edition_id": "cami-2021",
        "opens": date(2027, 1, 15),
        "due": date(2027, 6, 30),
        "sections": (
            FormSection("general", Told("The report"), Told("Answer these first.")),
            FormSection("species", Told("Species", ru="Виды")),
            FormSection("1", Told("1 Cooperation")),
        ),
        "questions": asked,
    }
    return Questionnaire(**(told | changed))


def whole_questionnaire(kind="national"):
    """Return the standard questionnaire on all 228 actions."""
    return standard_questionnaire(
        f"cami-2027-{kind}",
        Told("Reports 2027", ru="Отчёты 2027", fr="Rapports 2027"),
        kind=kind,
        actions=actions("cami-2021"),
        sections=sections("cami-2021"),
        opens=date(2027, 1, 15),
        due=date(2027, 6, 30),
    )


def plausible_value(question, number):
    """Return a value that fits a question, another one for another number."""
    if question.kind in {"choice", "choices"}:
        codes = [one.code for one in question.choices]
        picked = codes[number % len(codes)]
        return picked if question.kind == "choice" else (picked,)
    return {
        "text": f"Answer no. {number}: Қазақстан, «ёлка», = 1 + 1\nand a second line",
        "number": float(max(number, question.at_least or 0)),
        "yes_no": number % 3 != 0,
        "date": f"20{20 + number % 10}-0{1 + number % 9}-1{number % 10}",
        "references": (f"layer:roads/{number}", f"https://example.org/{number}?a=b"),
    }[question.kind]


def filled_report(questionnaire, reporter, *, seed=0, state="in_progress"):
    """Return a report in which everything asked is answered."""
    answers = {}
    for _ in range(3):  # an answer may let further questions appear
        for place, slot in enumerate(asked_now(questionnaire, reporter, answers)):
            if slot.key not in answers:
                value = plausible_value(slot.question, place + seed)
                answers[slot.key] = Answer(
                    *slot.key, value, note="" if place % 5 else f"note {place}", by="aigul", at=AT
                )
    return Report(questionnaire.cycle_id, reporter.reporter_id, state, tuple(answers.values()))


def answer_of(report, question_id, subject=""):
    """Return one answer of a report, or None."""
    return by_key(report.answers).get((question_id, subject))
