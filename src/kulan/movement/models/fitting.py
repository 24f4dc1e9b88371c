"""Fitting a movement model to a track.

Maximum likelihood underrates variances and time scales when an animal crossed its range only a few
times, as migrating or wandering animals do. Perturbative hybrid residual likelihood (pHREML)
corrects the time scales by one Newton step from the maximum towards that of the residual
likelihood, then estimates the variance by residual likelihood given the time scales.

References
----------
Fleming, C. H., Noonan, M. J., Medici, E. P. and Calabrese, J. M. (2019). Overcoming the challenge
of small effective sample sizes in home-range estimation. Methods in Ecology and Evolution 10,
1679-1689.
"""

import itertools
import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from kulan.errors import NotEnoughDataError
from kulan.movement.models.curvature import covariance_from, curvature, slopes
from kulan.movement.models.likelihood import Observed, covariance_of, shape_of
from kulan.movement.models.model import (
    Model,
    effective_sizes,
    parameter_names,
    shape_from,
    shape_size,
    time_scales,
)
from kulan.movement.models.processes import Kind, kind_named
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.words import N_

Floats = NDArray[Any]
Method = Literal["pHREML", "ML"]
ANISOTROPIC = " anisotropic"


def fit(
    track: Track,
    kind: str,
    method: Method = "pHREML",
    *,
    near: Model | None = None,
    observed: Observed | None = None,
) -> Model:
    """Fit a movement model.

    Parameters
    ----------
    track
        One animal's track. Where it has location errors they are part of the model.
    kind
        "IID", "OU", "OUf", "OUF", "OUO", "BM" or "IOU"; followed by " anisotropic" for a range that
        is an ellipse and not a circle.
    method
        "pHREML", or "ML" for maximum likelihood.
    near
        A model to begin from; None to look over the whole range of time scales.
    observed
        The same track made ready, to share between several fits.

    Returns
    -------
    Model
        Where OUF finds no memory of speed it is an OU model, and an OUf one where both time scales
        are the same; OU and IOU models that remember nothing between fixes are IID and BM.

    Raises
    ------
    NotEnoughDataError
        If there are fewer fixes than parameters, or all are at one place.
    InvalidTableError
        If only some of the fixes have a location error.
    UnknownNameError
        If the kind is not known.

    References
    ----------
    Fleming et al. (2019), Methods in Ecology and Evolution 10, 1679-1689.
    """
    isotropic = not kind.endswith(ANISOTROPIC)
    process = kind_named(kind.removesuffix(ANISOTROPIC))
    seen = Observed(track) if observed is None else observed
    needed = len(parameter_names(process, isotropic)) + 3
    if seen.n < needed:
        text = N_("track of {animal}: {count} fixes; a model {kind} needs at least {needed}.")
        counts = {"count": int(seen.n), "needed": int(needed)}
        raise NotEnoughDataError(Note(text, animal=track.animal_id, kind=kind, **counts))
    if not np.ptp(seen.xy, axis=0).any():
        text = N_(
            "track of {animal}: all {count} fixes are at one place; there is no movement to model. "
            "Was the collar in a drawer? (`kulan movement clean`)"
        )
        raise NotEnoughDataError(Note(text, animal=track.animal_id, count=int(seen.n)))
    values = _most_likely(seen, process, isotropic, near)
    simpler = _collapsed(seen, process, isotropic, values)
    if simpler:
        return fit(track, simpler + ("" if isotropic else ANISOTROPIC), method, observed=seen)
    if method == "pHREML":
        values = _towards_residual(seen, process, isotropic, values)
    return _model_at(seen, process, isotropic, values, method)


def log_likelihood(track: Track, model: Model) -> float:
    """Return the log-likelihood of a track under a model's memory and covariance.

    The mean is taken at its best for this track.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than three fixes.
    InvalidTableError
        If only some of the fixes have a location error.
    """
    shape = shape_of(model.sigma_m2)
    return Observed(track).log_likelihood(model.process, model.memory, shape)


def _variance_given(
    seen: Observed, kind: Kind, memory: Floats, isotropic: bool, spent: int
) -> Floats:
    """Return the shape parameters that are best given the memory, without location errors."""
    _, gram = seen.gram(kind, tuple(memory))
    spread = gram[:2, :2].copy()
    if kind.has_range:
        spread -= np.outer(gram[:2, 2], gram[:2, 2]) / gram[2, 2]
    spread /= seen.degrees(kind) - spent
    if isotropic:
        return np.array([np.trace(spread) / 2])
    return np.array(shape_of(spread))


def _most_likely(seen: Observed, kind: Kind, isotropic: bool, near: Model | None) -> Floats:
    """Return the parameters of maximum likelihood."""
    begun = near is not None and len(near.memory) == len(kind.parameters)
    if seen.has_errors:
        if near is not None and begun:
            first = _reshaped(near, isotropic)
        else:
            first = _best_with_errors(seen, kind, isotropic)
        return _with_errors(seen, kind, isotropic, first)
    if near is not None and begun:
        memory = np.log(near.memory)
    else:
        places = _grid(seen, kind)
        memory = min(places, key=lambda place: _profile(seen, kind, isotropic, place))
    memory = _climbed(lambda place: _profile(seen, kind, isotropic, place), memory)
    variance = _variance_given(seen, kind, np.exp(memory), isotropic, 0)
    return np.concatenate([variance, np.exp(memory)])


def _reshaped(near: Model, isotropic: bool) -> Floats:
    """Return the parameters of a model, made a circle or an ellipse."""
    shape = shape_of(near.sigma_m2)
    circle = (math.sqrt(shape[0] * shape[1]),)
    return np.array([*(circle if isotropic else shape), *near.memory])


def _best_with_errors(seen: Observed, kind: Kind, isotropic: bool) -> Floats:
    """Return the most likely of a coarse grid of memories and variances."""
    if kind.has_range:
        wide = float(seen.xy.var(axis=0).mean())
    else:
        steps = (np.diff(seen.xy, axis=0) ** 2).mean(axis=1)
        gaps = np.diff(seen.time_s)
        wide = float((steps / gaps ** (1 if kind.name == "BM" else 2)).mean())
    best, least = np.array([wide]), math.inf
    for memory in _grid(seen, kind):
        for share in (0.1, 0.5, 1.0, 4.0):
            tried = np.array([wide * share, *np.exp(memory)])
            value = -_full(seen, kind, True, tried)
            if value < least:
                best, least = tried, value
    if isotropic:
        return best
    # a little longer than wide, so that the angle has a meaning to begin with
    major = shape_of(np.cov(seen.xy.T))
    return np.array([best[0] * 1.2, best[0] / 1.2, major[2], *best[1:]])


def _profile(seen: Observed, kind: Kind, isotropic: bool, log_memory: Floats) -> float:
    """Return the negative log-likelihood with the best variance, as if locations had no error."""
    if not np.all(np.abs(log_memory) < 60):
        return 1e300
    memory = np.exp(log_memory)
    shape = _variance_given(seen, kind, memory, isotropic, 0)
    n = seen.degrees(kind)
    logdet, _ = seen.gram(kind, tuple(memory))
    log_area = 2 * math.log(shape[0]) if isotropic else math.log(shape[0]) + math.log(shape[1])
    value = logdet + n * (log_area / 2 + 1 + math.log(2 * math.pi))
    return value if math.isfinite(value) else 1e300


def _grid(seen: Observed, kind: Kind) -> list[Floats]:
    """Return log memory parameters all over where they may lie."""
    gaps = np.diff(seen.time_s)
    span = float(seen.time_s[-1])
    slow = np.log(span) + np.linspace(-7, 1.5, 9)
    fast = np.log(float(np.median(gaps))) + np.linspace(-2, 5, 8)
    axes: list[Floats] = []
    for name in kind.parameters:
        if name == "omega":
            axes.append(np.log(2 * math.pi) - np.log(span) + np.linspace(-0.5, 5, 12))
        else:
            axes.append(fast if name == "tau_velocity" else slow)
    tried = [np.array(place) for place in itertools.product(*axes)]
    if kind.name == "OUF":
        tried = [place for place in tried if place[0] > place[1]] or tried
    return tried


def _climbed(objective: Any, start: Floats) -> Floats:
    """Return where the objective is least: a simplex search, then Newton's method to the end."""
    if not len(start):
        return start
    place = minimize(
        objective,
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-3, "fatol": 1e-5, "maxiter": 400 * len(start)},
    ).x
    for reach in (1e-2, 1e-3, 1e-3):
        steps = np.full(len(place), reach)
        curved = curvature(objective, place, steps)
        if np.linalg.eigvalsh(curved).min() <= 0:
            break
        moved = place - np.linalg.solve(curved, slopes(objective, place, steps))
        if not (np.abs(moved - place) < 1).all() or objective(moved) > objective(place) + 1e-9:
            break
        place = moved
    return np.asarray(place)


def _with_errors(seen: Observed, kind: Kind, isotropic: bool, start: Floats) -> Floats:
    """Return the most likely parameters where locations have errors."""
    logs = [i for i, name in enumerate(parameter_names(kind, isotropic)) if name != "angle"]

    def natural(place: Floats) -> Floats:
        values = place.copy()
        values[logs] = np.exp(np.clip(place[logs], -60, 60))
        return values

    def objective(place: Floats) -> float:
        value = -_full(seen, kind, isotropic, natural(place))
        return value if math.isfinite(value) else 1e300

    place = start.copy()
    place[logs] = np.log(start[logs])
    values = natural(_climbed(objective, place))
    if isotropic:
        return values
    # major stays the larger, and the angle within half a turn
    values[:3] = shape_of(covariance_of(shape_from(values, False)))
    return values


def _full(
    seen: Observed, kind: Kind, isotropic: bool, values: Floats, residual: bool = False
) -> float:
    """Return the log-likelihood of all parameters; minus infinity outside their range."""
    shape = shape_from(values, isotropic)
    memory = tuple(values[shape_size(isotropic) :])
    if min(shape[0], shape[1], *memory) <= 0:
        return -math.inf
    return seen.log_likelihood(kind, memory, shape, residual=residual)


def _collapsed(seen: Observed, kind: Kind, isotropic: bool, values: Floats) -> str:
    """Return the simpler kind that a model has become, or nothing."""
    shortest = float(np.diff(seen.time_s).min())
    if kind.name in ("OU", "IOU") and values[-1] < 0.05 * shortest:
        return "IID" if kind.has_range else "BM"
    if kind.name != "OUF":
        return ""
    slow, fast = values[shape_size(isotropic) :]
    if abs(math.log(slow / fast)) < 0.02:
        return "OUf"
    # far below the shortest gap the memory of speed leaves no trace
    return "OU" if min(slow, fast) < 0.02 * shortest else ""


def _towards_residual(seen: Observed, kind: Kind, isotropic: bool, values: Floats) -> Floats:
    """Return the pHREML estimate from that of maximum likelihood."""
    first = shape_size(isotropic)
    if not kind.has_range and not seen.has_errors:
        return values
    if len(values) > first:
        values = _shifted_memory(seen, kind, isotropic, values)
    memory = values[first:]
    if not seen.has_errors:
        return np.concatenate([_variance_given(seen, kind, memory, isotropic, 1), memory])

    def objective(place: Floats) -> float:
        tried = np.r_[np.exp(place[: 1 if isotropic else 2]), place[1 if isotropic else 2 :]]
        return -_full(seen, kind, isotropic, np.r_[tried, memory], residual=True)

    logs = np.r_[np.log(values[: 1 if isotropic else 2]), values[2:first] if first > 1 else []]
    best = _climbed(objective, np.asarray(logs, dtype=float))
    best[: 1 if isotropic else 2] = np.exp(best[: 1 if isotropic else 2])
    return np.concatenate([best, memory])


def _shifted_memory(seen: Observed, kind: Kind, isotropic: bool, values: Floats) -> Floats:
    """Return the memory after one Newton step towards the residual likelihood's maximum.

    The step is straight in the time scales themselves; where it would leave their range, or the
    maximum is no maximum to differences, in their logarithms or not at all.
    """
    first = shape_size(isotropic)
    scale = np.abs(values) + (np.arange(len(values)) == 2 if not isotropic else 0)
    # where the likelihood is flat, its own rounding is felt over shorter distances
    reach = np.full(len(values), 3e-3)
    zero = np.zeros(len(values))

    def falls(place: Floats) -> float:
        return -_full(seen, kind, isotropic, values + place * scale)

    def parted(place: Floats) -> float:
        # the slope of the likelihood is zero here; differences of it would not be
        return falls(place) + _full(seen, kind, isotropic, values + place * scale, residual=True)

    curved = curvature(falls, zero, reach)
    if not np.isfinite(curved).all() or np.linalg.eigvalsh(curved).min() <= 0:
        return values
    shift = np.linalg.solve(curved, slopes(parted, zero, reach))[first:]
    if not (np.abs(shift) < 20).all():  # a likelihood flat to rounding leads nowhere
        return values
    factor = 1 + shift
    if (factor <= 0).any():
        factor = np.exp(shift)
    return np.concatenate([values[:first], values[first:] * factor])


def _model_at(seen: Observed, kind: Kind, isotropic: bool, values: Floats, method: Method) -> Model:
    first = shape_size(isotropic)
    residual = method == "pHREML"
    scale = np.abs(values)
    if not isotropic:
        scale[2] = 1.0
    reach = np.full(len(values), 1e-3)
    curved = curvature(
        lambda place: -_full(seen, kind, isotropic, values + place * scale, residual),
        np.zeros(len(values)),
        reach,
    )
    covariance = covariance_from(curved) * np.outer(scale, scale)
    shape, memory = shape_from(values, isotropic), tuple(float(v) for v in values[first:])
    told = seen.moments(kind, memory, shape)
    loglik = seen.log_likelihood(kind, memory, shape)
    dof = effective_sizes(kind, values, covariance, isotropic)
    mean_covariance = np.full((2, 2), np.inf)
    dof["mean"] = 0.0
    if kind.has_range:
        mean_covariance = np.linalg.inv(told.information)
        area = math.sqrt(shape[0] * shape[1])
        dof["mean"] = area / math.sqrt(float(np.linalg.det(mean_covariance)))
    return Model(
        kind.name,
        isotropic,
        *time_scales(kind, memory),
        covariance_of(shape),
        told.mean,
        loglik,
        _aicc(loglik, seen.degrees(kind), len(values) + (2 if kind.has_range else 0)),
        parameter_names(kind, isotropic),
        values,
        covariance,
        mean_covariance,
        dof,
        seen.n,
        float(seen.time_s[-1]),
        method,
    )


def _aicc(loglik: float, n: int, parameters: int) -> float:
    """Return Akaike's criterion, corrected for a mean and a covariance in two dimensions."""
    if n - parameters + 1 <= 0:
        return math.inf
    return -2 * loglik + 2 * parameters * (n - 1) / (n - parameters + 1)
