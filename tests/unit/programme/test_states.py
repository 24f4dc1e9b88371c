"""Who was bound by what, when."""

from datetime import date

import pytest

from kulan import programme
from kulan.errors import UnknownNameError


def test_turkmenistan_was_no_party_on_the_last_day_of_2020() -> None:
    assert programme.party_status("TKM", date(2020, 12, 31)).status == "non_party"


def test_turkmenistan_is_a_party_from_the_first_day_of_2021() -> None:
    status = programme.party_status("TKM", date(2021, 1, 1))

    assert (status.status, status.since) == ("party", "2021-01-01")


def test_the_nine_parties_of_the_2020_text_are_those_of_that_day() -> None:
    parties = {
        iso3
        for iso3 in programme.range_states()["iso3"]
        if programme.party_status(iso3, date(2020, 2, 22)).status == "party"
    }

    assert parties == {"AFG", "IND", "IRN", "KAZ", "KGZ", "MNG", "PAK", "TJK", "UZB"}


def test_russia_signed_the_saiga_memorandum_without_being_a_party() -> None:
    on = date(2020, 1, 1)

    assert programme.party_status("RUS", on).status == "non_party"
    assert programme.party_status("RUS", on, "saiga_mou").status == "signatory"


def test_what_is_not_recorded_is_unknown_and_not_a_no() -> None:
    status = programme.party_status("BTN", date(2020, 1, 1), "saiga_mou")

    assert (status.status, status.since) == ("unknown", None)


def test_a_state_outside_the_14_is_refused_with_their_names() -> None:
    with pytest.raises(UnknownNameError, match="'FRA' is not one of the 14 range states: AFG"):
        programme.party_status("FRA", date(2020, 1, 1))


def test_an_unknown_instrument_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="No instrument 'Ramsar'; Kulan knows CBD"):
        programme.party_status("KAZ", date(2020, 1, 1), "Ramsar")


def test_state_names_come_in_three_languages() -> None:
    names = [programme.state_name("UZB", language) for language in ("en", "ru", "fr")]

    assert names == ["Uzbekistan", "Узбекистан", "Ouzbékistan"]


def test_a_language_without_state_names_gets_the_english_one() -> None:
    assert programme.state_name("UZB", "mn") == "Uzbekistan"


def test_there_are_14_range_states() -> None:
    assert len(programme.range_states()) == 14
