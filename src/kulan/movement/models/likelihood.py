"""The exact likelihood of a track under a movement model, by one pass of a Kalman filter.

Without location errors the variance leaves the filter: the pass depends on the memory alone, and
what is known of variance and mean follows from one Gram matrix. With errors that are circles, each
axis of the range has a pass of its own; with ellipses both axes share one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.models.ellipse_filters import filter_plane
from kulan.movement.models.filters import filter_columns
from kulan.movement.models.processes import Kind
from kulan.movement.tracks import Track

Floats = NDArray[Any]
_NO_ERRORS = np.empty(0)


@dataclass(frozen=True)
class Moments:
    """What a pass tells of a track, given memory and covariance.

    Attributes
    ----------
    logdet
        Log determinant of the covariance of all positions, both axes.
    information
        Information on the mean, 2 x 2, per m²; zero for walks.
    mean
        Generalised-least-squares mean, m.
    misfit
        Squared residuals about the mean, each over its variance.
    """

    logdet: float
    information: Floats
    mean: Floats
    misfit: float


class Observed:
    """A track made ready for many passes; keeps the last of them.

    Raises
    ------
    NotEnoughDataError
        If there are fewer fixes than a variance needs.
    InvalidTableError
        If only some of the fixes have a location error.
    """

    def __init__(self, track: Track) -> None:
        self.n = len(track)
        if self.n < 3:
            raise NotEnoughDataError(
                f"track of {track.animal_id}: {self.n} fix(es) without a flag; a movement model "
                "needs 3 at the very least. Read more of the record."
            )
        self.time_s = np.ascontiguousarray(track.time_s - track.time_s[0], dtype=float)
        self.origin = np.array([track.x_m.mean(), track.y_m.mean()])
        self.xy = track.positions_m - self.origin
        self.errors = _checked_errors(track)
        self.circles = _circles(self.errors)
        self._kept: dict[tuple[Any, ...], tuple[float, Floats]] = {}

    @property
    def has_errors(self) -> bool:
        """Whether locations have errors."""
        return self.errors is not None

    def degrees(self, kind: Kind) -> int:
        """Return how many fixes inform on the variance: walks spend the first as their start."""
        return self.n if kind.has_range else self.n - 1

    def gram(
        self, kind: Kind, memory: Sequence[float], variance: float = 1.0, angle: float = 0.0
    ) -> tuple[float, Floats]:
        """Return log det and Gram matrix of a pass over the axes turned by `angle`."""
        errors = _NO_ERRORS if self.circles is None else self.circles / variance
        key = (kind.name, *memory, variance if errors.size else 1.0, angle)
        if key not in self._kept:
            if len(self._kept) > 64:
                self._kept.clear()
            turned = self.xy @ turn(angle)
            x, y = np.ascontiguousarray(turned[:, 0]), np.ascontiguousarray(turned[:, 1])
            self._kept[key] = filter_columns(
                self.time_s, x, y, errors, kind.order, *kind.rates(memory)
            )
        return self._kept[key]

    def moments(
        self, kind: Kind, memory: Sequence[float], shape: tuple[float, float, float]
    ) -> Moments:
        """Return what a pass tells, given variances along two axes (m²) and the first's angle."""
        if self.errors is not None and self.circles is None:
            return self._moments_of_ellipses(kind, memory, shape)
        major, minor, angle = shape
        axes = turn(angle)
        passes = [self.gram(kind, memory, variance, angle) for variance in (major, minor)]
        logdet, misfit = 0.0, 0.0
        mean, information = np.zeros(2), np.zeros(2)
        for axis, (variance, (log_det, gram)) in enumerate(
            zip((major, minor), passes, strict=True)
        ):
            logdet += log_det + self.degrees(kind) * math.log(variance)
            misfit += gram[axis, axis] / variance
            if kind.has_range:
                mean[axis] = gram[axis, 2] / gram[2, 2]
                misfit -= gram[axis, 2] * mean[axis] / variance
                information[axis] = gram[2, 2] / variance
        return Moments(
            logdet, (axes * information) @ axes.T, axes @ mean + self.origin, float(misfit)
        )

    def _moments_of_ellipses(
        self, kind: Kind, memory: Sequence[float], shape: tuple[float, float, float]
    ) -> Moments:
        major, minor, angle = shape
        axes = turn(angle)
        turned = np.ascontiguousarray(self.xy @ axes)
        errors = np.ascontiguousarray(axes.T @ self.errors @ axes)
        logdet, gram = filter_plane(
            self.time_s, turned, errors, np.array([major, minor]), kind.order, *kind.rates(memory)
        )
        if not kind.has_range:
            return Moments(logdet, np.zeros((2, 2)), self.origin.copy(), float(gram[0, 0]))
        information = gram[1:, 1:]
        mean = np.linalg.solve(information, gram[1:, 0])
        misfit = float(gram[0, 0] - gram[1:, 0] @ mean)
        return Moments(logdet, axes @ information @ axes.T, axes @ mean + self.origin, misfit)

    def log_likelihood(
        self,
        kind: Kind,
        memory: Sequence[float],
        shape: tuple[float, float, float],
        *,
        residual: bool = False,
    ) -> float:
        """Return the log-likelihood, the mean at its best; `residual` integrates the mean out."""
        told = self.moments(kind, memory, shape)
        value = -(self.degrees(kind) * 2 * math.log(2 * math.pi) + told.logdet + told.misfit) / 2
        if residual and kind.has_range:
            value += math.log(2 * math.pi) - np.linalg.slogdet(told.information)[1] / 2
        return float(value)


def turn(angle: float) -> Floats:
    """Return the axes of a range whose major axis lies `angle` (rad) from x, as columns."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def covariance_of(shape: tuple[float, float, float]) -> Floats:
    """Return the covariance matrix, m², of variances along two axes and the first one's angle."""
    axes = turn(shape[2])
    return np.asarray((axes * np.array(shape[:2])) @ axes.T)


def shape_of(covariance: Floats) -> tuple[float, float, float]:
    """Return variances along the major and the minor axis and the angle of the major one, rad.

    Examples
    --------
    >>> shape_of(np.diag([4.0, 1.0]))
    (4.0, 1.0, 0.0)
    """
    values, vectors = np.linalg.eigh(covariance)
    angle = math.atan2(vectors[1, 1], vectors[0, 1])
    if angle <= -math.pi / 2 or angle > math.pi / 2:
        angle -= math.copysign(math.pi, angle)
    return float(values[1]), float(values[0]), angle + 0.0


def _checked_errors(track: Track) -> Floats | None:
    errors = track.error_m2
    if errors is None:
        return None
    known = np.isfinite(errors).all(axis=(1, 2))
    if not known.any() or not np.any(errors[known]):
        return None
    if not known.all():
        raise InvalidTableError(
            f"track of {track.animal_id}: {int((~known).sum())} of {len(track)} fixes have no "
            "location error and the others do. Give each one, flag those without, or leave the "
            "errors out."
        )
    return np.asarray(errors, dtype=float)


def _circles(errors: Floats | None) -> Floats | None:
    """Return each fix's error variance along any axis, m², where all errors are circles."""
    if errors is None:
        return None
    size = errors[:, 0, 0]
    round_enough = np.abs(errors[:, 1, 1] - size) <= 1e-9 * size
    straight = np.abs(errors[:, 0, 1]) <= 1e-9 * size
    return np.ascontiguousarray(size) if (round_enough & straight).all() else None
