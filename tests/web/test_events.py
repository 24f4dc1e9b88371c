"""What happened: who may read of what, in which words, and as a table."""

import ast
import csv
import io
from pathlib import Path

import pytest

import kulan.web
from builders_of_the_web import make_layer, make_version
from kulan.web.events.history import events_of
from kulan.web.events.kinds import KINDS
from kulan.web.events.models import Event
from kulan.web.events.record import record
from kulan.web.policy.people import visible_events

SOURCES = sorted(Path(kulan.web.__file__).parent.rglob("*.py"))


def recorded_kinds():
    """Kinds of events that the application writes, read from its source."""
    kinds = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                kinds |= {
                    leaf.value
                    for leaf in ast.walk(node.args[0])
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    return kinds


def test_every_kind_of_event_has_words():
    found = recorded_kinds()
    assert {"grant_given", "account_erased"} <= found
    assert found - set(KINDS) == set(), "add them to kulan.web.events.kinds"


@pytest.fixture
def happened(people):
    layer = make_layer(owner=people["aigul"])
    version = make_version(layer, created_by=people["aigul"])
    record("layer_seen", layer, by=people["bat"])
    record("version_released", version, by=people["irina"])
    record("grant_given", people["dmitri"], by=people["gulnara"], role="partner")
    return layer, version


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("nobody", set()),
        ("hassan", set()),
        ("farida", set()),
        ("bat", {"layer_seen"}),
        ("irina", {"version_released"}),
        ("dmitri", {"grant_given"}),
        ("aigul", {"layer_seen", "version_released"}),
        ("azamat", {"layer_seen", "version_released"}),
        ("gulnara", {"layer_seen", "version_released", "grant_given"}),
    ],
)
@pytest.mark.usefixtures("happened")
def test_who_reads_of_what(viewer, who, kinds):
    assert set(visible_events(viewer(who)).values_list("kind", flat=True)) == kinds


def test_the_owner_reads_who_saw_the_layer_and_others_learn_nothing(browser_of, happened):
    layer, _ = happened
    address = f"/events/of/layer/{layer.pk}"
    assert "Bat" in browser_of("aigul").get(address).content.decode()
    for who in ("nobody", "dmitri", "irina", "farida"):
        assert browser_of(who).get(address).status_code == 404, who


def test_what_happened_to_a_thing_is_told_latest_first(people):
    for kind in ("account_made", "grant_given", "account_closed"):
        record(kind, people["dmitri"], by=people["gulnara"])
    told = [happening.what for happening in events_of("user", people["dmitri"].pk)]
    assert told == ["Account closed", "Role given", "Account made"]


@pytest.mark.usefixtures("happened")
def test_the_page_finds_by_kind_thing_name_and_day(browser_of):
    client = browser_of("gulnara")
    for query, count in (
        ("", 3),
        ("kind=grant_given", 1),
        ("subject_kind=layer", 1),
        ("q=irina", 1),
        ("q=dmitri", 1),
        ("since=2999-01-01", 0),
        ("until=2001-01-01", 0),
        ("since=nonsense", 3),
        ("since=2026-02-31", 3),
    ):
        text = client.get(f"/events/?{query}").content.decode()
        assert f">{count} event" in text, query


def test_the_table_runs_nothing_in_a_spreadsheet(people, browser_of):
    people["dmitri"].name = '=HYPERLINK("http://evil.example")'
    record("account_changed", people["dmitri"], by=people["dmitri"], note="@SUM(A1)")
    answer = browser_of("gulnara").get("/events/table.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[1])
    assert any("HYPERLINK" in cell for cell in rows[1])


@pytest.mark.usefixtures("happened")
def test_the_table_has_what_the_page_finds(browser_of):
    answer = browser_of("gulnara").get("/events/table.csv?kind=grant_given")
    assert answer.content.decode().count("\r\n") == 2
    assert browser_of("gulnara").get("/events/table.csv?q=none+such").status_code == 200


def test_an_event_outlives_what_it_tells_of(people):
    layer = make_layer(owner=people["aigul"])
    record("layer_seen", layer, by=people["bat"])
    layer.delete()
    people["bat"].delete()
    event = Event.objects.get()
    assert (event.by_name, event.subject_title) == ("Bat", "dens")
