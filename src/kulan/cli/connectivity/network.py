"""`kulan connectivity network`: circuits on a table of links."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.connectivity.options import (
    folder_options,
    running_asked,
    running_options_to,
    tell_files,
)


@click.command()
@click.argument("links", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--sites",
    required=True,
    multiple=True,
    metavar="NODE|FILE",
    help="Node between which current flows, or a CSV with a column `node`; given several times.",
)
@click.option(
    "--resistance",
    "column",
    metavar="COLUMN",
    help="Column to take for the resistance.  [default: resistance, or conductance]",
)
@running_options_to("1e-6", keep=False, device=False)
@folder_options
def network(
    links: Path, sites: tuple[str, ...], column: str | None, out: Path, **options: Any
) -> None:
    """Send currents between nodes of a network, given as a table of LINKS.

    LINKS is a CSV with the columns first, second, and resistance or conductance. OUT then holds
    resistance.csv (how well nodes are connected), nodes.csv and links.csv (current through each)
    and result.json.

    \b
    Example:
      kulan connectivity network links.csv --sites Gobi --sites Dornod --out currents
      kulan connectivity network corridors/links.csv --resistance cost_km \\
        --sites 1 --sites 4 --out currents
    """
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.networks import connect_nodes, read_links, read_nodes

    check_place(out, replace=options["replace"])
    found = read_links(links, column)
    nodes = read_nodes(sites, found)
    with running_asked(options, "Circuit") as running:
        answer = connect_nodes(found, nodes, running)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))
