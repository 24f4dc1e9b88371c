"""Reporting cycles: composed, opened, answered by several, reviewed, reminded of."""

import json
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from builders_of_cycles import (
    FOR_EVERYONE,
    FOR_GOVERNMENTS,
    FOR_PARTNERS,
    READ_BY_AUDIENCE,
    SECRET,
    make_cycle,
    make_project_report,
    make_report,
)
from kulan.errors import AccessDeniedError, InvalidAnswerError, NotAllowedNowError, UnknownNameError
from kulan.programme.reporting import Answer, Question, Told
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.people.erasing import erase_account
from kulan.web.people.holdings import held_of
from kulan.web.people.models import Organisation
from kulan.web.programme.reporting import composing
from kulan.web.programme.reporting.delegating import delegate, end_delegation, who_can_help
from kulan.web.programme.reporting.filling import confirm, give_answer
from kulan.web.programme.reporting.models import Cycle, Delegation, Reminder
from kulan.web.programme.reporting.opening import lock_cycle, open_cycle
from kulan.web.programme.reporting.reminders import remind
from kulan.web.programme.reporting.reviewing import begin_project_report, remark, settle, step
from kulan.web.programme.reporting.stored import answers_of, questionnaires_of

DONE = ("general/done", "")


def blank(question_id="general/done", subject=""):
    return Answer(question_id, subject, revision=0)


def said(value, question_id="general/done", subject="", **fields):
    return Answer(question_id, subject, value, **fields)


def stands(filing, key=DONE):
    return answers_of(filing)[key]


def in_mongolia(people, *names):
    for name in names:
        house = people[name].organisation
        house.iso3 = "MNG"
        house.save()


# --- composing and opening ------------------------------------------------------------------------


@pytest.fixture
def drafted(viewer):
    return composing.begin_cycle(
        viewer("farida"), "cami-2027", Told("Cycle of 2027"), edition_id="cami-2021",
        opens=date(2020, 1, 1), due=date(2027, 3, 31),
    )  # fmt: skip


def test_a_new_cycle_asks_all_range_states_with_their_standing_on_its_first_day(drafted):
    standing = dict(drafted.filings.values_list("iso3", "party"))

    assert len(standing) == 14
    assert not standing["TKM"]  # acceded on 1 January 2021
    assert standing["KAZ"]
    assert not standing["CHN"]


def test_a_section_that_is_left_out_comes_back_with_its_standard_questions(drafted, viewer):
    farida = viewer("farida")
    before = questionnaires_of(drafted)["national"]
    composing.choose_sections(farida, drafted, "national", ["general", "3"])
    assert {one.section_id for one in questionnaires_of(drafted)["national"].sections} == {
        "general", "3",
    }  # fmt: skip

    everything = [one.section_id for one in before.sections]
    composing.choose_sections(farida, drafted, "national", everything)

    assert questionnaires_of(drafted)["national"].questions == before.questions


def test_a_question_falls_with_the_one_it_depends_on(drafted, viewer):
    asked = questionnaires_of(drafted)["national"].in_section("general")
    chosen = {
        one.question_id: (one.readers, one.required)
        for one in asked
        if one.question_id != "general/coordination"
    }
    fallen = composing.choose_questions(viewer("farida"), drafted, "national", "general", chosen)

    names = {one.question_id for one in questionnaires_of(drafted)["national"].questions}
    assert fallen == 1
    assert "general/coordination_how" not in names


def test_own_questions_are_asked_for_each_population_and_survive_a_choice_of_sections(
    drafted, viewer
):
    own = Question("", "", Told("Collared?"), "yes_no", loop="population", required=True)
    made = composing.add_question(viewer("farida"), drafted, "national", own)
    composing.choose_sections(viewer("farida"), drafted, "national", ["general"])

    asked = questionnaires_of(drafted)["national"]
    assert made.question_id == "own/1"
    assert asked.question("own/1").loop == "population"


def test_a_form_without_a_question_is_refused(drafted, viewer):
    from kulan.errors import InvalidTableError  # noqa: PLC0415

    with pytest.raises(InvalidTableError):
        composing.choose_sections(viewer("farida"), drafted, "national", [])


def test_an_open_cycle_changes_neither_its_questions_nor_who_reports(drafted, viewer):
    farida = viewer("farida")
    open_cycle(farida, drafted)

    with pytest.raises(NotAllowedNowError):
        composing.choose_sections(farida, drafted, "national", ["general"])
    with pytest.raises(NotAllowedNowError):
        composing.choose_reporters(farida, drafted, ["MNG"], [])
    with pytest.raises(NotAllowedNowError):
        open_cycle(farida, drafted)


@pytest.mark.parametrize("who", ["bat", "gulnara", "aigul", "hassan"])
def test_only_the_secretariat_composes(who, drafted, viewer):
    with pytest.raises(AccessDeniedError):
        composing.choose_sections(viewer(who), drafted, "national", ["general"])
    with pytest.raises(AccessDeniedError):
        open_cycle(viewer(who), drafted)


def test_opening_suggests_what_was_accepted_last_time_and_writes_to_the_focal_point(people, viewer):
    last = make_cycle("before", due=date(2026, 2, 1))
    make_report(
        last, state="accepted", accepted_at=timezone.now(), answers={"general/done": FOR_EVERYONE}
    )
    cycle = make_cycle("now", stage="draft", due=date(2027, 2, 1))
    report = make_report(cycle, state="draft")
    open_cycle(viewer("farida"), cycle)
    for job in Job.objects.filter(kind="report_letters"):
        do(job)

    suggested = stands(report)
    report.refresh_from_db()
    assert (suggested.value, suggested.confirmed) == (FOR_EVERYONE, False)
    assert suggested.origin == "cycle:before-national"
    assert (report.state, report.to_confirm, report.required_answered) == ("open", 1, 0)
    assert [one.to for one in mail.outbox] == [[people["bat"].email]]
    assert FOR_EVERYONE not in mail.outbox[0].body


def test_what_was_reported_and_never_accepted_is_not_suggested(viewer):
    last = make_cycle("before", due=date(2026, 2, 1))
    make_report(last, state="returned", answers={"general/done": "Not true"})
    cycle = make_cycle("now", stage="draft", due=date(2027, 2, 1))
    report = make_report(cycle, state="draft")
    open_cycle(viewer("farida"), cycle)

    assert answers_of(report) == {}


# --- answering ------------------------------------------------------------------------------------


@pytest.fixture
def report(people):  # noqa: ARG001
    return make_report(make_cycle(), state="open")


def test_an_answer_is_kept_with_who_gave_it_and_one_event_without_its_words(report, viewer):
    give_answer(viewer("bat"), report, blank(), said(SECRET))

    kept = stands(report)
    report.refresh_from_db()
    assert (kept.value, kept.by, kept.revision) == (SECRET, "Bat", 1)
    assert report.state == "in_progress"
    assert (report.required_answered, report.answered) == (1, 1)
    events = Event.objects.filter(kind="report_answered")
    assert events.count() == 1
    assert SECRET not in json.dumps(list(events.values("details", "subject_title")))


def test_of_two_who_change_the_same_field_the_second_is_asked(report, viewer):
    give_answer(viewer("bat"), report, blank(), said("First"))
    second = give_answer(viewer("bat"), report, blank(), said("Second"))

    assert [(one.field, one.ours.content, one.theirs.content) for one in second.conflicts] == [
        ("value", "First", "Second")
    ]
    assert stands(report).value == "First"


def test_of_two_who_change_different_fields_both_are_kept(report, viewer):
    seen = give_answer(viewer("bat"), report, blank(), said("First")).answer
    give_answer(viewer("bat"), report, seen, said("Better", note=""))
    both = give_answer(viewer("bat"), report, seen, said("First", note="A note"))

    assert not both.conflicts
    assert (stands(report).value, stands(report).note) == ("Better", "A note")


def test_after_a_conflict_is_decided_the_chosen_words_stand(report, viewer):
    give_answer(viewer("bat"), report, blank(), said("First"))
    give_answer(viewer("bat"), report, stands(report), said("Second"))

    assert (stands(report).value, stands(report).revision) == ("Second", 2)


def test_a_conflict_is_decided_on_the_page_field_by_field_and_only_when_it_is_sent(
    report, viewer, browser_of
):
    give_answer(viewer("bat"), report, blank(), said("First", note="A note"))
    told = {"question": "general/done", "subject": "", "value": "Second", "note": "Another"}
    seen = '{"value": null, "note": "", "revision": 0, "confirmed": true}'
    browser, address = browser_of("bat"), reverse("report_answer", args=[report.uid])
    page = browser.post(address, {**told, "seen": seen}, headers={"HX-Request": "true"})
    assert page.status_code == 409
    shown = json.dumps({"value": "First", "note": "A note", "revision": 1, "confirmed": True})
    again = {**told, "seen": shown, "in_conflict": ["value", "note"], "pick_value": "mine"}

    chosen = browser.post(address, again, headers={"HX-Request": "true"})
    assert (chosen.status_code, stands(report).value) == (204, "First")

    browser.post(address, {**again, "pick": "1"}, headers={"HX-Request": "true"})
    assert (stands(report).value, stands(report).note) == ("Second", "A note")


def test_the_same_words_sent_twice_change_nothing(report, viewer):
    give_answer(viewer("bat"), report, blank(), said("First"))
    again = give_answer(viewer("bat"), report, blank(), said("First"))

    assert not again.conflicts
    assert stands(report).revision == 1
    assert Event.objects.filter(kind="report_answered").count() == 1


def test_a_suggestion_counts_once_it_is_confirmed(viewer):
    suggested = {"value": "Last time", "confirmed": False, "origin": "cycle:before"}
    report = make_report(make_cycle(), answers={"general/done": suggested})
    assert report.required_answered == 0

    assert confirm(viewer("bat"), report, [DONE]) == 1
    assert confirm(viewer("bat"), report, [DONE]) == 0

    report.refresh_from_db()
    assert (report.required_answered, report.to_confirm) == (1, 0)
    assert (stands(report).by, stands(report).origin) == ("Bat", "cycle:before")


def test_an_answer_that_does_not_fit_is_refused_and_not_kept(report, viewer):
    with pytest.raises(InvalidAnswerError):
        give_answer(
            viewer("bat"), report, blank("species/trend", "saiga"),
            said("sideways", "species/trend", "saiga"),
        )  # fmt: skip
    assert answers_of(report) == {}


@pytest.mark.parametrize(
    "key", [("general/none", ""), ("species/trend", "argali"), ("general/done", "saiga")]
)
def test_what_is_not_asked_of_this_reporter_cannot_be_answered(key, report, viewer):
    with pytest.raises(UnknownNameError):
        give_answer(viewer("bat"), report, blank(*key), said("x", *key))


@pytest.mark.parametrize("who", ["chinara", "farida", "gulnara", "aigul", "dmitri", "hassan"])
def test_only_its_own_people_answer_for_a_state(who, report, viewer):
    with pytest.raises(AccessDeniedError):
        give_answer(viewer(who), report, blank(), said("x"))


@pytest.mark.parametrize("state", ["draft", "submitted", "accepted", "locked"])
def test_a_report_that_is_not_open_takes_no_answer(state, viewer):
    report = make_report(make_cycle(), state=state)
    with pytest.raises(AccessDeniedError):
        give_answer(viewer("bat"), report, blank(), said("x"))


# --- giving sections to others --------------------------------------------------------------------


def test_a_person_of_the_state_answers_the_sections_given_and_no_others(people, report, viewer):
    in_mongolia(people, "aigul")
    delegate(viewer("bat"), report, people["aigul"], ["species"])
    aigul = viewer("aigul")
    trend = ("species/trend", "saiga")
    give_answer(aigul, report, blank(*trend), said("up", *trend))

    assert stands(report, trend).by == "Aigul"
    with pytest.raises(AccessDeniedError):
        give_answer(aigul, report, blank(), said("x"))
    report.refresh_from_db()
    assert report.state == "delegated"


def test_sections_taken_back_can_no_longer_be_answered_nor_seen(people, report, viewer, browser_of):
    in_mongolia(people, "aigul")
    given = delegate(viewer("bat"), report, people["aigul"], ["species"])
    assert browser_of("aigul").get(reverse("report", args=[report.uid])).status_code == 200
    end_delegation(viewer("bat"), given)

    trend = ("species/trend", "saiga")
    with pytest.raises(AccessDeniedError):
        give_answer(viewer("aigul"), report, blank(*trend), said("up", *trend))
    assert browser_of("aigul").get(reverse("report", args=[report.uid])).status_code == 404


def test_sections_are_given_to_partners_and_scientists_of_the_state_only(people, report, viewer):
    in_mongolia(people, "aigul")

    names = {one.name for one in who_can_help(viewer("bat"), report)}
    assert names == {"Aigul", "Azamat"}
    for other in ("dmitri", "hassan", "chinara"):
        with pytest.raises(AccessDeniedError):
            delegate(viewer("bat"), report, people[other], ["species"])
    with pytest.raises(AccessDeniedError):
        delegate(viewer("aigul"), report, people["azamat"], ["species"])


# --- review ---------------------------------------------------------------------------------------


def test_a_report_without_a_required_answer_is_not_submitted(report, viewer):
    with pytest.raises(NotAllowedNowError, match="1 required"):
        step(viewer("bat"), report, "submit")


def test_a_report_goes_from_the_first_answer_to_acceptance(report, viewer):
    bat, farida = viewer("bat"), viewer("farida")
    give_answer(bat, report, blank(), said("Much"))
    step(bat, report, "submit")
    made = remark(farida, report, DONE, "Where?")
    with pytest.raises(NotAllowedNowError):
        step(farida, report, "return")
    step(farida, report, "return", reason="See the remark.")
    give_answer(bat, report, stands(report), said("Much, in the Gobi"))
    step(bat, report, "submit")
    settle(farida, made)
    step(farida, report, "accept")

    moves = list(report.steps.values_list("before", "after"))
    assert moves == [
        ("open", "in_progress"), ("in_progress", "submitted"), ("submitted", "returned"),
        ("returned", "submitted"), ("submitted", "accepted"),
    ]  # fmt: skip
    report.refresh_from_db()
    assert report.accepted_at is not None


def test_a_cycle_with_reports_never_accepted_is_locked_only_with_a_reason(report, viewer):
    with pytest.raises(NotAllowedNowError):
        lock_cycle(viewer("farida"), report.cycle)
    report.cycle.refresh_from_db()
    assert report.cycle.stage == "open"

    lock_cycle(viewer("farida"), report.cycle, reason="The period is over.")
    report.refresh_from_db()
    assert (report.state, report.cycle.stage) == ("locked", "locked")
    with pytest.raises(AccessDeniedError):
        give_answer(viewer("bat"), report, blank(), said("late"))


def test_a_partner_reports_each_project_of_the_own_organisation_once(viewer):
    cycle = make_cycle()
    made = begin_project_report(viewer("dmitri"), cycle, "  Green   corridors ")
    assert (made.project, made.state) == ("Green corridors", "open")
    with pytest.raises(NotAllowedNowError):
        begin_project_report(viewer("dmitri"), cycle, "Green corridors")
    with pytest.raises(AccessDeniedError):
        begin_project_report(viewer("hassan"), cycle, "Mine")

    give_answer(viewer("dmitri"), made, blank(), said("Gates"))
    with pytest.raises(AccessDeniedError):
        give_answer(viewer("aigul"), made, blank(), said("Gates"))


# --- who reads what -------------------------------------------------------------------------------


def read_by(browser_of, who, filing):
    answer = browser_of(who).get(reverse("report_section", args=[filing.uid, "general"]))
    return answer.content.decode() if answer.status_code == 200 else ""


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("nobody", {FOR_EVERYONE}),
        ("hassan", {FOR_EVERYONE}),
        ("gulnara", {FOR_EVERYONE}),
        ("dmitri", {FOR_EVERYONE, FOR_PARTNERS}),
        ("erlan", {FOR_EVERYONE, FOR_PARTNERS}),
        ("chinara", {FOR_EVERYONE, FOR_PARTNERS, FOR_GOVERNMENTS}),
        ("bat", {FOR_EVERYONE, FOR_PARTNERS, FOR_GOVERNMENTS}),
        ("farida", {FOR_EVERYONE, FOR_PARTNERS, FOR_GOVERNMENTS}),
    ],
)
def test_accepted_answers_are_read_by_the_audience_chosen_for_each(who, reads, people, browser_of):  # noqa: ARG001
    filing = make_report(
        make_cycle(), state="accepted", accepted_at=timezone.now(), answers=READ_BY_AUDIENCE
    )
    page = read_by(browser_of, who, filing)
    assert {one for one in READ_BY_AUDIENCE.values() if one in page} == reads
    for ending in ("csv", "json"):
        file = browser_of(who).get(reverse("report_export", args=[filing.uid, ending]))
        told = file.content.decode()
        assert {one for one in READ_BY_AUDIENCE.values() if one in told} == reads, ending
        whole = browser_of(who).get(reverse("cycle_export", args=["small", ending]))
        assert {one for one in READ_BY_AUDIENCE.values() if one in whole.content.decode()} == reads


def test_a_report_that_was_locked_without_acceptance_stays_with_its_people(people, browser_of):  # noqa: ARG001
    filing = make_report(make_cycle(), state="locked", answers={"general/done": SECRET})
    address = reverse("report", args=[filing.uid])
    seen = {
        who: browser_of(who).get(address).status_code
        for who in ("nobody", "chinara", "bat", "farida", "gulnara")
    }
    assert seen == {"nobody": 404, "chinara": 404, "bat": 200, "farida": 200, "gulnara": 404}


MARKS = ('<script>alert("x")</script>', "{{ 7*7 }}", '"><img src=x onerror=alert(1)>', "'; --")


@pytest.mark.parametrize("mark", MARKS)
def test_what_people_write_is_shown_as_text(mark, people, viewer, browser_of):
    in_mongolia(people, "aigul")
    report = make_report(make_cycle(title={"en": mark}), state="open")
    bat, farida = viewer("bat"), viewer("farida")
    give_answer(bat, report, blank(), said(mark, note=mark))
    step(bat, report, "submit")
    remark(farida, report, DONE, mark)
    step(farida, report, "return", reason=mark)
    project = make_project_report(report.cycle, people["dmitri"].organisation, mark)

    pages = [
        ("bat", reverse("report", args=[report.uid])),
        ("bat", reverse("report_section", args=[report.uid, "general"])),
        ("farida", reverse("report_section", args=[report.uid, "general"])),
        ("farida", reverse("cycle", args=["small"])),
        ("farida", reverse("cycle_compose", args=["small"])),
        ("dmitri", reverse("report", args=[project.uid])),
        ("farida", reverse("cycles")),
        ("bat", reverse("answers_by_tag") + "?reporter=MNG&tag=cites"),
    ]
    for who, address in pages:
        answer = browser_of(who).get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert ">49<" not in page, address


def test_a_csv_of_answers_runs_nothing_in_a_spreadsheet(people, browser_of):  # noqa: ARG001
    filing = make_report(make_cycle(), answers={"general/done": "=HYPERLINK(0)"})
    file = browser_of("bat").get(reverse("report_export", args=[filing.uid, "csv"]))
    assert "'=HYPERLINK(0)" in file.content.decode()


# --- reminders ------------------------------------------------------------------------------------


def test_each_reminder_is_sent_once_and_written_down(people, viewer):  # noqa: ARG001
    due = date(2027, 3, 31)
    cycle = make_cycle(due=due)
    report = make_report(cycle, state="open")
    make_report(cycle, "KGZ", state="submitted")
    sent = {
        day: remind(due + timedelta(days=day)) for day in (-40, -30, -29, -7, -3, 0, 1, 2, 14, 20)
    }

    assert sent == {-40: 0, -30: 1, -29: 0, -7: 1, -3: 0, 0: 0, 1: 1, 2: 0, 14: 1, 20: 0}
    kinds = ["month_before", "week_before", "after", "fortnight_after"]
    assert list(report.reminders.values_list("kind", flat=True)) == kinds
    assert Event.objects.filter(kind="report_reminded").count() == 4
    for job in Job.objects.filter(kind="report_letters"):
        do(job)
    assert {tuple(one.to) for one in mail.outbox} == {("bat@test.example",)}
    assert len(mail.outbox) == 4


def test_a_deadline_that_moves_is_reminded_of_anew(people, viewer):
    cycle = make_cycle(due=date(2027, 3, 31))
    make_report(cycle, state="open")
    assert remind(date(2027, 3, 25)) == 1
    composing.set_dates(
        viewer("farida"), cycle, title=Told("T"), opens=cycle.opens, due=date(2027, 6, 30)
    )
    assert remind(date(2027, 4, 1)) == 0
    assert remind(date(2027, 6, 24)) == 1
    assert Reminder.objects.count() == 2
    assert people


# --- people, and how often the database is asked --------------------------------------------------


def test_whoever_leaves_is_forgotten_in_reports_and_gets_what_was_held(people, report, viewer):
    in_mongolia(people, "aigul")
    delegate(viewer("bat"), report, people["aigul"], ["species"], message="Please")
    trend = ("species/trend", "saiga")
    give_answer(viewer("aigul"), report, blank(*trend), said("up", *trend))
    held = held_of(people["aigul"])
    assert [one["question_id"] for one in held["answers"]] == ["species/trend"]
    assert len(held["delegations"]) == 1

    erase_account(people["aigul"])

    assert stands(report, trend).by == f"closed account {people['aigul'].pk}"
    assert not Delegation.objects.filter(ended_at=None).exists()


def asked_for(browser, address):
    browser.get(address)  # what is found once for all requests
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_pages_ask_the_database_equally_often_however_much_there_is(people, browser_of):  # noqa: ARG001
    cycle = make_cycle()
    mongolia = make_report(cycle, answers={"general/done": "x"})
    addresses = [
        reverse("cycles"),
        reverse("cycle", args=["small"]),
        reverse("report", args=[mongolia.uid]),
        reverse("report_section", args=[mongolia.uid, "general"]),
        reverse("answers_by_tag"),
        reverse("cycle_export", args=["small", "csv"]),
    ]
    browser = browser_of("farida")
    few = {one: asked_for(browser, one) for one in addresses}

    for iso3 in ("KAZ", "KGZ", "UZB", "TJK"):
        make_report(cycle, iso3, answers={"general/done": "x", "general/staff": "y"})
    house = Organisation.objects.create(name="A house")
    for number in range(4):
        make_cycle(f"cycle-{number}")
        make_project_report(cycle, house, f"Project {number}")
    make_report(make_cycle("other"), answers={"general/done": "x"})
    mongolia.remarks.create(question_id="general/done", text="a")
    mongolia.remarks.create(question_id="general/staff", text="b")

    assert {one: asked_for(browser, one) for one in addresses} == few
    assert Cycle.objects.count() == 6
