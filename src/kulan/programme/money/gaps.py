"""What actions cost less what is secured for them: a gap from at least to at most.

Money is never counted twice. A project that serves several actions gives each the share that is
stated; what is not stated for one of them may lie with any of them, so that it widens the interval
of each, and counts once in a group that holds them all. The same holds for states, species and
landscapes, and for the costs of actions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kulan.programme.money.amounts import Money, NotConverted, Rates, rounded, total, zero
from kulan.programme.money.needs import Need
from kulan.programme.money.projects import PAID, Project, Shares, counted_once
from kulan.words import N_

STATUS_NAMES: dict[str, str] = {
    "need_unknown": N_("Cost not known"),
    "not_converted": N_("Cannot be converted"),
    "unfunded": N_("Nothing secured"),
    "partly": N_("Partly funded"),
    "perhaps_funded": N_("Perhaps funded"),
    "funded": N_("Funded"),
    "over_funded": N_("Over-funded"),
}
"""How an action stands, in words."""

DIMENSIONS = ("action", "state", "species", "landscape")
_SHARES_OF: dict[str, str] = {
    "action": "actions",
    "state": "states",
    "species": "species",
    "landscape": "landscapes",
}
_PROMISED = ("commitment", "commitment_in", "incoming", "cofinance")


@dataclass(frozen=True, slots=True)
class Interval:
    """Money from at least to at most, of one currency."""

    low: Money
    high: Money

    def __add__(self, other: "Interval") -> "Interval":
        """Return the sum of two intervals."""
        return Interval(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing for a group of actions, or in a state, a landscape, for a species.

    Attributes
    ----------
    need
        What it costs; None where nobody has estimated it, or nothing of it can be converted.
    secured
        What is committed or paid.
    gap
        What is missing, never below zero; None where the need is not known.
    over
        What is secured beyond the need; from zero to zero where nothing is.
    status
        Of `STATUS_NAMES`.
    needs, projects
        How many estimates and projects stand behind it.
    not_converted
        Amounts for which there is no rate: they are in none of the figures.
    """

    need: Interval | None
    secured: Interval
    gap: Interval | None
    over: Interval
    status: str
    needs: int
    projects: tuple[str, ...]
    not_converted: tuple[NotConverted, ...]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Needs and projects in one currency, ready to be grouped.

    Make one with `reckon`.
    """

    currency: str
    needs: tuple[tuple[Need, Interval], ...]
    needs_not_converted: tuple[tuple[Need, NotConverted], ...]
    secured: tuple[tuple[Project, Money], ...]
    not_converted: tuple[tuple[Project, NotConverted], ...]


def reckon(
    needs: Iterable[Need], projects: Iterable[Project], rates: Rates, currency: str
) -> Reckoning:
    """Bring needs and what is secured into one currency, each by the rate of its own day.

    Parameters
    ----------
    needs
        Estimates; those of one action add up.
    projects
        Projects with their flows. One that spends another's money is counted there alone.
    rates
        Rates that somebody gave.
    currency
        Of the answer.
    """
    known: list[tuple[Need, Interval]] = []
    unknown: list[tuple[Need, NotConverted]] = []
    for need in needs:
        low = rates.convert(need.low, currency, need.day)
        high = rates.convert(need.high, currency, need.day)
        if isinstance(low, NotConverted) or isinstance(high, NotConverted):
            unknown.append((need, NotConverted(need.high, currency, need.day)))
        else:
            known.append((need, Interval(low.money, high.money)))
    secured: list[tuple[Project, Money]] = []
    lost: list[tuple[Project, NotConverted]] = []
    for project in counted_once(projects):
        amount, missing = secured_by(project, rates, currency)
        secured.append((project, amount))
        lost += [(project, one) for one in missing]
    return Reckoning(currency, tuple(known), tuple(unknown), tuple(secured), tuple(lost))


def secured_by(
    project: Project, rates: Rates, currency: str
) -> tuple[Money, tuple[NotConverted, ...]]:
    """Return what is secured in a project, and what cannot be converted.

    One and the same money is told of several times: committed to the project, received by it,
    committed by it to others, paid out. The largest of these is taken and never their sum; only
    co-finance comes on top of what others commit. Of a cancelled project only what was paid counts.
    Budgets, plans and pledges secure nothing.
    """
    sums: dict[str, Money] = {}
    lost: list[NotConverted] = []
    for kind in (*PAID, *(() if project.stage == "cancelled" else _PROMISED)):
        flows = [one for one in project.flows if one.kind == kind]
        answers = [rates.convert(one.money, currency, one.day) for one in flows]
        lost += [one for one in answers if isinstance(one, NotConverted)]
        known = (one.money for one in answers if not isinstance(one, NotConverted))
        sums[kind] = _above_zero(total(known, currency))
    paid = total((sums[kind] for kind in PAID), currency)
    promised = zero(currency)
    for kind in _PROMISED[:-1]:
        promised = _larger(promised, sums.get(kind, promised))
    return _larger(paid, promised + sums.get("cofinance", zero(currency))), tuple(lost)


def _larger(one: Money, other: Money) -> Money:
    return other if one < other else one


def gap_of(reckoning: Reckoning, wanted: Mapping[str, frozenset[str]]) -> Gap:
    """Return the gap of a part of the programme.

    Parameters
    ----------
    reckoning
        From `reckon`.
    wanted
        Dimension (of `DIMENSIONS`) to the names in it: ``{"action": {...}, "state": {"MNG"}}``.
        A dimension that is not named is not restricted. What names nothing in a wanted dimension,
        such as a project for the whole range, is in no group of it: see `not_allocated`.
    """
    currency = reckoning.currency
    needs = [
        _scaled(amount, _need_share(need, wanted))
        for need, amount in reckoning.needs
        if _need_share(need, wanted)[1] > 0
    ]
    secured, projects = _none(currency), []
    for project, amount in reckoning.secured:
        share = _joint(
            (_share_of(getattr(project, _SHARES_OF[d]), names) for d, names in wanted.items())
        )
        if share[1] > 0:
            secured += _scaled(Interval(amount, amount), share)
            projects.append(project.reference)
    lost = [one for need, one in reckoning.needs_not_converted if _need_share(need, wanted)[1] > 0]
    lost_needs = len(lost)
    lost += [
        one
        for project, one in reckoning.not_converted
        if _joint(_share_of(getattr(project, _SHARES_OF[d]), n) for d, n in wanted.items())[1] > 0
    ]
    need = sum(needs, start=_none(currency)) if needs and not lost_needs else None
    return _answer(need, secured, (len(needs) + lost_needs, lost_needs), projects, lost)


def _answer(
    need: Interval | None,
    secured: Interval,
    counted: tuple[int, int],
    projects: list[str],
    lost: list[NotConverted],
) -> Gap:
    currency = secured.low.currency
    nothing = zero(currency)
    gap, over = None, _none(currency)
    if need is not None:
        # amounts that cannot be converted may fill the gap: then it is at least nothing
        least = nothing if lost else _above_zero(need.low - secured.high)
        gap = Interval(least, _above_zero(need.high - secured.low))
        over = Interval(_above_zero(secured.low - need.high), _above_zero(secured.high - need.low))
    status = _status(need, secured, over, lost_needs=counted[1], lost=bool(lost))
    return Gap(need, secured, gap, over, status, counted[0], tuple(projects), tuple(lost))


def _status(
    need: Interval | None, secured: Interval, over: Interval, *, lost_needs: int, lost: bool
) -> str:
    if need is None:
        return "not_converted" if lost_needs else "need_unknown"
    if over.low.amount > 0:
        return "over_funded"
    if secured.low >= need.high:
        return "funded"
    if secured.high >= need.low or lost:
        return "perhaps_funded"
    return "partly" if secured.high.amount > 0 else "unfunded"


def not_allocated(reckoning: Reckoning, dimension: str) -> tuple[Interval, Money]:
    """Return the costs and the secured money that name nothing in a dimension.

    They are in no group of it, and in the whole.

    Returns
    -------
    tuple
        Costs, and secured money: of a project also the part that its stated shares leave over.
    """
    costs, money = _none(reckoning.currency), zero(reckoning.currency)
    attribute = _SHARES_OF[dimension]
    for need, amount in reckoning.needs if dimension != "action" else ():
        costs += _scaled(amount, (_unallocated(getattr(need, attribute)),) * 2)
    for project, secured in reckoning.secured:
        left = _unallocated(getattr(project, attribute))
        money = money + _scaled(Interval(secured, secured), (left, left)).low
    return costs, money


def gaps_by(
    reckoning: Reckoning, dimension: str, names: Iterable[str], within: frozenset[str] | None = None
) -> dict[str, Gap]:
    """Return the gap of each name in a dimension, of all actions or of those in `within`."""
    groups = {name: frozenset((name,)) for name in names}
    return gaps_of_groups(reckoning, dimension, groups, within)


def gaps_of_groups(
    reckoning: Reckoning,
    dimension: str,
    groups: Mapping[str, frozenset[str]],
    within: frozenset[str] | None = None,
) -> dict[str, Gap]:
    """Return the gap of each group of names, such as the actions of each section.

    Every estimate and project is looked at once, and reckoned in the groups it bears on.

    Parameters
    ----------
    reckoning
        From `reckon`.
    dimension
        Of `DIMENSIONS`: what the names are of.
    groups
        Name of the group to the names in it; a name may be in several.
    within
        Actions that count, for groups of another dimension than actions; None: all of them.
    """
    base: dict[str, frozenset[str]] = {} if within is None else {"action": within}
    parts = _by_group(reckoning, dimension, groups)
    nothing = Reckoning(reckoning.currency, (), (), (), ())
    return {
        group: gap_of(parts.get(group, nothing), base | {dimension: names})
        for group, names in groups.items()
    }


def _by_group(
    reckoning: Reckoning, dimension: str, groups: Mapping[str, frozenset[str]]
) -> dict[str, Reckoning]:
    """Return, for each group, the rows that bear on it: its share of others is 0."""
    groups_of: dict[str, list[str]] = defaultdict(list)
    for group, names in groups.items():
        for name in names:
            groups_of[name].append(group)
    rows: tuple[dict[str, list[Any]], ...] = (
        defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list),
    )  # fmt: skip
    kinds: tuple[tuple[tuple[Any, Any], ...], ...] = (
        reckoning.needs,
        reckoning.needs_not_converted,
        reckoning.secured,
        reckoning.not_converted,
    )
    for found, kind in zip(rows, kinds, strict=True):
        for row in kind:
            named = _names_in(row[0], dimension)
            for group in {one for name in named for one in groups_of.get(name, ())}:
                found[group].append(row)
    return {
        group: Reckoning(reckoning.currency, *(tuple(found[group]) for found in rows))
        for group in {group for found in rows for group in tuple(found)}
    }


def _names_in(one: Need | Project, dimension: str) -> Iterable[str]:
    if isinstance(one, Need) and dimension == "action":
        return (one.action,)
    return tuple(getattr(one, _SHARES_OF[dimension]))


def _share_of(shares: Shares, names: frozenset[str]) -> tuple[Fraction, Fraction]:
    """Return which share of the whole lies with these names: at least, at most."""
    stated = sum((s for n, s in shares.items() if s is not None and n in names), Fraction(0))
    all_stated = sum((s for s in shares.values() if s is not None), Fraction(0))
    open_names = [name for name, share in shares.items() if share is None]
    inside = [name for name in open_names if name in names]
    left = 1 - all_stated
    if not inside:
        return stated, stated
    return (stated + left if len(inside) == len(open_names) else stated), stated + left


def _unallocated(shares: Shares) -> Fraction:
    if any(share is None for share in shares.values()):
        return Fraction(0)
    return 1 - sum((share for share in shares.values() if share is not None), Fraction(0))


def _joint(parts: Iterable[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    """Return which share lies in several dimensions at once.

    Shares are stated for each dimension alone. Half for an action and half in a state may be the
    same half or the two different ones: at least what must overlap, at most the smaller (the bounds
    of Fréchet). Two dimensions of which one is the whole are the other one.
    """
    low, high = Fraction(1), Fraction(1)
    for part_low, part_high in parts:
        low, high = max(Fraction(0), low + part_low - 1), min(high, part_high)
    return low, high


def _need_share(need: Need, wanted: Mapping[str, frozenset[str]]) -> tuple[Fraction, Fraction]:
    parts: list[tuple[Fraction, Fraction]] = []
    for dimension, names in wanted.items():
        if dimension == "action":
            whole = Fraction(need.action in names)
            parts.append((whole, whole))
        else:
            parts.append(_share_of(getattr(need, _SHARES_OF[dimension]), names))
    return _joint(parts)


def _scaled(amount: Interval, share: tuple[Fraction, Fraction]) -> Interval:
    currency = amount.low.currency
    return Interval(
        rounded(Fraction(amount.low.amount) * share[0], currency),
        rounded(Fraction(amount.high.amount) * share[1], currency),
    )


def _none(currency: str) -> Interval:
    return Interval(zero(currency), zero(currency))


def _above_zero(money: Money) -> Money:
    return money if money.amount > 0 else zero(money.currency)


def ranked(rows: Iterable[tuple[str, Gap]]) -> list[tuple[str, Gap]]:
    """Return rows with the largest gap first; those whose gap is not known come last.

    Equal ones stay in the order given.
    """
    return sorted(
        rows,
        key=lambda row: (row[1].gap is None, -(row[1].gap.high.amount if row[1].gap else 0)),
    )
