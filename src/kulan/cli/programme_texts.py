"""`kulan programme import`: the official text of a programme becomes tables."""

from pathlib import Path

import click

from kulan.outputs import check_writable, whole_folder
from kulan.words import LANGUAGES


@click.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write: actions, corrections and losses.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="Language of the text.  [default: told from the heads of its columns]",
)
@click.option(
    "--edition", default="cami-2021", show_default=True, help="Edition that the text is of."
)
@click.option("--replace", is_flag=True, help="Replace what an earlier import wrote there.")
def import_text(file: Path, out: Path, lang: str | None, edition: str, replace: bool) -> None:
    """Read the official text of a programme of work, plain text or .docx, into tables.

    What is printed is kept as printed; corrections stand beside it, each with its reason. Every
    line that was not understood is listed in losses.csv, and nothing else is missing.

    \b
    Example:
      kulan programme import resolution.docx --out programme
      kulan programme import texte.txt --lang fr --edition cami-2021 --out programme
    """
    from kulan.programme.text import read_text
    from kulan.programme.text.writing import import_files, missing_actions

    check_writable(out)
    text = read_text(file, edition_id=edition, language=lang or "")
    with whole_folder(out, replace=replace) as folder:
        for name, content in import_files(text).items():
            (folder / name).write_bytes(content)
    n_unread = sum(1 for one in text.unread if one.kind == "unread")
    n_guessed = sum(1 for one in text.unread if one.kind == "guessed")
    click.echo(
        f"{len(text.rows)} actions with {len(text.actions) - len(text.rows)} parts in "
        f"{len(text.sections)} sections; {len(text.corrections)} corrections beside the print; "
        f"{n_unread} lines not understood, {n_guessed} guessed at (losses.csv)."
    )
    if missing := missing_actions(text):
        click.echo(f"Not found: {', '.join(missing)}.", err=True)
    click.echo(str(out))
