"""`kulan programme import`, `compare` and `carry`: official texts, and editions side by side."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from kulan.cli.state import state_option
from kulan.outputs import check_writable, whole_folder, write_whole
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
@click.option("--plan", help="Plan that a new edition is of.  [default: the edition's name]")
@click.option("--title", help="Title of a new edition, in the language of its text.")
@click.option("--years", help="Years of a new edition, such as 2021-2026.")
@click.option("--replace", is_flag=True, help="Replace what an earlier import wrote there.")
@click.option("--into", is_flag=True, help="Put it into the database of the state folder too.")
@state_option
def import_text(
    file: Path,
    out: Path,
    lang: str | None,
    edition: str,
    *,
    plan: str | None,
    title: str | None,
    years: str | None,
    replace: bool,
    into: bool,
    state: Path,
) -> None:
    """Read the official text of a programme of work, plain text or .docx, into tables.

    What is printed is kept as printed; corrections stand beside it, each with its reason. Every
    line that was not understood is listed in losses.csv, and nothing else is missing. With --into
    the text is attached to the actions in the register; bringing the same file in again changes
    nothing.

    Any other plan is brought in by a list of its actions as .csv, with the columns of plan_actions;
    it becomes an edition of its own, a draft until somebody says otherwise.

    \b
    Example:
      kulan programme import resolution.docx --out programme
      kulan programme import texte.txt --lang fr --edition cami-2021 --out programme --into
      kulan programme import argali.csv --edition argali-2027 --plan argali --out argali --into
    """
    first, last = _years(years)
    check_writable(out)
    if file.suffix.casefold() == ".csv":
        from kulan.programme.text import read_listed

        read: Any = read_listed(file, edition_id=edition, language=lang or "en")
        files, told = _listed_files(read), _listed_told(read)
        language = lang or read.languages[0]
    else:
        from kulan.programme.text import read_text
        from kulan.programme.text.writing import import_files

        read = read_text(file, edition_id=edition, language=lang or "")
        files, told, language = import_files(read), _text_told(read), read.language
    with whole_folder(out, replace=replace) as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
    for line, wrong in told:
        click.echo(line, err=wrong)
    click.echo(str(out))
    if into:
        titles = {language: title} if title else {}
        _store(read, state, plan or "", titles, (first, last))


def _years(years: str | None) -> tuple[int | None, int | None]:
    if not years:
        return None, None
    first, _, last = years.partition("-")
    if not (first.isdigit() and (last or first).isdigit() and len(first) == 4):
        raise click.BadParameter(f"{years!r} are no years; write 2021-2026.", param_hint="--years")
    return int(first), int(last or first)


def _text_told(text: Any) -> list[tuple[str, bool]]:
    """Return what to say of a text, each line with whether it is a warning."""
    from kulan.programme.text.writing import missing_actions

    n_unread = sum(1 for one in text.unread if one.kind == "unread")
    n_guessed = sum(1 for one in text.unread if one.kind == "guessed")
    told = [(
        f"{len(text.rows)} actions with {len(text.actions) - len(text.rows)} parts in "
        f"{len(text.sections)} sections; {len(text.corrections)} corrections beside the print; "
        f"{n_unread} lines not understood, {n_guessed} guessed at (losses.csv).",
        False,
    )]  # fmt: skip
    if missing := missing_actions(text):
        told.append((f"Not found: {', '.join(missing)}.", True))
    return told


def _listed_told(plan: Any) -> list[tuple[str, bool]]:
    told = [(
        f"{len(plan.rows)} actions with {len(plan.actions) - len(plan.rows)} parts in "
        f"{len(plan.sections)} sections, in {', '.join(plan.languages)}.",
        False,
    )]  # fmt: skip
    return [*told, *((one, True) for one in plan.losses)]


def _listed_files(plan: Any) -> dict[str, bytes]:
    import json
    from dataclasses import asdict

    told = json.dumps(asdict(plan), ensure_ascii=False, indent=1)
    return {"actions.json": told.encode()}


def _store(
    read: Any,
    state: Path,
    plan: str,
    titles: dict[str, str],
    years: tuple[int | None, int | None],
) -> None:
    from kulan.web.operation.django_setup import set_up

    set_up(state)
    from kulan.web.people.at_the_console import make_database_ready
    from kulan.web.programme.register.importing import EditionRead
    from kulan.web.programme.register.text_changes import store_and_tell

    make_database_ready()
    changes = store_and_tell(None, read, EditionRead(read.edition_id, plan, titles, *years))
    click.echo(
        f"In the register: {changes.added} actions added, {changes.altered} altered, "
        f"{changes.removed} removed, {changes.unchanged} unchanged; "
        f"{changes.corrections} corrections added."
    )


@click.command()
@click.argument("before")
@click.argument("after")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write: the crosswalk with the differences in words.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of Kulan's titles, where an edition is named and not a file.",
)
@click.option("--replace", is_flag=True, help="Replace what an earlier comparison wrote there.")
def compare(before: str, after: str, out: Path, lang: str, replace: bool) -> None:
    """Propose which action of edition BEFORE is which of edition AFTER.

    Each is a file of its text or of a list of actions (.csv), or the name of an edition that Kulan
    knows, such as cami-2021, whose own titles are compared then. Both have to be in one language:
    else only numbers and sections can be compared. Everything is a proposal; people confirm or
    refuse it.

    \b
    Example:
      kulan programme compare programme-2021.docx draft-2027.docx --out comparison
      kulan programme compare cami-2021 draft-2027.docx --lang en --out comparison
    """
    from kulan.programme.editions import aligned
    from kulan.programme.editions.writing import comparison_files

    check_writable(out)
    left, right = _edition(before, lang), _edition(after, lang)
    walk = aligned(left[1], right[1], editions=(left[0], right[0]))
    with whole_folder(out, replace=replace) as folder:
        for name, content in comparison_files(walk, left[1], right[1]).items():
            (folder / name).write_bytes(content)
    counts = Counter(pair.kind for pair in walk.pairs)
    click.echo(", ".join(f"{count} {kind}" for kind, count in counts.most_common()) + ".")
    if left[2] and right[2] and left[2] != right[2]:
        click.echo("The two are not in one language: their words say nothing here.", err=True)
    click.echo(str(out))


def _edition(named: str, language: str) -> tuple[str, Any, str]:
    """Return the name of an edition, its actions, and the language they are in."""
    from kulan.programme.actions import editions
    from kulan.programme.editions import stated_in_list, stated_in_register, stated_in_text
    from kulan.programme.text import read_listed, read_text

    if named in {one.edition_id for one in editions()} and not Path(named).exists():
        return named, stated_in_register(named, language), language
    if Path(named).suffix.casefold() == ".csv":
        plan = read_listed(Path(named), edition_id=Path(named).stem, language=language)
        return plan.edition_id, stated_in_list(plan, language), language
    text = read_text(Path(named), edition_id=Path(named).stem)
    return text.edition_id, stated_in_text(text), text.language


@click.command()
@click.argument("crosswalk", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("statuses", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="CSV file to write; an earlier one is replaced.",
)
def carry(crosswalk: Path, statuses: Path, out: Path) -> None:
    """Carry the STATUSES of an edition to the next by the CROSSWALK that people have confirmed.

    CROSSWALK is the crosswalk.csv of a comparison, with confirmed or refused written in its column
    state; STATUSES has the columns action_id and status. What is only proposed is not carried.

    \b
    Example:
      kulan programme carry comparison/crosswalk.csv statuses.csv --out carried.csv
    """
    from kulan.programme.editions import carried_across, read_crosswalk, read_statuses
    from kulan.programme.editions.writing import carried_file

    check_writable(out)
    carried = carried_across(read_crosswalk(crosswalk), read_statuses(statuses))
    write_whole(out, carried_file(carried))
    n_carried = sum(1 for one in carried if one.carried)
    n_to_look_at = sum(1 for one in carried if one.to_look_at)
    click.echo(f"{n_carried} statuses carried; {n_to_look_at} actions to look at.")
    click.echo(str(out))
