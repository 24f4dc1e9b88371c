"""What an action would cost, as somebody has estimated it."""

from dataclasses import dataclass, field
from datetime import date

from kulan.errors import InvalidTableError
from kulan.programme.money.amounts import Money
from kulan.programme.money.projects import Shares, check_shares


@dataclass(frozen=True, slots=True)
class Need:
    """An estimate of what an action, or a part of it, costs.

    Attributes
    ----------
    action
        Key of the action: ``cami-2021:3.2``.
    low, high
        At least and at most; equal where one figure is known.
    day
        Of the estimate: a rate of exchange is taken for this day.
    source
        Who estimated it, where it is written.
    states, species, landscapes
        Where and for what, with shares of the cost where stated; empty: for the whole range.
    part
        What of the action it is for, where it is not for all of it. Needs of one action add up.
    """

    action: str
    low: Money
    high: Money
    day: date
    source: str
    states: Shares = field(default_factory=dict)
    species: Shares = field(default_factory=dict)
    landscapes: Shares = field(default_factory=dict)
    part: str = ""

    def __post_init__(self) -> None:
        """Refuse an estimate that contradicts itself, or that nobody stands for."""
        if self.low.amount < 0 or self.high < self.low:
            raise InvalidTableError(
                f"A need from {self.low} to {self.high} is none; give the lower figure first."
            )
        if not self.source.strip():
            raise InvalidTableError(
                f"The need of {self.action} has no source; say who estimated it and where."
            )
        for what in ("states", "species", "landscapes"):
            check_shares(getattr(self, what), what)
