"""Who saw a layer more finely than the public does: one line for a person, a layer and a day.

The first look of a day is written down, and no other: the owner learns who looked, the database
does not grow with every tile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.themes import Kind
from kulan.web.events.models import Event
from kulan.web.events.record import record
from kulan.web.policy.renditions import fingerprint, owns, renditions
from kulan.web.policy.viewer import Viewer

SEEN, EXPORTED = "layer_seen_finely", "layer_exported"
_DAY_S = 24 * 3600


def sees_finer(viewer: Viewer, version: LayerVersion) -> bool:
    """Whether the viewer sees any record of a version more finely than the public does."""
    special = viewer.states or viewer.species or viewer.roles or viewer.agreements
    if not viewer.signed_in or version.kind != Kind.VECTOR:
        return False
    if not special and not owns(viewer, version):
        return False
    return renditions(viewer, version).filter(level__lt=F("default_level")).exists()


def note_sight(viewer: Viewer, version: LayerVersion, how: str) -> None:
    """Write down that a viewer looks at what the public does not see; cheap when repeated.

    Pages, tiles and doors for machines call it wherever they give renditions out. What owners see
    of their own is not written down.

    Parameters
    ----------
    viewer
        Who looks.
    version
        At which version.
    how
        ``map``, ``page``, ``print``, ``api`` or ``ogc``.
    """
    if not viewer.signed_in or owns(viewer, version):
        return
    today = timezone.localdate().isoformat()
    # named after the sight: an agreement that begins after the first look of a day makes it another
    key = f"sight-{viewer.user_id}-{fingerprint(viewer, version)}-{how}-{today}"
    if not cache.add(key, 1, _DAY_S):
        return
    known = Event.objects.filter(
        kind=SEEN, subject_id=str(version.uid), by_id=viewer.user_id, details__day=today,
        details__how=how,
    )  # fmt: skip
    if not known.exists() and sees_finer(viewer, version):
        record(SEEN, version, by=viewer, day=today, how=how)


def note_export(viewer: Viewer, version: LayerVersion, form: str, finest: int) -> None:
    """Write down that a file with finer places than the public's left the Atlas."""
    record(EXPORTED, version, by=viewer, form=form, level=finest)


@dataclass(frozen=True)
class Sight:
    """What the owner of a layer reads about one look or file."""

    at: datetime
    who: str
    version: str
    kind: str
    how: str


def sights_of(layer: Layer, most: int = 500) -> Iterable[Sight]:
    """Return who saw or took a layer's finer places, the newest first."""
    uids = {str(version.uid): version.number for version in layer.versions.all()}
    rows = Event.objects.filter(kind__in=(SEEN, EXPORTED), subject_id__in=list(uids))
    return [
        Sight(
            row.at,
            row.by_name,
            str(uids[row.subject_id]),
            row.kind,
            str(row.details.get("how") or row.details.get("form") or ""),
        )
        for row in rows.order_by("-at", "-pk")[:most]
    ]
