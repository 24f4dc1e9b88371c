"""A plan listed as a CSV file: what is read, what is refused, and how it aligns."""

import pytest

from builders_of_plans import ARGALI_2020, ARGALI_2030
from builders_of_programmes import document_of_programme, text_of_programme
from kulan.errors import InvalidFileError, InvalidTableError, TooLargeError
from kulan.programme.actions import actors, known_actors, matched_leads, unknown_leads
from kulan.programme.editions import aligned, stated_in_list, stated_in_register
from kulan.programme.text import listed_of, read_bytes
from kulan.words import LANGUAGES


def listed(text=ARGALI_2020, **fields):
    content = text if isinstance(text, bytes) else text.encode()
    return listed_of(content, "plan.csv", **{"edition_id": "argali-2020", **fields})


def test_every_action_is_read_with_what_its_row_says():
    plan = listed()
    one = plan.actions[0]
    assert [each.action_id for each in plan.rows] == ["1.1", "1.2", "2.1", "2.2"]
    assert plan.languages == ("en", "ru")
    assert plan.sections["2"] == {"en": "Income", "ru": "Доход"}
    assert one.species == ("argali",)
    assert one.states == ("KAZ", "KGZ", "TJK")
    assert one.would_count == ("survey:1:state",)
    assert (plan.actions[1].priority_low, plan.actions[1].priority_high) == ("medium", "high")


def test_a_lead_is_known_in_any_language_and_stays_as_printed_where_it_is_not():
    plan = listed()
    assert plan.actions[0].leads == ("government_agencies", "Friends of the Steppe")
    assert plan.actions[2].leads == ("local_communities", "ngos")
    assert any("Friends of the Steppe" in one for one in plan.losses)


def test_a_list_needs_numbers_and_titles_and_nothing_else():
    plan = listed("action_id,title_en\n1.1,Count\n1.2,Count from the air\n")
    assert [one.section_id for one in plan.actions] == ["1", "1"]


def test_a_part_is_numbered_below_what_it_is_a_part_of():
    text = "action_id,parent_id,title_en\n1,,All\n1.2,1,Count\n1.2.a,1.2,From the air\n"
    assert [one.parent_id for one in listed(text).actions] == ["", "1", "1.2"]


def test_semicolons_of_a_spreadsheet_and_a_mark_of_order_are_read():
    plan = listed("\ufeffACTION_ID;Title_fr\r\n1.1;Compter\r\n".encode())
    assert plan.actions[0].titles == {"fr": "Compter"}


def test_a_column_that_no_plan_has_is_told_as_not_taken():
    assert any("'colour'" in one for one in listed("action_id,text,colour\n1,Count,red\n").losses)


def test_words_of_the_column_text_are_in_the_language_named():
    assert listed("action_id,text\n1,Учитывать\n", language="ru").languages == ("ru",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number,title_en\n1,Count\n", "action_id"),
        ("action_id,leads\n1,NGOs\n", "title_en"),
        ("action_id,title_en\n1,Count\n1,Train\n", "repeat"),
        ("action_id,title_en\n1/2,Count\n", "1/2"),
        ("action_id,title_en\n1,\n", "neither"),
        ("action_id,title_en,title_en\n1,Count,Count\n", "two columns"),
        ("action_id,title_en,priority\n1,Count,urgent\n", "urgent"),
        ("action_id,title_en,states\n1,Count,KAZ;XXX\n", "XXX"),
        ("action_id,title_en,species\n1,Count,yeti\n", "yeti"),
        ("action_id,title_en,would_count\n1,Count,rumour\n", "rumour"),
        ("action_id,title_en,would_count\n1,Count,law:many\n", "law:many"),
        ("action_id,title_en,would_count\n1,Count,law:1:village\n", "village"),
        ("action_id,title_en,parent_id\n1.a,Count,9\n", "9"),
        ("action_id,title_en,parent_id\n1,Count,\n2,Train,1\n", "does not begin with 1"),
        ("action_id,title_en,parent_id\n1,Count,2\n2,Train,1\n", "does not begin with"),
        ("action_id,title_en,parent_id\n1,Count,1\n", "does not begin with"),
        ("action_id,title_en\n1.1,Count\n1.1.a,Train\n", "a part of 1.1"),
        ("action_id,title_en,parent_id\n1,Count,\n1.1,Train,1\n1.1.a,Go,1\n", "a part of 1.1"),
        ("action_id,title_en\n1,Count,more\n", "cells"),
    ],
)
def test_a_fault_is_refused_with_its_word(text, told):
    with pytest.raises(InvalidTableError, match=told):
        listed(text)


@pytest.mark.parametrize("content", [b"", b"action_id,title_en\n", b"\xff\xfe\x00", b"PK\x03\x04"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises((InvalidFileError, InvalidTableError)):
        listed(content)


def test_more_than_any_plan_is_refused():
    with pytest.raises(TooLargeError):
        listed("action_id,title_en\n" + "".join(f"{n},Count\n" for n in range(3_001)))
    with pytest.raises(TooLargeError):
        listed("action_id,title_en\n1," + "x" * 20_001 + "\n")


def test_two_editions_of_a_plan_are_aligned():
    before = stated_in_list(listed())
    after = stated_in_list(listed(ARGALI_2030, edition_id="argali-2030"))
    kinds = {(one.before, one.after): one.kind for one in aligned(before, after).pairs}
    assert kinds[("1.2",), ("1.1",)] == "renumbered"
    assert kinds[("1.1",), ("1.2",)] == "reworded"
    assert kinds[("2.2",), ("2.1", "2.2")] == "split"
    assert kinds[(), ("3.1",)] == "new"


def test_a_species_plan_is_aligned_with_the_programmes_section_of_that_species():
    text = "action_id,title_en,species\n1,{},argali\n"
    own = next(one for one in stated_in_register("cami-2021") if one.species == ("argali",))
    plan = listed(text.format(own.words.split(",")[0].replace(",", " ")))
    pairs = aligned(stated_in_list(plan), stated_in_register("cami-2021")).pairs
    assert next(one.after for one in pairs if one.before == ("1",)) == (own.action_id,)


# --- leads of texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_actor_is_known_by_its_title(language):
    assert all(known_actors(one.title(language)) == (one.actor_id,) for one in actors())


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("ONG", ("ngos",)),
        ("НПО", ("ngos",)),
        ("INGOs", ("international_ngos",)),
        ("TRAFFIC (à confirmer)", ("traffic",)),
        ("agences gouvernementales (par exemple, ministères)", ("government_agencies",)),
        ("ONG et DoE", ("ngos", "iran_doe")),
        ("Société  iranienne des guépards", ("ics",)),
        ("МСОП", ("iucn",)),
        ("ngos", ("ngos",)),
        ("", ()),
        ("Friends of the Steppe", ()),
        ("NGO-like bodies", ()),
        ("NGOs and Friends of the Steppe", ()),
    ],
)
def test_a_printed_name_is_known_or_not_and_never_guessed(printed, meant):
    assert known_actors(printed) == meant


def test_a_lead_named_twice_leads_once():
    assert matched_leads(("ONG", "NGOs", "Friends")) == ("ngos", "Friends")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_leads_of_a_text_are_known_in_its_language(language):
    text = (
        read_bytes(document_of_programme(language), "text.docx")
        if language == "en"
        else read_bytes(text_of_programme(language).encode(), "text.txt")
    )
    unknown = [lead for one in text.rows for lead in unknown_leads(one.leads)]
    assert len(unknown) < sum(len(one.leads) for one in text.rows) / 100
