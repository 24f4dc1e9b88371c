"""Treaties, targets and plans that a report on an action also serves."""

from dataclasses import dataclass
from functools import cache

from kulan.programme.actions.editions import edition
from kulan.programme.actions.tables import ACTION_TARGETS
from kulan.programme.loading import load


@dataclass(frozen=True, slots=True)
class ActionTarget:
    """A treaty, target or plan that a report on an action also serves.

    Attributes
    ----------
    edition_id, action_id
        The action, or a part that serves other targets than its action.
    target
        One of `kulan.programme.actions.tables.TREATY_TAGS`.
    source
        Where that is read from; mostly own reading, no official crosswalk.
    confidence
        How far to trust it.
    """

    edition_id: str
    action_id: str
    target: str
    source: str
    confidence: str


def action_targets(edition_id: str = "cami-2021") -> tuple[ActionTarget, ...]:
    """Return what the actions of an edition also serve, with source and confidence.

    A part that has no row of its own serves what its action serves.

    Raises
    ------
    UnknownNameError
        If the package has no such edition.

    Examples
    --------
    >>> [one.target for one in action_targets() if one.action_id == "21.1"]
    ['cms', 'gbf:target-4', 'mou:saiga', 'samarkand']
    """
    edition(edition_id)
    return tuple(one for one in _read() if one.edition_id == edition_id)


@cache
def targets_by_action() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the targets of each action that has rows of its own, by edition and id."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in _read():
        place = (one.edition_id, one.action_id)
        found[place] = (*found.get(place, ()), one.target)
    return found


@cache
def _read() -> tuple[ActionTarget, ...]:
    return tuple(
        ActionTarget(
            edition_id=row["edition_id"],
            action_id=row["action_id"],
            target=row["target"],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in load(ACTION_TARGETS).to_dict("records")
    )
