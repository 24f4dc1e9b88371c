"""Limits of how often are counted by visitor, also where all come through one proxy."""

import pytest

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.api import bearer

ONE, OTHER = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def ask(client, settings, monkeypatch):
    """Return the status of a request of a visitor whom the proxy names."""
    settings.BEHIND_PROXY = True
    monkeypatch.setattr(bearer, "MOST_BY_ADDRESS", 3)

    def status(path, visitor):
        told = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.9, {visitor}"}
        return client.get(path, **told).status_code

    return status


@pytest.mark.django_db
def test_one_visitor_of_the_doors_for_programs_does_not_use_up_anothers_limit(ask):
    assert [ask("/api/v1/layers", ONE) for _ in range(4)] == [200, 200, 200, 429]
    assert ask("/api/v1/layers", OTHER) == 200


def test_one_visitor_who_takes_files_does_not_use_up_anothers_limit(ask, people):
    make_point(make_version(make_layer("wells", owner=people["aigul"])))
    file = "/layers/wells/1/data.csv"
    assert [ask(file, ONE) for _ in range(61)] == [200] * 60 + [429]
    assert ask(file, OTHER) == 200
