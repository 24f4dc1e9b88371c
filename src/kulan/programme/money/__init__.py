"""Money for the programme: amounts, donors and calls, projects, gaps, and a fund's books."""

from kulan.programme.money.amounts import Converted, Money, NotConverted, Rate, Rates, money, split
from kulan.programme.money.audit import Closing, Finding, audit, close_period, post
from kulan.programme.money.fundable import fundable
from kulan.programme.money.funding import Call, Eligibility, theme_of_section
from kulan.programme.money.gaps import (
    Gap,
    Interval,
    Reckoning,
    gap_of,
    gaps_by,
    gaps_of_groups,
    ranked,
    reckon,
)
from kulan.programme.money.ledger import (
    Account,
    Entry,
    Line,
    Posted,
    balances,
    check_entry,
    reversal_of,
    statement,
    trial_balance,
)
from kulan.programme.money.matching import Fundable, Match, Reason, match, matches
from kulan.programme.money.needs import Need
from kulan.programme.money.projects import Flow, Project
from kulan.programme.money.promises import Delivery, delivery

__all__ = [
    "Account",
    "Call",
    "Closing",
    "Converted",
    "Delivery",
    "Eligibility",
    "Entry",
    "Finding",
    "Flow",
    "Fundable",
    "Gap",
    "Interval",
    "Line",
    "Match",
    "Money",
    "Need",
    "NotConverted",
    "Posted",
    "Project",
    "Rate",
    "Rates",
    "Reason",
    "Reckoning",
    "audit",
    "balances",
    "check_entry",
    "close_period",
    "delivery",
    "fundable",
    "gap_of",
    "gaps_by",
    "gaps_of_groups",
    "match",
    "matches",
    "money",
    "post",
    "ranked",
    "reckon",
    "reversal_of",
    "split",
    "statement",
    "theme_of_section",
    "trial_balance",
]
