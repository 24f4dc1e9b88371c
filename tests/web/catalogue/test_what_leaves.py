"""Files, lists, comparisons and lines of the audit trail: what an outsider learns from each."""

import csv
import io
import json
import re
import zipfile

import openpyxl
import pyogrio
import pytest
from django.core.cache import cache
from django.urls import reverse

from builders_of_the_web import DEN, make_layer, make_point, make_version
from files_to_bring import geojson
from kulan.exchange.safe_cells import original_text
from kulan.web.catalogue.intake import Asked, file_of, read_into
from kulan.web.catalogue.models import Agreement, LayerVersion, Rendition, SensitivityRule
from kulan.web.catalogue.sights import SEEN, note_sight
from kulan.web.catalogue.themes import State
from kulan.web.events.models import Event
from kulan.web.policy import fingerprint

FORMS = ("geojson", "csv", "xlsx", "gpkg", "dwca")
EVIL = "=HYPERLINK(0)"
NIGHT = (("date", "2024-08-17"),)


def release(version):
    LayerVersion.objects.filter(pk=version.pk).update(
        state=State.RELEASED, licence="CC-BY-4.0", released_at=version.created_at
    )
    return version


@pytest.fixture
def dens(bring):
    """Three dens of snow leopards, brought in the order of their longitude, and released."""
    places = [(103.1234567, 44.7654321), (104.2345678, 44.6543219), (105.345678, 44.543219)]
    told = [
        (list(at), ("occurrenceID", f"den-{n}"), ("species", "snow leopard"),
         ("name", f"Spring {n}"), ("remark", EVIL), *NIGHT)
        for n, at in enumerate(places)
    ]  # fmt: skip
    version = bring("exact positions of Bat.geojson", geojson(*told))
    version.columns["remark"]["public_to"] = 4
    version.save()
    read_into(version, file_of(version), Asked())
    return release(version)


def taken(browser, version, form):
    answer = browser.get(
        reverse("layer_export", args=(version.layer.layer_id, version.number, form))
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, body


def texts_of(form, body, tmp_path):
    """Return everything a file says, as one text."""
    if form in ("geojson", "csv"):
        return body.decode("utf-8-sig")
    if form == "gpkg":
        (tmp_path / "x.gpkg").write_bytes(body)
        frame = pyogrio.read_dataframe(tmp_path / "x.gpkg")
        return frame.to_csv()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


SECRETS = (
    *("103.123", "44.765", "104.234", "105.345"),
    *("Spring", "den-0", "2024-08-17", "exact positions"),
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", ["nobody", "dmitri", "irina", "gulnara", "chinara"])
def test_a_file_tells_an_outsider_the_cell_and_no_more(dens, browser_of, tmp_path, form, who):
    answer, body = taken(browser_of(who), dens, form)
    told = texts_of(form, body, tmp_path) + str(answer.headers)

    assert answer.status_code == 200
    assert [secret for secret in SECRETS if secret in told] == []
    assert "103.15" in told


@pytest.mark.parametrize("form", FORMS)
def test_the_same_file_tells_the_focal_point_where_the_dens_are(dens, browser_of, tmp_path, form):
    """The test above could not fail if nobody were told."""
    _, body = taken(browser_of("bat"), dens, form)
    assert "103.1234567" in texts_of(form, body, tmp_path)


def test_rows_come_in_an_order_that_tells_nothing_of_the_file(dens, browser_of):
    _, body = taken(browser_of("nobody"), dens, "geojson")
    ids = [feature["id"] for feature in json.loads(body)["features"]]
    assert ids == sorted(ids)
    assert not any("den" in one for one in ids)


def test_a_formula_in_a_remark_is_a_text_in_every_spreadsheet(dens, browser_of):
    _, body = taken(browser_of("nobody"), dens, "csv")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert {row["remark"] for row in rows} == {"'" + EVIL}
    assert original_text(rows[0]["remark"]) == EVIL

    _, body = taken(browser_of("nobody"), dens, "xlsx")
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(body)).active.rows for cell in row]
    assert {cell.data_type for cell in cells if cell.value == EVIL} == {"s"}


def test_a_file_has_the_same_name_for_every_reader(dens, browser_of):
    names = {taken(browser_of(who), dens, "csv")[0].headers["Content-Disposition"]
             for who in ("nobody", "bat", "aigul", "farida")}  # fmt: skip
    assert names == {'attachment; filename="kulan-dens-1.csv"'}


def test_every_row_says_what_was_made_coarse_and_what_was_withheld(dens, browser_of):
    _, body = taken(browser_of("nobody"), dens, "geojson")
    for feature in json.loads(body)["features"]:
        told = feature["properties"]
        assert "0.1°" in told["dataGeneralizations"]
        assert "name" in told["informationWithheld"]
        assert told["coordinateUncertaintyInMeters"] > 6000
        assert told["kulan_date_from"] == "2024-08"


def test_taking_finer_places_is_written_down_and_taking_the_publics_is_not(dens, browser_of):
    taken(browser_of("nobody"), dens, "csv")
    taken(browser_of("dmitri"), dens, "csv")
    assert not Event.objects.filter(kind="layer_exported").exists()
    taken(browser_of("bat"), dens, "csv")
    event = Event.objects.get(kind="layer_exported")
    assert (event.by_name, event.details) == ("Bat", {"form": "csv", "level": 0})


@pytest.mark.parametrize(
    "path",
    ["", "/1", "/1/metadata.xml", "/1/metadata.jsonld", "/changes/1/1", "/changes/1/1?f=geojson"],
)
@pytest.mark.usefixtures("dens")
def test_pages_and_metadata_tell_an_outsider_the_cell_and_no_more(browser_of, path):
    page = browser_of("nobody").get(f"/layers/dens{path}").content.decode()
    assert [secret for secret in SECRETS if secret in page] == []


def test_markup_in_what_people_write_is_shown_as_text(browser_of, people):
    evil = "<script>alert(1)</script>"
    layer = make_layer(owner=people["aigul"])
    make_version(
        layer, title={"en": evil}, abstract={"en": evil}, method=evil, source=evil, licence=evil,
        attribution=evil, citation=evil, note=evil,
        columns={evil: {"meaning": evil, "public_to": 4}},
    )  # fmt: skip
    for path in ("/layers", "/layers?as=table", "/layers/dens", "/layers/dens/1/metadata.jsonld"):
        page = browser_of("nobody").get(path).content.decode()
        assert evil not in page
    assert "&lt;script&gt;" in browser_of("nobody").get("/layers/dens").content.decode()


def two_versions(people, second_place):
    layer = make_layer(owner=people["aigul"])
    for place in (DEN, second_place):
        LayerVersion.objects.filter(layer=layer).update(state=State.SUPERSEDED)
        version = make_version(layer)
        make_point(version, *place, uid="den", default_level=3, species_id="saiga", iso3="MNG")


@pytest.mark.parametrize("who", ["nobody", "dmitri", "irina"])
def test_two_releases_differ_for_an_outsider_only_where_the_cell_does(people, browser_of, who):
    two_versions(people, (DEN[0] + 0.002, DEN[1] + 0.002))
    page = browser_of(who).get("/layers/dens/changes/1/2").content.decode()
    assert "Nothing differs" in page
    assert "moved" in browser_of("bat").get("/layers/dens/changes/1/2").content.decode()


@pytest.mark.usefixtures("dens")
def test_the_list_is_searched_in_what_everybody_may_read(browser_of):
    for text in ("Spring", "103.12", "exact", "den-0"):
        page = browser_of("nobody").get("/layers", {"q": text}).content.decode()
        assert "No layer fits" in page


@pytest.mark.parametrize("who", ["nobody", "hassan", "chinara"])
def test_what_is_not_for_someone_is_answered_like_what_does_not_exist(people, browser_of, who):
    make_version(make_layer("secret-dens", owner=people["aigul"], audience="named"))
    secret = browser_of(who).get("/layers/secret-dens")
    nothing = browser_of(who).get("/layers/no-such-layer")
    assert secret.status_code == nothing.status_code == 404
    assert "secret" not in str(secret.headers)
    same = secret.content.decode().replace("secret-dens", "no-such-layer")
    token = re.compile(r'value="[A-Za-z0-9]{64}"')
    assert token.sub("", same) == token.sub("", nothing.content.decode())


def test_a_look_at_finer_places_is_written_down_once_a_day(dens, viewer):
    cache.clear()
    for _ in range(3):
        for who in ("bat", "nobody", "dmitri", "aigul"):
            note_sight(viewer(who), dens, "map")
    cache.clear()  # the server was started anew
    note_sight(viewer("bat"), dens, "map")
    assert [event.by_name for event in Event.objects.filter(kind="layer_seen_finely")] == ["Bat"]


def test_a_tile_with_finer_places_is_a_look(dens, browser_of, viewer):
    cache.clear()
    dens.refresh_from_db()
    seen = fingerprint(viewer("bat"), dens)
    answer = browser_of("bat").get(f"/atlas/tiles/dens/{seen}/5/25/11.mvt")
    assert answer.status_code == 200
    assert Event.objects.get(kind="layer_seen_finely").details["how"] == "map"


@pytest.mark.usefixtures("dens")
def test_the_owner_reads_who_saw_it_and_nobody_else_does(browser_of):
    cache.clear()
    browser_of("bat").get("/layers/dens")
    page = browser_of("aigul").get("/layers/dens/seen-by")
    assert "Bat" in page.content.decode()
    assert browser_of("bat").get("/layers/dens/seen-by").status_code == 404


def test_an_agreement_opens_and_its_end_closes(dens, browser_of, people, tmp_path):
    aigul, dmitri = browser_of("aigul"), browser_of("dmitri")
    told = {"email": people["dmitri"].email, "role": "", "level": "1", "terms": "For the fence."}
    assert aigul.post("/layers/dens/agreements", told).status_code == 302
    assert "103.1235" in texts_of("csv", taken(dmitri, dens, "csv")[1], tmp_path)

    agreement = Agreement.objects.get()
    aigul.post(f"/layers/dens/agreements/{agreement.pk}/end")
    assert "103.1235" not in texts_of("csv", taken(dmitri, dens, "csv")[1], tmp_path)
    kinds = list(Event.objects.filter(kind__startswith="agreement").values_list("kind", flat=True))
    assert sorted(kinds) == ["agreement_ended", "agreement_made"]


@pytest.mark.parametrize(
    "told", [{}, {"email": "no@one.example"}, {"role": "partner", "email": "x@y.z"}]
)
@pytest.mark.usefixtures("dens")
def test_an_agreement_is_with_one_party_that_is_known(browser_of, told):
    answer = browser_of("aigul").post("/layers/dens/agreements", {"level": "1"} | told)
    assert answer.status_code == 422
    assert not Agreement.objects.exists()


def test_a_stricter_rule_makes_what_is_released_coarser_when_the_worker_comes(
    dens, browser_of, work_off
):
    told = {
        "species_id": "snow_leopard",
        "iso3": "",
        "season": "",
        "level": "5",
        "basis": "Poaching.",
    }
    assert browser_of("farida").post("/layers/rules", told).status_code == 302
    work_off()
    assert set(Rendition.objects.values_list("default_level", flat=True)) == {5}
    _, body = taken(browser_of("nobody"), dens, "geojson")
    assert json.loads(body)["features"] == []


@pytest.mark.usefixtures("dens")
def test_only_the_secretariat_drops_a_rule_and_what_is_released_stays_coarse(browser_of, work_off):
    for rule in SensitivityRule.objects.filter(species_id="snow_leopard"):
        assert browser_of("irina").post(f"/layers/rules/{rule.pk}/drop").status_code == 404
        browser_of("farida").post(f"/layers/rules/{rule.pk}/drop")
    work_off()
    assert set(Rendition.objects.values_list("default_level", flat=True)) == {3}


def test_the_secretariat_says_that_nothing_is_sensitive_with_a_reason_and_an_event(
    bring, browser_of, work_off
):
    version = bring("x.geojson", geojson(([66.0, 48.0], ("species", "saiga"))))
    LayerVersion.objects.filter(pk=version.pk).update(state=State.IN_REVIEW)
    where = "/layers/dens/1/sensitivity"
    assert browser_of("farida").post(where, {"what": "open", "reason": ""}).status_code == 302
    told = {"what": "open", "reason": "A herd in a zoo."}
    assert browser_of("irina").post(where, told).status_code == 403
    browser_of("farida").post(where, told)
    jobs = work_off()
    assert {job.state for job in jobs} == {"done"}
    assert set(Rendition.objects.values_list("default_level", flat=True)) == {0}
    assert Event.objects.filter(kind="layer_opened").count() == 1


@pytest.mark.parametrize("way", ["facts", "search", "print"])
def test_every_way_to_finer_places_on_the_map_is_a_look(way, dens, browser_of):
    cache.clear()
    place = dens.renditions.filter(level=0).first().geometry.centroid
    view = {"bounds": [80, 40, 110, 50], "layers": [{"id": "dens"}]}
    bat = browser_of("bat")
    if way == "facts":
        bat.get("/atlas/facts", {"lon": place.x, "lat": place.y, "zoom": 12, "layers": "dens"})
    elif way == "search":
        bat.get("/atlas/search", {"q": "Spring"})
    else:
        bat.post("/atlas/print", {"view": json.dumps(view)})

    told = [(event.by_name, event.details["how"]) for event in Event.objects.filter(kind=SEEN)]
    assert told == [("Bat", "print" if way == "print" else "map")]


def test_a_look_after_an_agreement_is_written_down_though_the_day_began_without(
    dens, people, viewer
):
    cache.clear()
    note_sight(viewer("dmitri"), dens, "map")
    assert not Event.objects.filter(kind=SEEN).exists()
    Agreement.objects.create(layer=dens.layer, user=people["dmitri"], level=0)
    note_sight(viewer("dmitri"), dens, "map")
    assert [event.by_name for event in Event.objects.filter(kind=SEEN)] == ["Dmitri"]
