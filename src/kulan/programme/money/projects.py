"""Projects and the money in them: budgets, commitments, disbursements, co-finance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.programme.money.amounts import Money
from kulan.words import N_

FLOW_KINDS: dict[str, str] = {
    "budget": N_("Budget"),
    "planned": N_("Planned disbursement"),
    "pledge": N_("Pledge"),
    "commitment": N_("Commitment"),
    "commitment_in": N_("Commitment received"),
    "cofinance": N_("Co-finance committed"),
    "incoming": N_("Funds received"),
    "disbursement": N_("Disbursement"),
    "expenditure": N_("Expenditure"),
}
"""What money does in a project; the first three, budgets, plans and pledges, secure nothing."""

PAID = ("disbursement", "expenditure")

PROJECT_STAGES: dict[str, str] = {
    "pipeline": N_("In preparation"),
    "running": N_("Running"),
    "ending": N_("Work finished, accounts open"),
    "closed": N_("Closed"),
    "cancelled": N_("Cancelled"),
    "suspended": N_("Suspended"),
}
"""Where a project stands; IATI's activity status is told from it."""

Shares = Mapping[str, Fraction | None]


def check_shares(shares: Shares, what: str) -> None:
    """Refuse shares that no project can have.

    Parameters
    ----------
    shares
        Name to its share of the project's money; None where not stated.
    what
        What is shared among, for the message: ``actions``.

    Raises
    ------
    InvalidTableError
        If one is not above 0, they are more than the whole, or they are the whole while others
        stand without a share.
    """
    stated = [share for share in shares.values() if share is not None]
    if any(share <= 0 for share in stated):
        raise InvalidTableError(f"A share of {what} is above zero; leave out what gets nothing.")
    if sum(stated) > 1:
        raise InvalidTableError(
            f"The shares of {what} are {float(sum(stated)) * 100:.2f} % together, more than all."
        )
    if sum(stated) == 1 and len(stated) < len(shares):
        raise InvalidTableError(
            f"The stated shares of {what} are the whole already; what has none gets nothing. Leave "
            "it out, or lower the others."
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """Money of a project on a day.

    Attributes
    ----------
    kind
        Of `FLOW_KINDS`.
    money
        How much; below zero for what is taken back.
    day
        Of the commitment or payment; for a budget and a plan its first day.
    last_day
        Last day of a budget or plan.
    provider, receiver
        Names of organisations; empty where not said.
    description
        For what.
    reference
        Its name at the organisation it comes from.
    """

    kind: str
    money: Money
    day: date
    last_day: date | None = None
    provider: str = ""
    receiver: str = ""
    description: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no flow."""
        if self.kind not in FLOW_KINDS:
            raise UnknownNameError(f"Money of kind {self.kind!r}; choose {', '.join(FLOW_KINDS)}.")
        if self.last_day and self.last_day < self.day:
            raise InvalidTableError(f"The last day {self.last_day} is before {self.day}.")


@dataclass(frozen=True, slots=True)
class Project:
    """A project as the reckoning of gaps needs it.

    Attributes
    ----------
    reference
        Its name in the system.
    title
        Its title.
    flows
        Its money.
    actions, states, species, landscapes
        What it serves, with shares of its money where they are stated; None is "not allocated".
    part_of
        Reference of the project whose money it spends: it is counted there and not again.
    stage
        Of `PROJECT_STAGES`.
    """

    reference: str
    title: str
    flows: tuple[Flow, ...] = ()
    actions: Shares = field(default_factory=dict)
    states: Shares = field(default_factory=dict)
    species: Shares = field(default_factory=dict)
    landscapes: Shares = field(default_factory=dict)
    part_of: str = ""
    stage: str = "running"

    def __post_init__(self) -> None:
        """Refuse shares and stages there are not."""
        if self.stage not in PROJECT_STAGES:
            raise UnknownNameError(f"No stage {self.stage!r}; choose {', '.join(PROJECT_STAGES)}.")
        for what in ("actions", "states", "species", "landscapes"):
            check_shares(getattr(self, what), what)


def counted_once(projects: Iterable[Project]) -> tuple[Project, ...]:
    """Return the projects whose money is not inside another one of them."""
    known = tuple(projects)
    references = {one.reference for one in known}
    return tuple(one for one in known if not one.part_of or one.part_of not in references)
