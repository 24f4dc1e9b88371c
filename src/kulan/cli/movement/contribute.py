"""`kulan movement contribute`: an answer as a layer for the Atlas, no finer than allowed."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.movement.options import folder_options, tell_answer, tell_notes

_LEVELS = {"exact": 0, "0.001": 1, "0.01": 2, "0.1": 3, "1": 4}


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--layer", metavar="NAME", help="Layer of the answer.  [default: the only one]")
@click.option(
    "--precision",
    type=click.Choice(list(_LEVELS)),
    required=True,
    help="Finest cells, degrees, in which shapes leave: 0.1 is about 10 km; or exact.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="COLUMN",
    help="Column that everyone may read; may be given several times.  [default: none]",
)
@click.option(
    "--fewest",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Fewest animals in one place that are shown; rows, where the layer tells no animals.",
)
@click.option(
    "--species-id", default="", metavar="NAME", help="Species, as in `kulan programme species`."
)
@folder_options
def contribute(folder: Path, out: Path, **options: Any) -> None:
    """Make a layer for the Atlas from the answer in DIR, no finer than its owner allows.

    Shapes become cells of the precision, times that are kept days, months or years as that
    precision allows, and columns that are not kept stay behind; the file holds nothing finer. OUT
    then holds features.gpkg, to be uploaded as a layer, and result.json with the recipe of the
    answer. What stayed behind is told here and nowhere else.

    \b
    Example:
      kulan movement corridor fixes.parquet --error-m 20 --out corridors
      kulan movement contribute corridors --layer corridors --precision 0.1 --keep use --out shared
    """
    from kulan.assessment.movement.contributions import ContributionAsked, contribution_of
    from kulan.assessment.movement.folders import check_place
    from kulan.atlas.precision import Precision

    check_place(out, replace=options["replace"])
    asked = ContributionAsked(
        options["layer"],
        Precision(_LEVELS[options["precision"]]),
        tuple(options["keep"]),
        options["fewest"],
        options["species_id"],
    )
    answer, account = contribution_of(folder, asked)
    tell_notes(account)
    tell_answer(answer, out, options)
