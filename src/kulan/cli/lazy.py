"""Groups of commands whose modules are imported only when they are asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that imports a command when it is first needed, so that start-up stays short."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        """Take, by name of the command, the module that holds it.

        The function has the name of the command, with underscores for hyphens.
        """
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click calls it so
        """Return the names of all commands."""
        return sorted(self.modules)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  click calls it so
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return one command, or None for a name there is not."""
        if cmd_name not in self.modules:
            return None
        command = getattr(import_module(self.modules[cmd_name]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command
