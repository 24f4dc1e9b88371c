"""`kulan connectivity wired`: current from given sources to given grounds."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.connectivity.options import (
    barrier_options,
    landscape_options,
    out_options,
    pictures_asked,
    read_barriers_asked,
    read_landscape_asked,
    running_asked,
    running_options_to,
    tell_files,
)


@click.command()
@click.argument("resistance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--sources",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Where current enters: points or areas with a column `amps` (1 without it; negative where "
    "it leaves), or a raster of amperes on the cells of RESISTANCE.",
)
@click.option(
    "--grounds",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Where it leaves: points or areas with a column `conductance` in siemens (inf, or none: "
    "a direct connection), or a raster of siemens.",
)
@landscape_options
@barrier_options
@running_options_to("1e-6", workers=False, keep=False)
@out_options
def wired(resistance: Path, sources: Path, grounds: Path, out: Path, **options: Any) -> None:
    """Let current flow from given sources to given grounds across a map of RESISTANCE.

    OUT then holds current.tif, voltage.tif, features.gpkg (sources, grounds, barriers) and
    result.json.

    \b
    Example:
      kulan connectivity wired khulan/resistance.tif --sources herds.geojson \\
        --grounds pastures.geojson --barriers atlas --out flow
    """
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.wired import WiredQuestion, let_flow, read_wires

    check_place(out, replace=options["replace"])
    landscape = read_landscape_asked(resistance, options)
    question = WiredQuestion(
        landscape,
        read_wires(sources, landscape, "amps"),
        read_wires(grounds, landscape, "conductance"),
        read_barriers_asked(landscape, options),
    )
    pictures = pictures_asked(options)
    with running_asked(options, "Circuit") as running:
        answer = let_flow(question, running)
    if pictures is not None:
        from kulan.assessment.connectivity.pictures import draw_wired

        answer = draw_wired(question, answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))
