"""What people do with crosswalks: propose, confirm, refuse, pair anew, take in, carry across."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import InvalidFileError, NotAllowedNowError, TooLargeError, UnknownNameError
from kulan.programme.editions import (
    Crosswalk,
    Pair,
    Stated,
    aligned,
    decided,
    joined_by_hand,
    read_crosswalk,
)
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.register.carrying import end_what_is_carried_no_more
from kulan.web.programme.register.catalogue import all_actions
from kulan.web.programme.register.models import Crosswalk as Kept
from kulan.web.programme.register.models import CrosswalkPair
from kulan.web.programme.register.permissions import check_may_keep_register
from kulan.web.programme.register.stated import stated_in
from kulan.web.programme.register.terms import PairState
from kulan.web.programme.register.walks import is_doubtful, walk_of

MOST_ACTIONS = 600
"""How many actions of an edition are compared on a page; more are compared at the console."""
_SAME_WORDS = 0.97


def propose(viewer: Viewer, before: str, after: str, language: str) -> Kept:
    """Let the machine pair two editions; what people have decided already stays as it is.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If there is no such edition.
    NotAllowedNowError
        If they are one and the same, or are compared the other way round already.
    TooLargeError
        If one of them has more actions than a page compares.
    """
    check_may_keep_register(viewer)
    say = current_words().say
    if before == after:
        raise NotAllowedNowError(say("Choose two different editions."))
    if Kept.objects.filter(before=after, after=before).exists():
        raise NotAllowedNowError(
            say("These two are compared already, the other way round. Work with that crosswalk.")
        )
    sides = stated_in(before, language), stated_in(after, language)
    if not all(sides):
        raise NotAllowedNowError(say("One of the two has no actions. Bring its text in first."))
    if max(map(len, sides)) > MOST_ACTIONS:
        raise TooLargeError(
            say(
                "An edition has more than {count} actions. Compare them with kulan programme "
                "compare, and take its crosswalk.csv in.",
                count=MOST_ACTIONS,
            )
        )
    with transaction.atomic():
        row, _ = Kept.objects.select_for_update().get_or_create(
            before=before, after=after, defaults={"language": language}
        )
        standing = [one for one in walk_of(row).pairs if one.state == PairState.CONFIRMED]
        refused = [one for one in walk_of(row).pairs if one.state == PairState.REFUSED]
        walk = _around(standing, refused, sides, (before, after))
        row.language, row.proposed_by_id, row.proposed_at = language, viewer.user_id, timezone.now()
        row.save()
        _keep(row, walk)
        record("crosswalk_proposed", row, by=viewer, pairs=len(walk.pairs), language=language)
    return row


def _around(
    standing: Sequence[Pair],
    refused: Sequence[Pair],
    sides: tuple[Sequence[Stated], Sequence[Stated]],
    editions: tuple[str, str],
) -> Crosswalk:
    """Align what no confirmed pair holds; a pair that was refused is not proposed again."""
    held = [{each for pair in standing for each in getattr(pair, s)} for s in ("before", "after")]
    left = [one for one in sides[0] if one.action_id not in held[0]]
    right = [one for one in sides[1] if one.action_id not in held[1]]
    known = {(one.before, one.after): one for one in refused}
    found = aligned(left, right, editions=editions).pairs
    fresh = [known.get((pair.before, pair.after), pair) for pair in found]
    return Crosswalk(*editions, (*standing, *fresh))


def decide(viewer: Viewer, one: CrosswalkPair, state: str, *, why: str) -> None:
    """Confirm a pair, refuse it, or leave it open again.

    What was carried over a pair that is confirmed no more ends with it.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    NotAllowedNowError
        If an action of it is in another confirmed pair.
    """
    check_may_keep_register(viewer)
    row = one.crosswalk
    with transaction.atomic():
        walk = decided(walk_of(_locked(row)), one.before, one.after, state, why=why)
        _check_one_pair_each(walk)
        _keep(row, walk, by=viewer)
        told = {"before": one.before, "after": one.after, "state": state, "why": why}
        record("crosswalk_pair_decided", row, by=viewer, **told)
        end_what_is_carried_no_more(viewer, row, why)


def confirm_several(viewer: Viewer, row: Kept, keys: Iterable[int], *, why: str) -> int:
    """Confirm pairs that are still proposed; return how many.

    Those of which another action reads more alike are left to be decided one by one.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    """
    check_may_keep_register(viewer)
    with transaction.atomic():
        walk = walk_of(_locked(row))
        chosen = row.pairs.filter(pk__in=list(keys), state=PairState.PROPOSED)
        pairs = [one for one in chosen if one.before and one.after and not is_doubtful(one)]
        for one in pairs:
            walk = decided(walk, one.before, one.after, PairState.CONFIRMED, why=why)
        _check_one_pair_each(walk)
        _keep(row, walk, by=viewer)
        if pairs:
            told = [[one.before, one.after] for one in pairs]
            record("crosswalk_pairs_confirmed", row, by=viewer, pairs=told, why=why)
    return len(pairs)


def pair_anew(
    viewer: Viewer, row: Kept, before: Sequence[str], after: Sequence[str], *, why: str
) -> None:
    """Pair actions that the machine did not; the pair is confirmed.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If there is no such action, or both sides name several.
    """
    check_may_keep_register(viewer)
    with transaction.atomic():
        walk = joined_by_hand(walk_of(_locked(row)), before, after, why=why)
        *others, fresh = walk.pairs
        walk = replace(walk, pairs=(*others, _told_as_reworded(row, fresh)))
        _keep(row, walk, by=viewer)
        told = {"before": list(before), "after": list(after), "why": why}
        record("crosswalk_pair_joined", row, by=viewer, **told)
        end_what_is_carried_no_more(viewer, row, why)


def _told_as_reworded(row: Kept, pair: Pair) -> Pair:
    """Return a pair that a person joined as reworded where its words are not the same."""
    if pair.kind not in ("same", "renumbered"):
        return pair
    sides = (
        {one.action_id: one for one in stated_in(row.before, row.language)},
        {one.action_id: one for one in stated_in(row.after, row.language)},
    )
    left, right = sides[0].get(pair.before[0]), sides[1].get(pair.after[0])
    if left is None or right is None:
        return pair
    return replace(pair, kind="same" if left.words == right.words else "reworded")


@dataclass(frozen=True)
class _Sent:
    """A file that was sent, as the reader of crosswalks opens one."""

    name: str
    content: bytes

    def read_text(self, encoding: str) -> str:
        """Return its words."""
        return self.content.decode(encoding)

    def __str__(self) -> str:
        return self.name


def take_in(viewer: Viewer, row: Kept, content: bytes, name: str, *, why: str) -> int:
    """Take in a ``crosswalk.csv`` in which people decided; return how many pairs it changed.

    It takes the place of the crosswalk as a whole. A pair that it confirms or refuses without a
    reason of its own gets `why`.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    InvalidFileError, InvalidTableError
        If it cannot be read, or does not speak of these two editions.
    """
    check_may_keep_register(viewer)
    sent: Any = _Sent(name, content)
    read = read_crosswalk(sent, editions=(row.before, row.after))
    _check_speaks_of(row, read)
    with transaction.atomic():
        before = {(one.before, one.after): one.state for one in walk_of(_locked(row)).pairs}
        pairs = tuple(
            replace(one, why=one.why or (why if one.state != PairState.PROPOSED else ""))
            for one in read.pairs
        )
        walk = replace(read, pairs=pairs)
        _check_one_pair_each(walk)
        _keep(row, walk, by=viewer)
        n_changed = sum(before.get((one.before, one.after)) != one.state for one in walk.pairs)
        record("crosswalk_taken_in", row, by=viewer, changed=n_changed, file=name[:200], why=why)
        end_what_is_carried_no_more(viewer, row, why)
    return n_changed


def _check_speaks_of(row: Kept, walk: Crosswalk) -> None:
    say = current_words().say
    for side, edition_id in (("before", row.before), ("after", row.after)):
        known = {one.action_id for one in all_actions(edition_id)}
        named = {each for pair in walk.pairs for each in getattr(pair, side)}
        if strange := sorted(named - known):
            raise InvalidFileError(
                say(
                    "{edition} has no action {numbers}. Take in the crosswalk of these two "
                    "editions.",
                    edition=edition_id,
                    numbers=", ".join(strange[:5]),
                )
            )
        if lacking := sorted(known - named):
            raise InvalidFileError(
                say(
                    "The file lacks {numbers} of {edition}. Leave every row in it; refuse what "
                    "is no pair.",
                    edition=edition_id,
                    numbers=", ".join(lacking[:5]),
                )
            )


def _check_one_pair_each(walk: Crosswalk) -> None:
    """Refuse two confirmed pairs with one action."""
    held = [one for one in walk.pairs if one.state == PairState.CONFIRMED]
    for side in ("before", "after"):
        claimed = [each for pair in held for each in getattr(pair, side)]
        if twice := sorted({each for each in claimed if claimed.count(each) > 1}):
            raise NotAllowedNowError(
                current_words().say(
                    "Action {numbers} stands in another confirmed pair. Refuse that one first.",
                    numbers=", ".join(twice),
                )
            )


def _keep(row: Kept, walk: Crosswalk, *, by: Viewer | None = None) -> None:
    """Write pairs: those that stand as they are keep their row, and who decided them when."""
    rows = {(tuple(one.before), tuple(one.after)): one for one in row.pairs.all()}
    fresh, changed = [], []
    order = {one.action_id: place for place, one in enumerate(all_actions(row.before))}
    later = {one.action_id: place for place, one in enumerate(all_actions(row.after))}
    for pair in walk.pairs:
        one = rows.pop((pair.before, pair.after), None) or CrosswalkPair(crosswalk=row)
        is_new = one.pk is None
        told = (one.kind, one.score, tuple(one.reasons), one.state, one.why)
        if told[3:] != (pair.state, pair.why) or is_new:
            one.by_id = by.user_id if by and pair.state != PairState.PROPOSED else None
            one.at = timezone.now() if one.by_id else None
        one.before, one.after = list(pair.before), list(pair.after)
        one.kind, one.score, one.reasons = pair.kind, pair.score, list(pair.reasons)
        one.state, one.why = pair.state, pair.why
        place = (
            order.get(pair.before[0], 0)
            if pair.before
            else len(order) + later.get(next(iter(pair.after), ""), 0)
        )
        if is_new:
            one.place = place
            fresh.append(one)
        elif told != (one.kind, one.score, tuple(one.reasons), one.state, one.why):
            changed.append(one)
    CrosswalkPair.objects.filter(pk__in=[one.pk for one in rows.values()]).delete()
    CrosswalkPair.objects.bulk_create(fresh)
    fields = ["kind", "score", "reasons", "state", "why", "by", "at"]
    CrosswalkPair.objects.bulk_update(changed, fields, batch_size=200)


def _locked(row: Kept) -> Kept:
    found = Kept.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise UnknownNameError(current_words().say("The crosswalk is no longer there."))
    return found
