"""Sends a published issue to the list, each address once, in its language.

What goes is written down before it goes. A worker that is stopped in between leaves a letter that
may have gone: it is not sent again, and counted as uncertain.
"""

import logging
import smtplib
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.report.newsletter import Letter, letter_text
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work
from kulan.web.language import current_words
from kulan.web.people.models import User
from kulan.web.policy import Viewer
from kulan.web.programme.newsletter.models import NewsletterIssue, SentLetter, Subscriber
from kulan.web.programme.newsletter.permissions import check_may_edit
from kulan.web.programme.newsletter.setting import as_html
from kulan.web.programme.newsletter.subscribing import address_of, check_has_address
from kulan.web.programme.newsletter.telling import letter_of
from kulan.words import words_in

KIND = "newsletter_letters"
_log = logging.getLogger(__name__)


def send_issue(viewer: Viewer, row: NewsletterIssue) -> Job:
    """Let a worker send a published issue to everyone on the list who has not had it.

    Raises
    ------
    AccessDeniedError
        If the viewer does not make the newsletter.
    NotAllowedNowError
        If it is a draft, is being sent, or letters could lead nowhere.
    """
    check_may_edit(viewer)
    check_has_address()
    say = current_words().say
    if row.is_draft:
        raise NotAllowedNowError(say("A draft is not sent. Publish it first."))
    with transaction.atomic():
        NewsletterIssue.objects.select_for_update().get(pk=row.pk)
        if open_job(row):
            raise NotAllowedNowError(say("This issue is being sent already."))
        record("newsletter_sent", row, by=viewer, addresses=waiting(row).count())
        by = User.objects.filter(pk=viewer.user_id).first()
        return enqueue(KIND, {"issue": row.number}, by=by)


def open_job(row: NewsletterIssue) -> Job | None:
    """Return the job that sends an issue now; None where none does."""
    states = (Job.State.QUEUED, Job.State.RUNNING)
    jobs = Job.objects.filter(kind=KIND, state__in=states)
    return next((one for one in jobs if one.payload.get("issue") == row.number), None)


def waiting(row: NewsletterIssue) -> Any:
    """Return who is on the list, and has not been sent the issue."""
    had = SentLetter.objects.filter(issue=row).exclude(state=SentLetter.State.REFUSED)
    return Subscriber.objects.filter(confirmed_at__isnull=False).exclude(
        pk__in=had.filter(subscriber__isnull=False).values("subscriber")
    )


def counts(row: NewsletterIssue) -> dict[str, int]:
    """Return how many letters of an issue were sent, refused, are uncertain; how many wait."""
    states = {one: Count("pk", filter=Q(state=one)) for one in SentLetter.State.values}
    told: dict[str, int] = row.letters.aggregate(**states)
    return {**told, "waiting": waiting(row).count()}


@work(KIND)
def send_letters(job: Job) -> dict[str, Any]:
    """Send an issue to everyone who waits for it."""
    row = NewsletterIssue.objects.prefetch_related("items").get(number=job.payload["issue"])
    people = list(waiting(row).order_by("pk"))
    letters: dict[str, Letter] = {}
    connection = get_connection()
    connection.open()  # where there is no mail server, nothing is written down as begun
    try:
        for done, person in enumerate(people):
            job.tell(done, len(people), "")
            letter = _begin(job, row, person)
            if letter is None:
                continue
            if person.language not in letters:
                letters[person.language] = letter_of(row, words_in(person.language))
            _finish(letter, _message(letters[person.language], person), connection)
    finally:
        connection.close()
    return counts(row)


def _begin(job: Job, row: NewsletterIssue, person: Subscriber) -> SentLetter | None:
    """Write down that a letter goes; None where another worker has, or the address has left."""
    try:
        with transaction.atomic():
            job.check_mine()
            if not Subscriber.objects.filter(pk=person.pk).exists():
                return None
            SentLetter.objects.filter(
                issue=row, subscriber=person, state=SentLetter.State.REFUSED
            ).delete()
            return SentLetter.objects.create(issue=row, subscriber=person, language=person.language)
    except IntegrityError:
        return None


def _finish(letter: SentLetter, message: EmailMultiAlternatives, connection: Any) -> None:
    state = SentLetter.State.SENT
    try:
        message.connection = connection
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as no:
        _log.warning("a mail server refused a letter: %s", type(no).__name__)  # no address
        state = SentLetter.State.REFUSED
    SentLetter.objects.filter(pk=letter.pk).update(state=state, at=timezone.now())


def _message(told: Letter, person: Subscriber) -> EmailMultiAlternatives:
    """Return the letter for one address, with the headers by which it leaves (RFC 8058)."""
    leave = address_of("newsletter_leave", person.token)
    own = replace(told, leave=leave)
    host = settings.PUBLIC_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    message = EmailMultiAlternatives(
        " ".join(told.title.split()),
        letter_text(own),
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<newsletter.{host}>",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(as_html(own).decode(), "text/html")
    return message
