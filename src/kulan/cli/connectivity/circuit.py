"""`kulan connectivity circuit`: currents between sites."""

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
    running_options,
    sites_option,
    tell_files,
)


@click.command()
@click.argument("resistance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@sites_option
@click.option(
    "--mode",
    type=click.Choice(["pairwise", "one-to-all", "all-to-one"]),
    default="pairwise",
    show_default=True,
    help="Between every two sites; from each to all others; from all others to each.",
)
@click.option(
    "--each-map", is_flag=True, help="Keep the maps of every pair or site, not only sums."
)
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of the pairs that are wanted, by name: site, other_site.  [default: all]",
)
@click.option(
    "--short-circuits",
    type=click.Path(exists=True, path_type=Path),
    help="File of polygons within which nothing resists: each is one node.",
)
@landscape_options
@barrier_options
@running_options
@out_options
def circuit(resistance: Path, sites: Path, mode: Any, out: Path, **options: Any) -> None:
    """Send currents between sites across a map of RESISTANCE.

    In the modes one-to-all and all-to-one a column `strength` of the sites says how many amperes
    each sends.

    OUT then holds current.tif (where movement concentrates) and maximum.tif, resistance.csv (how
    well sites are connected), features.gpkg (sites and barriers) and result.json.

    \b
    Example:
      kulan connectivity circuit khulan/resistance.tif --sites sites.geojson --out currents
      kulan connectivity circuit khulan/resistance.tif --sites sites.geojson \\
        --barriers atlas --plot --out currents
    """
    from kulan.assessment.connectivity.circuits import CircuitQuestion, connect
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.places import read_sites
    from kulan.assessment.connectivity.wiring import read_wiring

    check_place(out, replace=options["replace"])
    landscape = read_landscape_asked(resistance, options)
    places = read_sites(sites, landscape)
    question = CircuitQuestion(
        landscape,
        places,
        read_barriers_asked(landscape, options),
        mode,
        options["each_map"],
        read_wiring(
            places, landscape, pairs=options["pairs"], short_circuits=options["short_circuits"]
        ),
    )
    pictures = pictures_asked(options)
    with running_asked(options, "Circuits") as running:
        answer = connect(question, running)
    if pictures is not None:
        from kulan.assessment.connectivity.pictures import draw_circuit

        answer = draw_circuit(question, answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))
