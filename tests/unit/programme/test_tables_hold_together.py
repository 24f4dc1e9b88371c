"""Every table keeps its declaration, names its sources, and refers to what exists."""

from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest

from kulan import programme
from kulan.programme import tables
from kulan.programme.dates import first_day
from kulan.programme.terms import CONFIDENCES, SPECIES_IDS
from kulan.schemas import Table, check_table

LOADERS: dict[str, tuple[Callable[[], pd.DataFrame], Table]] = {
    "species": (programme.species, tables.SPECIES),
    "species_names": (programme.species_names, tables.SPECIES_NAMES),
    "species_statuses": (programme.species_statuses, tables.SPECIES_STATUSES),
    "cami_lists": (programme.cami_lists, tables.CAMI_LISTS),
    "range_states": (programme.range_states, tables.RANGE_STATES),
    "memberships": (programme.memberships, tables.MEMBERSHIPS),
    "presence": (programme.presence, tables.PRESENCE),
    "landscapes": (programme.landscapes, tables.LANDSCAPES),
    "key_areas": (programme.key_areas, tables.KEY_AREAS),
    "barriers": (programme.barriers, tables.BARRIERS),
    "instruments": (programme.instruments, tables.INSTRUMENTS),
    "species_accounts": (programme.species_accounts, tables.SPECIES_ACCOUNTS),
}
EVERY_TABLE = pytest.mark.parametrize("name", [*LOADERS, "seasons"])
STATES = set(programme.range_states()["iso3"])


def load(name: str) -> pd.DataFrame:
    return programme.seasons() if name == "seasons" else LOADERS[name][0]()


@pytest.mark.parametrize("name", LOADERS)
def test_a_table_keeps_its_declaration(name: str) -> None:
    loader, declared = LOADERS[name]

    check_table(loader(), declared)


@EVERY_TABLE
def test_every_row_says_where_it_comes_from_and_how_far_to_trust_it(name: str) -> None:
    rows = load(name)

    assert rows["source"].str.len().min() > 10
    assert set(rows["confidence"]) <= set(CONFIDENCES)


@EVERY_TABLE
def test_changing_a_loaded_table_does_not_change_the_next_one(name: str) -> None:
    first = load(name)
    first["source"] = "overwritten"

    assert "overwritten" not in set(load(name)["source"])


@EVERY_TABLE
def test_no_cell_has_stray_spaces(name: str) -> None:
    rows = load(name)
    for column in rows.columns.drop("geometry", errors="ignore"):
        for cell in rows[column]:
            assert not isinstance(cell, str) or (cell == cell.strip() and "  " not in cell), cell


@pytest.mark.parametrize("name", ["memberships", "presence"])
def test_a_state_referred_to_is_a_range_state(name: str) -> None:
    assert set(load(name)["iso3"]) <= STATES


@pytest.mark.parametrize("name", ["landscapes", "barriers", "seasons"])
def test_states_in_lists_are_range_states(name: str) -> None:
    assert set(load(name)["states"].explode().dropna()) <= STATES


def test_a_key_area_may_reach_beyond_the_range_states_but_lies_in_one() -> None:
    for states in programme.key_areas()["states"]:
        assert set(states) & STATES
        assert set(states) <= STATES | {"AZE"}


def test_an_instrument_with_members_stands_in_the_table_of_instruments() -> None:
    members = set(programme.memberships()["instrument"])

    assert members <= set(programme.instruments()["instrument_id"])


def test_every_species_is_named_in_english_russian_french_and_latin_once_preferred() -> None:
    names = programme.species_names()
    preferred = names[names["preferred"].astype(bool)]

    for language in ("en", "ru", "fr", "la"):
        here = preferred[preferred["language"] == language]
        assert sorted(here["species_id"]) == sorted(SPECIES_IDS)


def test_no_species_has_two_preferred_names_in_one_language() -> None:
    names = programme.species_names()
    preferred = names[names["preferred"].astype(bool)]

    assert not preferred.duplicated(["species_id", "language"]).any()


def test_two_species_never_share_a_preferred_name() -> None:
    names = programme.species_names()
    preferred = names[names["preferred"].astype(bool)]

    assert not preferred.duplicated(["language", "name"]).any()


def test_the_printed_scientific_name_is_the_preferred_one() -> None:
    for row in programme.species().itertuples():
        assert programme.species_name(row.species_id, "la") == row.scientific_name


def test_every_scientific_name_names_its_authority_and_its_year() -> None:
    names = programme.species_names()
    scientific = names[names["kind"] == "scientific"]

    assert scientific["authority"].notna().all()
    assert scientific["year"].notna().all()
    assert (scientific["language"] == "la").all()


def test_the_chiru_is_not_a_mouflon_of_cyprus() -> None:
    assert programme.species_name("chiru", "fr") == "Antilope du Tibet"


@pytest.mark.parametrize(("edition", "listed"), [("2014", 15), ("2021", 18), ("2025", 17)])
def test_an_edition_names_as_many_species_as_its_text(edition: str, listed: int) -> None:
    assert len(programme.edition_species(edition)) == listed


def test_three_of_the_18_of_2021_share_the_range_without_being_covered() -> None:
    lists = programme.cami_lists()
    sharing = lists[(lists["edition"] == "2021") & ~lists["covered"].astype(bool)]

    assert set(sharing["species_id"]) == {"chiru", "tibetan_gazelle", "chinkara"}


def test_the_list_of_2025_brings_two_cats_and_drops_the_three() -> None:
    old = set(programme.edition_species("2021"))
    new = set(programme.edition_species("2025"))

    assert new - old == {"pallas_cat", "eurasian_lynx"}
    assert old - new == {"chiru", "tibetan_gazelle", "chinkara"}


def test_every_species_lives_in_at_least_one_range_state() -> None:
    presence = programme.presence()
    living = presence[presence["status"].isin(["extant", "reintroduced"])]

    assert set(living["species_id"]) == set(SPECIES_IDS)


def test_every_species_has_a_season_of_birth_and_of_rut() -> None:
    seasons = programme.seasons()

    for life_event in ("birth", "rut"):
        here = seasons[seasons["life_event"] == life_event]
        assert set(here["species_id"]) == set(SPECIES_IDS)


def test_months_follow_each_other_or_start_a_second_season() -> None:
    for row in programme.seasons().itertuples():
        gaps = sum(
            1
            for before, after in zip(row.months, row.months[1:], strict=False)
            if after % 12 != (before + 1) % 12
        )
        assert gaps <= (1 if row.species_id == "chinkara" else 0), (row.species_id, row.months)
        assert set(row.peak_months) <= set(row.months)
        assert all(isinstance(month, int) and 1 <= month <= 12 for month in row.months)


def test_seasons_apply_to_states_where_the_species_lives() -> None:
    presence = programme.presence()
    known = set(zip(presence["species_id"], presence["iso3"], strict=True))

    for row in programme.seasons().itertuples():
        for state in row.states:
            assert (row.species_id, state) in known


def overlapping(facts: pd.DataFrame, by: list[str]) -> list[tuple[object, object]]:
    """Return pairs of rows of one group that hold on the same day."""
    pairs = []
    for _, group in facts.groupby(by):
        for one, other in combinations(group.itertuples(), 2):
            starts = [first_day(row.valid_from or "0001") for row in (one, other)]
            ends = [first_day(row.valid_to or "9999") for row in (one, other)]
            if max(starts) < min(ends):
                pairs.append((one, other))
    return pairs


def test_a_state_is_one_thing_at_a_time_to_an_instrument() -> None:
    assert overlapping(programme.memberships(), ["iso3", "instrument"]) == []


def test_a_taxon_has_one_red_list_category_at_a_time() -> None:
    statuses = programme.species_statuses()
    red_list = statuses[statuses["instrument"] == "IUCN"]

    assert overlapping(red_list, ["species_id", "scope"]) == []


def test_no_taxon_is_listed_and_not_listed_at_once() -> None:
    statuses = programme.species_statuses()
    listed = statuses[statuses["instrument"] != "IUCN"]
    unlisted = set(
        listed.loc[listed["value"] == "not listed", ["species_id", "instrument"]].itertuples(
            index=False, name=None
        )
    )
    on_a_list = set(
        listed.loc[listed["value"] != "not listed", ["species_id", "instrument"]].itertuples(
            index=False, name=None
        )
    )

    assert unlisted & on_a_list == set()


def test_every_species_has_a_current_word_from_each_of_the_three_lists() -> None:
    statuses = programme.species_statuses()
    current = statuses[statuses["valid_to"].isna()]

    for instrument in ("CMS", "CITES", "IUCN"):
        here = current[current["instrument"] == instrument]
        assert set(here["species_id"]) == set(SPECIES_IDS)


@pytest.mark.parametrize("name", ["memberships", "species_statuses", "barriers"])
def test_nothing_ends_before_it_begins(name: str) -> None:
    for row in load(name).itertuples():
        if row.valid_from and row.valid_to:
            assert first_day(row.valid_from) < first_day(row.valid_to)


@EVERY_TABLE
def test_high_confidence_is_kept_for_what_was_read(name: str) -> None:
    rows = load(name)
    trusted = rows[rows["confidence"] == "high"]

    assert not trusted["source"].str.contains("not opened|not checked against").any()
    assert not trusted["source"].str.startswith("general knowledge").any()
