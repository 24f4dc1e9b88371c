"""Sentences in the reader's language, with what is put into them."""

from datetime import date

import pytest

from kulan.words import words_in

DUE = "Reports are due by {day}."


def test_a_russian_day_ends_its_sentence_with_one_full_stop():
    words = words_in("ru")

    told = words.say(DUE, day=words.day(date(2027, 6, 30)))

    assert told.endswith("г.")
    assert not told.endswith("..")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_day_without_a_stop_leaves_the_sentence_its_own(language):
    words = words_in(language)

    assert words.say(DUE, day=words.day(date(2027, 6, 30))).endswith("2027.")


def test_what_only_looks_like_a_place_in_a_value_is_left_alone():
    assert words_in("en").say("{a}. {b}", a="{b}.", b="Yes.") == "{b}. Yes."


def test_three_dots_stay_three():
    assert words_in("en").say("{what}...", what="etc.") == "etc...."
