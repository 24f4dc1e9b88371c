"""Ranges by autocorrelated kernel density: where an animal lives, from fixes that hang together.

References
----------
Fleming, C. H. et al. (2015). Rigorous home range estimation with movement data: a new
autocorrelated kernel density estimator. Ecology 96, 1182-1188.
Fleming, C. H. and Calabrese, J. M. (2017). A new kernel density estimator for accurate home-range
and species-range area estimation. Methods in Ecology and Evolution 8, 571-579.
Fleming, C. H. et al. (2018). Correcting for missing and irregular data in home-range estimation.
Ecological Applications 28, 1003-1010.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGeometryError
from kulan.movement.distributions import Distribution, PlaneFrame
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.models import Model, predict
from kulan.movement.models.model import Like
from kulan.movement.ranges.autocorrelated_kernels import Kernels, best_kernels
from kulan.movement.ranges.density import kernel_frame, kernel_mass
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.words import N_

Floats = NDArray[Any]
LEVELS = (0.5, 0.95)
# below so many crossings of its range an animal has not been seen to live in one
LEAST_EFFECTIVE_SIZE = 4.0


@dataclass(frozen=True, eq=False)
class RangeEstimate:
    """Where an animal lives, how large that is, and whether it can be said at all.

    Attributes
    ----------
    distribution
        Use over cells; None where the animal was not seen to be resident.
    areas
        Area, m², that holds each share of use, with limits; unknown where not resident.
    effective_sample_size
        How many independent fixes would tell as much of the area: about the number of times the
        animal crossed its range.
    bandwidth
        Covariance of the kernels, m², (2, 2).
    resident
        Whether the record shows a range.
    word
        Why there is none; empty where resident.
    model
        The movement model behind it.
    kernels
        Width, weights and bias of the kernels.
    """

    distribution: Distribution | None
    areas: Mapping[float, Interval]
    effective_sample_size: float
    bandwidth: Floats
    resident: bool
    word: str
    model: Model
    kernels: Kernels | None


def akde(
    track: Track,
    model: Model,
    *,
    weights: bool = False,
    frame: PlaneFrame | None = None,
    levels: Sequence[float] = LEVELS,
    confidence: float = 0.95,
    like: Like | None = None,
) -> RangeEstimate:
    """Estimate an animal's range.

    Kernels are as wide as the autocorrelation asks for (Fleming et al. 2015); areas are corrected
    for the width that kernels add (Fleming and Calabrese 2017). Where locations have errors,
    kernels are put where the model expects the animal and not where it was seen.

    Parameters
    ----------
    track
        Of the animal.
    model
        Fitted to it.
    weights
        Whether fixes of dense stretches count less (Fleming et al. 2018): for uneven records.
    frame
        Cells to lay the range on; None for cells a tenth of the kernel wide.
    levels
        Shares of use to give areas of.
    confidence
        How often the limits of areas hold the truth, 0 to 1.
    like
        "ctmm" gives distribution and areas also of an animal that was not seen to be resident,
        marked as such, and limits of a chi-square, which are narrower than what is known.

    Returns
    -------
    RangeEstimate

    Raises
    ------
    InvalidGeometryError
        If the frame lies in another plane than the track.
    InvalidGridError
        If a level is not between 0 and 1.
    NotEnoughDataError
        If there are fewer than three fixes.

    Examples
    --------
    >>> from kulan.movement.models import fit
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.normal(0.0, 100.0, (2, 200))
    >>> track = Track("k1", np.arange(200) * 86400.0, x, y)
    >>> found = akde(track, fit(track, "IID"))
    >>> found.resident, round(found.areas[0.95].estimate / 1e4)
    (True, 16)
    """
    if frame is not None and frame.plane != track.plane:
        raise InvalidGeometryError(
            f"track of {track.animal_id}: it lies in '{track.plane.crs or 'local metres'}' and the "
            f"frame in '{frame.plane.crs or 'local metres'}'. Make the track in the frame's plane."
        )
    size = model.dof["area"] if model.process.has_range else 0.0
    word = _word(model, size)
    if not model.process.has_range or (word and like != "ctmm"):
        unknown = dict.fromkeys(levels, UNKNOWN)
        return RangeEstimate(None, unknown, size, np.full((2, 2), np.nan), False, word, model, None)
    kernels = best_kernels(track.time_s, model, weighted=weights)
    covariance = kernels.h2 * model.sigma_m2
    x_m, y_m = track.x_m, track.y_m
    if track.error_m2 is not None:
        expected = predict(model, track, track.time_s)
        x_m, y_m = expected.x_m, expected.y_m
    cells = kernel_frame(x_m, y_m, covariance, track.plane) if frame is None else frame
    wide = kernel_mass(x_m, y_m, kernels.weights, covariance, cells)
    distribution = Distribution("range", narrowed(wide, kernels.bias), cells, "akde")
    areas = {
        level: _limits(distribution.area_m2(level), level, model, confidence, like)
        for level in levels
    }
    return RangeEstimate(distribution, areas, size, covariance, not word, word, model, kernels)


def _limits(
    area_m2: float, share: float, model: Model, confidence: float, like: Like | None
) -> Interval:
    """Return an area with the limits of its model, and above them room for the kernels' own part.

    Kernels on finitely many places are rougher than the range, and the cells that hold most of
    their use are fewer: simulated Gaussian ranges of 5 to 1,500 effective fixes come out short by
    a fifth to all of (share - 1/2) / sqrt(effective sample size). The upper limit allows for two
    thirds of that.
    """
    told = model.with_limits(area_m2, confidence, like=like)
    size = model.dof["area"]
    if like == "ctmm" or not size > 1:
        return told
    short = max(share - 0.5, 0.0) / (1.5 * math.sqrt(size))
    return replace(told, high=told.high / (1 - short))


def _word(model: Model, size: float) -> str:
    """Return why no range can be given, or nothing."""
    if not model.process.has_range:
        return Note(
            N_("not range-resident: a {model} model wanders without a range"), model=model.name
        )
    if not size >= LEAST_EFFECTIVE_SIZE:
        return Note(
            N_(
                "not range-resident: the effective sample size of its range is {size}, and at "
                "least {least} are needed"
            ),
            size=round(size, 1),
            least=round(LEAST_EFFECTIVE_SIZE),
        )
    return ""


def narrowed(mass: Floats, bias: float) -> Floats:
    """Return the mass so that every share of use takes an area `bias` times smaller.

    Cells keep their order; what the k densest hold becomes what the k * bias densest held.

    Parameters
    ----------
    mass
        Share of use in each cell.
    bias
        How many times too large areas are.

    Examples
    --------
    >>> narrowed(np.array([[0.5, 0.3, 0.2]]), 2.0)
    array([[0.8, 0.2, 0. ]])
    """
    flat = mass.ravel()
    order = np.argsort(-flat, kind="stable")
    held = np.concatenate([[0.0], np.cumsum(flat[order])])
    ranks = np.arange(len(held), dtype=float)
    narrowed = np.interp(ranks * bias, ranks, held)
    made = np.empty_like(flat)
    made[order] = np.diff(narrowed)
    return made.reshape(mass.shape)
