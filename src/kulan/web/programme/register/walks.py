"""Crosswalks of the database, as the library knows them."""

from kulan.programme.editions import MORE_LIKE, Crosswalk, Pair
from kulan.web.programme.register.models import Crosswalk as Kept
from kulan.web.programme.register.models import CrosswalkPair


def walk_of(row: Kept) -> Crosswalk:
    """Return a crosswalk as the library knows it."""
    pairs = tuple(_pair(one) for one in row.pairs.order_by("place", "pk"))
    return Crosswalk(row.before, row.after, pairs)


def _pair(one: CrosswalkPair) -> Pair:
    return Pair(
        tuple(one.before),
        tuple(one.after),
        one.kind,
        one.score,
        tuple(one.reasons),
        one.state,
        one.why,
    )


def is_doubtful(one: CrosswalkPair) -> bool:
    """Whether another action reads more alike than the one it is paired with."""
    return any(reason.startswith(MORE_LIKE) for reason in one.reasons)
