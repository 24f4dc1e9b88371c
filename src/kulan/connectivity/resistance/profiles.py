"""What resists the movement of a species: its profile applied to the layers of a landscape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.connectivity.resistance.combining import product
from kulan.connectivity.resistance.tables import RESISTANCE_PROFILES
from kulan.connectivity.resistance.transforms import interpolate, reclassify
from kulan.errors import InvalidGridError, InvalidTableError, UnknownNameError
from kulan.schemas import check_table, read_table

Values = NDArray[np.float64]
Combine = Callable[[Mapping[str, Values]], Values]
GREATEST = 1000.0
_CLASSES = "land_cover"


@dataclass(frozen=True)
class Spread:
    """A resistance and the range it may well lie in."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Profile:
    """Resistances of one species in one season.

    Attributes
    ----------
    species_id, season
        Whose.
    layers
        By layer, the resistance at each value of it: classes of `land_cover`, and the points
        between which other layers are interpolated.
    """

    species_id: str
    season: str
    layers: Mapping[str, Mapping[float, Spread]]

    def factor(self, layer: str, values: Values) -> Values:
        """Return the resistance that a layer gives each cell, by the middle of each range.

        Parameters
        ----------
        layer
            Name of the layer.
        values
            Its values; NaN is NoData.
        """
        middle = {value: spread.middle for value, spread in self.layers[layer].items()}
        if layer == _CLASSES:
            return reclassify(values, {int(value): one for value, one in middle.items()})
        return interpolate(values, middle)


@dataclass(frozen=True)
class Resistance:
    """Resistance of a landscape to a species.

    Attributes
    ----------
    values
        Of each cell, 1 or more, shape (rows, columns); NaN where a layer is NaN.
    factors
        What each layer made of it, by name.
    not_given
        Layers the profile speaks of that were not given: what they would add is not in `values`.
    not_used
        Layers that were given and that the profile does not speak of.
    n_unknown
        Cells, by layer, where the layer is not known although the land cover is.
    """

    values: Values
    factors: Mapping[str, Values]
    not_given: tuple[str, ...]
    not_used: tuple[str, ...]
    n_unknown: Mapping[str, int]

    @property
    def conductance(self) -> Values:
        """One over resistance, siemens; 0 for NoData: what `link_cells` takes."""
        return np.nan_to_num(1.0 / self.values, nan=0.0)


@dataclass(frozen=True)
class Scenario:
    """Another state of the landscape, such as one after a mine is built.

    Attributes
    ----------
    name
        What it is called.
    layers
        Layers that take the place of those of the same name.
    without
        Layers whose effect is left out.
    """

    name: str
    layers: Mapping[str, Values] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def applied(self, layers: Mapping[str, Values]) -> dict[str, Values]:
        """Return the layers of the landscape in this state.

        Raises
        ------
        InvalidGridError
            If a layer is left out that is not there.
        """
        absent = [name for name in self.without if name not in layers]
        if absent:
            raise InvalidGridError(
                f"scenario {self.name}: leaves out {', '.join(absent)}, but the landscape has "
                f"{', '.join(sorted(layers)) or 'no layers'}."
            )
        kept = {name: values for name, values in layers.items() if name not in self.without}
        return {**kept, **self.layers}


def resistance_profiles() -> pd.DataFrame:
    """Return the resistance profiles of the package, see `tables.RESISTANCE_PROFILES`.

    Directions and orders of magnitude follow the sources named in each row; the numbers are ours
    and none is fitted to tracks, which is why most rows have low confidence. Fit your own where
    there are data, and use ensembles where there are none.

    Examples
    --------
    >>> sorted(set(resistance_profiles()["species_id"]))[:3]
    ['argali', 'goitered_gazelle', 'khulan']
    """
    return _read_once().copy()


@cache
def _read_once() -> pd.DataFrame:
    return read_table(
        files("kulan.connectivity") / "data" / "resistance_profiles.csv", RESISTANCE_PROFILES
    )


def profile_of(
    species_id: str, season: str = "all", *, table: pd.DataFrame | None = None
) -> Profile:
    """Return the profile of a species.

    Parameters
    ----------
    species_id
        Short name, such as `khulan`.
    season
        `all`, `summer` or `winter`; layers with rows for the season use these, others those of
        the whole year.
    table
        Profiles of your own, as `tables.RESISTANCE_PROFILES` declares them; None for those of
        the package.

    Raises
    ------
    UnknownNameError
        If the species or the season is not known.
    InvalidTableError
        If a row of the table cannot be meant.
    """
    rows = resistance_profiles() if table is None else _checked(table)
    known = sorted(set(rows["species_id"]))
    if species_id not in known:
        raise UnknownNameError(
            f"No resistance profile for {species_id!r}; known: {', '.join(known)}."
        )
    seasons = ("all", "summer", "winter")
    if season not in seasons:
        raise UnknownNameError(f"No season {season!r}; known: {', '.join(seasons)}.")
    rows = rows[(rows["species_id"] == species_id) & rows["season"].isin(["all", season])]
    layers: dict[str, dict[float, Spread]] = {}
    for layer in dict.fromkeys(rows["layer"]):
        part = rows[rows["layer"] == layer]
        own = part[part["season"] == season]
        part = own if len(own) else part[part["season"] == "all"]
        layers[str(layer)] = {
            float(row.value): Spread(
                float(row.resistance_low), float(row.resistance), float(row.resistance_high)
            )
            for row in part.itertuples()
        }
    return Profile(species_id, season, layers)


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    check_table(table, RESISTANCE_PROFILES)
    wrong = ~(
        (table["resistance_low"] >= 1)
        & (table["resistance_low"] <= table["resistance"])
        & (table["resistance"] <= table["resistance_high"])
    )
    if wrong.any():
        row = table[wrong].iloc[0]
        raise InvalidTableError(
            f"resistance_profiles: {int(wrong.sum())} row(s) are out of order, the first for "
            f"{row['species_id']}, {row['layer']} {row['value']:g}: {row['resistance_low']:g}, "
            f"{row['resistance']:g}, {row['resistance_high']:g}. Needed: 1 <= low <= resistance "
            "<= high."
        )
    return table


def resistance_of(
    profile: Profile,
    layers: Mapping[str, Values],
    *,
    combine: Combine = product,
    greatest: float = GREATEST,
    unknown_hinders: bool = True,
) -> Resistance:
    """Find the resistance of a landscape to a species.

    Each layer gives each cell a factor of 1 or more, and by default the factors are multiplied:
    farmland in steep country is worse than either. Land cover is needed; other layers that are
    not given are named in the result.

    Parameters
    ----------
    profile
        Of the species, see `profile_of`.
    layers
        Layers of one shape, by the names in `tables.LAYERS`.
    combine
        How factors make one, such as `geometric_mean` or `largest` of
        `kulan.connectivity.resistance.combining`, or one with weights of your own.
    greatest
        Resistance above which cells count as this: contrast beyond it changes maps little and
        makes circuits hard to solve.
    unknown_hinders
        Whether a cell is NoData where any layer is not known, such as the height of a lake; False
        counts only what is known there, and `n_unknown` says for how many cells.

    Raises
    ------
    InvalidGridError
        If land cover is not given, or shapes differ, or a class has no resistance, or the greatest
        is below 1.
    """
    if _CLASSES not in layers:
        raise InvalidGridError(
            f"layers: {', '.join(sorted(layers)) or 'none'} given; land_cover is needed."
        )
    if not 1 <= greatest < np.inf:
        raise InvalidGridError(
            f"greatest: {greatest:g} found; resistance begins at 1, so it must be at least that."
        )
    factors = {
        name: profile.factor(name, np.asarray(values, dtype=np.float64))
        for name, values in layers.items()
        if name in profile.layers
    }
    known = ~np.isnan(factors[_CLASSES])
    unknown = {name: np.isnan(factor) & known for name, factor in factors.items()}
    if not unknown_hinders:
        factors = {name: np.where(unknown[name], 1.0, one) for name, one in factors.items()}
    values = np.clip(combine(factors), 1.0, greatest)
    return Resistance(
        values,
        factors,
        tuple(name for name in profile.layers if name not in layers),
        tuple(name for name in layers if name not in profile.layers),
        {name: int(cells.sum()) for name, cells in unknown.items() if cells.any()},
    )


def with_middles(profile: Profile, middles: Mapping[str, Mapping[float, float]]) -> Profile:
    """Return a profile whose middle values are replaced, as a member of an ensemble.

    Parameters
    ----------
    profile
        The profile.
    middles
        New resistance by layer and value; all others stay.
    """
    layers = {
        layer: {
            value: replace(spread, middle=middles.get(layer, {}).get(value, spread.middle))
            for value, spread in spreads.items()
        }
        for layer, spreads in profile.layers.items()
    }
    return replace(profile, layers=layers)
