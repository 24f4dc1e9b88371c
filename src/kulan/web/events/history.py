"""What happened to a thing, ready for a page; the page has seen whether its reader may know."""

from dataclasses import dataclass
from datetime import datetime

from kulan.web.events.kinds import kind_name, subject_name
from kulan.web.events.models import Event


@dataclass(frozen=True)
class Happening:
    """An event in its reader's words.

    Attributes
    ----------
    what
        Phrase for what happened.
    who
        Name of who did it; empty where it was Kulan itself.
    when
        When.
    subject
        Phrase for the kind of thing it happened to.
    title
        Name of the thing.
    notes
        What else is known of it, name and text.
    """

    what: str
    who: str
    when: datetime
    subject: str
    title: str
    notes: tuple[tuple[str, str], ...]


def told(event: Event) -> Happening:
    """Return an event in words."""
    return Happening(
        what=kind_name(event.kind),
        who=event.by_name,
        when=event.at,
        subject=subject_name(event.subject_kind),
        title=event.subject_title,
        notes=tuple((str(name), _text(value)) for name, value in event.details.items()),
    )


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def events_of(kind: str, uid: object, *, most: int = 50) -> list[Happening]:
    """Return what happened to a thing, latest first.

    Parameters
    ----------
    kind, uid
        As `kulan.web.events.record.record` writes them: the model's name in small letters, and the
        thing's ``uid`` or primary key.
    most
        How many at most.
    """
    found = Event.objects.filter(subject_kind=kind, subject_id=str(uid)).order_by("-at", "-pk")
    return [told(event) for event in found[:most]]
