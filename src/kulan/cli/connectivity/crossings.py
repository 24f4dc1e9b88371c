"""`kulan connectivity crossings`: where crossings give most back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.connectivity.options import (
    barrier_options_named,
    landscape_options,
    out_options,
    pictures_asked,
    read_barriers_asked,
    read_landscape_asked,
    running_asked,
    running_options_to,
    sites_option,
    tell_files,
)

if TYPE_CHECKING:
    from kulan.assessment.connectivity.barriers import BarrierLines
    from kulan.assessment.connectivity.candidates import CrossingPlaces
    from kulan.assessment.connectivity.landscapes import Landscape

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("resistance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@sites_option
@barrier_options_named("barriers", "All lines that stand", required=True)
@click.option(
    "--along",
    multiple=True,
    metavar="ID",
    help="Barrier along which candidates are set. May be given several times.  [default: all]",
)
@click.option(
    "--spacing-km",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Between candidates that are set along barriers.",
)
@click.option(
    "--cost",
    type=click.FloatRange(min=0),
    help="Of each candidate that is set along barriers, in any money.",
)
@click.option(
    "--candidates",
    type=_FILE,
    help="File of candidates instead: points, or lines along a barrier, with crossing_id and, if "
    "known, barrier_ids, cost, permeability, permeability_low and permeability_high.",
)
@click.option("--existing", type=_FILE, help="File of crossings that stand already, alike.")
@click.option(
    "--permeability",
    nargs=3,
    type=click.FloatRange(0, 1),
    default=(0.5, 0.2, 0.9),
    show_default=True,
    metavar="MIDDLE LOW HIGH",
    help="What a crossing lets through of the movement across a cell's side, and its range.",
)
@click.option(
    "--crossing-permeabilities",
    type=_FILE,
    help="CSV of what was measured: crossing_id, species_id, season, permeability, source.",
)
@click.option("--most", type=click.IntRange(min=1), help="How many may be built.  [default: 10]")
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    help="What all together may cost, in place of or beside --most.",
)
@click.option(
    "--measure",
    type=click.Choice(["conductance", "resistance"]),
    default="conductance",
    show_default=True,
    help="Gain of mean conductance between sites, or fall of mean resistance.",
)
@click.option(
    "--members",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Maps that are believed possible: files, or a folder of `kulan resistance build "
    "--members`. May be given several times.",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 10_000),
    help="Members of the ensemble; maps are taken in turn.  [default: 20, or as many as give "
    "every map the same number]",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the drawing."
)
@click.option(
    "--coverage",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.9,
    show_default=True,
    help="Share of the ensemble that intervals hold.",
)
@landscape_options
@running_options_to("1e-9, and never more", keep=False)
@out_options
def crossings(resistance: Path, sites: Path, out: Path, **options: Any) -> None:
    """Rank places to cross barriers by what they give back on a landscape of RESISTANCE.

    The gain of every candidate is exact for all pairs of sites. The best set under a number or a
    budget is chosen for what its crossings give together, which is not the sum of what each gives.
    How sure the ranking is, is told across an ensemble: the maps of --members in turn, what
    barriers let through drawn from its range, and what crossings let through drawn from theirs.

    OUT then holds ranking.csv (best first, with intervals of gain and rank), portfolio.csv (the
    best together, in the order to build them), features.gpkg (candidates with their rank) and
    result.json, which says the ensemble in words.

    \b
    Example:
      kulan connectivity crossings khulan/resistance.tif --sites sites.geojson \\
        --barriers atlas --along B01 --spacing-km 20 --members khulan --out crossings
      kulan connectivity crossings khulan/resistance.tif --sites sites.geojson \\
        --barriers atlas --candidates bridges.gpkg --budget 30 --plot --out bridges
    """
    from kulan.assessment.connectivity.crossings import (
        CrossingQuestion,
        draws_for,
        rank_candidates,
    )
    from kulan.assessment.connectivity.ensembles import Ensemble, member_files
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.places import read_sites

    check_place(out, replace=options["replace"])
    landscape = read_landscape_asked(resistance, options)
    placed = read_sites(sites, landscape)
    barriers = read_barriers_asked(landscape, options)
    maps = member_files(options["members"])
    most = options["most"]
    question = CrossingQuestion(
        landscape,
        placed,
        barriers,
        _candidates(options, landscape, barriers),
        _read(options["existing"], options, landscape) if options["existing"] else None,
        10 if most is None and options["budget"] is None else most,
        options["budget"],
        Ensemble(maps, draws_for(len(maps), options["draws"]), options["seed"]),
        options["measure"],
        options["coverage"],
    )
    pictures = pictures_asked(options)
    with running_asked(options, "Crossings") as running:
        answer = rank_candidates(question, running)
    if pictures is not None:
        from kulan.assessment.connectivity.barrier_pictures import draw_crossings

        answer = draw_crossings(question, answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))


def _candidates(
    options: dict[str, Any], landscape: "Landscape", barriers: "BarrierLines"
) -> "CrossingPlaces":
    from kulan.assessment.connectivity.candidates import PassableShare, candidates_along
    from kulan.assessment.connectivity.effects import cuts_of

    if options["candidates"] is not None:
        if options["along"] or options["cost"] is not None:
            raise click.BadParameter(
                "candidates from a file are not set along barriers; leave --along and --cost out, "
                "and give barrier_ids and cost as columns of the file.",
                param_hint="--candidates",
            )
        return _read(options["candidates"], options, landscape)
    cuts_of(barriers, landscape)  # refuses lines that do not meet the land
    return candidates_along(
        barriers,
        options["along"],
        landscape.frame,
        spacing_km=options["spacing_km"],
        cost=options["cost"],
        share=PassableShare(*options["permeability"]),
    )


def _read(path: Path, options: dict[str, Any], landscape: "Landscape") -> "CrossingPlaces":
    from kulan.assessment.connectivity.candidates import PassableShare, read_crossings

    return read_crossings(
        path,
        permeabilities=options["crossing_permeabilities"],
        species_id=landscape.species_id,
        season=landscape.season,
        share=PassableShare(*options["permeability"]),
    )
