"""Each trap of the printed programme, on a text of our own and, where at hand, on the official one.

The official text is not part of the package; see DEVELOPERS.md for where tests look for it.
"""

import csv
import io
import os
from pathlib import Path

import pytest

from builders_of_programmes import text_of_programme
from kulan.programme.actions import actions
from kulan.programme.text import ImportedText, read_bytes, read_text
from kulan.programme.text.corrections import known_corrections

SHARED = os.environ.get("KULAN_SHARED_DATA")
OFFICIAL = (
    Path(SHARED).parent / "inputs" / "cms-resolution-11.24-rev-cop13-fr.txt" if SHARED else None
)


@pytest.fixture(scope="module")
def own() -> ImportedText:
    return read_bytes(text_of_programme("fr").encode(), "own.txt")


@pytest.fixture(scope="module", params=["own", "official"])
def text(request, own):
    if request.param == "own":
        return own
    if OFFICIAL is None or not OFFICIAL.exists():
        pytest.skip("the official text is not at hand: set KULAN_SHARED_DATA")
    return read_text(OFFICIAL)


def by_id(text):
    return {one.action_id: one for one in text.actions}


def corrected(text, field):
    return {
        (one.place, one.printed): one.corrected for one in text.corrections if one.field == field
    }


def test_all_228_rows_are_found_under_226_numbers(text):
    assert len(text.rows) == 228
    assert len({row.printed.rstrip(".") for row in text.rows}) == 226
    assert len({row.action_id for row in text.rows}) == 228


def test_keys_and_parts_are_those_of_the_register(text):
    assert [one.action_id for one in text.actions] == [one.action_id for one in actions(parts=True)]


def test_leads_and_priorities_are_those_of_the_register(text):
    found = by_id(text)
    for one in actions():
        read = found[one.action_id]
        assert (read.priority.low, read.priority.high) == (one.priority.low, one.priority.high)
        assert bool(read.leads_printed) == bool(one.leads)


def test_nothing_is_unread_or_guessed(text):
    assert text.unread == ()


def test_a_number_left_out_in_print_stays_out_and_is_told(text):
    assert "4.10" not in by_id(text)
    assert ("4.10", "") in corrected(text, "number")


def test_a_number_of_another_section_is_set_right_beside_the_print(text):
    assert by_id(text)["13.1"].printed == "14.1"
    assert by_id(text)["14.1"].printed == "14.1"
    assert corrected(text, "number")["13.1", "14.1"] == "13.1"


def test_a_number_printed_twice_gives_two_actions(text):
    first, second = by_id(text)["29.10"], by_id(text)["29.10b"]
    assert first.printed == second.printed == "29.10"
    assert first.text != second.text


def test_a_stop_after_a_number_belongs_to_the_print_only(text):
    assert by_id(text)["1.2"].printed == "1.2."


def test_parts_are_numbered_by_order_whatever_their_labels(text):
    assert [part.part_id for part in text.parts] == ["I", "II", "III", "IV"]
    labels = corrected(text, "label")
    assert labels["part:I", "Partie A"] == "Partie I"
    assert labels["part:IV", "Partie VI"] == "Partie IV"


def test_flattened_letters_are_given_again(text):
    parts = text.parts_of("3.1")
    assert [one.action_id for one in parts] == ["3.1.a", "3.1.b", "3.1.c", "3.1.d"]
    assert {one.printed for one in parts} == {"1."}


def test_a_list_within_a_list_is_found_though_all_marks_are_alike(text):
    assert [one.action_id for one in text.parts_of("3.2")] == ["3.2.a", "3.2.b", "3.2.c", "3.2.d"]
    assert len(text.parts_of("3.2.a")) == 5
    assert {one.printed for one in text.parts_of("3.2.a")} == {"1."}


def test_dots_are_parts_too(text):
    assert [len(text.parts_of(each)) for each in ("12.1", "18.4", "18.5")] == [4, 5, 4]


def test_parts_have_priorities_of_their_own_where_print_gives_them(text):
    found = by_id(text)
    grades = [found[f"3.2.{letter}"].priority.high for letter in "abcd"]
    assert grades == ["high", "high", "high", "medium"]
    assert (found["3.2"].priority.low, found["3.2"].priority.high) == ("medium", "high")
    assert found["3.1.a"].priority.high == ""


def test_a_priority_broken_over_two_lines_is_one_interval(text):
    priority = by_id(text)["1.4"].priority
    assert (priority.low, priority.high) == ("medium", "high")
    assert "\n" in priority.printed


def test_a_priority_keeps_the_order_in_which_it_is_printed(text):
    priority = by_id(text)["16.2"].priority
    assert (priority.low, priority.high, priority.printed) == ("medium", "high", "Moyenne/Haute")


def test_small_letters_make_no_other_priority(text):
    priority = by_id(text)["11.6"].priority
    assert (priority.low, priority.high, priority.printed) == ("low", "medium", "Basse/moyenne")


def test_an_empty_priority_stays_empty(text):
    for each in ("29.10b", "29.11"):
        priority = by_id(text)[each].priority
        assert (priority.low, priority.high, priority.printed) == ("", "", "")


def test_an_action_of_another_plan_is_not_linked_here(text):
    pointers = by_id(text)["9.5"].references
    assert [(one.kind, one.printed, one.target) for one in pointers] == [
        ("other_plan", "3.1.10", "")
    ]
    assert by_id(text)["9.5"].see_also == ()


def test_pointers_to_several_actions_and_to_sections_are_links(text):
    assert by_id(text)["4.7"].see_also == ("5.1", "5.8", "5.11")
    assert [(one.kind, one.target) for one in by_id(text)["2.8"].references] == [("section", "5")]


def test_a_stale_pointer_is_kept_and_set_right_beside(text):
    assert by_id(text)["2.2"].see_also == ("7.5",)
    stale = corrected(text, "reference")
    assert stale["2.2", "7.5"] == "7.4"
    assert stale["11.3", "24.3"] == "27.3"
    assert ("4.2", "6.1") not in stale


def test_one_term_of_three_meanings_is_told_apart(text):
    concepts = {
        one.action_id: {each.concept for each in one.meanings}
        for one in text.actions
        if one.meanings
    }
    assert concepts["1.2.a"] == {"transboundary_hotspot"}
    assert concepts["1.3.b"] == {"transboundary_hotspot"}
    assert concepts["17.4"] == {"conflict_hotspot"}
    for each in ("29.4", "29.5", "29.8"):
        assert concepts[each] == {"focal_point"}
    assert "unclear" not in set.union(*concepts.values())


def test_appendices_are_a_set(text):
    rows = {one.species_id: one for one in text.species}
    assert len(rows) == 18
    assert rows["bukhara_deer"].appendices == frozenset({"I", "II"})
    assert rows["argali"].appendices == frozenset({"II"})
    assert rows["chiru"].appendices == frozenset()


def test_species_said_to_be_uncovered_have_sections_all_the_same(text):
    assert [one.number for one in text.species if not one.covered] == [16, 17, 18]
    assert set(corrected(text, "coverage")) == {
        (f"species:{number}", "not covered") for number in (16, 17, 18)
    }


def test_a_wrong_common_name_is_told_by_the_latin_one(text):
    row = next(one for one in text.species if one.number == 16)
    assert (row.name, row.species_id) == ("Mouflon de Chypre", "chiru")
    assert ("species:16", "Mouflon de Chypre") in corrected(text, "name")


def test_misspelt_latin_names_find_their_species(text):
    found = {one.section_id: one for one in text.sections}
    assert (found["11"].scientific_name, found["11"].species) == ("Equus hemonius", ("khulan",))
    assert (found["26"].scientific_name, found["26"].species) == ("Bosgrunniens", ("wild_yak",))
    names = corrected(text, "name")
    assert names["section:11", "Equus hemonius"] == "Equus hemionus"
    assert names["section:26", "Bosgrunniens"] == "Bos grunniens"


def test_capitals_in_the_list_of_states_mean_parties(text):
    assert len(text.states) == 14
    parties = {one.iso3 for one in text.states if one.party}
    assert parties == {"AFG", "IND", "IRN", "KAZ", "KGZ", "MNG", "PAK", "TJK", "UZB"}


def test_headings_of_landscapes_give_their_states_and_species(text):
    gobi = next(one for one in text.sections if one.section_id == "27")
    assert gobi.landscape == "gobi_steppe"
    assert gobi.states == ("CHN", "MNG", "RUS")
    assert len(gobi.species) == 7
    assert "\n" in gobi.printed
    assert ":" not in gobi.title


def test_what_converters_leave_in_headings_is_no_part_of_titles(text):
    titles = {one.section_id: one.title for one in text.sections}
    assert len(titles) == 32
    assert not any("[" in title or "\t" in title or "  " in title for title in titles.values())
    assert titles["9"].startswith("Argali")


def test_footnotes_are_taken_out_with_brackets_in_them(text):
    notes = {one.number: one.text for one in text.footnotes}
    assert {"2", "3"} <= set(notes)
    assert not any("footnoteRef" in one.text for one in text.actions)
    assert not any(note.startswith("[") or note.endswith("]") for note in notes.values())


def test_the_name_of_a_species_names_no_state(text):
    assert by_id(text)["18.6"].states == ()


def test_verbatim_words_are_those_of_the_file(text, own):
    if text is own:
        assert "\u00a0" in by_id(text)["1.1"].verbatim
    for one in text.rows:
        assert one.verbatim.strip().startswith(one.printed)


def test_the_official_text_is_read_as_its_list_says():
    if OFFICIAL is None or not OFFICIAL.exists():
        pytest.skip("the official text is not at hand: set KULAN_SHARED_DATA")
    found = by_id(read_text(OFFICIAL))
    listed = csv.DictReader(io.StringIO((OFFICIAL.parent / "actions.csv").read_text("utf-8")))
    for row in listed:
        key = row["action_id_disambiguated"].replace("13.1*", "13.1").replace("bis", "b")
        printed = found[key].priority.printed.replace("\n", " ").replace("/ ", "/")
        assert printed == row["priority_raw"].replace("/ ", "/"), key
        assert found[key].leads_printed.replace("\u00a0", " ") == row["responsible_raw"].replace(
            "\u00a0", " "
        ), key


def test_term_corrections_meet_the_official_text():
    if OFFICIAL is None or not OFFICIAL.exists():
        pytest.skip("the official text is not at hand: set KULAN_SHARED_DATA")
    told = {(one.place, one.printed) for one in read_text(OFFICIAL).corrections}
    for row in known_corrections().itertuples():
        assert (row.place, row.printed) in told
