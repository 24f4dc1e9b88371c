"""Write the generated pages of docs/reference: tables, commands, errors, findings and the library.

python tools/make_reference.py            write them
python tools/make_reference.py --check    say which differ from what would be written
"""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

import click

from declared import (
    ROOT,
    DeclaredTable,
    commands,
    declared_tables,
    module_names,
    refusals,
)
from findings_schema import schema_json, schema_page
from kulan.exchange import FORMATS

REFERENCE = ROOT / "docs" / "reference"
_NOTE = "<!-- Written by tools/make_reference.py; change its source, then `make reference`. -->"
_KIND_WORDS = {
    "flag": "yes or no",
    "list": "list, `;` between items",
    "date": "date (ISO 8601; year or month alone allowed)",
}


def tables_page() -> str:
    """Return the page of every table that travels: columns, units, meaning, key."""
    parts = [
        _NOTE,
        "# Tables",
        "Every table that the package holds or hands from one area to another, as it is declared "
        "in `kulan.<area>.tables`. CSV files are UTF-8 with a heading. A column marked "
        "*translated* holds English text that reports show in the reader's language.",
    ]
    area = ""
    for declared in declared_tables():
        if declared.area != area:
            area = declared.area
            parts.append(f"## {area}")
        parts.append(_table_section(declared))
    return "\n\n".join(parts) + "\n"


def _table_section(declared: DeclaredTable) -> str:
    table = declared.table
    lines = [f"### {table.name}", "", f"{table.title}.", ""]
    if table.key:
        lines += ["One row for each: " + " + ".join(f"`{name}`" for name in table.key) + ".", ""]
    if declared.path:
        lines += [f"File: `{declared.path.relative_to(ROOT / 'src').as_posix()}`", ""]
    lines += ["| column | unit | kind | empty | meaning |", "|---|---|---|---|---|"]
    for column in table.columns:
        meaning = column.meaning
        if column.values:
            meaning += " One of: " + ", ".join(f"`{value}`" for value in column.values) + "."
        if column.words:
            meaning += " *Translated.*"
        kind = _KIND_WORDS.get(column.kind, column.kind)
        empty = "no" if column.required else "allowed"
        cells = [f"`{column.name}`", column.unit, kind, empty, meaning]
        lines.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def commands_page() -> str:
    """Return the page of every command, as `--help` prints it."""
    parts = [
        _NOTE,
        "# The command line",
        "What `--help` prints for each command. Exit codes are on the page of "
        "[refusals](errors.md): 0 is success, 2 a command typed wrongly.",
    ]
    for name, command in commands().items():
        context = click.Context(
            command,
            info_name=name,
            terminal_width=88,
            max_content_width=88,
            color=False,
            # as `kulan` passes it on; click keeps the option it shows first
            help_option_names=["-h", "--help"],
        )
        level = "##" if " " not in name else "###"
        parts.append(f"{level} {name}")
        parts.append(f"```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """Return the page of every refusal with its exit code."""
    lines = [
        _NOTE,
        "",
        "# Refusals and exit codes",
        "",
        "Every way Kulan says no is a class in `kulan.errors`; the command line turns it into one "
        "message on standard error and the exit code below. "
        "What causes each and how to cure it: [What does this error mean?](../how-to/errors.md)",
        "",
        "| exit code | class | when |",
        "|---|---|---|",
        "| 0 | | everything asked for was done |",
        "| 2 | | the command was typed wrongly; nothing was read |",
    ]
    for refusal in sorted(refusals(), key=lambda item: item.exit_code):
        summary = (inspect.getdoc(refusal) or "").splitlines()[0]
        lines.append(f"| {refusal.exit_code} | `{refusal.__name__}` | {_cell(summary)} |")
    return "\n".join(lines) + "\n"


def formats_page() -> str:
    """Return the page of the file formats that are read."""
    lines = [
        _NOTE,
        "",
        "# File formats",
        "",
        "What `kulan screen` reads, for the lines and for layers of your own. A `.zip` that holds "
        "one data set is read as that. What is left out or changed on the way stands in the "
        "report's list of losses.",
        "",
        "| format | endings | coordinate system | several layers | not carried over |",
        "|---|---|---|---|---|",
    ]
    for format_ in FORMATS:
        endings = ", ".join(f"`{ending}`" for ending in format_.extensions)
        crs = f"always {format_.fixed_crs}" if format_.fixed_crs else "as the file declares"
        layers = "yes" if format_.has_layers else "no"
        cells = [format_.name, endings, crs, layers, format_.loses]
        lines.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return "\n".join(lines) + "\n"


def library_page() -> str:
    """Return the page that lists the library's modules and pulls in their docstrings."""
    parts = [
        _NOTE,
        "# The library",
        "What each module of the ground and each area offers; other names are private to their "
        "area. Types stand in the signatures; shapes, units and coordinate systems in the text.",
    ]
    for name in _offered_modules():
        parts.append(f"## {name}")
        parts.append(f"```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```")
    return "\n\n".join(parts) + "\n"


def _offered_modules() -> list[str]:
    """Return the ground's modules and the areas: what other code may import from."""
    names = [name for name in module_names() if name.count(".") == 1]
    return [name for name in names if name != "kulan.cli"]


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables_page,
    "cli.md": commands_page,
    "errors.md": errors_page,
    "formats.md": formats_page,
    "findings.md": lambda: schema_page(_NOTE),
    "findings.schema.json": schema_json,
    "library.md": library_page,
}


def differing_pages(folder: Path = REFERENCE) -> list[str]:
    """Return the names of pages in `folder` that are missing or not what would be written now."""
    return [
        name
        for name, make in PAGES.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != make()
    ]


def main() -> int:
    """Write the pages, or check them, and return the exit code."""
    if "--check" in sys.argv[1:]:
        differing = differing_pages()
        for name in differing:
            print(f"docs/reference/{name} is not up to date; run `make reference`.")
        return 1 if differing else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
