"""The register of organisations: contacts are private, roles are what the reader may know of."""

import pytest
from django.urls import reverse

from builders_of_money import make_call, make_donor, make_project
from builders_of_registers import make_record
from kulan.programme.registers import named_leads
from kulan.web.people.erasing import erase_account
from kulan.web.programme.registers.models import Record

pytestmark = pytest.mark.usefixtures("people")


def page_of(browser, record: Record) -> str:
    address = reverse("register_record", args=[record.register, record.uid])
    return browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("who", "person", "email"),
    [
        ("nobody", False, False),
        ("hassan", False, False),
        ("gulnara", False, False),
        ("irina", True, False),
        ("erlan", True, True),
        ("farida", True, True),
    ],
)
def test_a_contact_is_read_by_those_it_is_for(who, person, email, browser_of):
    record = make_record("organisations")
    browser = browser_of(who)
    table = reverse("register_table", args=["organisations", "csv"])
    every = page_of(browser, record) + browser.get(table).content.decode()
    assert ("Sanjar Testing" in every) is person
    assert ("sanjar@steppe.example" in every) is email
    assert "Steppe Fund" in every


def test_the_actions_it_leads_stand_on_its_page(browser_of):
    record = make_record("organisations", data={"actor": "traffic"})
    assert page_of(browser_of("nobody"), record).count(
        reverse("programme_action", args=["cami-2021", "x"])[:-1]
    ) == 2  # fmt: skip


def test_a_donor_of_its_name_or_identifier_is_the_same(browser_of):
    donor = make_donor(name="The Fund", iati_ref="XX-1")
    call = make_call(donor, title="Call for the steppe")
    by_name = make_record("organisations", data={"name": "Fund", "abbreviation": "the fund"})
    by_ref = make_record("organisations", data={"name": "Other words", "iati_ref": "XX-1"})
    neither = make_record("organisations", data={"name": "Another Fund"})
    for record, joined in ((by_name, True), (by_ref, True), (neither, False)):
        page = page_of(browser_of("nobody"), record)
        assert (call.title in page) is joined


def test_projects_and_accounts_are_told_to_those_who_may_know(people, browser_of):
    house = people["dmitri"].organisation
    project = make_project(house, title="A hidden project", audience="partners")
    record = make_record("organisations", data={"name": house.name.upper()})
    assert project.title not in page_of(browser_of("nobody"), record)
    assert "have accounts here" not in page_of(browser_of("nobody"), record)
    assert project.title in page_of(browser_of("irina"), record)
    assert "have accounts here" in page_of(browser_of("irina"), record)


def test_an_organisation_leads_to_the_records_that_name_it(browser_of):
    record = make_record("organisations")
    agreement = make_record("agreements", data={"organisations": [str(record.uid)]})
    agreement.links.create(field="organisations", target=record)
    hidden = make_record(
        "agreements",
        audience="government",
        data={"organisations": [str(record.uid)], "title": "Not for all"},
    )
    hidden.links.create(field="organisations", target=record)
    page = page_of(browser_of("nobody"), record)
    assert str(agreement.uid) in page
    assert "Not for all" not in page
    assert "Steppe Fund" in page_of(browser_of("nobody"), agreement)


def test_leads_of_actions_without_a_record_are_told(browser_of):
    address = reverse("register", args=["organisations"])
    names = [one.title() for one in named_leads()]
    assert "TRAFFIC" in names
    assert "Herders" not in names
    before = browser_of("nobody").get(address).content.decode()
    assert "TRAFFIC: leads 2 actions and has no record." in before
    make_record("organisations", data={"actor": "traffic"})
    assert "TRAFFIC: leads" not in browser_of("nobody").get(address).content.decode()


def test_a_contact_who_leaves_is_taken_out_of_the_organisation(people):
    email = people["dmitri"].email
    record = make_record("organisations", data={"email": email, "person": "Dmitri"})
    erase_account(people["dmitri"])
    record.refresh_from_db()
    assert email not in str(record.data)
    assert record.data["person"] != "Dmitri"
