"""`kulan movement select`: what animals choose of where they could have gone, or could live."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from kulan.cli.movement.options import (
    barriers_crs_option,
    covariate_option,
    fixes_argument,
    interval_asked,
    interval_options,
    out_options,
    read_in_one_plane_of,
    seed_option,
    tell_answer,
    tracks_options,
)

if TYPE_CHECKING:
    from kulan.assessment.movement.barrier_lines import LinesRead
    from kulan.assessment.movement.folders import MovementAnswer

# what only one of the two kinds of selection knows
_OF_STEPS = ("every_hours", "within_hours", "products", "barrier_files", "barriers_crs", "controls")
_OF_LAND = ("availability", "share", "buffer_km", "available")


@click.command()
@fixes_argument
@click.option(
    "--kind",
    type=click.Choice(["step", "resource"]),
    default="step",
    show_default=True,
    help="step: of the places it could have gone to next. resource: of the land it lives in.",
)
@interval_options(
    "; other steps are left out. For --kind step, which needs it.",
    "By how much a step may be shorter or longer.",
    required=False,
)
@covariate_option("Raster, read where steps end, or at fixes and available points")
@click.option(
    "--product",
    "products",
    metavar="A:B",
    multiple=True,
    help="Product of two covariates, length_m, log_length and cos_turn among them; start_NAME is a "
    "raster where steps start. For steps.",
)
@click.option(
    "--barriers",
    "barrier_files",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Lines; a step that meets one has the covariate `crosses`. For steps.",
)
@barriers_crs_option
@click.option(
    "--controls",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Random steps for each observed one.",
)
@click.option(
    "--availability",
    type=click.Choice(["range", "mcp", "buffer"]),
    default="range",
    show_default=True,
    help="Land that counts as available, for --kind resource: the range by autocorrelated kernels, "
    "the convex polygon of the fixes, or all within --buffer-km of a fix.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.95,
    show_default=True,
    help="Of use that the range holds, below 1; or of fixes that the polygon holds, up to 1.",
)
@click.option(
    "--buffer-km",
    type=click.FloatRange(min=0, min_open=True),
    help="How far from a fix land is available.",
)
@click.option(
    "--available",
    type=click.IntRange(min=100),
    default=10_000,
    show_default=True,
    help="Available points for each animal.",
)
@seed_option("Of the random steps, or the available points.")
@tracks_options
@out_options
@click.pass_context
def select(context: click.Context, /, fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Tell from FIXES what animals choose: integrated step selection, or resource selection.

    OUT then holds coefficients.csv, animals.csv (each animal alone, where there are several),
    calibration.csv (whether the model foretells what was held back) and result.json, with the mean
    of the population and how far animals differ. Of steps also steps.csv (observed and random ones
    with their covariates), of resources the land taken as available in features.gpkg.

    \b
    Example:
      kulan movement select fixes.parquet --every-hours 2 --barriers fences.gpkg --out choices
      kulan movement select fixes.parquet --every-hours 2 --covariate snow=snow.tif \\
        --product log_length:start_snow --plot --out choices
      kulan movement select fixes.parquet --kind resource --covariate snow=snow.tif \\
        --plot --out land
    """
    from kulan.assessment.movement.folders import check_place

    of_steps = options["kind"] == "step"
    _refuse(context, _OF_LAND if of_steps else _OF_STEPS, options["kind"])
    if of_steps and options["every_hours"] is None:
        raise click.UsageError("--kind step needs --every-hours: the time between fixes.")
    if not of_steps and options["availability"] == "range" and options["share"] >= 1:
        raise click.UsageError(
            "--share 1 has no range: no edge holds all use. Name a share below 1, or "
            "--availability mcp."
        )
    check_place(out, replace=options["replace"])
    answer = _steps(fixes, options) if of_steps else _resources(fixes, options)
    tell_answer(answer, out, options)


def _refuse(context: click.Context, names: tuple[str, ...], kind: str) -> None:
    """Refuse options that the kind of selection does not know."""
    flags = {one.name: one.opts[0] for one in context.command.params}
    for name in names:
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"{flags[name]} means nothing with --kind {kind}.")


def _steps(fixes: tuple[Path, ...], options: dict[str, Any]) -> "MovementAnswer":
    from kulan.assessment.movement.barrier_lines import read_lines
    from kulan.assessment.movement.covariates import read_covariates
    from kulan.assessment.movement.selection import (
        SelectionAsked,
        answer_of_selection,
        find_selection,
        with_picture,
    )

    covariates = tuple(read_covariates(options["covariates"]))
    lines: LinesRead | None = None
    if options["barrier_files"]:
        lines = read_lines(options["barrier_files"], crs=options["barriers_crs"])
    read = read_in_one_plane_of(fixes, options)
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
    return with_picture(answer, found, options["language"]) if options["plot"] else answer


def _resources(fixes: tuple[Path, ...], options: dict[str, Any]) -> "MovementAnswer":
    from kulan.assessment.movement.covariates import read_covariates
    from kulan.assessment.movement.resources import (
        ResourcesAsked,
        answer_of_resources,
        find_resources,
        with_picture,
    )

    covariates = tuple(read_covariates(options["covariates"]))
    read = read_in_one_plane_of(fixes, options)
    asked = ResourcesAsked(
        covariates,
        options["availability"],
        options["share"],
        (options["buffer_km"] or 0.0) * 1000.0,
        options["available"],
        options["seed"],
    )
    found = find_resources(read, asked)
    answer = answer_of_resources(read, asked, found)
    return with_picture(answer, found, options["language"]) if options["plot"] else answer
