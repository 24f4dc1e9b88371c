"""The actions of every edition, of either origin, with their texts and corrections beside them."""

from dataclasses import dataclass
from typing import Any

from kulan.errors import UnknownNameError
from kulan.programme import actions as shipped
from kulan.programme.actions import Action, Edition, Priority, Section
from kulan.web.programme.register.models import ImportedAction, ImportedEdition
from kulan.web.programme.register.terms import EditionState
from kulan.words import LANGUAGES

NEWEST_SHIPPED = "cami-2021"
"""The shipped edition that is in force unless the secretariat says otherwise."""


@dataclass(frozen=True, slots=True)
class EditionTold:
    """An edition as pages list it.

    Attributes
    ----------
    edition_id, plan
        Its name, and the plan it is an edition of.
    titles
        Language to title.
    status
        One of `EditionState`.
    shipped
        Whether Kulan itself ships its actions.
    """

    edition_id: str
    plan: str
    titles: tuple[tuple[str, str], ...]
    status: str
    shipped: bool

    def title(self, language: str = "en") -> str:
        """Return the title in a language; where it has none, in another."""
        return _in_language(dict(self.titles), language) or self.edition_id


def all_editions(*, drafts: bool = False) -> list[EditionTold]:
    """Return the editions of every plan, of either origin, those in force first.

    Parameters
    ----------
    drafts
        Whether drafts are among them; they are for those who keep the register.
    """
    stored = {row.edition_id: row for row in ImportedEdition.objects.all()}
    found = [_shipped_told(one, stored.pop(one.edition_id, None)) for one in shipped.editions()]
    found += [
        EditionTold(row.edition_id, row.plan, _pairs(row.title), row.status, shipped=False)
        for row in stored.values()
    ]
    order = [EditionState.IN_FORCE, EditionState.DRAFT, EditionState.PAST]
    found = [one for one in found if drafts or one.status != EditionState.DRAFT]
    return sorted(found, key=lambda one: (order.index(EditionState(one.status)), one.edition_id))


def edition_in_force(plan: str = "cami") -> str:
    """Return the name of the edition of a plan that is in force, or of its latest.

    Raises
    ------
    UnknownNameError
        If there is no such plan.
    """
    of_plan = [one for one in all_editions() if one.plan == plan]
    if not of_plan:
        raise UnknownNameError(f"No plan {plan!r}.")
    return of_plan[0].edition_id


def find_edition(edition_id: str, *, drafts: bool = False) -> EditionTold:
    """Return an edition.

    Raises
    ------
    UnknownNameError
        If there is none, or it is a draft and those are not asked for.
    """
    for one in all_editions(drafts=drafts):
        if one.edition_id == edition_id:
            return one
    raise UnknownNameError(f"No edition {edition_id!r} of a plan.")


def all_actions(edition_id: str, *, parts: bool = False) -> tuple[Action, ...]:
    """Return the actions of an edition in their order, of either origin.

    Parameters
    ----------
    edition_id
        The edition.
    parts
        Whether the lettered parts of actions are among them.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    """
    if edition_id in _shipped_ids():
        return shipped.actions(edition_id, parts=parts)
    rows = ImportedAction.objects.filter(edition__edition_id=edition_id).order_by("order", "pk")
    # words of texts are long, and no list shows them
    rows = rows.defer("text", "priority_printed", "leads_printed", "would_count")
    found = tuple(
        _stored(row, edition_id) for row in (rows if parts else rows.filter(parent_id=""))
    )
    if not found:
        _check_known(edition_id)
    return found


def all_sections(edition_id: str) -> tuple[Section, ...]:
    """Return the sections of an edition in their order.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    """
    if edition_id in _shipped_ids():
        return shipped.sections(edition_id)
    row = ImportedEdition.objects.filter(edition_id=edition_id).first()
    if row is None:
        _check_known(edition_id)
        return ()
    return tuple(
        Section(
            edition_id=edition_id,
            section_id=str(one["section_id"]),
            part=str(one.get("part", "")),
            species=tuple(one.get("species", ())),
            landscapes=tuple(one.get("landscapes", ())),
            states=tuple(one.get("states", ())),
            titles=dict(one.get("title", {})),
        )
        for one in row.sections
    )


def edition_years(edition_id: str) -> tuple[int | None, int | None]:
    """Return the first and the last year of an edition; None where they are not known."""
    for one in shipped.editions():
        if one.edition_id == edition_id:
            return one.first_year, one.last_year
    row = ImportedEdition.objects.filter(edition_id=edition_id).first()
    return (row.first_year, row.last_year) if row else (None, None)


def find_action(key: str) -> Action:
    """Return the action of a key, as ``cami-2021:3.2.a``.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    edition_id, _, action_id = key.partition(":")
    if edition_id in _shipped_ids():
        return shipped.action(action_id, edition_id)
    row = ImportedAction.objects.filter(edition__edition_id=edition_id, action_id=action_id).first()
    if row is None:
        raise UnknownNameError(f"No action {key!r}.")
    return _stored(row, edition_id)


def key_of(one: Action) -> str:
    """Return the key of an action."""
    return f"{one.edition_id}:{one.action_id}"


def as_printed(one: Action, field: str) -> str:
    """Return a field of an action as it stands in the edition, in words that a correction shows."""
    if field == "priority":
        return "/".join(dict.fromkeys(filter(None, (one.priority.low, one.priority.high))))
    if field == "title":
        return one.title()
    if field in ("text", "leads"):
        stored = ImportedAction.objects.filter(
            edition__edition_id=one.edition_id, action_id=one.action_id
        ).first()
        words = getattr(stored, "text" if field == "text" else "leads_printed", {})
        if words or field == "text":
            return "\n".join(words.values())
        return ", ".join(_actor_name(lead) for lead in one.leads)
    value: Any = getattr(one, field)
    return value if isinstance(value, str) else ", ".join(value)


def _actor_name(actor_id: str) -> str:
    known = {one.actor_id: one for one in shipped.actors()}
    return known[actor_id].title() if actor_id in known else actor_id


def _shipped_ids() -> frozenset[str]:
    """Return the editions whose actions Kulan ships; of others it may ship the title alone."""
    return frozenset(one.edition_id for one in shipped.editions() if one.actions_known)


def _check_known(edition_id: str) -> None:
    titled = {one.edition_id for one in shipped.editions()}
    if (
        edition_id not in titled
        and not ImportedEdition.objects.filter(edition_id=edition_id).exists()
    ):
        raise UnknownNameError(f"No edition {edition_id!r} of a plan.")


def _shipped_told(one: Edition, row: ImportedEdition | None) -> EditionTold:
    titles = tuple((language, one.title(language)) for language in LANGUAGES)
    usual = EditionState.IN_FORCE if one.edition_id == NEWEST_SHIPPED else EditionState.PAST
    return EditionTold(
        one.edition_id, one.plan, titles, row.status if row else str(usual), shipped=True
    )


def _stored(row: ImportedAction, edition_id: str) -> Action:
    return Action(
        edition_id=edition_id,
        action_id=row.action_id,
        section_id=row.section_id,
        parent_id=row.parent_id,
        printed=row.printed or row.action_id,
        order=row.order,
        priority=Priority(row.priority_low, row.priority_high),
        leads=tuple(row.leads),
        species=tuple(row.species),
        landscapes=tuple(row.landscapes),
        states=tuple(row.states),
        see_also=tuple(row.see_also),
        targets=tuple(row.targets),
        titles=dict(row.title),
    )


def _pairs(titles: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(language), str(text)) for language, text in titles.items())


def _in_language(titles: dict[str, str], language: str) -> str:
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
