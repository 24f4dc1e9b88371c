"""`kulan connectivity corridors`: least-cost corridors between sites, and their network."""

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
    running_options_to,
    sites_option,
    tell_files,
)

if TYPE_CHECKING:
    from kulan.assessment.connectivity.landscapes import Landscape
    from kulan.assessment.connectivity.patch_networks import NetworkQuestion
    from kulan.assessment.connectivity.places import NamedSites


@click.command()
@click.argument("resistance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@sites_option
@click.option(
    "--pairs",
    type=click.Choice(["neighbours", "all"]),
    default="neighbours",
    show_default=True,
    help="Link sites whose land, by cost, touches; or all with all.",
)
@click.option("--max-cost-km", type=float, help="Dearest link, cost-km.  [default: any]")
@click.option(
    "--cutoff-km",
    type=float,
    help="By how much a way through a corridor may be dearer than the best, cost-km.  [default: a "
    "tenth of the median cost of the links]",
)
@click.option(
    "--dispersal-km",
    type=float,
    help="Cost that animals cover with the chance --at, cost-km; asks for Probability of "
    "Connectivity, Equivalent Connected Area and what each site and link adds.",
)
@click.option(
    "--at",
    "probability",
    type=float,
    default=0.5,
    show_default=True,
    help="Chance that a link of --dispersal-km is covered.",
)
@click.option(
    "--protected",
    metavar="COLUMN|FILE",
    help="Column of the sites that says yes or no, or a file of protected areas; asks for "
    "ProtConn, with --dispersal-km.",
)
@click.option(
    "--pinch-points/--no-pinch-points",
    default=True,
    show_default=True,
    help="Look where current crowds inside each corridor.",
)
@click.option(
    "--each-map", is_flag=True, help="Keep costs from each site and the maps of each link too."
)
@click.option(
    "--tiles/--no-tiles",
    default=None,
    help="Work by tiles and files, or in memory; the answer is the same.  [default: by tiles where "
    "memory does not do]",
)
@landscape_options
@barrier_options
@running_options_to("1e-6", keep=False)
@out_options
def corridors(resistance: Path, sites: Path, out: Path, **options: Any) -> None:
    """Find least-cost corridors between sites across a map of RESISTANCE, and their network.

    Costs are in cost-km: kilometres over land of resistance 1 that cost as much. OUT then holds
    corridors.tif (by how much a way through each cell is dearer than the best), pinch_points.tif,
    cost.tif, allocation.tif, links.csv, patches.csv, features.gpkg (sites, barriers, least-cost
    paths) and result.json. A column `attribute` of the sites counts as the habitat each holds, in
    place of its area.

    \b
    Example:
      kulan connectivity corridors khulan/resistance.tif --sites sites.geojson --out corridors
      kulan connectivity corridors khulan/resistance.tif --sites sites.geojson \\
        --barriers atlas --cutoff-km 50 --dispersal-km 300 --plot --out corridors
    """
    from kulan.assessment.connectivity.corridors import CorridorQuestion, find_corridors
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.places import read_sites

    check_place(out, replace=options["replace"])
    landscape = read_landscape_asked(resistance, options)
    places = read_sites(sites, landscape)
    question = CorridorQuestion(
        landscape,
        places,
        read_barriers_asked(landscape, options),
        options["pairs"],
        options["max_cost_km"],
        options["cutoff_km"],
        _network_asked(places, landscape, options),
        options["pinch_points"],
        options["each_map"],
        options["tiles"],
    )
    pictures = pictures_asked(options)
    with running_asked(options, "Corridors") as running:
        answer = find_corridors(question, running)
    if pictures is not None:
        from kulan.assessment.connectivity.pictures import draw_corridors

        answer = draw_corridors(question, answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))


def _network_asked(
    places: "NamedSites", landscape: "Landscape", options: dict[str, Any]
) -> "NetworkQuestion":
    """Read what is asked of the network of links."""
    from kulan.assessment.connectivity.patch_networks import NetworkQuestion
    from kulan.assessment.connectivity.patches import protection_of
    from kulan.connectivity.least_cost.metrics import Dispersal

    distance, protected = options["dispersal_km"], options["protected"]
    if distance is None:
        if protected is not None:
            raise click.UsageError("--protected needs --dispersal-km: how far animals go.")
        return NetworkQuestion()
    return NetworkQuestion(
        Dispersal(distance, options["probability"]),
        None if protected is None else protection_of(protected, places, landscape),
    )
