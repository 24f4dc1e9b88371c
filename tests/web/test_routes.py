"""Every address, asked by each of the cast, gives the answer the truth table says."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from web_routes import CAST, Row, all_rows

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


OURS = sorted(route_names(get_resolver()))


@pytest.mark.parametrize("name", OURS)
def test_every_address_has_a_row_in_the_truth_table(name):
    assert name in {row.route for row in ROWS}, "add rows to tests/web_routes/"


def test_no_row_speaks_of_an_address_that_is_gone():
    assert {row.route for row in ROWS} <= set(OURS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everyone_is_answered_as_the_table_says(row: Row, ask_as_everyone):
    answers = ask_as_everyone(row)

    expected = {who: row.status(who) for who in CAST}
    assert {who: answer.status_code for who, answer in answers.items()} == expected
