"""Time density: how long an animal was in each cell, walking straight from fix to fix."""

import math

import numpy as np
from numpy.typing import NDArray

from kulan.errors import NotEnoughDataError
from kulan.movement.distributions import Distribution, PlaneFrame, frame_around
from kulan.movement.kernels import kernel
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]


def time_density(
    track: Track,
    *,
    cell_m: float | None = None,
    frame: PlaneFrame | None = None,
    max_gap_s: float = np.inf,
) -> Distribution:
    """Return the share of time in each cell, at a steady pace straight from each fix to the next.

    A plain picture without a model: it says nothing of the ways between fixes that were not
    straight, and is best with fixes close in time and cells wider than a step.

    Parameters
    ----------
    track
        One animal's track, at least two fixes.
    cell_m
        Width of a cell, m; None for twice the median step, and at least 1 m.
    frame
        The cells, in place of `cell_m`.
    max_gap_s
        Ways that take longer than this are left out.

    Returns
    -------
    Distribution
        An occurrence distribution.

    Raises
    ------
    NotEnoughDataError
        If no way between two fixes is short enough.

    Examples
    --------
    >>> track = Track("k1", np.array([0.0, 60.0]), np.array([0.0, 40.0]), np.array([5.0, 5.0]))
    >>> time_density(track, frame=PlaneFrame(0, 10, 10, 10, 1, 4)).mass
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    span = np.diff(track.time_s)
    short = span <= max_gap_s
    if not short.any():
        raise NotEnoughDataError(
            f"track of {track.animal_id}: no two fixes follow each other within "
            f"{max_gap_s / 3600:g} hours."
        )
    if frame is None:
        if cell_m is None:
            steps = np.hypot(np.diff(track.x_m), np.diff(track.y_m))
            cell_m = max(float(f"{2 * np.median(steps[short]):.2g}"), 1.0)
        frame = frame_around(track.x_m, track.y_m, pad_m=cell_m, cell_m=cell_m, plane=track.plane)
    seconds = np.zeros(frame.shape)
    _lay_ways(
        (track.x_m - frame.west_m) / frame.cell_x_m,
        (frame.north_m - track.y_m) / frame.cell_y_m,
        np.where(short, span, 0.0),
        seconds,
    )
    return Distribution("occurrence", seconds / span[short].sum(), frame, "time_density")


@kernel
def _lay_ways(column: Floats, row: Floats, span: Floats, seconds: Floats) -> None:
    """Add the time of each way to the cells it passes, by the shares of its length."""
    rows, columns = seconds.shape
    for k in range(len(span)):
        if span[k] <= 0:
            continue
        dx, dy = column[k + 1] - column[k], row[k + 1] - row[k]
        done = 0.0
        while done < 1.0:
            # a hair further on lies the cell that is being passed
            at_x = column[k] + dx * (done + 1e-12)
            at_y = row[k] + dy * (done + 1e-12)
            cell_x, cell_y = math.floor(at_x), math.floor(at_y)
            until = 1.0
            if dx != 0:
                until = min(until, (cell_x + (1 if dx > 0 else 0) - column[k]) / dx)
            if dy != 0:
                until = min(until, (cell_y + (1 if dy > 0 else 0) - row[k]) / dy)
            until = max(until, done + 1e-9)
            until = min(until, 1.0)
            if 0 <= cell_x < columns and 0 <= cell_y < rows:
                seconds[cell_y, cell_x] += span[k] * (until - done)
            done = until
