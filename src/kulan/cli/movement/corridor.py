"""`kulan movement corridor`: where a population migrates and stops."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.migration import dates_option, journeys_options
from kulan.cli.movement.options import (
    fixes_argument,
    like_option,
    out_options,
    read_tracks_of,
    tell_answer,
    together,
    tracks_options,
    workers_of,
    workers_option,
)

bridge_options = together(
    click.option(
        "--error-m",
        type=click.FloatRange(min=0),
        help="Standard deviation of the location error along each axis, m, such as 20.  [default: "
        "as the file says; without either a bridge is refused]",
    ),
    click.option(
        "--window",
        type=click.IntRange(7),
        default=31,
        show_default=True,
        help="Fixes in the window of a dynamic bridge, odd.",
    ),
    click.option(
        "--margin",
        type=click.IntRange(3),
        default=11,
        show_default=True,
        help="Fixes it needs on either side of a change of pace, odd.",
    ),
)


@click.command()
@fixes_argument
@dates_option
@click.option(
    "--season",
    "seasons",
    multiple=True,
    metavar="NAME",
    help="Take migrations of this name in the file of dates only; may be given several times.",
)
@journeys_options
@click.option(
    "--cell",
    type=click.FloatRange(min=0, min_open=True),
    default=250.0,
    show_default=True,
    help="Width of a cell, m.",
)
@bridge_options
@click.option(
    "--max-gap-hours",
    type=click.FloatRange(min=0, min_open=True),
    default=8.0,
    show_default=True,
    help="Ways that take longer are not bridged.",
)
@click.option(
    "--smallest-m2",
    type=click.FloatRange(min=0),
    default=20_000.0,
    show_default=True,
    help="Drop smaller parts of polygons and fill smaller holes.",
)
@click.option(
    "--resamples",
    type=click.IntRange(100),
    default=1000,
    show_default=True,
    help="How often animals are drawn anew for the limits of the share held.",
)
@workers_option
@like_option("MigrationMapper")
@tracks_options
@out_options
def corridor(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Find the corridors and stopovers of the population that FIXES are a sample of.

    Every journey becomes a dynamic Brownian bridge; journeys are averaged by year, years by animal,
    and animals to the population. One animal makes low use, a tenth of the animals medium use, a
    fifth high use; stopovers are the tenth of the corridor that is used most. How much of the use
    of an animal that was not tracked the corridor holds is told with limits, and how that grows
    with the number of animals.

    OUT then holds animals.tif, use.tif, class.tif, stopovers.tif, share_low.tif, share_high.tif,
    features.gpkg (corridors, stopovers, footprints), animals.csv, curve.csv, dates.csv and
    result.json; with --plot, corridors.png.

    \b
    Example:
      kulan movement corridor fixes.parquet --error-m 20 --plot --out corridor
      kulan movement corridor fixes.parquet --error-m 20 --dates dates.csv --out corridor
    """
    from kulan.assessment.movement.corridors import CorridorAsked, draw_corridors, find_corridors
    from kulan.assessment.movement.folders import check_place
    from kulan.movement.corridors.animals import BridgeSettings

    check_place(out, replace=options["replace"])
    asked = CorridorAsked(
        options["dates"],
        options["seasons"],
        options["cell"],
        BridgeSettings(
            options["error_m"],
            options["window"],
            options["margin"],
            options["max_gap_hours"] * 3600.0,
            like=options["like"],
        ),
        options["smallest_m2"],
        options["resamples"],
        options["most"],
    )
    read = read_tracks_of(fixes, options)
    with workers_of(options) as executor:
        answer, found = find_corridors(read, asked, executor=executor)
    if options["plot"]:
        answer = draw_corridors(answer, found, options["language"])
    numbers = answer.numbers
    click.echo(
        f"{numbers['journeys']} journeys of {numbers['animals_in_corridor']} animals: "
        f"{numbers['low_use_km2'].estimate:,.0f} km² of low, "
        f"{numbers['medium_use_km2'].estimate:,.0f} of medium and "
        f"{numbers['high_use_km2'].estimate:,.0f} of high use."
    )
    tell_answer(answer, out, options)
