"""Requests made up from the two definitions find no fault, and no answer that is not declared."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.api import bearer
from kulan.web.api.actions import make_token
from kulan.web.api.scopes import Scope
from kulan.web.ogc.openapi import definition

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def things(people, monkeypatch):
    # the end of a request would close the connection that holds the test's transaction
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    monkeypatch.setattr(bearer, "MOST_BY_ADDRESS", 10**6)
    monkeypatch.setattr(bearer, "MOST_BY_TOKEN", 10**6)
    version = make_version(make_layer("dens", owner=people["aigul"]))
    make_point(version, default_level=3, species_id="saiga", iso3="MNG")
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def ogc():
    schema = schemathesis.openapi.from_dict(definition("http://testserver/ogc"))
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture
def rest():
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def try_out(schema, **headers):
    """Send requests made up for every operation, and check every answer."""
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @EXAMPLES
        @given(case=operation.as_strategy())
        def ask(case):
            # the client that calls without a network does not unpack
            case.call_and_validate(
                checks=CHECKS, headers={"Accept-Encoding": "identity", **headers}
            )

        ask()
        tried += 1
    return tried


@pytest.mark.slow
@pytest.mark.usefixtures("things")
def test_no_request_to_the_ogc_api_makes_it_fail(ogc):
    assert try_out(ogc) == 13


@pytest.mark.slow
@pytest.mark.usefixtures("things")
def test_no_request_to_the_rest_service_makes_it_fail(rest):
    assert try_out(rest) >= 9


@pytest.mark.slow
@pytest.mark.usefixtures("things")
def test_no_request_of_one_who_may_do_most_makes_the_rest_service_fail(
    rest, people, settings, tmp_path
):
    settings.STATE = tmp_path
    _, token = make_token(people["farida"], "program", Scope.values, days=30)
    assert try_out(rest, Authorization=f"Bearer {token}") >= 20
