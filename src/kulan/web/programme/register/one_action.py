"""What the page of one action shows, ready for its template."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from kulan.errors import UnknownNameError
from kulan.programme.actions import Action, known_actors, references
from kulan.programme.evidence import Evidence
from kulan.programme.reporting.serving import tag_name
from kulan.web.catalogue.names import state_words
from kulan.web.policy import Viewer
from kulan.web.programme.register.catalogue import (
    all_actions,
    all_editions,
    all_sections,
    find_action,
    find_edition,
    key_of,
)
from kulan.web.programme.register.evidence import items_there
from kulan.web.programme.register.links import after_of, before_of
from kulan.web.programme.register.models import (
    Correction,
    EvidenceItem,
    ImportedAction,
    Override,
)
from kulan.web.programme.register.permissions import (
    may_add_any,
    may_end,
    may_keep_register,
    may_override,
    may_withdraw,
    sees_all_evidence,
)
from kulan.web.programme.register.standing import Standing, standings_of
from kulan.web.programme.register.terms import Field, Sets
from kulan.web.programme.register.wording import (
    day_words,
    evidence_told,
    landscape_words,
    leads_words,
    missing_told,
    priority_words,
    requirement_words,
    species_names,
    states_words,
    status_look,
    status_words,
    who_words,
)
from kulan.words import Words


def page_of_action(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """Return everything the page of an action shows to this reader."""
    words, viewer = request.words, request.viewer  # type: ignore[attr-defined]
    one = standing.action
    keys = (standing.key, *_seen(before_of(standing.key), viewer))
    there = items_there(viewer, withdrawn=True)
    items = [item for item in there if any(_names(item, key) for key in keys)]
    return {
        "standing": standing,
        "one": one,
        "title": one.title(words.language),
        "edition": find_edition(one.edition_id, drafts=True),
        "section": next(
            (s for s in all_sections(one.edition_id) if s.section_id == one.section_id), None
        ),
        "parent": find_action(f"{one.edition_id}:{one.parent_id}") if one.parent_id else None,
        "facts": _facts(standing, words),
        "text": _text(one, words),
        "corrections": _corrections(standing.key, viewer, words),
        "parts": _parts(viewer, one, words),
        "see_also": _see_also(one, words),
        "elsewhere": _elsewhere(standing.key, viewer, words),
        "today": words.day(timezone.localdate()),
        "sees_all": sees_all_evidence(viewer),
        "may": {
            "add": may_add_any(viewer),
            "override": any(may_override(viewer, iso3) for iso3 in standing.answer.by_state)
            or may_override(viewer),
            "keep": may_keep_register(viewer),
        },
        **_status(standing, words),
        **_evidence(standing, items, viewer, words),
        **_set_by_hand(keys, items, viewer, words),
    }


def _names(item: EvidenceItem, key: str) -> bool:
    """Whether a piece of evidence is named for an action, or for a part of it."""
    return any(one == key or one.startswith(f"{key}.") for one in item.actions)


def ways_told(standing: Standing, words: Words) -> list[list[str]]:
    """Return what would count for an action: each way to show it, and what it asks for.

    What its parts ask for stands on their pages.
    """
    declaration = standing.declaration
    ways = declaration.alternatives if declaration else ()
    own = [way for way in ways if not any(need.of for need in way)]
    told = [[requirement_words(need, words) for need in way] for way in own]
    whole = any(all(need.of for need in way) for way in ways)
    return [*told, [words.say("Every part of it, as each part asks")]] if whole else told


def _facts(standing: Standing, words: Words) -> list[tuple[str, str]]:
    """Return what the edition says of the action beside its text: heading and words."""
    one, say = standing.action, words.say
    confirm = [lead for lead in one.leads_to_confirm if lead in one.leads]
    leads = [
        say("{who} (to be confirmed)", who=name)
        if lead in confirm
        else say("{who} (as printed; not in the list of actors)", who=name)
        if not known_actors(lead)
        else name
        for lead, name in zip(one.leads, leads_words(one.leads, words), strict=True)
    ]
    facts = [
        (say("Printed number"), one.printed if one.printed != one.action_id else ""),
        (say("Priority as printed"), priority_words(one.priority, one.priority_order, words)),
        (say("Who leads"), ", ".join(leads)),
        (say("Species"), ", ".join(species_names(one.species, words))),
        (say("States"), ", ".join([*states_words(one.states, words), *one.other_states])),
        (say("Landscapes"), ", ".join(landscape_words(x, words) for x in one.landscapes)),
        (say("Also serves"), "; ".join(tag_name(tag, words) for tag in one.targets)),
        (say("Due by"), day_words(standing.due, words) if standing.due else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _status(standing: Standing, words: Words) -> dict[str, Any]:
    answer = standing.answer
    computed = answer.computed
    by_state = [
        {
            "iso3": iso3,
            "name": state_words(iso3, words),
            "status": status_words(status, words),
            "look": status_look(status),
            "computed": ""
            if computed.by_state[iso3] == status
            else status_words(computed.by_state[iso3], words),
        }
        for iso3, status in answer.by_state.items()
    ]
    by_state.sort(key=lambda row: row["name"])
    declaration = standing.declaration
    return {
        "status": status_words(answer.status, words),
        "look": status_look(answer.status),
        "computed": status_words(computed.status, words),
        "computed_look": status_look(computed.status),
        "by_state": by_state,
        "ways": ways_told(standing, words),
        "why_these": declaration.reason if declaration else "",
        "missing": missing_told(computed.missing, words),
        "share": words.percent(computed.share, 0),
    }


def _evidence(
    standing: Standing, items: list[EvidenceItem], viewer: Viewer, words: Words
) -> dict[str, Any]:
    by_reference = {(one.kind, one.reference): one for one in items if one.withdrawn_at is None}
    computed = standing.answer.computed

    def told(one: Evidence) -> dict[str, Any]:
        item = by_reference.get((one.kind, one.reference))
        return {
            "told": evidence_told(one, words),
            "item": item,
            "by": who_words(item.added_by, viewer, words) if item else "",
            "may_withdraw": item is not None and may_withdraw(viewer, item),
        }

    return {
        "counted": [told(one) for one in computed.counted],
        "beside": [told(one) for one in computed.beside],
    }


@dataclass(frozen=True)
class Step:
    """Something that happened to the action: when, what, by whom, why."""

    at: Any
    day: str
    what: str
    who: str
    reason: str = ""
    address: str = ""


def _set_by_hand(
    keys: tuple[str, ...], items: list[EvidenceItem], viewer: Viewer, words: Words
) -> dict[str, Any]:
    """Return what stands set, and the history, from rows that the viewer may see.

    The history goes on from editions in which the action had other keys; what stands is of the
    first key alone.
    """
    rows = list(
        Override.objects.filter(action__in=keys)
        .select_related("by__organisation", "ended_by__organisation", "carried_from")
        .order_by("-at", "-pk")
    )
    sources = tuple(row.carried_from.action for row in rows if row.carried_from is not None)
    known = frozenset(_seen(sources, viewer))
    steps: list[Step] = []
    for row in rows:
        done = _what_set(row, known, words)
        if row.action != keys[0]:
            done = words.say("{key}: {what}", key=row.action, what=done)
        steps.append(_step(row.at, done, row.by, row.reason, viewer, words))
        if row.ended_at is not None:
            what = words.say("Ended: {what}", what=done)
            steps.append(_step(row.ended_at, what, row.ended_by, row.ended_reason, viewer, words))
    for item in items:
        what = words.say("Evidence added: {title}", title=item.title)
        steps.append(_step(item.added_at, what, item.added_by, "", viewer, words))
        if item.withdrawn_at is not None:
            what = words.say("Evidence withdrawn: {title}", title=item.title)
            by = item.withdrawn_by
            steps.append(_step(item.withdrawn_at, what, by, item.reason, viewer, words))
    steps.sort(key=lambda step: step.at, reverse=True)
    standing = [
        {
            "row": row,
            "what": _what_set(row, known, words),
            "who": who_words(row.by, viewer, words),
            "day": words.day(timezone.localdate(row.at)),
            "may_end": may_end(viewer, row),
        }
        for row in rows
        if row.ended_at is None and row.action == keys[0]
    ]
    return {"set": standing, "history": steps}


def _step(at: Any, what: str, by: Any, reason: str, viewer: Viewer, words: Words) -> Step:
    day = words.day(timezone.localdate(at))
    return Step(at=at, day=day, what=what, who=who_words(by, viewer, words), reason=reason)


def _what_set(row: Override, known: frozenset[str], words: Words) -> str:
    """Tell what was set, and from which action it was carried where the reader may know of it."""
    done = _what_alone(row, words)
    if row.carried_from is None or row.carried_from.action not in known:
        return done
    return words.say("{what}, carried from {key}", what=done, key=row.carried_from.action)


def _what_alone(row: Override, words: Words) -> str:
    say = words.say
    if row.sets == Sets.DUE and row.due is not None:
        return say("Due by {day}", day=words.day(row.due))
    if row.sets == Sets.OVERTAKEN:
        return say("Overtaken by events")
    status = status_words(row.status, words)
    if row.iso3:
        return say("Set by hand for {state}: {status}", state=state_words(row.iso3, words),
                   status=status)  # fmt: skip
    return say("Set by hand: {status}", status=status)


def _seen(keys: tuple[str, ...], viewer: Viewer) -> list[str]:
    """Return the keys of editions that the viewer may know of."""
    there = {one.edition_id for one in all_editions(drafts=may_keep_register(viewer))}
    return [key for key in keys if key.partition(":")[0] in there]


def _elsewhere(key: str, viewer: Viewer, words: Words) -> list[dict[str, str]]:
    """Return what the action is in other editions and plans, by confirmed pairs."""
    found = []
    for other in _seen((*before_of(key), *after_of(key)), viewer):
        edition_id, _, number = other.partition(":")
        one, edition = find_action(other), find_edition(edition_id, drafts=True)
        found.append(
            {
                "edition_id": edition_id,
                "number": number,
                "title": one.title(words.language),
                "edition": edition.title(words.language),
            }
        )
    return found


def _text(one: Action, words: Words) -> dict[str, Any] | None:
    """Return the official text in the reader's language, or in one that there is."""
    row = (
        ImportedAction.objects.filter(edition__edition_id=one.edition_id, action_id=one.action_id)
        .select_related("edition")
        .first()
    )
    if row is None or not any(row.text.values()):
        return None
    there = [language for language, text in row.text.items() if text]
    language = words.language if words.language in there else there[0]
    source = row.edition.sources.filter(language=language).first()
    return {
        "language": language,
        "words": row.text[language],
        "file": source.file_name if source else "",
        "day": words.day(timezone.localdate(source.imported_at)) if source else "",
        "priority": row.priority_printed.get(language, ""),
        "leads": row.leads_printed.get(language, ""),
    }


def _corrections(key: str, viewer: Viewer, words: Words) -> list[dict[str, Any]]:
    rows = Correction.objects.filter(action=key, ended_at=None).select_related("by__organisation")
    return [
        {
            "pk": row.pk,
            "field": Field(row.field).label,
            "printed": row.printed,
            "corrected": row.corrected,
            "reason": row.reason,
            "who": who_words(row.by, viewer, words),
        }
        for row in rows
    ]


def _parts(viewer: Viewer, one: Action, words: Words) -> list[dict[str, Any]]:
    """Return the lettered parts of an action, and theirs, each with where it stands."""
    found = all_actions(one.edition_id, parts=True)
    below = [
        part
        for part in found
        if part.parent_id == one.action_id or part.parent_id.startswith(f"{one.action_id}.")
    ]
    return [
        {
            "action": told.action,
            "title": told.action.title(words.language),
            "status": status_words(told.status, words),
            "look": status_look(told.status),
            "deep": told.action.parent_id != one.action_id,
        }
        for told in standings_of(viewer, below)
    ]


def _see_also(one: Action, words: Words) -> list[dict[str, str]]:
    """Return the actions it refers to; where the printed number is stale, both and why."""
    try:
        known = [ref for ref in references(one.edition_id) if ref.action_id == one.action_id]
    except UnknownNameError:
        known = []
    stale = {ref.corrected: ref for ref in known if ref.printed != ref.corrected}
    told = []
    for action_id in one.see_also:
        try:
            other = find_action(f"{one.edition_id}:{action_id}")
        except UnknownNameError:
            continue
        ref = stale.get(action_id)
        told.append(
            {
                "action_id": action_id,
                "key": key_of(other),
                "title": other.title(words.language),
                "printed": ref.printed if ref else "",
                "reason": ref.reason if ref else "",
            }
        )
    return told
