"""A focal point updates a population record, and a second person approves it."""

import concurrent.futures
import contextlib
import http.client
import re
from urllib.parse import urlencode, urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = {
    # language: change it, propose, approve, what the record says afterwards
    "en": ("Change it", "Propose", "Approve", "16,400"),
    "ru": ("Изменить", "Предложить", "Одобрить", "16\u00a0700"),
}
NEW_RECORD = """
from django.utils import timezone
from kulan.web.people.models import User
from kulan.web.policy import viewer_of
from kulan.web.species import actions
from kulan.web.species.models import CONTENT_OF_POPULATION, PopulationRecord
old = PopulationRecord.objects.filter(species_id="saiga", iso3="MNG", state="approved").last()
content = {name: getattr(old, name) for name in CONTENT_OF_POPULATION}
content |= {"notes": "%s", "estimate": 15_000.0, "low": None, "high": None, "interval_kind": "none"}
by = viewer_of(User.objects.get(email="scientist@demo.example"))
print(actions.propose_change(by, old, content, reason="Found in the report.").uid)
"""


def in_language(page, language: str) -> None:
    page.context.add_cookies(
        [{"name": "kulan_language", "value": language, "url": page.url.split("/healthz")[0]}]
    )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_focal_point_updates_a_record_and_the_coordinator_approves_it(visit, served, language):
    change, propose, approve, told = WORDS[language]

    page = visit("/healthz", role="focal-point", width=1300)
    in_language(page, language)
    page.goto(f"{served.address}/species/saiga")
    page.get_by_role("link", name=re.compile(f"^{change}")).last.click()
    page.problems.clear()  # /healthz has no icon, and the browser asks for one
    page.fill("[name=estimate]", "16 700" if language == "ru" else "16,400")
    page.fill("[name=low]", "")
    page.fill("[name=high]", "")
    page.select_option("[name=interval_kind]", "none")
    page.fill("[name=notes]", f"Analysed again ({language}).")
    page.fill("[name=reason]", "The report was printed again with another table.")
    page.locator("main").get_by_role("button", name=propose, exact=True).click()
    address = page.url
    assert told in page.locator(".facts").inner_text()
    assert page.get_by_role("button", name=approve).count() == 0

    second = visit("/healthz", role="species-coordinator")
    in_language(second, language)
    second.problems.clear()
    second.goto(f"{served.address}/species/proposals")
    second.locator(f"main a[href='{address.removeprefix(served.address)}']").click()
    second.fill("[name=note]", "Agrees with the table.")
    second.get_by_role("button", name=approve).click()

    public = visit(f"/species/saiga?lang={language}")
    assert told in public.locator("table.records").last.inner_text()
    public.goto(f"{address}?lang={language}")
    assert told in public.locator("ins").all_inner_texts()
    assert page.problems == second.problems == []


def test_of_two_who_decide_at_the_same_moment_one_wins(visit, served):
    uid = served.run(NEW_RECORD % "At the same moment.").strip()
    address = f"{served.address}/species/record/population/{uid}"
    requests = []
    for role in ("species-coordinator", "secretariat"):
        page = visit("/healthz", role=role)
        page.goto(address)
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        token = page.locator("form[action$=decide] [name=csrfmiddlewaretoken]").input_value()
        requests.append((cookies, token))

    with concurrent.futures.ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda one: decided(address, *one), requests))

    assert sorted(answers) == [302, 409]
    seen = "from kulan.web.events.models import Event; "
    seen += f"print(Event.objects.filter(subject_id='{uid}', kind='population_approved').count())"
    assert served.run(seen).strip() == "1"


def decided(address: str, cookies: dict[str, str], token: str) -> int:
    place = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection(place.netloc)) as connection:
        connection.request(
            "POST",
            f"{place.path}/decide",
            urlencode({"decision": "approve", "note": "", "csrfmiddlewaretoken": token}),
            {
                "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": address,
            },
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status


PAGES = (
    "/species/",
    "/species/?q=zzzzqqqq",
    "/species/saiga",
    "/species/urial",
    "/species/saiga/fact-sheet",
    "/species/saiga/compare",
    "/species/saiga/propose",
    "/species/proposals",
)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_to_mend(path, visit, check_axe):
    page = visit(path if "propos" not in path else "/healthz", bypass_csp=True, role="secretariat")
    page.goto(page.url.split("/healthz")[0].split("/species")[0] + path)
    check_axe(page)


def test_axe_finds_nothing_to_mend_where_one_decides(visit, served, check_axe):
    uid = served.run(NEW_RECORD % "For axe.").strip()
    page = visit("/healthz", bypass_csp=True, role="secretariat")
    page.goto(f"{served.address}/species/record/population/{uid}")
    check_axe(page)
    page.get_by_role("button", name="Reject").click()
    assert "Say why" in page.locator(".field-errors").inner_text()
    check_axe(page)
    chosen = visit("/species/saiga", bypass_csp=True)
    for number in (0, 1, 2):
        chosen.locator("table.records input").nth(number).check()
    chosen.get_by_role("button", name="Compare the chosen").click()
    check_axe(chosen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/species/", "/species/saiga", "/species/saiga/fact-sheet"])
def test_a_phone_shows_the_page_without_scrolling_sideways(path, scheme, visit):
    page = visit(path, width=360, scheme=scheme, language="ru")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.problems == []
