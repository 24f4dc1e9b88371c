"""Numbers, names and marks as each language writes them."""

import pytest

from kulan.report.reader import Reader
from kulan.screening.findings import Figure
from kulan.words import words_in

NBSP, NARROW = "\u00a0", "\u202f"
ENGLISH, RUSSIAN, FRENCH = (Reader(words_in(language)) for language in ("en", "ru", "fr"))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (263.594, "km", "264 km"),
        (12.345, "km", "12.3 km"),
        (0.2914, "km", "291 m"),
        (0.0, "km", "0 km"),
        (6_073_211.0, "km2", "6,070,000 km²"),
        (1.313828, "km_per_100km2", "1.31 km per 100 km²"),
        (3.0, "count", "3"),
    ],
)
def test_a_number_has_three_significant_digits_and_its_unit(value, unit, text):
    assert ENGLISH.quantity(value, unit) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0, "0%"),
        (0.00004, "less than 0.01%"),
        (0.0041, "0.41%"),
        (0.334, "33.4%"),
        (1.0, "100%"),
    ],
)
def test_a_share_is_never_rounded_to_nothing(fraction, text):
    assert ENGLISH.share(fraction) == text


def test_units_are_those_of_the_language():
    assert RUSSIAN.quantity(1234.5, "km2") == f"1{NBSP}230{NBSP}км²"
    assert FRENCH.quantity(12.3, "km") == f"12,3{NBSP}km"


def test_an_interval_stands_behind_its_figure():
    figure = Figure(25.456, "km", "r", 3.238, 57.685)
    assert ENGLISH.figure(figure) == f"25.5{NBSP}km (3.24–57.7)"


def test_an_interval_that_rounding_closes_is_left_out():
    figure = Figure(25.456, "km", "r", 25.456, 25.457)
    assert ENGLISH.figure(figure) == f"25.5{NBSP}km"


def test_a_figure_without_value_says_why():
    cell = ENGLISH.cell(Figure(None, "km", "r", reason="is_area"))
    assert cell.text == "cannot be said"
    assert cell.note == "an area has no length"
    assert cell.recipe == "r"


def test_states_that_are_no_range_states_have_names_too():
    assert RUSSIAN.state("AZE") == "Азербайджан"
    assert FRENCH.state("KGZ") == "Kirghizistan"


def test_a_state_without_code_is_told_and_not_left_empty():
    assert ENGLISH.state("") == "outside every state of the map"


def test_french_marks_have_their_space():
    assert FRENCH.pair("Argali", "1") == f"Argali{NBSP}: 1"
    assert f"{NBSP}:" in FRENCH.say("confidence: {level}", level="x")


def test_works_are_cited_by_number_and_once():
    reader = Reader(words_in("en"))
    assert reader.cite("Ito et al. 2013; WCS 2020") == (1, 2)
    assert reader.cite("WCS 2020") == (2,)
    assert reader.cited == ("Ito et al. 2013", "WCS 2020")


def test_a_remark_stays_with_the_work_it_is_about():
    reader = Reader(words_in("en"))
    assert reader.cite("Reading et al. 2020; box ours; WCS 2020, as cited there") == (1, 2)
    assert reader.cited == ("Reading et al. 2020; box ours", "WCS 2020, as cited there")


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 вариант"), (3, "3 варианта"), (5, "5 вариантов"), (21, "21 вариант")],
)
def test_russian_counts_have_three_forms(count, text):
    assert RUSSIAN.say_count("{count} alternative", "{count} alternatives", count) == text
