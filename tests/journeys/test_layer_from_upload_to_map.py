"""A scientist uploads a layer, describes it and has it reviewed; released, it is on the map."""

import json

import pytest

from kulan.words import words_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
READY = "document.body.dataset.map === 'ready'"
TITLES = {"en": "Culverts under the railway", "ru": "Трубы под железной дорогой"}
PLACE = (66.9, 49.6)


@pytest.fixture
def culverts(tmp_path):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": PLACE},
        "properties": {"number": "K-17", "width_m": 4.5},
    }
    path = tmp_path / "culverts.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.fixture
def signed_in(visit):
    def opened(role, language):
        page = visit("/healthz", role=role, language=language)
        page.problems.clear()  # /healthz has no icon, and the browser asks for one
        return page

    return opened


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_scientist_uploads_a_layer_and_a_second_person_releases_it(
    visit, signed_in, served, until, culverts, tmp_path, language
):
    say = words_in(language).say
    name, title = f"culverts-{language}", TITLES[language]

    page = signed_in("scientist", language)
    page.goto(f"{served.address}/layers")
    page.get_by_role("link", name=say("Bring a layer")).click()
    page.get_by_label(say("Title")).fill(title)
    page.get_by_label(say("Short name")).fill(name)
    page.get_by_label(say("Theme")).select_option("mitigation")
    page.get_by_role("button", name=say("Begin")).click()
    assert page.get_by_role("button", name=say("Ask for review")).is_disabled()
    page.set_input_files("[name=file]", culverts)
    page.get_by_role("button", name=say("Upload")).click()
    page.get_by_text(say("Holds {file}.", file="culverts.geojson")).wait_for()  # read by a worker

    page.get_by_role("link", name=say("Describe it")).click()
    page.fill(f"[name=abstract_{language}]", title)
    page.fill("[name=method]", "Measured at the railway.")
    page.fill("[name=source]", "Own survey, 2025.")
    page.select_option("[name=licence]", "CC-BY-4.0")
    page.select_option("[name=audience]", "public")
    page.get_by_label(f"number: {say('What it is to the Atlas')}").select_option("record_id")
    for column in ("number", "width_m"):
        page.get_by_label(f"{column}: {say('Meaning of the column')}").fill(column)
        page.get_by_label(f"{column}: {say('Shown')}").select_option("4")
    page.get_by_role("button", name=say("Keep the description")).click()
    page.get_by_role("button", name=say("Ask for review")).click()
    version = f"{served.address}/layers/{name}/1"
    assert page.url == version
    outsider = visit(f"/layers/{name}/1", language=language)
    assert title not in outsider.content()

    second = signed_in("secretariat", language)
    second.goto(f"{served.address}/layers/review")
    second.get_by_role("link", name=title).click()
    second.screenshot(path=tmp_path / "review.png", full_page=True)
    second.fill("#note", "Agrees with the drawings.")
    second.get_by_role("button", name=say("Release it")).click()
    assert say("It is released.") in second.locator("main, .messages").all_inner_texts()[0]

    outsider.goto(version)
    assert outsider.get_by_role("heading", name=title).is_visible()
    lon, lat = PLACE
    outsider.goto(f"{served.address}/?lon={lon}&lat={lat}&zoom=8&layers={name}")
    until(outsider, READY)
    outsider.click("#what-is-here")
    until(outsider, "document.querySelector('#facts-body .facts-at') !== null")
    told = outsider.inner_text("#facts-body")
    outsider.screenshot(path=tmp_path / "map.png")
    assert title in told
    assert ("4.5" if language == "en" else "4,5") in told
    assert page.problems == second.problems == []
