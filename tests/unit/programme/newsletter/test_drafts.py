"""A draft tells everything that changed in its period once, and nothing else."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.errors import InvalidRequestError, UnknownNameError
from kulan.programme.newsletter import (
    HORIZON_DAYS,
    KIND_NAMES,
    REASON_NAMES,
    SECTION_NAMES,
    SECTIONS,
    UPCOMING,
    Change,
    Reason,
    draft,
)
from kulan.programme.reporting import Told

BEGIN, END = date(2026, 1, 1), date(2026, 4, 1)

CHANGES = st.lists(
    st.builds(
        Change,
        kind=st.sampled_from(list(KIND_NAMES)),
        title=st.sampled_from([Told("Roads", ru="Дороги"), Told("Khulan")]),
        day=st.dates(date(2025, 12, 1), date(2026, 9, 1)),
        link=st.sampled_from(["", "/a", "/b", "/c"]),
        species=st.sampled_from([(), ("saiga",), ("khulan", "saiga")]),
        states=st.sampled_from([(), ("KAZ",)]),
        detail=st.sampled_from([Told(""), Told("Two sheets.")]),
        thing=st.sampled_from(["", "layer:roads"]),
        added=st.none() | st.dates(date(2025, 12, 1), date(2026, 9, 1)),
    ),
    max_size=25,
)


def change(kind="layer", day=date(2026, 2, 1), **fields):
    return Change(kind, fields.pop("title", Told("Roads")), day, **fields)


def told(made):
    return [one for section in made.sections for item in section.items for one in item.changes]


def reasons(made):
    return [one.reason for one in made.left_out]


@given(CHANGES, st.sampled_from(["", "saiga"]))
def test_every_change_is_in_the_draft_once_or_left_out_with_a_reason(changes, species):
    made = draft(changes, BEGIN, END, species=species)
    out = [one.change for one in made.left_out]
    assert Counter(map(repr, told(made) + out)) == Counter(map(repr, changes))
    assert made.count == len(told(made))
    assert all(one.reason in REASON_NAMES for one in made.left_out)


@given(CHANGES)
def test_what_happened_in_the_period_is_left_out_only_for_another_that_tells_it(changes):
    made = draft(changes, BEGIN, END)
    keys = {one.key for one in told(made)}
    things = {(one.kind, one.thing) for one in told(made)}
    for one in made.left_out:
        if one.change.kind not in UPCOMING and BEGIN <= one.change.told_on < END:
            assert one.change.key in keys or (one.change.kind, one.change.thing) in things


@given(CHANGES, st.randoms())
def test_the_order_in_which_changes_come_does_not_matter(changes, random):
    before = draft(changes, BEGIN, END)
    random.shuffle(changes)
    assert draft(changes, BEGIN, END) == before


@given(CHANGES)
def test_two_issues_that_meet_share_no_change_and_lose_none(changes):
    past = [one for one in changes if one.kind not in UPCOMING and not one.thing]
    middle = BEGIN + timedelta(days=40)
    first, second = draft(past, BEGIN, middle), draft(past, middle, END)
    whole = [one for one in past if BEGIN <= one.told_on < END]
    assert {one.key for one in told(first)} | {one.key for one in told(second)} == {
        one.key for one in whole
    }
    assert all(one.told_on < middle for one in told(first))
    assert all(one.told_on >= middle for one in told(second))


@given(CHANGES)
def test_a_bulletin_tells_of_its_species_alone(changes):
    assert all("saiga" in one.species for one in told(draft(changes, BEGIN, END, species="saiga")))


def test_the_last_day_belongs_to_the_next_issue():
    made = draft([change(day=BEGIN, link="/a"), change(day=END, link="/b")], BEGIN, END)
    assert [one.link for one in told(made)] == ["/a"]
    assert reasons(made) == [Reason.AFTER]


def test_of_two_versions_in_a_period_the_newer_is_told():
    first = change(link="/roads/1", thing="layer:roads")
    second = change(day=date(2026, 3, 1), link="/roads/2", thing="layer:roads")
    made = draft([second, first], BEGIN, END)
    assert told(made) == [second]
    assert [(one.change, one.reason) for one in made.left_out] == [(first, Reason.REPLACED)]


def test_what_lies_ahead_is_told_while_it_does():
    days = [END - timedelta(days=1), END, END + timedelta(days=HORIZON_DAYS)]
    made = draft([change("report_due", day, link=str(day)) for day in days], BEGIN, END)
    assert [one.day for one in told(made)] == [END]
    assert reasons(made) == [Reason.PAST, Reason.FAR]


def test_what_comes_first_stands_first_among_what_lies_ahead():
    calls = change("call_closing", END + timedelta(days=9), link="/call")
    reports = change("report_due", END + timedelta(days=3), link="/report")
    assert told(draft([calls, reports], BEGIN, END)) == [reports, calls]


def test_records_of_one_species_are_one_item_that_counts_them():
    records = [
        change(
            "population_record",
            title=Told("Saiga antelope", ru="Сайгак"),
            link=f"/record/{iso3}",
            species=("saiga",),
            states=(iso3,),
            detail=Told(f"{iso3}: 12", ru=f"{iso3}: двенадцать"),
        )
        for iso3 in ("KAZ", "MNG")
    ]
    section = draft(records, BEGIN, END).sections[0]
    (item,) = section.items
    assert section.count == 2
    assert item.states == ("KAZ", "MNG")
    assert item.text.tell("ru") == "KAZ: двенадцать\nMNG: двенадцать"
    assert item.title.tell("ru") == "Сайгак"


def test_a_period_without_a_day_is_refused():
    with pytest.raises(InvalidRequestError, match="no day"):
        draft([], END, END)


def test_a_bulletin_of_an_unknown_species_is_refused():
    with pytest.raises(UnknownNameError, match="yeti"):
        draft([], BEGIN, END, species="yeti")


def test_a_change_of_an_unknown_kind_is_refused():
    with pytest.raises(UnknownNameError, match="rumour"):
        change("rumour")


def test_every_kind_has_one_section_and_every_section_a_name():
    told_of = [kind for kinds in SECTIONS.values() for kind in kinds]
    assert sorted(told_of) == sorted(KIND_NAMES)
    assert list(SECTION_NAMES) == list(SECTIONS)


# --- what is entered late


@given(CHANGES)
def test_what_is_marked_late_happened_before_the_period_and_nothing_else_did(changes):
    for section in draft(changes, BEGIN, END).sections:
        for item in section.items:
            ahead = item.kind in UPCOMING
            assert item.late == (not ahead and all(one.day < BEGIN for one in item.changes))


def test_what_was_entered_in_the_period_is_told_in_it_though_it_happened_before():
    late = change("meeting", date(2025, 11, 3), added=date(2026, 2, 1), link="/m")
    made = draft([late], BEGIN, END)
    assert [item.late for section in made.sections for item in section.items] == [True]
    assert reasons(draft([late], END, date(2026, 7, 1))) == [Reason.BEFORE]
    assert reasons(draft([late], date(2025, 10, 1), BEGIN)) == [Reason.AFTER]


def test_what_happened_long_before_is_left_to_a_person_to_choose():
    old = change("law", date(1999, 1, 1), added=date(2026, 2, 1), link="/l")
    assert reasons(draft([old], BEGIN, END)) == [Reason.LONG_AGO]


def test_what_was_entered_ahead_of_its_day_is_news_on_its_day():
    ahead = change("meeting", date(2026, 2, 1), added=date(2025, 6, 1))
    assert draft([ahead], BEGIN, END).count == 1
