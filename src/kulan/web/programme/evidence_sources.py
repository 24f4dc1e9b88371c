"""Where evidence comes from: one function for each area whose objects can count for an action.

A source is named by its dotted path and is called with the viewer; it returns only what that viewer
may know of. None stands for a visitor without an account. A status is computed from nothing else,
so that it never tells of what its reader may not see.
"""

from collections.abc import Callable
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from kulan.programme.evidence import Evidence
from kulan.web.policy import PUBLIC, Viewer

EVIDENCE_SOURCES: tuple[str, ...] = (
    "kulan.web.programme.register.atlas_evidence.evidence_objects",
    "kulan.web.programme.register.record_evidence.evidence_objects",
    "kulan.web.programme.registers.evidence.evidence_objects",
    "kulan.web.programme.money.evidence.evidence_objects",
)
"""Dotted paths of functions ``evidence_objects(viewer) -> list[Evidence]``; each area adds one.

What people add by hand comes beside them, see `all_evidence`.
"""

EVIDENCE_PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "layer": ("layer_version", ("layer_id", "number")),
    "record": ("species_record", ("kind", "uid")),
    "evidence": ("programme_evidence_one", ("uid",)),
    "register": ("register_record", ("kind", "uid")),
}
"""What a reference begins with (``layer:``), the name of the page it leads to, and its arguments.

The arguments are the parts of the reference after the colon, between slashes.
"""
_OUTSIDE = ("http://", "https://", "doi:")


def all_evidence(viewer: Viewer | None = None) -> tuple[Evidence, ...]:
    """Return the evidence that exists for the viewer, of every area and added by hand, in order.

    What was added by hand about an object of Kulan counts only while that object is there for the
    viewer, in whatever version: withdrawn, or hidden from the viewer, it counts no more.
    """
    from kulan.web.programme.register.evidence import (  # noqa: PLC0415  it knows this module
        evidence_there,
    )

    who = PUBLIC if viewer is None else viewer
    found = objects_of_kulan(who)
    found += evidence_there(who, found)
    return tuple(sorted(found, key=lambda one: (one.day, one.kind, one.reference, one.title)))


def objects_of_kulan(viewer: Viewer) -> list[Evidence]:
    """Return the objects of every area that the viewer may know of."""
    return [one for source in EVIDENCE_SOURCES for one in _source(source)(viewer)]


def is_outside(reference: str) -> bool:
    """Whether a reference leads out of Kulan: to a document somewhere else."""
    return reference.startswith(_OUTSIDE)


def page_of(reference: str) -> str:
    """Return the address to which a reference leads; empty where it leads nowhere."""
    if reference.startswith(("https://", "http://")):
        return reference
    if reference.startswith("doi:"):
        return f"https://doi.org/{reference.removeprefix('doi:')}"
    beginning, _, rest = reference.partition(":")
    parts = rest.split("/")
    # a record of a register begins with the register's own name
    name, arguments = EVIDENCE_PAGES.get(beginning, ("register_record", ("kind", "uid")))
    if beginning not in EVIDENCE_PAGES:
        parts = [beginning, rest]
    if len(parts) != len(arguments):
        return ""
    try:
        return reverse(name, kwargs=dict(zip(arguments, parts, strict=True)))
    except NoReverseMatch:
        return ""


def thing_of(reference: str) -> str:
    """Return what a reference names, without the version."""
    if reference.startswith("register:"):  # the last part is the record itself
        return reference
    return reference.rsplit("/", 1)[0]


@cache
def _source(path: str) -> Callable[[Viewer], list[Evidence]]:
    found: Callable[[Viewer], list[Evidence]] = import_string(path)
    return found
