"""Options that several commands of connectivity share, and how they are read."""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.progress import progress_bar
from kulan.cli.state import state_option
from kulan.errors import MissingExtraError
from kulan.words import LANGUAGES

if TYPE_CHECKING:
    from kulan.assessment.connectivity.barriers import BarrierLines
    from kulan.assessment.connectivity.folders import Answer
    from kulan.assessment.connectivity.landscapes import Landscape
    from kulan.assessment.connectivity.picture_settings import PictureSetting
    from kulan.assessment.connectivity.running import Running
    from kulan.atlas import Release

Command = Callable[..., Any]
# of files whose names differ by a number alone; fewer are named one by one
_LEAST_SERIES = 4


def _together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Make one decorator of several options; they are shown in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


folder_options = _together(
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        required=True,
        help="Folder to write; it appears when everything is done, or not at all.",
    ),
    click.option("--replace", is_flag=True, help="Replace an earlier answer there."),
)

out_options = _together(
    folder_options,
    click.option(
        "--plot",
        is_flag=True,
        help="Draw the maps and charts too, as PNG; with state borders, where the state folder "
        "holds an Atlas.",
    ),
    click.option(
        "--lang",
        "language",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help="Language of the pictures only; files and notes stay English.",
    ),
)

sites_option = click.option(
    "--sites",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="File of points or areas, with a column `name`; rows of one name are one site.",
)

landscape_options = _together(
    click.option(
        "--neighbours",
        type=click.Choice(["4", "8"]),
        default="8",
        show_default=True,
        help="Cells that share an edge are linked, or those that touch in a corner too.",
    ),
    click.option(
        "--mean",
        type=click.Choice(["conductance", "resistance"]),
        default="conductance",
        show_default=True,
        help="What a link between two cells averages.",
    ),
    click.option("--species", help="Whose resistance it is.  [default: what the file says]"),
    click.option("--season", help="In which season.  [default: what the file says]"),
)


def barrier_options_named(
    name: str, what: str, *, required: bool = False
) -> Callable[[Command], Command]:
    """Return an option for lines of barriers, and those that say how they are taken."""
    return _together(
        click.option(
            f"--{name}",
            name,
            multiple=True,
            required=required,
            metavar="FILE|atlas",
            help=f"{what}: a file of lines, or `atlas` for the lines of the Atlas. Columns: "
            "barrier_id, segment_id, barrier_type, fenced, permeability. May be given several "
            "times.",
        ),
        click.option(
            "--permeabilities",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="CSV of what was measured: barrier_id, segment_id, species_id, season, "
            "permeability (0 closed, 1 no barrier), source.",
        ),
        click.option(
            "--close-gaps",
            "close_gaps_km",
            type=click.FloatRange(0, 100),
            default=0.0,
            help="Close holes between the lines of one barrier up to so many km wide.  "
            "[default: none; holes up to 25 km are told]",
        ),
        click.option(
            "--way-km",
            type=click.FloatRange(0, 1000),
            default=0.0,
            help="Length of the way of which a barrier leaves its permeability, such as a day's "
            "movement: it then hinders the same however large cells are.  [default: a cell's "
            "side]",
        ),
        click.option(
            "--planned", is_flag=True, help="Take lines of the Atlas that are not yet built too."
        ),
        click.option(
            "--on",
            type=click.DateTime(["%Y-%m-%d"]),
            help="Day on which lines of the Atlas stand.  [default: today]",
        ),
        click.option("--release", help="Release of the Atlas.  [default: the one in use]"),
        state_option,
    )


barrier_options = barrier_options_named("barriers", "Lines that cut the landscape")


def running_options_to(
    tolerance: str, *, workers: bool = True, keep: bool = True, device: bool = True
) -> Callable[[Command], Command]:
    """Return the options of long runs, without those that a command could not heed.

    Parameters
    ----------
    tolerance
        What to call the tolerance where none is given.
    workers
        Whether work can be shared out.
    keep
        Whether a run that was stopped goes on from what it kept.
    device
        Whether a graphics card can solve it.
    """
    options: list[Callable[[Command], Command]] = [
        click.option(
            "--tolerance",
            type=click.FloatRange(1e-12, 1e-2),
            help=f"Share of the current that may stay unbalanced.  [default: {tolerance}]",
        )
    ]
    if workers:
        options.append(_workers_options)
    if keep:
        options.append(_keep_option)
    options.append(_memory_option)
    if device:
        options.append(_device_option)
    return _together(*options)


_workers_options = _together(
    click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        default=1,
        show_default=True,
        help="How many work side by side; the answer is the same.",
    ),
    click.option(
        "--processes",
        is_flag=True,
        help="Let the workers be processes of their own rather than threads.",
    ),
    click.option(
        "--cluster",
        envvar="KULAN_EXECUTOR",
        metavar="tcp://HOST:PORT",
        help="Scheduler of a Dask cluster whose workers do the work; also KULAN_EXECUTOR.",
    ),
)

_keep_option = click.option(
    "--keep",
    "kept_in",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder where finished pieces are kept: a run that was stopped goes on from there.",
)

_memory_option = click.option(
    "--memory-gb",
    type=click.FloatRange(min=0, min_open=True),
    help="A run that is estimated to need more is refused before it begins.  [default: what is "
    "free]",
)

_device_option = click.option(
    "--device",
    type=click.Choice(["cpu", "gpu"]),
    default="cpu",
    show_default=True,
    help="What solves large circuits; gpu needs an NVIDIA card and the extra kulan[gpu].",
)

running_options = running_options_to("1e-6")


def read_landscape_asked(path: Path, options: dict[str, Any]) -> "Landscape":
    """Read the landscape as the options say."""
    from kulan.assessment.connectivity.landscapes import read_landscape

    landscape = read_landscape(
        path, neighbours=8 if options["neighbours"] == "8" else 4, mean=options["mean"]
    )
    return replace(
        landscape,
        species_id=options["species"] or landscape.species_id,
        season=options["season"] or landscape.season,
    )


def read_barriers_asked(
    landscape: "Landscape", options: dict[str, Any], name: str = "barriers"
) -> "BarrierLines":
    """Read the barriers as the options say; the Atlas is opened only where it is asked for."""
    from kulan.assessment.connectivity.barriers import ATLAS, read_barriers

    asked = options[name]
    on: datetime | None = options["on"]
    return read_barriers(
        asked,
        landscape.frame,
        release=release_of(options["state"], options["release"]) if ATLAS in asked else None,
        on=(on or datetime.now(UTC)).date(),
        planned=options["planned"],
        species_id=landscape.species_id,
        season=landscape.season,
        permeabilities=options["permeabilities"],
        close_gaps_km=options["close_gaps_km"],
        way_km=options["way_km"],
    )


@contextmanager
def running_asked(options: dict[str, Any], title: str) -> Iterator["Running"]:
    """Set up solver, workers and progress bar as the options say, and end them after the block."""
    from kulan.assessment.connectivity.running import Running
    from kulan.connectivity.circuits.solving import Solving

    solving = Solving(device=options.get("device", "cpu"))
    if options["tolerance"] is not None:
        solving = replace(solving, tolerance=options["tolerance"])
    if options["memory_gb"] is not None:
        solving = replace(solving, most_memory_bytes=int(options["memory_gb"] * 1e9))
    with ExitStack() as stack:
        executor = _executor_asked(options, stack)
        progress = stack.enter_context(progress_bar(title))
        running = Running(solving, executor, options.get("kept_in"))
        yield running if progress is None else replace(running, report=progress)


def _executor_asked(options: dict[str, Any], stack: ExitStack) -> Executor | None:
    """Start the workers that are asked for, if any may be; they end with the stack."""
    if options.get("cluster"):
        return cluster_workers(options["cluster"], stack)
    if options.get("workers", 1) == 1:
        if options.get("processes"):
            raise click.UsageError("--processes needs --workers of 2 or more.")
        return None
    kind = ProcessPoolExecutor if options["processes"] else ThreadPoolExecutor
    return stack.enter_context(kind(options["workers"]))


def cluster_workers(address: str, stack: ExitStack) -> Executor:
    """Return the workers of a Dask cluster; they are left with the stack."""
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtraError(
            "--cluster needs the package distributed. Install it: pip install 'kulan[cluster]'."
        ) from None
    try:
        client = stack.enter_context(Client(address, timeout=10))  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as problem:
        raise click.BadParameter(
            f"{address}: no scheduler of a Dask cluster answers there ({problem}). Start one: "
            "dask scheduler --port 8786, and workers: dask worker tcp://HOST:8786.",
            param_hint="--cluster",
        ) from problem
    executor: Executor = client.get_executor()
    return executor


def pictures_asked(options: dict[str, Any]) -> "PictureSetting | None":
    """Return how pictures are drawn, None without --plot; no Atlas is built for their borders."""
    if not options["plot"]:
        return None
    from kulan.assessment.connectivity.picture_settings import picture_setting
    from kulan.atlas import open_release, release_ids

    held = release_ids(options["state"])
    release = open_release(options["state"], options["release"]) if held else None
    return picture_setting(options["language"], release)


def release_of(state: Path, release_id: str | None) -> "Release":
    """Open the Atlas; a state folder without one gets the starter Atlas first, and says so."""
    from kulan.atlas import build_starter, open_release, release_ids

    if release_id is None and not release_ids(state):
        click.echo(f"No Atlas in {state} yet: building the starter Atlas.", err=True)
        with progress_bar("Starter Atlas") as progress:
            return build_starter(state, progress=progress).release
    return open_release(state, release_id)


def tell_files(answer: "Answer", files: Sequence[Path]) -> None:
    """End a command: what a careful reader must know, then the files."""
    from kulan.exchange.geoparquet_out import notes_on_layers

    notes = [*answer.notes, *notes_on_layers(answer.features)]
    for note in notes:
        click.echo(f"Note: {note}")
    if notes:
        click.echo("")
    for line in shown_files(files):
        click.echo(line)


def shown_files(files: Sequence[Path]) -> list[str]:
    """Name files one by one; of a numbered series, the first and how many follow.

    Examples
    --------
    >>> shown_files([Path("out/a.tif"), *(Path(f"out/member_{k:02d}.tif") for k in (1, 2, 3, 4))])
    ['out/a.tif', 'out/member_01.tif ... and 3 more to member_04.tif']
    """
    lines: list[str] = []
    series: dict[str, list[Path]] = {}
    for file in files:
        series.setdefault(re.sub(r"\d+", "#", file.name), []).append(file)
    for same in series.values():
        if len(same) < _LEAST_SERIES:
            lines += [str(file) for file in same]
        else:
            lines.append(f"{same[0]} ... and {len(same) - 1} more to {same[-1].name}")
    return lines
