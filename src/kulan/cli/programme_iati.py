"""`kulan programme money iati`: files of the International Aid Transparency Initiative."""

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from kulan.cli.days import asked_day
from kulan.cli.tables import print_table, table_options
from kulan.exchange.iati import RULES, check_file, read_iati, write_iati
from kulan.exchange.iati_folder import activities_of, files_of
from kulan.outputs import check_writable, whole_folder, write_whole
from kulan.words import words_in

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)


@click.group()
def iati() -> None:
    """Check, read and write activities of IATI, version 2.03.

    \b
    Example:
      kulan programme money iati check examples/money/activities.xml
      kulan programme money iati import examples/money/activities.xml --out projects
      kulan programme money iati export projects --out again.xml
    """


@iati.command()
@_file
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day.  [default: today]")
@click.option("--strict", is_flag=True, help="Exit with 1 where anything is told.")
@table_options
def check(file: Path, on: datetime | None, strict: bool, lang: str, form: str) -> None:
    """List what is not as the schema asks, and which rules of the standard are not kept.

    Rules are warnings: a file that does not keep one is valid. Each comes with activity, element
    and the page of the standard that says it.

    \b
    Example:
      kulan programme money iati check examples/money/activities.xml --on 2026-05-03
    """
    words = words_in(lang)
    lost = read_iati(file).left_out
    rows = [
        {"activity": "" if pd.isna(at) else at, "element": what, "what": why, "source": "schema"}
        for at, what, why in lost.itertuples(index=False)
    ]
    for one in check_file(file, asked_day(on)):
        sentence, source = RULES[one.rule]
        rows.append(
            {
                "activity": one.identifier or one.activity or "",
                "element": one.element,
                "what": words.say(sentence, **dict(one.values)),
                "source": source,
            }
        )
    if not rows:
        click.echo("The file is as the schema asks, and keeps every rule.", err=True)
        if form == "table":
            return
    frame = pd.DataFrame(rows, columns=("activity", "element", "what", "source"))
    print_table(frame.drop(columns="source") if form == "table" else frame, form)
    if strict and rows:
        raise SystemExit(1)


@iati.command(name="import")
@_file
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to write tables into."
)
@click.option("--replace", is_flag=True, help="Replace the folder where it is there.")
def import_file(file: Path, out: Path, replace: bool) -> None:
    """Read activities into a folder of tables, with an account of all that the tables do not hold.

    projects.csv, shares.csv and flows.csv are for reading, changing and for `money gap`. What they
    do not hold is listed in kept.csv and stays in activities.xml, from where `export` writes it
    again; what cannot be kept is listed in left_out.csv, what was altered in changes.csv.

    \b
    Example:
      kulan programme money iati import examples/money/activities.xml --out projects
    """
    reading = read_iati(file)
    with whole_folder(out, replace=replace) as work:
        for name, content in files_of(reading, at=datetime.now(UTC)).items():
            (work / name).write_bytes(content)
    click.echo(str(out))
    counts = (len(reading.activities), len(reading.kept), len(reading.left_out))
    click.echo("Activities: {}; kept beside: {}; left out: {}.".format(*counts), err=True)


@iati.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER"
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write; an earlier one is replaced.",
)
def export(folder: Path, out: Path) -> None:
    """Write the projects of a folder of tables as a file of IATI.

    Where the folder holds activities.xml, projects go out over what they were there: what the
    tables do not hold goes out as it came.

    \b
    Example:
      kulan programme money iati import examples/money/activities.xml --out projects --replace
      kulan programme money iati export projects --out again.xml
    """
    check_writable(out)
    write_whole(out, write_iati(activities_of(folder), at=datetime.now(UTC)))
    click.echo(str(out))
