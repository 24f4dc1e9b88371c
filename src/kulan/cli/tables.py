"""Tables on the terminal: for reading, or as CSV and JSON for other programs."""

import json
from collections.abc import Callable
from typing import Any

import click
import pandas as pd

from kulan.words import LANGUAGES

FORMATS = ("table", "csv", "json")


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--lang`` and ``--format`` to a command that prints a table."""
    language = click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help="Language of names.",
    )
    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="table is for reading; csv and json are for other programs.",
    )
    return language(form(command))


def print_table(frame: pd.DataFrame, form: str) -> None:
    """Print a table: laid out for the terminal's width, or every column as CSV or JSON.

    Parameters
    ----------
    frame
        The rows; lists are joined with ``;``, empty cells stay empty.
    form
        One of `FORMATS`.
    """
    plain = frame.map(_plain)
    if form == "csv":
        click.echo(plain.to_csv(index=False, lineterminator="\n"), nl=False)
    elif form == "json":
        rows = plain.astype(object).where(plain.notna(), None).to_dict("records")
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _print_for_reading(plain)


def _plain(cell: Any) -> Any:
    if isinstance(cell, (tuple, list)):
        return ";".join(map(str, cell))
    return cell


def _print_for_reading(frame: pd.DataFrame) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(
            str(name).replace("_", " "),  # a name of two words breaks between them, not inside one
            justify="right" if numeric else "left",
            overflow="fold",
            # ids are typed again elsewhere: they stay whole
            no_wrap=str(name).endswith("_id"),
        )
    for row in frame.itertuples(index=False):
        # Text, so that a bracket in a name is a bracket and not an instruction
        table.add_row(*(Text("" if pd.isna(cell) else str(cell)) for cell in row))
    Console().print(table)
