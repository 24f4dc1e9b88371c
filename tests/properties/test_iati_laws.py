"""Whatever the IATI schema allows comes in and goes out again; whatever it does not is listed."""

import copy
import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from builders_of_iati import activities, elements, file_of
from kulan.exchange.iati import missing, read_iati, write_iati
from kulan.exchange.iati_structure import ACTIVITY, faults, places

KEPT = Path(__file__).parents[1] / "reference" / "iati-2.03"
AT = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module")
def schema():
    folder = Path(os.environ.get("KULAN_IATI_SCHEMAS") or KEPT)
    return etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("iati")


def read(folder, content):
    path = folder / "activities.xml"
    path.write_bytes(content)
    return read_iati(path)


def plain(element):
    """An activity as its standard form, so that two are compared whole."""
    return ET.canonicalize(ET.tostring(element, encoding="unicode"), strip_text=True)


@SLOW
@given(activities())
def test_what_comes_in_goes_out_as_it_was_and_comes_in_the_same(schema, folder, activity):
    schema.assertValid(etree.fromstring(file_of(activity)))
    first = read(folder, file_of(activity))
    assert first.left_out.empty
    written = write_iati(first.activities, at=AT)
    schema.assertValid(etree.fromstring(written))
    assert plain(ET.fromstring(written)[0]) == plain(activity)
    second = read(folder, written)
    assert second.activities == first.activities
    assert second.left_out.empty
    assert second.kept.equals(first.kept)


def spoilt(draw, activity):
    """The activity with a few things that no schema knows, or without what it asks for."""
    activity = copy.deepcopy(activity)
    for _ in range(draw(st.integers(1, 4))):
        one = draw(st.sampled_from(list(activity.iter())))
        match draw(st.sampled_from(["attribute", "element", "text", "empty", "turned"])):
            case "attribute":
                one.set(draw(st.sampled_from(["code", "iso-date", "odd", "percentage"])), "1,5")
            case "element":
                one.insert(0, ET.Element(draw(st.sampled_from(["odd", "value", "narrative"]))))
            case "text":
                one.text = "odd"
            case "empty":
                one.clear()
            case "turned":
                one[:] = list(one)[::-1]
    return activity


@SLOW
@given(activities(), st.data())
def test_what_goes_out_is_valid_whatever_came_in(schema, folder, activity, data):
    spoiled = spoilt(data.draw, activity)
    reading = read(folder, file_of(spoiled))
    assume(not missing(reading.activities[0]))
    assume(plain(spoiled) != plain(activity))
    written = write_iati(reading.activities, at=AT)
    schema.assertValid(etree.fromstring(written))
    again = read(folder, written)
    assert again.left_out.empty
    assert again.activities == reading.activities
    changed = plain(ET.fromstring(written)[0]) != plain(spoiled)
    in_order = list(spoiled) == sorted(spoiled, key=lambda one: _place(one.tag))
    # what is not as it came is in the account, but for elements put in their order
    assert not (changed and in_order) or not reading.left_out.empty


def _place(tag):
    found = places().get(f"{ACTIVITY}/{tag}")
    return found.order if found else len(places())


@SLOW
@given(st.sampled_from(sorted(places())).flatmap(lambda path: st.tuples(st.just(path), elements(path))), st.data())  # fmt: skip # noqa: E501
def test_the_table_of_places_says_what_the_schema_says(folder, schema, made, data):  # noqa: ARG001
    path, element = made
    assert faults(element, path) == ()


@SLOW
@given(activities())
def test_what_kulan_changes_is_changed_and_the_rest_stays(schema, folder, activity):
    one = read(folder, file_of(activity)).activities[0]
    changed = replace(one, title={"en": "Another title"}, stage="closed", flows=())
    written = write_iati([changed], at=AT)
    schema.assertValid(etree.fromstring(written))
    again = read(folder, written).activities[0]
    assert replace(again, flows=()) == replace(changed, flows=())
    assert again.flows == ()
