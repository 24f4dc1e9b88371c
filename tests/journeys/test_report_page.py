"""A regulator opens report.html in a browser: it reads, filters, sorts and asks nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hand_made import make_found, make_scene, make_screening
from kulan.programme.tables import SPECIES_IDS
from kulan.report import write_html
from kulan.words import LANGUAGES, words_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> dict[str, Path]:
    """The same findings in each language: long tables, two alternatives, eight species."""
    found = [make_found(n, species=SPECIES_IDS[:8], areas=40) for n in (1, 2)]
    screening = make_screening(found)
    folder = tmp_path_factory.mktemp("report")
    files = {}
    for language in LANGUAGES:
        files[language] = folder / f"{language}.html"
        html = write_html(screening, make_scene(screening), words_in(language))
        files[language].write_bytes(html)
    return files


@pytest.fixture
def opened(browser, report):
    """Open the English report; what went wrong on the way is kept on the page."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda request: page.problems.append(request.url))
    page.goto(report["en"].as_uri())
    yield page
    page.close()


def test_the_page_asks_nothing_and_says_nothing_to_the_console(opened, report):
    assert opened.problems == [report["en"].as_uri()]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ru", "dark"), ("fr", "light")])
def test_axe_finds_nothing_to_mend(browser, report, language, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(report[language].as_uri())
    results = axe.Axe().run(page)
    context.close()
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [360, 768, 1300])
def test_nothing_is_wider_than_the_screen(browser, report, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(report["ru"].as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide <= width


def test_a_figure_opens_its_recipe_and_escape_closes_it(opened):
    opened.locator("#species-1 a.figure").first.click()
    window = opened.locator("#recipe-window")
    assert window.is_visible()
    assert "kulan.screening." in window.inner_text()
    opened.keyboard.press("Escape")
    assert not window.is_visible()


def test_the_keyboard_alone_opens_a_recipe(opened):
    opened.locator("#species-1 a.figure").first.focus()
    opened.keyboard.press("Enter")
    assert opened.locator("#recipe-window").is_visible()


def test_choosing_a_species_hides_the_rows_of_others(opened):
    rows = opened.locator('#species-1 tr[data-species="khulan"]:visible')
    others = opened.locator('#species-1 tr[data-species="argali"]:visible')
    assert rows.count() > 0
    assert others.count() > 0
    opened.select_option("#choose-species", "khulan")
    assert rows.count() > 0
    assert others.count() == 0
    assert "Only rows of this species" in opened.inner_text("#filtered")


def test_choosing_an_alternative_hides_the_sections_of_others(opened):
    opened.select_option("#choose-alternative", "alt2")
    assert not opened.locator("#alternative-1").is_visible()
    assert opened.locator("#alternative-2").is_visible()


def test_a_long_table_unfolds_by_a_button(opened):
    area = opened.get_by_role("rowheader", name="Strictly Protected Area 39").first
    assert not area.is_visible()
    opened.get_by_role("button", name="Show 15 more rows").first.click()
    assert area.is_visible()


def test_a_column_sorts_by_number_and_says_so(opened):
    table = opened.locator("#areas-1 table").first
    heading = table.locator("thead th").nth(4)
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    first = table.locator("tbody tr").first.locator("td").nth(3).inner_text()
    assert first.startswith("18.4")


def test_a_layer_of_the_map_can_be_hidden(opened):
    layer = opened.locator('g[data-layer="Key areas"]')
    assert layer.is_visible()
    opened.get_by_label("Key areas").first.uncheck()
    assert not layer.is_visible()


def test_without_the_script_all_rows_can_still_be_reached(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report["en"].as_uri())
    row = page.get_by_role("rowheader", name="Strictly Protected Area 39").first
    assert not row.is_visible()
    page.locator("details.more summary").first.click()
    assert row.is_visible()
    context.close()


def test_print_shows_every_row(browser, report):
    page = browser.new_page()
    page.goto(report["en"].as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.get_by_role("rowheader", name="Strictly Protected Area 39").first.is_visible()
    assert not page.locator("nav.contents").is_visible()
    page.close()
