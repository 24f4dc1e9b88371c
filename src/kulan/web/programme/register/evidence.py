"""What people have added as evidence, as the library knows evidence."""

import json
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from kulan.programme.evidence import Evidence
from kulan.web.policy import Viewer
from kulan.web.programme.evidence_sources import is_outside, objects_of_kulan, thing_of
from kulan.web.programme.register.models import EvidenceItem
from kulan.web.programme.register.permissions import visible_items

_FIELDS = ("kind", "reference", "title", "day", "amount")
_LISTS = ("states", "species", "actions")


def items_there(
    viewer: Viewer, *, withdrawn: bool = False, objects: list[Evidence] | None = None
) -> list[EvidenceItem]:
    """Return the rows that exist for the viewer, whose object is there for the viewer too.

    Parameters
    ----------
    viewer
        Who looks.
    withdrawn
        Whether what was withdrawn is among it.
    objects
        The objects of Kulan that the viewer may know of, where they are at hand.
    """
    rows = visible_items(viewer, withdrawn=withdrawn).select_related("added_by__organisation")
    found = list(rows)
    if all(is_outside(item.reference) for item in found):
        return found
    there = {thing_of(one.reference) for one in (objects or objects_of_kulan(viewer))}
    return [
        item for item in found if is_outside(item.reference) or thing_of(item.reference) in there
    ]


def evidence_there(viewer: Viewer, objects: list[Evidence]) -> list[Evidence]:
    """Return what was added by hand and is there for the viewer, as the library knows evidence.

    The same as `items_there`, without the rows themselves: they are thousands, and a status needs
    no more of them than this.

    Parameters
    ----------
    viewer
        Who looks.
    objects
        The objects of Kulan that the viewer may know of.
    """
    # as written: of thousands of lists most are the same few, and each of those is read once
    lists = {f"{name}_written": Cast(name, TextField()) for name in _LISTS}
    rows = visible_items(viewer).order_by().annotate(**lists).values_list(*_FIELDS, *lists)
    found = [
        Evidence(*told, _listed(states), _listed(species), _listed(actions), amount)
        for *told, amount, states, species, actions in rows
    ]
    there: set[str] | None = None
    kept = []
    for one in found:
        if not is_outside(one.reference):
            there = {thing_of(known.reference) for known in objects} if there is None else there
            if thing_of(one.reference) not in there:
                continue
        kept.append(one)
    return kept


@lru_cache(maxsize=4096)
def _listed(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))


def as_evidence(item: EvidenceItem) -> Evidence:
    """Return a row as the library knows evidence."""
    return Evidence(
        kind=item.kind,
        reference=item.reference,
        title=item.title,
        day=item.day,
        states=tuple(item.states),
        species=tuple(item.species),
        actions=tuple(item.actions),
        amount=item.amount,
        withdrawn=item.withdrawn_at is not None,
    )
