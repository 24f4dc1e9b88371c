"""The secretariat adds evidence and sets a status; a visitor sees what is computed beside it."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ACTION = "/programme/actions/cami-2021/6.4"  # two meetings complete it
WORDS = {
    # language: add evidence, add the document, under way, set a status, save, done
    "en": ("Add evidence", "Add the document", "Under way", "Set a status by hand", "Save", "Done"),
    "ru": (
        "Добавить подтверждение",
        "Добавить документ",
        "Выполняется",
        "Поставить статус вручную",
        "Сохранить",
        "Выполнено",
    ),
}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_secretariat_adds_evidence_and_everyone_sees_what_it_does(visit, served, language):
    add, add_document, under_way, set_status, save, done = WORDS[language]
    page = visit("/healthz", role="secretariat")
    page.context.add_cookies([{"name": "kulan_language", "value": language, "url": served.address}])
    page.problems.clear()  # /healthz has no icon, and the browser asks for one

    page.goto(f"{served.address}/programme/?section=6")
    page.locator("table.register a[href$='/6.4']").click()
    page.wait_for_url(f"**{ACTION}")
    page.get_by_role("link", name=add).first.click()
    page.locator("#id_document_kind").select_option("meeting")
    page.fill("#id_document_title", f"Meeting of experts ({language})")
    page.fill("#id_document_reference", f"https://example.org/meeting-{language}")
    page.fill("#id_document_day", "2024-05-01")
    page.get_by_role("button", name=add_document).click()
    page.wait_for_url(f"**{ACTION}")
    assert page.locator(".page-head .badge").first.inner_text() == under_way

    page.get_by_text(set_status).click()
    page.select_option("#id_status_status", "done")
    page.fill("#id_status_reason", f"Adopted at the meeting ({language}).")
    page.locator("details[open]").get_by_role("button", name=save).click()

    public = visit(f"{ACTION}?lang={language}")
    badges = public.locator(".page-head .badge").all_inner_texts()
    assert badges == [done, under_way]
    told = public.locator("main").inner_text()
    assert f"Meeting of experts ({language})" in told
    assert f"Adopted at the meeting ({language})." in told
    assert "Demo secretariat" not in told
    public.goto(f"{served.address}/programme/?section=6&status=done&lang={language}")
    assert public.locator("table.register .register-number").all_inner_texts() == ["6.4"]
    assert page.problems == public.problems == []
    _clean(page, served, language)


def _clean(page, served, language):
    """End what was set and withdraw what was added: the journeys share one server."""
    page.goto(f"{served.address}{ACTION}")
    page.locator(".notice button[type=submit]").click()
    page.get_by_role(
        "link", name=re.compile(rf"^\S+ Meeting of experts \({language}\)")
    ).first.click()
    page.fill("#id_reason", "Only for the test.")
    page.locator("#withdraw button").click()
    page.goto(f"{served.address}{ACTION}")
    assert page.locator(".evidence-list").count() == 0


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize(
    "path", ["/programme/", "/programme/?section=3", ACTION, "/programme/evidence"]
)
def test_nothing_of_the_register_runs_off_the_page(visit, until, path, width):
    page = visit(path, width=width)
    assert until(page, "document.documentElement.scrollWidth <= window.innerWidth + 1", seconds=5)
    assert page.problems == []


def test_axe_finds_nothing_in_the_register(visit, check_axe):
    for path in ("/programme/?section=3", ACTION, "/programme/evidence"):
        check_axe(visit(path, bypass_csp=True))


def test_axe_finds_nothing_in_the_forms(visit, served, check_axe):
    page = visit("/healthz", role="secretariat", bypass_csp=True)
    for path in (ACTION, f"{ACTION}/evidence"):
        page.goto(served.address + path)
        page.evaluate("document.querySelectorAll('details.fold').forEach(d => { d.open = true })")
        check_axe(page)
