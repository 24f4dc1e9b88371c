"""The command line: `kulan`. One file per area; each command reads, calls and writes."""

import os
import signal
import sys

import click

from kulan import __version__
from kulan.cli.lazy import LazyGroup
from kulan.errors import KulanError

# a command's module is imported only when the command is asked for: start-up stays short
_COMMANDS = {
    "account": "kulan.cli.account",
    "atlas": "kulan.cli.atlas",
    "backup": "kulan.cli.backup",
    "check": "kulan.cli.check",
    "connectivity": "kulan.cli.connectivity",
    "movement": "kulan.cli.movement",
    "programme": "kulan.cli.programme",
    "resistance": "kulan.cli.resistance",
    "restore": "kulan.cli.backup",
    "screen": "kulan.cli.screen",
    "serve": "kulan.cli.serve",
    "worker": "kulan.cli.worker",
}


@click.group(
    cls=LazyGroup, modules=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="kulan")
def kulan() -> None:
    """Atlas, workbench and programme register for Central Asia's migratory mammals.

    \b
    Example:
      kulan atlas build
      kulan screen line.geojson --type railway --out report
    """


def main() -> None:
    """Run the command line; a refusal becomes one message and an exit code, never a traceback."""
    # asked to end, Python would drop everything; as an exit, unfinished folders are cleared away
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        kulan.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KulanError as error:
        click.echo(f"kulan: {error}", err=True)
        for note in getattr(error, "__notes__", ()):
            click.echo(f"Note: {note}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # whoever read our output has stopped reading: `kulan atlas list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(
            f"kulan: {place}{error.strerror or error}. See whether it is there, who may read and "
            "write it, and how much room the disk has.",
            err=True,
        )
        sys.exit(1)
