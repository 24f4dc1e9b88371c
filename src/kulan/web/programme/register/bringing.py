"""The text of an edition, brought as a file: kept until a worker has read it into a draft."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import KulanError, NotAllowedNowError
from kulan.programme import actions as shipped
from kulan.programme.text import ImportedText, ListedPlan, listed_of, read_bytes
from kulan.programme.text.writing import loss_rows
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue
from kulan.web.language import current_words
from kulan.web.people.models import User
from kulan.web.policy import Viewer, viewer_of
from kulan.web.programme.register.importing import EditionRead
from kulan.web.programme.register.models import ImportedEdition, TextSource, TextUpload
from kulan.web.programme.register.permissions import check_may_keep_register
from kulan.web.programme.register.terms import EditionState
from kulan.web.programme.register.text_changes import store_and_tell

READ = "edition_text"
"""Kind of the job that reads a file."""
MOST_LOSSES = 2_000
_KEPT_FOR = timedelta(days=3)
READING, STORING = "reading", "storing"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a person says of the file: the edition it is, and in which language."""

    edition_id: str
    plan: str
    titles: dict[str, str]
    first_year: int | None = None
    last_year: int | None = None
    language: str = ""


def bring(viewer: Viewer, brought: Brought, name: str, content: bytes) -> TextUpload:
    """Keep a file, and queue the work of reading it.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    NotAllowedNowError
        If it would take the place of something that stands.
    """
    check_may_keep_register(viewer)
    check_room(brought.edition_id, (brought.language,) if brought.language else ())
    by = User.objects.get(pk=viewer.user_id)
    with transaction.atomic():
        row = TextUpload.objects.create(
            edition_id=brought.edition_id,
            plan=brought.plan,
            title=brought.titles,
            first_year=brought.first_year,
            last_year=brought.last_year,
            language=brought.language,
            file_name=name[:200],
            content=content,
            by=by,
        )
        row.job = enqueue(READ, {"upload": str(row.uid)}, by=by)
        row.save(update_fields=["job"])
        record("edition_file_sent", row, by=viewer, edition=brought.edition_id)
    return row


def check_room(edition_id: str, languages: tuple[str, ...]) -> None:
    """Refuse what would take the place of a text that stands.

    There is room in an edition that does not exist, in a draft and beside the actions that Kulan
    ships, each for languages in which there is no text yet.

    Raises
    ------
    NotAllowedNowError
        Saying what to do instead.
    """
    say = current_words().say
    row = ImportedEdition.objects.filter(edition_id=edition_id).first()
    known = {one.edition_id for one in shipped.editions()}
    if row is None:
        return
    if edition_id not in known and row.status != EditionState.DRAFT:
        raise NotAllowedNowError(
            say(
                "Edition {edition} is no draft: nothing is written over it. Give the text an "
                "edition name of its own, and compare the two.",
                edition=edition_id,
            )
        )
    there = set(
        TextSource.objects.filter(edition=row, language__in=languages).values_list(
            "language", flat=True
        )
    )
    if there:
        raise NotAllowedNowError(
            say(
                "Edition {edition} has a text in this language already: nothing is written over "
                "it. Give the text an edition name of its own, and compare the two.",
                edition=edition_id,
            )
        )


def read_upload(job: Job) -> dict[str, Any]:
    """Read a file into its edition; what cannot be read is refused, and nothing is stored."""
    row = TextUpload.objects.filter(uid=job.payload["upload"]).select_related("by").first()
    if row is None or row.stored_at is not None:
        return {}
    try:
        job.tell(0, 2, READING)
        read = _read(row)
        job.tell(1, 2, STORING)
        with transaction.atomic():
            job.check_mine()
            _store(row, read)
    except KulanError:
        TextUpload.objects.filter(pk=row.pk).update(content=b"")
        raise
    return {"edition": row.edition_id}


def _read(row: TextUpload) -> ImportedText | ListedPlan:
    content, name = bytes(row.content), row.file_name
    if name.casefold().endswith(".csv"):
        language = row.language or "en"
        return listed_of(content, name, edition_id=row.edition_id, language=language)
    return read_bytes(content, name, edition_id=row.edition_id, language=row.language)


def _store(row: TextUpload, read: ImportedText | ListedPlan) -> None:
    languages = read.languages if isinstance(read, ListedPlan) else (read.language,)
    if row.by is None:
        raise NotAllowedNowError(
            current_words().say(
                "Whoever sent this file has no account any more: it is not taken in. Send it again."
            )
        )
    # nobody sets the state of the edition or stores a text of it meanwhile
    ImportedEdition.objects.select_for_update().filter(edition_id=row.edition_id).first()
    check_room(row.edition_id, languages)
    said = EditionRead(row.edition_id, row.plan, row.title, row.first_year, row.last_year)
    store_and_tell(viewer_of(row.by), read, said, beside=True)
    losses = _losses(read)
    unknown = _unknown_leads(read)
    row.found = {
        "actions": len(read.rows),
        "parts": len(read.actions) - len(read.rows),
        "sections": len(read.sections),
        "corrections": 0 if isinstance(read, ListedPlan) else len(read.corrections),
        "languages": list(languages),
        "losses": len(losses),
        "unknown_leads": unknown[:200],
    }
    row.losses, row.content, row.stored_at = losses[:MOST_LOSSES], b"", timezone.now()
    row.save()


def _losses(read: ImportedText | ListedPlan) -> list[dict[str, Any]]:
    if isinstance(read, ListedPlan):
        return [{"line": 0, "what": "unread", "text": one, "reason": ""} for one in read.losses]
    return loss_rows(read)


def _unknown_leads(read: ImportedText | ListedPlan) -> list[str]:
    """Return the names of leads that stay as printed, each once."""
    if isinstance(read, ListedPlan):
        named = [lead for one in read.actions for lead in one.unknown_leads]
    else:
        named = [lead for one in read.actions for lead in shipped.unknown_leads(one.leads)]
    return list(dict.fromkeys(named))


def forget_old_files() -> int:
    """Drop the bytes of files that no worker has read for days; return of how many."""
    old = TextUpload.objects.filter(at__lt=timezone.now() - _KEPT_FOR).exclude(content=b"")
    return old.update(content=b"")
