"""Kalman filters in one pass over the fixes: exact likelihoods of continuous-time models.

A position along one axis is a Gaussian process with variance 1 that obeys

    x'' + 2 f x' + w2 x = noise         (second order: OUF, OUf, OUOmega)
    x'  + x / tau       = noise         (first order: OU)

and all processes here are limits of the first. The state is (x, x' / w), which is spread like a
unit circle when stationary, so that no unit enters. With no error, or errors equal along both axes,
one pass serves both axes and the mean: what is filtered are the columns x, y and 1.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.movement.kernels import kernel

Floats = NDArray[Any]

# what kind of process: no memory, memory of place, of place and speed, none of place, of speed only
INDEPENDENT, FIRST, SECOND, WALK, VELOCITY_WALK = 0, 1, 2, 3, 4

# Gauss-Legendre nodes and weights on 0 to 1
_NODES = tuple(float(v) for v in (np.polynomial.legendre.leggauss(5)[0] + 1) / 2)
_WEIGHTS = tuple(float(v) for v in np.polynomial.legendre.leggauss(5)[1] / 2)


@kernel
def step(order: int, a: float, b: float, t: float) -> tuple[float, ...]:
    """Return how a state moves over `t`, s: its 2 x 2 propagator and the noise that comes in.

    `a` and `b` are, per second: of the second order f and w2 (per s²); of the first 1/tau and 0.
    Walks have variance 1 per second, and velocity variance 1 with `a` = 1/tau.
    """
    if order == 0:
        return 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0
    if order == 1:
        return math.exp(-a * t), 0.0, 0.0, 0.0, -math.expm1(-2 * a * t), 0.0, 1.0
    if order == 3:
        return 1.0, 0.0, 0.0, 0.0, t, 0.0, 1.0
    if order == 4:
        return _velocity_step(a, t)
    return _second_step(a, b, t)


@kernel
def _second_step(f: float, w2: float, t: float) -> tuple[float, ...]:
    w = math.sqrt(w2)
    nu2 = f * f - w2
    z = nu2 * t * t
    if abs(z) < 1e-4:
        # cosh and sinh by their series: near the critical point their difference is lost
        even = 1 + z / 2 * (1 + z / 12 * (1 + z / 30))
        odd = t * (1 + z / 6 * (1 + z / 20 * (1 + z / 42)))
        decay = math.exp(-f * t)
        c, s = decay * even, decay * odd
    elif z > 0:
        nu = math.sqrt(nu2)
        # w2 / (f + nu) is f - nu without cancellation
        slow, fast = math.exp(-w2 / (f + nu) * t), math.exp(-(f + nu) * t)
        c, s = (slow + fast) / 2, (slow - fast) / (2 * nu)
    else:
        nu = math.sqrt(-nu2)
        decay = math.exp(-f * t)
        c, s = decay * math.cos(nu * t), decay * math.sin(nu * t) / nu
    p11, p12, p22 = c + f * s, w * s, c - f * s
    if (f + w) * t < 0.2:
        q11 = 4 * f * w2 * _noise_in_position(f, nu2, t)
    else:
        q11 = 1 - p11 * p11 - p12 * p12
    return p11, p12, -p12, p22, q11, 2 * f * w * s * s, 1 - p12 * p12 - p22 * p22


@kernel
def _noise_in_position(f: float, nu2: float, t: float) -> float:
    """Return the integral of the squared response: a sum of positive terms loses nothing."""
    total = 0.0
    for i in range(5):
        s = _NODES[i] * t
        z = nu2 * s * s
        response = s * (1 + z / 6 * (1 + z / 20 * (1 + z / 42)))
        total += _WEIGHTS[i] * math.exp(-2 * f * s) * response * response
    return total * t


@kernel
def _velocity_step(a: float, t: float) -> tuple[float, ...]:
    at = a * t
    decay = math.exp(-at)
    gone = -math.expm1(-at)
    if at < 0.1:
        # 2a times the integral of ((1 - exp(-a s)) / a)^2
        inner = -1 / 24 + at * (31 / 2520 + at * (-1 / 320 + at * 127 / 181440))
        q11 = 2 * a * t**3 * (1 / 3 + at * (-1 / 4 + at * (7 / 60 + at * inner)))
    else:
        q11 = (2 * at - 4 * gone - math.expm1(-2 * at)) / (a * a)
    return 1.0, gone / a, 0.0, decay, q11, gone * gone / a, -math.expm1(-2 * at)


@kernel
def _propagated(
    f11: float, f12: float, f21: float, f22: float, p11: float, p12: float, p22: float
) -> tuple[float, float, float]:
    """Return F P F' for the symmetric P."""
    a11, a12 = f11 * p11 + f12 * p12, f11 * p12 + f12 * p22
    a21, a22 = f21 * p11 + f22 * p12, f21 * p12 + f22 * p22
    return a11 * f11 + a12 * f12, a11 * f21 + a12 * f22, a21 * f21 + a22 * f22


@kernel
def filter_columns(
    time_s: Floats, x: Floats, y: Floats, errors: Floats, order: int, a: float, b: float
) -> tuple[float, Floats]:
    """Return log det of the correlation matrix, and the Gram matrix of x, y, 1 under its inverse.

    `errors` is each fix's error variance over the variance of the process: shape (n,), or (0,) for
    none. Walks are conditioned on the first fix, whose terms are left out.
    """
    has_errors, walks = errors.size > 0, order >= 3
    first = errors[0] if has_errors else 0.0
    p11, p12, p22 = 1.0, 0.0, 1.0
    x1 = x2 = y1 = y2 = u1 = u2 = 0.0
    if walks:
        # nothing is known before the first fix: it is where the walk begins
        x1, y1, u1, p11 = x[0], y[0], 1.0, first
    gxx = gxy = gyy = gxu = gyu = guu = logdet = 0.0
    product, old_dt = 1.0, -1.0
    f11 = f12 = f21 = f22 = q11 = q12 = q22 = 0.0
    for i in range(1 if walks else 0, len(time_s)):
        if i > 0:
            dt = time_s[i] - time_s[i - 1]
            if dt != old_dt:
                f11, f12, f21, f22, q11, q12, q22 = step(order, a, b, dt)
                old_dt = dt
            p11, p12, p22 = _propagated(f11, f12, f21, f22, p11, p12, p22)
            p11, p12, p22 = p11 + q11, p12 + q12, p22 + q22
            x1, x2 = f11 * x1 + f12 * x2, f21 * x1 + f22 * x2
            y1, y2 = f11 * y1 + f12 * y2, f21 * y1 + f22 * y2
            u1, u2 = f11 * u1 + f12 * u2, f21 * u1 + f22 * u2
        error = errors[i] if has_errors else 0.0
        total = p11 + error
        product *= total
        if product < 1e-150 or product > 1e150:
            logdet += math.log(product)
            product = 1.0
        inverse = 1 / total
        g1, g2 = p11 * inverse, p12 * inverse
        ix, iy, iu = x[i] - x1, y[i] - y1, 1.0 - u1
        x1, y1, u1 = x1 + g1 * ix, y1 + g1 * iy, u1 + g1 * iu
        x2, y2, u2 = x2 + g2 * ix, y2 + g2 * iy, u2 + g2 * iu
        wx, wy = ix * inverse, iy * inverse
        gxx, gxy, gyy = gxx + ix * wx, gxy + ix * wy, gyy + iy * wy
        gxu, gyu, guu = gxu + iu * wx, gyu + iu * wy, guu + iu * iu * inverse
        p22 -= g2 * p12
        p12, p11 = p12 * error * inverse, p11 * error * inverse
    gram = np.array([[gxx, gxy, gxu], [gxy, gyy, gyu], [gxu, gyu, guu]])
    return logdet + math.log(product), gram
