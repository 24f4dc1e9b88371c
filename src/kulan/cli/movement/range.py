"""`kulan movement range`: where an animal lives, over what area, and how sure that is."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.fit import fit_asked, fit_options
from kulan.cli.movement.options import (
    fixes_argument,
    like_option,
    out_options,
    read_tracks_of,
    tell_answer,
    tracks_options,
)


@click.command()
@fixes_argument
@click.option(
    "--by",
    type=click.Choice(("akde",)),
    default="akde",
    show_default=True,
    help="Method: autocorrelated kernel density.",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of use to give area and contour of; may be given several times.  "
    "[default: 0.5 0.95]",
)
@click.option(
    "--weights", is_flag=True, help="Fixes of dense stretches count less: for uneven records."
)
@like_option("ctmm")
@fit_options
@tracks_options
@out_options
def range(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:  # noqa: A001
    """Estimate where each animal of FIXES lives.

    An animal that was not seen to stay in a range gets a word instead of an area: below an
    effective sample size of 4 no area can be told. `--like ctmm` prints one all the same.

    OUT then holds ranges.csv, features.gpkg (contours), a GeoTIFF of use for each animal and
    result.json; with --plot, ranges.png.

    \b
    Example:
      kulan movement range fixes.parquet --plot --out ranges
      kulan movement range fixes.parquet --weights --level 0.95 --out ranges
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.ranges import RangeAsked, draw_ranges, find_ranges

    check_place(out, replace=options["replace"])
    asked = RangeAsked(
        options["by"],
        sorted(options["levels"]) or (0.5, 0.95),
        options["weights"],
        options["like"],
        fit_asked(options),
    )
    answer, found = find_ranges(read_tracks_of(fixes, options), asked)
    if options["plot"]:
        answer = draw_ranges(answer, found, options["language"])
    for one in found:
        click.echo(f"{one.track.animal_id}: {_told(one)}")
    click.echo("")
    tell_answer(answer, out, options)


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
