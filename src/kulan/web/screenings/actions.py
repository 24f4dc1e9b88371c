"""What can be done with a screening: each checks, changes in one transaction, leaves an event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError, TooManyRequestsError
from kulan.web.events.record import record
from kulan.web.jobs.queue import cancel as cancel_job
from kulan.web.jobs.queue import enqueue
from kulan.web.people.models import User
from kulan.web.policy.viewer import Viewer
from kulan.web.screenings import files, retention
from kulan.web.screenings.models import Report, Screening, SharedWith, ShareLink
from kulan.web.screenings.questions import Asked, asked

KEPT_WITHOUT_ACCOUNT = timedelta(hours=24)
MOST_WITHOUT_ACCOUNT = 500
MOST_AT_ONCE = 5
MOST_SHARED = 50


@dataclass(frozen=True)
class Uploads:
    """Files of a form.

    Attributes
    ----------
    lines
        Of alternatives.
    structures
        Of planned crossing structures; one, with what lies beside a .shp, or none.
    layers
        The user's layers, the files of each with what was said of it.
    """

    lines: tuple[UploadedFile, ...] = ()
    structures: tuple[UploadedFile, ...] = ()
    layers: tuple[tuple[tuple[UploadedFile, ...], Mapping[str, Any]], ...] = ()


@dataclass(frozen=True)
class Frame:
    """What the form says beside the plan: a name for it, the day, how far around, the language."""

    title: str
    day: date
    within_km: float
    language: str


def ask(viewer: Viewer, question: Asked, frame: Frame, uploads: Uploads) -> Screening:
    """Keep a question and its files, and queue its report.

    Raises
    ------
    TooManyRequestsError
        If too much of this person's, or of visitors without an account, is under way.
    """
    _check_room(viewer)
    expires_at = None if viewer.signed_in else timezone.now() + KEPT_WITHOUT_ACCOUNT
    # the row stands before the first file: files without a row are nobody's, and are removed
    screening = Screening.objects.create(
        owner_id=viewer.user_id,
        title=frame.title,
        day=frame.day,
        within_km=frame.within_km,
        language=frame.language,
        expires_at=expires_at,
    )
    try:
        stored = _store(screening, question, uploads)
        with transaction.atomic():
            screening.options = stored.kept()
            screening.title = frame.title or _title_of(stored)
            screening.save(update_fields=["options", "title"])
            if not viewer.signed_in:
                ShareLink.objects.create(screening=screening, expires_at=expires_at)
            _enqueue(screening, frame.language, viewer)
            record("screening_asked", ("screening", str(screening.uid), ""), by=viewer)
    except BaseException:
        screening.delete()
        files.remove(screening.uid)
        raise
    return screening


def ask_again(
    screening: Screening, viewer: Viewer, question: Asked, frame: Frame, uploads: Uploads
) -> None:
    """Ask a question that was refused or stopped once more; files not given anew stay.

    Raises
    ------
    NotAllowedNowError
        If it has been answered, or is being answered.
    TooManyRequestsError
        As `ask` does.
    """
    if screening.reports.exclude(made_at=None).exists() or any(
        report.under_way for report in screening.reports.all()
    ):
        raise NotAllowedNowError("This screening has its answer, or waits for it; ask a new one.")
    _check_room(viewer)
    before = asked(screening.options)
    if not uploads.lines:
        question = replace(question, lines=before.lines)
    if not uploads.structures:
        question = replace(question, structures=before.structures)
    if not uploads.layers:
        question = replace(question, layers=before.layers)
    stored = _store(screening, question, uploads)
    with transaction.atomic():
        screening.options = stored.kept()
        screening.title = frame.title or _title_of(stored)
        screening.day, screening.within_km = frame.day, frame.within_km
        screening.language = frame.language
        screening.save()
        retention.forget_jobs(screening.reports.all())
        screening.reports.all().delete()
        _enqueue(screening, frame.language, viewer)
        record("screening_asked", ("screening", str(screening.uid), ""), by=viewer)


def _check_room(viewer: Viewer) -> None:
    retention.remove_ended()
    waiting = Report.objects.filter(job__state__in=("queued", "running"))
    if viewer.signed_in:
        if waiting.filter(screening__owner_id=viewer.user_id).count() >= MOST_AT_ONCE:
            raise TooManyRequestsError(
                f"{MOST_AT_ONCE} screenings of yours are under way; wait until one has ended."
            )
        return
    if Screening.objects.filter(owner=None).count() >= MOST_WITHOUT_ACCOUNT:
        raise TooManyRequestsError(
            "Too many screenings without an account are kept now; sign in, or come back tomorrow."
        )
    if waiting.filter(screening__owner=None).count() >= 4 * MOST_AT_ONCE:
        raise TooManyRequestsError(
            "Too many screenings without an account are under way; sign in, or try again soon."
        )


def _store(screening: Screening, question: Asked, uploads: Uploads) -> Asked:
    """Stream the files to disk; what is given anew takes the place of what was there."""
    folder = files.folder_of(screening.uid)
    for kind, given in (
        ("lines", uploads.lines),
        ("structures", uploads.structures),
        ("layers", uploads.layers),
    ):
        if given:
            files.remove_folder(folder / "uploads" / kind)
    if uploads.lines:
        question = replace(question, lines=files.store(folder, uploads.lines, "lines"))
    if uploads.structures:
        stored = files.store(folder, uploads.structures, "structures")
        question = replace(question, structures=stored[0])
    if uploads.layers:
        layers = [
            {"path": files.store(folder, given, f"layers/{number}")[0], **said}
            for number, (given, said) in enumerate(uploads.layers, start=1)
        ]
        question = replace(question, layers=layers)
    return question


def _title_of(question: Asked) -> str:
    names = [path.rsplit("/", 1)[-1].rpartition(".")[0] for path in question.lines]
    return ", ".join(names)[:200]


def _enqueue(screening: Screening, language: str, viewer: Viewer) -> Report:
    # what an earlier try was refused for may name values of the plan
    retention.forget_jobs(screening.reports.filter(language=language))
    by = User.objects.filter(pk=viewer.user_id).first() if viewer.signed_in else None
    job = enqueue("screening", {"screening": str(screening.uid), "language": language}, by=by)
    report, _ = Report.objects.update_or_create(
        screening=screening, language=language, defaults={"job": job}
    )
    return report


def request_report(screening: Screening, language: str, viewer: Viewer) -> Report:
    """Have the report made in a language, if it is neither there nor under way."""
    report = screening.reports.filter(language=language).first()
    if report is not None and (report.made_at is not None or report.under_way):
        return report
    _check_room(viewer)
    with transaction.atomic():
        return _enqueue(screening, language, viewer)


def stop(screening: Screening, viewer: Viewer) -> None:
    """Stop what is under way."""
    with transaction.atomic():
        stopped = [
            cancel_job(report.job)
            for report in screening.reports.select_related("job")
            if report.job is not None
        ]
        if any(stopped):
            record("screening_stopped", ("screening", str(screening.uid), ""), by=viewer)


def share(screening: Screening, email: str, viewer: Viewer) -> None:
    """Let the account under an address, there now or later, read a screening.

    Raises
    ------
    NotAllowedNowError
        If it is shared with too many already.
    """
    if screening.shared_with.count() >= MOST_SHARED:
        raise NotAllowedNowError(f"A screening is shared with at most {MOST_SHARED} people.")
    with transaction.atomic():
        SharedWith.objects.get_or_create(screening=screening, email=email.lower())
        record("screening_shared", ("screening", str(screening.uid), ""), by=viewer)


def stop_sharing(screening: Screening, share_id: int, viewer: Viewer) -> None:
    """Take the right to read back from one address."""
    with transaction.atomic():
        if screening.shared_with.filter(pk=share_id).delete()[0]:
            record("screening_sharing_ended", ("screening", str(screening.uid), ""), by=viewer)


def make_link(screening: Screening, days: int | None, viewer: Viewer) -> ShareLink:
    """Make a link that opens a screening; a day count ends it by itself.

    Raises
    ------
    NotAllowedNowError
        If there are too many already.
    """
    if screening.links.count() >= MOST_SHARED:
        raise NotAllowedNowError(f"A screening has at most {MOST_SHARED} links; end some.")
    expires_at = timezone.now() + timedelta(days=days) if days else screening.expires_at
    with transaction.atomic():
        link = ShareLink.objects.create(screening=screening, expires_at=expires_at)
        record("screening_link_made", ("screening", str(screening.uid), ""), by=viewer)
    return link


def end_link(screening: Screening, link_id: int, viewer: Viewer) -> None:
    """End a link for good."""
    with transaction.atomic():
        if screening.links.filter(pk=link_id).delete()[0]:
            record("screening_link_ended", ("screening", str(screening.uid), ""), by=viewer)


def delete(screening: Screening, viewer: Viewer) -> None:
    """Delete a screening at its owner's word."""
    retention.delete(screening, by=viewer)
