"""Money of the programme: who sees which amount, two persons for the books, files in and out."""

from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from lxml import etree

from builders_of_money import (
    DAY,
    IATI,
    SECRET,
    make_books,
    make_call,
    make_donor,
    make_entry,
    make_flow,
    make_need,
    make_project,
    second_secretary,
)
from kulan.errors import (
    AccessDeniedError,
    InvalidTableError,
    NotAllowedNowError,
    UnbalancedEntryError,
)
from kulan.exchange.iati import write_iati
from kulan.exchange.money_files import read_journal
from kulan.programme.money import audit, trial_balance
from kulan.web.events.models import Event
from kulan.web.people.erasing import erase_account
from kulan.web.people.holdings import held_of
from kulan.web.policy import viewer_of
from kulan.web.programme.evidence_sources import all_evidence
from kulan.web.programme.money import actions, books, publishing, taking_over
from kulan.web.programme.money.append_only import removals
from kulan.web.programme.money.models import Draft, JournalRecord, Project, Publisher
from kulan.web.programme.money.permissions import visible_flows
from kulan.web.programme.money.reading import reckoning_for

# an amount in a sum is another amount: 1000 + 774433.11, and what either leaves of the need
MARKS = ("774433", "774,433", "774 433", "774\u00a0433", "774\u202f433", "775,433", "775433")
OUTSIDE = ("nobody", "hassan", "aigul", "azamat", "irina", "erlan", "gulnara")
NOT_THE_HOUSE = (*OUTSIDE, "bat", "chinara")


@pytest.fixture(scope="module")
def iati_schema():
    folder = Path(__file__).parents[1] / "reference" / "iati-2.03"
    return etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd"))


@pytest.fixture
def house(people):
    return people["dmitri"].organisation


@pytest.fixture
def colleague(people, viewer):  # noqa: ARG001
    return viewer_of(second_secretary(people))


@pytest.fixture
def fund(db):  # noqa: ARG001
    make_books()


# --- what is confidential -------------------------------------------------------------------------

PAGES = (
    "/programme/money/?by=action", "/programme/money/?by=state", "/programme/money/",
    "/programme/money/projects", "/programme/money/action/cami-2021:3.5",
    "/programme/money/matching?priority=all", "/programme/money/iati.xml", "/programme/money/iati",
)  # fmt: skip


@pytest.fixture
def confidential(house):
    project = make_project(house)
    Publisher.objects.create(organisation=house, iati_ref="MN-1", kind="national_ngo")
    make_flow(project, "1000")
    make_flow(project, SECRET, confidential=True)
    make_need(low="900000", high="900000")
    make_call(make_donor())
    return project


@pytest.mark.parametrize("who", NOT_THE_HOUSE)
def test_a_confidential_amount_is_in_no_page_sum_gap_or_file(who, browser_of, confidential):
    for address in (*PAGES, f"/programme/money/project/{confidential.uid}"):
        told = browser_of(who).get(address).content.decode()
        assert [mark for mark in MARKS if mark in told] == [], address
        assert "124,566" not in told, address  # 900,000 less both amounts


@pytest.mark.parametrize("who", ["dmitri", "farida"])
def test_the_house_and_the_secretariat_see_it(who, browser_of, confidential):
    told = browser_of(who).get(f"/programme/money/project/{confidential.uid}").content.decode()
    assert "774,433" in told
    told = browser_of(who).get("/programme/money/?by=action").content.decode()
    assert "775,433" in told


def test_the_file_for_everyone_is_without_it_for_its_own_house_too(browser_of, confidential):
    told = browser_of("dmitri").get("/programme/money/iati.xml").content
    root = etree.fromstring(told)
    assert [one.text for one in root.iter("value")] == ["1000.00"]
    assert confidential.title.encode() in told


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_project_for_governments_counts_for_nobody_else(who, viewer, browser_of, house):
    hidden = make_project(house, title="Kept project", audience="government")
    make_flow(hidden, SECRET)
    assert reckoning_for(viewer(who)).secured == ()
    assert not visible_flows(viewer(who)).exists()
    for address in PAGES:
        told = browser_of(who).get(address).content.decode()
        assert "Kept project" not in told
        assert [mark for mark in MARKS if mark in told] == []


def test_evidence_is_what_the_viewer_may_see(viewer, confidential):
    def known(name):
        found = all_evidence(viewer(name))
        return [one for one in found if one.reference.startswith(f"project:{confidential.uid}")]

    assert len(known("nobody")) == 1
    assert len(known("dmitri")) == 2
    assert known("nobody")[0].kind == "commitment"
    assert known("nobody")[0].actions == ("cami-2021:3.5",)


# --- projects -------------------------------------------------------------------------------------


def content(house, **fields):
    return {
        "organisation": house, "title": "Roads", "summary": "Work.", "stage": "running",
        "begins": DAY, "audience": "public", **fields,
    }  # fmt: skip


def test_of_two_who_change_a_project_the_second_is_told(viewer, house):
    project = make_project(house)
    actions.save_project(viewer("dmitri"), project, 1, content(house), {})
    stale = Project.objects.get(pk=project.pk)
    with pytest.raises(NotAllowedNowError, match="changed this"):
        actions.save_project(viewer("farida"), stale, 1, content(house, title="Lost"), {})
    assert Project.objects.get().title == "Roads"


def test_a_project_goes_to_no_other_house(viewer, people, house):
    project = make_project(house)
    other = people["aigul"].organisation
    with pytest.raises(AccessDeniedError):
        actions.save_project(viewer("dmitri"), project, 1, content(other))
    with pytest.raises(AccessDeniedError):
        actions.save_project(viewer("aigul"), None, 0, content(house))


def test_shares_beyond_the_whole_leave_everything_as_it_was(viewer, house):
    project = make_project(house)
    shares = {"action": {"cami-2021:3.5": "2/3", "cami-2021:3.1": "2/3"}}
    with pytest.raises(InvalidTableError):
        actions.save_project(viewer("dmitri"), project, 1, content(house), shares)
    fresh = Project.objects.get()
    assert (fresh.title, fresh.shares.count()) == ("Gaps in fences", 2)


def test_a_partner_without_a_house_adds_no_project(viewer, people, house):
    people["dmitri"].organisation = None
    people["dmitri"].save()
    with pytest.raises(AccessDeniedError):
        actions.save_project(viewer("dmitri"), None, 0, content(house))


def test_shares_in_percent_come_through_the_form_and_back(browser_of, house):
    browser = browser_of("dmitri")
    data = {
        "organisation": house.pk, "title": "Roads", "summary": "Work.", "stage": "running",
        "begins": "2024-01-01", "audience": "public", "action": "3.5 40\n3.1 33,3\n27.3",
        "state": "MNG", "species": "", "landscape": "", "edition": "0",
    }  # fmt: skip
    answer = browser.post("/programme/money/project", data)
    assert answer.status_code == 302
    kept = Project.objects.get().shares.filter(dimension="action")
    assert dict(kept.values_list("code", "share")) == {
        "cami-2021:3.5": "2/5", "cami-2021:3.1": "333/1000", "cami-2021:27.3": "",
    }  # fmt: skip
    page = browser.get(f"/programme/money/project/{Project.objects.get().uid}/change")
    assert "3.1 33.3" in page.content.decode()


@pytest.mark.parametrize("line", ["99.9 10", "3.5 0", "3.5 101", "3.5 x", "3.5 1/0"])
def test_a_line_of_shares_that_says_nothing_is_refused(browser_of, house, line):
    data = {
        "organisation": house.pk, "title": "Roads", "summary": "Work.", "stage": "running",
        "begins": "2024-01-01", "audience": "public", "action": line, "edition": "0",
    }  # fmt: skip
    assert browser_of("dmitri").post("/programme/money/project", data).status_code == 422
    assert not Project.objects.exists()


def test_whoever_is_champion_keeps_the_calls_but_names_no_champion(viewer, people):
    donor = make_donor(champion=people["aigul"])
    call = {"title": "New", "source": "A page"}
    assert actions.save_call(viewer("aigul"), donor, None, 0, call).title == "New"
    with pytest.raises(AccessDeniedError):
        actions.save_call(viewer("azamat"), donor, None, 0, call)
    with pytest.raises(AccessDeniedError):
        actions.save_donor(viewer("aigul"), donor, 1, {"champion": people["azamat"]})


def test_calls_are_told_by_when_they_close(browser_of):
    donor, today = make_donor(), timezone.localdate()
    make_call(donor, title="Near", closes=today + timedelta(5))
    make_call(donor, title="Later", opens=today + timedelta(5))
    make_call(donor, title="Past", closes=today - timedelta(1))
    told = browser_of("nobody").get("/programme/money/calls").content.decode()
    order = ["Closing soon", "Near", "Opening later", "Later", "Closed calls", "Past"]
    places = [told.index(f">{words}<") for words in order]
    assert places == sorted(places)


# --- the fund's books -----------------------------------------------------------------------------


@pytest.mark.usefixtures("fund")
def test_whoever_enters_does_not_post(viewer, colleague):
    draft = books.enter(viewer("farida"), make_entry())
    with pytest.raises(AccessDeniedError, match="second person"):
        books.approve(viewer("farida"), draft)
    assert not JournalRecord.objects.exists()
    row = books.approve(colleague, draft)
    assert (row.number, Draft.objects.get().state) == (1, "posted")
    assert trial_balance(one.entry for one in books.posted_entries()).balanced
    assert books.findings() == ()


@pytest.mark.usefixtures("fund")
def test_what_is_decided_is_not_decided_again(viewer, colleague):
    draft = books.enter(viewer("farida"), make_entry())
    books.refuse(colleague, draft, "Wrong account")
    with pytest.raises(NotAllowedNowError):
        books.approve(colleague, draft)
    assert not JournalRecord.objects.exists()


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("who", ["nobody", "hassan", "dmitri", "bat", "gulnara"])
def test_nobody_else_enters_or_posts(who, viewer):
    with pytest.raises(AccessDeniedError):
        books.enter(viewer(who), make_entry())
    draft = books.enter(viewer("farida"), make_entry())
    with pytest.raises(AccessDeniedError):
        books.approve(viewer(who), draft)


@pytest.mark.usefixtures("fund")
def test_an_entry_that_does_not_balance_is_not_even_drafted(viewer):
    entry = make_entry()
    with pytest.raises(UnbalancedEntryError):
        books.enter(viewer("farida"), make_entry(lines=(*entry.lines, entry.lines[0])))
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("fund")
def test_a_reversal_takes_two_persons_and_restores(viewer, colleague):
    books.approve(colleague, books.enter(viewer("farida"), make_entry()))
    draft = books.enter_reversal(viewer("farida"), 1, DAY, "A slip")
    with pytest.raises(NotAllowedNowError, match="waits already"):
        books.enter_reversal(colleague, 1, DAY, "A slip again")
    books.approve(colleague, draft)
    sums = trial_balance(one.entry for one in books.posted_entries()).sums
    assert {str(debit) for debit, _ in sums.values()} == {"0.00 USD"}
    assert books.findings() == ()


@pytest.mark.usefixtures("fund")
def test_a_closed_period_takes_no_entry_and_no_draft_is_left_in_it(viewer, colleague):
    draft = books.enter(viewer("farida"), make_entry())
    with pytest.raises(NotAllowedNowError, match="wait for a second person"):
        books.enter_closing(viewer("farida"), date(2024, 6, 30))
    books.approve(colleague, draft)
    books.approve(colleague, books.enter_closing(viewer("farida"), date(2024, 6, 30)))
    with pytest.raises(NotAllowedNowError, match="closed until 2024-06-30"):
        books.enter(viewer("farida"), make_entry())
    books.approve(colleague, books.enter(viewer("farida"), make_entry(day=date(2024, 7, 1))))
    assert books.findings() == ()


@pytest.mark.usefixtures("fund")
def test_posted_rows_are_not_changed_or_deleted(viewer, colleague):
    row = books.approve(colleague, books.enter(viewer("farida"), make_entry()))
    row.text = "Something else"
    for change in (
        row.save,
        row.delete,
        JournalRecord.objects.all().delete,
        lambda: JournalRecord.objects.update(text="x"),
    ):
        with pytest.raises(NotAllowedNowError):
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalRecord.objects.create(
            number=2, kind="entry", day=DAY, entered_by="person:1", approved_by="person:1",
            posted_at="", previous="x", hash="y",
        )  # fmt: skip


TABLE = "programme_money_journalrecord"
REPLACED = f"""INSERT OR REPLACE INTO {TABLE} (number, kind, day, text, document, lines, reverses,
    entered_by, approved_by, posted_at, previous, hash) SELECT number, kind, day, 'x', document,
    lines, reverses, entered_by, approved_by, posted_at, previous, hash FROM {TABLE}"""


def _in_the_database(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize(
    ("statement", "only"),
    [
        (f"UPDATE {TABLE} SET text = 'x'", ""),
        (f"UPDATE {TABLE} SET text = text WHERE number = 1", ""),
        (f"DELETE FROM {TABLE}", ""),
        (f"DELETE FROM {TABLE} WHERE number = 1", ""),
        (f"TRUNCATE {TABLE}", "postgresql"),
        (REPLACED, "sqlite"),
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_what_is_posted(
    viewer, colleague, statement, only
):
    if only and connection.vendor != only:
        pytest.skip(f"a statement of {only}, and this is {connection.vendor}")
    books.approve(colleague, books.enter(viewer("farida"), make_entry()))
    before = list(JournalRecord.objects.values())
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        _in_the_database(statement)
    assert list(JournalRecord.objects.values()) == before
    books.approve(colleague, books.enter(viewer("farida"), make_entry("200")))  # adding goes on
    assert books.findings() == ()


@pytest.mark.usefixtures("fund")
def test_the_journal_as_a_file_is_checked_and_summed_without_the_web(
    viewer, colleague, browser_of, tmp_path
):
    for amount in ("100", "200.50"):
        entry = make_entry(amount, text="=1+1, ё")
        books.approve(colleague, books.enter(viewer("farida"), entry))
    books.approve(colleague, books.enter_closing(viewer("farida"), date(2024, 6, 30)))
    answer = browser_of("dmitri").get("/programme/money/fund/journal.csv")
    path = tmp_path / "journal.csv"
    path.write_bytes(answer.content)
    assert read_journal(path) == tuple(books.journal())
    assert audit(read_journal(path)) == ()


def _behind_its_back(statement):
    """Change the books as one could who administers the database."""
    _in_the_database(*removals(connection.vendor, TABLE), statement)


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE programme_money_journalrecord SET text = 'x' WHERE number = 1", "content_changed"),
        ("DELETE FROM programme_money_journalrecord WHERE number = 2", "cut_off"),
        ("DELETE FROM programme_money_journalrecord WHERE number = 1", "number_missing"),
    ],
)
def test_what_is_changed_in_the_database_itself_is_found(
    viewer, colleague, browser_of, statement, code
):
    for amount in ("100", "200"):
        books.approve(colleague, books.enter(viewer("farida"), make_entry(amount)))
    _behind_its_back(statement)
    assert code in {one.code for one in books.findings()}
    told = browser_of("dmitri").get("/programme/money/fund/audit").content.decode()
    assert "not as they were posted" in told


@pytest.mark.usefixtures("fund")
def test_posting_leaves_one_event_with_the_hash_and_no_amount(viewer, colleague):
    row = books.approve(colleague, books.enter(viewer("farida"), make_entry("4711")))
    event = Event.objects.get(kind="money_record_posted")
    assert event.details == {"number": 1, "hash": row.hash}
    assert not Event.objects.filter(details__icontains="4711").exists()


@pytest.mark.usefixtures("fund")
def test_books_stay_whole_when_who_posted_closes_the_account(viewer, people, browser_of):
    second = second_secretary(people)
    books.approve(viewer_of(second), books.enter(viewer("farida"), make_entry()))
    assert held_of(second)["money"]["posted"] == [1]
    erase_account(second)
    assert books.findings() == ()
    told = browser_of("farida").get("/programme/money/fund").content.decode()
    assert "Galym" not in told
    assert f"closed account {second.pk}" in told


def test_a_closed_account_is_champion_of_no_donor(people):
    donor = make_donor(champion=people["dmitri"])
    erase_account(people["dmitri"])
    donor.refresh_from_db()
    assert donor.champion is None


# --- files ----------------------------------------------------------------------------------------


def bring(viewer, house, title="Roads"):
    return taking_over.bring(viewer("dmitri"), house, "roads.xml", (IATI % title).encode())


def test_a_file_is_shown_before_anything_changes(viewer, house, browser_of):
    row = bring(viewer, house)
    told = browser_of("dmitri").get(f"/programme/money/iati/file/{row.uid}").content.decode()
    assert "policy-marker" in told  # what is left behind is told
    assert "Commitment 2024-02-01 2500.00 USD" in told
    assert not Project.objects.exists()


def test_what_comes_in_is_not_for_everyone_until_somebody_says_so(viewer, house):
    assert taking_over.take_over(viewer("dmitri"), bring(viewer, house)) == 1
    project = Project.objects.get()
    assert (project.audience, project.flows.get().amount) == ("government", "2500.00")
    with pytest.raises(NotAllowedNowError):
        taking_over.take_over(viewer("dmitri"), taking_over.IatiFile.objects.get())


def test_the_same_file_again_changes_nothing(viewer, house):
    taking_over.take_over(viewer("dmitri"), bring(viewer, house))
    again = bring(viewer, house)
    assert [one.changes for one in taking_over.plans(again)] == [()]
    assert taking_over.take_over(viewer("dmitri"), again) == 0


def test_a_project_changed_since_the_file_was_looked_at_is_not_overwritten(viewer, house):
    taking_over.take_over(viewer("dmitri"), bring(viewer, house))
    second = bring(viewer, house, "New roads")
    project = Project.objects.get()
    actions.save_project(viewer("farida"), project, project.edition, content(house, title="Mine"))
    with pytest.raises(NotAllowedNowError, match="changed since"):
        taking_over.take_over(viewer("dmitri"), second)
    assert Project.objects.get().title == "Mine"


def test_another_house_does_not_take_a_project_by_its_identifier(viewer, people, house):
    taking_over.take_over(viewer("dmitri"), bring(viewer, house))
    aigul = viewer("aigul")
    other = people["aigul"].organisation
    row = taking_over.bring(aigul, other, "roads.xml", (IATI % "Stolen").encode())
    assert taking_over.plans(row)[0].problem
    assert taking_over.take_over(aigul, row) == 0
    assert Project.objects.get().title == "Roads"


def test_texts_of_a_file_are_shown_as_texts(viewer, house, browser_of):
    title = "&lt;script&gt;alert(1)&lt;/script&gt;"
    row = bring(viewer, house, title)

    def check(address):
        told = browser_of("dmitri").get(f"/programme/money/{address}").content.decode()
        assert "<script>alert" not in told
        assert "&lt;script&gt;alert" in told

    check(f"iati/file/{row.uid}")
    taking_over.take_over(viewer("dmitri"), row)
    check(f"project/{Project.objects.get().uid}")
    check("projects")


def test_a_project_goes_out_and_comes_in_as_it_was(viewer, house):
    Publisher.objects.create(organisation=house, iati_ref="MN-1", kind="national_ngo")
    make_donor(iati_ref="XM-1")
    project = make_project(
        house, iati_identifier="MN-1-fences",
        shares={("action", "cami-2021:3.5"): "1/3", ("action", "cami-2021:3.1"): "",
                ("species", "khulan"): "", ("state", "MNG"): "1"},
    )  # fmt: skip
    make_flow(project, "1000.00")
    found = publishing.activities(house)
    assert [one.identifier for one in found] == ["MN-1-fences"]
    file = write_iati(found, at=timezone.now())
    row = taking_over.bring(viewer("dmitri"), house, "own.xml", file)
    assert [(one.problem, one.changes) for one in taking_over.plans(row)] == [("", ())]


def test_an_own_file_brought_back_finds_its_projects_and_doubles_nothing(viewer, house):
    Publisher.objects.create(organisation=house, iati_ref="MN-1", kind="national_ngo")
    project = make_project(house)  # nobody gave it an identifier: one is made for its file
    make_flow(project, "1000.00")
    row = taking_over.bring(viewer("dmitri"), house, "own.xml", exported(house))
    assert [one.project for one in taking_over.plans(row)] == [project]
    taking_over.take_over(viewer("dmitri"), row)
    assert [one.amount for one in Project.objects.get().flows.all()] == ["1000.00"]


def test_a_file_of_another_house_takes_no_project_by_the_identifier_made_for_it(
    viewer, people, house
):
    Publisher.objects.create(organisation=house, iati_ref="MN-1", kind="national_ngo")
    make_flow(make_project(house), "1000.00")
    other = people["aigul"].organisation
    row = taking_over.bring(viewer("aigul"), other, "own.xml", exported(house))
    assert taking_over.plans(row)[0].problem
    assert taking_over.take_over(viewer("aigul"), row) == 0


def test_nobody_gives_a_project_the_identifier_made_for_another(viewer, people, house):
    wanted = f"MN-1-{make_project(house).uid.hex[:12]}"
    other = people["aigul"].organisation
    typed = content(other, iati_identifier=wanted)
    with transaction.atomic():
        actions.save_project(viewer("aigul"), None, 0, typed, {})
        # whoever typed it before the house was a publisher is met when it becomes one
        with pytest.raises(NotAllowedNowError, match="Another project"):
            actions.set_publisher(viewer("farida"), house, "MN-1", "national_ngo")
        transaction.set_rollback(True)
    actions.set_publisher(viewer("farida"), house, "MN-1", "national_ngo")
    with pytest.raises(NotAllowedNowError, match="Another project"):
        actions.save_project(viewer("aigul"), None, 0, typed, {})
    assert not Project.objects.filter(iati_identifier=wanted).exists()


RICH = (Path(__file__).parents[1] / "files_of_iati" / "rich.xml").read_bytes()


def plain(content):
    """The activities of a file in their standard form, without the moment of the last change."""
    root = etree.fromstring(content)
    for one in root:
        one.attrib.pop("last-updated-datetime", None)
    return [
        ElementTree.canonicalize(
            etree.tostring(one).decode(), strip_text=True, rewrite_prefixes=True
        )
        for one in root
    ]


def without_contacts(content):
    root = etree.fromstring(content)
    for one in root.findall("*/contact-info"):
        one.getparent().remove(one)
    return etree.tostring(root)


@pytest.fixture
def taken_over(viewer, house):
    """A project that was taken over from a file with more than pages show, and made public."""
    Publisher.objects.create(organisation=house, iati_ref="MN-1", kind="national_ngo")
    row = taking_over.bring(viewer("dmitri"), house, "rich.xml", RICH)
    assert taking_over.take_over(viewer("dmitri"), row) == 1
    Project.objects.update(audience="public")
    return Project.objects.get()


def exported(house):
    return write_iati(publishing.activities(house), at=timezone.now())


@pytest.mark.usefixtures("taken_over")
def test_what_the_pages_do_not_show_goes_out_as_it_came_and_comes_in_the_same(
    viewer, house, iati_schema
):
    iati_schema.assertValid(etree.fromstring(RICH))
    file = exported(house)
    iati_schema.assertValid(etree.fromstring(file))
    assert plain(file) == plain(without_contacts(RICH))
    again = taking_over.bring(viewer("dmitri"), house, "again.xml", file)
    assert [(one.problem, one.changes) for one in taking_over.plans(again)] == [("", ())]


def test_what_is_changed_of_a_project_goes_out_changed_and_the_rest_stays(
    viewer, house, taken_over, iati_schema
):
    fields = {"title": "Another title", "stage": "closed", "ends": date(2026, 1, 1)}
    actions.save_project(viewer("dmitri"), taken_over, taken_over.edition, fields)
    hidden = taken_over.flows.get(amount="2500.00")
    hidden.confidential = True
    hidden.save()
    make_flow(taken_over, "70", provider="A new donor")
    file = exported(house)
    iati_schema.assertValid(etree.fromstring(file))
    one = etree.fromstring(file)[0]
    assert one.findtext("title/narrative") == "Another title"
    assert one.find("activity-status").get("code") == "4"
    assert b"2500" not in file  # it is confidential now, also where the file had it
    assert [value.text for value in one.findall("transaction/value")] == ["300", "12", "70.00"]
    assert b"A new donor" in file
    for name in ("result", "location", "policy-marker"):
        assert len(one.findall(name)) == len(etree.fromstring(RICH)[0].findall(name)) > 0


def test_who_gave_only_what_is_confidential_now_is_named_no_more(house, taken_over, iati_schema):
    assert b"Steppe Trust" in exported(house)
    taken_over.flows.filter(provider="Steppe Trust").delete()
    make_flow(taken_over, SECRET, provider="Steppe Trust", confidential=True)
    file = exported(house)
    iati_schema.assertValid(etree.fromstring(file))
    assert b"Steppe Trust" not in file
    make_flow(taken_over, "70", provider="Steppe Trust")
    assert b"Steppe Trust" in exported(house)


@pytest.mark.usefixtures("taken_over")
def test_people_to_ask_are_not_told_to_everyone(house):
    assert b"contact-info" in RICH
    assert b"contact-info" not in exported(house)


def test_a_file_told_again_does_not_uncover_what_was_made_confidential(viewer, house, taken_over):
    taken_over.flows.filter(amount="2500.00").update(confidential=True)
    again = taking_over.bring(viewer("dmitri"), house, "again.xml", RICH)
    taking_over.take_over(viewer("dmitri"), again)
    assert list(taken_over.flows.filter(amount="2500.00").values_list("confidential")) == [(True,)]


def test_a_file_whose_hidden_parts_alone_differ_changes_the_project(viewer, house, taken_over):
    file = RICH.replace(b"Gaps made", b"Gaps opened")
    again = taking_over.bring(viewer("dmitri"), house, "again.xml", file)
    (plan,) = taking_over.plans(again)
    assert [one.field for one in plan.changes] == ["kept"]
    assert taking_over.take_over(viewer("dmitri"), again) == 1
    assert b"Gaps opened" in exported(house)
    assert taken_over.flows.count() == 3


def test_the_page_of_a_file_tells_what_is_kept_what_is_lost_and_which_rules_are_broken(
    viewer, house, browser_of
):
    spoilt = RICH.replace(b'code="MN"', b'code="MN" percentage="70"').replace(
        b"<result ", b"<odd/><result ", 1
    )
    row = taking_over.bring(viewer("dmitri"), house, "rich.xml", spoilt)
    told = browser_of("dmitri").get(f"/programme/money/iati/file/{row.uid}").content.decode()
    for text in ("contact-info", "location × 2", "the standard has no odd", "make 70, not 100"):
        assert text in told


@pytest.mark.usefixtures("taken_over")
def test_published_activities_are_held_against_the_rules_of_the_standard(browser_of, house):
    told = browser_of("nobody").get(f"/programme/money/iati/{house.pk}/check").content.decode()
    assert "Every rule of the standard that Kulan knows is kept." in told
