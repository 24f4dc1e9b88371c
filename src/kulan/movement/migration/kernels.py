"""Inner loops of migration: likelihoods of positions and displacements with a memory."""

import math

import numpy as np
from numpy.typing import NDArray

from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]

RESIDENT, NOMAD, DISPERSER, MIGRANT, MIXED = range(5)
_FAR_SPREAD = 1 / math.sqrt(2 - math.pi / 2)  # of displacements far away, by that at home


@kernel
def shift_log_likelihood(
    times: Floats, xy: Floats, starts: Floats, ends: Floats, tau: float
) -> float:
    """Log-likelihood of positions around a mean that shifts, by the best means and spread.

    Between `starts[k]` and `ends[k]` the mean goes straight from one range to the next; positions
    stray from it as an Ornstein-Uhlenbeck process of time scale `tau` (0 for independent ones).
    """
    x, y = xy[:, 0], xy[:, 1]
    n, m = len(times), len(starts) + 1
    gram, to_x, to_y = np.zeros((m, m)), np.zeros(m), np.zeros(m)
    row = np.zeros(m)
    squares, log_spread = 0.0, 0.0
    last, last_gone = 0, 0.0
    for i in range(n):
        # the mean is made of at most two ranges, the one that is left and the one that is reached
        left = last
        while left < m - 1 and times[i] >= ends[left]:
            left += 1
        gone = 0.0
        if left < m - 1 and times[i] > starts[left]:
            gone = (times[i] - starts[left]) / (ends[left] - starts[left])
        keep = math.exp(-(times[i] - times[i - 1]) / tau) if i > 0 and tau > 0 else 0.0
        scale = math.sqrt(max(1 - keep * keep, 1e-12))
        at_x = (x[i] - (keep * x[i - 1] if i > 0 else 0.0)) / scale
        at_y = (y[i] - (keep * y[i - 1] if i > 0 else 0.0)) / scale
        squares += at_x * at_x + at_y * at_y
        log_spread += 2 * math.log(scale)
        first, end = last, min(left + 2, m)
        row[first:end] = 0.0
        row[left] += (1 - gone) / scale
        row[min(left + 1, m - 1)] += gone / scale
        row[last] -= keep * (1 - last_gone) / scale
        row[min(last + 1, m - 1)] -= keep * last_gone / scale
        for a in range(first, end):
            to_x[a] += row[a] * at_x
            to_y[a] += row[a] * at_y
            for b in range(first, end):
                gram[a, b] += row[a] * row[b]
        last, last_gone = left, gone
    for a in range(m):
        gram[a, a] += 1e-9
    means_x, means_y = np.linalg.solve(gram, to_x), np.linalg.solve(gram, to_y)
    rest = squares - (means_x * to_x).sum() - (means_y * to_y).sum()
    return -n * (math.log(2 * math.pi * max(rest, 1e-9) / (2 * n)) + 1) - log_spread


@kernel
def shift_grid(
    times: Floats,
    xy: Floats,
    starts: Floats,
    ends: Floats,
    tau: float,
    which: int,
    tried: tuple[Floats, Floats],
) -> Floats:
    """Return the log-likelihood at each pair of start and end tried for one of the shifts."""
    firsts, lasts = tried
    found = np.full((len(firsts), len(lasts)), -np.inf)
    starts, ends = starts.copy(), ends.copy()
    for i in range(len(firsts)):
        for j in range(len(lasts)):
            if lasts[j] <= firsts[i]:
                continue
            starts[which], ends[which] = firsts[i], lasts[j]
            found[i, j] = shift_log_likelihood(times, xy, starts, ends, tau)
    return found


@kernel
def displacement_curve(kind: int, parameters: Floats, times: Floats) -> Floats:
    """Return the squared net displacement that a model expects.

    `parameters` are, of a resident: log of the level and of the time to settle; of a nomad: log of
    the growth; of the others: log of the level at home and of the squared distance, and of each
    way its middle and the log of its scale; of a mixed migrant also the log of the share that is
    undone.
    """
    curve = np.empty(len(times))
    for i in range(len(times)):
        time = times[i]
        if kind == RESIDENT:
            curve[i] = math.exp(parameters[0]) * -math.expm1(-time / math.exp(parameters[1]))
        elif kind == NOMAD:
            curve[i] = math.exp(parameters[0]) * time
        else:
            away = _logistic((time - parameters[2]) / math.exp(parameters[3]))
            if kind != DISPERSER:
                undone = math.exp(parameters[6]) if kind == MIXED else 1.0
                away -= undone * _logistic((time - parameters[4]) / math.exp(parameters[5]))
            curve[i] = math.exp(parameters[0]) + math.exp(parameters[1]) * max(away, 0.0)
    return curve


@kernel
def _logistic(value: float) -> float:
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    grown = math.exp(value)
    return grown / (1 + grown)


@kernel
def _small_bessel(order: int, value: float) -> float:
    """Return `scaled_bessel` of a value below 3.75."""
    t = (value / 3.75) ** 2
    if order == 0:
        found = 1 + t * (
            3.5156229
            + t * (3.0899424 + t * (1.2067492 + t * (0.2659732 + t * (0.0360768 + t * 0.0045813))))
        )
    else:
        found = value * (
            0.5
            + t
            * (
                0.87890594
                + t
                * (
                    0.51498869
                    + t * (0.15084934 + t * (0.02658733 + t * (0.00301532 + t * 0.00032411)))
                )
            )
        )
    return found * math.exp(-value)


@kernel
def scaled_bessel(order: int, value: float) -> float:
    """Return the modified Bessel function of order 0 or 1, times exp(-value), of 0 or more.

    Polynomials 9.8.1 to 9.8.4 of Abramowitz and Stegun (1964), to 2e-7.
    """
    if value < 3.75:
        return _small_bessel(order, value)
    t = 3.75 / value
    if order == 0:
        found = 0.39894228 + t * (
            0.01328592
            + t
            * (
                0.00225319
                + t
                * (
                    -0.00157565
                    + t
                    * (
                        0.00916281
                        + t * (-0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))
                    )
                )
            )
        )
    else:
        found = 0.39894228 + t * (
            -0.03988024
            + t
            * (
                -0.00362018
                + t
                * (
                    0.00163801
                    + t
                    * (
                        -0.01031555
                        + t * (0.02282967 + t * (-0.02895312 + t * (0.01787654 - t * 0.00420059)))
                    )
                )
            )
        )
    return found / math.sqrt(value)


@kernel
def distance_moments(squared: float, variance: float) -> tuple[float, float]:
    """Return mean and standard deviation of the distance of a place that strays.

    `squared` is the square of how far away its middle is, `variance` that of straying along each
    axis: Rice's distribution.
    """
    half = squared / (4 * variance)
    mean = math.sqrt(variance * math.pi / 2) * (
        (1 + 2 * half) * scaled_bessel(0, half) + 2 * half * scaled_bessel(1, half)
    )
    # far away the difference of squares has no digits left, and the spread is that of one axis
    if half > 50:
        return mean, math.sqrt(variance)
    return mean, math.sqrt(2 * variance + squared - mean * mean)


@kernel
def expected_displacement(kind: int, parameters: Floats, times: Floats) -> Floats:
    """Return the net displacement that a model expects: the root of its curve, but near home."""
    expected = np.sqrt(displacement_curve(kind, parameters, times))
    if kind in (RESIDENT, NOMAD):
        return expected
    home = math.exp(parameters[0]) / 2
    for i in range(len(times)):
        squared = max(expected[i] * expected[i] - 2 * home, 0.0)
        expected[i] = distance_moments(squared, home)[0]
    return expected


@kernel
def displacement_log_likelihood(
    kind: int, parameters: Floats, log_tau: float, times: Floats, displacement: Floats
) -> float:
    """Log-likelihood of net displacements whose square follows a curve, by the best spread.

    Of the ways with a level at home a displacement is that of a place that strays around the
    middle, by half that level along each axis: at home it spreads and remembers half as long as
    far away, where straying to the side hardly changes it.
    """
    curve = displacement_curve(kind, parameters, times)
    tau = math.exp(log_tau)
    squares, log_spread, before = 0.0, 0.0, 0.0
    n = len(times)
    has_home = kind not in (RESIDENT, NOMAD)
    home = math.exp(parameters[0]) / 2 if has_home else 1.0
    for i in range(n):
        mean, wide, away = math.sqrt(max(curve[i], 0.0)), 1.0, 1.0
        if has_home:
            mean, wide = distance_moments(max(curve[i] - 2 * home, 0.0), home)
            wide /= math.sqrt((2 - math.pi / 2) * home)
            away = (wide - 1) / (_FAR_SPREAD - 1)
        rest = (displacement[i] - mean) / wide
        keep = math.exp(-(times[i] - times[i - 1]) * (2 - away) / tau) if i > 0 else 0.0
        spread = max(1 - keep * keep, 1e-12)
        squares += (rest - keep * before) ** 2 / spread
        log_spread += math.log(spread) + 2 * math.log(wide)
        before = rest
    return -0.5 * n * (math.log(2 * math.pi * max(squares, 1e-12) / n) + 1) - 0.5 * log_spread
