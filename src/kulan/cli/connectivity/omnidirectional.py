"""`kulan connectivity omnidirectional`: current in all directions."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.connectivity.options import (
    barrier_options,
    landscape_options,
    out_options,
    pictures_asked,
    read_barriers_asked,
    read_landscape_asked,
    running_asked,
    running_options,
    tell_files,
)

if TYPE_CHECKING:
    from kulan.assessment.connectivity.landscapes import Landscape
    from kulan.assessment.connectivity.omnidirectional import Strengths


@click.command()
@click.argument("resistance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--radius-km", required=True, type=float, help="How far a source lies from a target at most."
)
@click.option(
    "--block",
    type=int,
    help="Side of the squares that share a target, an odd number of cells.  [default: about a "
    "tenth of the radius]",
)
@click.option(
    "--sources",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Raster of how much each cell sends, on the cells of RESISTANCE.  [default: 1 / "
    "resistance]",
)
@click.option(
    "--sources-below",
    type=float,
    help="Without --sources: cells of more resistance are no sources.  [default: all are]",
)
@click.option(
    "--method",
    type=click.Choice(["windows", "random"]),
    default="windows",
    show_default=True,
    help="Solve every window; or estimate from draws, whose work does not grow with the radius.",
)
@click.option(
    "--draws", type=int, default=64, show_default=True, help="Of --method random; at least 2."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the draws."
)
@click.option(
    "--normalise/--no-normalise",
    default=True,
    show_default=True,
    help="Set the current against that of an even landscape; doubles the work.",
)
@landscape_options
@barrier_options
@running_options
@out_options
def omnidirectional(resistance: Path, out: Path, **options: Any) -> None:
    """Map movement in all directions across a map of RESISTANCE, without naming sites.

    OUT then holds current.tif, flow_potential.tif (the same on even land), normalised.tif (above 1
    where movement is concentrated, below where hindered), with --method random the standard error
    of each, and result.json.

    \b
    Example:
      kulan connectivity omnidirectional khulan/resistance.tif --radius-km 50 --out flow
      kulan connectivity omnidirectional khulan/resistance.tif --radius-km 200 \\
        --method random --barriers atlas --plot --out flow
    """
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.omnidirectional import OmnidirectionalQuestion, find_flow

    check_place(out, replace=options["replace"])
    landscape = read_landscape_asked(resistance, options)
    question = OmnidirectionalQuestion(
        landscape,
        _strengths_asked(landscape, options),
        options["radius_km"],
        read_barriers_asked(landscape, options),
        options["block"],
        options["method"],
        options["draws"],
        options["seed"],
        options["normalise"],
    )
    pictures = pictures_asked(options)
    with running_asked(
        options, "Windows" if options["method"] == "windows" else "Draws"
    ) as running:
        answer = find_flow(question, running)
    if pictures is not None:
        from kulan.assessment.connectivity.pictures import draw_flow

        answer = draw_flow(question, answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))


def _strengths_asked(landscape: "Landscape", options: dict[str, Any]) -> "Strengths":
    """Read how much each cell sends."""
    from kulan.assessment.connectivity.omnidirectional import Strengths, strengths_of_resistance
    from kulan.assessment.connectivity.rasters_beside import read_beside

    file: Path | None = options["sources"]
    if file is None:
        return strengths_of_resistance(landscape, options["sources_below"])
    if options["sources_below"] is not None:
        raise click.UsageError("--sources-below is for sources that follow from the resistance.")
    values, source = read_beside(file, landscape)
    return Strengths(values, file.name, (source,))
