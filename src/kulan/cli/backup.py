"""`kulan backup` and `kulan restore`: the whole Atlas in one file."""

import os
from pathlib import Path

import click

from kulan.cli.state import state_option
from kulan.errors import AtlasMissingError, InvalidSettingError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--verify/--no-verify",
    default=True,
    help="Restore the backup into a temporary folder and compare, before it gets its name.",
)
@click.option(
    "--with-secret-key",
    is_flag=True,
    help="Put in the key that signs sessions: who has the file can then pass for anyone.",
)
@click.option("--replace", is_flag=True, help="Replace a file of that name.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    help="Where FILE is a folder: keep only so many of the backups that got their names there.",
)
@state_option
def backup(
    file: Path,
    *,
    verify: bool,
    with_secret_key: bool,
    replace: bool,
    keep: int | None,
    state: Path,
) -> None:
    """Save records, layers and files to FILE, while the server runs.

    Where FILE is a folder, the backup is named after the time.

    The file holds everything that the state folder and the database hold, except who is signed in,
    caches, and the key that signs sessions. It stands there whole or not at all, and is as secret
    as the most secret thing in it. It can be restored on SQLite and on PostgreSQL alike.

    \b
    Example:
      kulan backup /backups/kulan-2026-05-01.tar --state /srv/kulan
      kulan backup /backups --keep 14 --state /srv/kulan
    """
    from kulan.web.operation.backups.restoring import in_use_whole
    from kulan.web.operation.django_setup import set_up

    if not state.is_dir():
        raise AtlasMissingError(
            f"{state}: there is no such state folder. Name the one that holds the Atlas: --state."
        )
    with in_use_whole(state):
        set_up(state)
        from kulan.web.operation.backups.saving import forget_old, place_of, save

        path = place_of(file, named=keep is not None)
        saved = save(state, path, with_secret_key=with_secret_key, verify=verify, replace=replace)
        old = forget_old(path.parent, keep) if keep is not None else []
    click.echo(
        f"{saved.path}: {saved.rows} rows and {saved.files} files, "
        f"{saved.size_bytes / 1e6:.1f} MB, in {saved.seconds:.1f} s."
    )
    if saved.verified_in_s is not None:
        click.echo(f"Restored on trial and compared in {saved.verified_in_s:.1f} s: it is whole.")
    for gone in old:
        click.echo(f"{gone}: removed, being older than the newest {keep}.")
    if not with_secret_key:
        click.echo("The key that signs sessions is not in it: a restored Atlas has its own.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace everything that is there.")
@state_option
def restore(file: Path, *, replace: bool, state: Path) -> None:
    """Put the backup FILE into a state folder, and into the database of DATABASE_URL.

    Stop the server and its workers first. What is there stays until all of the backup is in place;
    a restoring that is cut off is finished, or forgotten, at the next start. A backup of an older
    version is brought to this one; one of a later version is refused.

    \b
    Example:
      kulan restore /backups/kulan-2026-05-01.tar --state /srv/kulan --replace
    """
    from kulan.web.operation.backups.restoring import restore as put_back

    address = os.environ.get("DATABASE_URL", "").strip()
    if address.startswith("sqlite:"):
        raise InvalidSettingError(
            "DATABASE_URL names a file of SQLite; a backup is restored into the state folder's own "
            "or into PostgreSQL. Unset it, restore, and move the file then."
        )
    manifest = put_back(state, file, database=address, replace=replace)
    rows = sum(facts["rows"] for facts in manifest["tables"].values())
    where = "PostgreSQL" if address else "SQLite"
    click.echo(
        f"{state}: restored as of {manifest['made_at'][:19]} (Kulan {manifest['kulan']}): "
        f"{rows} rows in {where}, compared with the backup. Everyone signs in again."
    )
