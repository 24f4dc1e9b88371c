"""What a report lacks, what is suggested to it, and what else it serves."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from builders_of_reports import (
    AT,
    CHINA,
    KAZAKHSTAN,
    answer_of,
    filled_report,
    little_questionnaire,
    whole_questionnaire,
)
from kulan.errors import InvalidTableError
from kulan.programme.reporting import (
    Answer,
    Report,
    answers_serving,
    by_key,
    completeness,
    confirmed,
    origin_said,
    prefilled,
    problems,
    readable,
    report_as_data,
    report_from_data,
    revision_of,
    tag_name,
    tags_of,
)
from kulan.words import words_in

EN = words_in("en")
ASKED = little_questionnaire()


@dataclass(frozen=True)
class Proof:
    reference: str
    day: date = date(2026, 1, 1)
    states: tuple = ()
    actions: tuple = ("cami-2021:1.1",)
    withdrawn: bool = False


def test_an_empty_report_lacks_every_required_answer():
    found = completeness(ASKED, KAZAKHSTAN, {})
    assert found.answered == 0
    assert [slot.key for slot in found.missing] == [
        ("general/agency", ""),
        ("species/present", "saiga"),
        ("species/present", "khulan"),
        ("populations/trend", "saiga:Ural"),
        ("populations/trend", "saiga:Betpak-Dala"),
    ]


def test_a_whole_report_of_the_standard_questionnaire_is_complete_and_without_mistakes():
    whole = whole_questionnaire()
    report = filled_report(whole, KAZAKHSTAN)
    assert completeness(whole, KAZAKHSTAN, report.by_key()).is_complete
    for one in report.answers:
        assert not problems(whole.question(one.question_id), one, EN)


def test_how_many_is_asked_only_where_the_species_is_present():
    yes, no = Answer("species/present", "saiga", True), Answer("species/present", "khulan", False)
    before = completeness(ASKED, KAZAKHSTAN, {}).asked
    assert completeness(ASKED, KAZAKHSTAN, by_key([yes, no])).asked == before + 1


def test_a_suggested_answer_counts_only_when_confirmed():
    suggested = Answer("general/agency", "", "Ministry", origin="cycle:x", confirmed=False)
    found = completeness(ASKED, KAZAKHSTAN, by_key([suggested]))
    assert found.required_answered == 0
    assert [slot.key for slot in found.to_confirm] == [suggested.key]
    stood_behind = confirmed(suggested, by="aigul", at=AT)
    assert completeness(ASKED, KAZAKHSTAN, by_key([stood_behind])).required_answered == 1
    assert stood_behind.origin == "cycle:x"


def test_the_last_report_is_suggested_and_figures_of_its_time_are_not():
    last = replace(filled_report(ASKED, KAZAKHSTAN), cycle_id="cami-2024")
    found = by_key(prefilled(ASKED, KAZAKHSTAN, last=last))
    assert found["general/agency", ""].value == answer_of(last, "general/agency").value
    assert found["general/agency", ""].origin == "cycle:cami-2024"
    assert not any(answer.confirmed for answer in found.values())
    assert not any(name == "species/number" for name, _ in found)


def test_an_answer_that_stands_is_left_alone():
    last = replace(filled_report(ASKED, KAZAKHSTAN), cycle_id="cami-2024")
    standing = Answer("general/agency", "", "The new ministry")
    found = prefilled(ASKED, KAZAKHSTAN, last=last, given=by_key([standing]))
    assert ("general/agency", "") not in by_key(found)


def test_what_was_only_suggested_last_time_is_not_suggested_again():
    unconfirmed = Answer("general/agency", "", "Ministry", origin="cycle:w", confirmed=False)
    last = Report("cami-2024", "KAZ", "locked", (unconfirmed,))
    assert not prefilled(ASKED, KAZAKHSTAN, last=last)


def test_answers_on_an_action_follow_it_into_the_next_edition():
    old = Answer("cami-2014:1.2/evidence", "", ("law of 2019",))
    last = Report("cami-2020", "KAZ", "locked", (old,))
    found = prefilled(ASKED, KAZAKHSTAN, last=last, renamed={"cami-2014:1.2": "cami-2021:1.1"})
    assert by_key(found)["cami-2021:1.1/evidence", ""].value == ("law of 2019",)


def test_evidence_of_this_state_is_suggested_the_newest_first():
    proofs = [
        Proof("old", day=date(2022, 1, 1)),
        Proof("new"),
        Proof("of Mongolia", states=("MNG",)),
        Proof("withdrawn", withdrawn=True),
        Proof("of another action", actions=("cami-2021:2.1",)),
    ]
    found = by_key(prefilled(ASKED, KAZAKHSTAN, evidence=proofs))
    assert found["cami-2021:1.1/evidence", ""].value == ("new", "old")
    assert found["cami-2021:1.1/evidence", ""].origin == "evidence"


def test_no_status_is_suggested_from_evidence():
    found = prefilled(whole_questionnaire(), KAZAKHSTAN, evidence=[Proof("agreement:1")])
    assert {one.question_id for one in found} == {"cami-2021:1.1/evidence"}


@pytest.mark.parametrize("origin", ["cycle:cami-2024", "evidence", "record:saiga"])
def test_a_suggestion_says_where_it_comes_from(origin):
    assert origin_said(origin, "en").startswith("suggested from")
    assert origin_said(origin, "ru") != origin_said(origin, "en")


def test_one_report_serves_several_conventions():
    report = filled_report(ASKED, KAZAKHSTAN)
    for tag in tags_of(ASKED):
        asked = {one.question.question_id for one in answers_serving(tag, [(ASKED, report)])}
        wanted = {one.question_id for one in ASKED.questions if tag in one.tags}
        assert asked <= wanted
        assert asked


def test_trade_is_reported_once_for_every_species():
    taken = [Answer("species/number", species, 3.0) for species in ("saiga", "khulan")]
    report = Report(ASKED.cycle_id, "KAZ", "accepted", tuple(taken))
    found = answers_serving("cites", [(ASKED, report)])
    assert [one.answer.subject for one in found] == ["khulan", "saiga"]


def test_the_saiga_memorandum_gets_the_answers_on_the_saiga_alone():
    report = filled_report(ASKED, KAZAKHSTAN)
    found = answers_serving("mou:saiga", [(ASKED, report)])
    assert {one.answer.subject.partition(":")[0] for one in found} == {"saiga"}
    assert len(found) == 3


def test_what_nobody_stands_behind_serves_no_convention():
    unsure = Answer("general/why_not", "", "not yet", origin="cycle:x", confirmed=False)
    report = Report(ASKED.cycle_id, CHINA.reporter_id, "open", (unsure,))
    assert not answers_serving("cms", [(ASKED, report)])


def test_every_tag_has_a_name_and_a_users_own_is_its_name():
    assert tag_name("gbf:target-23", words_in("fr")).endswith("23")
    assert tag_name("our-plan", EN) == "our-plan"


def test_a_report_survives_being_stored():
    report = filled_report(ASKED, KAZAKHSTAN)
    again = report_from_data(report_as_data(report))
    assert again.by_key() == report.by_key()
    assert again.state == report.state


@pytest.mark.parametrize("data", [{}, {"state": "lost"}, {"state": "open", "answers": [1]}])
def test_what_is_no_report_is_refused(data):
    with pytest.raises(InvalidTableError):
        report_from_data(data)


def test_a_revision_does_not_depend_on_who_answered_or_in_which_order():
    report = filled_report(ASKED, KAZAKHSTAN)
    other = [replace(one, by="bat", revision=7) for one in reversed(report.answers)]
    assert revision_of(other) == revision_of(report.answers)
    assert revision_of(other[1:]) != revision_of(report.answers)


def test_the_public_sees_no_answer_meant_for_governments():
    asked = replace(
        ASKED,
        questions=tuple(
            replace(
                one, readers="government" if one.question_id == "general/agency" else "partners"
            )
            for one in ASKED.questions
        ),
    )
    report = filled_report(asked, KAZAKHSTAN)
    assert not readable(asked, report, "public").answers
    assert answer_of(readable(asked, report, "partners"), "general/agency") is None
    assert readable(asked, report, "government") == report
