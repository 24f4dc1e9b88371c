"""Dashboards count what their reader may see, and their files say what the pages say."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from builders_of_cycles import make_cycle
from builders_of_the_programme import make_evidence
from kulan.programme.evidence.dashboards import Choice
from kulan.web.programme.register.dashboard_boards import Question
from kulan.web.programme.register.dashboard_days import chart_days
from kulan.web.programme.register.models import Override

FILM = "cami-2021:30.2"  # one publication completes it
PAGES = ("programme_dashboard", "programme_stalled", "programme_near")


def sheet(browser, name="programme_dashboard_sheet", query=""):
    answer = browser.get(reverse(name, kwargs={"ending": "json"}) + query)
    assert answer.status_code == 200
    return json.loads(answer.content)


def section(browser, number, query=""):
    """Return what the overview counts in a section, zeros left out."""
    (row,) = [
        row
        for row in sheet(browser, query=query)["rows"]
        if (row["facet"], row["value"]) == ("section", number)
    ]
    left = ("facet", "name", "value", "total")
    return {name: count for name, count in row.items() if name not in left and count}


def a_film(**fields):
    return make_evidence(
        kind="publication", reference="https://example.org/film", actions=[FILM], **fields
    )


def test_the_overview_counts_every_action_once_by_section(browser_of):
    rows = [row for row in sheet(browser_of("nobody"))["rows"] if row["facet"] == "section"]

    assert len(rows) == 32
    assert sum(row["total"] for row in rows) == 228


def test_evidence_moves_an_action_from_one_status_to_another(browser_of):
    nobody = browser_of("nobody")
    before = section(nobody, "30")

    a_film()

    after = section(nobody, "30")
    assert (before.get("done", 0), after["done"]) == (0, 1)
    assert sum(before.values()) == sum(after.values())


@pytest.mark.parametrize(
    ("audience", "reader", "counts"),
    [
        ("public", "nobody", True),
        ("partners", "nobody", False),
        ("partners", "hassan", False),
        ("partners", "dmitri", True),
        ("government", "dmitri", False),
        ("government", "bat", True),
        ("government", "farida", True),
    ],
)
def test_what_a_reader_may_not_see_does_not_count(browser_of, audience, reader, counts):
    a_film(audience=audience)

    assert ("done" in section(browser_of(reader), "30")) == counts


def test_a_board_made_for_one_reader_is_not_shown_to_another(browser_of):
    a_film(audience="government")
    farida, nobody = browser_of("farida"), browser_of("nobody")

    for _ in range(2):
        assert section(farida, "30")["done"] == 1
        assert "done" not in section(nobody, "30")


def test_pages_are_kept_by_no_one_else(browser_of):
    for name in PAGES:
        answer = browser_of("farida").get(reverse(name))

        assert answer["Cache-Control"] == "private, no-cache"


def test_what_is_withdrawn_counts_no_more(browser_of):
    film = a_film()
    assert "done" in section(browser_of("nobody"), "30")

    film.withdrawn_at, film.reason = timezone.now(), "A mistake."
    film.save()

    assert "done" not in section(browser_of("nobody"), "30")


def test_a_status_set_by_hand_is_counted_as_set(browser_of):
    Override.objects.create(action=FILM, status="overtaken", reason="Nobody watches films.")

    assert section(browser_of("nobody"), "30")["overtaken"] == 1


def test_a_due_day_that_is_past_makes_overdue(browser_of):
    yesterday = timezone.localdate() - timedelta(days=1)
    Override.objects.create(action=FILM, sets="due", due=yesterday, reason="Promised.")

    assert section(browser_of("nobody"), "30")["overdue"] == 1


def test_in_a_state_its_own_statuses_are_counted(browser_of):
    law = {"kind": "law", "actions": ["cami-2021:6.2"]}
    make_evidence(reference="https://example.org/law", states=["KAZ"], **law)
    nobody = browser_of("nobody")

    assert section(nobody, "6", "?state=KAZ")["done"] == 1
    assert "done" not in section(nobody, "6", "?state=MNG")
    assert section(nobody, "6")["under_way"] == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 228),
        ("?section=21", 1),
        ("?species=wild_yak&section=26", 6),
        ("?lead=traffic", 2),
        ("?section=21&species=urial", 0),
        ("?state=XXX", 0),
        ("?landscape=nowhere", 0),
    ],
)
def test_filters_narrow_what_is_counted(browser_of, query, expected):
    rows = sheet(browser_of("nobody"), query=query)["rows"]

    assert sum(row["total"] for row in rows if row["facet"] == "section") == expected
    assert browser_of("nobody").get(reverse("programme_dashboard") + query).status_code == 200


@pytest.mark.parametrize("name", ["dashboard", "stalled", "near"])
def test_the_three_files_of_a_dashboard_hold_the_same_rows(browser_of, name):
    browser, address = browser_of("nobody"), f"programme_{name}_sheet"
    told = sheet(browser, address, "?section=30")["rows"]

    text = browser.get(reverse(address, kwargs={"ending": "csv"}) + "?section=30").content
    book = browser.get(reverse(address, kwargs={"ending": "xlsx"}) + "?section=30").content

    assert len(text.decode("utf-8-sig").strip().splitlines()) == len(told) + 1
    assert load_workbook(BytesIO(book)).active.max_row == len(told) + 1
    assert told


def test_stalled_is_what_had_nothing_new_for_the_months_asked(browser_of):
    nobody = browser_of("nobody")
    recent = timezone.localdate() - timedelta(days=100)
    make_evidence(
        kind="publication",
        reference="https://example.org/issue",
        actions=["cami-2021:29.2"],
        day=recent,
    )

    def stalled(months):
        rows = sheet(nobody, "programme_stalled_sheet", f"?months={months}")["rows"]
        return {row["action"] for row in rows}

    assert "cami-2021:29.2" in stalled(3)
    assert "cami-2021:29.2" not in stalled(6)
    assert FILM in stalled(6)
    assert "cami-2021:29.11" not in stalled(3)  # nothing can show it


def test_one_more_object_says_what_it_must_be(browser_of):
    rows = sheet(browser_of("nobody"), "programme_near_sheet", "?section=30")["rows"]

    (film,) = [row for row in rows if row["action"] == FILM]
    assert (film["kind"], film["completes_action"]) == ("publication", True)
    assert rows[0]["completes_action"]


def test_what_was_completed_is_no_longer_near(browser_of):
    a_film()

    rows = sheet(browser_of("nobody"), "programme_near_sheet")["rows"]

    assert FILM not in {row["action"] for row in rows}


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
@pytest.mark.parametrize("name", PAGES)
def test_dashboards_are_told_in_every_language(browser_of, name, language):
    browser = browser_of("nobody")

    page = browser.get(reverse(name), headers={"accept-language": language}).content.decode()

    assert f'<html lang="{language}"' in page
    assert ("Kazakhstan" in page) == (language in ("en", "fr"))


def test_a_state_has_a_page_of_its_own(browser_of):
    browser = browser_of("nobody")
    page = browser.get(reverse("programme_state", kwargs={"iso3": "KAZ"})).content.decode()

    assert "Party to CMS" in page
    assert "Goitered gazelle" in page or "goitered gazelle" in page
    for unknown in ("kaz", "XXX", "FRA"):
        address = reverse("programme_state", kwargs={"iso3": unknown})
        assert browser.get(address).status_code == 404


def test_the_numbers_of_the_page_are_those_of_its_file(browser_of):
    a_film()
    browser = browser_of("nobody")
    (row,) = [
        row for row in sheet(browser)["rows"] if (row["facet"], row["value"]) == ("section", "30")
    ]

    page = browser.get(reverse("programme_dashboard")).content.decode()

    for status, words in (("done", "Done"), ("not_started", "Not started")):
        assert f'{words}: {row[status]}"' in page
    assert "section=30&amp;status=done" in page


def test_an_edition_without_actions_has_an_empty_dashboard(browser_of):
    page = browser_of("nobody").get(reverse("programme_dashboard") + "?edition=cami-2014")

    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_charts_over_time_stand_on_the_ends_of_half_years():
    days = chart_days(date(2021, 1, 1), date(2022, 7, 1))

    assert [day.isoformat() for day in days] == [
        "2021-06-30",
        "2021-12-31",
        "2022-06-30",
        "2022-07-01",
    ]
    assert chart_days(None, date(2022, 7, 1)) == (date(2022, 7, 1),)
    assert len(chart_days(date(1990, 1, 1), date(2022, 7, 1))) == 21


@pytest.mark.parametrize(
    ("text", "months"), [("6", 6), ("0", 1), ("999", 120), ("-3", 12), ("x", 12), ("²", 12)]
)
def test_months_that_cannot_be_meant_are_put_right(rf, text, months):
    query = rf.get("/", {"months": text}).GET

    assert Question.of(query, "cami-2021") == Question("cami-2021", Choice(), months)


def test_charts_over_time_stand_on_the_closing_days_of_the_newest_twenty_cycles():
    closings = [date(1999 + number, 3, 31) for number in range(24)]
    days = chart_days(date(1990, 1, 1), date(2022, 7, 1), closings)

    assert days == (*closings[4:], date(2022, 7, 1))


def test_half_years_fill_what_few_cycles_leave():
    days = chart_days(date(2021, 1, 1), date(2022, 7, 1), [date(2022, 3, 1), date(2023, 1, 1)])

    assert [day.isoformat() for day in days] == [
        "2021-06-30", "2021-12-31", "2022-03-01", "2022-06-30", "2022-07-01",
    ]  # fmt: skip


@pytest.mark.usefixtures("people")
def test_a_closing_day_is_named_by_its_cycle_and_that_of_a_draft_by_none(browser_of):
    make_cycle("first", stage="locked", opens=date(2022, 1, 1), due=date(2022, 3, 1))
    early = datetime(2023, 2, 5, 12, tzinfo=UTC)
    make_cycle("early", stage="locked", opens=date(2022, 1, 1), due=date(2023, 3, 1),
               locked_at=early)  # fmt: skip
    make_cycle("hidden", stage="draft", opens=date(2022, 1, 1), due=date(2022, 4, 4))
    page = browser_of("nobody").get(reverse("programme_dashboard")).content.decode()

    assert "March 1, 2022 · Cycle first" in page
    assert "February 5, 2023 · Cycle early" in page
    assert "Cycle hidden" not in page
    assert "April 4, 2022" not in page
    rows = browser_of("nobody").get("/programme/dashboard.json").json()["rows"]
    days = [row["value"] for row in rows if row["facet"] == "day"]
    assert {"2022-03-01", "2023-02-05"} < set(days)
