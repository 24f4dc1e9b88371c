"""A fitted movement model: what is remembered, how long, over what area, and how sure that is."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from kulan.movement.intervals import (
    UNKNOWN,
    Interval,
    chi_square_interval,
    log_normal_interval,
    mixed_interval,
    return_interval,
    variance_interval,
)
from kulan.movement.models.likelihood import covariance_of, shape_of
from kulan.movement.models.processes import KINDS, Kind, steepest_rise

Floats = NDArray[Any]
Like = Literal["ctmm"]


@dataclass(frozen=True, eq=False)
class Model:
    """A continuous-time model of one animal's movement.

    Attributes
    ----------
    kind
        A name of `processes.KINDS`: "IID", "OU", "OUf", "OUF", "OUO", "BM" or "IOU".
    isotropic
        Whether it moves alike in all directions.
    tau_s
        Time scales of position and of speed, s: 0 for none, infinite for walks without a range.
    omega
        Angular frequency of the return, rad/s; 0 for none.
    sigma_m2
        Covariance of positions, m², (2, 2). Of BM: of displacement per second, m²/s. Of IOU: of
        speeds, m²/s².
    mu_m
        Mean position, m, (2,); of walks the first fix.
    loglik
        Log-likelihood at these parameters, the mean at its best.
    aicc
        Akaike's criterion corrected for the number of fixes.
    parameters, values, covariance
        Names of what was fitted ("major", "minor", "angle" in rad or "variance", and time scales in
        s, "omega"), values, and the covariance of their errors.
    mean_covariance_m2
        Covariance of the error of `mu_m`, m².
    dof
        Effective sample sizes: "mean", "area", "diffusion", "speed".
    n_fixes, span_s
        Fixes the model was fitted to, and the time they span, s.
    method
        "pHREML" or "ML".
    """

    kind: str
    isotropic: bool
    tau_s: tuple[float, float]
    omega: float
    sigma_m2: Floats
    mu_m: Floats
    loglik: float
    aicc: float
    parameters: tuple[str, ...]
    values: Floats
    covariance: Floats
    mean_covariance_m2: Floats
    dof: Mapping[str, float]
    n_fixes: int
    span_s: float
    method: str = "pHREML"

    @property
    def name(self) -> str:
        """Kind and shape, such as "OUF anisotropic"."""
        return self.kind if self.isotropic else f"{self.kind} anisotropic"

    @property
    def process(self) -> Kind:
        """The kind in full."""
        return KINDS[self.kind]

    @property
    def memory(self) -> tuple[float, ...]:
        """The fitted memory parameters, in the order of the kind."""
        return tuple(float(value) for value in self.values[shape_size(self.isotropic) :])

    def area_m2(
        self, share: float = 0.95, level: float = 0.95, *, like: Like | None = None
    ) -> Interval:
        """Return the area, m², of the ellipse that holds `share` of a Gaussian range.

        Unknown for kinds without a range. `like` is that of `with_limits`.
        """
        if not self.process.has_range:
            return UNKNOWN
        area = -2 * math.log(1 - share) * math.pi * math.sqrt(np.linalg.det(self.sigma_m2))
        return self.with_limits(area, level, like=like)

    def with_limits(
        self, area_m2: float, level: float = 0.95, *, like: Like | None = None
    ) -> Interval:
        """Return an area of the animal's range, m², with the limits that this model gives it.

        What is not known because the time scales are not has limits of `return_interval`, what
        would be left with them known those of `variance_interval`, and they mix by their shares of
        the variance. `like` "ctmm" takes `chi_square_interval` for all, whose upper limit is too
        low where the range was crossed less than about a hundred times.
        """
        size = self.dof["area"]
        if like == "ctmm" or not 0 < size < math.inf:
            return chi_square_interval(area_m2, 2 * size, level)
        given = size_given_memory(self.values, self.covariance, self.isotropic)
        share = min(max(1 - size / given, 0.0), 1.0)
        return mixed_interval(
            return_interval(area_m2, size, level),
            variance_interval(area_m2, 2 * size, level),
            share,
        )

    def speed_m_s(self, level: float = 0.95) -> Interval:
        """Return the speed, m/s, as root of its mean square; unknown where paths have no speed.

        This is the Gaussian speed of the model, at its own time scale; an animal's distance over
        steps, however short, is never more than the path between them.
        """
        squared = speed_squared(self.process, self.values, self.isotropic)
        freedom = 2 * self.dof["speed"]
        if not math.isfinite(squared):
            return UNKNOWN
        root = math.sqrt(squared)
        if freedom < 2:
            # fixes without a signal of velocity: what bounds the speed is then the model alone
            return Interval(0.0, root, math.inf, level)
        if math.isinf(freedom):
            return Interval(root, root, root, level)
        tail = (1 - level) / 2
        low, high = (math.sqrt(stats.chi2.ppf(q, freedom) / freedom) for q in (tail, 1 - tail))
        # a root of a chi-square is on average too small
        half = freedom / 2
        short = math.exp(special.gammaln(half + 0.5) - special.gammaln(half)) / math.sqrt(half)
        return Interval(root * low, root / short, root * high, level)

    def diffusion_m2_s(self, level: float = 0.95) -> Interval:
        """Return the greatest rate at which half the mean squared displacement grows, m²/s.

        Of both axes together; D of the diffusion equation (mean square 4 D t) is half of it.
        Unknown for positions without memory.
        """
        rate = diffusion(self.process, self.values, self.isotropic)
        if not math.isfinite(rate):
            return UNKNOWN
        return chi_square_interval(rate, 2 * self.dof["diffusion"], level)

    def tau_interval_s(
        self, which: str = "position", level: float = 0.95, *, like: Like | None = None
    ) -> Interval:
        """Return the time scale, s, of "position" or "velocity" with its limits.

        That of position, which is known from returns, has limits of `return_interval`; `like`
        "ctmm" gives it those of a log-normal, which the time scale of velocity has at any rate.
        """
        for name in (f"tau_{which}", "tau"):
            if name in self.parameters:
                at = self.parameters.index(name)
                value = float(self.values[at])
                relative = float(self.covariance[at, at]) / value**2
                if name == "tau_velocity" or like == "ctmm" or not 0 < relative < math.inf:
                    return log_normal_interval(value, relative, level)
                return return_interval(value, 1 / relative, level)
        return UNKNOWN


def shape_size(isotropic: bool) -> int:
    """Return how many parameters say variance and shape."""
    return 1 if isotropic else 3


def parameter_names(kind: Kind, isotropic: bool) -> tuple[str, ...]:
    """Return what a fit of this kind estimates besides the mean."""
    return (("variance",) if isotropic else ("major", "minor", "angle")) + kind.parameters


def shape_from(values: Floats, isotropic: bool) -> tuple[float, float, float]:
    """Return major and minor variance and angle, from parameters."""
    if isotropic:
        return float(values[0]), float(values[0]), 0.0
    return float(values[0]), float(values[1]), float(values[2])


def speed_squared(kind: Kind, values: Floats, isotropic: bool) -> float:
    """Return the mean squared speed, m²/s²; infinite where paths have no speed."""
    major, minor, _ = shape_from(values, isotropic)
    if not kind.has_speed:
        return math.inf
    if not kind.has_range:
        return major + minor
    return float((major + minor) * kind.rates(list(values[shape_size(isotropic) :]))[1])


def diffusion(kind: Kind, values: Floats, isotropic: bool) -> float:
    """Return the greatest slope of the semivariance, both axes together, m²/s."""
    major, minor, _ = shape_from(values, isotropic)
    return float((major + minor) * steepest_rise(kind, list(values[shape_size(isotropic) :])))


def area_scale(kind: Kind, values: Floats, isotropic: bool) -> float:
    """Return the geometric mean variance, m², which areas are proportional to."""
    major, minor, _ = shape_from(values, isotropic)
    return math.sqrt(major * minor) if kind.has_range else math.inf


def effective_sizes(
    kind: Kind, values: Floats, covariance: Floats, isotropic: bool
) -> dict[str, float]:
    """Return squared value over variance of area, diffusion and speed, by the delta method."""

    def size(of: Callable[[Kind, Floats, bool], float]) -> float:
        value = of(kind, values, isotropic)
        if not math.isfinite(value):
            return 0.0
        slopes = np.empty(len(values))
        for i, at in enumerate(values):
            reach = np.zeros(len(values))
            reach[i] = 1e-5 * (abs(at) or 1.0)
            up, down = of(kind, values + reach, isotropic), of(kind, values - reach, isotropic)
            slopes[i] = (up - down) / (2 * reach[i])
        variance = float(slopes @ covariance @ slopes)
        return float(value**2 / variance) if variance > 0 else 0.0

    return {"area": size(area_scale), "diffusion": size(diffusion), "speed": size(speed_squared)}


def size_given_memory(values: Floats, covariance: Floats, isotropic: bool) -> float:
    """Return the effective sample size of the area if the time scales were known.

    Parameters
    ----------
    values, covariance
        Of the fitted parameters.
    isotropic
        Whether the range is a circle.
    """
    first = shape_size(isotropic)
    # the inverse of a part of the information is the covariance with the rest held fast; in units
    # of the values, as rad and squared metres are far apart
    scale = np.abs(values) if isotropic else np.where(np.arange(len(values)) == 2, 1.0, values)
    information = np.linalg.inv(covariance / np.outer(scale, scale))[:first, :first]
    slopes = np.array([1.0]) if isotropic else np.array([0.5, 0.5, 0.0])
    return float(1 / (slopes @ np.linalg.solve(information, slopes)))


def make_model(**said: Any) -> Model:
    """Return a model of parameters said rather than fitted: for simulations and examples.

    Parameters
    ----------
    **said
        `kind`, `memory` (as `Kind.parameters`), `sigma_m2` (2, 2), and `mu_m` (the origin).

    Returns
    -------
    Model
        Without uncertainty.

    Examples
    --------
    >>> make_model(kind="OU", memory=(86400.0,), sigma_m2=np.eye(2)).tau_s
    (86400.0, 0.0)
    """
    kind = KINDS[said["kind"]]
    sigma = np.asarray(said["sigma_m2"], dtype=float)
    memory = tuple(said.get("memory", ()))
    values = np.array([*shape_of(sigma), *memory])
    size = len(values)
    return Model(
        kind.name,
        False,
        *time_scales(kind, memory),
        covariance_of(shape_from(values, False)),
        np.asarray(said.get("mu_m", (0.0, 0.0)), dtype=float),
        math.nan,
        math.nan,
        parameter_names(kind, False),
        values,
        np.zeros((size, size)),
        np.zeros((2, 2)),
        dict.fromkeys(("mean", "area", "diffusion", "speed"), math.inf),
        0,
        0.0,
        "said",
    )


def time_scales(kind: Kind, memory: tuple[float, ...]) -> tuple[tuple[float, float], float]:
    """Return the time scales of position and speed, s, and the angular frequency, rad/s."""
    if kind.name == "OU":
        return (memory[0], 0.0), 0.0
    if kind.name == "OUF":
        return (max(memory), min(memory)), 0.0
    if kind.name == "OUf":
        return (memory[0], memory[0]), 0.0
    if kind.name == "OUO":
        return (memory[0], memory[0]), memory[1]
    if kind.name == "IOU":
        return (math.inf, memory[0]), 0.0
    return (math.inf if kind.name == "BM" else 0.0, 0.0), 0.0
