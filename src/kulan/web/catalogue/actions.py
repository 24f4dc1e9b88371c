"""What people do to drafts: begin, upload, describe, discard. Each checks, changes, tells."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from kulan.errors import NotAllowedNowError
from kulan.web.catalogue.intake import UPLOAD, Asked
from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.receiving import keep
from kulan.web.catalogue.themes import Kind, State
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue
from kulan.web.language import current_words
from kulan.web.people.models import User
from kulan.web.policy.bringing import check_may_bring, check_may_change
from kulan.web.policy.viewer import viewer_of

OF_LAYER = ("theme", "audience", "embargo_until", "minimum_count")
"""Fields of the form that belong to the layer; they hold for all its versions.

Of a layer that has been released, they change with the release of the version that says so, when a
second person has read it: what the world sees is never opened by one person alone.
"""
_STORED_ANEW = ("theme", "minimum_count", "species", "columns")
_CARRIED = (
    *("kind", "title", "abstract", "label", "note", "species", "states", "months", "method"),
    *("confidence", "source", "licence", "attribution", "citation", "resolution_m", "columns"),
)
EDITABLE = frozenset({State.DRAFT, State.REJECTED})


def begin_layer(layer_id: str, theme: str, title: Mapping[str, str], *, by: User) -> LayerVersion:
    """Make a layer with its first draft.

    Raises
    ------
    AccessDeniedError
        If `by` may not bring layers.
    NotAllowedNowError
        If a layer of that name is there already.
    """
    check_may_bring(viewer_of(by))
    with transaction.atomic():
        if Layer.objects.filter(layer_id=layer_id).exists():
            say = current_words().say
            raise NotAllowedNowError(say("This name is taken. Choose another one."))
        layer = Layer.objects.create(
            layer_id=layer_id, theme=theme, owner=by, organisation=by.organisation
        )
        version = LayerVersion.objects.create(
            layer=layer, number=1, kind=Kind.VECTOR, title=dict(title), created_by=by
        )
        record("layer_begun", version, by=by)
    return version


def begin_version(layer: Layer, *, by: User) -> LayerVersion:
    """Make the draft of a layer's next version, with the description of the last.

    Raises
    ------
    AccessDeniedError
        If the layer is not `by`'s to change.
    NotAllowedNowError
        If there is a version on its way already.
    """
    with transaction.atomic():
        last = layer.versions.order_by("-number").first()
        if last is None:
            last = LayerVersion(layer=layer)
        check_may_change(viewer_of(by), last)
        if layer.versions.filter(state__in=(*EDITABLE, State.IN_REVIEW)).exists():
            say = current_words().say
            raise NotAllowedNowError(say("A version of this layer is on its way already."))
        highest = layer.versions.aggregate(Max("number"))["number__max"] or 0
        version = LayerVersion.objects.create(
            layer=layer,
            number=highest + 1,
            created_by=by,
            **{name: getattr(last, name) for name in _CARRIED},
        )
        record("layer_begun", version, by=by)
    return version


def check_is_editable(version: LayerVersion) -> None:
    """Refuse to change what is in review, released or past.

    Raises
    ------
    NotAllowedNowError
        Saying what to do instead.
    """
    if version.state not in EDITABLE:
        say = current_words().say
        raise NotAllowedNowError(
            say("This version changes no more. Take it back from review, or begin a new one.")
        )


def upload(version: LayerVersion, file: UploadedFile, asked: Asked, *, by: User) -> Job:
    """Keep a file, and queue the work of reading it into a draft.

    Raises
    ------
    AccessDeniedError
        If the version is not `by`'s to change.
    NotAllowedNowError
        If it is no draft, or a file is being read for it already.
    """
    check_may_change(viewer_of(by), version)
    check_is_editable(version)
    _check_no_job(version)
    place = keep(file)
    with transaction.atomic():
        job = _queue(version, place, asked, by=by)
        record("layer_file_sent", version, by=by)
    return job


def _queue(version: LayerVersion, place: Path | None, asked: Asked, *, by: User) -> Job:
    payload = {
        "version": str(version.uid),
        "place": "" if place is None else place.as_posix(),
        "asked": asdict(asked),
    }
    return enqueue(UPLOAD, payload, by=by)


def job_of(version: LayerVersion) -> Job | None:
    """Return the last job that reads a file into a version."""
    jobs = Job.objects.filter(kind=UPLOAD, payload__version=str(version.uid))
    return jobs.order_by("-pk").first()


def _check_no_job(version: LayerVersion) -> None:
    job = job_of(version)
    if job is not None and not job.ended:
        say = current_words().say
        raise NotAllowedNowError(say("A file is being read for this version. Wait until it is."))


def describe(version: LayerVersion, told: Mapping[str, Any], *, by: User) -> Job | None:
    """Write a draft's description; its features are stored anew where that changes who sees them.

    Parameters
    ----------
    version
        The draft.
    told
        Values by field; those of `OF_LAYER` are written to the layer while it was never released,
        and wait in the version from then on.
    by
        Who describes it.

    Returns
    -------
    Job or None
        The work of storing the features anew, if any.
    """
    with transaction.atomic():
        # what another does at the same time is waited for, and looked at afterwards
        locked = LayerVersion.objects.select_for_update(of=("self",))
        version = locked.select_related("layer").get(pk=version.pk)
        check_may_change(viewer_of(by), version)
        check_is_editable(version)
        changed = [name for name, value in told.items() if _now(version, name) != value]
        if not changed:
            return None
        _write(version, told)
        record("layer_described", version, by=by, changed=sorted(changed))
        if not version.file_sha256 or version.kind != Kind.VECTOR:
            return None
        if not set(changed) & set(_STORED_ANEW):
            return None
        _check_no_job(version)
        return _queue(version, None, Asked(**version.recipe.get("asked", {})), by=by)


def _now(version: LayerVersion, name: str) -> Any:
    return version.term(name) if name in OF_LAYER else getattr(version, name)


def _write(version: LayerVersion, told: Mapping[str, Any]) -> None:
    of_layer = {name: value for name, value in told.items() if name in OF_LAYER}
    own = {name: value for name, value in told.items() if name not in OF_LAYER}
    if version.layer.versions.exclude(released_at=None).exists():
        own["layer_terms"] = version.layer_terms | {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in of_layer.items()
        }
    else:
        write_terms(version.layer, of_layer)
    for name, value in own.items():
        setattr(version, name, value)
    version.save(update_fields=list(own))


def write_terms(layer: Layer, terms: Mapping[str, Any]) -> None:
    """Write terms of a layer, by the names of `OF_LAYER`."""
    for name, value in terms.items():
        setattr(layer, name, value)
    layer.save(update_fields=list(terms))


def discard(version: LayerVersion, *, by: User) -> None:
    """Delete a draft, and its layer where it has no other version."""
    check_may_change(viewer_of(by), version)
    check_is_editable(version)
    with transaction.atomic():
        record("layer_draft_discarded", version, by=by)
        layer = version.layer
        version.delete()
        if not layer.versions.exists():
            layer.delete()
