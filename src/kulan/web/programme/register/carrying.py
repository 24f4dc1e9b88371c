"""What people set by hand, carried over the confirmed pairs of a crosswalk.

The rows of the earlier edition stay as they are; each that is carried gets a row of its own in the
later edition, which says where it comes from and may be ended or set anew there.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from kulan.programme.editions import Pair, status_over
from kulan.web.events.record import record
from kulan.web.policy import Viewer
from kulan.web.programme.register.models import Crosswalk, Override
from kulan.web.programme.register.permissions import check_may_keep_register
from kulan.web.programme.register.terms import PairState, Sets
from kulan.web.programme.register.walks import walk_of

_Place = tuple[str, str]  # state, and what is set


def to_carry(row: Crosswalk) -> list[Override]:
    """Return what stands set by hand in the earlier edition and is not yet in the later, unsaved.

    A status follows the rules by which `kulan programme carry` carries it. Of two merged, a status
    or a mark is carried where both have it; of days the earlier. Where the later edition has said
    something of its own, that holds.
    """
    before = _standing(row.before)
    there = {
        (one.action, one.iso3, one.sets)
        for one in Override.objects.filter(action__startswith=f"{row.after}:", ended_at=None)
    }
    done = set(
        # what ended with its pair is carried again where the pair is confirmed again
        Override.objects.filter(
            action__startswith=f"{row.after}:", ended_with_pair=False
        ).values_list("action", "carried_from")
    )
    found = []
    for pair in _confirmed(row):
        for place, rows in _together(pair, row.before, before).items():
            for after in pair.after:
                key = f"{row.after}:{after}"
                made = _over(pair, rows, key, place)
                if made is None or (key, *place) in there or (key, made.carried_from_id) in done:
                    continue
                found.append(made)
    return found


def carry_across(viewer: Viewer, row: Crosswalk) -> int:
    """Carry over what people have set by hand; return how many statuses, days and marks.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    """
    check_may_keep_register(viewer)
    with transaction.atomic():
        Crosswalk.objects.select_for_update().filter(pk=row.pk).first()
        rows = to_carry(row)
        for one in rows:
            one.save(force_insert=True)
        if rows:
            record("crosswalk_carried", row, by=viewer, rows=len(rows))
    return len(rows)


def end_what_is_carried_no_more(viewer: Viewer, row: Crosswalk, why: str) -> int:
    """End what was carried over pairs that are confirmed no more, or that carry it otherwise."""
    joined = {
        (f"{row.before}:{left}", f"{row.after}:{right}"): pair
        for pair in _confirmed(row)
        for left in pair.before
        for right in pair.after
    }
    carried = Override.objects.filter(
        action__startswith=f"{row.after}:",
        carried_from__action__startswith=f"{row.before}:",
        ended_at=None,
    ).select_related("carried_from")
    standing = _standing(row.before)
    gone = []
    for one in carried:
        was = one.carried_from
        if was is None:
            continue
        pair = joined.get((was.action, one.action))
        if pair is None or not _still_so(pair, one, was, row.before, standing):
            gone.append(one.pk)
    return Override.objects.filter(pk__in=gone).update(
        ended_at=timezone.now(),
        ended_by_id=viewer.user_id,
        ended_reason=why,
        ended_with_pair=True,
    )


def _still_so(
    pair: Pair,
    one: Override,
    was: Override,
    edition_id: str,
    standing: dict[str, list[Override]],
) -> bool:
    """Whether a pair, as it is now, makes of a status what was carried; of others, that it does."""
    if one.sets != Sets.STATUS:
        return True
    held = [
        was.status
        if key == was.action
        else next(
            (
                each.status
                for each in standing.get(key, ())
                if (each.iso3, each.sets) == (one.iso3, one.sets)
            ),
            "",
        )
        for key in (f"{edition_id}:{number}" for number in pair.before)
    ]
    return all(held) and status_over(pair, held)[0] == one.status


def _confirmed(row: Crosswalk) -> list[Pair]:
    return [
        one
        for one in walk_of(row).pairs
        if one.state == PairState.CONFIRMED and one.before and one.after
    ]


def _standing(edition_id: str) -> dict[str, list[Override]]:
    found: dict[str, list[Override]] = defaultdict(list)
    rows = Override.objects.filter(action__startswith=f"{edition_id}:", ended_at=None)
    for one in rows.order_by("at", "pk"):
        found[one.action].append(one)
    return found


def _together(
    pair: Pair, edition_id: str, standing: dict[str, list[Override]]
) -> dict[_Place, list[Override]]:
    """Return what is set about the earlier actions of a pair, by state and what is set."""
    found: dict[_Place, list[Override]] = defaultdict(list)
    for number in pair.before:
        for one in standing.get(f"{edition_id}:{number}", ()):
            found[one.iso3, one.sets].append(one)
    return found


def _over(pair: Pair, rows: list[Override], key: str, place: _Place) -> Override | None:
    """Return what one thing set by hand becomes for a later action; None where nothing does."""
    iso3, sets = place
    newest = rows[-1]
    made = Override(
        action=key, iso3=iso3, sets=sets, reason=newest.reason, by_id=newest.by_id, at=newest.at
    )
    if sets == Sets.DUE:
        newest = min(rows, key=_due)
        made.due, made.reason = newest.due, newest.reason
    elif len(rows) < len(pair.before):
        return None
    elif sets == Sets.STATUS:
        made.status = status_over(pair, [one.status for one in rows])[0]
        if len(rows) > 1:
            newest = next((one for one in rows if one.status == made.status), newest)
            made.reason, made.by_id, made.at = newest.reason, newest.by_id, newest.at
    made.carried_from = newest
    return made


def _due(one: Override) -> date:
    return one.due or date.max


def carried_keys(rows: Iterable[Override]) -> dict[int, str]:
    """Return from which action each row was carried, by the key of the row."""
    return {one.pk: one.carried_from.action for one in rows if one.carried_from is not None}
