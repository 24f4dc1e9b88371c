"""Names and listings, asked for one species."""

from datetime import date

import pytest

from kulan import programme
from kulan.errors import UnknownNameError


def values(species_id: str, on: date, instrument: str) -> set[str]:
    held = programme.statuses_on(species_id, on)
    return set(held.loc[held["instrument"] == instrument, "value"])


def test_the_saiga_was_critically_endangered_until_late_2023() -> None:
    assert values("saiga", date(2023, 11, 30), "IUCN") >= {"CR"}
    assert "CR" not in values("saiga", date(2023, 12, 1), "IUCN")
    assert "NT" in values("saiga", date(2023, 12, 1), "IUCN")


def test_the_bukhara_deer_stood_on_two_appendices_at_once() -> None:
    assert values("bukhara_deer", date(2020, 1, 1), "CMS") == {"Appendix I", "Appendix II"}


def test_the_urial_was_listed_when_the_amendments_of_cop13_took_effect() -> None:
    assert values("urial", date(2020, 5, 21), "CMS") == set()
    assert values("urial", date(2020, 5, 22), "CMS") == {"Appendix II"}


def test_a_language_without_a_name_gets_the_english_one() -> None:
    assert programme.species_name("gobi_bear", "ur") == "Gobi bear"


def test_a_range_state_language_is_used_where_known() -> None:
    assert programme.species_name("khulan", "kk") == "Құлан"


def test_an_unknown_species_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="No species 'unicorn'; Kulan knows argali"):
        programme.species_name("unicorn")


def test_an_unknown_edition_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"No edition '2020'.*2014, 2021, 2025"):
        programme.edition_species("2020")
