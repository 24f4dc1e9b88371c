"""IATI 2.03: what is written follows the published schema, and comes back as it was."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iati_elements import WRITTEN, table
from kulan.errors import InvalidFileError, InvalidTableError
from kulan.exchange.iati import (
    Activity,
    Country,
    Document,
    Indicator,
    Participant,
    Party,
    Period,
    Place,
    Related,
    Result,
    Sector,
    Tagged,
    missing,
    read_iati,
    write_iati,
)
from kulan.programme.money import Flow, money
from kulan.programme.money.projects import FLOW_KINDS, PROJECT_STAGES

KEPT = Path(__file__).parents[2] / "reference" / "iati-2.03"
AT = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)
DAY = date(2024, 5, 3)


@pytest.fixture(scope="module")
def schema():
    folder = Path(os.environ.get("KULAN_IATI_SCHEMAS") or KEPT)
    return etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd"))


def make_activity(**fields):
    made = {
        "identifier": "MN-NGO-1-fences",
        "reporting": Party("Steppe Society", "MN-NGO-1", "national_ngo"),
        "title": {"en": "Fences"},
        "description": {"en": "Gaps in fences."},
        "participants": (Participant(Party("A donor", kind="foundation"), "funding"),),
        "dates": {"planned_start": date(2024, 1, 1)},
    }
    return Activity(**{**made, **fields})


def make_full_activity():
    return make_activity(
        title={"en": "Fences <&>", "ru": "Ограды", "fr": "Clôtures"},
        description={"en": "Gaps in fences.", "ru": "Проходы"},
        participants=(
            Participant(Party("A donor", "XM-DAC-1", "foundation"), "funding"),
            Participant(Party("A ministry", "", "government"), "accountable"),
            Participant(Party("Steppe Society", "MN-NGO-1", "national_ngo"), "implementing"),
        ),
        stage="ending",
        dates={
            "planned_start": date(2024, 1, 1), "actual_start": date(2024, 2, 1),
            "planned_end": date(2026, 1, 1), "actual_end": date(2026, 3, 1),
        },
        countries=(
            Country("MNG", Fraction(1, 3)), Country("CHN", Fraction(1, 3)),
            Country("KAZ", Fraction(1, 3)),
        ),
        places=(
            Place("Ulaan-Uul", Decimal("109.5"), Decimal("44.25"), exact=True), Place("The steppe"),
        ),
        sectors=(Sector("41030", "1", Decimal(100)),),
        tags=(
            Tagged("action", "cami-2021:3.5", "Mitigation", Fraction(2, 7)),
            Tagged("action", "cami-2021:27.3"),
            Tagged("species", "khulan", "Khulan"),
            Tagged("landscape", "gobi"),
        ),
        flows=(
            Flow("budget", money(900, "EUR"), date(2024, 1, 1), date(2024, 12, 31)),
            Flow(
                "planned", money(300, "EUR"), date(2024, 7, 1), None, "A donor", "Steppe Society",
                "Second part", "p-2",
            ),
            *(
                Flow(kind, money("-12.50", "USD"), DAY, None, "A donor", "", "Part", f"t-{kind}")
                for kind in FLOW_KINDS
                if kind not in ("budget", "planned")
            ),
        ),
        related=(Related("MN-NGO-1-all", "parent"),),
        documents=(
            Document("https://example.org/a?b=1&c=2", {"en": "Report"}, "A08", "application/pdf",
                     "ru", DAY),
        ),
        results=(
            Result("output", {"en": "Gaps"}, (
                Indicator({"en": "Gaps made"}, "unit", (
                    Period(date(2024, 1, 1), date(2024, 12, 31), "12", "9"),
                )),
            )),
        ),
        currency="EUR",
        updated=AT,
    )  # fmt: skip


def there_and_back(activities, folder):
    path = folder / "activities.xml"
    path.write_bytes(write_iati(activities, at=AT))
    return read_iati(path)


@pytest.mark.parametrize("activity", [make_activity(), make_full_activity()], ids=["least", "most"])
def test_a_file_follows_the_published_schema(schema, activity):
    document = etree.fromstring(write_iati([activity, activity], at=AT))
    schema.assertValid(document)
    document[0].remove(document[0].find("activity-status"))
    assert not schema.validate(document)  # the schema is the real one, and asks for it


@pytest.mark.parametrize("activity", [make_activity(), make_full_activity()], ids=["least", "most"])
def test_an_activity_comes_back_as_it_was(activity, tmp_path):
    reading = there_and_back([activity], tmp_path)
    assert reading.activities == (activity,)
    assert reading.left_out.empty
    assert reading.changes.empty


@pytest.mark.parametrize("stage", PROJECT_STAGES)
def test_every_stage_comes_back(stage, tmp_path):
    assert there_and_back([make_activity(stage=stage)], tmp_path).activities[0].stage == stage


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")),
    min_size=1, max_size=30,
)  # fmt: skip
amounts = st.integers(-(10**14), 10**14).map(lambda n: money(Decimal(n).scaleb(-2), "EUR"))
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
flows = st.builds(
    Flow, st.sampled_from(sorted(FLOW_KINDS)), amounts, days, st.none(), texts, texts, texts, texts
).map(lambda one: replace(one, last_day=one.day) if one.kind == "budget" else one)
shares = st.none() | st.fractions(Fraction(1, 1000), 1, max_denominator=1000)
activities = st.builds(
    make_activity,
    title=st.dictionaries(st.sampled_from(["en", "ru", "fr"]), texts, min_size=1),
    description=st.dictionaries(st.sampled_from(["en", "ru", "fr"]), texts, min_size=1),
    countries=st.lists(st.builds(Country, st.sampled_from(["MNG", "CHN"]), shares), max_size=2).map(
        tuple
    ),
    tags=st.lists(
        st.builds(
            Tagged, st.sampled_from(["action", "species", "landscape"]), texts, texts, shares
        ),
        max_size=3,
    ).map(tuple),
    # in the order of the file: budgets, plans, transactions
    flows=st.lists(flows, max_size=4).map(
        lambda found: tuple(
            sorted(found, key=lambda one: {"budget": 0, "planned": 1}.get(one.kind, 2))
        )
    ),
)


@given(activities)
def test_whatever_is_written_is_valid_and_comes_back(schema, tmp_path_factory, activity):
    reading = there_and_back([activity], tmp_path_factory.mktemp("iati"))
    assert reading.activities == (activity,)
    assert reading.left_out.empty
    schema.assertValid(etree.fromstring(write_iati([activity], at=AT)))


def percentages(activity):
    document = etree.fromstring(write_iati([activity], at=AT))
    return [one.get("percentage") for one in document.iter("recipient-country")]


def test_percentages_of_countries_make_a_hundred():
    assert percentages(make_full_activity()) == ["33.33", "33.33", "33.34"]


def test_shares_that_are_not_all_stated_are_no_percentages():
    countries = (Country("MNG", Fraction(1, 2)), Country("CHN"))
    assert percentages(make_activity(countries=countries)) == [None, None]


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"identifier": "another-1"}, "iati-identifier"),
        ({"identifier": "MN-NGO-1-a b"}, "iati-identifier"),
        ({"reporting": Party("Steppe Society", "MN-NGO-1")}, "reporting-org"),
        ({"title": {"en": " "}}, "title"),
        ({"description": {}}, "description"),
        ({"participants": ()}, "participating-org"),
        ({"dates": {"planned_end": DAY}}, "activity-date"),
    ],
)
def test_what_lacks_a_mandatory_element_is_not_written(fields, lacking):
    activity = make_activity(**fields)
    assert lacking in missing(activity)
    with pytest.raises(InvalidTableError, match=lacking):
        write_iati([activity], at=AT)


def test_a_file_without_activities_is_not_written():
    with pytest.raises(InvalidTableError, match="no activity"):
        write_iati([], at=AT)


def read_text(tmp_path, inner, attributes='version="2.03"'):
    path = tmp_path / "in.xml"
    path.write_text(f"<iati-activities {attributes}>{inner}</iati-activities>", "utf-8")
    return read_iati(path)


ONE = """<iati-activity default-currency="USD" humanitarian="0">
<iati-identifier>X-1-a</iati-identifier><reporting-org ref="X-1" type="99"/>
<title><narrative>T</narrative><narrative xml:lang="de">U</narrative></title>
<description type="2"><narrative>Aims</narrative></description>
<description><narrative>D</narrative></description>
<activity-status code="2"/><activity-date type="1" iso-date="2024-01-01"/>
<contact-info/><recipient-country code="FR" percentage="50"/>
<recipient-country code="MN" percentage="50"/><policy-marker code="1" significance="2"/>
<tag code="1" vocabulary="1"/><sector code="41030"/>
%s</iati-activity>"""


def lost(reading):
    return set(reading.left_out["what"])


def kept(reading):
    return set(reading.kept["what"])


def test_what_kulan_has_no_place_for_is_kept_and_told(tmp_path):
    reading = read_text(tmp_path, ONE % "")
    activity = reading.activities[0]
    assert kept(reading) == {
        "humanitarian=0", "contact-info", "policy-marker", "recipient-country FR", "tag 1",
        "description of type 2",
    }  # fmt: skip
    assert lost(reading) == {"reporting-org as it stood", "type 99 of an organisation"}
    assert activity.description == {"en": "D"}
    assert activity.title == {"en": "T", "de": "U"}
    assert activity.countries == (Country("MNG", Fraction(1, 2)),)


REMARKED = """<!-- before --><iati-activities version="2.03"><!-- of all --><?p q?>
<iati-activity><!-- of one --><iati-identifier>X-1-<!-- inside -->a</iati-identifier>
</iati-activity>
<x:y xmlns:x="urn:x"/></iati-activities><!-- after -->"""


def test_remarks_and_foreign_parts_of_a_file_are_named_among_what_is_lost(tmp_path):
    path = tmp_path / "in.xml"
    path.write_text(REMARKED, "utf-8")
    reading = read_iati(path)
    assert reading.activities[0].identifier == "X-1-a"
    assert lost(reading) == {
        "remark: before", "remark: of all", "remark: p q", "remark: of one", "remark: inside",
        "remark: after", "y",
    }  # fmt: skip


def test_the_table_of_the_schema_is_that_of_the_published_one():
    assert WRITTEN.read_text("utf-8") == table()


@pytest.mark.parametrize(
    "value",
    ["<value value-date='2024-01-01'>1,000</value>", "", "<value currency='EURO'>1</value>",
     "<value>NaN</value>", "<value>1e99</value>"],
)  # fmt: skip
def test_an_amount_that_is_none_is_left_out_with_the_reason(tmp_path, value):
    transaction = (
        "<transaction><transaction-type code='2'/><transaction-date iso-date='2024-01-01'/>"
        f"{value}</transaction>"
    )
    reading = read_text(tmp_path, ONE % transaction)
    assert reading.activities[0].flows == ()
    assert "transaction" in lost(reading)


def test_the_currency_of_the_activity_stands_for_amounts_without_one(tmp_path):
    transaction = (
        "<transaction><transaction-type code='2'/><transaction-date iso-date='2024-01-01Z'/>"
        "<value value-date='2024-01-01'>10.005</value><flow-type code='10'/></transaction>"
    )
    reading = read_text(tmp_path, ONE % transaction)
    assert reading.activities[0].flows[0].money == money("10.00", "USD")
    assert list(reading.changes["what"]) == ["amount"]
    assert "flow-type of a transaction" in kept(reading)


def test_a_loan_repayment_is_left_out(tmp_path):
    transaction = "<transaction><transaction-type code='6'/></transaction>"
    assert "transaction of type '6'" in lost(read_text(tmp_path, ONE % transaction))


def test_a_loan_repayment_that_is_as_the_standard_asks_goes_out_again(tmp_path):
    transaction = (
        "<transaction><transaction-type code='6'/><transaction-date iso-date='2024-01-01'/>"
        "<value value-date='2024-01-01'>5</value></transaction>"
    )
    reading = read_text(tmp_path, ONE % transaction)
    assert "transaction of type '6'" in kept(reading)
    assert reading.activities[0].flows == ()
    assert 'code="6"' in reading.activities[0].original


def test_a_document_that_is_a_script_is_left_out(tmp_path):
    link = "<document-link url='javascript:alert(1)' format='text/html'/>"
    assert "document javascript:alert(1)" in lost(read_text(tmp_path, ONE % link))


@pytest.mark.parametrize("version", ['version="1.05"', ""])
def test_the_first_version_of_the_standard_is_refused(tmp_path, version):
    with pytest.raises(InvalidFileError, match=r"Kulan reads 2\.03"):
        read_text(tmp_path, ONE % "", version)


def test_a_file_with_entities_is_refused(tmp_path):
    path = tmp_path / "bomb.xml"
    path.write_text(
        '<!DOCTYPE a [<!ENTITY b "c">]><iati-activities version="2.03">&b;</iati-activities>'
    )
    with pytest.raises(InvalidFileError, match="document type"):
        read_iati(path)
