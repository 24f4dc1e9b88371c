"""What counts for an action that an earlier edition had: read over confirmed pairs, not copied."""

from dataclasses import replace
from datetime import date

import pytest

from kulan.programme.editions import Crosswalk, Link, Pair, carried_across, inherited, read_for
from kulan.programme.evidence import Declaration, Evidence, Requirement, status_of

LAW, SURVEY = Requirement("law"), Requirement("survey", 2)
DECLARED = {
    "a:1": Declaration("a:1", ((LAW,),), "A law shows it."),
    "a:2": Declaration("a:2", ((SURVEY,), (Requirement("plan"),))),
    "a:3": Declaration("a:3", ((Requirement("report", 2),),)),
    "a:4": Declaration("a:4", ((LAW,), (Requirement("report"),))),
    "a:5": Declaration("a:5", ((LAW, Requirement("report", of="a:5.a")),)),
}
ACT = Evidence("law", "law:1", "Act", date(2024, 1, 1), actions=("a:1",))
COUNTS = tuple(
    Evidence("survey", f"survey:{n}", "Count", date(2024, 1, n), actions=("a:2",)) for n in (1, 2)
)
REPORTS = tuple(
    Evidence("report", f"report:{n}", "Report", date(2024, 1, n), actions=("a:3",)) for n in (1, 2)
)


def status(link, evidence=(ACT, *COUNTS, *REPORTS), more=()):
    found = (*read_for(evidence, [link]), *more)
    told = inherited(link, DECLARED)
    return status_of(link.after, told, found, states=(), on=date(2025, 1, 1)).status.value


@pytest.mark.parametrize("kind", ["same", "renumbered", "reworded"])
def test_an_action_that_went_on_counts_what_counted(kind):
    assert status(Link("b:9", ("a:1",), kind)) == "done"


def test_evidence_keeps_the_action_it_was_given_for():
    assert read_for([ACT], [Link("b:9", ("a:1",), "same")])[0].actions == ("a:1", "b:9")


def test_evidence_for_other_actions_is_left_as_it_was():
    assert read_for(COUNTS, [Link("b:9", ("a:1",), "same")]) == COUNTS


@pytest.mark.parametrize("before", ["a:1", "a:2"])
def test_a_part_of_what_was_done_is_under_way_until_a_report_names_the_part(before):
    link = Link("b:9", (before,), "split")
    assert status(link) == "under_way"
    report = Evidence("report", "report:9", "On the part", date(2024, 6, 1), actions=("b:9",))
    assert status(link, more=(report,)) == "done"


@pytest.mark.parametrize("kind", ["law", "report"])
def test_a_part_of_what_a_law_or_a_report_shows_is_not_done_by_those_of_the_whole(kind):
    link = Link("b:9", ("a:4",), "split")
    of_whole = [
        Evidence(one, f"{one}:4", "Of the whole", date(2024, 1, 1), actions=("a:4",))
        for one in {kind, "report"}
    ]
    assert status(link, evidence=of_whole) != "done"


def test_a_report_on_another_part_of_the_whole_is_none_on_this_one():
    link = Link("b:9", ("a:5",), "split")
    law = replace(ACT, actions=("a:5",))
    report = Evidence("report", "report:5", "On a part", date(2024, 1, 1), actions=("a:5.a",))
    assert status(link, evidence=(law, report)) == "under_way"


def test_a_part_of_what_reports_alone_show_asks_for_as_many_on_the_part():
    link = Link("b:9", ("a:3",), "split")
    assert status(link) == "not_started"
    more = [replace(one, reference=f"{one.reference}b", actions=("b:9",)) for one in REPORTS]
    assert status(link, more=more[:1]) == "under_way"
    assert status(link, more=more) == "done"


def test_a_merger_of_many_with_many_ways_keeps_a_few_of_them():
    many = tuple(f"a:{n}" for n in range(10, 26))
    ways = ((LAW,), (SURVEY,), (Requirement("plan"),), (Requirement("report"),))
    told = inherited(Link("b:9", many, "merged"), {key: Declaration(key, ways) for key in many})
    assert len(told.alternatives) == 12


def test_a_merger_is_done_when_both_are():
    link = Link("b:9", ("a:1", "a:2"), "merged")
    assert status(link) == "done"
    assert status(link, evidence=(ACT,)) == "under_way"
    assert status(link, evidence=()) == "not_started"


def test_a_merger_with_an_action_for_which_nothing_is_declared_cannot_be_computed():
    assert inherited(Link("b:9", ("a:1", "a:77"), "merged"), DECLARED) is None


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("renumbered", ("1",), ("9",)),
        ("reworded", ("1",), ("9",)),
        ("split", ("1",), ("8", "9")),
        ("merged", ("1", "2"), ("9",)),
    ],
)
def test_what_is_read_over_a_pair_is_what_the_command_carries(kind, before, after):
    walk = Crosswalk("a", "b", (Pair(before, after, kind, 1.0, (), "confirmed"),))
    statuses = {"1": "done", "2": "done"}
    for one in carried_across(walk, statuses):
        link = Link(f"b:{one.after}", tuple(f"a:{key}" for key in before), kind)
        assert status(link) == one.status
