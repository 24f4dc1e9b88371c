"""`kulan movement read`: telemetry of any kind in one form."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    fixes_asked,
    replace_option,
    telemetry_options,
    tell_answer,
    tell_notes,
)


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, path_type=Path),
)
@telemetry_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="File ending in .parquet or .gpkg for the fixes alone; else a folder for fixes, a table "
    "of animals, losses and result.json.",
)
@replace_option
def read(files: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Read telemetry from FILES into one form; nothing is dropped.

    Movebank event data (with reference data beside it), GPX, GeoPackage, GeoParquet, GeoJSON,
    Argos with error ellipses, EarthRanger, and any table whose columns a mapping file declares.
    Fixes without time or place, copies and the like are kept, with the reason.

    No time zone and no system of coordinates is assumed: what files and their standards do not
    say, options must.

    \b
    Example:
      kulan movement read events.csv reference.csv --out fixes.parquet
      kulan movement read collar.csv --zone +08:00 --crs EPSG:4326 --animal K1 --out imported
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.imports import import_fixes
    from kulan.errors import OutputExistsError
    from kulan.exchange.telemetry import write_fixes

    as_file = out.suffix.lower() in (".parquet", ".gpkg")
    if not as_file:
        check_place(out, replace=options["replace"])
    elif out.exists() and not options["replace"]:
        raise OutputExistsError(f"{out} is there already; add --replace, or name another file.")
    answer = import_fixes(files, fixes_asked(options))
    numbers = answer.numbers
    click.echo(
        f"{numbers['fixes']} fixes of {numbers['animals']} animals, {numbers['fixes_used']} usable."
    )
    if not as_file:
        tell_answer(answer, out, options)
        return
    assert answer.fixes is not None
    write_fixes(out, answer.fixes)
    tell_notes(answer.notes)
    click.echo(str(out))
