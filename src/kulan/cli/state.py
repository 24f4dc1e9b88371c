"""The state folder: where the Atlas and everything else Kulan keeps lives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

DEFAULT_STATE = Path("kulan-state")


def state_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--state`` to a command; KULAN_STATE names the folder when the option does not."""
    return click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="KULAN_STATE",
        default=DEFAULT_STATE,
        show_default=True,
        help="Folder that holds the Atlas; also KULAN_STATE.",
    )(command)
