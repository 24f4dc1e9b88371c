"""`kulan movement report`: the answers of several commands as one report."""

from datetime import UTC, datetime
from pathlib import Path

import click

from kulan.cli.movement.options import replace_option
from kulan.words import LANGUAGES


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="DIR...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--title", default="", help="Title of the study.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the report.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day the report is made on.  [default: today]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write; it appears when everything is done, or not at all.",
)
@replace_option
def report(
    folders: tuple[Path, ...],
    title: str,
    language: str,
    on: datetime | None,
    out: Path,
    replace: bool,
) -> None:
    """Join what commands of movement wrote into DIR... as one report, HTML and PDF.

    Every number stands with its limits and names the recipe that made it; pictures that were drawn
    with --plot are taken in, and cautions stand first.

    \b
    Example:
      kulan movement barriers simulated --barriers simulated/features.gpkg --distance 300 --plot \\
        --out rail
      kulan movement report simulated rail --title "Khulan at the railway" --out report
    """
    from kulan.assessment.movement.study_reports import write_study_report
    from kulan.words import words_in

    day = (on or datetime.now(UTC)).date().isoformat()
    files = write_study_report(
        folders, out, words_in(language), title=title, on=day, replace=replace
    )
    for file in files:
        click.echo(str(file))
