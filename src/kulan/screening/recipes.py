"""Recipes of figures: which method, on which layers, with which parameters made a number."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import kulan
from kulan.provenance import Input, Recipe
from kulan.screening.findings import Figure, LayerUsed

_KEY_LETTERS = 12
_DECIMALS = {"km": 3, "km2": 3, "fraction": 8, "km_per_100km2": 6, "count": 0, "m": 1}


class RecipeBook:
    """The recipes of one screening, each kept once under a short key.

    Parameters
    ----------
    layers
        The layers a figure can be made from, by id: their hashes go into the recipes.
    """

    def __init__(self, layers: Mapping[str, LayerUsed]) -> None:
        self._layers = layers
        self._kept: dict[str, Recipe] = {}

    @property
    def recipes(self) -> dict[str, Recipe]:
        """All recipes written so far, by key, in the order of the keys."""
        return dict(sorted(self._kept.items()))

    def write(
        self,
        method: str,
        *,
        drawn: tuple[Input, ...] = (),
        layers: tuple[str, ...] = (),
        source: str = "",
        **parameters: Any,
    ) -> str:
        """Keep a recipe and return its key.

        Parameters
        ----------
        method
            Dotted name of the function that made the number, after ``kulan.screening.``.
        drawn
            Alternatives it was made from.
        layers
            Ids of the layers it was made from; one without a file of its own is left out.
        source
            Publication of the method.
        **parameters
            Plain values, units in their names.
        """
        used = tuple(
            Input(layer_id, self._layers[layer_id].sha256, self._layers[layer_id].title)
            for layer_id in layers
            if layer_id in self._layers
        )
        recipe = Recipe(
            method=f"kulan.screening.{method}",
            version=kulan.__version__,
            inputs=(*drawn, *used),
            parameters=dict(sorted(parameters.items())),
            source=source,
        )
        key = f"r-{recipe.digest[:_KEY_LETTERS]}"
        self._kept[key] = recipe
        return key


def figure(
    value: float | None,
    unit: str,
    recipe: str,
    *,
    low: float | None = None,
    high: float | None = None,
    reason: str = "",
) -> Figure:
    """Return a figure, rounded well below what the data can tell so that equal results are equal.

    Parameters
    ----------
    value, low, high
        The number and its interval; None or not-a-number where there is none.
    unit
        One of the units of `Figure`.
    recipe
        Key from `RecipeBook.write`.
    reason
        Why there is no value.
    """
    return Figure(
        value=_rounded(value, unit),
        unit=unit,
        recipe=recipe,
        low=_rounded(low, unit),
        high=_rounded(high, unit),
        reason=reason,
    )


def _rounded(value: float | None, unit: str) -> float | None:
    if value is None or not np.isfinite(value):
        return None
    rounded = round(float(value), _DECIMALS[unit])
    return rounded + 0.0  # no minus zero
