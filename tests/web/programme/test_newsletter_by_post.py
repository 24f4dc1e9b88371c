"""The newsletter by post: asked for, confirmed, sent once, left by one click, shown to nobody."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from builders_of_newsletters import make_issue, make_subscriber
from kulan.errors import AccessDeniedError, NotAllowedNowError
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.people.erasing import erase_account
from kulan.web.people.holdings import held_of
from kulan.web.programme.newsletter import sending, subscribing
from kulan.web.programme.newsletter.models import SentLetter, Subscriber

ADDRESS = "saule@test.example"
SITE = "https://atlas.example"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.PUBLIC_URL = SITE
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def issue(db):  # noqa: ARG001
    found = make_issue(1, published=True, title={"en": "Spring", "ru": "Весна"})
    found.items.update(chosen=True)
    return found


def ask(email=ADDRESS, language="en", client=None):
    told = {"email": email, "language": language}
    return (client or Client()).post("/programme/newsletter/subscribe", told)


def work_is_done():
    for job in Job.objects.filter(kind=subscribing.KIND, state=Job.State.QUEUED):
        do(job)


def link_in(letter, word):
    return re.search(rf"{SITE}(/\S*/{word}/[\w-]+)", letter.body)[1]


def send(viewer, issue):
    job = sending.send_issue(viewer("farida"), issue)
    do(job)
    job.refresh_from_db()
    return job


# --- asking, confirming


@pytest.mark.django_db
def test_an_address_gets_nothing_until_it_has_confirmed_by_its_letter(viewer, issue):
    assert "is on its way" in ask(language="ru").content.decode()
    work_is_done()
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert "подтвердите" in letter.subject.lower()
    assert send(viewer, issue).result["sent"] == 0
    client, address = Client(), link_in(letter, "confirm")
    client.get(address)  # a program that looks into letters
    assert Subscriber.objects.get().confirmed_at is None
    client.post(address)
    assert Subscriber.objects.get().confirmed_at is not None
    assert send(viewer, issue).result["sent"] == 1
    assert mail.outbox[1].subject == "Весна"


@pytest.mark.django_db
def test_whoever_asks_sees_the_same_whether_the_address_is_on_the_list_or_not():
    make_subscriber()
    known, new = ask().content, ask("another@test.example").content
    csrf = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert csrf.sub(b"", known) == csrf.sub(b"", new)
    work_is_done()
    assert [one.to for one in mail.outbox] == [["another@test.example"]]


@pytest.mark.django_db
def test_a_mail_server_that_fails_tells_nobody_whether_an_address_is_on_the_list(monkeypatch):
    def closed(_self, _messages):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", closed)
    make_subscriber()
    assert [ask().status_code, ask("another@test.example").status_code] == [200, 200]
    job = Job.objects.get()  # which names no address
    assert job.payload == {"subscriber": Subscriber.objects.get(email="another@test.example").pk}


@pytest.mark.django_db
def test_an_address_that_left_before_its_letter_went_gets_none():
    ask()
    subscribing.forget_address(ADDRESS)
    work_is_done()
    assert mail.outbox == []


def test_a_mail_server_that_says_nothing_holds_nobody_up_for_ever(settings):
    assert 0 < settings.EMAIL_TIMEOUT <= 60


@pytest.mark.django_db
def test_nobody_has_many_letters_sent_to_another_by_asking_again_and_again():
    for _ in range(5):
        ask(ADDRESS.upper())
    work_is_done()
    assert len(mail.outbox) == 1
    assert Subscriber.objects.get().email == ADDRESS


@pytest.mark.django_db
def test_who_asks_very_often_is_asked_to_wait():
    answers = [ask(f"a{number}@test.example").status_code for number in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 429


@pytest.mark.django_db
def test_an_address_that_is_not_confirmed_is_forgotten():
    make_subscriber(confirmed_at=None, asked_at=timezone.now() - timedelta(days=8))
    make_subscriber("kept@test.example", asked_at=timezone.now() - timedelta(days=8))
    assert subscribing.forget_unconfirmed() == 1
    assert Subscriber.objects.get().email == "kept@test.example"


# --- letters


def test_a_letter_is_in_the_language_asked_for_and_can_be_stopped_by_one_click(viewer, issue):
    person = make_subscriber(language="fr")
    send(viewer, issue)
    (letter,) = mail.outbox
    leave = f"{SITE}/programme/newsletter/leave/{person.token}"
    assert letter.extra_headers["List-Unsubscribe"] == f"<{leave}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.message()["List-Unsubscribe"] == f"<{leave}>"
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert leave in html
    assert leave in letter.body
    assert "Réunion" in letter.body
    # a mail program sends no cookie and no token of a form (RFC 8058)
    answer = Client(enforce_csrf_checks=True).post(
        leave.removeprefix(SITE), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()


def test_a_link_that_is_only_looked_at_stops_nothing(issue, viewer):
    person = make_subscriber()
    Client().get(f"/programme/newsletter/leave/{person.token}")
    assert send(viewer, issue).result["sent"] == 1


def test_nothing_is_sent_twice(viewer, issue):
    make_subscriber()
    make_subscriber("daniyar@test.example")
    for _ in range(3):
        send(viewer, issue)
    assert sorted(one.to[0] for one in mail.outbox) == ["daniyar@test.example", ADDRESS]
    assert SentLetter.objects.filter(state="sent").count() == 2
    make_subscriber("new@test.example")
    send(viewer, issue)
    assert [one.to for one in mail.outbox[2:]] == [["new@test.example"]]


def test_a_letter_of_which_nobody_knows_is_not_sent_again_and_is_counted(viewer, issue):
    person = make_subscriber()
    issue.letters.create(subscriber=person, language="en")  # a worker was stopped here
    result = send(viewer, issue).result
    assert (result["begun"], result["sent"], result["waiting"]) == (1, 0, 0)
    assert mail.outbox == []


def test_what_a_mail_server_refused_is_tried_once_more_when_asked(viewer, issue, monkeypatch):
    make_subscriber()

    def refuse(_self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert send(viewer, issue).result["refused"] == 1
    monkeypatch.undo()
    result = send(viewer, issue).result
    assert (result["refused"], result["sent"]) == (0, 1)


def test_without_a_mail_server_nothing_is_written_down_as_sent(viewer, issue, monkeypatch):
    make_subscriber()

    def closed(_self):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", closed)
    with pytest.raises(ConnectionRefusedError):
        send(viewer, issue)
    assert not SentLetter.objects.exists()


def test_a_draft_is_not_sent_and_only_the_secretariat_sends(viewer, issue):
    with pytest.raises(NotAllowedNowError, match="Publish"):
        sending.send_issue(viewer("farida"), make_issue(2))
    for who in ("aigul", "bat", "gulnara", "nobody"):
        if who != "nobody":
            with pytest.raises(AccessDeniedError):
                sending.send_issue(viewer(who), issue)


def test_an_issue_that_is_being_sent_is_not_sent_beside(viewer, issue):
    make_subscriber()
    sending.send_issue(viewer("farida"), issue)
    with pytest.raises(NotAllowedNowError, match="already"):
        sending.send_issue(viewer("farida"), issue)
    assert Job.objects.count() == 1


def test_without_an_address_of_its_own_the_atlas_sends_nothing(viewer, issue, settings):
    settings.PUBLIC_URL = ""
    with pytest.raises(NotAllowedNowError, match="KULAN_PUBLIC_URL"):
        sending.send_issue(viewer("farida"), issue)
    assert ask().status_code == 409


# --- privacy


def test_the_address_is_on_no_page_in_no_event_and_in_no_job(viewer, issue, browser_of):
    make_subscriber()
    job = send(viewer, issue)
    subscribing.leave(Subscriber.objects.get().token)
    told = str(list(Event.objects.values())) + str(job.result) + str(job.payload) + job.doing
    assert ADDRESS not in told
    make_subscriber()
    for who in ("farida", "gulnara"):
        for address in ("", "/1"):
            page = browser_of(who).get(f"/programme/newsletter{address or '/'}").content.decode()
            assert ADDRESS not in page
    assert "Sent: 1." in browser_of("farida").get("/programme/newsletter/1").content.decode()


def test_what_was_sent_stays_counted_when_an_address_leaves(viewer, issue):
    person = make_subscriber()
    send(viewer, issue)
    subscribing.leave(person.token)
    assert SentLetter.objects.get().subscriber is None
    assert sending.counts(issue)["sent"] == 1


def test_a_persons_own_address_is_given_to_them_and_goes_with_their_account(people):
    make_subscriber(people["hassan"].email)
    assert held_of(people["hassan"])["newsletter_by_post"][0]["language"] == "en"
    erase_account(people["hassan"])
    assert not Subscriber.objects.exists()
