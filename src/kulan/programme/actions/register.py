"""Actions of an edition, their parts and what they refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from kulan.errors import UnknownNameError
from kulan.programme.actions.editions import edition
from kulan.programme.actions.tables import ACTION_REFERENCES, ACTIONS
from kulan.programme.actions.targets import targets_by_action
from kulan.programme.actions.titles import title_in, titles_of
from kulan.programme.loading import load


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority as an interval: ``low``, ``medium``, ``high``; empty where none is printed."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an action refers to something else.

    Attributes
    ----------
    edition_id, action_id
        The action or part that refers.
    kind
        ``action``, ``section`` or ``other_plan``.
    printed
        Number as printed.
    corrected
        Number that is meant; the printed one where it is not stale.
    reason
        Why it was corrected or doubted; empty otherwise.
    """

    edition_id: str
    action_id: str
    kind: str
    printed: str
    corrected: str
    reason: str


@dataclass(frozen=True, slots=True)
class Action:
    """An action of an edition, or a part of one.

    Attributes
    ----------
    edition_id, action_id
        Edition, and number that tells actions apart; see `action_key`.
    section_id
        Section it stands in.
    parent_id
        Action it is part of; empty for an action itself.
    printed
        Number as printed.
    order
        Place in the text, parts counted.
    priority
        As an interval; a part has its action's unless its own is printed.
    leads
        Actors printed as responsible, by short name.
    species, landscapes, states
        What it or its section names; empty for all.
    see_also
        Actions of the same edition it refers to, stale numbers corrected; see `references`.
    targets
        Treaties, targets and plans a report on it also serves; see `action_targets`.
    titles
        Kulan's own short titles by language.
    priority_order
        The priority in the order printed, such as ``medium/high``.
    leads_to_confirm
        Leads printed with the mark that they are to be confirmed.
    other_states
        States outside the initiative it names.
    """

    edition_id: str
    action_id: str
    section_id: str
    parent_id: str
    printed: str
    order: int
    priority: Priority
    leads: tuple[str, ...] = ()
    species: tuple[str, ...] = ()
    landscapes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    priority_order: str = ""
    leads_to_confirm: tuple[str, ...] = ()
    other_states: tuple[str, ...] = ()

    def title(self, language: str = "en") -> str:
        """Return Kulan's own short title in ``en``, ``ru`` or ``fr``."""
        return title_in(self.titles, language, self.action_id)


def action_key(one: Action) -> str:
    """Return the name an action goes by everywhere else.

    Examples
    --------
    >>> action_key(action("3.2.a"))
    'cami-2021:3.2.a'
    """
    return f"{one.edition_id}:{one.action_id}"


def actions(edition_id: str = "cami-2021", *, parts: bool = False) -> tuple[Action, ...]:
    """Return the actions of an edition in the order of the text.

    Parameters
    ----------
    edition_id
        Which edition; of ``cami-2014`` none are known.
    parts
        Whether the lettered parts come too, each after the action it belongs to.

    Raises
    ------
    UnknownNameError
        If the package has no such edition.

    Examples
    --------
    >>> len(actions()), len(actions(parts=True))
    (228, 291)
    """
    edition(edition_id)
    found = _by_edition().get(edition_id, {}).values()
    return tuple(one for one in found if parts or not one.parent_id)


def action(action_id: str, edition_id: str = "cami-2021") -> Action:
    """Return an action or a part of one.

    Raises
    ------
    UnknownNameError
        If there is no such edition or action.

    Examples
    --------
    >>> action("13.1").printed
    '14.1'
    """
    edition(edition_id)
    known = _by_edition().get(edition_id, {})
    if action_id not in known:
        raise UnknownNameError(
            f"Edition {edition_id} has no action {action_id!r}. Actions are numbered as in the "
            "text, parts by letter (3.2.a); `kulan programme actions` lists them."
        )
    return known[action_id]


def from_key(key: str) -> Action:
    """Return the action a key names.

    Raises
    ------
    UnknownNameError
        If the key is not of the form ``edition:action`` or names none the package knows.

    Examples
    --------
    >>> from_key("cami-2021:29.10b").printed
    '29.10'
    """
    edition_id, separator, action_id = key.partition(":")
    if not separator:
        raise UnknownNameError(
            f"{key!r} names no action; write edition and number, such as 'cami-2021:1.1'."
        )
    return action(action_id, edition_id)


def references(edition_id: str = "cami-2021") -> tuple[Reference, ...]:
    """Return every reference between actions, as printed and corrected.

    Raises
    ------
    UnknownNameError
        If the package has no such edition.

    Examples
    --------
    >>> [(one.printed, one.corrected) for one in references() if one.action_id == "2.2"]
    [('7.5', '7.4')]
    """
    edition(edition_id)
    return tuple(one for one in _references() if one.edition_id == edition_id)


@cache
def _references() -> tuple[Reference, ...]:
    return tuple(
        Reference(
            edition_id=row["edition_id"],
            action_id=row["action_id"],
            kind=row["kind"],
            printed=row["printed"],
            corrected=row["corrected"] or row["printed"],
            reason=row["reason"] or "",
        )
        for row in load(ACTION_REFERENCES).to_dict("records")
    )


@cache
def _by_edition() -> dict[str, dict[str, Action]]:
    """Return every action by edition and id, in the order of the text."""
    seen: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in _references():
        if one.kind == "action":
            place = (one.edition_id, one.action_id)
            seen[place] = (*seen.get(place, ()), one.corrected)
    served = targets_by_action()
    found: dict[str, dict[str, Action]] = {}
    for row in load(ACTIONS).sort_values("order").to_dict("records"):
        place = (row["edition_id"], row["action_id"])
        before = found.setdefault(place[0], {})
        parent = before.get(row["parent_id"] or "")
        before[place[1]] = Action(
            edition_id=place[0],
            action_id=place[1],
            section_id=row["section_id"],
            parent_id=row["parent_id"] or "",
            printed=row["printed"],
            order=int(row["order"]),
            priority=Priority(row["priority_low"] or "", row["priority_high"] or ""),
            leads=row["leads"],
            species=row["species"],
            landscapes=row["landscapes"],
            states=row["states"],
            see_also=seen.get(place, ()),
            targets=served.get(place, parent.targets if parent else ()),
            titles=titles_of(row),
            priority_order=row["priority_order"] or "",
            leads_to_confirm=row["leads_to_confirm"],
            other_states=row["other_states"],
        )
    return found
