"""A reporting cycle in the browser: composed, opened to five reporters, written at by two."""

from typing import Any

import pytest

STATES = {"KAZ": "kazakhstan", "CHN": "china", "MNG": "mongolia"}
HOUSES = ("herders", "rangers")
NAME = "journey-2027"
PEOPLE = f"""
from kulan.web.people.models import Grant, Organisation, User
password = PASSWORD
def person(email, house, role, iso3=""):
    home, _ = Organisation.objects.get_or_create(name=house)
    user = User.objects.create_user(email, password, name=email.split("@")[0], organisation=home)
    Grant.objects.create(user=user, role=role, iso3=iso3)
    return home.pk
for iso3, name in {STATES!r}.items():
    person(name + "@demo.example", "Ministry of " + name, "focal_point", iso3)
for name in {HOUSES!r}:
    person(name + "@demo.example", "Journey " + name, "partner")
"""


@pytest.fixture
def opened(visit, served):
    """Open pages, each as one of the people of this journey; one page for each is kept."""
    served.run(PEOPLE.replace("PASSWORD", repr(served.password)))
    pages: dict[str, Any] = {}

    def page_of(who: str, path: str = "/healthz") -> Any:
        if who not in pages:
            pages[who] = visit("/healthz", role=who, accept_downloads=True)
        pages[who].goto(served.address + path)
        return pages[who]

    return page_of


def tick_only(form: Any, name: str, values: list[str]) -> None:
    for box in form.locator(f"input[name={name}]").all():
        box.set_checked(box.get_attribute("value") in values)


def compose(page: Any, served: Any) -> None:
    page.fill("input[name=cycle_id]", NAME)
    page.fill("input[name=title_en]", "Cycle of the journey")
    page.fill("input[name=title_ru]", "Цикл путешествия")
    page.fill("input[name=opens]", "2026-01-01")
    page.fill("input[name=due]", "2099-12-31")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/compose")
    who = page.locator("form[action$='/reporters']")
    assert "not a Party to CMS" in who.locator("label[for=s-CHN]").inner_text()
    tick_only(who, "states", list(STATES))
    for label in who.locator("label", has_text="Journey ").all():
        label.click()
    who.locator("button").click()
    for kind in ("national", "project"):
        form = page.locator(f"form[action$='/{kind}/sections']")
        tick_only(form, "sections", ["general", "2"])
        form.locator("button").click()
    page.click("summary:has-text('Add a question') >> nth=0")
    page.fill("#national_words_en", "Which fence was opened?")
    page.click("form[action$='/national/question'] button")
    page.click("text=Open the cycle")
    page.wait_for_url(f"**/{NAME}/")
    assert served.run(
        "from kulan.web.programme.reporting.models import Filing\n"
        f"print(Filing.objects.filter(cycle__cycle_id={NAME!r}, state='open').count())"
    ).strip() == str(len(STATES) + len(HOUSES))


def own_report(page: Any, served: Any) -> str:
    page.goto(f"{served.address}/programme/cycles/")
    page.click(".card a")
    return str(page.url)


def answer(page: Any, question_id: str, text: str, until: Any) -> Any:
    place = page.locator(f"form.place:has(input[name=question][value='{question_id}'])")
    place.locator("textarea[name=value]").fill(text)
    place.locator("textarea[name=value]").blur()
    name = place.get_attribute("id")
    until(page, f"/Saved|changed this meanwhile/.test("
                f"document.querySelector('#{name}-state').textContent)")  # fmt: skip
    return place


def test_a_cycle_is_composed_and_what_two_windows_write_at_once_is_decided(opened, served, until):
    secretariat = opened("secretariat", "/programme/cycles/new")
    compose(secretariat, served)

    # --- two windows of one ministry: what the second would overwrite is shown
    first = opened("mongolia")
    address = own_report(first, served)
    general = f"{address}section/general"
    first.goto(general)
    second = first.context.new_page()
    second.goto(general)
    answer(first, "general/contributors", "Rangers", until)
    place = answer(second, "general/contributors", "Herders", until)
    assert "Yours: Herders" in place.inner_text()
    assert "Theirs: Rangers" in place.inner_text()
    place.locator("input[value=mine]").check()
    place.locator("text=Keep what is chosen").click()
    until(second, "!document.body.textContent.includes('changed this meanwhile')")
    second.reload()
    contributors = "form.place:has(input[value='general/contributors']) textarea[name=value]"
    assert second.locator(contributors).input_value() == "Herders"
