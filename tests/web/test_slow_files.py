"""A file that takes seconds is made by a worker, once, and given to who may read it."""

import io
import json

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from builders_of_cycles import (
    FOR_EVERYONE,
    FOR_PARTNERS,
    READ_BY_AUDIENCE,
    SECRET,
    make_cycle,
    make_report,
)
from kulan.exchange.cycle_package import read_package
from kulan.programme.reporting import Answer
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.programme.reporting import exporting, files
from kulan.web.programme.reporting.filling import give_answer
from kulan.web.programme.reporting.models import Filing
from kulan.web.programme.reporting.stored import answers_of

pytestmark = pytest.mark.usefixtures("cycles")


@pytest.fixture
def cycles(people):  # noqa: ARG001
    for number, iso3 in enumerate(("KGZ", "KAZ")):
        make_report(
            make_cycle(f"round-{number}"),
            iso3,
            state="accepted",
            accepted_at=timezone.now(),
            answers=READ_BY_AUDIENCE,
        )
    make_report(make_cycle("now"), answers={"general/done": SECRET})


@pytest.fixture
def worker(monkeypatch, settings, tmp_path):
    """A worker lives, everything is slow, and nothing is kept yet."""
    settings.STATE = tmp_path
    monkeypatch.setattr(files, "alive", lambda: ["one"])
    monkeypatch.setattr(exporting, "_LONG_REVIEW", 0)
    monkeypatch.setattr(exporting, "_LONG_TABLE", 0)


REVIEW = ("cycle_export", ["round-0", "pdf"])
ALL = ("cycles_export", ["json"])


@pytest.mark.parametrize("asked", [REVIEW, ALL])
@pytest.mark.usefixtures("worker")
def test_who_asks_waits_on_a_page_until_a_worker_has_made_the_file(asked, browser_of):
    browser, address = browser_of("nobody"), reverse(asked[0], args=asked[1])
    sent = browser.get(address)
    assert sent.status_code == 302
    waits = browser.get(sent.url).content.decode()
    assert "The file is being made" in waits
    assert "Waiting for its turn" in browser.get(f"{sent.url}/progress").content.decode()

    do(Job.objects.get())

    assert "data-ended" in browser.get(f"{sent.url}/progress").content.decode()
    ready = browser.get(sent.url).content.decode()
    assert "The file is ready" in ready
    assert f'href="{address}"' in ready
    assert browser.get(address).status_code == 200
    assert Event.objects.filter(kind__in=("cycle_exported", "cycles_exported")).count() == 1


@pytest.mark.usefixtures("worker")
def test_who_asks_twice_waits_for_one_job(browser_of):
    for _ in range(2):
        browser_of("farida").get(reverse(*REVIEW[:1], args=REVIEW[1]))
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("worker")
def test_of_the_page_of_another_there_is_nothing(browser_of):
    sent = browser_of("farida").get(reverse(REVIEW[0], args=REVIEW[1]))

    assert browser_of("farida").get(sent.url).status_code == 200
    for other in ("nobody", "dmitri", "bat", "gulnara"):
        assert browser_of(other).get(sent.url).status_code == 404


@pytest.mark.usefixtures("worker")
def test_what_a_worker_kept_for_one_reader_is_not_given_to_who_reads_less(browser_of):
    browser_of("farida").get(reverse(ALL[0], args=ALL[1]))
    do(Job.objects.get())
    body = browser_of("farida").get(reverse(ALL[0], args=ALL[1])).content.decode()
    assert SECRET in body

    assert browser_of("nobody").get(reverse(ALL[0], args=ALL[1])).status_code == 302
    do(Job.objects.get(state="queued"))
    body = browser_of("nobody").get(reverse(ALL[0], args=ALL[1])).content.decode()
    assert FOR_EVERYONE in body
    assert SECRET not in body
    assert FOR_PARTNERS not in body


@pytest.mark.usefixtures("worker")
def test_a_kept_file_of_all_cycles_is_made_anew_once_an_answer_changes(browser_of, viewer):
    address = reverse(ALL[0], args=ALL[1])
    bat = browser_of("bat")
    bat.get(address)
    do(Job.objects.get())
    assert SECRET in bat.get(address).content.decode()
    report = Filing.objects.get(iso3="MNG")
    stands = answers_of(report)["general/done", ""]
    give_answer(viewer("bat"), report, stands, Answer("general/done", "", "The fund is public"))

    assert bat.get(address).status_code == 302
    do(Job.objects.get(state="queued"))
    assert "The fund is public" in bat.get(address).content.decode()


@pytest.mark.usefixtures("worker")
def test_where_no_worker_lives_the_file_is_made_at_once(browser_of, monkeypatch):
    monkeypatch.setattr(files, "alive", list)

    assert browser_of("nobody").get(reverse(REVIEW[0], args=REVIEW[1])).status_code == 200
    assert not Job.objects.exists()


@pytest.mark.usefixtures("worker")
def test_a_job_of_a_report_that_is_gone_says_so(browser_of):
    browser_of("nobody").get(reverse(REVIEW[0], args=REVIEW[1]))
    job = Job.objects.get()
    job.payload = {**job.payload, "name": "no such cycle"}
    job.save()
    do(job)

    assert job.state == "failed"
    assert "no such report" in job.refusal


def test_a_workbook_of_all_cycles_has_a_sheet_in_each_language(browser_of):
    body = browser_of("nobody").get(reverse("cycles_export", args=["languages.xlsx"])).content
    book = openpyxl.load_workbook(io.BytesIO(body))

    assert book.sheetnames == ["English", "Русский", "Français"]
    states = [[row[1] for row in sheet.iter_rows(values_only=True)][1:] for sheet in book]
    assert states == [["Kyrgyzstan", "Kazakhstan"], ["Кыргызстан", "Казахстан"],
                      ["Kirghizistan", "Kazakhstan"]]  # fmt: skip


def test_files_of_all_cycles_name_nobody_who_answered(browser_of, viewer, people):
    report = Filing.objects.get(iso3="MNG")
    stands = answers_of(report)["general/done", ""]
    give_answer(viewer("bat"), report, stands, Answer("general/done", "", "New"))
    body = browser_of("bat").get(reverse("cycles_export", args=["json"])).content
    told = [one for report in json.loads(body)["reports"] for one in report["answers"]]

    assert "New" in {one["value"] for one in told}
    assert {one["by"] for one in told} == {""}
    own = browser_of("bat").get(reverse("report_export", args=[report.uid, "json"])).content
    assert people["bat"].name in own.decode()


def test_a_package_holds_each_question_whose_answers_are_in_it(browser_of, people):
    """Who was given a section of one report reads more of it than of the others in the cycle."""
    report = Filing.objects.get(iso3="MNG")
    report.delegations.create(person=people["aigul"], sections=["general"])
    report.answers.create(question_id="general/talks", value=SECRET)
    make_report(
        report.cycle, "UZB", state="accepted", accepted_at=timezone.now(), answers=READ_BY_AUDIENCE
    )
    for address in (("cycles_export", ["zip"]), ("cycle_export", ["now", "zip"])):
        body = browser_of("aigul").get(reverse(address[0], args=address[1])).content
        pairs = [pair for pair in read_package(body) if pair[1].cycle_id.startswith("now")]

        assert {one.question_id for _, report in pairs for one in report.answers} == {
            "general/done", "general/staff", "general/talks",
        }  # fmt: skip
        for asked, report_read in pairs:
            known = {one.question_id for one in asked.questions}
            assert {one.question_id for one in report_read.answers} <= known
