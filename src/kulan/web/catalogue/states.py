"""The way of a version from draft to release, as data and one check."""

from kulan.errors import NotAllowedNowError
from kulan.web.catalogue.themes import FROZEN, MOVES


def check_move(state: str, wanted: str) -> None:
    """Refuse a move that the way does not have.

    Raises
    ------
    NotAllowedNowError
        Naming the moves there are.
    """
    if wanted not in MOVES[state]:
        ways = " or ".join(MOVES[state]) or "nothing else"
        raise NotAllowedNowError(
            f"A version that is {state} cannot become {wanted}; it can become {ways}."
        )


def is_frozen(state: str) -> bool:
    """Whether neither data nor description change any more."""
    return state in FROZEN
