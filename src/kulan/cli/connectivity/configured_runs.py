"""What the commands that run another program's configuration have in common."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.connectivity.options import running_options_to

if TYPE_CHECKING:
    from kulan.connectivity.circuits.solving import Attempt

# tighter than elsewhere: the maps of those programs are compared cell by cell
TOLERANCE = 1e-9
# of files that are named one by one; more are counted
_MOST_NAMED = 12


def configured_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--folder``, and the options of long runs, to a command that runs a configuration."""
    folder = click.option(
        "--folder",
        type=click.Path(file_okay=False, exists=True, path_type=Path),
        default=Path(),
        help="Where relative names in CONFIG start.  [default: the working folder]",
    )
    return folder(running_options_to("1e-9")(command))


def with_tolerance(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with the tolerance of these commands where none is given."""
    return {**options, "tolerance": options["tolerance"] or TOLERANCE}


def echo_attempts(attempts: Sequence["Attempt"]) -> None:
    """Say which solvers were tried, how often, and with how many iterations."""
    solved = [one for one in attempts if not one.problem]
    lost = [one for one in attempts if one.problem]
    for solver, n in sorted(Counter(one.solver for one in solved).items()):
        steps = [one.iterations for one in solved if one.solver == solver]
        told = f", {min(steps)} to {max(steps)} iterations" if max(steps) else ""
        worst = max(one.residual for one in solved if one.solver == solver)
        click.echo(f"  {n} solved by {solver}{told}, residual at most {worst:.1e}")
    for solver, n in sorted(Counter(one.solver for one in lost).items()):
        first = next(one.problem for one in lost if one.solver == solver)
        click.echo(f"  {n} tries of {solver} failed: {first}")


def echo_notes(notes: Sequence[str]) -> None:
    """Print what was done otherwise than the configuration says."""
    for note in notes:
        click.echo(f"Note: {note}")


def echo_files(files: Sequence[Path]) -> None:
    """Name the files written, or count them by folder where there are many."""
    click.echo("")
    shown = files if len(files) <= _MOST_NAMED else [files[0], *files[-4:]]
    for number, file in enumerate(shown):
        if number == 1 and len(shown) < len(files):
            click.echo(f"... and {len(files) - len(shown)} others in {files[0].parent}")
        click.echo(str(file))
