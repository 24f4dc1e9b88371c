"""`kulan movement`: from collars to ranges, migrations, corridors and what a barrier does."""

import click

from kulan.cli.lazy import LazyGroup

_COMMANDS: dict[str, str] = {
    "barriers": "kulan.cli.movement.barriers",
    "clean": "kulan.cli.movement.clean",
    "contribute": "kulan.cli.movement.contribute",
    "corridor": "kulan.cli.movement.corridor",
    "fit": "kulan.cli.movement.fit",
    "migration": "kulan.cli.movement.migration",
    "paths": "kulan.cli.movement.paths",
    "range": "kulan.cli.movement.range",
    "read": "kulan.cli.movement.read",
    "report": "kulan.cli.movement.report",
    "select": "kulan.cli.movement.select",
    "simulate": "kulan.cli.movement.simulate",
    "states": "kulan.cli.movement.states",
}


@click.group(cls=LazyGroup, modules=_COMMANDS)
def movement() -> None:
    """Learn from telemetry where animals live, travel and stop, and what barriers do to them.

    \b
    Example:
      kulan movement --help
    """
