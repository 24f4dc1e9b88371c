"""Letters about proposals: to those who may decide, and to the proposer once it is decided.

A worker sends them, so that a slow mail server holds up nobody. They say what a proposal is about
and where to read it, and none of its content: mail is read on the way.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kulan.programme import species_name, state_name
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work
from kulan.web.people.models import Grant, User
from kulan.web.people.roles import Role
from kulan.web.species.models import AccountText, PopulationRecord, Version
from kulan.web.species.telling import kind_of
from kulan.web.species.terms import State
from kulan.words import Words, words_in

_KINDS: dict[str, type[Any]] = {"population": PopulationRecord, "account": AccountText}
_log = logging.getLogger(__name__)


def tell_proposed(version: Version) -> None:
    """Write to those who may decide, once the transaction is over."""
    enqueue("proposal_letters", {"kind": kind_of(version), "uid": str(version.uid)}, by=None)


def tell_decided(version: Version) -> None:
    """Write to the proposer, once the transaction is over."""
    enqueue("decision_letter", {"kind": kind_of(version), "uid": str(version.uid)}, by=None)


def who_may_decide(version: Version) -> list[User]:
    """Return the people who may decide a proposal today; never its proposer."""
    today = timezone.localdate()
    held = Q(role=Role.SECRETARIAT) | Q(
        role=Role.SPECIES_COORDINATOR, species_id=version.species_id
    )
    if isinstance(version, PopulationRecord):
        held |= Q(role=Role.FOCAL_POINT, iso3=version.iso3)
    grants = Grant.objects.filter(
        held, Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today
    )
    people = User.objects.filter(is_active=True, pk__in=grants.values("user"))
    return list(people.exclude(pk=version.proposed_by_id).order_by("pk"))


@work("proposal_letters")
def send_proposed(job: Job) -> dict[str, Any]:
    """Send the letters about a new proposal."""
    version = _version(job)
    if version is None or version.state != State.PROPOSED:
        return {"sent": 0}
    people = who_may_decide(version)
    for person in people:
        words = words_in(person.language)
        subject = words.say("A proposal waits for you: {about}", about=about(version, words))
        text = words.say(
            "{person} has proposed a change to the species records: {about}. You may approve or "
            "reject it: {address}",
            person=version.proposed_by.name if version.proposed_by else "Kulan",
            about=about(version, words),
            address=_address(version),
        )
        _send(subject, text, person)
    return {"sent": len(people)}


@work("decision_letter")
def send_decided(job: Job) -> dict[str, Any]:
    """Send the letter about a decision."""
    version = _version(job)
    if version is None or version.proposed_by is None or not version.proposed_by.is_active:
        return {"sent": 0}
    words = words_in(version.proposed_by.language)
    subject = (
        words.say("Your proposal was rejected: {about}", about=about(version, words))
        if version.state == State.REJECTED
        else words.say("Your proposal was approved: {about}", about=about(version, words))
    )
    text = words.say("Read the decision and its note here: {address}", address=_address(version))
    _send(subject, text, version.proposed_by)
    return {"sent": 1}


def about(version: Version, words: Words) -> str:
    """Return what a record speaks of: species, and state where it has one."""
    species = species_name(version.species_id, words.language)
    if isinstance(version, PopulationRecord):
        return f"{species}, {state_name(version.iso3, words.language)}"
    return species


def _version(job: Job) -> Any:
    kind = _KINDS[job.payload["kind"]]
    return kind.objects.select_related("proposed_by").filter(uid=job.payload["uid"]).first()


def _address(version: Version) -> str:
    named = {"kind": kind_of(version), "uid": version.uid}
    return settings.PUBLIC_URL + reverse("species_record", kwargs=named)


def _send(subject: str, text: str, person: User) -> None:
    try:
        send_mail(subject, f"{text}\n", None, [person.email])
    except OSError:  # no mail server, or it refuses: the list of proposals tells them all the same
        _log.warning("a letter could not be sent", extra={"person": person.pk})
