"""A whole reporting cycle as files: a data package, and tables of answers for reading.

The package follows Data Package 2.0 (datapackage.org, formerly Frictionless Data): a zip with
``datapackage.json``, tables as CSV with their schemas, and the questionnaires as JSON. A value is
written as JSON in its cell, so that numbers, days, choices and texts come back as what they were.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from kulan.errors import InvalidFileError, InvalidTableError, TooLargeError
from kulan.exchange.archives import zipped
from kulan.exchange.safe_cells import original_text, safe_text
from kulan.programme import species_name, state_name
from kulan.programme.reporting import (
    STATE_NAMES,
    Answer,
    Question,
    Questionnaire,
    Report,
    Told,
    answer_as_data,
    answer_from_data,
    is_blank,
    origin_said,
    questionnaire_as_data,
    questionnaire_from_data,
    report_as_data,
    value_as_data,
)
from kulan.provenance import canonical_json, hash_bytes
from kulan.words import Words

Filed = tuple[Questionnaire, Report]

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
_SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
_NOT_IN_NAME = re.compile(r"[^-a-z0-9._]+")
_LARGEST = 1 << 30
_REPORTS = (
    ("cycle_id", "string", "Questionnaire that is answered"),
    ("reporter_id", "string", "ISO 3166-1 alpha-3 code of a state, or org: and an organisation"),
    ("state", "string", "How far the report is"),
)
_QUESTIONS = (
    ("cycle_id", "string", "Questionnaire"),
    ("question_id", "string", "Name of the question, the same from cycle to cycle"),
    ("section", "string", "Part of the questionnaire"),
    ("kind", "string", "What an answer is"),
    ("loop", "string", "Whether it is asked for each species or population"),
    ("action_key", "string", "Action of the programme it asks about"),
    ("required", "boolean", "Whether it must be answered"),
    ("readers", "string", "Who may read the answer"),
    ("tags", "string", "Conventions and targets the answer serves, separated by spaces"),
    ("en", "string", "The question in English"),
    ("ru", "string", "The question in Russian"),
    ("fr", "string", "The question in French"),
)
_ANSWERS = (
    ("cycle_id", "string", "Questionnaire"),
    ("reporter_id", "string", "Who answers"),
    ("question_id", "string", "The question"),
    ("subject", "string", "Species, or species:population, of a looped question"),
    ("value", "string", "The answer as JSON"),
    ("note", "string", "Remark"),
    ("by", "string", "Who gave the answer"),
    ("at", "datetime", "When"),
    ("revision", "integer", "How often it was changed"),
    ("origin", "string", "Where a suggested answer came from"),
    ("confirmed", "boolean", "Whether a person stands behind it"),
)


def write_package(filed: Sequence[Filed], *, name: str, title: Told, created: date) -> bytes:
    """Write questionnaires and the reports that answer them as a data package.

    Parameters
    ----------
    filed
        Reports with their questionnaires; of one cycle or several.
    name
        Short name of the package; other characters than Latin letters, digits, ``-``, ``_`` and
        ``.`` become ``-``.
    title
        Title.
    created
        Day the package is made on.

    Returns
    -------
    bytes
        A zip; the same for the same reports and day.
    """
    asked = {questionnaire.cycle_id: questionnaire for questionnaire, _ in filed}
    tables = {
        "reports": (_REPORTS, _report_rows(filed), ["cycle_id", "reporter_id"]),
        "questions": (_QUESTIONS, _question_rows(asked.values()), ["cycle_id", "question_id"]),
        "answers": (
            _ANSWERS,
            _answer_rows(filed),
            # a key may not be missing, and the subject of a question that is asked once is
            [],
        ),
    }
    parts = {
        "questionnaires.json": canonical_json(
            [questionnaire_as_data(asked[cycle_id]) for cycle_id in sorted(asked)]
        )
    }
    resources = [_json_resource(parts["questionnaires.json"])]
    for table, (columns, rows, key) in tables.items():
        content = _csv([one for one, _, _ in columns], rows)
        parts[f"{table}.csv"] = content
        resources.append(_table_resource(table, columns, key, content))
    description = {
        "$schema": PROFILE,
        "name": _NOT_IN_NAME.sub("-", name.lower()).strip("-") or "cycle",
        "title": title.en,
        "description": (
            "Questionnaires and reports of a reporting cycle. Texts that a spreadsheet could take "
            "for a formula have an apostrophe before them."
        ),
        "created": f"{created.isoformat()}T00:00:00Z",
        "resources": resources,
    }
    head = json.dumps(description, ensure_ascii=False, indent=2, sort_keys=True).encode()
    return zipped({"datapackage.json": head, **parts})


def read_package(content: bytes, name: str = "package") -> tuple[Filed, ...]:
    """Read questionnaires and reports from a data package that `write_package` wrote.

    Raises
    ------
    InvalidFileError
        If it is not such a package, or a file in it is not the one it describes.
    TooLargeError
        If it unpacks into more than a gigabyte.
    """
    try:
        parts = _unpacked(content, name)
        head = json.loads(parts["datapackage.json"])
        for resource in head["resources"]:
            if resource.get("hash") != f"sha256:{hash_bytes(parts[resource['path']])}":
                raise InvalidFileError(
                    f"{name}: {resource['path']} is not the file the package describes. Take the "
                    "package again."
                )
        asked = {
            one["cycle_id"]: questionnaire_from_data(one)
            for one in json.loads(parts["questionnaires.json"])
        }
        answers: dict[tuple[str, str], list[Answer]] = {}
        for row in _rows_of(parts["answers.csv"]):
            key = (row.pop("cycle_id"), row.pop("reporter_id"))
            answers.setdefault(key, []).append(_answer(row))
        return tuple(
            (
                asked[row["cycle_id"]],
                Report(
                    row["cycle_id"],
                    row["reporter_id"],
                    row["state"],  # type: ignore[arg-type]
                    tuple(answers.get((row["cycle_id"], row["reporter_id"]), ())),
                ),
            )
            for row in _rows_of(parts["reports.csv"])
        )
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as problem:
        raise _no_package(name, problem) from problem
    except InvalidTableError as problem:
        raise _no_package(name, problem) from problem


def answers_json(filed: Iterable[Filed]) -> bytes:
    """Return questionnaires and reports as one JSON document."""
    pairs = list(filed)
    asked = {questionnaire.cycle_id: questionnaire for questionnaire, _ in pairs}
    return canonical_json(
        {
            "questionnaires": [questionnaire_as_data(asked[name]) for name in sorted(asked)],
            "reports": [report_as_data(report) for _, report in pairs],
        }
    )


def answers_table(filed: Iterable[Filed], words: Words) -> pd.DataFrame:
    """Return answers as people read them, a row each, in one language.

    Give it to `kulan.exchange.safe_cells.write_csv` or `write_xlsx`.

    Parameters
    ----------
    filed
        Reports with their questionnaires.
    words
        The language.
    """
    say = words.say
    columns = [
        say("Cycle"),
        say("Reported by"),
        say("State of the report"),
        say("Action"),
        say("Question"),
        say("Species or population"),
        say("Answer"),
        say("Note"),
        say("Confirmed"),
        say("Origin of the suggestion"),
        "action_key",
        "question_id",
        "subject",
    ]
    rows = [row for questionnaire, report in filed for row in _told(questionnaire, report, words)]
    return pd.DataFrame(rows, columns=columns)


def answer_text(question: Question, answer: Answer, words: Words) -> str:
    """Return an answer as people read it; empty where nothing is answered."""
    value = None if is_blank(answer.value) else answer.value
    if isinstance(value, bool):
        return words.say("Yes") if value else words.say("No")
    if isinstance(value, float | int):
        return str(value_as_data(float(value)))
    if value is None:
        return ""
    texts = []
    for one in value if isinstance(value, tuple) else (value,):
        choice = question.choice(one)
        texts.append(choice.words.tell(words.language) if choice else one)
    return ("; " if question.choices else "\n").join(texts)


def _told(questionnaire: Questionnaire, report: Report, words: Words) -> Iterator[list[str]]:
    language = words.language
    asked = {one.question_id: one for one in questionnaire.questions}
    order = {one.question_id: place for place, one in enumerate(questionnaire.questions)}
    who = report.reporter_id.removeprefix("org:")
    if not report.reporter_id.startswith("org:"):
        who = state_name(report.reporter_id, language)
    common = [questionnaire.title.tell(language), who, words.say(STATE_NAMES[report.state])]
    yes, no = words.say("Yes"), words.say("No")
    known = [one for one in report.answers if one.question_id in asked]
    for answer in sorted(known, key=lambda one: (order[one.question_id], one.subject)):
        question = asked[answer.question_id]
        species_id, _, population = answer.subject.partition(":")
        subject = species_name(species_id, language) if species_id else ""
        yield [
            *common,
            question.heading.tell(language),
            question.words.tell(language),
            f"{subject}: {population}" if population else subject,
            answer_text(question, answer, words),
            answer.note,
            yes if answer.confirmed else no,
            origin_said(answer.origin, language) if answer.origin else "",
            question.action_key,
            answer.question_id,
            answer.subject,
        ]


def _report_rows(filed: Iterable[Filed]) -> Iterator[list[str]]:
    for _, report in filed:
        yield [report.cycle_id, report.reporter_id, report.state]


def _question_rows(asked: Iterable[Questionnaire]) -> Iterator[list[str]]:
    for questionnaire in asked:
        for one in questionnaire.questions:
            yield [
                questionnaire.cycle_id,
                one.question_id,
                one.section,
                one.kind,
                one.loop,
                one.action_key,
                _truth(one.required),
                one.readers,
                " ".join(one.tags),
                one.words.en,
                one.words.ru,
                one.words.fr,
            ]


def _answer_rows(filed: Iterable[Filed]) -> Iterator[list[str]]:
    for _, report in filed:
        for one in sorted(report.answers, key=lambda answer: answer.key):
            data = answer_as_data(one)
            yield [
                report.cycle_id,
                report.reporter_id,
                one.question_id,
                one.subject,
                json.dumps(data["value"], ensure_ascii=False),
                one.note,
                one.by,
                data["at"] or "",
                str(one.revision),
                one.origin,
                _truth(one.confirmed),
            ]


def _answer(row: Mapping[str, str]) -> Answer:
    return answer_from_data(
        {
            **row,
            "value": json.loads(row["value"]),
            "at": row["at"] or None,
            "revision": int(row["revision"]),
            "confirmed": row["confirmed"] == "true",
        }
    )


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _csv(columns: list[str], rows: Iterable[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_text(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()


def _rows_of(content: bytes) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        yield {name: original_text(cell) for name, cell in row.items()}


def _json_resource(content: bytes) -> dict[str, Any]:
    return {
        "$schema": _RESOURCE_PROFILE,
        "name": "questionnaires",
        "path": "questionnaires.json",
        "title": "Questionnaires with every text in three languages",
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hash_bytes(content)}",
    }


def _table_resource(
    table: str, columns: tuple[tuple[str, str, str], ...], key: list[str], content: bytes
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": _SCHEMA_PROFILE,
        "fields": [
            {"name": name, "type": kind, "title": title, "format": "default"}
            for name, kind, title in columns
        ],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = key
    else:
        schema["foreignKeys"] = [
            {"fields": fields, "reference": {"resource": other, "fields": fields}}
            for other, fields in (
                ("reports", ["cycle_id", "reporter_id"]),
                ("questions", ["cycle_id", "question_id"]),
            )
        ]
    return {
        "$schema": _RESOURCE_PROFILE,
        "name": table,
        "path": f"{table}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hash_bytes(content)}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": schema,
    }


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
            raise TooLargeError(f"{name}: it unpacks into more than a gigabyte. Split the cycles.")
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def _no_package(name: str, problem: Exception) -> InvalidFileError:
    return InvalidFileError(
        f"{name}: not a data package of a reporting cycle ({problem}). Take the package from the "
        "page of the cycle, or from `kulan.exchange.cycle_package.write_package`."
    )
