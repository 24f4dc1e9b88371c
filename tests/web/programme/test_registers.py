"""The registers: who reads which field, who writes, what counts, what a person leaves."""

import io
import json
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from builders_of_registers import CONTENT, FOCAL_POINT, make_record, make_sheet
from builders_of_registers import make_questionnaire as ask
from kulan.errors import AccessDeniedError, InvalidTableError, NotAllowedNowError
from kulan.programme.registers import REGISTERS, register
from kulan.web.events.models import Event
from kulan.web.people.erasing import erase_account
from kulan.web.people.holdings import held_of
from kulan.web.policy.registers import Sight
from kulan.web.programme.evidence_sources import all_evidence, page_of, thing_of
from kulan.web.programme.registers import actions
from kulan.web.programme.registers.actions import Content
from kulan.web.programme.registers.models import Record, RecordVersion

pytestmark = pytest.mark.usefixtures("people")
GOVERNMENT = ("bat", "chinara", "erlan", "farida")
OUTSIDE = ("nobody", "hassan", "dmitri", "aigul", "gulnara")


def pages_of(record: Record) -> list[str]:
    """Every address that tells of a record."""
    name = record.register
    return [
        reverse("registers"),
        reverse("register", args=[name]),
        reverse("register", args=[name]) + "?q=example",
        reverse("register_record", args=[name, record.uid]),
        *(reverse("register_table", args=[name, ending]) for ending in ("csv", "json")),
    ]


def told(browser, record: Record) -> str:
    """Everything that a browser is answered about a record."""
    return "\n".join(browser.get(address).content.decode() for address in pages_of(record))


# --- who reads what


@pytest.mark.parametrize("who", OUTSIDE)
def test_how_to_reach_a_focal_point_is_told_to_no_outsider(who, browser_of):
    answer = told(browser_of(who), make_record("state-focal-points"))
    assert FOCAL_POINT["person"] in answer
    assert FOCAL_POINT["email"] not in answer
    assert FOCAL_POINT["telephone"] not in answer


@pytest.mark.parametrize("who", GOVERNMENT)
def test_how_to_reach_a_focal_point_is_told_to_governments(who, browser_of):
    assert FOCAL_POINT["email"] in told(browser_of(who), make_record("state-focal-points"))


@pytest.mark.parametrize("who", OUTSIDE)
def test_who_searches_for_an_address_one_may_not_read_finds_nothing(who, browser_of):
    make_record("state-focal-points")
    page = reverse("register", args=["state-focal-points"])
    answer = browser_of(who).get(page, {"q": FOCAL_POINT["email"]}).content.decode()
    assert "No record fits." in answer
    assert (
        "No record fits."
        not in browser_of("farida").get(page, {"q": FOCAL_POINT["email"]}).content.decode()
    )


@pytest.mark.parametrize("who", ["nobody", "bat", "farida", "gulnara", "dmitri"])
def test_of_a_researcher_everyone_reads_what_the_person_shows_and_no_more(who, people, browser_of):
    record = make_record("researchers", person=people["aigul"])
    answer = told(browser_of(who), record)
    assert "+7 555" in answer
    assert "aigul@zoology.example" not in answer
    assert "aigul@zoology.example" in told(browser_of("aigul"), record)


def test_what_a_researcher_hides_again_is_hidden_in_what_was_before(people, viewer):
    record = make_record("researchers", person=people["aigul"])
    record.take({**record.data, "shown": []})
    record.save()
    before = record.versions.get().data
    assert "telephone" not in Sight(viewer("farida")).data(record, before)


def test_names_of_participants_are_for_those_who_keep_the_record(people, browser_of):
    record = make_record("trainings", organisation=people["dmitri"].organisation)
    for who in ("nobody", "aigul", "erlan", "chinara"):
        assert "Tsetseg" not in told(browser_of(who), record)
    for who in ("dmitri", "bat", "farida"):
        assert "Tsetseg" in told(browser_of(who), record)


def test_the_clause_of_a_contract_is_read_by_governments(browser_of):
    record = make_record("commitments")
    assert "Clause 7.3" not in told(browser_of("dmitri"), record)
    assert "Clause 7.3" in told(browser_of("chinara"), record)


def test_a_hidden_record_is_told_of_by_none_that_names_it(browser_of):
    meeting = make_record("meetings", audience="keepers", data={"title": "Secret meeting"})
    group = make_record("working-groups", data={"meetings": [str(meeting.uid)]})
    group.links.create(field="meetings", target=meeting)
    for who in ("nobody", "dmitri", "erlan"):
        answer = told(browser_of(who), group)
        assert "Secret meeting" not in answer
        assert str(meeting.uid) not in answer
    assert "Secret meeting" in told(browser_of("bat"), group)


# --- who writes


@pytest.mark.parametrize(
    ("who", "name", "allowed"),
    [
        ("bat", "laws", True),
        ("chinara", "laws", False),
        ("erlan", "laws", False),
        ("erlan", "species-focal-points", True),
        ("dmitri", "laws", False),
        ("gulnara", "laws", False),
        ("farida", "laws", True),
        ("farida", "researchers", True),  # of oneself
    ],
)
def test_a_record_is_written_by_who_keeps_it(who, name, allowed, viewer):
    content = Content(CONTENT[name])
    if not allowed:
        with pytest.raises(AccessDeniedError):
            actions.add(viewer(who), register(name), content)
        assert not Record.objects.exists()
        assert not Event.objects.exists()
        return
    made = actions.add(viewer(who), register(name), content)
    assert made.versions.get().by_id == viewer(who).user_id
    assert Event.objects.get().kind == "record_added"


def test_a_record_is_not_taken_to_another_state_than_ones_own(viewer):
    record = make_record("laws")
    moved = Content({**CONTENT["laws"], "state": "KGZ"})
    with pytest.raises(AccessDeniedError):
        actions.change(viewer("bat"), record, moved, revision=1)


def test_the_second_of_two_changes_overwrites_nothing(viewer):
    record = make_record("laws")
    first = Content({**CONTENT["laws"], "citation": "No. 8"})
    actions.change(viewer("bat"), record, first, revision=1)
    late = Record.objects.get(pk=record.pk)
    with pytest.raises(NotAllowedNowError):
        actions.change(viewer("farida"), late, Content(CONTENT["laws"]), revision=1)
    assert Record.objects.get().data["citation"] == "No. 8"


def test_an_agreement_is_signed_with_the_day_it_was_signed_on(viewer):
    record = make_record("agreements", data={"signed_on": None})
    with pytest.raises(InvalidTableError):
        actions.move(viewer("bat"), record, "signed", revision=1)
    assert Record.objects.get().stage == "proposed"


def test_a_table_comes_back_as_it_was_given_out(browser_of):
    kept = make_record("laws")
    browser = browser_of("bat")
    given = browser.get(reverse("register_table", args=["laws", "csv"])).content.decode()
    changed = given.replace("No. 7", "No. 9")
    for body, revision in ((given, 1), (changed, 2), (changed, 2)):
        browser.post(
            reverse("register_import", args=["laws"]),
            {"file": SimpleUploadedFile("laws.csv", body.encode())},
        )
        assert Record.objects.get(pk=kept.pk).revision == revision
    assert Record.objects.get().data["citation"] == "No. 9"


def rows_of(workbook: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def workbook_of(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def bring(browser, name: str, body: bytes, file: str = "laws.xlsx") -> str:
    sent = {"file": SimpleUploadedFile(file, body)}
    return browser.post(reverse("register_import", args=[name]), sent).content.decode()


def test_a_workbook_comes_back_as_it_was_given_out(browser_of):
    kept = make_record("laws", data={"gist": "=1+1\nsecond line", "topics": ["hunting", "trade"]})
    browser = browser_of("bat")
    given = browser.get(reverse("register_table", args=["laws", "xlsx"])).content
    assert "Added: 0. Changed: 0. As they were: 1. Not taken: 0." in bring(browser, "laws", given)

    rows = rows_of(given)
    rows[1][rows[0].index("gist")] = "said in one line"  # openpyxl would write a formula
    rows[1][rows[0].index("citation")] = "No. 9"
    for revision in (2, 2):
        bring(browser, "laws", workbook_of(rows))
        assert Record.objects.get(pk=kept.pk).revision == revision
    assert Record.objects.get().data["citation"] == "No. 9"


def test_what_a_workbook_loses_is_told_by_its_own_row_numbers(browser_of):
    head = ["state", "topics", "kind", "title", "citation", "valid_from", "colour"]
    good = ["MNG", "hunting", "law", "Law", "No. 1"]
    answer = bring(
        browser_of("bat"),
        "laws",
        workbook_of(
            [
                head,
                [*good, date(2012, 5, 17)],
                [],
                ["KGZ", *good[1:], 2014],
                [*good, "=TODAY()"],
                [*good, "soon"],
            ]
        ),
    )
    assert "Added: 1. Changed: 0. As they were: 0. Not taken: 3." in answer
    assert "Columns left out, since the register has no such field: colour." in answer
    assert "Line 4: " in answer
    assert "Line 5: valid_from: a formula stands here." in answer
    assert "Line 6: valid_from: Write a year" in answer
    assert Record.objects.get().data["valid_from"] == "2012-05-17"


@pytest.mark.parametrize(
    "body", [b"", b"state,title\n", b"PK\x03\x04 no workbook", "state,title\nÄ".encode("utf-16")]
)
def test_what_is_no_table_is_refused_whole(body, browser_of):
    answer = bring(browser_of("bat"), "laws", body)
    assert "This is no table that can be read" in answer
    assert not Record.objects.exists()


# --- lists


def test_a_list_goes_on_page_by_page_in_one_order_and_keeps_what_was_asked(browser_of):
    for number in range(230):
        state = "MNG" if number % 2 else "KAZ"
        data = {"title": f"Meeting {number:03}", "states": [state], "begins": f"{1900 + number}"}
        make_record("meetings", data=data)
    browser, address = browser_of("nobody"), reverse("register", args=["meetings"])
    seen = []
    for page in (1, 2, 3):
        body = browser.get(address, {"page": page}).content.decode()
        assert f"Page {page} of 3" in body
        seen += re.findall(r"<h3><a[^>]*>Meeting (\d{3})</a>", body)
    assert seen == [f"{number:03}" for number in reversed(range(230))]

    second = browser.get(address, {"state": "MNG", "page": "2"}).content.decode()
    assert re.findall(r"<h3><a[^>]*>Meeting (\d{3})</a>", second) == [
        f"{number:03}" for number in reversed(range(1, 30, 2))
    ]
    assert 'href="?state=MNG&amp;page=1#records-title"' in second
    assert browser.get(address, {"page": "99"}).status_code == 200
    assert browser.get(address, {"page": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("language", "month", "day"),
    [
        ("en", "March 2024", "April 22, 2025"),
        ("ru", "март 2024 г.", "22 апреля 2025 г."),
        ("fr", "mars 2024", "22 avril 2025"),
    ],
)
def test_months_and_days_are_told_in_the_readers_language(language, month, day, browser_of):
    office = make_record("state-focal-points")
    meeting = make_record("meetings")
    browser = browser_of("nobody")
    for record, expected in ((office, month), (meeting, day)):
        for address in (
            reverse("register", args=[record.register]),
            reverse("register_record", args=[record.register, record.uid]),
        ):
            body = browser.get(address, {"lang": language}).content.decode()
            assert expected in body.replace("\u202f", " ").replace("\u00a0", " ")
            assert f">{record.data.get('begins') or record.data['valid_from']}<" not in body


def test_treaties_are_counted_on_the_index_as_their_page_shows_them(browser_of):
    make_record("memberships")
    make_record("memberships", audience="government")
    for who, added in (("nobody", 1), ("erlan", 2)):
        browser = browser_of(who)
        index = browser.get(reverse("registers")).content.decode()
        card = index.split(reverse("register", args=["memberships"]))[1].split("</li>")[0]
        counted = int(re.search(r"(\d+) records", card)[1])
        page = browser.get(reverse("register", args=["memberships"])).content.decode()
        assert f"{counted} records" in page
        assert f"{added} added here" in page
        bars = page.split('class="timeline-words">')[1:]
        lines = [line for bar in bars for line in told_in(bar.split("</span>")[0])]
        assert len(lines) == counted


def told_in(bar: str) -> list[str]:
    return [line for line in bar.split("; ") if "no record" not in line]


# --- what counts


def test_a_signed_agreement_is_evidence_that_leads_to_its_record(viewer, browser_of):
    record = make_record("agreements", stage="signed")
    (found,) = [one for one in all_evidence(viewer("nobody")) if one.kind == "agreement"]
    assert found.states == ("KGZ", "MNG")
    assert browser_of("nobody").get(page_of(found.reference)).status_code == 200
    assert page_of(found.reference).endswith(str(record.uid))
    other = make_record("agreements", stage="signed")
    assert thing_of(found.reference) != thing_of(f"register:agreements/{other.uid}")


@pytest.mark.parametrize(
    ("stage", "audience", "counted"),
    [
        ("proposed", "public", ()),
        ("signed", "public", ("nobody", "dmitri", "chinara")),
        ("signed", "partners", ("dmitri", "chinara")),
        ("signed", "keepers", ("chinara",)),
    ],
)
def test_a_record_counts_for_those_who_may_know_of_it(stage, audience, counted, viewer):
    make_record("agreements", stage=stage, audience=audience)
    for who in ("nobody", "dmitri", "chinara"):
        kinds = [one.kind for one in all_evidence(viewer(who))]
        assert ("agreement" in kinds) is (who in counted)


def test_a_working_group_counts_once_it_has_met(viewer):
    meeting = make_record("meetings")
    make_record("working-groups", data={"meetings": [str(meeting.uid)]})
    nobody = viewer("nobody")
    assert "working_group" not in [one.kind for one in all_evidence(nobody)]
    Record.objects.filter(pk=meeting.pk).update(stage="held")
    assert "working_group" in [one.kind for one in all_evidence(nobody)]


# --- what a person leaves


def test_who_leaves_is_in_no_register_any_more(people):
    aigul, bat = people["aigul"], people["bat"]
    make_record("researchers", person=aigul)
    office = make_record("state-focal-points", data={"email": bat.email.upper()})
    for user in (aigul, bat):
        erase_account(user)
    assert not Record.objects.filter(register="researchers").exists()
    for holder in (Record.objects.get(pk=office.pk), office.versions.get()):
        assert "email" not in holder.data
        assert FOCAL_POINT["person"] not in json.dumps(holder.data)
        assert holder.data["function"] == "cms"


def test_what_is_kept_about_a_person_is_given_to_that_person(people):
    bat = people["bat"]
    make_record("state-focal-points", data={"email": bat.email})
    RecordVersion.objects.update(by=bat)
    make_sheet(ask(), "MNG", finished=True, finished_by=bat)
    held = held_of(bat)
    assert held["register_records"][0]["data"]["person"] == FOCAL_POINT["person"]
    assert len(held["register_versions"]) == 1
    assert held["feasibility"][0]["states"] == ("KGZ", "MNG")


def test_a_withdrawn_entry_of_oneself_is_gone_with_its_history(people, viewer):
    record = make_record("researchers", person=people["aigul"])
    actions.withdraw(viewer("aigul"), record, revision=1, reason="I left.")
    assert not Record.objects.exists()
    assert not RecordVersion.objects.exists()


def test_an_area_that_was_withdrawn_is_asked_about_no_more(browser_of, viewer):
    area = make_record("hotspots")
    actions.withdraw(viewer("farida"), area, revision=1, reason="Entered twice.")
    answer = browser_of("farida").post(
        reverse("feasibility_ask", args=[area.uid]), {"pair": "KGZ MNG"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("one", REGISTERS, ids=lambda one: one.name)
def test_every_register_has_its_page_in_three_languages(one, browser_of):
    for language, word in (("en", "Registers"), ("ru", "Реестры"), ("fr", "Registres")):
        answer = browser_of("nobody").get(
            reverse("register", args=[one.name]), headers={"accept-language": language}
        )
        assert answer.status_code == 200
        assert word in answer.content.decode()
