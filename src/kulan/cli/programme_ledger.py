"""`kulan programme money ledger`: a fund's books, held in a file, checked and summed."""

from datetime import datetime
from pathlib import Path

import click
import pandas as pd

from kulan.cli.tables import print_table, table_options
from kulan.exchange.money_files import read_journal
from kulan.programme.money import Posted, audit, trial_balance
from kulan.programme.money.audit import FINDINGS
from kulan.report.money import money_told
from kulan.words import words_in

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)


@click.group()
def ledger() -> None:
    """Check the books of a fund, or sum them, from the journal as the web gives it out.

    FILE is journal.csv: one row for each line of an entry, with the hashes of the books.

    \b
    Example:
      kulan programme money ledger check examples/money/journal.csv
      kulan programme money ledger balance examples/money/journal.csv
    """


@ledger.command()
@_file
@click.option("--last-hash", default="", help="Hash that the last record must have, kept apart.")
@table_options
def check(file: Path, last_hash: str, lang: str, form: str) -> None:
    """Make every hash, sum and reversal anew; exit with 1 where something is not as posted.

    Whoever changes all records after a place makes all hashes fit: give the last hash that you have
    kept elsewhere, such as in the minutes of a meeting.

    \b
    Example:
      kulan programme money ledger check examples/money/journal.csv
    """
    words, records = words_in(lang), read_journal(file)
    found = [(one.number, one.code) for one in audit(records)]
    if last_hash and (not records or records[-1].hash != last_hash.strip().lower()):
        found.append((records[-1].number if records else 0, "witness_differs"))
    if found:
        rows = [
            {"number": number, "finding": words.say(FINDINGS[code], number=number)}
            for number, code in found
        ]
        print_table(pd.DataFrame(rows), form)
        raise SystemExit(1)
    last = records[-1].hash if records else ""
    click.echo(f"{len(records)} records are as they were posted. Last hash: {last}")


@ledger.command()
@_file
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day.  [default: all]")
@table_options
def balance(file: Path, until: datetime | None, lang: str, form: str) -> None:
    """List what stands on each account, for each fund and currency, and both sums.

    \b
    Example:
      kulan programme money ledger balance examples/money/journal.csv --until 2024-12-31
    """
    words = words_in(lang)
    entries = [one.entry for one in read_journal(file) if isinstance(one, Posted)]
    trial = trial_balance(entries, until=until.date() if until else None)
    lines = [(one.account, one.fund, one.debit, one.credit) for one in trial.lines]
    lines += [("", "", debit, credit) for debit, credit in trial.sums.values()]
    rows = []
    for account, fund, debit, credit in lines:
        if form == "table":
            sides = (money_told(debit, words), money_told(credit, words))
        else:
            sides = (str(debit.amount), str(credit.amount))
        row = {"account": account, "fund": fund, "debit": sides[0], "credit": sides[1]}
        rows.append(row | {"currency": debit.currency})
    columns = ("account", "fund", "debit", "credit", "currency")
    frame = pd.DataFrame(rows, columns=columns)
    print_table(frame.drop(columns="currency") if form == "table" else frame, form)
