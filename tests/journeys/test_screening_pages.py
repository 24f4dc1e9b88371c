"""A consultant screens an uploaded line to a PDF, and gets rid of it again."""

import json
import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
RAILWAY = Path(__file__).parents[2] / "examples" / "planned-railway.geojson"
WORDS = {
    "en": {
        "screen": "Screen a plan",
        "send": "Screen",
        "most": "What matters most",
        "pdf": "Download the PDF",
        "inside": "In short",
        "found": "Mongolian gazelle: the line runs 261\xa0km through potential habitat",
        "delete": "Delete for good",
        "fold": "Delete this screening, files and all",
        "remains": "What remains",
    },
    "ru": {
        "screen": "Оценить план",
        "send": "Оценить",
        "most": "Что важнее всего",
        "pdf": "Скачать PDF",
        "inside": "Коротко",
        "found": "261\xa0км",
        "delete": "Удалить навсегда",
        "fold": "Удалить эту оценку вместе с файлами",
        "remains": "Что остаётся",
    },
}


def wait_for(page, selector, seconds=150.0):
    """Wait until something is on the page, through the pages it shows itself anew."""
    page.locator(selector).first.wait_for(state="attached", timeout=seconds * 1000)


def send(page, *paths, **choices):
    """Fill the form of a screening and send it."""
    if paths:
        page.set_input_files("input[name=lines]", [str(path) for path in paths])
    for name, value in choices.items():
        page.select_option(f"select[name={name}]", value)
    page.locator(".form-actions button").click()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_consultant_screens_a_line_to_a_pdf_and_deletes_it(visit, language):
    words = WORDS[language]
    page = visit("/screenings/", language=language, role="partner")
    page.problems.clear()  # what the page to sign in lacked
    page.get_by_role("link", name=words["screen"]).first.click()
    send(page, RAILWAY)
    wait_for(page, ".report-frame")

    assert words["most"] in page.inner_text("main")
    assert words["found"] in page.inner_text(".headlines")
    report = page.frame_locator(".report-frame")
    assert report.locator("h2").first.inner_text() == words["inside"]
    report.locator("a.figure").first.click()  # its script runs in its box
    assert report.locator("#recipe-window").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=words["pdf"]).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

    page.get_by_text(words["fold"]).click()
    page.get_by_role("button", name=words["delete"]).click()
    wait_for(page, "dl.facts")
    assert words["remains"] in page.inner_text("main")
    assert page.problems == []


def test_the_report_follows_the_language_switch_without_losing_the_page(visit):
    page = visit("/screenings/new", role="partner")
    page.problems.clear()  # what the page to sign in lacked
    send(page, RAILWAY)
    wait_for(page, ".report-frame")
    address = page.url
    page.get_by_role("button", name="Русский").first.click()  # the site's, not the report's
    wait_for(page, ".report-frame[lang=ru]")
    assert page.url.split("?")[0] == address
    assert page.frame_locator(".report-frame").locator("h2").first.inner_text() == "Коротко"
    assert page.problems == []


def test_what_was_drawn_on_the_map_is_screened(visit):
    drawing = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": [[114.5, 47.0], [114.9, 47.3]]},
            }
        ],
    }
    page = visit("/screenings/")
    page.evaluate(
        "text => sessionStorage.setItem('kulan-screening-geometry', text)", json.dumps(drawing)
    )
    page.get_by_role("link", name="Screen a plan").first.click()
    assert "lines: 1" in page.inner_text("[data-drawn]")
    send(page, barrier_type="road")
    wait_for(page, ".report-frame")
    # a visitor without an account is given a link
    assert re.fullmatch(
        r".*/screenings/link/[\w-]{43}", page.locator(".link-row input[readonly]").input_value()
    )
    assert page.problems == []


def test_files_that_are_too_large_are_said_to_be_before_they_are_sent(visit):
    page = visit("/screenings/new")
    page.evaluate("document.querySelector('.screening-form').dataset.mostMb = '0.001'")
    page.set_input_files("input[name=lines]", str(RAILWAY))
    assert page.locator("[data-too-large]").is_visible()
    page.locator(".form-actions button").click()
    assert page.url.endswith("/screenings/new")
    assert page.locator("[data-too-large]").is_visible()


@pytest.fixture
def refused_file(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text('wkt\n"LINESTRING (500000 5200000, 510000 5210000)"\n')
    return file


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1300)])
def test_axe_finds_nothing_to_mend_on_any_page(visit, check_axe, refused_file, scheme, width):
    page = visit("/screenings/", role="partner", scheme=scheme, width=width, bypass_csp=True)

    def looked_at():
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    looked_at()
    page.goto(page.url + "new")
    for fold in page.locator("details.fold > summary").all():
        fold.click()
    looked_at()
    send(page)
    wait_for(page, ".field-errors li")
    looked_at()
    send(page, refused_file, barrier_type="road")
    wait_for(page, ".notice-bad .refusal")
    assert "coordinate reference system" in page.inner_text(".refusal")
    looked_at()
    page.locator("main .row a.button").click()
    page.fill("input[name=crs]", "EPSG:32650")
    send(page, barrier_type="road")
    wait_for(page, ".report-frame")
    page.locator("select[name=days] >> xpath=ancestor::form").locator("button").click()
    page.fill("input[name=email]", "somebody@demo.example")
    page.get_by_role("button", name="Share", exact=True).click()
    looked_at()
    page.locator("details.fold > summary").click()
    page.locator(".button-danger").click()
    wait_for(page, "dl.facts")
    looked_at()
