"""Every address, asked by each of the cast, gives the answer the truth table says."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from web_routes import CAST, NOT_OURS, Row, all_rows

ROWS = all_rows()


def route_names(resolver: URLResolver, prefix: str = "") -> set[str]:
    names = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            names.add(f"{prefix}{entry.name}" if entry.name else f"(nameless) {entry.pattern}")
        else:
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            names |= route_names(entry, inner)
    return names


OURS = sorted(name for name in route_names(get_resolver()) if not name.startswith(NOT_OURS))


@pytest.mark.parametrize("name", OURS)
def test_every_address_has_a_row_in_the_truth_table(name):
    assert name in {row.route for row in ROWS}, "add rows to tests/web_routes/"


def test_no_row_speaks_of_an_address_that_is_gone():
    assert {row.route for row in ROWS} <= set(OURS)


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everyone_is_answered_as_the_table_says(row: Row, who, browser_of, standing_things):
    arguments = {key: standing_things.get(thing, thing) for key, thing in row.arguments.items()}
    address = reverse(row.route, kwargs=arguments) + row.query
    data = {key: standing_things.get(value, value) for key, value in row.data.items()}

    answer = getattr(browser_of(who), row.method)(address, data)

    assert answer.status_code == row.status(who), answer.content[:500]
