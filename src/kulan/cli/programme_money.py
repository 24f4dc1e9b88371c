"""`kulan programme money`: what is missing, which calls could pay, IATI, a fund's books."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from kulan.cli.days import asked_day
from kulan.cli.programme_iati import iati
from kulan.cli.programme_ledger import ledger
from kulan.cli.tables import print_table, table_options
from kulan.exchange.money_files import MoneyFolder, read_money
from kulan.programme import range_states, species_name, state_name
from kulan.programme.actions import Action, action_key, actions, sections
from kulan.programme.actions import section as section_of
from kulan.programme.money import (
    Gap,
    Match,
    Reckoning,
    fundable,
    gaps_by,
    gaps_of_groups,
    matches,
    ranked,
    reckon,
)
from kulan.programme.money.gaps import STATUS_NAMES
from kulan.programme.terms import SPECIES_IDS
from kulan.report.money import interval_told, money_told, reason_told
from kulan.words import Words, words_in

EDITION = "cami-2021"
_BY = ("section", "action", "state", "species", "landscape")

_folder = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER"
)
_currency = click.option(
    "--currency", default="USD", show_default=True, help="Currency of the answer, ISO 4217."
)


@click.group()
def money() -> None:
    """Tell what actions cost and what is missing, match calls, read and write IATI, check books.

    FOLDER holds what there is of needs.csv, projects.csv, shares.csv, flows.csv, rates.csv and
    calls.csv; the reference of tables says what stands in them, examples/money is one.

    \b
    Example:
      kulan programme money gap examples/money --by state
      kulan programme money match examples/money --on 2026-05-03
      kulan programme money iati check examples/money/activities.xml
    """


money.add_command(iati)
money.add_command(ledger)


@money.command()
@_folder
@click.option("--by", type=click.Choice(_BY), default="section", show_default=True, help="By what.")
@click.option("--section", default="", help="Only the actions of one section, by its number.")
@_currency
@table_options
def gap(folder: Path, by: str, section: str, currency: str, lang: str, form: str) -> None:
    """List what actions cost, what is secured for them, and what is missing.

    A gap reaches from at least to at most: shares of money that nobody has stated widen it. An
    amount without a rate of exchange for its day is in no figure, and is told on standard error.
    The largest gap comes first; what nobody has estimated comes last.

    \b
    Example:
      kulan programme money gap examples/money
      kulan programme money gap examples/money --by action --section 3 --currency EUR
    """
    words, held = words_in(lang), read_money(folder)
    if section:
        section_of(section, EDITION)  # refuses one there is not
    within = _keys(section) if section else None
    reckoning = reckon(held.needs, held.projects, held.rates, currency)
    rows = _gaps(reckoning, by, within, lang)
    told = _gap_for_reading if form == "table" else _gap_for_programs
    print_table(pd.DataFrame([told(key, title, one, words) for key, title, one in rows]), form)
    _tell_not_converted(reckoning, words)


def _gaps(
    reckoning: Reckoning, by: str, within: frozenset[str] | None, lang: str
) -> list[tuple[str, str, Gap]]:
    names = _names(reckoning, by, within, lang)
    if by == "section":
        groups = {name: _keys(name) & (within or _keys(name)) for name in names}
        found = gaps_of_groups(reckoning, "action", groups)
    else:
        found = gaps_by(reckoning, by, names, None if by == "action" else within)
    known = ((name, one) for name, one in found.items() if one.needs or one.projects)
    return [(name, names[name], one) for name, one in ranked(known)]


def _names(
    reckoning: Reckoning, by: str, within: frozenset[str] | None, lang: str
) -> dict[str, str]:
    if by == "section":
        every = {one.section_id: f"{one.section_id} {one.title(lang)}" for one in sections(EDITION)}
        return {key: it for key, it in every.items() if within is None or _keys(key) & within}
    if by == "action":
        titles = {action_key(one): f"{one.action_id} {one.title(lang)}" for one in actions(EDITION)}
        others = {one.action for one, _ in reckoning.needs} - set(titles)
        titles |= {key: key for key in sorted(others)}
        return {key: it for key, it in titles.items() if within is None or key in within}
    if by == "state":
        return {str(code): state_name(str(code), lang) for code in range_states()["iso3"]}
    if by == "species":
        return {one: species_name(one, lang) for one in SPECIES_IDS}
    landscapes = {name for one, _ in reckoning.needs for name in one.landscapes}
    landscapes |= {name for one, _ in reckoning.secured for name in one.landscapes}
    return {name: name for name in sorted(landscapes)}


def _keys(section_id: str) -> frozenset[str]:
    return frozenset(action_key(one) for one in actions(EDITION) if one.section_id == section_id)


def _gap_for_reading(_key: str, title: str, one: Gap, words: Words) -> dict[str, Any]:
    return {
        "name": title,
        "need": interval_told(one.need, words),
        "secured": interval_told(one.secured, words),
        "gap": interval_told(one.gap, words),
        "status": words.say(STATUS_NAMES[one.status]),
    }


def _gap_for_programs(key: str, title: str, one: Gap, _words: Words) -> dict[str, Any]:
    parts = {"need": one.need, "secured": one.secured, "gap": one.gap, "over": one.over}
    row: dict[str, Any] = {"key": key, "name": title}
    for name, part in parts.items():
        row |= {
            f"{name}_low": str(part.low.amount) if part else "",
            f"{name}_high": str(part.high.amount) if part else "",
        }
    return row | {
        "currency": one.secured.low.currency, "status": one.status, "needs": one.needs,
        "projects": one.projects,
    }  # fmt: skip


def _tell_not_converted(reckoning: Reckoning, words: Words) -> None:
    rows = (*reckoning.needs_not_converted, *reckoning.not_converted)
    amounts = sorted({f"{money_told(one.original, words)} ({one.on})" for _, one in rows})
    if amounts:
        click.echo(f"No rate to {reckoning.currency}, in no figure: {', '.join(amounts)}", err=True)


@money.command()
@_folder
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day.  [default: today]")
@click.option("--state", default="", help="Only actions in one state, ISO 3166-1 alpha-3.")
@click.option("--all-priorities", is_flag=True, help="Not only actions of high priority.")
@click.option("--cost-unknown", is_flag=True, help="Also actions whose cost nobody has estimated.")
@_currency
@table_options
def match(
    folder: Path,
    on: datetime | None,
    state: str,
    all_priorities: bool,
    cost_unknown: bool,
    currency: str,
    lang: str,
    form: str,
) -> None:
    """List open calls that could pay for actions of high priority, with reasons for and against.

    No score is made of the reasons. Actions for which nothing is secured come first, then the call
    with more reasons for it, then the one that closes first.

    \b
    Example:
      kulan programme money match examples/money --on 2026-05-03
      kulan programme money match examples/money --on 2026-05-03 --state MNG --lang ru
    """
    words, held, day = words_in(lang), read_money(folder), asked_day(on)
    if state:
        state_name(state, lang)  # refuses one there is not
    wanted = [
        one
        for one in actions(EDITION)
        if (all_priorities or one.priority.high == "high")
        and (not state or state in one.states or not one.states)
    ]
    titles = {action_key(one): f"{one.action_id} {one.title(lang)}" for one in wanted}
    found = _matches(held, wanted, currency, day, cost_unknown=cost_unknown)
    if not found:
        click.echo("No call in the folder could pay for such an action on that day.", err=True)
    if form == "table":
        for one in found:
            _print_match(one, titles[one.action.action], words)
        return
    rows = [_match_row(one, titles[one.action.action], words) for one in found]
    print_table(pd.DataFrame(rows, columns=_MATCH_COLUMNS), form)


_NOTHING_MISSING = ("funded", "over_funded")
_MATCH_COLUMNS = (
    "call", "title", "donor", "closes", "action", "action_title", "gap", "for_it", "against_it",
)  # fmt: skip


def _matches(
    held: MoneyFolder, wanted: Iterable[Action], currency: str, day: Any, *, cost_unknown: bool
) -> list[Match]:
    reckoning = reckon(held.needs, held.projects, held.rates, currency)
    known = list(wanted)
    gap_of_each = gaps_by(reckoning, "action", [action_key(one) for one in known])
    rows = [fundable(one, gap_of_each[action_key(one)]) for one in known]
    lacking = [
        one
        for one in rows
        if one.gap.status not in _NOTHING_MISSING
        and (cost_unknown or one.gap.status != "need_unknown")
    ]
    open_calls = [one for one in held.calls if one.is_open(day)]
    return matches(open_calls, lacking, held.rates, day)


def _print_match(one: Match, title: str, words: Words) -> None:
    closes = words.day(one.call.closes) if one.call.closes else ""
    call = ", ".join(part for part in (one.call.title, one.call.donor, closes) if part)
    click.echo(f"{title}\n  <- {call}")
    for sign, reasons in (("+", one.favourable), ("-", one.adverse)):
        for reason in reasons:
            click.echo(f"  {sign} {reason_told(reason, words)}")
    click.echo()


def _match_row(one: Match, title: str, words: Words) -> dict[str, Any]:
    return {
        "call": one.call.reference, "title": one.call.title, "donor": one.call.donor,
        "closes": one.call.closes.isoformat() if one.call.closes else "",
        "action": one.action.action, "action_title": title,
        "gap": interval_told(one.action.gap.gap, words),
        "for_it": [reason_told(reason, words) for reason in one.favourable],
        "against_it": [reason_told(reason, words) for reason in one.adverse],
    }  # fmt: skip
