"""What the programme holds comes back from a backup as it was: money, registers, cycles, news."""

from pathlib import Path

import pytest

from web.test_backups import kulan, postgresql, python, tables

__all__ = ["postgresql"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backups")]

MAKE_STATE = """
from kulan.web.operation.django_setup import set_up
set_up()
from kulan.web.operation.migrating import migrate
migrate()
from builders_of_cycles import cycle_things
from builders_of_money import money_things
from builders_of_newsletters import newsletter_things
from builders_of_registers import register_things
from builders_of_the_programme import programme_things
from kulan.web.people.models import Grant, Organisation, User
from web.conftest import CAST
people = {}
for name, (house, grant) in CAST.items():
    organisation = Organisation.objects.get_or_create(name=house)[0] if house else None
    user = User.objects.create_user(f"{name}@test.example", name=name, organisation=organisation)
    if grant:
        Grant.objects.create(user=user, **grant)
    people[name] = user
money_things(people)
programme_things(people)
cycle_things(people)
newsletter_things()
register_things(people)
from datetime import date
from kulan.web.programme.money.models import ExchangeRate
from kulan.web.programme.reporting.models import Filing, Reminder, Step
days = {"first": date(2024, 1, 1), "last": date(2024, 12, 31)}
ExchangeRate.objects.create(of="EUR", to="USD", rate="1.0825", source="A bank", **days)
from kulan.web.programme.registers.models import AnswerSheet, Questionnaire, Record, RecordLink
one, other = Record.objects.all()[:2]
RecordLink.objects.create(record=one, field="meeting", target=other)
scored = {"trust": {"score": None, "comment": "ё"}}
AnswerSheet.objects.create(questionnaire=Questionnaire.objects.first(), iso3="KAZ", answers=scored)
filing = Filing.objects.first()
Step.objects.create(filing=filing, action="submit", before="draft", after="submitted", reason="ё")
Reminder.objects.create(filing=filing, kind="after", due=date(2026, 1, 1), people=2)
"""
AREAS = ("programme_money.", "registers.", "programme_reporting.", "programme_newsletter.")


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("programme")
    made = python(folder / "state", "-c", MAKE_STATE)
    assert made.returncode == 0, made.stderr
    done = kulan(folder / "state", "backup", str(folder / "kulan.tar"))
    assert done.returncode == 0, done.stderr
    return folder / "kulan.tar"


def of_the_programme(path: Path) -> dict:
    return {name: facts for name, facts in tables(path).items() if name.startswith(AREAS)}


def test_the_backup_holds_rows_of_every_table_of_the_programme(saved):
    found = of_the_programme(saved)
    assert {name.partition(".")[0] + "." for name in found} == set(AREAS)
    assert {name for name, facts in found.items() if not facts["rows"]} == set()


def check_restored(saved: Path, folder: Path, database: str = "") -> None:
    done = kulan(folder / "state", "restore", str(saved), database=database)
    assert done.returncode == 0, done.stderr
    # where there is something, it goes first: the books too, which nobody may delete from
    done = kulan(folder / "state", "restore", str(saved), "--replace", database=database)
    assert done.returncode == 0, done.stderr
    again = folder / "again.tar"
    done = kulan(folder / "state", "backup", str(again), "--no-verify", database=database)
    assert done.returncode == 0, done.stderr
    assert of_the_programme(again) == of_the_programme(saved)


REFUSED = """
from kulan.web.operation.django_setup import set_up
set_up()
from django.db import connection, IntegrityError
try:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM programme_money_journalrecord")
except IntegrityError as refusal:
    print(refusal)
"""


def test_all_rows_come_back_and_the_books_stay_append_only(saved, tmp_path):
    check_restored(saved, tmp_path)
    assert "never changed" in python(tmp_path / "state", "-c", REFUSED).stdout


def test_all_rows_come_back_on_postgresql_too(saved, postgresql, tmp_path):
    check_restored(saved, tmp_path, postgresql)
    assert "never changed" in python(tmp_path / "state", "-c", REFUSED, database=postgresql).stdout
