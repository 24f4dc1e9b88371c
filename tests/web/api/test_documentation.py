"""The reference page of the machine doors names what the definitions have, and nothing else."""

import re

import pytest
from django.conf import settings
from django.test import Client

from kulan.web.api import actions, bearer, shapes
from kulan.web.api.scopes import Scope
from kulan.web.ogc.openapi import definition
from kulan.web.screenings.actions import MOST_AT_ONCE

PAGE = (settings.BASE.parents[2] / "docs" / "reference" / "rest-and-ogc.md").read_text()
ROW = re.compile(r"^\| `(GET|POST|DELETE) (/\S*)` \|", re.M)


def operations(document):
    return {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }


@pytest.mark.django_db
def test_every_operation_of_both_services_has_its_row():
    rest = operations(Client().get("/api/v1/openapi.json").json())
    ogc = operations(definition("/ogc"))
    told = ROW.findall(PAGE)
    assert len(told) == len(set(told))
    assert set(told) == rest | {(method, f"/ogc{path.rstrip('/')}") for method, path in ogc}


def test_every_scope_and_limit_is_told():
    for scope in Scope.values:
        assert f"| `{scope}` |" in PAGE
    for most in (bearer.MOST_BY_TOKEN, bearer.MOST_BY_ADDRESS, bearer.MOST_WRONG):
        assert f"{most:,} in a minute" in PAGE
    assert f"| {MOST_AT_ONCE} | 429 |" in PAGE
    assert f"| {actions.MOST_TOKENS} | 409 |" in PAGE
    for status in {*shapes.REFUSALS, *shapes.OF_CHANGES}:
        assert f"| {status} |" in PAGE
