"""Texts and lists of plans brought in the browser: a job reads them, nothing is written over."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.urls import reverse

from builders_of_plans import ARGALI_2020, ARGALI_2030, NEW, OLD, SAIGA_TEXT, make_plan
from builders_of_programmes import document_of_programme, text_of_programme
from builders_of_the_programme import make_evidence
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.people.holdings import held_of
from kulan.web.programme.register.bringing import forget_old_files
from kulan.web.programme.register.catalogue import all_actions, all_editions, find_edition
from kulan.web.programme.register.crosswalks import propose
from kulan.web.programme.register.models import ImportedAction, ImportedEdition, TextUpload

FORM = {"edition_id": "argali-2020", "plan": "argali", "title_en": "Plan for the argali"}


@pytest.fixture
def bring(browser_of):
    """Send a file as the secretariat, and read it as a worker does; return its row and answer."""

    def send(content, name="plan.csv", **fields):
        content = content.encode() if isinstance(content, str) else content
        sent = SimpleUploadedFile(name, content)
        answer = browser_of("farida").post(
            reverse("programme_edition_bring"), {**FORM, **fields, "file": sent}
        )
        for job in Job.objects.filter(kind="edition_text", state="queued"):
            do(job)
        return TextUpload.objects.order_by("-pk").first(), answer

    return send


def page_of(browser_of, row, who="farida"):
    return browser_of(who).get(reverse("programme_edition_file", kwargs={"uid": row.uid}))


def test_a_list_becomes_a_draft_that_the_secretariat_alone_sees(bring, browser_of):
    row, answer = bring(ARGALI_2020, first_year="2020", last_year="2029")
    assert answer["Location"].endswith(f"/programme/editions/files/{row.uid}")
    told = find_edition(OLD, drafts=True)
    assert (told.status, told.plan, told.title("en")) == ("draft", "argali", "Plan for the argali")
    assert [one.action_id for one in all_actions(OLD)] == ["1.1", "1.2", "2.1", "2.2"]
    assert browser_of("nobody").get(f"/programme/?edition={OLD}").status_code == 404
    assert browser_of("farida").get(f"/programme/?edition={OLD}").status_code == 200
    assert Event.objects.filter(kind="edition_file_sent").count() == 1


def test_the_page_of_a_file_tells_what_was_read_and_what_was_not(bring, browser_of):
    row, _ = bring(ARGALI_2020.replace("would_count", "colour"))
    page = page_of(browser_of, row).content.decode()
    assert "Friends of the Steppe" in page
    assert "&#39;colour&#39;" in page
    table = browser_of("farida").get(reverse("programme_edition_losses", kwargs={"uid": row.uid}))
    assert "colour" in table.content.decode()


def test_a_document_of_a_programme_becomes_a_draft_beside_the_one_in_force(bring):
    row, _ = bring(document_of_programme("en"), "draft.docx", edition_id="draft-2027", plan="cami")
    assert row.found["actions"] == 228
    assert row.found["unknown_leads"] != []
    assert len(all_actions("draft-2027")) == 228
    leads = {lead for one in all_actions("draft-2027") for lead in one.leads}
    assert {"ngos", "government_agencies"} <= leads


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_the_text_of_a_shipped_edition_stands_with_its_actions(bring, language):
    row, _ = bring(text_of_programme(language), "texte.txt", edition_id="cami-2021", plan="")
    assert row.found["languages"] == [language]
    assert ImportedAction.objects.filter(edition__edition_id="cami-2021").count() == 291
    assert find_edition("cami-2021").status == "in_force"


def test_the_bytes_of_a_file_are_forgotten_once_it_is_read(bring):
    row, _ = bring(ARGALI_2020)
    assert bytes(row.content) == b""


def test_a_file_that_no_worker_ever_read_is_forgotten_after_days(people):  # noqa: ARG001
    row = TextUpload.objects.create(edition_id="x", plan="x", file_name="x", content=b"words")
    assert forget_old_files() == 0
    TextUpload.objects.filter(pk=row.pk).update(at="2020-01-01T00:00:00Z")
    assert forget_old_files() == 1


# --- nothing is written over


def test_a_second_language_joins_a_draft_and_changes_nothing_that_stands(bring):
    bring(ARGALI_2030, edition_id=NEW)
    before = all_actions(NEW)
    row, _ = bring(
        "action_id,title_fr,leads,priority\n1.1,Publier,donateurs,low\n4.1,Former,ONG,low\n",
        edition_id=NEW,
    )
    assert row.found["languages"] == ["fr"]
    after = {one.action_id: one for one in all_actions(NEW)}
    assert after["1.1"].title("fr") == "Publier"
    for one in before:
        assert after[one.action_id].leads == one.leads
        assert after[one.action_id].priority == one.priority
        assert after[one.action_id].title("en") == one.title("en")
    assert after["4.1"].leads == ("ngos",)


def test_a_text_in_a_language_that_is_there_is_refused(bring, browser_of):
    bring(ARGALI_2020)
    before = all_actions(OLD)
    row, answer = bring(ARGALI_2030)  # English is there: told once it is read
    assert answer.status_code == 302
    assert row.stored_at is None
    assert "nothing is written over" in page_of(browser_of, row).content.decode()
    assert all_actions(OLD) == before
    _, answer = bring(ARGALI_2030, language="en")  # told at once
    assert answer.status_code == 422


def test_an_edition_that_is_no_draft_any_more_takes_no_text(bring, viewer):
    make_plan(state="in_force", keeper=viewer("farida"))
    _, answer = bring("action_id,title_fr\n1.1,Compter\n")
    assert answer.status_code == 422
    assert "no draft" in answer.content.decode()


# --- what cannot be read


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"%PDF-1.7 ...", "plan.pdf", "PDF"),
        (b"{\\rtf1 ...}", "plan.rtf", "RTF"),
        (b"\xd0\xcf\x11\xe0....", "plan.doc", "old Word"),
        (b"", "plan.txt", "empty"),
    ],
)
def test_what_is_plainly_no_text_is_refused_at_once(bring, content, name, told):
    row, answer = bring(content, name)
    assert (row, answer.status_code) == (None, 422)
    assert told in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("A letter about wolves.", "letter.txt", "no section with actions"),
        ("number,words\n1,Count\n", "plan.csv", "action_id"),
        (b"PK\x03\x04 no document", "plan.docx", "docx"),
        ("action_id,title_en,species\n1,Count,yeti\n", "plan.csv", "yeti"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_word_and_stores_nothing(
    bring, browser_of, content, name, told
):
    row, _ = bring(content, name)
    page = page_of(browser_of, row).content.decode()
    assert "could not be read, and nothing was stored" in page
    assert told in page
    assert not ImportedEdition.objects.filter(edition_id=OLD).exists()
    assert bytes(row.content) == b""


def test_years_that_run_backwards_are_refused(bring):
    _, answer = bring(ARGALI_2020, first_year="2030", last_year="2020")
    assert answer.status_code == 422


def test_a_person_is_given_the_files_that_the_person_brought(bring, people):
    row, _ = bring(ARGALI_2020)
    assert [one["file_name"] for one in held_of(people["farida"])["texts_sent"]] == [row.file_name]


# --- the state of an edition


def test_the_page_says_what_a_state_brings_with_it(viewer, browser_of):
    make_plan(state="in_force", keeper=viewer("farida"))
    make_plan(NEW, ARGALI_2030)
    make_evidence(actions=[f"{NEW}:1.1"])
    page = browser_of("farida").get(f"/programme/editions/of/{NEW}").content.decode()
    assert "Plan for the argali 2020-2029 becomes past" in page
    assert "1 pieces of evidence" in page
    assert (
        "State of this edition"
        not in browser_of("nobody").get(f"/programme/editions/of/{OLD}").content.decode()
    )


def test_of_a_plan_one_edition_is_in_force(viewer, browser_of):
    make_plan(state="in_force", keeper=viewer("farida"))
    make_plan(NEW, ARGALI_2030)
    browser_of("farida").post(f"/programme/editions/of/{NEW}/state", {"state": "in_force"})
    states = {one.edition_id: one.status for one in all_editions(drafts=True)}
    assert (states[OLD], states[NEW], states["cami-2021"]) == ("past", "in_force", "in_force")


# --- a plan beside the programme


def test_a_plan_has_its_register_and_dashboards_beside_the_programme(viewer, browser_of):
    make_plan(state="in_force", keeper=viewer("farida"))
    make_evidence(actions=[f"{OLD}:1.2"], kind="publication")
    register = browser_of("nobody").get(f"/programme/?edition={OLD}").content.decode()
    assert "Publish the counts together" in register
    assert "Done" in register
    board = browser_of("nobody").get(f"/programme/dashboard?edition={OLD}")
    assert board.status_code == 200
    assert "4 actions" in board.content.decode()
    page = browser_of("nobody").get(f"/programme/actions/{OLD}/1.1").content.decode()
    assert "Dated survey: 1 in each state" in page
    assert "Friends of the Steppe (as printed; not in the list of actors)" in page
    russian = browser_of("nobody").get(
        f"/programme/?edition={OLD}", headers={"accept-language": "ru"}
    )
    assert "Публиковать результаты вместе" in russian.content.decode()
    assert "228" in browser_of("nobody").get("/programme/").content.decode()


def test_the_work_programme_of_a_memorandum_stands_beside_by_its_own_text(
    bring, viewer, browser_of
):
    row, _ = bring(
        SAIGA_TEXT, "mou.txt", edition_id="saiga-2026", plan="saiga-mtiwp", title_en="Saiga plan"
    )
    assert (row.found["actions"], row.found["parts"]) == (4, 2)
    assert row.found["unknown_leads"] == ["Friends of the Steppe"]
    browser_of("farida").post("/programme/editions/of/saiga-2026/state", {"state": "in_force"})
    page = browser_of("nobody").get("/programme/?edition=saiga-2026").content.decode()
    assert "Count saigas from the air" in page
    assert browser_of("nobody").get("/programme/dashboard?edition=saiga-2026").status_code == 200
    assert find_edition("cami-2021").status == "in_force"
    walk = propose(viewer("farida"), "saiga-2026", "cami-2021", "en")
    assert walk.pairs.filter(kind="new").count() >= 224


def test_a_file_of_somebody_whose_account_is_gone_is_not_taken_in(browser_of):
    browser_of("farida").post(
        reverse("programme_edition_bring"),
        {**FORM, "file": SimpleUploadedFile("plan.csv", ARGALI_2020.encode())},
    )
    TextUpload.objects.update(by=None)
    job = Job.objects.get(kind="edition_text", state="queued")
    do(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not ImportedEdition.objects.exists()


def test_what_was_lost_of_a_file_is_kept_by_no_cache_and_runs_in_no_spreadsheet(bring, browser_of):
    row, _ = bring(ARGALI_2020)
    row.losses = [{"line": 3, "what": "guessed", "text": " =1+1", "reason": "as it reads"}]
    row.save()
    table = browser_of("farida").get(reverse("programme_edition_losses", kwargs={"uid": row.uid}))
    assert "no-store" in table["Cache-Control"]
    assert "' =1+1" in table.content.decode()


def test_the_edition_is_held_while_a_text_is_stored(bring, monkeypatch):
    held, lock = [], QuerySet.select_for_update

    def locking(rows, *args, **named):
        held.append(rows.model)
        return lock(rows, *args, **named)

    monkeypatch.setattr(QuerySet, "select_for_update", locking)
    bring(ARGALI_2020)
    assert ImportedEdition in held
