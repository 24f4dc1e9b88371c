"""Notes of an answer are English sentences that a report says in its reader's language."""

import json
import pickle

import numpy as np
import pytest

from kulan.assessment.movement.folders import MovementAnswer, write_answer
from kulan.assessment.movement.reading import FLAG_WORDS
from kulan.assessment.movement.study_reports import read_part
from kulan.errors import NotEnoughDataError
from kulan.movement.fixes import Flag
from kulan.notes import Note, note_from_json, note_of, note_to_json
from kulan.report.reader import Reader
from kulan.words import words_in

TEXT = "{count} steps are left out: {reason}."


@pytest.fixture
def note():
    return Note(TEXT, count=1200, reason=Note("no choice"))


def test_a_note_is_its_english_sentence(note):
    assert note == "1200 steps are left out: no choice."
    assert isinstance(note, str)


@pytest.mark.parametrize("language", ["ru", "fr"])
def test_a_note_and_the_note_in_it_are_said_in_another_language(note, language):
    said = note.said(words_in(language))
    assert said != note
    assert "no choice" not in said
    assert words_in(language).number(1200) in said


def test_a_note_without_a_translation_stays_english():
    assert Note("{name} sings.", name="k1").said(words_in("ru")) == "k1 sings."


def test_a_note_goes_through_a_file_and_to_another_process(note):
    again = note_from_json(json.loads(json.dumps(note_to_json(note))))
    for one in (again, pickle.loads(pickle.dumps(note))):
        assert one == note
        assert one.said(words_in("fr")) == note.said(words_in("fr"))


def test_numbers_that_are_none_still_make_a_file():
    note = Note("{value} m, {count}", value=float("inf"), count=np.int64(3))
    assert note == "inf m, 3"
    assert note_from_json(json.loads(json.dumps(note_to_json(note), allow_nan=False))) == note


def test_a_reason_that_ends_a_sentence_is_not_ended_twice():
    assert Note("Left out: {reason}.", reason="too short.") == "Left out: too short."


def test_a_note_raised_with_an_error_is_kept(note):
    assert note_of(NotEnoughDataError(note)) is note
    assert note_of(NotEnoughDataError("plain")) == "plain"


def test_a_sentence_from_a_file_reaches_nothing_but_its_values():
    held = {"text": "{name.__class__} {0} {missing} {name}", "values": {"name": "k1"}}
    assert note_from_json(held) == "{name.__class__} {0} {missing} k1"


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_a_report_says_the_notes_of_an_answer_in_its_language(note, language, tmp_path):
    answer = MovementAnswer("kulan.movement.states", {}, (), {}, notes=[note, "As it is."])
    write_answer(tmp_path / "one", answer)
    written = json.loads((tmp_path / "one" / "result.json").read_text())
    assert written["notes"] == [str(note), "As it is."]
    told = read_part(tmp_path / "one").told_notes(Reader(words_in(language)))
    assert [one.replace("\u00a0", " ") for one in told] == [
        note.said(words_in(language)).replace("\u00a0", " "),
        "As it is.",
    ]


def test_an_answer_of_an_earlier_version_is_told_in_english(note, tmp_path):
    write_answer(
        tmp_path / "one", MovementAnswer("kulan.movement.states", {}, (), {}, notes=[note])
    )
    path = tmp_path / "one" / "result.json"
    held = json.loads(path.read_text())
    del held["notes_by_parts"]
    path.write_text(json.dumps(held))
    assert read_part(tmp_path / "one").told_notes(Reader(words_in("ru"))) == [str(note)]


def test_every_reason_why_a_fix_is_set_aside_has_words():
    assert set(FLAG_WORDS) == {flag for flag in Flag if flag}
    for flag, words in FLAG_WORDS.items():
        assert words == flag.name.lower().replace("_", " ")
