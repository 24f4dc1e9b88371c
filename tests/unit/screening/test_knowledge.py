"""The sourced knowledge: complete, cited, and answering every question in one way."""

import pytest

from kulan.errors import UnknownNameError
from kulan.programme.species import species
from kulan.programme.states import range_states
from kulan.schemas import check_table
from kulan.screening import knowledge
from kulan.screening.tables import (
    CONFIDENCES,
    CRITICAL_HABITAT,
    EFFECT_DISTANCES,
    GLOBAL_POPULATIONS,
    HIERARCHY,
    MITIGATION,
    NATIONAL_RULES,
    SPECIES_GROUP_TABLE,
)
from kulan.vocabulary import BARRIER_TYPES

FILES = {
    "species_groups.csv": SPECIES_GROUP_TABLE,
    "effect_distances.csv": EFFECT_DISTANCES,
    "mitigation.csv": MITIGATION,
    "national_rules.csv": NATIONAL_RULES,
    "critical_habitat.csv": CRITICAL_HABITAT,
    "global_populations.csv": GLOBAL_POPULATIONS,
}
SPECIES_IDS = tuple(species()["species_id"])
GENERAL_DEFAULT_M = 5000


def table(file_name):
    return knowledge._read_once(file_name, FILES[file_name])


@pytest.mark.parametrize("file_name", FILES)
def test_every_table_keeps_its_declaration(file_name):
    check_table(table(file_name), FILES[file_name])


@pytest.mark.parametrize("file_name", FILES)
def test_every_row_names_its_source_and_how_sure_we_are(file_name):
    rows = table(file_name)

    assert rows["source"].str.len().min() > 10
    assert set(rows["confidence"]) <= set(CONFIDENCES)


@pytest.mark.parametrize("file_name", FILES)
def test_no_cell_has_trailing_junk(file_name):
    rows = table(file_name)
    texts = [
        text for name in rows.columns for text in rows[name].explode() if isinstance(text, str)
    ]

    assert all(text == text.strip() and "  " not in text and "\n" not in text for text in texts)


@pytest.mark.parametrize("file_name", FILES)
def test_words_shown_to_readers_are_whole_sentences_or_titles(file_name):
    rows = table(file_name)
    for column in FILES[file_name].columns:
        if not column.words or column.name in ("title", "title_en"):
            continue
        for text in rows[column.name].dropna():
            assert text[0].isupper() or text[0].isdigit(), (column.name, text)
            assert text.endswith("."), (column.name, text)


@pytest.mark.parametrize("file_name", ["species_groups.csv", "global_populations.csv"])
def test_every_species_of_the_programme_is_there_once(file_name):
    assert sorted(table(file_name)["species_id"]) == sorted(SPECIES_IDS)


@pytest.mark.parametrize("barrier_type", BARRIER_TYPES)
@pytest.mark.parametrize("species_id", SPECIES_IDS)
def test_every_species_and_barrier_type_has_one_effect_distance(species_id, barrier_type):
    found = knowledge.effect_distance(species_id, barrier_type)

    assert found.distance_m > 0
    assert found.resolved_by in ("species", "group", "general")
    assert found.finding
    assert found.source


def test_a_species_row_goes_before_its_group_and_the_group_before_the_general_row():
    by_species = knowledge.effect_distance("mongolian_gazelle", "border_fence")
    by_group = knowledge.effect_distance("mongolian_gazelle", "solar_field")
    by_general = knowledge.effect_distance("argali", "solar_field")

    assert (by_species.resolved_by, by_species.distance_m) == ("species", 11_000)
    assert (by_group.resolved_by, by_group.distance_m) == ("group", 2_000)
    assert (by_general.resolved_by, by_general.distance_m) == ("general", GENERAL_DEFAULT_M)


def test_without_evidence_the_general_default_is_given_with_that_word():
    found = knowledge.effect_distance("chinkara", "canal")

    assert found.evidence == "no_evidence"
    assert found.measured == "none"
    assert found.distance_m == GENERAL_DEFAULT_M


def test_a_distance_that_no_study_gives_is_the_general_default():
    rows = table("effect_distances.csv")
    defaults = rows[rows["distance_basis"] == "general_default"]

    assert set(defaults["effect_distance_m"]) == {GENERAL_DEFAULT_M}


def test_a_row_without_evidence_never_claims_a_measured_distance():
    rows = table("effect_distances.csv")
    unknown = rows[rows["evidence"] == "no_evidence"]

    assert set(unknown["distance_basis"]) == {"general_default"}
    assert set(unknown["confidence"]) == {"low"}


def test_rows_about_species_and_groups_name_ones_that_exist():
    rows = table("effect_distances.csv")
    groups = set(table("species_groups.csv")["group"])

    assert set(rows.loc[rows["subject_kind"] == "species", "subject"]) <= set(SPECIES_IDS)
    assert set(rows.loc[rows["subject_kind"] == "group", "subject"]) <= groups


def test_an_unknown_species_is_refused_with_names_near_it():
    with pytest.raises(UnknownNameError, match="did you mean saiga"):
        knowledge.effect_distance("saigas", "road")


def test_an_unknown_barrier_type_is_refused_with_the_list():
    with pytest.raises(UnknownNameError, match="railway, road"):
        knowledge.effect_distance("saiga", "motorway")


def test_measures_come_in_the_order_of_the_hierarchy():
    steps = knowledge.mitigation_for("khulan", "railway", ["desert"])["hierarchy"]

    assert list(steps) == sorted(steps, key=HIERARCHY.index)
    assert set(steps) == set(HIERARCHY)


def test_a_measure_limited_to_other_species_is_left_out():
    for_cheetah = set(knowledge.mitigation_for("asiatic_cheetah", "road")["measure_id"])
    for_leopard = set(knowledge.mitigation_for("snow_leopard", "road")["measure_id"])

    assert "fence-cheetah" in for_cheetah
    assert "fence-cheetah" not in for_leopard


def test_no_landscape_gives_an_empty_table_with_its_columns():
    nothing = knowledge.mitigation_for("saiga", "railway", [])

    assert nothing.empty
    assert list(nothing.columns) == list(MITIGATION.column_names)


def test_an_unknown_landscape_is_refused():
    with pytest.raises(UnknownNameError, match="'taiga'"):
        knowledge.mitigation_for("saiga", "railway", ["taiga"])


@pytest.mark.parametrize("barrier_type", BARRIER_TYPES)
@pytest.mark.parametrize("species_id", SPECIES_IDS)
def test_every_species_has_something_to_avoid_first(species_id, barrier_type):
    landscapes = knowledge.species_group(species_id).landscapes
    measures = knowledge.mitigation_for(species_id, barrier_type, landscapes)

    assert "avoid" in set(measures["hierarchy"])


def test_measures_name_only_species_that_exist():
    named = table("mitigation.csv")["species"].explode().dropna()

    assert set(named) <= set(SPECIES_IDS)


def test_a_design_figure_says_how_it_is_to_be_read():
    rows = table("mitigation.csv")
    figures = [
        "min_width_m",
        "min_height_m",
        "max_spacing_km",
        "bottom_wire_min_cm",
        "top_wire_max_cm",
        "buffer_km",
    ]
    with_figure = rows[figures].notna().any(axis=1)

    assert rows.loc[with_figure, "design_note"].notna().all()


def test_no_two_measures_say_the_same():
    assert not table("mitigation.csv")["measure"].duplicated().any()


def test_rules_are_those_of_the_states_and_the_international_ones():
    rules = knowledge.rules_for(["MNG"], "railway")

    assert set(rules["iso3"]) == {"MNG", "international"}
    assert {"MNG-MNS-6515", "MNG-MNS-6735", "CMS-GUIDELINES-2014"} <= set(rules["rule_id"])


def test_every_range_state_has_a_rule_on_record():
    assert set(range_states()["iso3"]) <= set(table("national_rules.csv")["iso3"])


def test_a_standard_for_roads_says_nothing_of_a_mine():
    assert "MNG-MNS-6515" not in set(knowledge.rules_for(["MNG"], "mine")["rule_id"])


def test_thresholds_are_those_of_guidance_note_6_of_2019():
    rows = knowledge.criteria().set_index("criterion_id")

    assert rows.loc["C1a", "min_share_percent"] == 0.5
    assert rows.loc["C1a", "min_reproductive_units"] == 5
    assert rows.loc["C2", "min_share_percent"] == 10
    assert rows.loc["C2", "min_reproductive_units"] == 10
    assert rows.loc["C2", "max_range_km2"] == 50_000
    assert rows.loc["C3a", "min_share_percent"] == 1
    assert rows.loc["C3b", "min_share_percent"] == 10
    assert rows.loc["C4a", "min_share_percent"] == 5
    assert set(rows["criterion"]) == {"C1", "C2", "C3", "C4", "C5"}


def test_a_threshold_without_a_number_stays_without_one():
    rows = knowledge.criteria().set_index("criterion_id")

    assert rows.loc[["C1c", "C4b", "C5"], "min_share_percent"].isna().all()


def test_a_criterion_table_that_is_changed_leaves_the_next_one_whole():
    changed = knowledge.criteria()
    changed["title"] = ""

    assert (knowledge.criteria()["title"] != "").all()


def test_population_figures_are_in_order():
    for species_id in SPECIES_IDS:
        found = knowledge.global_population(species_id)
        given = [n for n in (found.low, found.best, found.high) if n is not None]
        assert given == sorted(given)


def test_one_percent_of_the_snow_leopards_is_a_span():
    fewest, most = knowledge.global_population("snow_leopard").share(1)

    assert (round(fewest, 2), round(most, 2)) == (27.10, 33.86)


def test_without_a_population_figure_no_share_can_be_said():
    lynx = knowledge.global_population("eurasian_lynx")

    assert not lynx.known
    assert lynx.share(1) is None


@pytest.mark.parametrize(
    ("species_id", "migratory"),
    [("saiga", True), ("khulan", True), ("chiru", True), ("gobi_bear", False)],
)
def test_migrants_and_nomads_count_as_migratory(species_id, migratory):
    assert knowledge.species_group(species_id).migratory is migratory
