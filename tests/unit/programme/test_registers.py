"""Registers: their declarations, what is refused, their stages, their gaps, their next steps."""

from datetime import date

import pytest

from kulan.programme.registers import (
    CONSENTED,
    LEVELS,
    REGISTERS,
    Facts,
    Gap,
    Span,
    check,
    counts,
    evidence_day,
    gaps,
    moves,
    next_step,
    readable,
    register,
    states_of,
)

PERSON = {
    "state": "KAZ",
    "function": "cms",
    "person": "A. Person",
    "email": "a@agency.example",
    "telephone": "+7 000",
}
LAW = {"state": "KAZ", "topics": ["hunting"], "kind": "law", "title": "Law", "citation": "No. 593"}


def faults(name, given, stage=""):
    return {problem.field for problem in check(register(name), given, stage).problems}


@pytest.mark.parametrize("one", REGISTERS, ids=lambda one: one.name)
def test_a_register_names_only_fields_and_levels_it_has(one):
    names = [field.name for field in one.fields]
    assert len(set(names)) == len(names)
    named = {
        *one.heading, *(one.span or ()), *one.evidence_day, *filter(None, [one.evidence_amount]),
        *(need for stage in one.stages for need in stage.needs),
    }  # fmt: skip
    assert named <= set(names)
    assert {field.level for field in one.fields} <= {*LEVELS, CONSENTED}
    assert all(field.of in {other.name for other in REGISTERS} for field in one.fields if field.of)
    assert all(field.choices for field in one.fields if field.kind in {"choice", "choices"})
    assert all(one.field(name).level == "public" for name in one.heading)


def test_what_is_given_in_many_spellings_is_kept_in_one():
    given = {**LAW, "state": " kaz ", "topics": "hunting;trade\nhunting", "valid_from": "2004-07 "}
    read = check(register("laws"), given)
    assert read.problems == ()
    assert read.data["state"] == "KAZ"
    assert read.data["topics"] == ["hunting", "trade"]
    assert read.data["valid_from"] == "2004-07"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "FRA"),
        ("topics", "weather"),
        ("kind", "rumour"),
        ("title", "x" * 301),
        ("valid_from", "05.2004"),
        ("valid_from", "2004-13"),
        ("valid_from", "٢٠٠٤"),
        ("link", "javascript:alert(1)"),
        ("link", "https://a@b.example/"),
        ("link", 'https://agency.example/" onclick=x'),
        ("species", "unicorn"),
        ("actions", "see 1.3"),
        ("colour", "red"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(field, value):
    assert faults("laws", {**LAW, field: value}) == {field}


def test_all_faults_are_told_at_once():
    assert faults("laws", {"state": "FRA", "link": "x"}) == {
        "state", "link", "topics", "kind", "title", "citation",
    }  # fmt: skip


def test_nothing_ends_before_it_begins():
    assert faults("laws", {**LAW, "valid_from": "2020-05", "valid_to": "2020-04"}) == {"valid_to"}
    assert faults("laws", {**LAW, "valid_from": "2020-05", "valid_to": "2020"}) == set()


def test_a_stage_asks_for_what_shows_it():
    given = {"title": "Memorandum", "kind": "memorandum"}
    assert faults("agreements", given, "proposed") == set()
    assert faults("agreements", given, "signed") == {"signed_on"}
    assert faults("agreements", {**given, "signed_on": "soon"}, "signed") == {"signed_on"}


def test_only_what_was_done_counts():
    agreements = register("agreements")
    counted = [stage.code for stage in agreements.stages if counts(agreements, stage.code)]
    assert counted == ["signed", "in_force"]
    assert counts(register("laws"), "")
    assert not counts(agreements, "no such stage")


def test_a_record_goes_forward_freely_back_by_one_and_ends_from_anywhere():
    def codes(now):
        return [stage.code for stage in moves(register("commitments"), now)]

    assert codes("promised") == ["in_contract", "under_way", "delivered", "not_kept"]
    assert codes("under_way") == ["in_contract", "delivered", "not_kept"]
    assert codes("not_kept") == ["promised", "in_contract", "under_way", "delivered"]
    assert codes("no such stage") == []


def test_how_to_reach_a_focal_point_is_for_governments_the_office_for_everyone():
    points = register("state-focal-points")
    for level in ("public", "partners"):
        assert readable(points, PERSON, level).keys() == {"state", "function", "person"}
    assert readable(points, PERSON, "government") == PERSON


def test_of_a_researcher_others_read_what_was_chosen_and_nothing_else():
    record = {"name": "R.", "email": "r@uni.example", "telephone": "1", "shown": ["telephone"]}
    for level in LEVELS[:-1]:
        assert readable(register("researchers"), record, level) == {"name": "R.", "telephone": "1"}
    assert readable(register("researchers"), record, "keepers") == record
    del record["shown"]
    assert readable(register("researchers"), record, "government") == {"name": "R."}


def test_a_gap_tells_since_when_and_until_when():
    spans = [
        Span("TKM", "2015", "2019-02"),
        Span("TKM", "2019-02", "2024-03"),
        Span("MNG", "2020"),
        Span("UZB", "2027-01"),
    ]
    found = gaps(["TKM", "MNG", "UZB", "BTN"], spans, date(2026, 1, 1))
    assert found == (Gap("TKM", "2024-03"), Gap("UZB", "", "2027-01"), Gap("BTN"))


def test_the_day_of_evidence_is_the_first_one_that_is_known():
    meetings = register("meetings")
    assert evidence_day(meetings, {"begins": "2025-04"}) == "2025-04"
    assert evidence_day(meetings, {"begins": "2025-04", "ends": "2025-05"}) == "2025-05"
    assert evidence_day(meetings, {}) == ""


def test_a_record_is_about_the_states_it_names_either_way():
    assert states_of({"states": ["KAZ", "UZB"]}) == ("KAZ", "UZB")
    assert states_of({"state": "KAZ"}) == ("KAZ",)
    assert states_of({}) == ()


def test_an_area_with_everything_done_has_no_next_step():
    done = Facts(
        states=2, species=1, stakeholders=1, groups=1, workshops=1, recommendations=1, asked=1,
        answered=1, met_after_answers=True, agreements=1, signed=1,
    )  # fmt: skip
    assert next_step(done) is None
    assert next_step(Facts()).code == "describe"


def test_one_pair_that_has_not_answered_holds_the_area_there():
    asked = Facts(states=3, species=1, stakeholders=1, groups=1, asked=2, answered=1)
    assert next_step(asked).code == "answer"
