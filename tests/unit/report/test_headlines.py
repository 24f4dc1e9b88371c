"""What matters most, in three lines."""

import pytest

from hand_made import make_found, make_screening
from kulan.report import headline_lines
from kulan.report.headlines import headline
from kulan.report.reader import Reader
from kulan.screening.findings import Headline
from kulan.words import LANGUAGES, words_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_alternative_has_three_lines(language):
    assert len(headline_lines(make_screening([make_found(1)]), words_in(language))) == 3
    assert len(headline_lines(make_screening(), words_in(language))) == 6


def test_lines_of_several_alternatives_say_which():
    lines = headline_lines(make_screening(), words_in("en"))
    assert all(line.startswith("Route 1 over the steppe: ") for line in lines[:3])
    assert all(line.startswith("Route 2 over the steppe: ") for line in lines[3:])


def test_the_lines_hold_the_numbers():
    first, second, third = headline_lines(make_screening([make_found(1)]), words_in("en"))
    assert first.replace("\u00a0", " ") == (
        "Mongolian gazelle: the line runs 247 km through potential habitat (Mongolia). "
        "2 species are touched in all."
    )
    assert "40,200\u00a0km²" in second
    assert "33.4%" in second
    assert "C1a, C3a" in third


def test_a_density_that_reads_the_same_is_not_said_to_rise():
    values = {"before_km_per_100km2": 1.2301, "after_km_per_100km2": 1.2302, "within_km": 50.0}
    told = headline(Headline("denser_barriers", values), Reader(words_in("en")))
    assert told.replace("\u00a0", " ") == (
        "The density of known barriers within 50 km stays at 1.23 km per 100 km²."
    )
