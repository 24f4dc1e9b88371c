"""Files of reports and cycles for a browser: at once, or by a worker where they take seconds.

A file that takes long is kept under what it says (`kulan.web.kept_files`), so that whoever reads
the same is given it at once, and nobody is given what another reads. Who waits has a page with the
progress; the file itself always comes from its own address, which decides anew who reads what.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kulan.errors import UnknownNameError
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work
from kulan.web.jobs.workers import alive
from kulan.web.kept_files import kept_file, kept_now
from kulan.web.people.models import User
from kulan.web.policy import Viewer
from kulan.web.policy.viewer import viewer_of
from kulan.web.programme.reporting.exporting import (
    Prepared,
    cycle_file,
    every_cycle_file,
    report_file,
)
from kulan.web.programme.reporting.permissions import visible_cycles, visible_filings
from kulan.words import Words, words_in

KIND = "report_file"
READING, MAKING = "reading", "making"
"""What a job may be doing, for the page to say."""
_FOLDERS = {"reviews": 30 * 24 * 3600.0, "answers": 2 * 24 * 3600.0}
"""Folders below the cache, and how long what lies there is kept unless asked for, s."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What file somebody asks for.

    Attributes
    ----------
    what
        ``report``, ``cycle`` or ``cycles``.
    name
        Of the report or the cycle; empty for all cycles.
    ending
        Format.
    """

    what: str
    name: str
    ending: str

    @property
    def address(self) -> str:
        """Return where the file is."""
        if self.what == "report":
            return reverse("report_export", args=(self.name, self.ending))
        if self.what == "cycle":
            return reverse("cycle_export", args=(self.name, self.ending))
        return reverse("cycles_export", args=(self.ending,))


def prepare(viewer: Viewer, asked: Asked, words: Words) -> Prepared:
    """Prepare what is asked for.

    Raises
    ------
    UnknownNameError
        If there is no such report or cycle for the viewer.
    NotAllowedNowError
        If there is nothing in it yet.
    """
    if asked.what == "cycles":
        return every_cycle_file(viewer, asked.ending, words)
    if asked.what == "cycle":
        cycle = visible_cycles(viewer).filter(cycle_id=asked.name).first()
        if cycle is not None:
            return cycle_file(viewer, cycle, asked.ending, words)
    else:
        filing = visible_filings(viewer).filter(uid=asked.name).first()
        if filing is not None:
            return report_file(viewer, filing, asked.ending, words)
    raise UnknownNameError(words.say("There is no such report any more."))


def body_now(prepared: Prepared) -> bytes | None:
    """Return a file's content; None where it is slow, not kept, and a worker can make it."""
    if not prepared.kept_as:
        return prepared.make()
    if prepared.slow and alive():
        return kept_now(_folder(prepared), prepared.kept_as)
    return _kept(prepared)


def given(viewer: Viewer, prepared: Prepared) -> None:
    """Write down that somebody took a file."""
    kind, subject, details = prepared.event
    record(kind, subject, by=viewer, **details)


def begin(request: HttpRequest, asked: Asked, prepared: Prepared) -> Job:
    """Have a worker make a file; who asks for the same waits for the same job."""
    under_way = Job.objects.filter(
        kind=KIND,
        state__in=(Job.State.QUEUED, Job.State.RUNNING),
        payload__kept_as=prepared.kept_as,
        by=request.viewer.user_id,
    )
    found = under_way.order_by("queued_at").first()
    if found is not None:
        return found
    payload = {
        "what": asked.what,
        "name": asked.name,
        "ending": asked.ending,
        "language": request.words.language,
        "kept_as": prepared.kept_as,
    }
    by = User.objects.filter(pk=request.viewer.user_id).first()
    return enqueue(KIND, payload, by=by)


def asked_in(job: Job) -> Asked:
    """Return what a job makes."""
    return Asked(job.payload["what"], job.payload["name"], job.payload["ending"])


@work(KIND)
def make(job: Job) -> dict[str, Any]:
    """Make a file and keep it, as whoever asked reads it now."""
    job.tell(0, 3, READING)
    prepared = prepare(viewer_of(job.by), asked_in(job), words_in(job.payload["language"]))
    job.tell(1, 3, MAKING)
    _kept(prepared)
    return {"made_on": timezone.localdate().isoformat()}


def _kept(prepared: Prepared) -> bytes:
    folder = _folder(prepared)
    return kept_file(folder, prepared.kept_as, prepared.make, kept_s=_FOLDERS[folder])


def _folder(prepared: Prepared) -> str:
    return "reviews" if prepared.kept_as.endswith((".pdf", ".docx")) else "answers"
