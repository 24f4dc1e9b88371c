"""Tables of money as files hold them. Amounts are texts: a number of a program may lose a cent."""

from kulan.programme.money.funding import ORGANISATION_KINDS, THEMES
from kulan.programme.money.gaps import DIMENSIONS
from kulan.programme.money.ledger import SIDES
from kulan.programme.money.projects import FLOW_KINDS, PROJECT_STAGES
from kulan.schemas import Column, Table

_CURRENCY = "ISO 4217 code."


def _optional(name: str, meaning: str, kind: str = "text", values: tuple[str, ...] = ()) -> Column:
    return Column(name, meaning, kind=kind, required=False, values=values)


MONEY_NEEDS = Table(
    name="money_needs",
    title="What actions cost, as somebody has estimated it",
    columns=(
        Column("action", "Key of the action: cami-2021:3.5."),
        _optional("part", "What of the action it is for; empty: all of it."),
        Column("low", "At least, in digits."),
        Column("high", "At most, in digits; as `low` where one figure is known."),
        Column("currency", _CURRENCY),
        Column("day", "Of the estimate.", kind="date"),
        _optional("states", "Where, ISO 3166-1 alpha-3; empty: the whole range.", "list"),
        _optional("species", "Short names; empty: all.", "list"),
        _optional("landscapes", "Short names; empty: all.", "list"),
        Column("source", "Who estimated it, where it is written."),
    ),
    key=(),
)

MONEY_PROJECTS = Table(
    name="money_projects",
    title="Projects",
    columns=(
        Column("project", "Its name in these files; the identifier of IATI where it has one."),
        Column("title", "Its title."),
        _optional("summary", "What it does."),
        Column("stage", "Where it stands.", values=tuple(PROJECT_STAGES)),
        _optional("begins", "First day.", "date"),
        _optional("ends", "Last day.", "date"),
        _optional("part_of", "Project whose money it spends: it is counted there alone."),
        _optional("organisation", "Who reports it; needed to write IATI."),
        _optional("organisation_ref", "Identifier of that organisation with IATI."),
        _optional("organisation_kind", "What it is.", values=tuple(ORGANISATION_KINDS)),
    ),
    key=("project",),
)

MONEY_SHARES = Table(
    name="money_shares",
    title="What projects serve",
    columns=(
        Column("project", "The project."),
        Column("dimension", "What it is a share of.", values=DIMENSIONS),
        Column("code", "Key of the action, ISO 3166-1 alpha-3, or short name."),
        _optional("share", "Share of the money: 1/3 or 0.25; empty: not allocated."),
    ),
    key=("project", "dimension", "code"),
)

MONEY_FLOWS = Table(
    name="money_flows",
    title="Money of projects",
    columns=(
        Column("project", "The project."),
        Column("kind", "What the money does.", values=tuple(FLOW_KINDS)),
        Column("amount", "In digits; below zero for what is taken back."),
        Column("currency", _CURRENCY),
        Column("day", "Of the commitment or payment; first day of a budget or plan.", kind="date"),
        _optional("last_day", "Last day of a budget or plan.", "date"),
        _optional("provider", "From whom."),
        _optional("receiver", "To whom."),
        _optional("description", "For what."),
        _optional("reference", "Its name at the organisation it comes from."),
    ),
    key=(),
)

MONEY_RATES = Table(
    name="money_rates",
    title="Rates of exchange",
    columns=(
        Column("of", _CURRENCY),
        Column("to", _CURRENCY),
        Column("rate", "Units of `to` for one of `of`, in digits."),
        Column("first", "First day it holds for.", kind="date"),
        Column("last", "Last day.", kind="date"),
        Column("source", "Who published it, where."),
    ),
    key=("of", "to", "first", "last"),
)

MONEY_CALLS = Table(
    name="money_calls",
    title="Calls of funding programmes",
    columns=(
        Column("call", "Its name in these files."),
        Column("title", "As its donor calls it."),
        Column("donor", "Name of the donor."),
        _optional("opens", "First day for applications.", "date"),
        _optional("closes", "Last day; empty: open at any time.", "date"),
        _optional("states", "Where the work must be.", "list"),
        _optional("species", "Which species it must serve.", "list"),
        _optional(
            "themes", "What it must be about, of: " + ", ".join(THEMES) + ".", "list"
        ),
        _optional(
            "organisation_kinds", "Who may apply, of: " + ", ".join(ORGANISATION_KINDS) + ".",
            "list",
        ),
        _optional("smallest", "Granted at least, in digits."),
        _optional("largest", "Granted at most, in digits."),
        _optional("currency", _CURRENCY),
        _optional("cofinance_percent", "Share that applicants bring themselves, in percent."),
        _optional("champion", "Who pleads for the programme with the donor."),
        Column("source", "Where this is written."),
    ),
    key=("call",),
)  # fmt: skip

MONEY_JOURNAL = Table(
    name="money_journal",
    title="A fund's books, one row for each line of an entry; a closing has one row",
    columns=(
        Column("number", "Place in the books, from 1.", kind="integer"),
        Column("kind", "An entry, or the closing of a period.", values=("entry", "closing")),
        Column("day", "Day it counts for; last day of a closed period.", kind="date"),
        _optional("text", "What happened."),
        _optional("document", "Where the paper is."),
        Column("reverses", "Entry that it takes back; 0 for none.", kind="integer"),
        Column("entered_by", "Who entered it."),
        Column("approved_by", "Who posted it: another person."),
        Column("posted_at", "When, ISO 8601 with the zone."),
        Column("previous", "Hash of the record before it."),
        Column("hash", "Its own hash."),
        _optional("account", "Account of the line."),
        _optional("fund", "Fund of the line."),
        _optional("side", "Side of the line.", values=SIDES),
        _optional("amount", "Above zero, in digits."),
        _optional("currency", _CURRENCY),
    ),
    key=(),
)
