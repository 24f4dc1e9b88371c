"""What the package declares as evidence: for every action, readable, and reached by planting it."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from kulan.programme import presence, range_states
from kulan.programme.actions import action, action_key, actions
from kulan.programme.evidence import (
    KINDS,
    Evidence,
    Status,
    declarations,
    readings,
    states_concerned,
    status_of,
)
from kulan.words import words_in

TODAY = date(2024, 7, 1)
ACTIONS = {action_key(item): item for item in actions(parts=True)}
DECLARED = declarations()


def planted(key: str, day: date = TODAY) -> list[Evidence]:
    """Return exactly what the first alternative of an action asks for."""
    item = ACTIONS[key]
    return [
        Evidence(
            kind=need.kind,
            reference=f"{need.kind}:{number}/{iso3}/{key}",
            title="Planted",
            day=day,
            states=(iso3,) if iso3 else () if need.per == "common" else states_concerned(item)[:1],
            species=need.species[:1],
            actions=(key,),
        )
        for need in DECLARED[key].alternatives[0]
        for iso3 in (states_concerned(item) if need.per == "state" else ("",))
        for number in range(need.at_least)
    ]


def ask(key: str, evidence: list[Evidence], on: date = TODAY):
    states = states_concerned(ACTIONS[key])
    return status_of(key, DECLARED[key], evidence, states=states, on=on)


def test_every_action_and_every_part_has_a_declaration_with_its_reason():
    assert list(DECLARED) == list(ACTIONS)
    assert len(DECLARED) == 228 + 63
    assert all(reading.reason.endswith(".") for reading in readings().values())
    assert {reading.confidence for reading in readings().values()} == {"own_reading"}


def test_what_no_object_shows_is_said_to_be_so():
    silent = [key for key, declared in DECLARED.items() if not declared.alternatives]

    assert silent == ["cami-2021:10.4", "cami-2021:29.11"]
    for key in silent:
        assert ask(key, []).status is Status.cannot_be_computed


def test_every_kind_of_evidence_serves_some_action():
    asked = {
        need.kind for declared in DECLARED.values() for way in declared.alternatives for need in way
    }
    assert asked == set(KINDS)


@pytest.mark.parametrize("key", [key for key in DECLARED if DECLARED[key].alternatives])
def test_planting_what_an_action_asks_for_completes_it_and_no_less_does(key):
    whole = planted(key)

    assert ask(key, []).status is Status.not_started
    assert ask(key, whole).status is Status.done
    assert ask(key, whole[1:]).status in (Status.under_way, Status.not_started)
    assert ask(key, whole[1:]).lacking == 1


@pytest.mark.parametrize("key", DECLARED)
def test_evidence_of_another_action_counts_for_none(key):
    other = next(
        other
        for other in DECLARED
        if other != key and not other.startswith(f"{key}.") and DECLARED[other].alternatives
    )

    assert not any(item in ask(key, planted(other)).counted for item in planted(other))


@pytest.mark.parametrize("key", [key for key in DECLARED if ACTIONS[key].species])
def test_species_are_those_of_the_section(key):
    for way in DECLARED[key].alternatives:
        for need in way:
            assert need.species == ACTIONS[key].species


def test_what_was_done_before_the_programme_does_not_count_unless_it_holds_on():
    assert ask("cami-2021:16.5", planted("cami-2021:16.5", date(2019, 5, 1))).status is (
        Status.not_started
    )
    assert ask("cami-2021:25.1", planted("cami-2021:25.1", date(2019, 5, 1))).status is Status.done


def test_a_record_of_the_species_counts_though_nobody_declared_it():
    records = [
        Evidence("species_record", f"record:{iso3}", "Estimate", TODAY, (iso3,), ("wild_yak",))
        for iso3 in states_concerned(action("26.3"))
    ]

    assert ask("cami-2021:26.3", records).status is Status.done
    assert ask("cami-2021:26.3", records[1:]).status is Status.under_way


def test_an_action_of_a_species_is_for_the_states_where_it_lives():
    homes = presence().query("species_id == 'kiang' and status in ('extant', 'reintroduced')")

    assert states_concerned(action("17.1")) == tuple(sorted(homes["iso3"]))


def test_an_action_is_for_the_states_it_names_or_for_all():
    assert states_concerned(action("18.2")) == ("MNG",)
    assert states_concerned(action("6.2")) == tuple(sorted(range_states()["iso3"]))


def test_an_edition_without_declarations_has_none():
    assert declarations("cami-2014") == {}


@pytest.mark.parametrize("language", ["ru", "fr"])
def test_reasons_are_told_in_every_language(language):
    words = words_in(language)

    for reading in readings().values():
        assert words.say(reading.reason) != reading.reason


def test_reasons_are_our_own_words_and_not_the_official_ones():
    folder = Path(os.environ.get("KULAN_SHARED_DATA", "absent")).parent / "inputs"
    text = folder / "cms-resolution-11.24-rev-cop13-fr.txt"
    if not text.is_file():
        pytest.skip("the official text is not at hand: KULAN_SHARED_DATA names no folder beside it")
    flat = re.sub(r"\s+", " ", text.read_text(encoding="utf-8")).casefold()
    french = words_in("fr")

    for reading in readings().values():
        assert french.say(reading.reason).rstrip(".").casefold() not in flat
