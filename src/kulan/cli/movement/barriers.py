"""`kulan movement barriers`: what animals do at railways, roads and fences."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.movement.options import (
    barriers_crs_option,
    fixes_argument,
    like_option,
    out_options,
    read_in_one_plane_of,
    tell_answer,
    together,
    tracks_options,
)
from kulan.cli.state import state_option

if TYPE_CHECKING:
    from kulan.assessment.movement.barrier_lines import LinesRead
    from kulan.assessment.movement.barriers import BarrierQuestion

_ABOVE_ZERO = click.FloatRange(min=0, min_open=True)

_line_options = together(
    click.option(
        "--barriers",
        multiple=True,
        required=True,
        metavar="FILE|atlas",
        help="Lines: a file, or `atlas` for the lines of the Atlas. May be given several times.",
    ),
    barriers_crs_option,
    click.option(
        "--id-column",
        metavar="NAME",
        help="Column that names barriers.  [default: barrier_id, id or name]",
    ),
    click.option(
        "--segment-km",
        type=_ABOVE_ZERO,
        help="Cut lines into segments of at most so many km.  [default: as they are]",
    ),
    click.option("--release", help="Release of the Atlas.  [default: the one in use]"),
    state_option,
)

_behaviour_options = together(
    click.option(
        "--distance",
        "distance_m",
        type=_ABOVE_ZERO,
        required=True,
        help="Fixes within so many metres of a line are at it.",
    ),
    click.option(
        "--interval-h",
        type=_ABOVE_ZERO,
        help="Hours between fixes.  [default: the commonest of each track]",
    ),
    click.option(
        "--b-time",
        "b_time_h",
        type=_ABOVE_ZERO,
        default=4.0,
        show_default=True,
        help="Hours an encounter may last to be a bounce or a quick cross.",
    ),
    click.option(
        "--p-time",
        "p_time_h",
        type=_ABOVE_ZERO,
        default=36.0,
        show_default=True,
        help="Hours after which an animal is trapped.",
    ),
    click.option(
        "--window",
        "window_h",
        type=_ABOVE_ZERO,
        default=168.0,
        show_default=True,
        help="Hours around an encounter from which typical movement is taken.",
    ),
    click.option(
        "--tolerance",
        "tolerance_h",
        type=click.FloatRange(min=0),
        default=0.0,
        show_default=True,
        help="Hours an animal may be seen away from the line within one encounter.",
    ),
    click.option(
        "--max-cross",
        "max_crossings",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="With more crossings, back-and-forth and trace are unknown.",
    ),
    click.option(
        "--sd-multiplier",
        type=_ABOVE_ZERO,
        default=1.0,
        show_default=True,
        help="Standard deviations of straightness beyond which movement is unusual.",
    ),
    click.option(
        "--exclude-zone", is_flag=True, help="Leave fixes at lines out of what is typical."
    ),
    click.option(
        "--missing-fixes",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        help="Missing fixes in a row over which an encounter, and a step, is still believed.",
    ),
)


@click.command()
@fixes_argument
@_line_options
@_behaviour_options
@click.option(
    "--null",
    type=click.Choice(["model", "brownian", "none"]),
    default="model",
    show_default=True,
    help="Weigh crossings against each animal's fitted model, against Brownian motion, or not.",
)
@click.option(
    "--changed",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day on which the barrier changed, from its midnight in UTC: encounters before and after "
    "are compared.",
)
@click.option(
    "--stretch-km",
    type=_ABOVE_ZERO,
    default=1.0,
    show_default=True,
    help="Length of stretches in which crossings are counted.",
)
@click.option(
    "--reach-km",
    type=_ABOVE_ZERO,
    default=5.0,
    show_default=True,
    help="How far from lines an effect on speed is looked for.",
)
@click.option(
    "--sweep",
    "sweep_m",
    multiple=True,
    type=_ABOVE_ZERO,
    metavar="METRES",
    help="Count encounters at this distance too. May be given several times.",
)
@click.option(
    "--paths",
    type=click.IntRange(10, 10_000),
    default=100,
    show_default=True,
    help="Paths without the line that are drawn for each encounter.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the drawing."
)
@tracks_options
@like_option("BaBA")
@out_options
def barriers(fixes: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Tell what animals do at barriers from FIXES, and how much barriers let through.

    Encounters are classified by Barrier Behavior Analysis (Xu et al. 2021): quick cross, average
    movement, bounce, back and forth, trace, trapped, unknown. Crossing probabilities are estimated
    by animal and segment, with limits that hold where nobody crossed, and weighed against what the
    animal's own movement would make of the same encounters without the line.

    OUT then holds encounters.csv, permeability.csv (all, by species, season, day and night),
    segments.csv, by_species_and_time.csv (barriers and segments within species, season, day and
    night), places.csv (where crossings concentrate), barrier_permeabilities.csv (for `kulan
    connectivity --permeabilities`, by species and season), features.gpkg and result.json;
    with --plot, tracks.png, encounters.png and permeability.png.

    \b
    Example:
      kulan movement barriers fixes.parquet --barriers rail.gpkg --distance 300 --segment-km 10 \\
        --plot --out rail
      kulan movement barriers deer.csv --crs EPSG:32612 --zone UTC --barriers fences.gpkg \\
        --distance 110 --like BaBA --null none --out baba
    """
    from kulan.assessment.movement.barriers import answer_of, find_at_barriers
    from kulan.assessment.movement.folders import check_place

    check_place(out, replace=options["replace"])
    lines = _lines(options)
    read = read_in_one_plane_of(fixes, options)
    question = _question(options)
    found = find_at_barriers(read, lines, question)
    answer = answer_of(read, lines, question, found)
    if options["plot"]:
        from kulan.assessment.movement.barrier_pictures import draw_barriers
        from kulan.assessment.movement.track_maps import with_track_map

        language = options["language"]
        answer = draw_barriers(answer, found, language)
        answer = with_track_map(answer, read.fixes, language, list(lines.table.geometry))
    row = found.overall.iloc[0]
    click.echo(
        f"{len(found.met)} encounters of {len(found.tracks)} animals; crossing probability "
        f"{row['probability']:.2f} ({row['probability_low']:.2f} to {row['probability_high']:.2f})."
    )
    tell_answer(answer, out, options)


def _lines(options: dict[str, Any]) -> "LinesRead":
    from kulan.assessment.movement.barrier_lines import read_lines
    from kulan.cli.connectivity.options import release_of

    asked = "atlas" in options["barriers"]
    return read_lines(
        options["barriers"],
        id_column=options["id_column"],
        crs=options["barriers_crs"],
        release=release_of(options["state"], options["release"]) if asked else None,
        on=datetime.now(UTC).date(),
    )


def _question(options: dict[str, Any]) -> "BarrierQuestion":
    from kulan.assessment.movement.barriers import BarrierQuestion
    from kulan.movement.barriers.behaviour import BehaviourSettings

    names = (
        "distance_m", "interval_h", "b_time_h", "p_time_h", "window_h", "tolerance_h",
        "max_crossings", "sd_multiplier", "exclude_zone", "missing_fixes",
    )  # fmt: skip
    changed: datetime | None = options["changed"]
    longest_km = options["segment_km"]
    return BarrierQuestion(
        BehaviourSettings(**{name: options[name] for name in names}),
        options["like"],
        options["null"],
        None if changed is None else changed.replace(tzinfo=UTC).timestamp(),
        None if longest_km is None else 1000.0 * longest_km,
        1000.0 * options["stretch_km"],
        1000.0 * options["reach_km"],
        options["sweep_m"],
        options["paths"],
        seed=options["seed"],
    )
