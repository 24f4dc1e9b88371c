"""The programme's text, mangled as texts are on their way, gives every row or says what not."""

import os
from functools import cache
from pathlib import Path

import pytest

from builders_of_programmes import document_of_programme, text_of_programme
from kulan.errors import InvalidFileError, TooLargeError
from kulan.programme.actions import actions
from kulan.programme.text import read_bytes
from kulan.programme.text.wording import plain
from kulan.programme.text.writing import missing_actions
from mangled_texts import MANGLINGS

SHARED = os.environ.get("KULAN_SHARED_DATA")
OFFICIAL = (
    Path(SHARED).parent / "inputs" / "cms-resolution-11.24-rev-cop13-fr.txt" if SHARED else None
)
LANGUAGES = ("fr", "en", "ru")


@cache
def expected_of(source):
    return read_bytes(whole_text(source).encode(), "whole.txt")


def whole_text(source):
    return official() if source == "official" else text_of_programme(source)


def official() -> str:
    if OFFICIAL is None or not OFFICIAL.exists():
        pytest.skip("the official text is not at hand: set KULAN_SHARED_DATA")
    return OFFICIAL.read_text(encoding="utf-8")


def alike(words):
    """Return words for comparing: a hyphen lost or kept at a line's end is told, and no error."""
    return plain(words).replace("’", "'").replace("-", "")


@pytest.mark.parametrize("source", [*LANGUAGES, "official"])
@pytest.mark.parametrize("mangled", MANGLINGS, ids=lambda each: each.__name__)
def test_a_mangled_text_gives_the_same_actions(source, mangled):
    expected = expected_of(source)
    found = read_bytes(mangled(whole_text(source)), "mangled.txt")

    assert [one.action_id for one in found.actions] == [
        one.action_id for one in actions(parts=True)
    ]
    for one, other in zip(expected.actions, found.actions, strict=True):
        assert alike(one.text) == alike(other.text)
        assert list(map(alike, one.leads)) == list(map(alike, other.leads))
        assert one.priority.low == other.priority.low
        assert one.priority.high == other.priority.high
        assert one.priority.by_part == other.priority.by_part
    assert [one.species_id for one in found.species] == [one.species_id for one in expected.species]
    assert [one.party for one in found.states] == [one.party for one in expected.states]
    assert len(found.sections) == 32
    assert not [one for one in found.unread if one.kind == "unread"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_document_gives_the_same_actions(language):
    found = read_bytes(document_of_programme(language), "programme.docx")
    expected = expected_of(language)
    assert found.language == language
    assert [one.action_id for one in found.actions] == [one.action_id for one in expected.actions]
    assert [one.text for one in found.actions] == [one.text for one in expected.actions]
    assert [one.leads for one in found.rows] == [one.leads for one in expected.rows]
    assert [one.priority.high for one in found.actions] == [
        one.priority.high for one in expected.actions
    ]
    assert [one.species_id for one in found.species] == [one.species_id for one in expected.species]
    assert found.unread == ()


def test_rows_lost_from_a_text_are_named():
    lines = text_of_programme("fr").split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("\t5.3"))
    found = read_bytes("\n".join(lines[:start] + lines[start + 4 :]).encode(), "cut.txt")
    assert missing_actions(found) == ("5.3",)


def test_a_line_that_belongs_to_nothing_is_told_with_its_number():
    lines = text_of_programme("fr").split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("\t5.3"))
    lines.insert(start - 1, "Tampon du greffe")
    found = read_bytes("\n".join(lines).encode(), "stamped.txt")
    assert [(one.line, one.text) for one in found.unread] == [(start, "Tampon du greffe")]
    assert len(found.rows) == 228


def test_guesses_are_told_where_rows_stand_on_one_line():
    text = "1. Travail commun Responsable Priorité\n1.1 Compter les saïgas. CMS, ONG Haute\n"
    found = read_bytes(text.encode(), "short.txt", language="fr")
    assert found.rows[0].leads == ("CMS", "ONG")
    assert found.rows[0].priority.high == "high"
    assert [one.kind for one in found.unread] == ["guessed"]


def test_a_text_far_longer_than_any_programme_is_refused():
    with pytest.raises(TooLargeError):
        read_bytes(b"a" * 1_000_001, "long.txt")


def test_a_term_said_without_end_is_read_in_time():
    text = (
        "1. Work\n\tResponsible\n\tPriority\n\t1.1 Map "
        + "hotspots " * 50_000
        + "\n\tCMS\n\tHigh\n"
    )
    assert len(read_bytes(text.encode(), "long.txt").rows[0].meanings) == 50


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"%PDF-1.7 ...",
        b"{\\rtf1 text}",
        b"PK\x03\x04 no archive",
        b"a\x00b",
        b"No rows.",
    ],
)
def test_what_is_no_programme_is_refused(content):
    with pytest.raises(InvalidFileError):
        read_bytes(content, "file")
