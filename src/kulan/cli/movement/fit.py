"""`kulan movement fit`: the movement model that an animal's fixes ask for."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import (
    fixes_argument,
    out_options,
    read_tracks_of,
    tell_answer,
    together,
    tracks_options,
    workers_of,
    workers_option,
)

KINDS = ("IID", "OU", "OUf", "OUF", "OUO", "BM", "IOU")

fit_options = together(
    click.option(
        "--model",
        metavar="NAME",
        default="",
        help="Fit this model and choose none: OU, OUF, BM and so on, as an ellipse with "
        "' anisotropic' after it.  [default: the best by AICc]",
    ),
    click.option(
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice(KINDS[:5]),
        help="Choose among these kinds; may be given several times.  [default: IID OU OUf OUF]",
    ),
    click.option(
        "--method",
        "fit_method",
        type=click.Choice(("pHREML", "ML")),
        default="pHREML",
        show_default=True,
        help="pHREML corrects for animals that crossed their range only a few times.",
    ),
    click.option(
        "--confidence",
        type=click.FloatRange(0.5, 0.999),
        default=0.95,
        show_default=True,
        help="How often the limits hold the truth.",
    ),
    click.option(
        "--calibration",
        type=click.Path(exists=True, path_type=Path),
        help="Fixes of a collar that stood still: location errors are learnt from them, by sensor, "
        "dimension and HDOP, and given to fixes without one.",
    ),
)


def fit_asked(options: dict[str, Any]) -> Any:
    """Return how the options want models fitted."""
    from kulan.assessment.movement.models import FitAsked
    from kulan.movement.models.selection import RANGE_KINDS

    return FitAsked(
        options["model"],
        options["kinds"] or RANGE_KINDS,
        options["fit_method"],
        options["confidence"],
    )


@click.command()
@fixes_argument
@fit_options
@click.option(
    "--along-path",
    is_flag=True,
    help="Tell mean speed and distance a day along each animal's own path, between the fixes too; "
    "takes about a second for an animal.",
)
@workers_option
@tracks_options
@out_options
def fit(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Fit continuous-time movement models to FIXES and choose the best.

    The model says how long an animal remembers where it was and how fast it went, how far its
    range reaches, how fast it moves and how fast it spreads: each with limits, and with the
    effective sample size that says whether the record can carry it.

    OUT then holds models.csv, variograms.csv and result.json; with --plot, variograms.png.

    \b
    Example:
      kulan movement fit fixes.parquet --plot --out models
      kulan movement fit fixes.parquet --only K1 --model 'OUF anisotropic' --out k1
      kulan movement fit fixes.parquet --calibration roof.csv --out models
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.models import draw_variograms, fit_models

    check_place(out, replace=options["replace"])
    read = read_tracks_of(fixes, options)
    with workers_of(options) as executor:
        answer, fitted = fit_models(
            read, fit_asked(options), along_path=options["along_path"], executor=executor
        )
    if options["plot"]:
        answer = draw_variograms(answer, fitted, options["language"])
    for track, selection in zip(fitted.tracks, fitted.selections, strict=True):
        best = selection.best
        told = answer.numbers["animals"][track.animal_id]
        click.echo(
            f"{track.animal_id}: {best.name}, effective sample size of its range "
            f"{best.dof['area']:.1f}{'' if told['range_resident'] else ' (not range-resident)'}"
        )
        if options["along_path"]:
            click.echo(f"  {_walked(told)}")
    click.echo("")
    tell_answer(answer, out, options)


def _walked(told: dict[str, Any]) -> str:
    """Return the distance a day along the path with its limits, or why there is none."""
    day = told["path_km_per_day"]
    if not day.is_known:
        return str(told["path_speed_word"])
    return f"{day.estimate:,.1f} km a day along its path ({day.low:,.1f} to {day.high:,.1f})"
