"""`kulan movement migration`: who migrates, when and between which ranges, and who wanders."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    fixes_argument,
    out_options,
    read_tracks_of,
    tell_answer,
    tracks_options,
    workers_of,
    workers_option,
)

dates_option = click.option(
    "--dates",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of dates that this command wrote (dates.csv) and someone corrected; what stands "
    "there then counts.",
)

journeys_options = click.option(
    "--most",
    type=click.IntRange(0, 100),
    default=8,
    show_default=True,
    help="Look for at most so many journeys of an animal.",
)


@click.command()
@fixes_argument
@dates_option
@click.option(
    "--shifts",
    type=click.IntRange(0, 100),
    help="Every animal has so many journeys.  [default: as many as its positions ask for]",
)
@journeys_options
@click.option(
    "--every-hours",
    type=click.FloatRange(min=0, min_open=True),
    default=24.0,
    show_default=True,
    help="Take one mean position for each such interval.",
)
@workers_option
@tracks_options
@out_options
def migration(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Find who among FIXES migrates, when and between which ranges.

    Net displacement tells residents, migrants, mixed migrants, dispersers and nomads apart, with a
    probability each; mean shifts give the dates of every journey with limits. An animal that moves
    on more often than out and back in a year, not just between two sides, is wandering and is not
    forced into seasons: how far it spreads, and whether it is back after a year, is measured for
    all.

    OUT then holds dates.csv (to look at, correct, and give back with --dates), journeys.csv,
    ways.csv, features.gpkg (seasonal ranges, journeys) and result.json; with --plot, migration.png.

    \b
    Example:
      kulan movement migration fixes.parquet --plot --out migration
      kulan movement migration fixes.parquet --dates migration/dates.csv --out checked
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.migrations import (
        MigrationAsked,
        draw_migrations,
        find_migrations,
    )

    check_place(out, replace=options["replace"])
    asked = MigrationAsked(
        options["every_hours"] * 3600.0, options["shifts"], options["most"], options["dates"]
    )
    read = read_tracks_of(fixes, options)
    with workers_of(options) as executor:
        answer, found = find_migrations(read, asked, executor=executor)
    if options["plot"]:
        answer = draw_migrations(answer, found, options["language"])
    for one in found:
        best = one.displacement.best
        count = len(one.shifts.shifts)
        journeys = "1 journey" if count == 1 else f"{count} journeys"
        sure = "" if one.wanders else f" ({best.weight:.0%})"
        click.echo(f"{one.track.animal_id}: {one.way}{sure}, {journeys}")
    click.echo("")
    tell_answer(answer, out, options)
