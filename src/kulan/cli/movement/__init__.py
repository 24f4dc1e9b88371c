"""`kulan movement`: from collars to ranges, migrations, corridors and what a barrier does."""

from typing import Any

import click

from kulan.cli.lazy import LazyGroup
from kulan.errors import KulanError

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


class _Movement(LazyGroup):
    """Commands that tell what was noted of the files even where nothing comes of them."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a refusal carries the notes that it does not tell itself."""
        try:
            return super().invoke(ctx)
        except KulanError as error:
            from kulan.cli.movement.options import NOTES

            for note in ctx.meta.get(NOTES, ()):
                if note not in str(error):
                    error.add_note(note)
            raise


@click.group(cls=_Movement, modules=_COMMANDS)
def movement() -> None:
    """Learn from telemetry where animals live, travel and stop, and what barriers do to them.

    \b
    Example:
      kulan movement --help
    """
