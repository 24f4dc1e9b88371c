"""A straight barrier with a planted crossing probability, put into tracks that know none."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidTableError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StraightBarrier:
    """A straight line in segments, and what it lets through.

    Attributes
    ----------
    start_m, end_m
        Its ends, m. Tracks should not reach them: beyond its ends the line is taken to go on.
    zone_m
        Half width of the zone in which fixes make an encounter, m.
    probability
        For each segment, the mean probability over animals that an encounter ends in a crossing.
    alike
        How much alike encounters of one animal at one segment are: 0 for not at all, 1 for always
        the same.
    """

    start_m: tuple[float, float]
    end_m: tuple[float, float]
    zone_m: float
    probability: tuple[float, ...]
    alike: float = 0.0

    def __post_init__(self) -> None:
        shares = np.asarray(self.probability, dtype=float)
        if not len(shares) or not ((shares >= 0) & (shares <= 1)).all():
            raise InvalidTableError(
                f"crossing probabilities are {self.probability}; each segment needs one, 0 to 1."
            )
        if not (self.zone_m > 0 and 0 <= self.alike < 1 and self.start_m != self.end_m):
            raise InvalidTableError(
                f"barrier with a zone of {self.zone_m:g} m and likeness {self.alike:g}: the zone "
                "must be wider than 0, likeness from 0 to below 1, and its ends apart."
            )

    @property
    def shapes(self) -> list[shapely.LineString]:
        """The segments as lines, from start to end."""
        share = np.linspace(0, 1, len(self.probability) + 1)[:, None]
        points = np.asarray(self.start_m) * (1 - share) + np.asarray(self.end_m) * share
        return [shapely.LineString(points[k : k + 2]) for k in range(len(self.probability))]

    def drawn(self, rng: np.random.Generator) -> Floats:
        """Draw one animal's probability at each segment."""
        mean = np.asarray(self.probability, dtype=float)
        if self.alike == 0:
            return mean
        size = (1 - self.alike) / self.alike
        inner = np.clip(mean, 1e-12, 1 - 1e-12)
        own = rng.beta(inner * size, (1 - inner) * size)
        drawn: Floats = np.where((mean > 0) & (mean < 1), own, mean)
        return drawn


def put_barrier(
    positions_m: Floats, barrier: StraightBarrier, rng: np.random.Generator
) -> tuple[Floats, pd.DataFrame]:
    """Make of a track in open land one that meets a barrier.

    The track is folded onto one side of the line, and each encounter (an unbroken run of fixes in
    the zone) ends on the other side with the animal's probability: from its nearest fix on, the
    track is mirrored. Distances from the line, and all that does not depend on the side, stay as
    they were. Animals do not cross without an encounter.

    Parameters
    ----------
    positions_m
        The track, shape (n, 2), m.
    barrier
        The line.
    rng
        Source of chance.

    Returns
    -------
    ndarray
        The track with the barrier, shape (n, 2).
    DataFrame
        One row for each encounter: `first_fix`, `last_fix`, `segment` (number, from 0), `crossed`.

    Examples
    --------
    >>> line = StraightBarrier((0.0, -9e3), (0.0, 9e3), 100.0, (0.0,))
    >>> there_and_on = np.array([[-900.0, 0.0], [-50.0, 0.0], [900.0, 0.0]])
    >>> track, met = put_barrier(there_and_on, line, np.random.default_rng(1))
    >>> track[:, 0].tolist(), met["crossed"].tolist()
    ([-900.0, -50.0, -900.0], [False])
    """
    start = np.asarray(barrier.start_m)
    along = np.asarray(barrier.end_m) - start
    length_m = float(np.hypot(*along))
    along = along / length_m
    across = np.array([-along[1], along[0]])
    relative = positions_m - start
    distance, place = relative @ across, relative @ along
    own = barrier.drawn(rng)
    first, last = _runs(np.abs(distance) <= barrier.zone_m)
    nearest = np.array(
        [a + int(np.abs(distance[a : b + 1]).argmin()) for a, b in zip(first, last, strict=True)],
        dtype=np.int64,
    )
    share = place[nearest] / length_m
    segment = np.clip((share * len(own)).astype(np.int64), 0, len(own) - 1)
    crossed = rng.random(len(first)) < own[segment]
    turns = np.zeros(len(distance), dtype=np.int64)
    after = np.minimum(nearest + 1, len(distance) - 1)
    np.add.at(turns, after[crossed & (nearest + 1 < len(distance))], 1)
    began = -1.0 if distance[0] < 0 else 1.0
    side = began * np.where(np.cumsum(turns) % 2 == 0, 1.0, -1.0)
    folded = start + place[:, None] * along + (side * np.abs(distance))[:, None] * across
    met = pd.DataFrame(
        {"first_fix": first, "last_fix": last, "segment": segment, "crossed": crossed}
    )
    return folded, met


def _runs(inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    edges = np.diff(np.concatenate([[0], inside.astype(np.int8), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
