"""Transboundary areas: what Kulan carries as illustrations, the map, each reader's next step."""

import json
import re

import pytest
from django.urls import reverse

from builders_of_registers import make_questionnaire as ask
from builders_of_registers import make_record, make_sheet
from kulan.programme.registers import AREA_NAMES, register
from kulan.report.reader import Reader
from kulan.web.events.models import Event
from kulan.web.policy.registers import Sight
from kulan.web.programme.registers import actions
from kulan.web.programme.registers.areas import areas_on_map
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.seeding import seed_areas
from kulan.words import words_in

pytestmark = pytest.mark.usefixtures("people")


def drawn(page: str) -> list[dict]:
    found = re.search(r'id="map-areas">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])["features"] if found else []


def test_a_new_installation_has_the_illustrative_areas_once_each_with_its_source(browser_of):
    assert (seed_areas(), seed_areas()) == (len(AREA_NAMES), 0)
    assert Event.objects.get().kind == "registers_seeded"
    record = Record.objects.get(data__landscape="transboundary_kopet_dag")
    assert record.stage == "illustrative"
    page = browser_of("nobody").get(reverse("register_record", args=["hotspots", record.uid]))
    text = page.content.decode()
    assert "illustrative until its states confirm it" in text
    assert "UNEP/CMS/COP13/Inf.27" in text


def test_what_was_confirmed_or_withdrawn_does_not_come_back(viewer):
    seed_areas()
    confirmed, withdrawn = Record.objects.order_by("pk")[:2]
    actions.move(viewer("farida"), confirmed, "recognised", revision=1)
    actions.withdraw(viewer("farida"), withdrawn, revision=1, reason="No such area.")
    assert seed_areas() == 0
    assert Record.objects.get(pk=confirmed.pk).stage == "recognised"
    assert Record.objects.get(pk=withdrawn.pk).withdrawn_at


def test_what_somebody_adds_is_no_illustration():
    assert register("hotspots").first_stage == "proposed"


def test_the_map_shows_the_areas_of_the_list_and_what_was_asked_for_alone(browser_of):
    seed_areas()
    browser, address = browser_of("nobody"), reverse("register", args=["hotspots"])
    every = drawn(browser.get(address).content.decode())
    assert len({one["properties"]["page"] for one in every}) == len(AREA_NAMES)
    some = drawn(browser.get(address, {"state": "IRN"}).content.decode())
    assert {one["properties"]["name"] for one in some} == {"Kopet Dag", "Badhyz - Pulikhatum"}


def test_names_of_the_areas_are_in_the_readers_language(browser_of):
    seed_areas()
    page = browser_of("nobody").get(reverse("register", args=["hotspots"]), {"lang": "ru"})
    assert "Плато Устюрт" in page.content.decode()
    assert "Ustyurt plateau" not in page.content.decode()


@pytest.mark.parametrize(("who", "here"), [("nobody", False), ("dmitri", False), ("erlan", True)])
def test_an_area_is_drawn_for_those_alone_who_may_know_of_it(who, here, browser_of):
    make_record("hotspots", audience="government", data={"centre": "44.0, 56.5"})
    page = browser_of(who).get(reverse("register", args=["hotspots"])).content.decode()
    assert bool(drawn(page)) is here
    assert ("56.5" in page) is here


def test_the_circle_of_an_area_has_its_size(viewer):
    made = make_record("hotspots", data={"centre": "45.0, 60.0", "area_km2": 31_416})
    shown = areas_on_map([made], Sight(viewer("nobody")), Reader(words_in("en")))["features"]
    middle, circle = (one["geometry"] for one in shown)
    assert middle["coordinates"] == (60.0, 45.0)
    north = max(latitude for _, latitude in circle["coordinates"][0])
    assert north == pytest.approx(45.0 + 100 / 111.2, abs=0.01)  # radius 100 km


def test_an_area_without_a_place_says_so(browser_of):
    made = make_record("hotspots")
    page = browser_of("nobody").get(reverse("register_record", args=["hotspots", made.uid]))
    assert "does not say where the area is" in page.content.decode()


def test_the_next_step_of_an_outsider_tells_nothing_of_the_questionnaire(browser_of):
    data = {"stakeholders": ["A reserve (MNG)"]}
    area = make_record("hotspots", data=data)
    address = reverse("register_record", args=["hotspots", area.uid])
    assert "Form a working group." in browser_of("nobody").get(address).content.decode()
    before = browser_of("dmitri").get(address).content.decode()
    asked = ask(area)
    for iso3 in asked.sides:
        make_sheet(asked, iso3, finished=True)
    after = browser_of("dmitri").get(address).content.decode()
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", after) == token.sub("", before)
    assert "Have both states finish" not in after


def test_a_place_is_read_in_many_spellings_and_refused_outside_the_earth():
    from kulan.programme.registers import check  # noqa: PLC0415

    given = {"title": "Area", "centre": " 44.0 ; 56.50 "}
    assert check(register("hotspots"), given).data["centre"] == "44.0, 56.5"
    for wrong in ("91, 10", "10, 181", "somewhere", "44"):
        problems = check(register("hotspots"), {**given, "centre": wrong}).problems
        assert [problem.field for problem in problems] == ["centre"]
