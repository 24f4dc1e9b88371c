r"""How many encounters would end in a crossing in a landscape without the line.

For each encounter the animal is let go on from its first fix at the line by its own movement model,
knowing the fixes up to there and nothing of what came after. The path ends at its first fix away
from the line, as an encounter does; the share of such paths that end on the other side is what is
expected without the line.

The models are Gaussian processes. Of a stationary one (IID, OU, OUF) with mean :math:`\mu`,
covariance :math:`\Sigma` and autocorrelation :math:`r`, the fixes to come given those past are
normal with the usual conditional mean and covariance. Of one without a home (Brownian motion, IOU)
with semivariance :math:`\gamma`, the displacements from the last fix have
:math:`\mathrm{Cov}(s, t) = \gamma(s) + \gamma(t) - \gamma(s - t)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.errors import NotEnoughDataError
from kulan.movement.barriers.behaviour import BehaviourSettings, interval_of
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.models.model import Model
from kulan.movement.models.processes import autocorrelation, semivariance
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.words import N_

Floats = NDArray[np.float64]
OfLag = Callable[[Floats], Floats]
_HOUR_S = 3600.0
_PAST = 8
_MOST_STEPS = 48
_BLOCK = 20_000


@dataclass(frozen=True)
class FreeMovement:
    """How an animal moves where no line is.

    Attributes
    ----------
    name
        What it is called in results, such as "OUF".
    of_lag
        Autocorrelation of positions by lag in s, or, without a home, semivariance in m².
    covariance_m2
        Of positions, (2, 2); for a movement without a home the unit matrix, or its shape.
    mean_m
        Middle of the range; None for a movement without a home.
    """

    name: str
    of_lag: OfLag
    covariance_m2: Floats
    mean_m: Floats | None = None


def modelled_movement(model: Model) -> FreeMovement:
    """Return the movement of a fitted model.

    Parameters
    ----------
    model
        A model of the animal, see `kulan.movement.models.selection.select`.

    Examples
    --------
    >>> from kulan.movement.models.fitting import fit
    >>> steps = np.random.default_rng(1).normal(0, 100, (60, 2))
    >>> track = Track("k1", np.arange(60) * 3600.0, steps[:, 0], steps[:, 1])
    >>> modelled_movement(fit(track, "IID")).of_lag(np.array([0.0, 9.0])).tolist()
    [1.0, 0.0]
    """
    process, memory = model.process, model.memory
    if process.has_range:
        return FreeMovement(
            model.name, partial(autocorrelation, process, memory), model.sigma_m2, model.mu_m
        )
    return FreeMovement(model.name, partial(semivariance, process, memory), model.sigma_m2)


def brownian_movement(track: Track, away: NDArray[np.bool_] | None = None) -> FreeMovement:
    """Return Brownian motion with a track's own variance: a stand-in for a fitted model.

    It knows neither that a movement goes on in its direction nor that an animal has a home.

    Parameters
    ----------
    track
        The track.
    away
        For each fix, whether it is away from barriers; steps between two such are used. None for
        all.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than ten steps.

    Examples
    --------
    >>> steps = np.random.default_rng(1).normal(0, 100, (500, 2)).cumsum(axis=0)
    >>> track = Track("k1", np.arange(500) * 3600.0, steps[:, 0], steps[:, 1])
    >>> bool(4500 < brownian_movement(track).of_lag(np.array([3600.0]))[0] < 5500)
    True
    """
    duration = np.diff(track.time_s)
    used = duration <= 1.5 * interval_of(track) * _HOUR_S
    if away is not None:
        used &= away[1:] & away[:-1]
    if used.sum() < 10:
        text = N_(
            "track of {animal}: {count} steps away from barriers; ten at least are needed to know "
            "how the animal moves where no line is."
        )
        raise NotEnoughDataError(Note(text, animal=track.animal_id, count=int(used.sum())))
    squared = np.diff(track.x_m) ** 2 + np.diff(track.y_m) ** 2
    # the semivariance along one axis is half its mean squared displacement
    rate = float((squared[used] / duration[used]).mean() / 4)
    return FreeMovement("Brownian motion", lambda lag_s: rate * lag_s, np.eye(2))


def expected_crossings(
    track: Track,
    segments: BarrierSegments,
    found: pd.DataFrame,
    settings: BehaviourSettings,
    movement: FreeMovement,
    *,
    rng: np.random.Generator,
    paths: int = 100,
) -> Floats:
    """Return, for each encounter, the share of paths without the line that end beyond it.

    Parameters
    ----------
    track
        An animal's fixes.
    segments
        Barriers in the plane of the track.
    found
        Its encounters with outcomes, see `kulan.movement.barriers.outcomes.outcomes`.
    settings
        What they were found with.
    movement
        How it moves without the line.
    rng
        Source of chance.
    paths
        Number of paths for each encounter.

    Returns
    -------
    ndarray
        One share for each encounter; NaN where its outcome is unknown.
    """
    shares = np.full(len(found), np.nan)
    known = np.flatnonzero((found["outcome"] != "unknown").to_numpy())
    step_s = (settings.interval_h or interval_of(track)) * _HOUR_S
    entry = found["first_fix"].to_numpy(np.int64)
    size = max(1, _BLOCK // paths)
    for begin in range(0, len(known), size):
        rows = known[begin : begin + size]
        ahead = np.stack(
            [continued(track, int(entry[row]), movement, step_s, paths, rng) for row in rows]
        )
        before = track.positions_m[entry[rows] - 1]
        at = track.positions_m[entry[rows]]
        shares[rows] = _share_beyond(segments, settings.distance_m, before, at, ahead)
    return shares


def continued(
    track: Track,
    fix: int,
    movement: FreeMovement,
    step_s: float,
    paths: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw how an animal goes on from a fix, knowing the eight fixes up to it.

    Parameters
    ----------
    track
        The track.
    fix
        Place in the track of the last fix that is known.
    movement
        How the animal moves.
    step_s
        Time between the fixes to draw, s.
    paths
        Number of paths.
    rng
        Source of chance.

    Returns
    -------
    ndarray
        Positions, m, shape (paths, 48, 2).
    """
    past = np.arange(max(0, fix - _PAST + 1), fix + 1)
    lag_s: Floats = track.time_s[past] - track.time_s[fix]
    ahead_s: Floats = step_s * np.arange(1, _MOST_STEPS + 1, dtype=np.float64)
    seen = track.positions_m[past]
    if movement.mean_m is None:
        origin = seen[-1]
        lag_s, seen = lag_s[:-1], seen[:-1] - origin
    else:
        origin = movement.mean_m
        seen = seen - origin
    pull, spread = _conditional(movement, lag_s, ahead_s)
    noise = (
        rng.standard_normal((paths, _MOST_STEPS, 2)) @ np.linalg.cholesky(movement.covariance_m2).T
    )
    drawn: Floats = origin + (pull @ seen)[None] + np.einsum("st,ptk->psk", spread, noise)
    return drawn


def _conditional(movement: FreeMovement, past_s: Floats, ahead_s: Floats) -> tuple[Floats, Floats]:
    """Return what the fixes to come are of those past, and the root of what is left open."""
    times = np.concatenate([past_s, ahead_s])
    between = movement.of_lag(np.abs(times[:, None] - times[None, :]))
    if movement.mean_m is None:
        own = movement.of_lag(np.abs(times))
        between = own[:, None] + own[None, :] - between
    n = len(past_s)
    among = between[:n, :n] + np.eye(n) * 1e-10 * (np.trace(between[:n, :n]) / max(n, 1))
    across = between[n:, :n]
    pull = np.linalg.solve(among, across.T).T if n else np.zeros((len(ahead_s), 0))
    left = between[n:, n:] - pull @ across.T
    values, vectors = np.linalg.eigh((left + left.T) / 2)
    return pull, vectors * np.sqrt(np.maximum(values, 0.0))


def _share_beyond(
    segments: BarrierSegments, zone_m: float, before: Floats, at: Floats, ahead: Floats
) -> Floats:
    """Return the share of paths that leave the zone on the other side of a line."""
    # as with outcomes: over by one piece of a line and back by another is no crossing
    whole_lines = segments.uncut
    events, paths, _, _ = ahead.shape
    start = np.broadcast_to(at[:, None, None, :], (events, paths, 1, 2))
    whole = np.concatenate([start, ahead], axis=2)
    leaves = _first_away(segments, zone_m, ahead)
    last = np.where(leaves < 0, 0, leaves + 1)
    step = np.arange(whole.shape[2] - 1)
    within = step[None, None, :] < last[:, :, None]
    ends = np.stack([whole[:, :, :-1][within], whole[:, :, 1:][within]], axis=1)
    path = np.broadcast_to(np.arange(events * paths).reshape(events, paths, 1), within.shape)[
        within
    ]
    met = whole_lines.met_by(shapely.linestrings(ends))
    rows = pd.DataFrame(
        {
            "path": path[met["path"].to_numpy()],
            "segment": met["segment"].to_numpy(),
            "points": met["points"].to_numpy(),
        }
    )
    # the step that led to the line is common to all paths of an encounter
    into = whole_lines.met_by(shapely.linestrings(np.stack([before, at], axis=1)))
    common = into.loc[into.index.repeat(paths), ["path", "segment", "points"]]
    common["path"] = common["path"].to_numpy() * paths + np.tile(np.arange(paths), len(into))
    total = pd.concat([rows, common]).groupby(["path", "segment"])["points"].sum()
    odd = total.index.get_level_values("path")[(total % 2 == 1).to_numpy()]
    beyond = np.zeros(events * paths, dtype=bool)
    beyond[odd.to_numpy(np.int64)] = True
    ended = leaves >= 0
    counted = np.maximum(ended.sum(axis=1), 1)
    share: Floats = (beyond.reshape(events, paths) & ended).sum(axis=1) / counted
    return np.where(ended.any(axis=1), share, np.nan)


def _first_away(segments: BarrierSegments, zone_m: float, ahead: Floats) -> NDArray[np.int64]:
    """Return the first step at which each path is away from all lines; -1 where it never is."""
    events, paths, steps, _ = ahead.shape
    first = np.full(events * paths, -1, dtype=np.int64)
    flat = ahead.reshape(events * paths, steps, 2)
    left = np.arange(events * paths)
    for step in range(steps):
        if not len(left):
            break
        points = flat[left, step]
        distance, _ = segments.nearest(points[:, 0], points[:, 1], zone_m)
        away = ~np.isfinite(distance)
        first[left[away]] = step
        left = left[~away]
    return first.reshape(events, paths)
