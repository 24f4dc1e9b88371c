"""What a question of ranges asks, what is found for an animal, and what a method of it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kulan.assessment.movement.models import FitAsked
from kulan.movement.contours import contours
from kulan.movement.distributions import Distribution
from kulan.movement.intervals import Interval
from kulan.movement.tracks import Track


@dataclass(frozen=True)
class RangeAsked:
    """What range is wanted.

    Attributes
    ----------
    method
        A name of `METHODS`.
    levels
        Shares of use to give areas and contours of, 0 to 1.
    weights
        Whether fixes of dense stretches count less ("akde").
    like
        "ctmm", or None.
    fit
        How the movement model behind a range is found ("akde").
    settings
        Further settings of a method.
    """

    method: str = "akde"
    levels: Sequence[float] = (0.5, 0.95)
    weights: bool = False
    like: Any = None
    fit: FitAsked = field(default_factory=FitAsked)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RangeFound:
    """An animal's range.

    Attributes
    ----------
    track
        Whose.
    areas
        Area that holds each share of use, m².
    distribution
        Use over cells; None where there is none, or the method makes none.
    polygons
        Contours of methods that make no distribution, in the track's plane.
    word
        Why there is no range; empty where there is one.
    numbers
        What else is known.
    """

    track: Track
    areas: Mapping[float, Interval]
    distribution: Distribution | None = None
    polygons: Mapping[float, Any] = field(default_factory=dict)
    word: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def contours(self) -> Mapping[float, Any]:
        """Return the outline of each share of use, in the track's plane."""
        if self.distribution is None:
            return self.polygons
        return contours(self.distribution, list(self.areas))


@dataclass(frozen=True)
class RangeMethod:
    """A way to find a range.

    Attributes
    ----------
    find
        What finds it for one animal.
    function
        Dotted name of the library's function, for the recipe.
    source
        Publication.
    """

    find: Callable[[Track, RangeAsked], RangeFound]
    function: str
    source: str
