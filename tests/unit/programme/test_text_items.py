"""Where a line begins a part of an action, and where it only goes on with a broken sentence."""

import pytest

from kulan.programme.text.items import items_of
from kulan.programme.text.sources import Line


def parts(*texts):
    lines = [Line(number, text) for number, text in enumerate(texts, 1)]
    own, items = items_of(lines)
    return len(own), [(item.key, item.first_words, len(item.lines)) for item in items]


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_after_words_that_have_not_ended_goes_on_with_them(dash):
    assert parts("20.3 Talk about Great Gobi B", f"{dash} Kalamaili and the fence.") == (2, [])


@pytest.mark.parametrize("ending", [":", ";", "."])
def test_a_dash_after_words_that_have_ended_begins_a_list(ending):
    own, items = parts(f"1.1 Keep up{ending}", "- the wells", "- the pastures")

    assert own == 1
    assert items == [("a", "the wells", 1), ("b", "the pastures", 1)]


def test_a_part_broken_before_a_dash_is_not_parted():
    own, items = parts("1.1 Keep up:", "1. The way from the Altai", "– Sayan to the lakes;")

    assert (own, items) == (1, [("a", "The way from the Altai", 2)])
