"""Which category a record falls into."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan import programme
from kulan.atlas.precision import Precision
from kulan.atlas.sensitivity import (
    UNLISTED,
    Category,
    category_in_seasons,
    category_of,
    check_rules,
    seasons_in,
    sensitivities,
    strictest,
)
from kulan.errors import InvalidTableError
from kulan.programme.terms import LIFE_EVENTS, SPECIES_IDS

RULES = sensitivities()

names = st.sampled_from(["", "yeti", *SPECIES_IDS])
places = st.sampled_from(["", "KAZ", "MNG", "UZB", "TKM", "RUS", "IND"])
times = st.sampled_from(["", *LIFE_EVENTS])
rules_made = st.lists(
    st.fixed_dictionaries(
        {
            "species_id": st.sampled_from(["saiga", "argali"]),
            "iso3": st.sampled_from([None, "KAZ", "MNG"]),
            "season": st.sampled_from([None, "birth", "rut"]),
            "category": st.sampled_from([category.name.lower() for category in Category]),
        }
    ),
    max_size=8,
).map(lambda rows: pd.DataFrame(rows, columns=["species_id", "iso3", "season", "category"]))


def test_every_species_of_the_programme_has_a_rule_for_the_whole_year():
    everywhere = RULES[RULES["iso3"].isna() & RULES["season"].isna()]
    assert sorted(everywhere["species_id"]) == sorted(SPECIES_IDS)


def test_rules_for_a_state_speak_of_a_range_state():
    assert set(RULES["iso3"].dropna()) <= set(programme.range_states()["iso3"])


def test_a_rule_for_a_state_or_season_is_stricter_than_the_rule_it_adds_to():
    general = RULES[RULES["iso3"].isna() & RULES["season"].isna()].set_index("species_id")
    for row in RULES[RULES["iso3"].notna() | RULES["season"].notna()].itertuples():
        whole_year = Category.named(general.loc[row.species_id, "category"])
        assert Category.named(row.category) > whole_year, row


def test_no_rule_claims_to_be_surer_than_what_was_read():
    assert set(RULES["confidence"]) <= {"medium", "low", "unverified"}
    assert (RULES["review_due"] > RULES["reviewed"]).all()


def test_each_category_has_the_precision_of_the_guide():
    assert {category.name: category.precision for category in Category} == {
        "OPEN": Precision.EXACT,
        "LOW": Precision.P0_001,
        "MEDIUM": Precision.P0_01,
        "HIGH": Precision.P0_1,
        "EXTREME": Precision.P1,
        "WITHHELD": Precision.WITHHELD,
    }


def test_a_den_is_withheld_and_a_track_in_winter_is_not():
    assert category_of("snow_leopard", "KGZ", "birth", RULES) == Category.WITHHELD
    assert category_of("snow_leopard", "KGZ", "winter_range", RULES) == Category.HIGH


def test_what_nobody_has_weighed_is_not_open():
    assert category_of("yeti", "NPL", "", RULES) == UNLISTED
    only_mongolia = RULES[RULES["iso3"] == "MNG"]
    assert category_of("saiga", "KAZ", "rut", only_mongolia) == UNLISTED
    assert category_of("saiga", "KAZ", "rut", RULES.iloc[:0]) == UNLISTED


@given(names, places, times, rules_made)
def test_to_say_less_of_a_record_never_makes_it_less_sensitive(name, place, time, rules):
    known = category_of(name, place, time, rules)
    assert category_of(name, "", time, rules) >= known
    assert category_of(name, place, "", rules) >= known
    assert category_of("", place, time, rules) >= known


@given(places, times, rules_made)
def test_the_strictest_rule_that_matches_is_the_one_that_counts(place, time, rules):
    everywhere = pd.DataFrame(
        [{"species_id": "saiga", "iso3": None, "season": None, "category": "open"}]
    )
    matching = [
        Category.named(row["category"])
        for row in rules.astype(object).where(rules.notna(), None).to_dict("records")
        if row["species_id"] == "saiga"
        and (not place or row["iso3"] in (None, place))
        and (not time or row["season"] in (None, time))
    ]
    both = pd.concat([everywhere, rules], ignore_index=True)
    assert category_of("saiga", place, time, both) == max(matching, default=Category.OPEN)


@given(st.sampled_from(["saiga", "argali"]), places, times, rules_made, rules_made)
def test_one_more_rule_never_makes_a_weighed_record_less_sensitive(name, place, time, rules, more):
    everywhere = pd.DataFrame(
        [{"species_id": name, "iso3": None, "season": None, "category": "open"}]
    )
    before = pd.concat([everywhere, rules], ignore_index=True)
    after = pd.concat([before, more], ignore_index=True)
    assert category_of(name, place, time, after) >= category_of(name, place, time, before)


@given(rules_made, places, times, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(rules, place, time, random):
    order = list(range(len(rules)))
    random.shuffle(order)
    assert category_of("saiga", place, time, rules) == category_of(
        "saiga", place, time, rules.iloc[order]
    )


@given(st.lists(names, min_size=1, max_size=3), names, places, times)
def test_a_change_of_the_name_never_lowers_the_category(before, after, place, time):
    history = [*before, after]
    assert strictest(history, [place], [time], RULES) >= strictest(before, [place], [time], RULES)
    assert strictest(history, [place], [time], RULES) >= category_of(after, place, time, RULES)


def test_the_calendar_says_which_seasons_a_month_may_fall_into():
    calendar = programme.seasons()
    may = seasons_in("saiga", "KAZ", [5], calendar)
    assert "birth" in may
    assert "birth" not in seasons_in("saiga", "KAZ", [1], calendar)
    assert set(may) <= set(seasons_in("saiga", "", [5], calendar))
    assert set(may) <= set(seasons_in("saiga", "KAZ", [], calendar))
    assert category_in_seasons("saiga", "KAZ", may, RULES) == Category.HIGH
    assert category_in_seasons("saiga", "KAZ", [], RULES) == Category.MEDIUM


def test_two_rules_for_one_case_are_refused():
    with pytest.raises(InvalidTableError, match="repeat an earlier"):
        check_rules(pd.concat([RULES, RULES.iloc[:1]], ignore_index=True))
