"""Commitments of companies: what was delivered is computed from the mitigation fund's books."""

from datetime import date

import pytest
from django.urls import reverse

from builders_of_money import make_books, make_entry, second_secretary
from builders_of_registers import make_record
from kulan.errors import AccessDeniedError, InvalidTableError, NotAllowedNowError
from kulan.programme.money import Line, money
from kulan.web.policy import viewer_of
from kulan.web.programme.money import books
from kulan.web.programme.money.models import LedgerAccount
from kulan.web.programme.registers import actions
from kulan.web.programme.registers.actions import Content
from kulan.web.programme.registers.evidence import evidence_objects
from kulan.web.programme.registers.forms import RecordForm

ACTION = "cami-2021:1.1"


@pytest.fixture
def post(people, viewer):
    """Post an entry to the fund: one enters, another posts."""
    make_books()
    second = viewer_of(second_secretary(people))

    def posted(entry) -> int:
        return books.approve(second, books.enter(viewer("farida"), entry)).number

    posted.second = second
    return posted


def promised(*entries: int, **data):
    content = {"amount": 300.0, "currency": "USD", "due_on": "2024-12", "actions": [ACTION], **data}
    return make_record("commitments", data={**content, "entries": [str(one) for one in entries]})


def page_of(browser, record) -> str:
    return browser.get(
        reverse("register_record", args=["commitments", record.uid])
    ).content.decode()


def counted(viewer) -> list[date]:
    return [one.day for one in evidence_objects(viewer) if one.kind == "commitment"]


def test_a_promise_is_delivered_on_the_day_the_whole_had_been_received(post, viewer, browser_of):
    first = post(make_entry("100", date(2025, 1, 10)))
    record = promised(first)
    page = page_of(browser_of("dmitri"), record)
    assert "Delivered in part" in page
    assert "100\u00a0USD of 300\u00a0USD" in page
    assert "overdue" in page
    assert counted(viewer("nobody")) == []

    second = post(make_entry("200", date(2025, 3, 4)))
    data = {**record.data, "entries": [str(first), str(second)]}
    actions.change(viewer("farida"), record, Content(data), revision=1)
    page = page_of(browser_of("dmitri"), record)
    assert "March 4, 2025" in page
    assert "by the fund&#39;s books" in page
    assert "overdue" not in page
    assert counted(viewer("nobody")) == [date(2025, 3, 4)]


def test_the_list_tells_what_the_books_say(post, browser_of):
    promised(post(make_entry("300", date(2025, 1, 10))), delivered_on="2023")
    page = browser_of("nobody").get(reverse("register", args=["commitments"])).content.decode()
    card = page.split('<li class="card')[1].split("</li>")[0]
    assert '<span class="badge badge-good">Delivered</span>' in card
    assert "January 10, 2025" in card
    assert "2023" not in card


def test_what_is_reversed_was_not_delivered(post, viewer, browser_of):
    number = post(make_entry("300", date(2025, 1, 10)))
    record = promised(number)
    assert counted(viewer("nobody")) == [date(2025, 1, 10)]
    draft = books.enter_reversal(viewer("farida"), number, date(2025, 2, 1), "A mistake")
    books.approve(post.second, draft)
    assert counted(viewer("nobody")) == []
    assert "reversed by another entry" in page_of(browser_of("farida"), record)


def test_nobody_says_delivered_against_the_books(post, viewer):
    number = post(make_entry("299.99"))
    record = promised(number, delivered_on="2025", proof="A letter")
    with pytest.raises(NotAllowedNowError, match=r"299\.99"):
        actions.move(viewer("bat"), record, "delivered", revision=1)
    assert counted(viewer("nobody")) == []
    number_2 = post(make_entry("0.01"))
    record.data["entries"].append(str(number_2))
    record.save()
    actions.move(viewer("bat"), record, "delivered", revision=1)
    assert record.stage == "delivered"


def test_a_promise_names_entries_that_are_in_the_books(post, viewer):
    post(make_entry())
    record = promised()
    wrong = Content({**record.data, "entries": ["7"]})
    with pytest.raises(InvalidTableError, match="entry"):
        actions.change(viewer("farida"), record, wrong, revision=1)
    actions.change(viewer("farida"), record, Content({**record.data, "entries": "001"}), revision=1)
    assert record.data["entries"] == ["1"]


def test_what_moves_between_accounts_delivers_nothing(post, viewer, browser_of):
    LedgerAccount.objects.create(code="1100", name="Deposit", kind="asset")
    moved = money("300", "USD")
    lines = (Line("1100", "gobi", "debit", moved), Line("1000", "gobi", "credit", moved))
    record = promised(post(make_entry(lines=lines)))
    assert counted(viewer("nobody")) == []
    assert "nothing was received by it" in page_of(browser_of("farida"), record)


def test_one_entry_delivers_one_promise(post, viewer):
    number = post(make_entry("300"))
    first, second = promised(number), promised()
    named = Content({**second.data, "entries": [str(number)]})
    with pytest.raises(NotAllowedNowError, match="Entry 1 is named by another"):
        actions.change(viewer("farida"), second, named, revision=1)
    with pytest.raises(NotAllowedNowError, match="Entry 1 is named by another"):
        actions.add(viewer("farida"), second.declared, named)
    second.refresh_from_db()
    assert second.data.get("entries", []) == []
    actions.withdraw(viewer("farida"), first, revision=1, reason="A slip")
    actions.change(viewer("farida"), second, named, revision=1)
    assert second.data["entries"] == [str(number)]


def test_who_keeps_a_promise_and_not_the_money_names_no_entry(post, viewer):
    number = post(make_entry("300"))
    record = promised()
    named = Content({**record.data, "entries": [str(number)]})
    with pytest.raises(AccessDeniedError, match="secretariat alone"):
        actions.change(viewer("bat"), record, named, revision=1)
    with pytest.raises(AccessDeniedError, match="secretariat alone"):
        actions.add(viewer("bat"), record.declared, named)
    record.refresh_from_db()
    assert counted(viewer("nobody")) == []


def test_who_keeps_a_promise_changes_the_rest_and_the_entries_stay(post, viewer, browser_of):
    number = post(make_entry("100"))
    record = promised(number)
    data = {name: value for name, value in record.data.items() if name != "entries"}
    actions.change(viewer("bat"), record, Content({**data, "proof": "A letter"}), revision=1)
    assert (record.data["proof"], record.data["entries"]) == ("A letter", [str(number)])
    form = RecordForm(viewer("bat"), record.declared, record=record)
    assert form.fields["entries"].disabled
    assert not RecordForm(viewer("farida"), record.declared).fields["entries"].disabled
    change = reverse("register_change", args=["commitments", record.uid])
    page = browser_of("bat").get(change).content.decode()
    assert "disabled" in page.split('name="entries"')[1].split(">")[0]


@pytest.mark.parametrize("who", ["nobody", "hassan", "gulnara"])
def test_outsiders_read_that_and_when_it_was_delivered_and_no_amount(who, post, browser_of):
    record = promised(post(make_entry("300", date(2025, 1, 10))))
    page = page_of(browser_of(who), record)
    assert "January 10, 2025" in page
    assert "300" not in page.replace("#", "")
    assert reverse("money_books") not in page


def test_the_journal_leads_to_the_promise_and_back(post, browser_of):
    record = promised(post(make_entry("300")))
    browser = browser_of("dmitri")
    assert f"{reverse('money_books')}?page=1#entry-1" in page_of(browser, record)
    journal = browser.get(reverse("money_books")).content.decode()
    assert reverse("register_record", args=["commitments", record.uid]) in journal


def test_without_an_entry_the_keepers_say_what_was_delivered(browser_of, people):  # noqa: ARG001
    record = promised(delivered_on="2025-03", proof="A letter")
    page = page_of(browser_of("nobody"), record)
    assert "as those say who keep this record" in page
    assert "March 2025" in page
