"""What each animal uses on its migrations: bridges of its journeys, averaged by year and in all."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import NotEnoughDataError
from kulan.movement.bridges.occurrence import dynamic_brownian_bridge
from kulan.movement.bridges.variances import MARGIN, WINDOW
from kulan.movement.distributions import Distribution, PlaneFrame
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
Like = Literal["MigrationMapper"]


@dataclass(frozen=True)
class Journey:
    """When an animal was on one migration.

    Attributes
    ----------
    year, season
        Journeys of a year are averaged first; the season is a name.
    start_s, end_s
        On the clock of the track.
    """

    year: int
    season: str
    start_s: float
    end_s: float


@dataclass(frozen=True, eq=False)
class Traveller:
    """An animal with its journeys.

    Attributes
    ----------
    track
        All its fixes, in the plane of the frame.
    journeys
        In order of time.
    """

    track: Track
    journeys: tuple[Journey, ...]


@dataclass(frozen=True)
class BridgeSettings:
    """How journeys are bridged.

    Attributes
    ----------
    error_m
        Standard deviation of the location error along each axis, m; None for what tracks know.
    window, margin
        Of the dynamic bridge, in fixes.
    max_gap_s
        Longer ways are not bridged.
    level
        Share of its use within which an animal's footprint lies.
    like
        "MigrationMapper" takes densities at the centres of cells, and estimates the motion
        variance within each journey alone.
    """

    error_m: float | None = None
    window: int = WINDOW
    margin: int = MARGIN
    max_gap_s: float = 8 * 3600.0
    level: float = 0.99
    like: Like | None = None


@dataclass(frozen=True, eq=False)
class AnimalUse:
    """What one animal used while it migrated.

    Attributes
    ----------
    animal_id
        Whose it is.
    cells
        Numbers of the cells of its footprint, row by row, rising: the fewest cells that hold
        `level` of its use.
    share
        Share of its use in each of them; sums to one.
    journeys
        How many it is the mean of, over how many years.
    left_out
        Why journeys are not in it.
    inside
        Share of its use on these journeys that lies on the cells of the frame, the rest beyond
        their edge; NaN without a journey.
    """

    animal_id: str
    cells: NDArray[np.int64]
    share: Floats
    journeys: int
    years: int
    left_out: tuple[str, ...] = field(default=())
    inside: float = 1.0


def uses_of(
    travellers: Iterable[Traveller],
    frame: PlaneFrame,
    settings: BridgeSettings | None = None,
    *,
    executor: Executor | None = None,
) -> Iterator[AnimalUse]:
    """Yield the use of each animal, in the order they came.

    The use of a journey is its dynamic Brownian bridge; journeys of a year are averaged, and then
    the years, so that neither a busy year nor an animal tracked for long weighs more.

    Parameters
    ----------
    travellers
        Animals with their journeys.
    frame
        The cells, the same for all.
    settings
        How journeys are bridged.
    executor
        Where animals are worked on; None for one after another. The answer is the same.

    Yields
    ------
    AnimalUse
        Without cells where no journey could be bridged.

    Raises
    ------
    InvalidTableError
        If the location error is unknown.

    References
    ----------
    Sawyer, H., Kauffman, M. J., Nielson, R. M., Horne, J. S. (2009). Identifying and prioritizing
    ungulate migration routes for landscape-level conservation. Ecological Applications 19:
    2016-2025. Merkle, J. A. et al. (2022). Migration Mapper: identifying movement corridors and
    seasonal ranges for large mammal conservation. Methods in Ecology and Evolution 13: 2397-2403.
    """
    use = partial(animal_use, frame=frame, settings=settings or BridgeSettings())
    yield from map(use, travellers) if executor is None else executor.map(use, travellers)


@on_one_thread
def animal_use(traveller: Traveller, *, frame: PlaneFrame, settings: BridgeSettings) -> AnimalUse:
    """Return what one animal used, see `uses_of`."""
    by_year: dict[int, list[Floats]] = {}
    inside: dict[int, list[float]] = {}
    left_out = []
    for journey in traveller.journeys:
        try:
            used = _journey_use(traveller.track, journey, frame, settings)
        except NotEnoughDataError as reason:
            left_out.append(f"{journey.season} {journey.year}: {reason}")
            continue
        here = float(used.mass.sum())
        by_year.setdefault(journey.year, []).append(used.mass / max(here, 1e-300))
        inside.setdefault(journey.year, []).append(min(here, 1.0))
    count = sum(len(of_year) for of_year in by_year.values())
    name = traveller.track.animal_id
    if not count:
        empty = np.empty(0)
        return AnimalUse(name, empty.astype(np.int64), empty, 0, 0, tuple(left_out), np.nan)
    mean = sum(sum(of_year) / len(of_year) for of_year in by_year.values()) / len(by_year)
    whole = Distribution("occurrence", np.asarray(mean), frame, "dynamic_brownian_bridge")
    cells = np.flatnonzero(whole.cells_within(settings.level))
    share = whole.mass.ravel()[cells]
    years, on_map = len(by_year), float(np.mean([np.mean(one) for one in inside.values()]))
    return AnimalUse(name, cells, share / share.sum(), count, years, tuple(left_out), on_map)


def _journey_use(
    track: Track, journey: Journey, frame: PlaneFrame, settings: BridgeSettings
) -> Distribution:
    between = journey.start_s, journey.end_s
    if settings.like is not None:
        track = _within(track, *between)
    return dynamic_brownian_bridge(
        track,
        error_m=settings.error_m,
        window=settings.window,
        margin=settings.margin,
        max_gap_s=settings.max_gap_s,
        between_s=between,
        frame=frame,
        like=settings.like,
    )


def _within(track: Track, start_s: float, end_s: float) -> Track:
    here = (track.time_s >= start_s) & (track.time_s <= end_s)
    error = None if track.error_m2 is None else track.error_m2[here]
    rows = track.rows[here] if len(track.rows) else track.rows
    places = track.time_s[here], track.x_m[here], track.y_m[here]
    return Track(track.animal_id, *places, track.plane, track.clock, error, rows)


def used_animals(uses: Sequence[AnimalUse]) -> list[AnimalUse]:
    """Return the animals with a footprint, or say that there is none.

    Raises
    ------
    NotEnoughDataError
        If no journey of any animal could be bridged.
    """
    kept = [use for use in uses if len(use.cells)]
    if not kept:
        reasons = [reason for use in uses for reason in use.left_out][:3]
        raise NotEnoughDataError(
            f"no journey of {len(uses)} animals could be bridged. {' '.join(reasons)}"
        )
    return kept
