"""`kulan movement states`: what animals were doing, by hidden Markov models."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    covariate_option,
    fixes_argument,
    interval_asked,
    interval_options,
    out_options,
    read_tracks_of,
    seed_option,
    tell_answer,
    tracks_options,
)


@click.command()
@fixes_argument
@interval_options(
    ". Fixes are never interpolated: one that was missed stays missed.",
    "How far a fix may lie from its hour.",
)
@click.option(
    "--number",
    "numbers",
    type=click.IntRange(min=2, max=6),
    multiple=True,
    default=(2, 3),
    show_default=True,
    help="Number of states to try; may be given several times, the lowest BIC is kept.",
)
@click.option(
    "--turns",
    type=click.Choice(["von_mises", "wrapped_cauchy", "none"]),
    default="von_mises",
    show_default=True,
    help="Family of turning angles.",
)
@covariate_option("Raster on which changes between states may depend")
@click.option(
    "--starts",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="From how many places to search for the likeliest model.",
)
@seed_option("Of the places to search.")
@tracks_options
@out_options
def states(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Tell from FIXES what animals were doing: states of short and long, straight and turned steps.

    OUT then holds states.csv (each step with its likeliest state and the chance of each),
    models.csv (numbers of states compared), features.gpkg (fixes with their states) and result.json
    with the parameters of each state and their limits.

    \b
    Example:
      kulan movement states fixes.parquet --every-hours 2 --out states
      kulan movement states fixes.parquet --every-hours 2 --number 2 --covariate snow=snow.tif \\
        --plot --out states
    """
    from kulan.assessment.movement.covariates import read_covariates
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.states import (
        StatesAsked,
        answer_of_states,
        find_states,
        with_picture,
    )

    check_place(out, replace=options["replace"])
    interval_s, tolerance_s = interval_asked(options)
    asked = StatesAsked(
        interval_s,
        tuple(dict.fromkeys(options["numbers"])),
        None if options["turns"] == "none" else options["turns"],
        tuple(read_covariates(options["covariates"])),
        options["starts"],
        options["seed"],
        tolerance_s,
    )
    read = read_tracks_of(fixes, options)
    found = find_states(read, asked)
    answer = answer_of_states(read, asked, found)
    if options["plot"]:
        answer = with_picture(answer, read, found, options["language"])
    tell_answer(answer, out, options)
