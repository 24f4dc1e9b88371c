"""Letters about reports: they say what happened and where to read it, and none of an answer.

A worker sends them. Each is written in the language of whoever reads it.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kulan.programme import state_name
from kulan.programme.reporting import Told
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work
from kulan.web.people.models import Grant, User
from kulan.web.people.roles import Role
from kulan.web.programme.reporting.models import Cycle, Delegation, Filing
from kulan.web.programme.reporting.permissions import FOR_A_HOUSE
from kulan.words import N_, Words, words_in

_log = logging.getLogger(__name__)

TEXTS: dict[str, tuple[str, str]] = {
    "opened": (
        N_("A report is asked of you: {report}"),
        N_(
            "The reporting cycle {cycle} is open. The report is due on {day}. "
            "Answer here: {address}"
        ),
    ),
    "given": (
        N_("Sections of a report were given to you: {report}"),
        N_(
            "You are asked to answer sections of a report. It is due on {day}. "
            "Answer here: {address}"
        ),
    ),
    "submitted": (
        N_("A report was submitted: {report}"),
        N_("The report waits for your review: {address}"),
    ),
    "returned": (
        N_("Your report was returned: {report}"),
        N_(
            "The secretariat asks for changes. "
            "Read its remarks, answer, and submit again: {address}"
        ),
    ),
    "accepted": (
        N_("Your report was accepted: {report}"),
        N_("The secretariat has accepted your report: {address}"),
    ),
    "month_before": (
        N_("A report is due within a month: {report}"),
        N_("The report is due on {day}. Answer and submit it here: {address}"),
    ),
    "week_before": (
        N_("A report is due within a week: {report}"),
        N_("The report is due on {day}. Answer and submit it here: {address}"),
    ),
    "after": (
        N_("A report is overdue: {report}"),
        N_(
            "The report was due on {day} and has not been submitted. You can still do so: {address}"
        ),
    ),
    "fortnight_after": (
        N_("A report is two weeks overdue: {report}"),
        N_(
            "The report was due on {day} and has not been submitted. You can still do so: {address}"
        ),
    ),
}
"""Subject and text of each letter."""


def tell(filing: Filing, what: str) -> None:
    """Write to those whom it concerns, once the transaction is over."""
    enqueue("report_letters", {"uid": str(filing.uid), "what": what}, by=None)


def tell_person(filing: Filing, what: str, person: User) -> None:
    """Write to one person, once the transaction is over."""
    told = {"uid": str(filing.uid), "what": what, "person": person.pk}
    enqueue("report_letters", told, by=None)


def reporters_of(filing: Filing) -> list[User]:
    """Return who files a report today: focal points of the state, or people of the organisation."""
    if filing.iso3:
        held = Q(role=Role.FOCAL_POINT, iso3=filing.iso3)
        return _holding(held)
    return [
        one
        for one in _holding(Q(role__in=FOR_A_HOUSE))
        if one.organisation_id == filing.organisation_id
    ]


def helpers_of(filing: Filing) -> list[User]:
    """Return to whom sections are given now."""
    rows = Delegation.objects.filter(filing=filing, ended_at=None, person__is_active=True)
    return [one.person for one in rows.select_related("person").order_by("pk")]


def name_of(filing: Filing, words: Words) -> str:
    """Return who reports, in the reader's language, with the project where there is one."""
    if filing.iso3:
        return state_name(filing.iso3, words.language)
    house = filing.organisation.name if filing.organisation else ""
    return f"{house}: {filing.project}" if filing.project else house


def title_of(cycle: Cycle, words: Words) -> str:
    """Return the title of a cycle in the reader's language."""
    return Told(**{"en": "", **cycle.title}).tell(words.language) or cycle.cycle_id


@work("report_letters")
def send_letters(job: Job) -> dict[str, Any]:
    """Send the letters of one event."""
    what = job.payload["what"]
    filing = (
        Filing.objects.select_related("cycle", "organisation")
        .filter(uid=job.payload["uid"])
        .first()
    )
    if filing is None:
        return {"sent": 0}
    people = _people(job, filing, what)
    for person in people:
        _send(filing, what, person)
    return {"sent": len(people)}


def _people(job: Job, filing: Filing, what: str) -> list[User]:
    if "person" in job.payload:
        return list(User.objects.filter(pk=job.payload["person"], is_active=True))
    if what == "submitted":
        return _holding(Q(role=Role.SECRETARIAT))
    people = reporters_of(filing)
    if what in ("week_before", "after", "returned"):
        known = {one.pk for one in people}
        people += [one for one in helpers_of(filing) if one.pk not in known]
    return people


def _holding(held: Q) -> list[User]:
    today = timezone.localdate()
    grants = Grant.objects.filter(
        held, Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today
    )
    people = User.objects.filter(is_active=True, pk__in=grants.values("user"))
    return list(people.order_by("pk"))


def _send(filing: Filing, what: str, person: User) -> None:
    words = words_in(person.language)
    subject, text = TEXTS[what]
    told = {
        "report": name_of(filing, words),
        "cycle": title_of(filing.cycle, words),
        "day": words.day(filing.cycle.due),
        "address": settings.PUBLIC_URL + reverse("report", kwargs={"uid": filing.uid}),
    }
    # a line break in a name must not begin another header
    title = " ".join(words.say(subject).format(**told).split())
    try:
        send_mail(title, f"{words.say(text).format(**told)}\n", None, [person.email])
    except OSError:  # no mail server, or it refuses: the page tells them all the same
        _log.warning("a letter could not be sent", extra={"person": person.pk})
