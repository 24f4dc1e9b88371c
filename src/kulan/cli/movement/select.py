"""`kulan movement select`: what animals choose among where they could have gone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.movement.options import (
    covariate_option,
    fixes_argument,
    fixes_asked,
    interval_asked,
    interval_options,
    out_options,
    seed_option,
    tell_answer,
    tracks_options,
)

if TYPE_CHECKING:
    from kulan.assessment.movement.barrier_lines import LinesRead


@click.command()
@fixes_argument
@interval_options("; other steps are left out.", "By how much a step may be shorter or longer.")
@covariate_option("Raster, read where steps end")
@click.option(
    "--product",
    "products",
    metavar="A:B",
    multiple=True,
    help="Product of two covariates, length_m, log_length and cos_turn among them; start_NAME is a "
    "raster where steps start.",
)
@click.option(
    "--barriers",
    "barrier_files",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Lines; a step that meets one has the covariate `crosses`.",
)
@click.option(
    "--controls",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Random steps for each observed one.",
)
@seed_option("Of the random steps.")
@tracks_options
@out_options
def select(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Tell from FIXES what animals choose: integrated step selection, barriers included.

    OUT then holds coefficients.csv, steps.csv (observed and random steps with their covariates),
    calibration.csv (whether the model foretells steps that were held back) and result.json.

    \b
    Example:
      kulan movement select fixes.parquet --every-hours 2 --barriers fences.gpkg --out choices
      kulan movement select fixes.parquet --every-hours 2 --covariate snow=snow.tif \\
        --product log_length:start_snow --plot --out choices
    """
    from kulan.assessment.movement.barrier_lines import read_lines
    from kulan.assessment.movement.covariates import read_covariates
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.selection import (
        SelectionAsked,
        answer_of_selection,
        find_selection,
        with_picture,
    )
    from kulan.assessment.movement.shared_plane import read_tracks_in_one_plane

    check_place(out, replace=options["replace"])
    covariates = tuple(read_covariates(options["covariates"]))
    lines: LinesRead | None = None
    if options["barrier_files"]:
        lines = read_lines(options["barrier_files"])
    read = read_tracks_in_one_plane(fixes, fixes_asked(options))
    shapes = () if lines is None else tuple(lines.segments(read.tracks[0].plane).shapes)
    interval_s, tolerance_s = interval_asked(options)
    asked = SelectionAsked(
        interval_s,
        covariates,
        tuple(options["products"]),
        shapes,
        () if lines is None else lines.inputs,
        options["controls"],
        options["seed"],
        tolerance_s,
    )
    found = find_selection(read, asked)
    answer = answer_of_selection(read, asked, found)
    if options["plot"]:
        answer = with_picture(answer, found, options["language"])
    tell_answer(answer, out, options)
