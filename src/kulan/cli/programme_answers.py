"""`kulan programme answers`: the answers of all reporting cycles as one file."""

from pathlib import Path

import click

from kulan.cli.state import state_option
from kulan.errors import InvalidSettingError
from kulan.outputs import check_writable, write_whole
from kulan.words import LANGUAGES, words_in


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write: .xlsx, .csv, .json, or .zip for a data package.",
)
@click.option(
    "--lang",
    type=click.Choice([*LANGUAGES, "all"]),
    default="en",
    show_default=True,
    help="Language of .xlsx and .csv; all: a sheet of the workbook each.",
)
@click.option(
    "--everything",
    is_flag=True,
    help="What the secretariat reads, reports that are not accepted included.",
)
@state_option
def answers(out: Path, lang: str, everything: bool, state: Path) -> None:
    """Write the answers of all reporting cycles, a row for each answer, into one file.

    It holds what everyone may read; with --everything, what the secretariat may. It names nobody
    who answered. JSON and data packages carry the questions in all three languages.

    \b
    Example:
      kulan programme answers --out answers.xlsx --lang all
      kulan programme answers --out everything.zip --everything --state /srv/kulan
    """
    ending = out.suffix.lower().removeprefix(".")
    if ending not in ("xlsx", "csv", "json", "zip"):
        raise InvalidSettingError(
            f"--out: {out.name} ends with none of .xlsx, .csv, .json and .zip, which say what is "
            "to be written."
        )
    if lang == "all" and ending == "csv":
        raise InvalidSettingError(
            "--lang all: a CSV file is in one language. Name it, or write .xlsx with a sheet for "
            "each."
        )
    check_writable(out)
    from kulan.web.operation.django_setup import set_up

    set_up(state)
    from kulan.web.people.at_the_console import make_database_ready
    from kulan.web.programme.reporting.at_the_console import answers_of_all_cycles

    make_database_ready()
    if lang == "all":
        ending, lang = ("languages.xlsx" if ending == "xlsx" else ending), "en"
    made = answers_of_all_cycles(ending, words_in(lang), everything=everything)
    write_whole(out, made.body)
    click.echo(f"{made.reports} reports.")
    click.echo(str(out))
