"""`kulan connectivity effect`: what barriers take away."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.connectivity.options import (
    barrier_options_named,
    landscape_options,
    out_options,
    pictures_asked,
    read_barriers_asked,
    read_landscape_asked,
    release_of,
    running_asked,
    running_options,
    sites_option,
    tell_files,
)


@click.command()
@click.argument("resistance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@sites_option
@barrier_options_named("barriers", "Lines whose effect is asked for", required=True)
@click.option(
    "--barrier",
    "ids",
    multiple=True,
    metavar="ID",
    help="Ask only for this one of --barriers. May be given several times.  [default: all]",
)
@click.option(
    "--standing",
    multiple=True,
    metavar="FILE|atlas",
    help="Lines that stand before and after, but for those that are asked for.  [default: none]",
)
@click.option(
    "--habitat",
    metavar="FILE|atlas",
    help="What may be isolated: a raster of the share of each cell that is habitat (EPSG:4326), or "
    "`atlas` for the species' potential habitat.  [default: all cells with a resistance]",
)
@click.option(
    "--closed-at",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.05,
    show_default=True,
    help="For isolated habitat, barriers that leave at most this share count as closed.",
)
@click.option(
    "--attribution/--no-attribution",
    default=True,
    show_default=True,
    help="Share the loss out among several barriers.",
)
@click.option(
    "--exact-up-to",
    type=click.IntRange(1, 12),
    default=5,
    show_default=True,
    help="So many barriers are shared out exactly, by 2 to their number of landscapes.",
)
@click.option(
    "--orders",
    type=click.IntRange(2, 10_000),
    default=20,
    show_default=True,
    help="Orders of building that are drawn for more barriers than that.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the drawing."
)
@landscape_options
@running_options
@out_options
def effect(resistance: Path, sites: Path, out: Path, **options: Any) -> None:
    """Compare a landscape of RESISTANCE without barriers with the same landscape with them.

    Lines of --barriers are absent before and present after; lines of --standing are present in
    both. A line named by both is asked for, so that `--barriers atlas --barrier B01 --standing
    atlas` tells what B01 adds to all else that stands. Without --standing nothing else stands, and
    without --barrier all lines of --barriers come at once, with their shares in the loss.
    --planned adds unbuilt lines of the Atlas to those that are asked for, never to the standing.

    OUT then holds pairs.csv (resistance, mean way and cheapest way of every pair, without and
    with), attribution.csv (for several barriers: alone, last in, and Shapley's share),
    current_without.tif, current_with.tif, current_change.tif, isolated_habitat.tif, features.gpkg
    and result.json.

    \b
    Example:
      kulan connectivity effect khulan/resistance.tif --sites sites.geojson \\
        --barriers atlas --barrier B01 --standing atlas --out railway
      kulan connectivity effect khulan/resistance.tif --sites sites.geojson \\
        --barriers planned.gpkg --standing atlas --habitat atlas --plot --out planned
    """
    from kulan.assessment.connectivity.effects import EffectQuestion, weigh_barriers
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.habitats import ATLAS, read_habitat
    from kulan.assessment.connectivity.places import read_sites

    check_place(out, replace=options["replace"])
    landscape = read_landscape_asked(resistance, options)
    placed = read_sites(sites, landscape)
    barriers = read_barriers_asked(landscape, options).asked_for(options["ids"])
    standing = read_barriers_asked(landscape, options | {"planned": False}, "standing")
    release = (
        release_of(options["state"], options["release"]) if options["habitat"] == ATLAS else None
    )
    question = EffectQuestion(
        landscape,
        placed,
        barriers,
        standing.without(barriers.names),
        read_habitat(options["habitat"], landscape, release=release),
        options["closed_at"],
        options["attribution"],
        options["exact_up_to"],
        options["orders"],
        options["seed"],
    )
    pictures = pictures_asked(options)
    with running_asked(options, "Effect") as running:
        answer = weigh_barriers(question, running)
    if pictures is not None:
        from kulan.assessment.connectivity.barrier_pictures import draw_effect

        answer = draw_effect(question, answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))
