"""The generated reference says what the program does today."""

import json

import jsonschema
import pytest

import make_reference
from kulan.report import findings_schema


@pytest.mark.parametrize("page", sorted(make_reference.PAGES))
def test_the_page_is_what_the_program_says_today(page):
    stored = (make_reference.REFERENCE / page).read_text(encoding="utf-8")
    assert stored == make_reference.PAGES[page](), f"{page} is old: run `make reference`"


def test_the_published_schema_of_findings_is_a_valid_schema():
    published = json.loads((make_reference.REFERENCE / "findings.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(published)
    assert published == json.loads(json.dumps(json.loads(findings_schema())))


def test_a_page_that_differs_is_named(tmp_path):
    (tmp_path / "errors.md").write_text("old")
    assert set(make_reference.differing_pages(tmp_path)) == set(make_reference.PAGES)
