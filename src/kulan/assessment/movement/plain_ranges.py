"""Ranges without a movement model, and where an animal was, as methods of a question of ranges."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from kulan.assessment.movement.range_questions import RangeAsked, RangeFound, RangeMethod
from kulan.movement.bridges.occurrence import brownian_bridge, dynamic_brownian_bridge
from kulan.movement.bridges.variances import MARGIN, WINDOW, motion_variance
from kulan.movement.distributions import Distribution
from kulan.movement.intervals import Interval
from kulan.movement.ranges.hulls import minimum_convex_polygon
from kulan.movement.ranges.kernel_density import kernel_density
from kulan.movement.ranges.local_hulls import local_convex_hulls
from kulan.movement.ranges.time_density import time_density
from kulan.movement.tracks import Track


def by_hull(track: Track, asked: RangeAsked) -> RangeFound:
    """Draw minimum convex polygons; a share is one of fixes, not of use.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted.

    Raises
    ------
    NotEnoughDataError
        If fixes span no area.
    """
    shapes = {level: minimum_convex_polygon(track, level) for level in asked.levels}
    return _drawn(track, shapes)


def by_kernel(track: Track, asked: RangeAsked) -> RangeFound:
    """Estimate a range by kernel density, fixes taken as independent.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted; the setting `bandwidth` is "reference", "lscv" or metres.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than five fixes, or all lie in one place.
    InvalidTableError
        If the bandwidth is none.
    """
    bandwidth = asked.settings.get("bandwidth", "reference")
    use, chosen = kernel_density(track, bandwidth=bandwidth, like=asked.like)
    numbers = {"bandwidth_m": chosen.metres, "bandwidth_found": chosen.converged}
    return _spread(track, use, asked, numbers)


def by_local_hulls(track: Track, asked: RangeAsked) -> RangeFound:
    """Join local convex hulls; a share is one of fixes.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted; the settings `neighbours` ("k", "r" or "a") and `amount`.

    Raises
    ------
    NotEnoughDataError
        If no fix has neighbours enough.
    InvalidTableError
        If the amount is too small.
    """
    kind = asked.settings.get("neighbours", "k")
    amount = asked.settings.get("amount") or _usual_amount(track, kind)
    found = local_convex_hulls(track, kind, amount)
    shapes = found.isopleths(asked.levels)
    return _drawn(track, shapes, {"neighbours": kind, "amount": amount, "hulls": len(found.hulls)})


def _usual_amount(track: Track, kind: str) -> float:
    """Return the root of the number of fixes, or the greatest distance between two (Getz 2007)."""
    if kind == "k":
        return max(round(math.sqrt(len(track))), 3)
    spans = (float(axis.max() - axis.min()) for axis in (track.x_m, track.y_m))
    greatest = math.hypot(*spans)
    return greatest if kind == "a" else greatest / math.sqrt(len(track))


def by_bridge(track: Track, asked: RangeAsked) -> RangeFound:
    """Lay Brownian bridges of one motion variance: where the animal was, not where it lives.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted; the settings `error_m` and `max_gap_s`.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than three fixes.
    InvalidTableError
        If the location error is unknown.
    """
    error_m, gap_s = asked.settings.get("error_m"), asked.settings.get("max_gap_s", math.inf)
    variance = motion_variance(track, error_m=error_m)
    use = brownian_bridge(
        track,
        error_m=error_m,
        variance_m2_per_s=variance.estimate,
        max_gap_s=gap_s,
        like=asked.like,
    )
    return _spread(track, use, asked, {"motion_variance_m2_per_s": variance})


def by_dynamic_bridge(track: Track, asked: RangeAsked) -> RangeFound:
    """Lay dynamic Brownian bridges: where the animal was, not where it lives.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted; the settings `error_m`, `max_gap_s`, `window` and `margin`.

    Raises
    ------
    NotEnoughDataError
        If there are fewer fixes than a window.
    InvalidTableError
        If the location error is unknown, or window and margin do not fit.
    """
    said = asked.settings
    use = dynamic_brownian_bridge(
        track,
        error_m=said.get("error_m"),
        window=said.get("window", WINDOW),
        margin=said.get("margin", MARGIN),
        max_gap_s=said.get("max_gap_s", math.inf),
        like=asked.like,
    )
    return _spread(track, use, asked, {})


def by_time(track: Track, asked: RangeAsked) -> RangeFound:
    """Share time out along straight ways: where the animal was, not where it lives.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted; the setting `max_gap_s`.

    Raises
    ------
    NotEnoughDataError
        If no two fixes follow each other closely enough.
    """
    use = time_density(track, max_gap_s=asked.settings.get("max_gap_s", math.inf))
    return _spread(track, use, asked, {})


def _drawn(
    track: Track, shapes: Mapping[float, Any], numbers: Mapping[str, Any] | None = None
) -> RangeFound:
    areas = {level: _bare(shape.area) for level, shape in shapes.items()}
    return RangeFound(track, areas, polygons=shapes, numbers=numbers or {})


def _spread(
    track: Track, use: Distribution, asked: RangeAsked, numbers: Mapping[str, Any]
) -> RangeFound:
    areas = {level: _bare(use.area_m2(level)) for level in asked.levels}
    return RangeFound(track, areas, use, numbers={"distribution": use.kind, **numbers})


def _bare(area_m2: float) -> Interval:
    """Return an area whose limits these methods cannot tell."""
    return Interval(math.nan, float(area_m2), math.nan)


def _method(find: Callable[[Track, RangeAsked], RangeFound], name: str, source: str) -> RangeMethod:
    return RangeMethod(find, f"kulan.movement.{name}", source)


PLAIN_METHODS: dict[str, RangeMethod] = {
    "mcp": _method(
        by_hull,
        "ranges.hulls.minimum_convex_polygon",
        "Mohr 1947, American Midland Naturalist 37: 223-249",
    ),
    "kde": _method(
        by_kernel,
        "ranges.kernel_density.kernel_density",
        "Worton 1989, Ecology 70: 164-168",
    ),
    "locoh": _method(
        by_local_hulls,
        "ranges.local_hulls.local_convex_hulls",
        "Getz and Wilmers 2004, Ecography 27: 489-505; Getz et al. 2007, PLoS ONE 2: e207",
    ),
    "bridge": _method(
        by_bridge,
        "bridges.occurrence.brownian_bridge",
        "Horne et al. 2007, Ecology 88: 2354-2363",
    ),
    "dynamic-bridge": _method(
        by_dynamic_bridge,
        "bridges.occurrence.dynamic_brownian_bridge",
        "Kranstauber et al. 2012, Journal of Animal Ecology 81: 738-746",
    ),
    "time": _method(
        by_time,
        "ranges.time_density.time_density",
        "time between fixes shared out along straight ways",
    ),
}
