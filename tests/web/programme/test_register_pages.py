"""The register's pages: what they list, for whom, in which language, and how quickly."""

import csv
import io
import json
from datetime import date

import pytest

from builders_of_the_programme import ACTION, GOVERNMENTS, PARTNERS, make_evidence
from kulan.web.people.models import Grant
from kulan.web.programme.evidence_sources import page_of
from kulan.web.programme.register import actions
from kulan.web.programme.register.models import EvidenceItem, ImportedEdition
from web_routes import programme as rows_of_programme

PAGE = "/programme/actions/cami-2021/21.1"
GOVERNMENT = (
    "bat",
    "chinara",
    "farida",
    "aigul",
    "azamat",
)  # Aigul added it; Azamat is of her house
OUTSIDERS = {
    PARTNERS: ("nobody", "hassan"),
    GOVERNMENTS: ("nobody", "hassan", "dmitri", "irina", "erlan", "gulnara"),
}


def text_of(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", errors="replace")


def rows_in(browser, query=""):
    answer = browser.get(f"/programme/actions.csv{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("title", OUTSIDERS)
@pytest.mark.parametrize("row", rows_of_programme.ROWS, ids=str)
def test_no_page_names_evidence_that_is_for_others(row, title, ask_as_everyone):
    for who, answer in ask_as_everyone(row, OUTSIDERS[title]).items():
        assert title not in text_of(answer), who


@pytest.mark.usefixtures("standing_things")
def test_those_it_is_for_are_told(browser_of):
    """The test above could not fail if nobody were told."""
    assert GOVERNMENTS in text_of(browser_of("bat").get(PAGE))
    assert PARTNERS in text_of(browser_of("dmitri").get(PAGE))
    assert GOVERNMENTS in text_of(browser_of("chinara").get("/programme/evidence"))


@pytest.mark.usefixtures("people")
def test_the_list_has_every_action_of_the_edition_in_force(browser_of):
    page = text_of(browser_of("nobody").get("/programme/"))
    assert page.count('class="register-number"') == 228
    assert "Programme of work 2021-2026" in page


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("section=21", lambda row: row["section"] == "21"),
        ("lead=cms", lambda row: "cms" in row["leads"].split("; ")),
        ("priority=low", lambda row: "low" in (row["priority_low"], row["priority_high"])),
        ("species=saiga", lambda row: "saiga" in row["species"].split("; ")),
        ("state=BTN", lambda row: "BTN" in row["states"].split("; ")),
        ("status=cannot_be_computed", lambda row: row["status"] == "cannot_be_computed"),
        ("q=29.10b", lambda row: row["number"] == "29.10b"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_each_filter_leaves_what_fits_and_nothing_else(query, fits, browser_of):
    browser = browser_of("nobody")
    everything, found = rows_in(browser), rows_in(browser, f"?{query}")
    assert 0 < len(found) < 228
    wanted = [row["action"] for row in everything if fits(row)]
    assert [row["action"] for row in found] == wanted


@pytest.mark.usefixtures("people")
def test_the_sheets_say_the_same_as_each_other(browser_of):
    browser = browser_of("nobody")
    told = json.loads(browser.get("/programme/actions.json?section=3").content)
    from_csv = rows_in(browser, "?section=3")
    assert [one["action"] for one in told["actions"]] == [row["action"] for row in from_csv]
    assert browser.get("/programme/actions.xlsx?section=3").content[:2] == b"PK"


def test_with_a_state_the_status_is_that_of_the_state(browser_of, viewer):
    actions.override_status(viewer("bat"), ACTION, status="done", reason="Ours is.", iso3="MNG")
    browser = browser_of("nobody")
    [whole] = rows_in(browser, "?q=21.1&section=21")
    [of_state] = rows_in(browser, "?q=21.1&section=21&state=MNG")
    assert (whole["status"], of_state["status"]) == ("not_started", "done")
    assert of_state["status_computed"] == "not_started"


def test_computed_and_set_are_both_on_the_page_with_the_reason(browser_of, viewer):
    actions.override_status(viewer("farida"), ACTION, status="done", reason="Adopted in May.")
    page = text_of(browser_of("nobody").get(PAGE))
    assert "set by hand; computed from the evidence:" in page
    assert "Adopted in May." in page
    listed = text_of(browser_of("nobody").get("/programme/?section=21"))
    assert "set by hand; computed: not started" in listed


def test_the_public_reads_the_organisation_and_those_with_a_role_the_person(browser_of, viewer):
    actions.override_status(viewer("farida"), ACTION, status="done", reason="Adopted.")
    assert "Farida" not in text_of(browser_of("nobody").get(PAGE))
    assert "Secretariat" in text_of(browser_of("nobody").get(PAGE))
    assert "Farida" in text_of(browser_of("dmitri").get(PAGE))


@pytest.mark.usefixtures("people")
def test_a_document_is_added_by_its_form_and_counts(browser_of):
    browser = browser_of("bat")
    told = {
        "way": "document",
        "kind": "plan",
        "title": "Plan of Mongolia",
        "reference": "https://example.org/plan",
        "day": "2024-05-01",
        "states": ["MNG"],
        "species": ["saiga"],
        "audience": "public",
        "note": "",
    }
    answer = browser.post(f"{PAGE}/evidence", told)
    assert answer.headers["Location"] == PAGE
    assert "Plan of Mongolia" in text_of(browser_of("nobody").get(PAGE))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reference": "javascript:alert(1)"}, "id_document_reference_error"),
        ({"reference": "ftp://example.org/x"}, "id_document_reference_error"),
        ({"day": "2999-01-01"}, "id_document_day_error"),
        ({"kind": "layer"}, "id_document_kind_error"),
        ({"audience": "government"}, "id_document_audience_error"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_a_fault_in_the_form_is_told_at_its_field(wrong, told, browser_of):
    sent = {
        "way": "document",
        "kind": "plan",
        "title": "A plan",
        "reference": "https://example.org/plan",
        "day": "2024-05-01",
        "audience": "public",
    }
    answer = browser_of("dmitri").post(f"{PAGE}/evidence", {**sent, **wrong})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not EvidenceItem.objects.exists()


@pytest.mark.usefixtures("standing_things")
def test_a_layer_is_chosen_from_those_the_reader_may_know_of(browser_of):
    page = text_of(browser_of("bat").get(f"{PAGE}/evidence"))
    assert "layer layer:public-layer/1" in page
    assert "layer:named-layer/1" not in page
    browser_of("bat").post(
        f"{PAGE}/evidence",
        {"way": "object", "object": "layer layer:public-layer/1", "audience": "public"},
    )
    made = EvidenceItem.objects.get(reference="layer:public-layer/1")
    assert (made.kind, made.states) == ("layer", ["MNG"])


@pytest.mark.usefixtures("people")
def test_what_people_write_is_shown_as_text(browser_of):
    make_evidence(title="<script>alert(1)</script>", reference="https://example.org/<b>")
    for path in (PAGE, "/programme/evidence"):
        page = text_of(browser_of("nobody").get(path))
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Программа работы"), ("fr", "Programme de travail")]
)
def test_the_register_is_in_the_readers_language(language, words, browser_of):
    assert words in text_of(browser_of("nobody").get(f"/programme/?lang={language}"))


@pytest.mark.usefixtures("people")
def test_a_draft_edition_is_for_the_secretariat(browser_of):
    ImportedEdition.objects.create(edition_id="argali-2027", plan="argali")
    assert browser_of("farida").get("/programme/?edition=argali-2027").status_code == 200
    for who in ("nobody", "bat", "gulnara"):
        assert browser_of(who).get("/programme/?edition=argali-2027").status_code == 404


@pytest.mark.usefixtures("people")
def test_the_list_asks_the_database_little_however_much_there_is(
    browser_of, django_assert_max_num_queries
):
    for number in range(300):
        make_evidence(reference=f"https://example.org/{number}", states=["MNG"])
    browser = browser_of("nobody")
    with django_assert_max_num_queries(12):
        browser.get("/programme/")


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("https://example.org/x", "https://example.org/x"),
        ("doi:10.1002/ecs2.3696", "https://doi.org/10.1002/ecs2.3696"),
        ("layer:roads/2", "/layers/roads/2"),
        ("layer:roads", ""),
        (
            "agreements:00000000-0000-4000-8000-000000000000",
            "/programme/registers/agreements/00000000-0000-4000-8000-000000000000",
        ),
        ("rumour:1", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_reference_leads_to_its_page_or_nowhere(reference, address):
    assert page_of(reference) == address


def test_a_closed_role_reads_as_the_public_does(people, browser_of):
    make_evidence(title=PARTNERS, audience="partners")
    Grant.objects.filter(user=people["dmitri"]).delete()
    assert PARTNERS not in text_of(browser_of("dmitri").get(PAGE))


def test_a_program_is_told_what_counts_and_what_lacks(browser_of, viewer):
    actions.add_evidence(
        viewer("bat"),
        (ACTION,),
        kind="report",
        reference="https://example.org/report",
        title="Report of Mongolia",
        day=date(2024, 5, 1),
        states=("MNG",),
        species=("saiga",),
    )
    told = browser_of("nobody").get(f"/api/v1/programme/actions/{ACTION}").json()
    assert [one["title"] for one in told["counted"]] == ["Report of Mongolia"]
    assert (told["status"], told["by_state"]["MNG"]) == ("under_way", "done")
    assert "MNG" not in {one["state"] for one in told["missing"]}
    assert {one["kind"] for one in told["missing"]} == {"report"}
