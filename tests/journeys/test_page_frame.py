"""Every page stands in the same frame: languages, colours, the way in."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NOWHERE = "/no-such-page"  # whatever else a page holds, this one holds only the frame


def test_the_pages_own_files_come_compressed_and_from_nowhere_else(visit):
    page = visit("/healthz")
    answer = page.request.get(
        page.url.replace("/healthz", "/static/kulan/base.css"),
        headers={"Accept-Encoding": "gzip"},
    )
    assert answer.headers["content-encoding"] == "gzip"
    assert page.problems == []


def test_dark_is_remembered_from_page_to_page(visit):
    page = visit(NOWHERE)
    switch = page.get_by_role("button", name="Dark colours")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_language_switch_keeps_the_page(visit):
    page = visit(f"{NOWHERE}?lang=fr")
    page.get_by_role("button", name="Русский").click()
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert page.url.endswith(NOWHERE)


@pytest.mark.parametrize("width", [360, 1300])
@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_the_header_fits_the_screen(visit, language, width):
    page = visit(NOWHERE, language=language, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_menu_closes_by_escape_and_gives_the_focus_back(visit):
    page = visit(NOWHERE, role="partner")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
