"""Confirmed crosswalks at work: what counts for an action that another edition had already.

Evidence, and what would count, are not copied from edition to edition: they are read over the pairs
that people confirmed, for whoever may see them. A pair that is refused again takes nothing along.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from kulan.programme.editions import Link, inherited, read_for
from kulan.programme.evidence import Declaration, Evidence, declarations
from kulan.programme.evidence.wholes import with_parts
from kulan.programme.evidence.written import requirement_written
from kulan.web.policy import Viewer
from kulan.web.programme.evidence_sources import all_evidence
from kulan.web.programme.register.models import CrosswalkPair, ImportedAction
from kulan.web.programme.register.terms import PairState


@dataclass(frozen=True)
class _Step:
    """Confirmed pairs from one edition to another."""

    before: str
    after: str
    links: tuple[Link, ...]


def links_to(edition_id: str) -> tuple[Link, ...]:
    """Return the confirmed pairs whose later actions are of this edition."""
    return tuple(link for step in _steps_to(edition_id) for link in step.links)


def _steps_to(edition_id: str) -> list[_Step]:
    found: dict[str, list[Link]] = {}
    rows = CrosswalkPair.objects.filter(crosswalk__after=edition_id, state=PairState.CONFIRMED)
    columns = ("crosswalk__before", "before", "after", "kind")
    for before_id, before, after, kind in rows.values_list(*columns):
        keys = tuple(f"{before_id}:{one}" for one in before)
        if keys:
            links = [Link(f"{edition_id}:{one}", keys, kind) for one in after]
            found.setdefault(before_id, []).extend(links)
    return [_Step(before_id, edition_id, tuple(links)) for before_id, links in found.items()]


def _way_to(edition_id: str) -> list[_Step]:
    """Return the steps that lead to an edition, each after all that lead to where it begins.

    The steps to one edition stand together. Where editions lead around in a circle, the way stops
    before it comes to the same one again.
    """
    seen: set[str] = set()
    way: list[_Step] = []

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        steps = _steps_to(name)
        for step in steps:
            visit(step.before)
        way.extend(steps)

    visit(edition_id)
    return way


def declared_for(edition_id: str) -> Mapping[str, Declaration]:
    """Return what would count for the actions of an edition, by key.

    What the package declares; what the file says that listed the actions; and, for those without
    either, what would count for the actions they were before.
    """
    return _declared(edition_id, _way_to(edition_id))


def _declared(edition_id: str, way: list[_Step]) -> Mapping[str, Declaration]:
    led_to = {step.after for step in way}
    found: dict[str, dict[str, Declaration]] = {}
    below: dict[str, dict[str, list[str]]] = {}
    for name in dict.fromkeys((*(step.before for step in way), edition_id)):
        listed, below[name] = _as_listed(name)
        found[name] = {**listed, **declarations(name)}
        if name not in led_to:
            found[name] = _by_parts(name, found[name], below[name])
    for name, steps in groupby(way, key=lambda step: step.after):
        for step in steps:
            own, before = found[name], found[step.before]
            for link in step.links:
                if link.after not in own and (told := inherited(link, before)) is not None:
                    own[link.after] = told
        found[name] = _by_parts(name, found[name], below[name])
    return found[edition_id]


def _by_parts(
    edition_id: str, own: dict[str, Declaration], below: Mapping[str, list[str]]
) -> dict[str, Declaration]:
    """Return what would count, with what shows an action through its parts as a file lists them.

    What the package declares has been read with its parts already.
    """
    found = dict(own)
    listed = below.keys() - declarations(edition_id).keys()
    for key in sorted(listed, key=len, reverse=True):  # parts of parts first
        parts = [found.get(part, Declaration(part)) for part in below[key]]
        told = with_parts(found.get(key, Declaration(key)), parts)
        if told.alternatives:
            found[key] = told
    return found


def _as_listed(edition_id: str) -> tuple[dict[str, Declaration], dict[str, list[str]]]:
    """Return what a file says would count, and the parts of each action it lists, by key."""
    rows = ImportedAction.objects.filter(edition__edition_id=edition_id)
    rows = rows.exclude(parent_id="", would_count=[]).order_by("order", "pk")
    declared: dict[str, Declaration] = {}
    below: dict[str, list[str]] = defaultdict(list)
    for action_id, parent_id, needs in rows.values_list("action_id", "parent_id", "would_count"):
        key = f"{edition_id}:{action_id}"
        if needs:
            declared[key] = Declaration(key, (tuple(map(requirement_written, needs)),))
        if parent_id:
            below[f"{edition_id}:{parent_id}"].append(key)
    return declared, below


def evidence_for(viewer: Viewer, edition_id: str) -> tuple[Evidence, ...]:
    """Return the evidence that exists for the viewer, also as it counts in this edition.

    Each piece keeps the actions it was given for; those of this edition that became of them are
    added.
    """
    return over_pairs(all_evidence(viewer), edition_id)


def over_pairs(evidence: Iterable[Evidence], edition_id: str) -> tuple[Evidence, ...]:
    """Return evidence with the actions of an edition added that became of those it names."""
    found = tuple(evidence)
    for step in _way_to(edition_id):
        found = read_for(found, step.links)
    return found


def before_of(key: str) -> tuple[str, ...]:
    """Return the keys that an action had in earlier editions, the nearest first."""
    edition_id = key.partition(":")[0]
    found: list[str] = []
    wanted = {key}
    for step in reversed(_way_to(edition_id)):
        for link in step.links:
            if link.after in wanted:
                fresh = [one for one in link.before if one not in wanted]
                wanted.update(fresh)
                found += fresh
    return tuple(found)


def after_of(key: str) -> tuple[str, ...]:
    """Return the keys that an action has in editions it was carried to, one step away."""
    edition_id, _, number = key.partition(":")
    rows = CrosswalkPair.objects.filter(crosswalk__before=edition_id, state=PairState.CONFIRMED)
    return tuple(
        f"{after_id}:{one}"
        for after_id, before, after in rows.values_list("crosswalk__after", "before", "after")
        if number in before
        for one in after
    )


def renamed(before_id: str, after_id: str) -> dict[str, str]:
    """Return keys of an edition and what they became in a later one, where one became one.

    What was split or merged has no single other name, and is left out.
    """
    names: dict[str, dict[str, str]] = {}
    for step in _way_to(after_id):
        for link in step.links:
            if len(link.before) > 1 or link.kind == "split":
                continue
            was = link.before[0]
            if step.before == before_id:
                names.setdefault(step.after, {})[was] = link.after
            for original, now in list(names.get(step.before, {}).items()):
                if now == was:
                    names.setdefault(step.after, {})[original] = link.after
    return names.get(after_id, {})
