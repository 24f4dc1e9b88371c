"""`kulan connectivity`: how well a landscape is connected, and what barriers take away."""

import click

from kulan.cli.lazy import LazyGroup

_COMMANDS: dict[str, str] = {
    "circuit": "kulan.cli.connectivity.circuit",
    "circuitscape": "kulan.cli.connectivity.circuitscape",
    "omniscape": "kulan.cli.connectivity.omniscape",
    "corridors": "kulan.cli.connectivity.corridors",
    "network": "kulan.cli.connectivity.network",
    "omnidirectional": "kulan.cli.connectivity.omnidirectional",
    "wired": "kulan.cli.connectivity.wired",
    "crossings": "kulan.cli.connectivity.crossings",
    "effect": "kulan.cli.connectivity.effect",
}


@click.group(cls=LazyGroup, modules=_COMMANDS)
def connectivity() -> None:
    """Find out how well a landscape is connected, and what barriers take away.

    \b
    Example:
      kulan connectivity --help
    """
