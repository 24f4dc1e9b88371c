"""The job of a screening: the same steps as `kulan screen`, into the screening's own folder."""

import logging
import traceback
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kulan.assessment import answer_question, read_question, write_dossier
from kulan.atlas import open_release
from kulan.errors import KulanError
from kulan.web.jobs.housekeeping import housekeeping
from kulan.web.jobs.models import Job, JobGoneError
from kulan.web.jobs.queue import work
from kulan.web.screenings import files, retention
from kulan.web.screenings.models import Report, Screening
from kulan.web.screenings.questions import asked, headlines, summaries
from kulan.words import words_in

_log = logging.getLogger(__name__)
READING, COMPARING, WRITING = "reading", "comparing", "writing"
"""What a job may be doing: words of ours, for the page to say; never of the plan."""


@work("screening")
def screen(job: Job) -> dict[str, Any]:
    """Make the report of a screening in one language; begun again, it makes the same one."""
    report = Report.objects.select_related("screening").filter(job=job).first()
    if report is None:
        raise JobGoneError(str(job))  # deleted, or asked anew, before its turn came
    uid = report.screening.uid
    try:
        with files.temporary_files_in(files.folder_of(uid) / f"work-{report.language}"):
            _make(report, job)
    except (KulanError, JobGoneError):
        raise
    except Exception as error:  # noqa: BLE001  whatever it was, its words may tell of the plan
        if not Screening.objects.filter(uid=uid).exists():  # its files went under our hands
            raise JobGoneError(str(job)) from None
        # the message and the values of a confidential plan stay out of the log and the queue
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("a screening failed: %s\n%s", type(error).__name__, where)
        raise RuntimeError(f"a screening failed: {type(error).__name__}") from None
    finally:
        if not Screening.objects.filter(uid=uid).exists():
            files.remove(uid)
    return {}


def _make(report: Report, job: Job) -> None:
    screening, words = report.screening, words_in(report.language)
    folder = files.folder_of(screening.uid)
    job.tell(0, 0, READING)
    question = read_question(**asked(screening.options).arguments(folder))
    release = open_release(settings.STATE, screening.release or None)
    answer = answer_question(
        question,
        release,
        on=screening.day,
        within_km=screening.within_km,
        progress=lambda done, total, _doing: job.tell(done + 1, total + 2, COMPARING),
    )
    steps = len(question.alternatives) + 2
    job.tell(steps - 1, steps, WRITING)
    place = files.report_folder(screening.uid, report.language)
    write_dossier(place, answer, words, replace=True)
    with transaction.atomic():
        job.check_mine()
        Report.objects.filter(pk=report.pk).update(
            headlines=headlines(answer.screening, words), made_at=timezone.now()
        )
        Screening.objects.filter(pk=screening.pk).update(
            alternatives=summaries(answer.screening), release=release.release_id
        )


@housekeeping("screenings")
def ended_screenings() -> int:
    """Delete the screenings whose time is over, and cut what the database's journal holds."""
    count = retention.remove_ended()
    retention.wipe()
    return count
