"""Species accounts: every species is described, in three languages, with sources."""

import pytest

from kulan.errors import UnknownNameError
from kulan.programme import species_account, species_accounts
from kulan.programme.accounts import SECTION_NAMES
from kulan.programme.terms import ACCOUNT_SECTIONS, SPECIES_IDS
from kulan.words import LANGUAGES


@pytest.mark.parametrize("species_id", SPECIES_IDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_species_has_at_least_two_sections_with_threats(
    species_id: str, language: str
) -> None:
    sections = [one.section for one in species_account(species_id, language)]

    assert len(sections) >= 2
    assert "threats" in sections
    assert sections == sorted(sections, key=ACCOUNT_SECTIONS.index)


def test_no_text_is_left_in_another_language() -> None:
    table = species_accounts()

    assert table["text_ru"].str.contains("[а-я]{4}").all()
    assert not table["text_en"].str.contains("[а-яА-Я]").any()
    assert (table["text_fr"] != table["text_en"]).all()


def test_every_section_has_a_heading() -> None:
    assert tuple(SECTION_NAMES) == ACCOUNT_SECTIONS


def test_a_language_without_accounts_is_refused_naming_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="en, ru, fr"):
        species_account("saiga", "de")
