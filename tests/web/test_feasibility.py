"""Two states answer blind: nothing tells one side of the other's answers before both finished."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from builders_of_registers import (
    all_answers,
    make_questionnaire,
    make_record,
    make_sheet,
    posted_answers,
)
from kulan.errors import AccessDeniedError, NotAllowedNowError
from kulan.programme.registers import QUESTIONS
from kulan.web.events.models import Event
from kulan.web.people.models import Grant
from kulan.web.people.roles import Role
from kulan.web.policy.registers import Sight
from kulan.web.programme.registers import blind
from kulan.web.programme.registers.hotspot_facts import facts_of
from kulan.web.programme.registers.models import AnswerSheet, Questionnaire

SECRET = "We will never open the fence"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
OTHERS = ("nobody", "hassan", "dmitri", "aigul", "erlan", "gulnara", "farida", "chinara")
"""Everyone but the focal point of Mongolia, who answers."""


@pytest.fixture
def asked(people):  # noqa: ARG001
    return make_questionnaire()


def pages_of(asked) -> list[str]:
    hotspot = {"kind": "hotspots", "uid": asked.hotspot.uid}
    tables = [reverse("register_table", args=["hotspots", e]) for e in ("csv", "json")]
    return [
        reverse("feasibility", args=[asked.uid]),
        reverse("register_record", kwargs=hotspot),
        reverse("register_history", kwargs=hotspot),
        reverse("register", args=["hotspots"]),
        reverse("registers"),
        reverse("programme"),
        reverse("programme_evidence"),
        reverse("newsletter"),
        reverse("events"),
        reverse("events_csv"),
        reverse("events_of", args=["questionnaire", asked.uid]),
        *tables,
    ]


def all_seen(browser_of, asked, who) -> list[tuple[int, str]]:
    """Everything that one of the cast is answered at every address, without what is always new."""
    browser = browser_of(who)
    answers = [browser.get(address) for address in pages_of(asked)]
    return [
        (answer.status_code, _TOKEN.sub("", answer.content.decode()) + _headers(answer))
        for answer in answers
    ]


def _headers(answer) -> str:
    new_each_time = {"X-Request-ID"}
    return str(sorted(pair for pair in answer.headers.items() if pair[0] not in new_each_time))


@pytest.mark.parametrize("who", OTHERS)
def test_a_draft_changes_no_byte_that_anybody_else_is_answered(who, asked, browser_of):
    before = all_seen(browser_of, asked, who)
    answer = browser_of("bat").post(
        reverse("feasibility_answer", args=[asked.uid]), posted_answers("4", SECRET)
    )
    assert answer.status_code == 302
    assert AnswerSheet.objects.get().answers["law_basis"] == {"score": 4, "comment": SECRET}
    assert all_seen(browser_of, asked, who) == before
    assert not Event.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "hassan", "dmitri", "erlan"])
def test_who_is_not_asked_learns_of_nothing_even_when_both_have_finished(who, asked, browser_of):
    before = all_seen(browser_of, asked, who)
    for iso3 in asked.sides:
        make_sheet(asked, iso3, finished=True, answers=all_answers(1, SECRET))
    assert all_seen(browser_of, asked, who) == before


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize(("score", "comment"), [("0", ""), ("4", SECRET), ("unknown", "x" * 500)])
def test_a_side_that_finishes_changes_no_byte_that_anybody_else_is_answered(
    score, comment, who, asked, browser_of
):
    before = all_seen(browser_of, asked, who)
    finishing = posted_answers(score, comment, finish="1")
    address = reverse("feasibility_answer", args=[asked.uid])
    assert browser_of("bat").post(address, finishing).status_code == 302
    assert AnswerSheet.objects.get().finished_at
    assert all_seen(browser_of, asked, who) == before


def test_an_administrator_who_speaks_for_the_other_side_learns_nothing_from_the_events(
    asked, people, browser_of
):
    Grant.objects.create(user=people["gulnara"], role=Role.FOCAL_POINT, iso3="KGZ")
    before = all_seen(browser_of, asked, "gulnara")
    browser_of("bat").post(
        reverse("feasibility_answer", args=[asked.uid]), posted_answers("4", finish="1")
    )
    assert all_seen(browser_of, asked, "gulnara") == before


def test_who_finished_when_is_written_down_for_both_once_both_have(asked, browser_of):
    address = reverse("feasibility_answer", args=[asked.uid])
    browser_of("bat").post(address, posted_answers("4", SECRET, finish="1"))
    assert not Event.objects.exists()
    browser_of("chinara").post(address, posted_answers("1", SECRET, finish="1"))
    first, second = Event.objects.order_by("pk")
    assert [first.kind, second.kind] == ["feasibility_finished"] * 2
    assert [first.details["state"], second.details["state"]] == ["MNG", "KGZ"]
    assert first.by_id != second.by_id
    assert first.details["on"] <= second.details["on"]
    assert SECRET not in json.dumps([first.details, second.details, first.subject_title])


def test_nobody_is_sent_a_letter_when_a_side_finishes(asked, browser_of, mailoutbox):
    browser_of("bat").post(
        reverse("feasibility_answer", args=[asked.uid]), posted_answers("4", finish="1")
    )
    assert mailoutbox == []


def test_a_side_is_asked_of_the_database_for_no_answer_of_the_other(
    asked, viewer, django_assert_num_queries
):
    make_sheet(asked, "MNG", finished=True, answers=all_answers(4, SECRET))
    chinara = viewer("chinara")
    sheet = blind.own_sheet(chinara, asked)
    assert (sheet.iso3, sheet.answers, sheet.revision) == ("KGZ", {}, 0)
    with django_assert_num_queries(2) as asked_for:  # whether it exists, who has finished
        assert blind.side_by_side(chinara, asked) is None
    assert not [one["sql"] for one in asked_for if '"answers"' in one["sql"]]


def test_the_secretariat_is_blind_until_both_have_finished(asked, browser_of, viewer):
    make_sheet(asked, "MNG", finished=True, answers=all_answers(4, SECRET))
    page = browser_of("farida").get(reverse("feasibility", args=[asked.uid])).content.decode()
    assert SECRET not in page
    assert "has finished" not in page
    assert blind.own_sheet(viewer("farida"), asked) is None


def test_once_both_have_finished_both_see_where_they_diverge(asked, browser_of):
    make_sheet(asked, "KGZ", finished=True, answers=all_answers(3))
    apart = all_answers(3) | {"data_share": {"score": 0, "comment": SECRET}}
    make_sheet(asked, "MNG", finished=True, answers=apart)
    for who in ("bat", "chinara", "farida"):
        page = browser_of(who).get(reverse("feasibility", args=[asked.uid])).content.decode()
        assert SECRET in page
        rows = re.findall(r'<th scope="row"><small>[^<]*</small>([^<]*)</th>', page)
        assert rows[0] == "Can you share counts and movements with the other side?"
        assert len(rows) == len(QUESTIONS)


def test_what_is_finished_stays_as_it_is(asked, browser_of):
    address = reverse("feasibility_answer", args=[asked.uid])
    browser = browser_of("bat")
    assert browser.post(address, posted_answers("2", finish="1")).status_code == 302
    again = browser.post(address, posted_answers("4", revision="1"))
    assert again.status_code == 409
    assert AnswerSheet.objects.get().answers["law_basis"]["score"] == 2


def test_nothing_is_lost_when_one_finishes_with_a_question_left_out(asked, browser_of):
    sent = posted_answers("2", SECRET, finish="1")
    del sent["score-law_basis"]
    answer = browser_of("bat").post(reverse("feasibility_answer", args=[asked.uid]), sent)
    assert answer.status_code == 422
    sheet = AnswerSheet.objects.get()
    assert sheet.finished_at is None
    assert sheet.answers["law_basis"] == {"comment": SECRET}
    assert SECRET in answer.content.decode()
    assert not Event.objects.exists()


def test_of_two_colleagues_the_second_overwrites_nothing(asked, viewer):
    bat = viewer("bat")
    blind.save_answers(bat, asked, all_answers(1), revision=0, finish=False)
    with pytest.raises(NotAllowedNowError):
        blind.save_answers(bat, asked, all_answers(4), revision=0, finish=False)
    assert AnswerSheet.objects.get().answers["law_basis"]["score"] == 1


def test_who_speaks_for_both_states_answers_for_neither(asked, people, viewer, browser_of):
    Grant.objects.create(user=people["bat"], role=Role.FOCAL_POINT, iso3="KGZ")
    make_sheet(asked, "KGZ", answers=all_answers(4, SECRET))
    with pytest.raises(AccessDeniedError, match="both states"):
        blind.save_answers(viewer("bat"), asked, all_answers(), revision=0, finish=False)
    answer = browser_of("bat").get(reverse("feasibility", args=[asked.uid]))
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_an_area_counts_as_answered_only_when_both_sides_have(asked, viewer):
    bat = viewer("bat")
    make_sheet(asked, "MNG", finished=True)
    assert facts_of(bat, asked.hotspot, Sight(bat)).answered == 0
    make_sheet(asked, "KGZ", finished=True)
    assert facts_of(bat, asked.hotspot, Sight(bat)).answered == 1


def test_a_workshop_before_the_answers_is_not_one_about_them(asked, viewer):
    bat = viewer("bat")
    for iso3 in asked.sides:
        make_sheet(asked, iso3, finished=True)
    early = make_record("meetings", stage="held", data={"begins": "2019-01-01"})
    asked.hotspot.data["workshops"] = [str(early.uid)]
    assert not facts_of(bat, asked.hotspot, Sight(bat)).met_after_answers
    late = make_record("meetings", stage="held", data={"begins": timezone.now().date().isoformat()})
    asked.hotspot.data["workshops"].append(str(late.uid))
    assert facts_of(bat, asked.hotspot, Sight(bat)).met_after_answers


def test_a_focal_point_has_the_own_state_asked_and_no_two_others(people, viewer):  # noqa: ARG001
    area = make_record("hotspots", data={"states": ["KAZ", "KGZ", "MNG"]})
    with pytest.raises(AccessDeniedError):
        blind.open_questionnaire(viewer("bat"), area, ("KAZ", "KGZ"))
    with pytest.raises(AccessDeniedError):
        blind.open_questionnaire(viewer("farida"), area, ("KAZ", "CHN"))
    made = blind.open_questionnaire(viewer("bat"), area, ("MNG", "KAZ"))
    assert made.sides == ("KAZ", "MNG")
    with pytest.raises(NotAllowedNowError):
        blind.open_questionnaire(viewer("farida"), area, ("KAZ", "MNG"))


def test_only_one_module_reads_the_answers():
    from pathlib import Path  # noqa: PLC0415

    from kulan.web import programme  # noqa: PLC0415

    folder = Path(str(programme.__path__[0])).parent
    naming = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"AnswerSheet\b|\.sheets\.|sheets__", path.read_text("utf-8"))
    }
    assert naming == {
        "programme/registers/models.py",
        "programme/registers/blind.py",
        "programme/registers/erasing.py",  # who finished, not what
        "programme/registers/questionnaires.py",  # the sheet of the viewer's own side
    }
    assert Questionnaire._meta.get_fields()
