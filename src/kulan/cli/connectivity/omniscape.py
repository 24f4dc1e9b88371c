"""`kulan connectivity omniscape`: an Omniscape configuration, run as it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from kulan.cli.connectivity.configured_runs import (
    configured_options,
    echo_files,
    echo_notes,
    with_tolerance,
)
from kulan.cli.connectivity.options import running_asked
from kulan.errors import NotSolvedError

if TYPE_CHECKING:
    from kulan.connectivity.configurations.omniscape_run import OmniscapeRun


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--compat",
    type=click.Choice(["omniscape0.6"]),
    help="Repeat what Omniscape 0.6 does where it departs from its documentation.",
)
@configured_options
@click.option("--replace", is_flag=True, help="Replace an earlier output folder of that name.")
def omniscape(
    config: Path,
    compat: Literal["omniscape0.6"] | None,
    folder: Path,
    replace: bool,
    **options: Any,
) -> None:
    """Run an Omniscape configuration as it is.

    CONFIG is an INI file of Omniscape 0.5 or 0.6. The maps go into the folder that `project_name`
    names, which appears when everything is done. Settings that are unknown, or have a value that
    cannot be meant, are refused.

    \b
    Example:
      kulan connectivity omniscape moving-window.ini
      kulan connectivity omniscape moving-window.ini --workers 4 --processes --keep pieces
    """
    from kulan.connectivity.configurations.omniscape_ini import (
        check_omniscape_files,
        read_omniscape_ini,
    )
    from kulan.connectivity.configurations.omniscape_run import (
        check_omniscape_place,
        run_omniscape,
    )

    settings = read_omniscape_ini(config, folder=folder, compat=compat or "")
    check_omniscape_files(config, settings)
    check_omniscape_place(settings, replace_outputs=replace)
    with running_asked(with_tolerance(options), "Omniscape") as running:
        run = run_omniscape(
            settings,
            solving=running.solving,
            compat=compat or "",
            executor=running.executor,
            report=running.telling("targets"),
            kept_in=running.kept_in,
            replace_outputs=replace,
        )
    _echo_summary(run)
    if run.failures:
        raise NotSolvedError(_failure(run))


def _echo_summary(run: "OmniscapeRun") -> None:
    rows, columns = run.flow.current.shape
    click.echo(f"Omniscape, {run.flow.n_windows} windows on {rows} rows of {columns} cells")
    if run.failures:
        click.echo(f"  {len(run.failures)} windows failed")
    echo_notes(run.notes)
    echo_files(run.files)


def _failure(run: "OmniscapeRun") -> str:
    """Say how many windows have no result, where the first lies, and why."""
    row, column = divmod(run.failures[0].first, run.flow.current.shape[1])
    return (
        f"{len(run.failures)} windows have no result and are not in the maps; the first has its "
        f"target in row {row + 1}, column {column + 1}: {run.failures[0].reason}"
    )
