"""Which actions of the programme a record may name."""

from collections.abc import Iterable
from functools import cache

from kulan.programme.actions import action_key, actions, editions
from kulan.web.programme.register.models import ImportedAction


@cache
def _shipped() -> frozenset[str]:
    return frozenset(
        action_key(one) for edition in editions() for one in actions(edition.edition_id, parts=True)
    )


def unknown_actions(keys: Iterable[str]) -> list[str]:
    """Return the keys that are neither of an edition Kulan ships nor of one that was imported."""
    missing = [key for key in keys if key not in _shipped()]
    imported = set()
    for key in missing:
        edition, _, action_id = key.partition(":")
        if ImportedAction.objects.filter(edition__edition_id=edition, action_id=action_id).exists():
            imported.add(key)
    return [key for key in missing if key not in imported]
