"""The rules of the IATI standard beyond its schema: what breaks one is named with its place."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime

import pytest

from kulan.errors import InvalidFileError
from kulan.exchange.iati import RULES, check_file, check_rules, write_iati
from unit.exchange.test_iati import make_activity, make_full_activity

ON = date(2026, 5, 3)
SOUND = """<iati-activity xml:lang="en" default-currency="USD" last-updated-datetime="2026-01-01T00:00:00Z">
<iati-identifier>X-1-a</iati-identifier>
<reporting-org ref="X-1" type="22"><narrative>Steppe Society</narrative></reporting-org>
<title><narrative>Fences</narrative></title><description><narrative>Gaps.</narrative></description>
<participating-org role="4" ref="X-1"/><other-identifier ref="X-0" type="B1"/>
<activity-status code="2"/>
<activity-date type="1" iso-date="2024-01-01"/><activity-date type="3" iso-date="2027-01-01"/>
<activity-date type="2" iso-date="2024-02-01"/><activity-date type="4" iso-date="2026-05-03"/>
<recipient-country code="MN" percentage="60"/><recipient-country code="CN" percentage="30.5"/>
<recipient-region code="689" percentage="9.5"/>
<sector code="41030" percentage="60"/><sector code="41010" percentage="40"/>
<sector code="z" vocabulary="99"><narrative>Fences</narrative></sector>
<policy-marker code="1" significance="2"/>
<budget><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value value-date="2024-01-01">5</value></budget>
<transaction><transaction-type code="2"/><transaction-date iso-date="2026-05-03"/>
<value value-date="2024-01-01">5</value><provider-org ref="X-2"/></transaction>
</iati-activity>"""  # noqa: E501


def broken(*activities):
    text = f"<iati-activities version='2.03'>{''.join(activities)}</iati-activities>"
    return [(one.element, one.rule) for one in check_rules(ET.fromstring(text), ON)]


def test_a_sound_activity_breaks_no_rule():
    assert broken(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "rule"),
    [
        (
            'type="2" iso-date="2024-02-01"',
            'type="2" iso-date="2026-05-04"',
            "activity-date",
            "date_ahead",
        ),
        (
            'type="3" iso-date="2027-01-01"',
            'type="3" iso-date="2023-01-01"',
            "activity-date",
            "dates_order",
        ),
        ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "@last-updated-datetime", "date_ahead"),
        ('end iso-date="2024-12-31"', 'end iso-date="2023-12-31"', "budget", "dates_order"),
        ('end iso-date="2024-12-31"', 'end iso-date="2025-12-31"', "budget", "long_budget"),
        (
            'date iso-date="2026-05-03"',
            'date iso-date="2026-05-04"',
            "transaction/transaction-date",
            "date_ahead",
        ),
        ('percentage="30.5"', 'percentage="30"', "recipient-country", "percent_sum"),
        ('percentage="30.5"', "", "recipient-country", "percent_missing"),
        ('code="41010" percentage="40"', 'code="41010" percentage="41"', "sector", "percent_sum"),
        ("X-1-a<", "X-9-a<", "iati-identifier", "identifier_prefix"),
        ("X-1-a<", "X-1-a/b<", "iati-identifier", "characters"),
        (
            'provider-org ref="X-2"',
            'provider-org ref="X|2"',
            "transaction/provider-org",
            "characters",
        ),
        ('provider-org ref="X-2"', "provider-org", "transaction/provider-org", "nameless"),
        ('role="4" ref="X-1"', 'role="4"', "participating-org", "nameless"),
        ("<narrative>Gaps.</narrative>", "<narrative> </narrative>", "description", "no_text"),
        (' default-currency="USD"', "", "budget/value", "no_currency"),
        (' significance="2"', "", "policy-marker", "no_significance"),
        ("<narrative>Fences</narrative></sector>", "</sector>", "sector[3]", "own_without_words"),
        (
            '<provider-org ref="X-2"/>',
            '<recipient-country code="MN"/>',
            "recipient-country",
            "place_twice",
        ),
        ('<provider-org ref="X-2"/>', '<sector code="1"/>', "sector", "sector_twice"),
        (
            "</iati-activity>",
            '<crs-add><loan-terms rate-1="4%"/></crs-add></iati-activity>',
            "crs-add/loan-terms/@rate-1",
            "percent_sign",
        ),
    ],
)
def test_what_breaks_a_rule_is_named_with_its_element(old, new, where, rule):
    assert old in SOUND
    assert (where, rule) in broken(SOUND.replace(old, new))


def test_an_earlier_identifier_of_the_organisation_may_begin_an_activitys():
    assert broken(SOUND.replace("X-1-a<", "X-0-a<")) == []


def test_without_a_language_of_the_activity_every_text_needs_one():
    found = broken(SOUND.replace(' xml:lang="en"', ""))
    assert {where for where, rule in found if rule == "no_language"} == {
        "reporting-org", "title", "description", "sector[3]",
    }  # fmt: skip


def test_percentages_out_of_range_are_named():
    found = broken(SOUND.replace('percentage="60"/><recipient', 'percentage="-5"/><recipient'))
    assert ("recipient-country[1]", "percent_range") in found


def test_an_activity_of_nothing_says_what_is_lacking():
    assert {rule for _, rule in broken("<iati-activity/>")} == {
        "no_start", "no_sector", "no_place",
    }  # fmt: skip


def test_one_identifier_twice_and_two_who_report_are_named_for_the_file():
    other = SOUND.replace('reporting-org ref="X-1"', 'reporting-org ref="X-0"')
    twice, several = ("iati-identifier", "identifier_twice"), ("reporting-org", "reporters")
    assert {twice, several} <= set(broken(SOUND, other))
    assert not {twice, several} & set(broken(SOUND))


def test_every_rule_is_broken_by_a_test_and_names_its_source():
    assert all(source.startswith("https://") for _, source in RULES.values())


def test_what_kulan_writes_breaks_no_rule_it_could_keep(tmp_path):
    path = tmp_path / "out.xml"
    path.write_bytes(write_iati([make_full_activity()], at=datetime(2026, 5, 3, tzinfo=UTC)))
    assert check_file(path, ON) == ()
    path.write_bytes(write_iati([make_activity()], at=datetime(2026, 5, 3, tzinfo=UTC)))
    assert {one.rule for one in check_file(path, ON)} == {"no_sector", "no_place"}


def test_what_is_no_file_of_activities_is_refused(tmp_path):
    path = tmp_path / "other.xml"
    path.write_text("<other/>")
    with pytest.raises(InvalidFileError):
        check_file(path, ON)
