"""`kulan connectivity circuitscape`: a Circuitscape configuration, run as it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
import numpy as np
from numpy.typing import NDArray

from kulan.cli.connectivity.configured_runs import (
    configured_options,
    echo_attempts,
    echo_files,
    echo_notes,
    with_tolerance,
)
from kulan.cli.connectivity.options import running_asked
from kulan.errors import NotSolvedError
from kulan.outputs import check_writable

if TYPE_CHECKING:
    from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
    from kulan.connectivity.configurations.circuitscape_run import CircuitscapeRun

# of failed pairs that are named; more are counted
_MOST_NAMED = 10


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--compat",
    type=click.Choice(["circuitscape5"]),
    help="Repeat what Circuitscape 5 does where it departs from its documentation.",
)
@configured_options
def circuitscape(
    config: Path, compat: Literal["circuitscape5"] | None, folder: Path, **options: Any
) -> None:
    """Run a Circuitscape configuration as it is.

    CONFIG is an INI file of Circuitscape 4, 5 or 6. Outputs have that program's names and forms
    and go where `output_file` says. Options that are unknown, or have a value that cannot be
    meant, are refused.

    \b
    Example:
      kulan connectivity circuitscape pairwise.ini
      kulan connectivity circuitscape pairwise.ini --folder data --workers 4
    """
    from kulan.connectivity.configurations.circuitscape_ini import (
        check_circuitscape_files,
        read_circuitscape_ini,
    )
    from kulan.connectivity.configurations.circuitscape_run import run_circuitscape

    settings = read_circuitscape_ini(config, folder=folder)
    check_circuitscape_files(config, settings)
    check_writable(settings.output_file)
    with running_asked(with_tolerance(options), "Circuitscape") as running:
        run = run_circuitscape(
            settings,
            solving=running.solving,
            compat=compat or "",
            executor=running.executor,
            report=running.telling("solves"),
            kept_in=running.kept_in,
        )
    _echo_summary(settings, run)
    if run.failures:
        raise NotSolvedError(_failure(settings, run))


def _echo_summary(settings: "CircuitscapeSettings", run: "CircuitscapeRun") -> None:
    if settings.data_type == "network":
        where = f"a network of {run.n_nodes} nodes"
    else:
        where = f"{run.n_nodes} cells of {settings.needed('habitat_file').name}"
    between = f" between {len(run.sites)} focal nodes" if run.sites else ""
    click.echo(f"Circuitscape, {settings.scenario}{between} on {where}")
    if run.resistance is not None and run.resistance.ndim == 2:
        _echo_pairs(run, run.resistance)
    elif run.resistance is not None and settings.scenario == "one-to-all":
        _echo_sites(run.resistance)
    echo_attempts(run.attempts)
    echo_notes(run.notes)
    echo_files(run.files)


def _echo_pairs(run: "CircuitscapeRun", resistance: NDArray[np.float64]) -> None:
    i, j = np.triu_indices(len(run.sites), 1)
    values = resistance[i, j]
    known = np.isfinite(values)
    parts = [f"{int(known.sum())} pairs with a resistance"]
    parts += [f"{n} without a way" for n in [int(np.isinf(values).sum())] if n]
    parts += [f"{n} failed" for n in [len(run.failures)] if n]
    skipped = int(np.isnan(values).sum()) - len(run.failures)
    parts += [f"{skipped} left out"] if skipped > 0 else []
    click.echo("  " + ", ".join(parts))
    if known.any():
        low, high = (np.flatnonzero(known)[k(values[known])] for k in (np.argmin, np.argmax))
        names = [f"{values[k]:g} ohm ({run.sites[i[k]]} to {run.sites[j[k]]})" for k in (low, high)]
        middle = float(np.median(values[known]))
        click.echo(f"  resistance from {names[0]} to {names[1]}, median {middle:g} ohm")


def _echo_sites(resistance: NDArray[np.float64]) -> None:
    known = np.isfinite(resistance)
    if known.any():
        least, most = float(resistance[known].min()), float(resistance[known].max())
        click.echo(f"  resistance to all others from {least:g} to {most:g} ohm")
    if np.isinf(resistance).any():
        click.echo(f"  {int(np.isinf(resistance).sum())} without a way to any other")


def _failure(settings: "CircuitscapeSettings", run: "CircuitscapeRun") -> str:
    """Say which pairs have no result, and why."""
    what = "pairs of focal nodes" if settings.scenario == "pairwise" else "focal nodes"
    lost = run.failures
    names = [
        f"{one.first}-{one.second}" if one.first != one.second else f"{one.first}" for one in lost
    ]
    named = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    return (
        f"{len(names)} {what} have no result: {named}. Their resistance stands as -777, and they "
        f"are not in the maps; all others are done. {run.failures[0].reason}"
    )
