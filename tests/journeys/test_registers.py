"""Two states are asked about an area; one answers, and the secretariat reads nothing of it."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

REGISTERS = "/programme/registers"
SECRET = "Our ministry has not decided."


def test_a_state_answers_and_nobody_else_reads_it_before_the_other_has(visit, served):
    secretariat = visit("/healthz", role="secretariat")
    focal_point = visit("/healthz", role="focal-point")
    secretariat.problems.clear()  # /healthz has no icon, and the browser asks for one
    focal_point.problems.clear()

    secretariat.goto(f"{served.address}{REGISTERS}/hotspots/new")
    secretariat.fill("[name=title]", "Steppe of the journey")
    for name, value in (("states", "KAZ"), ("states", "MNG"), ("species", "saiga")):
        secretariat.check(f"input[name={name}][value={value}]")
    secretariat.get_by_role("button", name="Save").click()
    secretariat.get_by_role("button", name="Ask both").click()
    secretariat.wait_for_url("**/feasibility/*")
    address = secretariat.url
    waiting = secretariat.locator("main .notice").last.inner_text()

    focal_point.goto(address)
    questions = focal_point.locator("fieldset.question")
    assert questions.count() == 16
    for number in range(16):
        questions.nth(number).get_by_label("Mostly").check()
    questions.first.locator("textarea").fill(SECRET)
    focal_point.get_by_role("button", name="Save and go on later").click()
    focal_point.get_by_text("Saved. Only your side sees it.").wait_for()
    assert focal_point.locator("textarea").first.input_value() == SECRET
    focal_point.get_by_role("button", name="Finish for our side").click()
    focal_point.get_by_text("are shown here as soon as the other side has.").wait_for()
    assert focal_point.locator("textarea").first.is_disabled()

    secretariat.goto(address)
    assert secretariat.locator("main .notice").last.inner_text() == waiting
    assert SECRET not in secretariat.content()
    assert visit(REGISTERS).request.get(address).status == 404
    assert secretariat.problems == focal_point.problems == []


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize("path", ["/", "/laws", "/memberships", "/state-focal-points"])
def test_no_register_runs_off_the_page(visit, until, path, width):
    page = visit(REGISTERS + path, width=width, language="ru")
    assert until(page, "document.documentElement.scrollWidth <= window.innerWidth + 1", seconds=5)
    assert page.problems == []


def test_axe_finds_nothing_in_the_registers(visit, check_axe):
    for path in ("/", "/laws", "/memberships"):
        check_axe(visit(REGISTERS + path, bypass_csp=True))
