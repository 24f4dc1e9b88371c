"""Which open calls could pay for which actions, and why: reasons, not a score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kulan.programme.money.amounts import Money, NotConverted, Rates
from kulan.programme.money.funding import THEMES, Call
from kulan.programme.money.gaps import Gap
from kulan.words import N_

SOON_DAYS = 30
"""A proposal takes weeks: a call that closes sooner is told to."""

REASONS: dict[str, str] = {
    "open": N_("The call is open until {day}."),
    "open_any_time": N_("The call takes applications at any time."),
    "opens_later": N_("The call opens on {day}."),
    "closes_soon": N_("The call closes soon; days left: {days}."),
    "closed": N_("The call closed on {day}."),
    "high_priority": N_("The action is of high priority."),
    "low_priority": N_("The action is not of high priority."),
    "states_fit": N_("The call is for {names}, where the action is."),
    "states_differ": N_("The call is for {names} only; the action is elsewhere."),
    "action_range_wide": N_("The action is for the whole range; the call for {names} only."),
    "species_fit": N_("The call is for {names}, which the action serves."),
    "species_differ": N_("The call is for {names} only; the action serves others."),
    "action_all_species": N_("The action names no species; the call is for {names} only."),
    "theme_fits": N_("The call is about this theme: {theme}."),
    "theme_differs": N_("The call is about other themes than this: {theme}."),
    "theme_unknown": N_("What the action is about is not stated, and the call asks for themes."),
    "leads_may_apply": N_("Organisations that lead the action may apply: {names}."),
    "leads_may_not_apply": N_("Only others than the leads of the action may apply: {names}."),
    "nothing_secured": N_("Nothing is secured for the action."),
    "gap_known": N_("From {low} to {high} is missing."),
    "gap_unknown": N_("What the action costs is not known."),
    "gap_closed": N_("The action is funded already."),
    "gap_below_smallest": N_("The smallest grant, {smallest}, is more than is missing."),
    "gap_fits": N_("The largest grant, {largest}, would pay for all that is missing."),
    "gap_beyond_largest": N_("The largest grant, {largest}, pays for a part of what is missing."),
    "cannot_compare": N_("Grant and gap are of different currencies, and there is no rate."),
    "cofinance": N_("Applicants must bring {percent} % of the whole themselves."),
    "champion": N_("{name} is champion for this donor."),
    "no_champion": N_("Nobody is champion for this donor."),
}
"""Reasons, in words with places."""

BARS = frozenset(
    {
        "closed", "states_differ", "species_differ", "theme_differs", "leads_may_not_apply",
        "gap_closed", "gap_below_smallest",
    }
)  # fmt: skip
"""Reasons that rule a match out."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against.

    Attributes
    ----------
    code
        Of `REASONS`.
    speaks_for
        Whether it speaks for the match.
    values
        What stands in the places of its words: codes and amounts, told by whoever shows it.
    """

    code: str
    speaks_for: bool
    values: tuple[tuple[str, object], ...] = ()

    @property
    def bars(self) -> bool:
        """Whether it rules the match out."""
        return self.code in BARS


@dataclass(frozen=True, slots=True)
class Fundable:
    """An action as calls look at it.

    Attributes
    ----------
    action
        Its key.
    priority
        The higher end of its priority: ``high``, ``medium``, ``low`` or empty.
    states, species
        Where and for what it is; empty: the whole range, all species.
    theme
        Of `THEMES`; empty where not known.
    lead_kinds
        Of `ORGANISATION_KINDS`: what its leads are; empty where not known.
    gap
        What is missing for it.
    """

    action: str
    priority: str
    states: tuple[str, ...]
    species: tuple[str, ...]
    theme: str
    lead_kinds: tuple[str, ...]
    gap: Gap


@dataclass(frozen=True, slots=True)
class Match:
    """A call and an action, with every reason for and against."""

    call: Call
    action: Fundable
    reasons: tuple[Reason, ...]

    @property
    def possible(self) -> bool:
        """Whether no reason rules it out."""
        return not any(one.bars for one in self.reasons)

    @property
    def favourable(self) -> tuple[Reason, ...]:
        """Reasons for it."""
        return tuple(one for one in self.reasons if one.speaks_for)

    @property
    def adverse(self) -> tuple[Reason, ...]:
        """Reasons against it, those that rule it out first."""
        against = [one for one in self.reasons if not one.speaks_for]
        return tuple(sorted(against, key=lambda one: not one.bars))


def match(call: Call, action: Fundable, rates: Rates, on: date) -> Match:
    """Return every reason for and against a call paying for an action."""
    asks = call.eligibility
    reasons = [
        *_timing(call, on),
        Reason("high_priority", True)
        if action.priority == "high"
        else Reason("low_priority", False),
        *_overlap("states", asks.states, action.states, "action_range_wide"),
        *_overlap("species", asks.species, action.species, "action_all_species"),
        *_theme(asks.themes, action.theme),
        *_leads(asks.organisation_kinds, action.lead_kinds),
        *_amounts(call, action.gap, rates, on),
    ]
    if asks.cofinance_percent:
        reasons.append(Reason("cofinance", False, (("percent", asks.cofinance_percent),)))
    if call.champion:
        reasons.append(Reason("champion", True, (("name", call.champion),)))
    else:
        reasons.append(Reason("no_champion", False))
    return Match(call, action, tuple(reasons))


def matches(
    calls: Iterable[Call], actions: Sequence[Fundable], rates: Rates, on: date
) -> list[Match]:
    """Return the possible matches, the most promising first.

    They are ordered by one thing after another, and no number is made of them: high priority before
    others; nothing secured before partly funded; open before opening later; more reasons for it;
    fewer against it; the call that closes first.
    """
    found = [match(call, action, rates, on) for call in calls for action in actions]
    return sorted((one for one in found if one.possible), key=lambda one: _order(one, on))


_RANK_OF_STATUS = {"unfunded": 0, "need_unknown": 1, "partly": 1, "not_converted": 1}
_RANK_OF_PRIORITY = {"high": 0, "medium": 1, "low": 2}


def _order(one: Match, on: date) -> tuple[object, ...]:
    return (
        _RANK_OF_PRIORITY.get(one.action.priority, 3),
        _RANK_OF_STATUS.get(one.action.gap.status, 2),
        not one.call.is_open(on),
        -len(one.favourable),
        len(one.adverse),
        one.call.closes or date.max,
        one.action.action,
        one.call.reference,
    )


def _timing(call: Call, on: date) -> list[Reason]:
    if call.opens and on < call.opens:
        return [Reason("opens_later", False, (("day", call.opens),))]
    if call.closes is None:
        return [Reason("open_any_time", True)]
    left = (call.closes - on).days
    if left < 0:
        return [Reason("closed", False, (("day", call.closes),))]
    found = [Reason("open", True, (("day", call.closes),))]
    if left < SOON_DAYS:
        found.append(Reason("closes_soon", False, (("days", left),)))
    return found


def _overlap(
    what: str, asked: tuple[str, ...], has: tuple[str, ...], when_none: str
) -> list[Reason]:
    if not asked:
        return []
    if not has:
        return [Reason(when_none, False, (("names", asked),))]
    common = tuple(one for one in asked if one in has)
    if common:
        return [Reason(f"{what}_fit", True, (("names", common),))]
    return [Reason(f"{what}_differ", False, (("names", asked),))]


def _theme(asked: tuple[str, ...], theme: str) -> list[Reason]:
    if not asked:
        return []
    if theme not in THEMES:
        return [Reason("theme_unknown", False)]
    fits = theme in asked
    return [Reason("theme_fits" if fits else "theme_differs", fits, (("theme", theme),))]


def _leads(asked: tuple[str, ...], has: tuple[str, ...]) -> list[Reason]:
    if not asked or not has:
        return []
    common = tuple(one for one in asked if one in has)
    if common:
        return [Reason("leads_may_apply", True, (("names", common),))]
    return [Reason("leads_may_not_apply", False, (("names", asked),))]


def _amounts(call: Call, gap: Gap, rates: Rates, on: date) -> list[Reason]:
    if gap.gap is None:
        return [Reason("gap_unknown", False)]
    if gap.gap.high.amount == 0:
        return [Reason("gap_closed", False)]
    found = [Reason("gap_known", True, (("low", gap.gap.low), ("high", gap.gap.high)))]
    if gap.status == "unfunded":
        found.append(Reason("nothing_secured", True))
    currency = gap.gap.high.currency
    smallest, largest = (
        None if bound is None else _in(bound, currency, rates, on)
        for bound in (call.eligibility.smallest, call.eligibility.largest)
    )
    if isinstance(smallest, NotConverted) or isinstance(largest, NotConverted):
        return [*found, Reason("cannot_compare", False)]
    if smallest is not None and gap.gap.high < smallest:
        return [
            *found,
            Reason("gap_below_smallest", False, (("smallest", call.eligibility.smallest),)),
        ]
    if largest is not None:
        fits = gap.gap.high <= largest
        code = "gap_fits" if fits else "gap_beyond_largest"
        found.append(Reason(code, fits, (("largest", call.eligibility.largest),)))
    return found


def _in(bound: Money, currency: str, rates: Rates, on: date) -> Money | NotConverted:
    answer = rates.convert(bound, currency, on)
    return answer if isinstance(answer, NotConverted) else answer.money
