"""`kulan screen`: from the alignment of a planned line to a report a regulator can read."""

from pathlib import Path
from typing import Any

import click

from kulan.assessment import (
    Told,
    answer_question,
    check_place,
    parse_layer,
    read_question,
    write_dossier,
)
from kulan.atlas import Release, build_starter, open_release, release_ids
from kulan.cli.days import asked_day
from kulan.cli.progress import progress_bar
from kulan.cli.state import state_option
from kulan.report import headline_lines
from kulan.screening import Attributes
from kulan.vocabulary import BARRIER_STATUSES, BARRIER_TYPES, FENCE_TYPES
from kulan.words import LANGUAGES, words_in


@click.command()
@click.argument("lines", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--type", "barrier_type", type=click.Choice(BARRIER_TYPES), help="What is planned.")
@click.option(
    "--status",
    type=click.Choice(BARRIER_STATUSES),
    help="How far it has come.  [default: planned]",
)
@click.option("--fenced/--not-fenced", default=None, help="Whether fences stand along it.")
@click.option("--fence-type", type=click.Choice(FENCE_TYPES), help="What the fence is made of.")
@click.option("--fence-height-m", type=click.FloatRange(0, 20), help="Height of the fence, m.")
@click.option("--traffic-per-day", type=click.FloatRange(0), help="Trains or vehicles in a day.")
@click.option("--gauge-mm", type=click.FloatRange(500, 3000), help="Gauge of a railway, mm.")
@click.option("--right-of-way-m", type=click.FloatRange(0, 10_000), help="Width it takes, m.")
@click.option(
    "--structures",
    type=click.Path(path_type=Path),
    help="File of points: planned crossing structures.",
)
@click.option(
    "--structures-crs", help="CRS of the structures where their file declares none; else --crs."
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="PATH[,KEY=VALUE...]",
    help="A layer of your own; keys: kind (range, corridor, key_area, other), species, date, "
    "resolution_m, name, title, source, licence, crs, layer. May be given several times.",
)
@click.option("--crs", help="CRS of LINES where the file declares none, such as EPSG:32648.")
@click.option("--layer-name", help="Layer inside a file of LINES that holds several.")
@click.option("--swap-axes", is_flag=True, help="Coordinates stand as latitude, longitude.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day whose facts are asked for: treaties, standing barriers.  [default: today]",
)
@click.option(
    "--within-km",
    type=click.FloatRange(1, 500),
    default=50.0,
    show_default=True,
    help="How far around to look for borders, key areas and other barriers.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the report.",
)
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="Write report.pdf too.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write; it appears when everything is done, or not at all.",
)
@click.option("--replace", is_flag=True, help="Replace an earlier report in that folder.")
@click.option("--release", help="Release of the Atlas.  [default: the one in use]")
@state_option
def screen(lines: tuple[Path, ...], out: Path, state: Path, **options: Any) -> None:
    """Screen alternative lines, or areas, against the Atlas.

    LINES are files of lines or polygons. Several files, or a column `alternative`, make several
    alternatives. A file may say in its columns what the options say (type, status, fenced,
    fence_type, fence_height_m, traffic_per_day, gauge_mm, right_of_way_m); an option goes before
    the file.

    \b
    Example:
      kulan screen line.geojson --type railway --fenced --out report
      kulan screen north.kml south.kml --type road --lang ru --out report
      kulan screen mine.gpkg --type mine --layer ranges.gpkg,species=khulan,date=2021 --out report
    """
    words = words_in(options["lang"])
    check_place(out, replace=options["replace"])
    question = read_question(
        lines,
        told=_told(options),
        structures=options["structures"],
        structures_crs=options["structures_crs"],
        layers=[parse_layer(text) for text in options["layers"]],
        crs=options["crs"],
        layer_name=options["layer_name"],
        swap_axes=options["swap_axes"],
    )
    release = _release(state, options["release"])
    with progress_bar("Screening") as progress:
        answer = answer_question(
            question,
            release,
            on=asked_day(options["on"]),
            within_km=options["within_km"],
            progress=progress,
        )
    files = write_dossier(out, answer, words, pdf=options["pdf"], replace=options["replace"])
    for line in headline_lines(answer.screening, words):
        click.echo(line)
    click.echo("")
    for file in files:
        click.echo(str(file))


def _told(options: dict[str, Any]) -> Told:
    """Gather what the options say of every alternative."""
    names = (
        "fenced",
        "fence_type",
        "fence_height_m",
        "traffic_per_day",
        "gauge_mm",
        "right_of_way_m",
    )
    attributes = Attributes(**{name: options[name] for name in names})
    return Told(options["barrier_type"], options["status"], attributes)


def _release(state: Path, release_id: str | None) -> Release:
    """Open the Atlas; a state folder without one gets the starter Atlas first, and says so."""
    if release_id is None and not release_ids(state):
        click.echo(f"No Atlas in {state} yet: building the starter Atlas.", err=True)
        with progress_bar("Starter Atlas") as progress:
            return build_starter(state, progress=progress).release
    return open_release(state, release_id)
