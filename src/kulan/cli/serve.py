"""`kulan serve`: the Atlas as a web application."""

import os
from pathlib import Path

import click

from kulan.cli.state import state_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    envvar="KULAN_WORKERS",
    default=lambda: max(1, os.cpu_count() or 1),
    help="Processes that answer; also KULAN_WORKERS.  [default: one for each core]",
)
@click.option("--demo", is_flag=True, help="Keep one demonstration account for each role.")
@click.option(
    "--with-worker/--without-worker", default=True, help="Run a worker of jobs beside the server."
)
@state_option
def serve(
    host: str, port: int, workers: int, *, demo: bool, with_worker: bool, state: Path
) -> None:
    """Serve the Atlas to browsers, and OGC API under /ogc.

    The state folder is made and filled with the starter Atlas when it is empty. DATABASE_URL moves
    the records to PostgreSQL.

    \b
    Example:
      kulan serve --demo
      kulan serve --host 0.0.0.0 --port 80 --state /srv/kulan
    """
    from kulan.web.operation.serving import Serving
    from kulan.web.operation.serving import serve as run

    serving = Serving(
        host=host, port=port, workers=workers, demonstration=demo, with_worker=with_worker
    )
    raise SystemExit(run(state, serving, tell=click.echo))
