"""What is asked of whom, and what fits as an answer."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from builders_of_reports import CHINA, KAZAKHSTAN, little_questionnaire, whole_questionnaire
from kulan.errors import InvalidAnswerError, InvalidTableError, UnknownNameError
from kulan.programme.reporting import (
    TAGS,
    Answer,
    Question,
    Told,
    check_questionnaire,
    problems,
    put_to,
    questionnaire_as_data,
    questionnaire_from_data,
    questionnaire_hash,
    slots,
    standard_questionnaire,
    standard_reporter,
    typed_value,
)
from kulan.provenance import canonical_json
from kulan.words import words_in

EN = words_in("en")


def question(name):
    return little_questionnaire().question(name)


def test_a_question_for_each_species_is_asked_once_for_each():
    asked = [slot.key for slot in slots(little_questionnaire(), KAZAKHSTAN)]
    assert ("species/present", "saiga") in asked
    assert ("species/present", "khulan") in asked
    assert ("populations/trend", "saiga:Ural") in asked
    assert len(asked) == len(set(asked))


def test_accession_is_asked_of_states_that_are_no_parties():
    assert not put_to(question("general/why_not"), KAZAKHSTAN)
    assert put_to(question("general/why_not"), CHINA)


def test_an_action_that_names_states_is_asked_of_those():
    asked = replace(question("general/agency"), states=("MNG",))
    assert not put_to(asked, KAZAKHSTAN)


@pytest.mark.parametrize("kind", ["national", "project"])
def test_the_standard_questionnaire_asks_about_every_action(kind):
    whole = whole_questionnaire(kind)
    check_questionnaire(whole)
    assert len({one.action_key for one in whole.questions if one.action_key}) == 228


def test_the_standard_questionnaire_speaks_three_languages():
    for one in whole_questionnaire().questions:
        for text in (one.words, one.help, one.heading, one.unit):
            assert not text.en or (text.ru and text.fr), one.question_id
        assert one.words.en != one.words.ru != one.words.fr, one.question_id


def test_the_standard_questionnaire_tags_what_other_conventions_ask():
    used = {tag for one in whole_questionnaire().questions for tag in one.tags}
    assert {"cms", "cites", "samarkand", "mou:saiga", "gbf:target-4"} <= used
    assert used <= set(TAGS)


def test_a_questionnaire_needs_actions_and_a_known_kind():
    common = {"sections": (), "opens": date(2027, 1, 1), "due": date(2027, 2, 1)}
    with pytest.raises(UnknownNameError, match="No action"):
        standard_questionnaire("x", Told("X"), kind="national", actions=(), **common)
    with pytest.raises(UnknownNameError, match="secret"):
        standard_questionnaire("x", Told("X"), kind="secret", actions=(), **common)


def test_a_state_reports_on_the_species_on_its_record():
    china = standard_reporter("CHN", date(2026, 1, 1))
    assert not china.party
    assert {"kiang", "chiru", "snow_leopard"} <= set(china.species)


@pytest.mark.parametrize("build", [little_questionnaire, whole_questionnaire])
def test_a_questionnaire_survives_being_stored(build):
    whole = build()
    data = questionnaire_as_data(whole)
    assert questionnaire_from_data(data) == whole
    assert len(canonical_json(data)) < 1_500_000


def test_a_changed_word_changes_the_hash_of_a_questionnaire():
    first = little_questionnaire()
    changed = replace(
        first, questions=(replace(first.questions[0], words=Told("Office")), *first.questions[1:])
    )
    assert questionnaire_hash(first) != questionnaire_hash(changed)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"due": date(2026, 1, 1)}, "before it opens"),
        ({"sections": ()}, "unknown"),
        ({"questions": (Question("a", "1", Told("A")),) * 2}, "twice"),
        ({"questions": (Question("a", "1", Told("A"), "choice"),)}, "nothing to choose"),
        ({"kind": "other"}, "none of"),
    ],
)
def test_a_questionnaire_that_cannot_be_answered_is_refused(change, said):
    with pytest.raises(InvalidTableError, match=said):
        check_questionnaire(little_questionnaire(**change))


@pytest.mark.parametrize("data", [{}, {"questions": 3}, {"choice_lists": [[{}]]}])
def test_what_is_no_questionnaire_is_refused(data):
    with pytest.raises(InvalidTableError, match="Not a questionnaire"):
        questionnaire_from_data(data)


@pytest.mark.parametrize(
    ("name", "subject", "value", "said"),
    [
        ("general/agency", "", "x" * 20_001, "20,001 characters"),
        ("general/agency", "saiga", "Ministry", "not asked for"),
        ("general/from", "", "31.12.2026", "not a day"),
        ("general/from", "", "2026-02-30", "not a day"),
        ("general/from", "", 2026.0, "A day is expected"),
        ("species/number", "saiga", -1.0, "too small"),
        ("species/number", "saiga", float("nan"), "A number"),
        ("species/number", "saiga", True, "A number"),
        ("species/number", "saiga:Ural", 3.0, "not asked for"),
        ("species/present", "saiga", "yes", "Yes or no"),
        ("populations/trend", "saiga:Ural", "sideways", "not among the answers"),
        ("threats", "", ("up", "up"), "chosen twice"),
        ("threats", "", "up", "One or more"),
        ("cami-2021:1.1/evidence", "", ("a", " "), "A reference is empty"),
        ("cami-2021:1.1/evidence", "", ("a" * 501,), "501 characters"),
    ],
)
def test_an_answer_that_does_not_fit_says_why(name, subject, value, said):
    found = problems(question(name), Answer(name, subject, value), EN)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("blank", [None, "", (), "  "])
def test_a_blank_answer_is_no_mistake(blank):
    assert not problems(question("populations/trend"), Answer("a", "saiga:Ural", blank), EN)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("species/number", "1 318 000", 1_318_000.0),
        ("species/number", "1\u00a0318,5", 1318.5),
        ("species/number", "1,318,000", 1_318_000.0),
        ("species/number", 12, 12.0),
        ("species/number", "0,125", 0.125),
        ("species/present", "Да", True),
        ("species/present", "non", False),
        ("species/present", False, False),
        ("populations/trend", "растёт", "up"),
        ("populations/trend", " En  Hausse ", "up"),
        ("populations/trend", "unknown", "unknown"),
        ("threats", "Increasing; снижается; up", ("up", "down")),
        ("general/from", "31.05.2026", "2026-05-31"),
        ("general/from", datetime(2026, 5, 31), "2026-05-31"),  # noqa: DTZ001 - a cell has no zone
        ("general/from", "31/5/2026", "2026-05-31"),
        ("general/agency", 2026.0, "2026"),
        (
            "cami-2021:1.1/evidence",
            "layer:roads/2\n law of 2024; part a\n",
            ("layer:roads/2", "law of 2024; part a"),
        ),
        ("general/agency", "  ", None),
    ],
)
def test_what_people_type_is_understood(name, typed, value):
    assert typed_value(question(name), typed, EN) == value


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("species/number", "1,318", "two ways"),
        ("species/number", "about 300", "not a number"),
        ("species/number", "1e5", "not a number"),
        ("general/from", "03/04/2026", "not a day"),
        ("species/present", "perhaps", "neither yes nor no"),
        ("populations/trend", "sideways", "not among"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(name, typed, said):
    with pytest.raises(InvalidAnswerError, match=said):
        typed_value(question(name), typed, EN)
