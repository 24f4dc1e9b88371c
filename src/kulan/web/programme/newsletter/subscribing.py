"""Who gets the newsletter by post: an address asks, confirms by a letter, and leaves by one click.

Whoever asks for an address sees the same answer, whether it is on the list or not.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work
from kulan.web.language import current_words
from kulan.web.programme.newsletter.models import Subscriber
from kulan.words import Words, words_in

KIND = "newsletter_confirmation"

ASK_AGAIN = timedelta(minutes=15)
"""How long no second letter of confirmation goes to one address."""

FORGET = timedelta(days=7)
"""How long an address that does not confirm is kept."""


def ask(email: str, language: str) -> None:
    """Put an address on the list as not confirmed, and let a worker write to it.

    The letter goes later: neither how long the answer takes nor a fault of the mail server tells
    whether the address was on the list.

    Of an address that has confirmed already nothing changes, and nothing is sent: who knows an
    address must not be able to have letters sent to it.

    Raises
    ------
    NotAllowedNowError
        If the Atlas has no address of its own, to which letters could lead.
    """
    check_has_address()
    now = timezone.now()
    with transaction.atomic():
        row, new = Subscriber.objects.select_for_update().get_or_create(
            email=email.strip().lower(),
            defaults={"language": language, "token": secrets.token_urlsafe(32)},
        )
        if row.confirmed_at is not None or (not new and now - row.asked_at < ASK_AGAIN):
            return
        row.language, row.asked_at = language, now
        row.save(update_fields=["language", "asked_at"])
        enqueue(KIND, {"subscriber": row.pk}, by=None)


@work(KIND)
def send_confirmation(job: Job) -> None:
    """Write to an address that asked, unless it has confirmed or left meanwhile."""
    row = Subscriber.objects.filter(pk=job.payload["subscriber"], confirmed_at=None).first()
    if row is None:
        return
    words = words_in(row.language)
    EmailMessage(
        words.say("Newsletter: please confirm your address"),
        _letter(words, row.token),
        settings.DEFAULT_FROM_EMAIL,
        [row.email],
    ).send()


def confirm(token: str) -> bool:
    """Confirm the address of a token; whether there is one."""
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().filter(token=token).first()
        if row is None:
            return False
        if row.confirmed_at is None:
            row.confirmed_at = timezone.now()
            row.save(update_fields=["confirmed_at"])
            record("newsletter_subscribed", row, by=None)
    return True


def leave(token: str) -> bool:
    """Take the address of a token off the list; whether there was one."""
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().filter(token=token).first()
        if row is None:
            return False
        record("newsletter_left", row, by=None)
        row.delete()
    return True


def forget_address(email: str) -> None:
    """Take an address off the list: its account is closed."""
    Subscriber.objects.filter(email=email.lower()).delete()


def forget_unconfirmed() -> int:
    """Take off the list who did not confirm in time; return how many."""
    old = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - FORGET)
    return old.delete()[0]


def check_has_address() -> None:
    """Refuse where letters could lead nowhere.

    Raises
    ------
    NotAllowedNowError
        Saying what is missing.
    """
    if not settings.PUBLIC_URL:
        say = current_words().say
        raise NotAllowedNowError(
            say("No letters go out: this Atlas was not told its own address (KULAN_PUBLIC_URL).")
        )


def address_of(name: str, token: str) -> str:
    """Return the whole address of a page about a token."""
    return settings.PUBLIC_URL + reverse(name, kwargs={"token": token})


def _letter(words: Words, token: str) -> str:
    told = (
        words.say(
            "Somebody, probably you, asked that the newsletter of the programme for the migratory "
            "mammals of Central Asia be sent to this address. Confirm it here: {address}",
            address=address_of("newsletter_confirm", token),
        ),
        words.say(
            "If it was not you, do nothing: the address is forgotten within {days} days.",
            days=FORGET.days,
        ),
    )
    return "\n\n".join((*told, "Kulan")) + "\n"
