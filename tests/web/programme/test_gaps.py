"""The page of knowledge gaps tells each reader only of what that reader may know."""

import csv
import io

import pytest
import shapely
from django.urls import reverse

from builders_of_the_web import make_layer, make_point, make_version
from kulan.programme.gaps import Ground
from kulan.web.catalogue.models import Rendition
from kulan.web.programme.gaps import gathering

CELL = "N44E103"


@pytest.fixture
def ground(monkeypatch):
    """One cell where the khulan may live."""
    monkeypatch.setattr(gathering, "grounds", lambda: (Ground("khulan", CELL, "MNG", 900.0),))


@pytest.fixture
def line(people):
    """A planned railway through the cell, in a layer for those with an agreement."""
    layer = make_layer("railways", owner=people["aigul"], theme="barriers", audience="named")
    Rendition.objects.create(
        version=make_version(layer), uid="a", level=0, default_level=0, name="Northern line",
        geometry=shapely.LineString([(103.2, 44.2), (103.8, 44.8)]),
        properties={
            "status": "planned", "species_affected": ["khulan"], "planned_for": "2028",
            "barrier_id": "N1",
        },
    )  # fmt: skip


def rows(browser):
    body = browser.get(reverse("programme_gaps_csv")).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


@pytest.mark.usefixtures("ground", "line")
def test_whoever_may_see_a_plan_is_told_what_waits_and_nobody_else(browser_of):
    (owner, *_) = rows(browser_of("aigul"))
    (visitor, *_) = rows(browser_of("nobody"))

    assert (owner["waiting"], owner["due"], owner["cells"]) == ("Northern line", "2028", CELL)
    assert visitor["waiting"] == ""
    page = browser_of("nobody").get(reverse("programme_gaps")).content.decode()
    assert "Northern line" not in page


@pytest.mark.usefixtures("ground")
def test_a_record_closes_its_season_for_those_who_may_see_it(people, browser_of):
    layer = make_layer("sightings", owner=people["aigul"], audience="named")
    make_point(
        make_version(layer), species_id="khulan", iso3="MNG", date_from="2026-05",
        date_to="2026-05", months=1 << 4,
    )  # fmt: skip

    assert {row["season"] for row in rows(browser_of("aigul"))} == {"summer", "autumn", "winter"}
    assert "spring" in {row["season"] for row in rows(browser_of("nobody"))}


@pytest.mark.parametrize(
    ("shape", "closes"),
    [
        (shapely.box(103, 44, 104, 45), True),  # the cell itself
        (shapely.box(104, 44, 105, 45), False),  # the next one, which only shares an edge
        (shapely.Point(103, 44), True),  # its south-west corner
        (shapely.Point(104, 44), False),
        (shapely.box(102.5, 44.5, 103.2, 44.8), True),
    ],
    ids=str,
)
@pytest.mark.usefixtures("ground")
def test_a_record_closes_the_cells_its_box_meets_and_no_other(people, browser_of, shape, closes):
    version = make_version(make_layer("sightings", owner=people["aigul"]))
    Rendition.objects.create(
        version=version, uid="a", level=0, default_level=0, geometry=shape, species_id="khulan",
        iso3="MNG", date_from="2026-05", date_to="", months=1 << 4,
    )  # fmt: skip

    seasons = {row["season"] for row in rows(browser_of("nobody"))}

    assert ("spring" not in seasons) is closes


@pytest.mark.usefixtures("ground")
def test_a_withheld_record_closes_nothing_for_the_public(people, browser_of):
    version = make_version(make_layer("dens", owner=people["aigul"]))
    make_point(
        version, default_level=5, species_id="khulan", iso3="MNG", date_from="2026-05",
        date_to="2026-05", months=1 << 4,
    )  # fmt: skip

    assert "spring" in {row["season"] for row in rows(browser_of("nobody"))}


@pytest.mark.usefixtures("ground")
def test_a_list_that_asks_for_what_waits_holds_nothing_else(browser_of):
    page = browser_of("nobody").get(reverse("programme_gaps"), {"waiting": "yes"})

    assert "No gap is all that was asked for." in page.content.decode()
