"""Reporting cycles on plans that somebody brought in, and answers that follow a crosswalk."""

from datetime import date

import pytest

from builders_of_cycles import make_cycle, make_report
from builders_of_plans import ARGALI_2030, NEW, OLD, make_crosswalk, make_plan
from builders_of_the_programme import make_evidence
from kulan.errors import NotAllowedNowError
from kulan.programme.reporting import Answer, Told
from kulan.web.programme.reporting import composing
from kulan.web.programme.reporting.models import Filing, GivenAnswer
from kulan.web.programme.reporting.opening import open_cycle
from kulan.web.programme.reporting.stored import answers_of, questionnaires_of, row_of

DAYS = {"opens": date(2026, 1, 1), "due": date(2026, 6, 30)}
LATER = {"opens": date(2030, 1, 1), "due": date(2030, 6, 30)}


@pytest.fixture(autouse=True)
def plans(viewer):
    make_plan(state="in_force", keeper=viewer("farida"))
    make_plan(NEW, ARGALI_2030, state="past", keeper=viewer("farida"))


def begin(viewer, edition_id=OLD, days=None, name="argali-cycle"):
    title = Told("Reports on the argali")
    return composing.begin_cycle(
        viewer("farida"), name, title, edition_id=edition_id, **(days or DAYS)
    )


def opened(viewer, *args, **kwargs):
    cycle = begin(viewer, *args, **kwargs)
    composing.choose_reporters(viewer("farida"), cycle, ["KAZ"], [])
    open_cycle(viewer("farida"), cycle)
    return Filing.objects.get(cycle=cycle)


def reported(viewer, question_id, value):
    """Let Kazakhstan answer a question of a cycle on the earlier plan, and accept the report."""
    filing = opened(viewer)
    GivenAnswer.objects.filter(filing=filing, question_id=question_id).delete()
    row_of(filing, Answer(question_id, "", value)).save()
    Filing.objects.filter(pk=filing.pk).update(state="accepted", accepted_at="2026-07-01T00:00:00Z")
    return filing


def test_a_cycle_asks_about_the_actions_of_the_plan_by_its_own_titles(viewer):
    asked = questionnaires_of(begin(viewer))["national"]
    topics = {one.action_key for one in asked.questions if one.action_key}
    assert topics == {f"{OLD}:1.1", f"{OLD}:1.2", f"{OLD}:2.1", f"{OLD}:2.2"}
    words = " ".join(one.heading.en + one.heading.ru for one in asked.questions if one.action_key)
    assert "Publish the counts together" in words
    assert "Публиковать результаты вместе" in words
    sections = {one.section_id: one.title.en for one in asked.sections}
    assert sections["2"].endswith("Income")


def test_the_page_offers_every_edition_that_has_actions(browser_of):
    page = browser_of("farida").get("/programme/cycles/new").content.decode()
    assert f'value="{OLD}"' in page
    assert 'value="cami-2021"' in page
    assert 'value="cami-2014"' not in page


def test_a_cycle_on_a_draft_is_composed_and_opens_once_the_edition_is_no_draft(viewer):
    make_plan("argali-2040", ARGALI_2030)
    cycle = begin(viewer, "argali-2040")
    with pytest.raises(NotAllowedNowError):
        open_cycle(viewer("farida"), cycle)
    cycle.refresh_from_db()
    assert cycle.stage == "draft"


def test_the_next_edition_suggests_what_was_answered_of_the_same_action(viewer):
    reported(viewer, f"{OLD}:1.2/status", "under_way")
    make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    fresh = opened(viewer, NEW, LATER, "next")
    found = answers_of(fresh)[f"{NEW}:1.1/status", ""]
    assert (found.value, found.confirmed) == ("under_way", False)
    assert found.origin == "cycle:argali-cycle-national"


@pytest.mark.parametrize("state", ["proposed", "refused"])
def test_an_answer_does_not_cross_a_pair_that_nobody_confirmed(viewer, state):
    reported(viewer, f"{OLD}:1.2/status", "under_way")
    make_crosswalk(("1.2", "1.1", "renumbered", state))
    fresh = opened(viewer, NEW, LATER, "next")
    assert (f"{NEW}:1.1/status", "") not in answers_of(fresh)
    assert (f"{NEW}:1.2/status", "") not in answers_of(fresh)


def test_an_answer_on_a_whole_is_no_answer_on_its_parts(viewer):
    reported(viewer, f"{OLD}:2.2/status", "done")
    make_crosswalk(("2.2", "2.1,2.2", "split", "confirmed"))
    fresh = opened(viewer, NEW, LATER, "next")
    assert not any("status" in key[0] for key in answers_of(fresh))


def test_evidence_for_the_earlier_action_is_suggested_for_the_later(viewer):
    make_evidence(actions=[f"{OLD}:1.2"], kind="publication", reference="https://x.org/paper")
    make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    fresh = opened(viewer, NEW, LATER, "next")
    suggested = [one for one in answers_of(fresh).values() if one.origin == "evidence"]
    assert [(one.question_id.rpartition("/")[0], one.value) for one in suggested] == [
        (f"{NEW}:1.1", ("https://x.org/paper",))
    ]


def test_a_report_on_the_same_plan_comes_before_one_on_another(viewer):
    reported(viewer, "general/agency", "Ministry of the argali")
    between = make_cycle("between", stage="locked", due=date(2028, 1, 1))
    other = make_report(between, "KAZ", state="accepted", accepted_at="2028-02-01T00:00:00Z")
    row_of(other, Answer("general/agency", "", "Ministry of all mammals")).save()
    fresh = opened(viewer, NEW, LATER, "next")
    assert answers_of(fresh)["general/agency", ""].value == "Ministry of the argali"
