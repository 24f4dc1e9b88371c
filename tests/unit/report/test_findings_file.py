"""findings.json and its schema."""

import dataclasses
import json

import jsonschema
import msgspec
import pytest

from hand_made import LOSS, make_found, make_screening
from kulan.report import findings_json, findings_schema
from kulan.screening.findings import Screening


def test_what_is_written_fits_the_schema():
    schema = json.loads(findings_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for screening in (
        make_screening(losses=[LOSS]),
        make_screening([make_found(1, species=(), states=(), areas=0)]),
    ):
        validator.validate(json.loads(findings_json(screening)))


def test_the_schema_refuses_what_is_not_a_finding():
    findings = json.loads(findings_json(make_screening()))
    findings["alternatives"][0]["key_areas"][0]["relation"] = "somewhere"
    with pytest.raises(jsonschema.ValidationError, match="somewhere"):
        jsonschema.validate(findings, json.loads(findings_schema()))


def test_every_object_of_the_schema_is_described():
    schema = json.loads(findings_schema())
    assert schema["$id"]
    assert [name for name, one in schema["$defs"].items() if not one.get("description")] == []


def test_findings_are_read_back_as_they_were():
    screening = make_screening(losses=[LOSS])
    back = msgspec.json.decode(findings_json(screening), type=Screening)
    assert findings_json(back) == findings_json(screening)
    assert back.alternatives == screening.alternatives


def test_the_order_is_that_of_the_declaration():
    written = list(json.loads(findings_json(make_screening())))
    assert written == [field.name for field in dataclasses.fields(Screening)]
