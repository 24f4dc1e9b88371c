"""Every code that findings can hold is told in every language."""

import gettext
from pathlib import Path

import pytest

import kulan
from hand_made import make_layer
from kulan import vocabulary
from kulan.programme import tables as programme_tables
from kulan.report.headlines import SENTENCES, headline
from kulan.report.reader import Reader
from kulan.report.sentences import CODES, UNITS
from kulan.screening import codes
from kulan.screening import tables as screening_tables
from kulan.screening.findings import Headline, Unknown
from kulan.words import words_in

LOCALE = Path(kulan.__file__).parent / "locale"
DECLARED = {
    "barrier_type": vocabulary.BARRIER_TYPES,
    "status": vocabulary.BARRIER_STATUSES,
    "fence_type": vocabulary.FENCE_TYPES,
    "structure": vocabulary.STRUCTURE_KINDS,
    "layer_kind": vocabulary.LAYER_KINDS,
    "reason": codes.FIGURE_REASONS,
    "unknown": codes.UNKNOWNS,
    "criterion_reason": codes.CRITERION_REASONS,
    "criterion": codes.RANKINGS,
    "dimension": codes.DIMENSIONS,
    "effect_evidence": screening_tables.EVIDENCE,
    "measured": screening_tables.MEASURED,
    "evidence": screening_tables.EVIDENCE_STRENGTHS,
    "confidence": screening_tables.CONFIDENCES,
    "migratory_kind": screening_tables.MIGRATORY_KINDS,
    "hierarchy": screening_tables.HIERARCHY,
    "life_event": programme_tables.LIFE_EVENTS,
}
VALUES = {
    "species_id": "saiga",
    "species": ["saiga", "khulan"],
    "species_count": 3,
    "iso3": "KAZ",
    "states": ["KAZ", "UZB"],
    "neighbours": ["CHN"],
    "layer_id": "barriers",
    "date": "2018",
    "years": "8",
    "count": "12",
    "share": 0.25,
    "criterion": "C3a",
    "criteria": ["C3a", "C3b"],
    "before": 3.0,
    "after": 5.0,
    "name": "Трансмонгольская",
    "other": "B",
    "structure_id": "S1",
    "barrier_id": "B01",
    "unknown": "fence_not_told",
    "values": {},
}


def reader_in(language: str) -> Reader:
    return Reader(words_in(language), {"barriers": make_layer("barriers", "barriers")})


def example_values(names: tuple[str, ...]) -> dict:
    return {name: VALUES.get(name, "1500") for name in names}


@pytest.mark.parametrize("kind", DECLARED)
def test_every_declared_code_has_words(kind):
    assert set(DECLARED[kind]) - set(CODES[kind]) == set()


@pytest.mark.parametrize("language", ["ru", "fr"])
def test_every_word_of_a_code_is_translated(language):
    catalogue = gettext.translation("kulan", LOCALE, languages=[language])
    texts = {text for words in CODES.values() for text in words.values()} | set(UNITS.values())
    known = {key for key in catalogue._catalog if isinstance(key, str)}
    assert texts - known - {"{value}"} == set()


def test_every_headline_has_a_sentence_and_no_sentence_lacks_a_headline():
    assert set(SENTENCES) == set(codes.HEADLINES)


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
@pytest.mark.parametrize("code", codes.HEADLINES)
def test_a_headline_fills_every_place(code, language):
    told = headline(Headline(code, example_values(codes.HEADLINES[code])), reader_in(language))
    assert told
    assert "{" not in told


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
@pytest.mark.parametrize("code", codes.UNKNOWNS)
def test_an_unknown_fills_every_place(code, language):
    values = example_values(codes.UNKNOWNS[code])
    told = reader_in(language).unknown(Unknown(code, "", values))
    assert told
    assert "{" not in told


def test_unknowns_that_differ_in_their_species_only_are_told_once():
    found = tuple(
        Unknown("effect_not_measured", name, {"species_id": name, "distance_m": "5000"})
        for name in ("argali", "khulan")
    )
    told = reader_in("en").unknowns((*found, Unknown("fence_not_told", "", {})))
    assert len(told) == 2
    assert "Argali, Asiatic wild ass" in told[0]
    assert "5\u00a0km" in told[0]
