"""Gaps: where nobody has looked lately, the most urgent first, and nothing told twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.errors import InvalidTableError
from kulan.programme.gaps import (
    SEASONS,
    Decision,
    Ground,
    Looked,
    cell_box,
    cell_of,
    knowledge_gaps,
    packages,
)

TODAY = date(2026, 5, 1)
HERE = Ground("saiga", "N49E066", "KAZ", 4000.0)
THERE = Ground("saiga", "N43E056", "UZB", 5000.0)
EMPTY = Ground("khulan", "N49E066", "KAZ", 10.0)


def looked(year, season="spring", *, cells=("N49E066",), iso3="KAZ", species="saiga"):
    return Looked(species, year, season, "strip_transect", iso3, frozenset(cells))


def seasons_left(looks, **more):
    return [gap.season for gap in knowledge_gaps([HERE], looks, on=TODAY, **more)]


def test_a_recent_look_closes_its_season_and_no_other():
    assert seasons_left([looked(2023)]) == ["summer", "autumn", "winter"]


def test_a_look_of_several_seasons_closes_all_and_one_of_an_unknown_season_none():
    assert seasons_left([looked(2023, "several")]) == []
    assert seasons_left([looked(2023, "unknown")]) == list(SEASONS)


@pytest.mark.parametrize(("year", "closed"), [(2022, True), (2021, False)])
def test_a_look_counts_for_the_years_asked_and_no_longer(year, closed):
    assert ("spring" not in seasons_left([looked(year)])) is closed


def test_a_look_somewhere_in_the_state_closes_nothing_and_is_told():
    found = knowledge_gaps([HERE], [looked(2025, cells=())], on=TODAY)

    assert {gap.season: gap.state_year for gap in found}["spring"] == 2025
    assert {gap.last_year for gap in found} == {None}


def test_what_waits_soonest_comes_first_then_what_nobody_ever_saw():
    soon = Decision("barrier:A", "A", "barrier", cells=frozenset({"N43E056"}), due=date(2027, 1, 1))
    some = Decision("barrier:B", "B", "barrier", species=("khulan",))

    found = knowledge_gaps([HERE, THERE, EMPTY], [looked(2010)], [some, soon], on=TODAY)

    assert [gap.ground for gap in found[::4]] == [THERE, EMPTY, HERE]
    assert found[-1].last_year == 2010


def test_a_decision_that_fell_due_is_still_told():
    late = Decision("report:1", "National reports", "report", states=("KAZ",), due=date(2020, 1, 1))

    (gap, *_) = knowledge_gaps([HERE, THERE], [], [late], on=TODAY)

    assert gap.ground == HERE
    assert gap.decisions == (late,)


def test_a_plan_for_the_place_comes_before_a_report_that_is_due_sooner():
    report = Decision("report:1", "Reports", "report", states=("KAZ", "UZB"), due=date(2026, 6, 1))
    line = Decision("barrier:A", "A", "barrier", cells=frozenset({"N43E056"}), due=date(2030, 1, 1))

    (first, *_) = knowledge_gaps([HERE, THERE], [], [report, line], on=TODAY)

    assert (first.ground, first.decisions) == (THERE, (line, report))


def test_work_to_fund_holds_the_cells_one_decision_waits_for():
    line = Decision("barrier:A", "A", "barrier", cells=frozenset({"N49E066"}))
    beside = Ground("saiga", "N49E067", "KAZ", 100.0)

    first, *rest = packages(
        knowledge_gaps([HERE, beside], [looked(2015)], [line], on=TODAY), [looked(2015)]
    )

    assert (first.decision, first.cells, first.methods) == (line, (HERE.cell,), ("strip_transect",))
    assert {one.cells for one in rest if one.decision is None} == {(beside.cell,)}


grounds = st.builds(
    Ground,
    st.sampled_from(["saiga", "khulan"]),
    st.sampled_from(["N49E066", "N43E056", "N41E044"]),
    st.sampled_from(["KAZ", "UZB"]),
    st.floats(0.1, 1e4),
)
looks = st.builds(
    Looked,
    st.sampled_from(["saiga", "khulan"]),
    st.integers(1980, 2026),
    st.sampled_from([*SEASONS, "several", "unknown"]),
    st.just("other"),
    st.sampled_from(["KAZ", "UZB"]),
    st.frozensets(st.sampled_from(["N49E066", "N43E056"]), max_size=2),
)
unique_grounds = st.lists(
    grounds, max_size=6, unique_by=lambda one: (one.species_id, one.cell, one.iso3)
)


def cases(gaps):
    return {(gap.ground.species_id, gap.ground.cell, gap.ground.iso3, gap.season) for gap in gaps}


@given(unique_grounds, st.lists(looks, max_size=8), looks)
def test_one_more_look_never_opens_a_gap(ground, before, more):
    known = cases(knowledge_gaps(ground, before, on=TODAY))

    assert cases(knowledge_gaps(ground, [*before, more], on=TODAY)) <= known


@given(unique_grounds, st.lists(looks, max_size=8))
def test_every_gap_is_in_one_package_and_habitat_adds_up(ground, seen):
    gaps = knowledge_gaps(ground, seen, on=TODAY)

    together = packages(gaps, seen)

    assert sum(len(one.cells) for one in together) == len(gaps)
    assert sum(one.habitat_km2 for one in together) == pytest.approx(
        sum(gap.ground.habitat_km2 for gap in gaps)
    )


@given(st.floats(-179.9, 179.9), st.floats(-89.9, 89.9))
def test_a_cell_holds_the_points_it_is_named_for(longitude, latitude):
    west, south, east, north = cell_box(cell_of(longitude, latitude))

    assert west <= longitude < east
    assert south <= latitude < north


def test_a_name_of_no_cell_is_refused_with_how_it_should_look():
    with pytest.raises(InvalidTableError, match="N49E066"):
        cell_box("49N 66E")
