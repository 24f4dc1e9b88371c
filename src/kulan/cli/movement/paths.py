"""`kulan movement paths`: steps, bursts, circles, stays and days of animals' paths."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    fixes_argument,
    out_options,
    read_tracks_of,
    tell_answer,
    tracks_options,
)

_ABOVE_ZERO = click.FloatRange(min=0, min_open=True)


@click.command()
@fixes_argument
@click.option(
    "--gap-hours",
    type=_ABOVE_ZERO,
    help="A burst ends at a longer gap; nothing is measured or made across it.  [default: four "
    "times the usual interval of each animal]",
)
@click.option(
    "--regular",
    type=_ABOVE_ZERO,
    metavar="SECONDS",
    help="Write each track at even times too, by straight lines within bursts; every fix says "
    "whether it was made.",
)
@click.option(
    "--radius-m",
    "radii_m",
    type=_ABOVE_ZERO,
    multiple=True,
    help="Circles around fixes, for first passage, visits and residence; may be given several "
    "times.  [default: a dozen from the usual step to a quarter of the usual extent, and visits at "
    "that where first-passage time varies most]",
)
@click.option(
    "--stay-radius-m",
    type=_ABOVE_ZERO,
    help="Within which an animal stays.  [default: the usual step]",
)
@click.option(
    "--stay-hours", type=_ABOVE_ZERO, default=24.0, show_default=True, help="Shortest stay."
)
@click.option(
    "--days", metavar="ZONE", help="Write distances by day too, by this zone's midnights."
)
@tracks_options
@out_options
def paths(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Measure the paths of animals in FIXES: how far, which way, where they linger and come back.

    Steps with lengths along the ellipsoid, headings, turns and net squared displacement; bursts;
    first-passage time and the radius at which it varies most; visits to circles and residence in
    them; stays; the distance of a day, and how it falls when fixes are rarer; sun and season.

    OUT then holds animals.csv, steps.csv, radii.csv, lingering.csv (fix by fix), stays.csv,
    intervals.csv, sun_and_season.csv, features.gpkg (paths, stays) and result.json; with --days,
    days.csv; with --regular, regular.csv and a layer of it; with --plot, tracks.png
    (a map) and paths.png.

    \b
    Example:
      kulan movement paths fixes.parquet --plot --out paths
      kulan movement paths fixes.parquet --radius-m 500 --radius-m 2000 --regular 3600 \\
        --days Asia/Ulaanbaatar --out paths_at_2_km
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.paths import PathsAsked, draw_paths, follow_paths
    from kulan.assessment.movement.track_maps import with_track_map
    from kulan.exchange.telemetry import zone_of

    check_place(out, replace=options["replace"])
    gap = options["gap_hours"]
    asked = PathsAsked(
        None if gap is None else gap * 3600.0,
        options["regular"],
        tuple(sorted(set(options["radii_m"]))),
        options["stay_radius_m"],
        options["stay_hours"] * 3600.0,
        zone_of(options["days"]) if options["days"] else None,
    )
    read = read_tracks_of(fixes, options)
    answer, found = follow_paths(read, asked)
    if options["plot"]:
        answer = draw_paths(answer, found, options["language"])
        answer = with_track_map(answer, read.fixes, options["language"])
    for one in found:
        count = len(one.stays)
        stays = "1 stay" if count == 1 else f"{count} stays"
        click.echo(
            f"{one.animal}: {len(one.track)} fixes, {one.walked.m_per_day[0] / 1000:.3g} km a day, "
            f"{stays}"
        )
    if asked.zone is None:
        click.echo("No days: name the zone whose midnights part them with --days.")
    click.echo("")
    tell_answer(answer, out, options)
