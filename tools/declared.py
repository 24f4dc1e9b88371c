"""What the package declares about itself: its modules, its tables and the files that hold them."""

import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click

from kulan import errors
from kulan.errors import KulanError
from kulan.schemas import Table

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "kulan"


@dataclass(frozen=True)
class DeclaredTable:
    """A table, where it is declared, and the package file that holds its rows, if there is one."""

    area: str
    constant: str
    table: Table
    path: Path | None


def module_names() -> list[str]:
    """Return the dotted name of every module of the package, outermost first."""
    # read from the folder, not by importing: a module that cannot be imported must not vanish
    parts = [path.relative_to(PACKAGE).with_suffix("").parts for path in PACKAGE.rglob("*.py")]
    names = {".".join(("kulan", *part)).removesuffix(".__init__") for part in parts}
    return sorted(names, key=lambda name: (name.count("."), name))


def modules() -> list[ModuleType]:
    """Import every module of the package that can be imported without running it."""
    names = [name for name in module_names() if not name.endswith("__main__")]
    return [importlib.import_module(name) for name in names]


def declared_tables() -> list[DeclaredTable]:
    """Return every table declared in a `kulan.<area>.tables` module, by area and place."""
    found = []
    for name in module_names():
        if name.split(".")[-1] != "tables":
            continue
        area = name.split(".")[1]
        for constant, value in vars(importlib.import_module(name)).items():
            if isinstance(value, Table):
                path = _file_of(PACKAGE / area, area, constant, value)
                found.append(DeclaredTable(area, constant, value, path))
    return found


def _file_of(folder: Path, area: str, constant: str, table: Table) -> Path | None:
    """Return the CSV file named after the table, with or without its area's name before it."""
    stems = [table.name, table.name.removeprefix(f"{area}_"), constant.lower()]
    for stem in stems:
        for path in (folder / "data" / f"{stem}.csv", folder / f"{stem}.csv"):
            if path.is_file():
                return path
    return None


def refusals() -> list[type[KulanError]]:
    """Return every class of refusal, in the order of `kulan.errors`, the family's head left out."""
    classes = [item for item in vars(errors).values() if inspect.isclass(item)]
    return [item for item in classes if issubclass(item, KulanError) and item is not KulanError]


def commands() -> dict[str, click.Command]:
    """Return every command a person can type, by its full name; groups are included."""
    from kulan.cli import kulan as first  # noqa: PLC0415 - few callers need the command line

    found: dict[str, click.Command] = {}

    def visit(name: str, command: click.Command) -> None:
        found[name] = command
        if isinstance(command, click.Group):
            with click.Context(command, info_name=name) as context:
                for part in command.list_commands(context):
                    inner = command.get_command(context, part)
                    if inner is not None and not inner.hidden:
                        visit(f"{name} {part}", inner)

    visit("kulan", first)
    return found
