"""Write one event. Actions call it inside the transaction of the change it tells of."""

from typing import Any

from django.db import models

from kulan.web.events.models import Event


def record(
    kind: str, subject: models.Model | tuple[str, str, str], *, by: Any, **details: Any
) -> Event:
    """Write down that `by` did `kind` to `subject`.

    Parameters
    ----------
    kind
        Past participle after the thing: ``layer_released``.
    subject
        A stored row, or its kind, id and title where there is none.
    by
        A `User`, a `Viewer`, or None when Kulan itself did it.
    details
        What a reader needs to understand it; no coordinates, no secrets.
    """
    if isinstance(subject, models.Model):
        subject = (
            subject._meta.model_name or "",
            str(getattr(subject, "uid", subject.pk)),
            str(subject),
        )
    subject_kind, subject_id, title = subject
    return Event.objects.create(
        kind=kind,
        by_id=getattr(by, "user_id", None) or getattr(by, "pk", None),
        by_name=getattr(by, "name", "") or "",
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_title=title[:300],
        details=details,
    )
