"""`kulan movement range`: where an animal lives, over what area, and how sure that is."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.corridor import bridge_options
from kulan.cli.movement.fit import fit_asked, fit_options
from kulan.cli.movement.options import (
    fixes_argument,
    like_option,
    out_options,
    read_in_one_plane_of,
    read_tracks_of,
    tell_answer,
    tracks_options,
    workers_of,
    workers_option,
)


@click.command()
@fixes_argument
@click.option(
    "--by",
    type=click.Choice(("akde", "mcp", "kde", "locoh", "bridge", "dynamic-bridge", "time")),
    default="akde",
    show_default=True,
    help="Method. Where it lives: autocorrelated kernels; convex polygons; kernels of independent "
    "fixes; local convex hulls. Where it was: Brownian bridges; dynamic ones; time along straight "
    "ways.",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of use to give area and contour of; may be given several times.  "
    "[default: 0.5 0.95]",
)
@click.option(
    "--weights", is_flag=True, help="Fixes of dense stretches count less: for uneven records."
)
@click.option(
    "--bandwidth",
    metavar="RULE|METRES",
    default="reference",
    show_default=True,
    help="Of kde: reference, lscv, or metres.",
)
@click.option(
    "--neighbours",
    type=click.Choice(("k", "r", "a")),
    default="k",
    show_default=True,
    help="Of locoh: a number of fixes, a radius, or a sum of distances.",
)
@click.option(
    "--amount",
    type=click.FloatRange(min=0, min_open=True),
    help="Of locoh: that number, or metres.  [default: from the number and spread of fixes]",
)
@bridge_options
@click.option(
    "--max-gap-hours",
    type=click.FloatRange(min=0, min_open=True),
    help="Of bridges and time: ways that take longer are left out.  [default: none are]",
)
@click.option(
    "--together",
    is_flag=True,
    help="Tell how far ranges overlap and where the population lives, all in one plane.",
)
@like_option("ctmm", "amt", "MigrationMapper")
@fit_options
@workers_option
@tracks_options
@out_options
def range(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:  # noqa: A001
    """Estimate where each animal of FIXES lives.

    An animal that was not seen to stay in a range gets a word instead of an area: below an
    effective sample size of 4 no area can be told. `--like ctmm` prints one all the same. Only
    autocorrelated kernels know limits; the other methods take fixes as they are, and bridges and
    time tell where an animal was, not where it lives. `--like MigrationMapper` lays bridges by the
    density at the centre of each cell, `--like amt` kernels (kde) on its narrower map.

    OUT then holds ranges.csv, features.gpkg (contours), a GeoTIFF of use for each animal and
    result.json; with --plot, ranges.png; with --together, overlaps.csv and population.tif.

    \b
    Example:
      kulan movement range fixes.parquet --plot --out ranges
      kulan movement range fixes.parquet --weights --level 0.95 --out ranges
      kulan movement range fixes.parquet --by dynamic-bridge --error-m 20 --out occurrence
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.range_questions import RangeAsked
    from kulan.assessment.movement.ranges import draw_ranges, find_ranges
    from kulan.assessment.movement.ranges_together import with_ranges_together

    if options["together"] and options["by"] != "akde":
        raise click.UsageError(f"--together does not go with --by {options['by']}.")
    check_place(out, replace=options["replace"])
    asked = RangeAsked(
        options["by"],
        sorted(options["levels"]) or (0.5, 0.95),
        options["weights"],
        options["like"],
        fit_asked(options),
        _settings(options),
    )
    if options["together"]:
        read = read_in_one_plane_of(fixes, options)
    else:
        read = read_tracks_of(fixes, options)
    with workers_of(options) as executor:
        answer, found = find_ranges(read, asked, executor=executor)
    if options["together"]:
        answer = with_ranges_together(answer, found, asked)
    if options["plot"]:
        answer = draw_ranges(answer, found, options["language"])
    for one in found:
        click.echo(f"{one.track.animal_id}: {_told(one)}")
    click.echo("")
    tell_answer(answer, out, options)


_OWN_SETTINGS = {
    "kde": ("bandwidth",),
    "locoh": ("neighbours", "amount"),
    "bridge": ("error_m", "max_gap_s"),
    "dynamic-bridge": ("error_m", "window", "margin", "max_gap_s"),
    "time": ("max_gap_s",),
}
_LIKE = {
    "akde": "ctmm",
    "kde": "amt",
    "bridge": "MigrationMapper",
    "dynamic-bridge": "MigrationMapper",
}


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of the method that was chosen, and refuse another method's `--like`."""
    method, like = options["by"], options["like"]
    if like is not None and _LIKE.get(method) != like:
        raise click.UsageError(f"--like {like} does not go with --by {method}.")
    bandwidth, gap = options["bandwidth"], options["max_gap_hours"]
    with suppress(ValueError):  # a rule has a name
        bandwidth = float(bandwidth)
    said = {**options, "bandwidth": bandwidth}
    said["max_gap_s"] = float("inf") if gap is None else gap * 3600.0
    return {name: said[name] for name in _OWN_SETTINGS.get(method, ())}


def _told(found: Any) -> str:
    """Return the largest area with its limits, or why there is none."""
    level = max(found.areas)
    area = found.areas[level].times(1e-6)
    if not area.is_known:
        return str(found.word)
    told = f"{area.estimate:,.1f} km² hold {level:.0%} of its use"
    if area.low == area.low:
        told += f" ({area.low:,.1f} to {area.high:,.1f})"
    return f"{told}; {found.word}" if found.word else told
