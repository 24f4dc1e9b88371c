"""Options that several commands of movement share, and how they are read."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kulan.cli.connectivity.options import cluster_workers, shown_files
from kulan.words import LANGUAGES

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from kulan.assessment.movement.folders import MovementAnswer
    from kulan.assessment.movement.reading import FixesAsked, FixesRead, TracksRead

Command = Callable[..., Any]
Read = TypeVar("Read", bound="FixesRead")
# where a run keeps what it noted of the files, should it be refused later on
NOTES = "kulan.movement.notes"


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Make one decorator of several options; they are shown in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


fixes_argument = click.argument(
    "fixes", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)

replace_option = click.option("--replace", is_flag=True, help="Replace an earlier answer there.")

folder_options = together(
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        required=True,
        help="Folder to write; it appears when everything is done, or not at all.",
    ),
    replace_option,
)

plot_options = together(
    click.option("--plot", is_flag=True, help="Draw the pictures too, as PNG."),
    click.option(
        "--lang",
        "language",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help="Language of the pictures only; files and notes stay English.",
    ),
)

out_options = together(folder_options, plot_options)

# what a user vouches for, where a file of telemetry does not say it
telemetry_options = together(
    click.option(
        "--zone",
        metavar="ZONE",
        help="Time zone of times that have none: UTC, Asia/Ulaanbaatar, +08:00.",
    ),
    click.option(
        "--crs",
        metavar="SYSTEM",
        help="System of coordinates that do not say it: EPSG:4326 for longitude and latitude, "
        "EPSG:32648, or `local` for metres without a place on Earth.",
    ),
    click.option(
        "--time-format",
        metavar="FORM",
        help="How times are written where not as ISO 8601: '%d.%m.%Y %H:%M', unix_s, unix_ms.",
    ),
    click.option(
        "--elapsed",
        is_flag=True,
        help="Times are seconds from an unknown origin: they have no day and no season.",
    ),
    click.option(
        "--step-seconds",
        type=click.FloatRange(min=0, min_open=True),
        help="Rows have no times and are evenly spaced, by so many seconds.",
    ),
    click.option(
        "--mapping",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File (TOML) that declares what the columns of a table hold.",
    ),
    click.option("--animal", metavar="NAME", help="Whose fixes they are, where no column says it."),
    click.option("--species", metavar="NAME", help="Species of the animals, where no column does."),
    click.option("--layer-name", metavar="NAME", help="Layer of a file that has several."),
    click.option(
        "--swap-axes", is_flag=True, help="The two coordinates stand in each other's columns."
    ),
)

tracks_options = together(
    click.option(
        "--only",
        "animals",
        multiple=True,
        metavar="ANIMAL",
        help="Take this animal only; may be given several times.  [default: all]",
    ),
    click.option(
        "--plane",
        metavar="SYSTEM",
        help="Projected system in metres in which tracks are analysed.  [default: that of the "
        "file if it is one, else an equal-area one centred on each animal]",
    ),
    telemetry_options,
)


def interval_options(
    takes: str, within: str, *, required: bool = True
) -> Callable[[Command], Command]:
    """Return the options of the time between fixes, and by how much it may differ.

    Parameters
    ----------
    takes, within
        What each of them means for the command.
    required
        Whether the command always needs the time.
    """
    return together(
        click.option(
            "--every-hours",
            type=click.FloatRange(min=0, min_open=True),
            required=required,
            help=f"Time between fixes{takes}",
        ),
        click.option(
            "--within-hours",
            type=click.FloatRange(min=0),
            help=f"{within}  [default: a tenth of --every-hours]",
        ),
    )


def interval_asked(options: dict[str, Any]) -> tuple[float, float | None]:
    """Return the time between fixes and by how much it may differ, s; None for a tenth."""
    within = options["within_hours"]
    return options["every_hours"] * 3600.0, None if within is None else within * 3600.0


def covariate_option(meaning: str) -> Callable[[Command], Command]:
    """Return the option of rasters that explain something; `meaning` says how they are read."""
    return click.option(
        "--covariate",
        "covariates",
        metavar="NAME=FILE",
        multiple=True,
        help=f"{meaning}; may be given several times.",
    )


def seed_option(meaning: str) -> Callable[[Command], Command]:
    """Return the option of the seed of random numbers; `meaning` says of which."""
    return click.option(
        "--seed", type=click.IntRange(min=0), default=0, show_default=True, help=meaning
    )


barriers_crs_option = click.option(
    "--barriers-crs",
    metavar="SYSTEM",
    help="System of lines in files that do not say it; `local` for lines in the very same local "
    "metres as the fixes.",
)


def like_option(*programs: str) -> Callable[[Command], Command]:
    """Return the option to follow another program's defaults where they differ from ours."""
    return click.option(
        "--like",
        type=click.Choice(programs),
        help="Follow this program where its defaults are other than ours.",
    )


workers_option = together(
    click.option(
        "--workers",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help="Processes that animals are shared out to; the files are the same.",
    ),
    click.option(
        "--cluster",
        envvar="KULAN_EXECUTOR",
        metavar="tcp://HOST:PORT",
        help="Scheduler of a Dask cluster whose workers do the work; also KULAN_EXECUTOR.",
    ),
)


@contextmanager
def workers_of(options: dict[str, Any]) -> "Iterator[Executor | None]":
    """Yield the processes that animals are shared out to; None for this one alone."""
    if options["cluster"]:
        with ExitStack() as stack:
            yield cluster_workers(options["cluster"], stack)
        return
    if options["workers"] == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(options["workers"], mp_context=get_context("spawn")) as pool:
        yield pool


def fixes_asked(options: dict[str, Any]) -> "FixesAsked":
    """Return what the options say of the fixes that are wanted."""
    from kulan.assessment.movement.reading import FixesAsked, telemetry_asked
    from kulan.movement.planes import Plane

    telemetry = telemetry_asked(
        options["mapping"],
        zone=options["zone"],
        crs=options["crs"],
        time_format=options["time_format"],
        elapsed=options["elapsed"] or None,
        step_s=options["step_seconds"],
        animal=options["animal"],
        species=options["species"],
        layer=options["layer_name"],
        swap_axes=options["swap_axes"] or None,
    )
    plane = options.get("plane")
    return FixesAsked(
        telemetry,
        options.get("animals", ()),
        Plane(plane) if plane else None,
        options.get("calibration"),
    )


def read_fixes_of(fixes: tuple[Path, ...], options: dict[str, Any]) -> "FixesRead":
    """Read fixes as the options say."""
    from kulan.assessment.movement.reading import read_fixes_asked

    return _kept(read_fixes_asked(fixes, fixes_asked(options)))


def read_tracks_of(fixes: tuple[Path, ...], options: dict[str, Any]) -> "TracksRead":
    """Read tracks as the options say."""
    from kulan.assessment.movement.reading import read_tracks

    return _kept(read_tracks(fixes, fixes_asked(options)))


def read_in_one_plane_of(fixes: tuple[Path, ...], options: dict[str, Any]) -> "TracksRead":
    """Read tracks as the options say, all in one plane."""
    from kulan.assessment.movement.shared_plane import read_tracks_in_one_plane

    return _kept(read_tracks_in_one_plane(fixes, fixes_asked(options)))


def _kept(read: Read) -> Read:
    """Keep what was noted of the files for the case that nothing comes of them."""
    click.get_current_context().meta[NOTES] = read.notes
    return read


def tell_answer(answer: "MovementAnswer", out: Path, options: dict[str, Any]) -> None:
    """Write an answer, and end a command: what a careful reader must know, then the files."""
    from kulan.assessment.movement.folders import write_answer
    from kulan.exchange.geoparquet_out import notes_on_layers

    files = write_answer(out, answer, replace=options["replace"])
    tell_notes([*answer.notes, *notes_on_layers(answer.features)])
    for line in shown_files(files):
        click.echo(line)


def tell_notes(notes: Any) -> None:
    """Say what a careful reader must know."""
    for note in notes:
        click.echo(f"Note: {note}")
    if notes:
        click.echo("")
