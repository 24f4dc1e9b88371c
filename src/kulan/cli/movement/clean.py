"""`kulan movement clean`: what is wrong or doubtful is set aside, with the reason."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    fixes_argument,
    fixes_asked,
    out_options,
    read_fixes_of,
    tell_answer,
    tracks_options,
)


@click.command()
@fixes_argument
@click.option(
    "--max-speed",
    type=click.FloatRange(min=0, min_open=True),
    default=25.0,
    show_default=True,
    help="Faster than this, m/s, is impossible. A species and a rate of fixes allow a lower one.",
)
@click.option(
    "--slack",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Distance granted to every step for location error, m.",
)
@click.option(
    "--spike-times",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    help="A spike out and back is so many times faster than the animal's median speed; 0 for no "
    "search.",
)
@click.option(
    "--still-days",
    type=click.FloatRange(min=0),
    default=7.0,
    show_default=True,
    help="A collar that lies still so long at either end of its record is on no animal; 0 for no "
    "search.",
)
@click.option(
    "--still-radius",
    type=click.FloatRange(min=0, min_open=True),
    default=50.0,
    show_default=True,
    help="Within which location error scatters a collar that lies still, m.",
)
@click.option("--keep-2d", is_flag=True, help="Fixes of two dimensions are used too.")
@click.option("--max-hdop", type=click.FloatRange(min=0, min_open=True), help="Greatest HDOP.")
@click.option(
    "--max-error",
    type=click.FloatRange(min=0, min_open=True),
    help="Greatest location error, m, standard deviation.",
)
@click.option("--steps", is_flag=True, help="Write a table of the steps too.")
@click.option(
    "--gap-hours",
    type=click.FloatRange(min=0, min_open=True),
    help="Steps over a longer gap are not measured.  [default: all are]",
)
@click.option(
    "--days", metavar="ZONE", help="Write distances by day too, by this zone's midnights."
)
@tracks_options
@out_options
def clean(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Set aside what is wrong or doubtful among FIXES; nothing is dropped.

    FIXES are what `kulan movement read` wrote, or any file of telemetry. Copies, places that are
    none, impossible speeds, spikes, collars in a drawer or on the ground, fixes of two dimensions:
    each stays in the file with its reasons, and analyses pass it over.

    OUT then holds fixes.parquet, features.gpkg (paths, and what was set aside), animals.csv and
    result.json; with --plot, tracks.png (a map) and cleaning.png.

    \b
    Example:
      kulan movement clean fixes.parquet --max-speed 20 --plot --out cleaned
      kulan movement clean fixes.parquet --steps --days Asia/Ulaanbaatar --out cleaned
    """
    from kulan.assessment.movement.cleaning import (
        clean_fixes,
        draw_cleaning,
        with_days,
        with_steps,
    )
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.track_maps import with_track_map
    from kulan.exchange.telemetry import zone_of
    from kulan.movement.cleaning import Screening

    check_place(out, replace=options["replace"])
    screening = Screening(
        max_speed_m_per_s=options["max_speed"],
        slack_m=options["slack"],
        spike_times=options["spike_times"] or None,
        still_radius_m=options["still_radius"],
        still_days=options["still_days"] or None,
        two_dimensional=not options["keep_2d"],
        max_hdop=options["max_hdop"],
        max_error_m=options["max_error"],
    )
    zone = zone_of(options["days"]) if options["days"] else None
    plane = fixes_asked(options).plane
    answer = clean_fixes(read_fixes_of(fixes, options), screening)
    if options["steps"]:
        gap = options["gap_hours"]
        answer = with_steps(answer, None if gap is None else gap * 3600.0, plane)
    if zone is not None:
        answer = with_days(answer, zone, plane)
    if options["plot"]:
        cleaned = answer.fixes
        assert cleaned is not None
        answer = draw_cleaning(answer, options["language"])
        answer = with_track_map(answer, cleaned, options["language"])
    numbers = answer.numbers
    click.echo(
        f"{numbers['fixes_used']} of {numbers['fixes']} fixes of {numbers['animals']} animals are "
        "used."
    )
    for reason, count in numbers["set_aside"].items():
        click.echo(f"  {reason.replace('_', ' ')}: {count}")
    tell_answer(answer, out, options)
