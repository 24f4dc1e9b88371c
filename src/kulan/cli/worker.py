"""`kulan worker`: does the jobs that the web application queues."""

from pathlib import Path

import click

from kulan.cli.state import state_option


@click.command()
@state_option
def worker(state: Path) -> None:
    """Do queued jobs (screenings, imports, releases) until told to stop.

    `kulan serve` runs one already. Further ones, on this machine or on others that share the
    database and the state folder, do more at once. A job whose worker is lost is taken up by
    another; after three tries it fails.

    \b
    Example:
      kulan worker --state /srv/kulan
    """
    from kulan.web.operation.worker import run

    run(state)
