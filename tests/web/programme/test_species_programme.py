"""The programme of a species: one page of what concerns it, as its reader may know of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from builders_of_cycles import make_cycle, make_report
from builders_of_money import make_need, make_project
from builders_of_registers import make_record
from kulan.programme.actions import actions
from kulan.web.programme.reporting.models import Filing

pytestmark = pytest.mark.usefixtures("people")


def page_of(browser, species_id: str = "saiga", **query: str) -> str:
    return browser.get(reverse("programme_species", args=[species_id]), query).content.decode()


def test_every_action_that_names_the_species_stands_on_its_page(browser_of):
    page = page_of(browser_of("nobody"), "wild_camel")
    named = [one for one in actions() if "wild_camel" in one.species]
    assert named
    for one in named:
        assert reverse("programme_action", args=[one.edition_id, one.action_id]) in page


def test_what_the_registers_hold_of_it_is_there_for_who_may_know(browser_of):
    area = make_record("hotspots")
    hidden = make_record("agreements", audience="government", data={"species": ["saiga"]})
    other = make_record("hotspots", data={"species": ["argali"], "title": "Other mountains"})
    outside, inside = page_of(browser_of("nobody")), page_of(browser_of("erlan"))
    for record, seen_by_all, seen_inside in (
        (area, True, True),
        (hidden, False, True),
        (other, False, False),
    ):
        assert (str(record.uid) in outside) is seen_by_all
        assert (str(record.uid) in inside) is seen_inside


def test_who_was_its_focal_point_once_is_no_more(browser_of):
    past = make_record("species-focal-points", data={"valid_to": "2019"})
    assert str(past.uid) not in page_of(browser_of("nobody"))
    now = make_record("species-focal-points")
    assert str(now.uid) in page_of(browser_of("nobody"))


def test_a_long_part_leads_to_the_whole_list(browser_of):
    for number in range(12):
        make_record("meetings", data={"species": ["saiga"], "title": f"Meeting {number}"})
    page = page_of(browser_of("nobody"))
    assert "All 12" in page
    assert f"{reverse('register', args=['meetings'])}?species=saiga" in page.replace("&amp;", "&")


def test_money_for_it_is_what_its_reader_may_see(people, browser_of):
    make_need(species=["saiga"])
    project = make_project(people["dmitri"].organisation, title="Saiga alone", audience="partners")
    project.shares.create(dimension="species", code="saiga", share="1")
    assert "5,000 – 9,000" in page_of(browser_of("nobody"))
    assert "Saiga alone" not in page_of(browser_of("nobody"))
    assert "Saiga alone" in page_of(browser_of("irina"))


def test_the_species_page_of_the_atlas_leads_to_it(browser_of):
    page = browser_of("nobody").get(reverse("species", args=["saiga"])).content.decode()
    assert reverse("programme_species", args=["saiga"]) in page
    assert browser_of("nobody").get("/programme/species/unicorn").status_code == 404


def test_a_report_stands_there_for_those_who_read_its_answers(browser_of):
    cycle = make_cycle()
    filing = make_report(cycle, answers={"species/trend saiga": "down"})
    address = reverse("report", args=[filing.uid])
    assert address in page_of(browser_of("bat"))  # who writes it
    assert address not in page_of(browser_of("nobody"))  # nobody has accepted it
    Filing.objects.update(state="accepted", accepted_at=timezone.now())
    assert address in page_of(browser_of("nobody"))
    assert address not in page_of(browser_of("nobody"), "argali")
