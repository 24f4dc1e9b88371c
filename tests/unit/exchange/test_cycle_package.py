"""A reporting cycle leaves as a data package and comes back as it was."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest

from builders_of_reports import AT, CHINA, KAZAKHSTAN, filled_report, little_questionnaire
from kulan.errors import InvalidFileError
from kulan.exchange.archives import zipped
from kulan.exchange.cycle_package import (
    answers_json,
    answers_table,
    read_package,
    write_package,
)
from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme.reporting import (
    Answer,
    Report,
    Told,
    questionnaire_from_data,
    report_from_data,
)
from kulan.provenance import hash_bytes
from kulan.words import words_in

ASKED = little_questionnaire()
ODD = Report(
    ASKED.cycle_id,
    "MNG",
    "submitted",
    (
        Answer("general/agency", "", "=1+1", note="'quoted\nover lines", by="bat", at=AT),
        Answer("general/from", "", "2026-01-01", origin="evidence", confirmed=False),
        Answer("threats", "", ("up", "down"), revision=4),
        Answer("species/number", "saiga", -3.5),
    ),
)
FILED = (
    (ASKED, filled_report(ASKED, KAZAKHSTAN, state="accepted")),
    (ASKED, filled_report(ASKED, CHINA)),
    (ASKED, ODD),
)


def package(filed=FILED):
    return write_package(
        filed, name="CAMI 2027", title=Told("Reports 2027"), created=date(2027, 7, 1)
    )


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def described(content):
    return json.loads(parts(content)["datapackage.json"])


def rows(content, table):
    return list(csv.DictReader(io.StringIO(parts(content)[f"{table}.csv"].decode(), newline="")))


def test_a_package_comes_back_as_it_was():
    got = read_package(package())
    assert [one for one, _ in got] == [ASKED] * 3
    for (_, wanted), (_, report) in zip(FILED, got, strict=True):
        assert report.by_key() == wanted.by_key()
        assert (report.reporter_id, report.state) == (wanted.reporter_id, wanted.state)


def test_the_same_reports_give_the_same_bytes():
    assert package() == package()


def test_the_description_follows_the_rules_of_data_packages():
    """Data Package 2.0: what a package, a resource and a table schema must and may say."""
    head = described(package())
    assert re.fullmatch(r"[-a-z0-9._/]+", head["name"])
    datetime.fromisoformat(head["created"])
    assert head["resources"]
    names = [one["name"] for one in head["resources"]]
    assert len(set(names)) == len(names)
    for one in head["resources"]:
        assert re.fullmatch(r"[-a-z0-9._]+", one["name"])
        assert not one["path"].startswith(("/", ".", "~"))
        assert ".." not in one["path"]
        content = parts(package())[one["path"]]
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hash_bytes(content)}"
        content.decode(one["encoding"])


def test_every_table_keeps_its_own_schema():
    content = package()
    types = {
        "string": str,
        "boolean": lambda cell: {"true": True, "false": False}[cell],
        "integer": int,
        "datetime": datetime.fromisoformat,
    }
    tables = {one["name"]: one for one in described(content)["resources"] if "schema" in one}
    assert set(tables) == {"reports", "questions", "answers"}
    for name, one in tables.items():
        fields = one["schema"]["fields"]
        read = rows(content, name)
        assert list(read[0]) == [field["name"] for field in fields]
        for row in read:
            for field in fields:
                if row[field["name"]] not in one["schema"]["missingValues"]:
                    types[field["type"]](row[field["name"]])
        if key := one["schema"].get("primaryKey"):
            keys = [tuple(row[part] for part in key) for row in read]
            assert len(set(keys)) == len(keys)
            assert all(all(parts) for parts in keys)
        for foreign in one["schema"].get("foreignKeys", ()):
            there = rows(content, foreign["reference"]["resource"])
            known = {tuple(row[part] for part in foreign["reference"]["fields"]) for row in there}
            assert {tuple(row[part] for part in foreign["fields"]) for row in read} <= known


def test_no_cell_of_a_package_is_a_formula():
    agency = next(row for row in rows(package(), "answers") if "1+1" in row["value"])
    assert agency["value"] == '"=1+1"'
    assert agency["note"].startswith("''")


def test_a_file_that_was_changed_is_noticed():
    changed = parts(package())
    changed["answers.csv"] = changed["answers.csv"].replace(b"bat", b"cat")
    with pytest.raises(InvalidFileError, match="not the file the package describes"):
        read_package(zipped(changed))


@pytest.mark.parametrize("content", [b"", b"text", zipped({"datapackage.json": b"{}"})])
def test_what_is_no_package_is_refused(content):
    with pytest.raises(InvalidFileError, match="not a data package"):
        read_package(content)


def test_the_json_holds_every_questionnaire_and_report():
    data = json.loads(answers_json(FILED))
    assert [questionnaire_from_data(one) for one in data["questionnaires"]] == [ASKED]
    got = [report_from_data(one) for one in data["reports"]]
    assert [one.by_key() for one in got] == [one.by_key() for _, one in FILED]


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_the_table_says_what_people_read(language):
    table = answers_table(FILED, words_in(language))
    assert len(table) == sum(len(report.answers) for _, report in FILED)
    trend = table[table["question_id"] == "populations/trend"].iloc[0]
    shown = {"en": "saiga", "ru": "сайга", "fr": "saïga"}[language]
    assert shown in trend.iloc[5].casefold()
    assert trend.iloc[6] in {
        "Increasing",
        "Растёт",
        "En hausse",
        "Decreasing",
        "Снижается",
        "En baisse",
        "Unknown",
        "Неизвестно",
        "Inconnue",
    }
    assert "'=1+1" in write_csv(table).decode("utf-8-sig")
    assert write_xlsx(table)[:2] == b"PK"


def test_an_answer_to_a_question_that_is_gone_stays_in_the_package_only():
    gone = replace(ODD, answers=(*ODD.answers, Answer("general/old", "", "kept")))
    assert len(answers_table([(ASKED, gone)], words_in("en"))) == len(ODD.answers)
    ((_, report),) = read_package(package([(ASKED, gone)]))
    assert ("general/old", "") in report.by_key()
