"""A whole reporting cycle in the browser: composed, filled by five reporters, and reviewed."""

import io
from typing import Any

import openpyxl
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


def fill_section(page: Any, until: Any) -> None:
    """Answer every required question of the page, each saved when its field is left."""
    for place in page.locator("form.place", has_text="(required)").all():
        field = place.locator("[name=value]").first
        kind = field.evaluate("it => it.tagName + it.type")
        if kind.startswith("SELECT"):
            field.select_option(index=1)
        elif kind.endswith("checkbox"):
            field.check()
        else:
            field.fill("2026-05-31" if kind.endswith("date") else "Much was done")
        field.blur()
        name = place.get_attribute("id")
        until(page, f"document.querySelector('#{name}-state').textContent.includes('Saved') "
                    f"|| document.querySelector('#{name}-state p.soft')")  # fmt: skip


def fill(page: Any, address: str, until: Any) -> None:
    links = [one.get_attribute("href") for one in page.locator("main th[scope=row] a").all()]
    for link in links:
        page.goto(address.split("/programme/", maxsplit=1)[0] + link)
        fill_section(page, until)
    page.goto(address)
    page.click("button:has-text('Submit the report')")
    page.wait_for_url(address)
    assert page.locator(".badge", has_text="Submitted").count() == 1


def written(form: bytes, question_id: str, text: str) -> dict[str, Any]:
    book = openpyxl.load_workbook(io.BytesIO(form))
    for sheet in book.worksheets:
        columns: dict[str, int] = {}
        for row in sheet.iter_rows():
            texts = [cell.value for cell in row]
            if "question_id" in texts and "answer" in texts:
                columns = {str(one): place for place, one in enumerate(texts) if one}
            elif columns and row[columns["question_id"]].value == question_id:
                row[columns["answer"]].value = text
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "form.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def answer(page: Any, question_id: str, text: str, until: Any) -> Any:
    place = page.locator(f"form.place:has(input[name=question][value='{question_id}'])")
    place.locator("textarea[name=value]").fill(text)
    place.locator("textarea[name=value]").blur()
    name = place.get_attribute("id")
    until(page, f"/Saved|changed this meanwhile/.test("
                f"document.querySelector('#{name}-state').textContent)")  # fmt: skip
    return place


def test_a_cycle_is_played_from_its_first_question_to_its_last_file(opened, served, until):
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

    # --- the form goes out, is filled, and comes back into a report that has moved on
    first.goto(address)
    with first.expect_download() as download:
        first.click("text=Download the form")
    form = download.value.path().read_bytes()
    first.goto(general)
    answer(first, "general/contributors", "Herders and rangers", until)
    first.goto(address)
    first.set_input_files("input[type=file]", written(form, "general/contributors", "Shepherds"))
    first.click("button:has-text('Send it back')")
    first.wait_for_url("**/upload/*")
    told = first.locator("fieldset.conflict").inner_text()
    for words in ("Herders", "Herders and rangers", "Shepherds"):
        assert words in told
    first.click("label:has-text('In the form')")
    first.click("text=Take the form as decided")
    assert first.locator("text=The form is taken into the report").count() == 1
    first.goto(general)
    assert first.locator(contributors).input_value() == "Shepherds"

    # --- every reporter answers and submits
    first.goto(address)
    fill(first, address, until)
    for who in ("kazakhstan", "china", *HOUSES):
        page = opened(who)
        theirs = own_report(page, served)
        fill(page, theirs, until)
        assert page.problems == []

    # --- one is returned with a remark, mended, and all are accepted and locked
    secretariat.goto(f"{address}section/general")
    secretariat.click("summary:has-text('Remark') >> nth=0")
    secretariat.fill("textarea[name=text] >> nth=0", "Which agency?")
    secretariat.click("text=Make the remark >> nth=0")
    secretariat.goto(address)
    secretariat.fill("#why-return", "One remark.")
    secretariat.click("button:has-text('Return it')")
    first.goto(general)
    assert first.locator("text=Which agency?").count() == 1
    answer(first, "general/agency", "The ministry", until)
    first.goto(address)
    first.click("button:has-text('Submit the report')")
    cycle = f"{served.address}/programme/cycles/{NAME}/"
    secretariat.goto(cycle)
    reports = [one.get_attribute("href") for one in secretariat.locator("th[scope=row] a").all()]
    assert len(reports) == len(STATES) + len(HOUSES)
    for link in reports:
        secretariat.goto(served.address + link)
        secretariat.click("text=Accept the report")
    secretariat.goto(cycle)
    secretariat.click("button:has-text('Lock the cycle')")
    secretariat.wait_for_url(cycle)
    assert secretariat.locator(".badge", has_text="Locked").count() >= 1

    # --- the cycle leaves as files
    secretariat.click("summary:has-text('Download')")
    names = [one.get_attribute("href") for one in secretariat.locator(".menu-list a").all()]
    files = [one for one in names if "/file/" in one]
    beginnings = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "zip": b"PK", "json": b"{"}
    for link in files:
        got = secretariat.request.get(served.address + link)
        assert got.status == 200, link
        assert got.body().startswith(beginnings.get(link.rpartition("/")[2], b"\xef\xbb\xbf"))
    assert {"xlsx", "csv", "json", "zip"} <= {one.rpartition("/")[2] for one in files}
    assert secretariat.problems == []
    assert first.problems == [
        problem for problem in first.problems if "409" in problem or "422" in problem
    ]
