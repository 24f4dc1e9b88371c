"""`kulan resistance`: how much the land resists the movement of a species, cell by cell."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.connectivity.options import out_options, pictures_asked, release_of, tell_files
from kulan.cli.progress import progress_bar
from kulan.cli.state import state_option
from kulan.cli.tables import FORMATS

if TYPE_CHECKING:
    from kulan.assessment.connectivity.combination import Combination


@click.group()
def resistance() -> None:
    """Make maps of resistance, and show the profiles they rest on.

    \b
    Example:
      kulan resistance build --species khulan --cell 1000 --out khulan
      kulan resistance profiles khulan
    """


@resistance.command()
@click.option("--species", required=True, help="Whose; `kulan resistance profiles` lists them.")
@click.option(
    "--season",
    type=click.Choice(["all", "summer", "winter"]),
    default="all",
    show_default=True,
    help="Season whose rows take the place of those of the whole year.",
)
@click.option(
    "--cell",
    "cell_m",
    type=click.FloatRange(min=1),
    default=1000.0,
    show_default=True,
    help="Side of a cell, m.",
)
@click.option(
    "--bounds",
    nargs=4,
    type=float,
    metavar="WEST SOUTH EAST NORTH",
    help="Part of the region, degrees.  [default: all that the Atlas covers]",
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME=FILE",
    help="A raster of your own in EPSG:4326, in place of or beside the Atlas's: land_cover, "
    "elevation_m, relief_m, people_per_km2, water_distance_km, snow_depth_cm.",
)
@click.option(
    "--profiles",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of resistance profiles of your own, with the columns of the package's table.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="NAME",
    help="Leave out the effect of a layer, as in a landscape without people.",
)
@click.option(
    "--combine",
    type=click.Choice(["product", "weighted-sum", "geometric-mean", "largest", "ordered"]),
    default="product",
    show_default=True,
    help="How the resistances of layers become one.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Weight of a layer, for weighted-sum, geometric-mean and ordered.",
)
@click.option(
    "--judgements",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of comparisons in pairs (layer, other_layer, times_as_important) in place of "
    "weights.",
)
@click.option(
    "--rank-weight",
    "rank_weights",
    multiple=True,
    type=click.FloatRange(min=0),
    help="For ordered: weight of each rank, the largest resistance first; once for each layer.",
)
@click.option(
    "--weight-concentration",
    type=click.FloatRange(min=0, min_open=True),
    help="Draw weights for each member, the closer to those given the larger this is.",
)
@click.option(
    "--greatest",
    type=click.FloatRange(min=1),
    default=1000.0,
    show_default=True,
    help="Resistance above which cells count as this.",
)
@click.option(
    "--members",
    type=click.IntRange(0, 999),
    default=0,
    help="Draw so many maps from the ranges of the profile, beside the middle one.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the drawing."
)
@click.option("--release", help="Release of the Atlas.  [default: the one in use]")
@state_option
@out_options
def build(species: str, season: str, cell_m: float, out: Path, **options: Any) -> None:
    """Build a map of resistance from land cover, elevation and layers of your own.

    The folder OUT holds resistance.tif on square cells of the region's equal-area plane, the
    profile it rests on, and result.json with the recipe. `kulan connectivity` takes it from there.

    \b
    Example:
      kulan resistance build --species khulan --cell 1000 --out khulan
      kulan resistance build --species saiga --bounds 46 44 72 52 --members 20 --out saiga --plot
    """
    from kulan.assessment.connectivity.folders import check_place, write_answer
    from kulan.assessment.connectivity.resistance import ResistanceQuestion, build_resistance
    from kulan.places import Bounds

    check_place(out, replace=options["replace"])
    bounds = options["bounds"]
    question = ResistanceQuestion(
        species,
        season,
        cell_m,
        None if bounds is None else Bounds(*bounds),
        _named_paths(options["layers"]),
        options["profiles"],
        options["without"],
        _combination(options),
        options["greatest"],
        options["members"],
        options["seed"],
    )
    atlas = release_of(options["state"], options["release"])
    pictures = pictures_asked(options)
    with progress_bar("Resistance") as progress:
        answer = build_resistance(question, atlas, report=progress)
    if pictures is not None:
        from kulan.assessment.connectivity.pictures import draw_resistance

        answer = draw_resistance(answer, pictures)
    tell_files(answer, write_answer(out, answer, replace=options["replace"]))


def _combination(options: dict[str, Any]) -> "Combination":
    from kulan.assessment.connectivity.combination import Combination, read_judgements

    weights, ratio = _named_numbers(options["weights"]), None
    if options["judgements"] is not None:
        if weights:
            raise click.UsageError("Give --weight or --judgements, not both.")
        weights, ratio = read_judgements(options["judgements"])
    return Combination(
        options["combine"],
        weights,
        options["rank_weights"],
        options["weight_concentration"],
        ratio,
    )


def _named_numbers(given: tuple[str, ...]) -> dict[str, float]:
    numbers = {}
    for text in given:
        name, equals, number = text.partition("=")
        try:
            numbers[name.strip()] = float(number)
        except ValueError:
            equals = ""
        if not equals:
            raise click.BadParameter(f"{text!r} is not NAME=NUMBER.", param_hint="--weight")
    return numbers


def _named_paths(given: tuple[str, ...]) -> dict[str, Path]:
    paths = {}
    for text in given:
        name, equals, file = text.partition("=")
        if not equals or not file:
            raise click.BadParameter(f"{text!r} is not NAME=FILE.", param_hint="--layer")
        paths[name.strip()] = Path(file)
    return paths


@resistance.command()
@click.argument("species", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="table is for reading; csv and json are for other programs.",
)
def profiles(species: str | None, form: str) -> None:
    """List the species that have a profile, or show all rows of one SPECIES with their sources.

    \b
    Example:
      kulan resistance profiles
      kulan resistance profiles khulan --format csv
    """
    from kulan.cli.tables import print_table
    from kulan.connectivity.resistance.profiles import profile_of, resistance_profiles

    rows = resistance_profiles()
    if species is not None:
        profile_of(species)  # refuses an unknown name, and names the known ones
        print_table(rows[rows["species_id"] == species].drop(columns="species_id"), form)
        return
    listed = rows.groupby("species_id", as_index=False).agg(
        layers=("layer", lambda names: tuple(dict.fromkeys(names))),
        seasons=("season", lambda names: tuple(dict.fromkeys(names))),
        rows=("value", "size"),
    )
    print_table(listed, form)
