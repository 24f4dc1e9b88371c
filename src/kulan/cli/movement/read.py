"""`kulan movement read`: telemetry of any kind in one form."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    fixes_asked,
    plot_options,
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
    "of animals, losses, result.json and, with --plot, a map of the tracks.",
)
@replace_option
@plot_options
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
      kulan movement read collar.csv --zone +08:00 --crs EPSG:4326 --animal K1 --plot --out imported
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.imports import import_fixes
    from kulan.assessment.movement.track_maps import with_track_map
    from kulan.errors import OutputExistsError
    from kulan.exchange.telemetry import write_fixes
    from kulan.exchange.telemetry.parquet_files import parquet_module

    as_file = out.suffix.lower() in (".parquet", ".gpkg")
    if as_file and options["plot"]:
        raise click.UsageError(f"--plot draws into a folder, and {out} is a file: name a folder.")
    if not as_file:
        check_place(out, replace=options["replace"])
    elif out.exists() and not options["replace"]:
        raise OutputExistsError(f"{out} is there already; add --replace, or name another file.")
    elif out.suffix.lower() == ".parquet":
        parquet_module(out.name)  # rather than after an hour of reading
    answer = import_fixes(files, fixes_asked(options))
    numbers = answer.numbers
    click.echo(
        f"{numbers['fixes']} fixes of {numbers['animals']} animals, {numbers['fixes_used']} usable."
    )
    fixes = answer.fixes
    assert fixes is not None
    if not as_file:
        if options["plot"]:
            answer = with_track_map(answer, fixes, options["language"])
        tell_answer(answer, out, options)
        return
    write_fixes(out, fixes)
    tell_notes(answer.notes)
    click.echo(str(out))
