"""How the layers of a profile become one resistance: the choice, its weights, and their spread."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from kulan.connectivity.resistance.combining import (
    geometric_mean,
    judge_weights,
    largest,
    ordered_weights,
    orness,
    product,
    weighted_sum,
)
from kulan.connectivity.resistance.ensembles import sample_weights
from kulan.connectivity.resistance.profiles import Combine
from kulan.errors import InvalidTableError

Kind = Literal["product", "weighted-sum", "geometric-mean", "largest", "ordered"]
KINDS: tuple[Kind, ...] = ("product", "weighted-sum", "geometric-mean", "largest", "ordered")
_WEIGHTED = ("weighted-sum", "geometric-mean", "ordered")


@dataclass(frozen=True)
class Combination:
    """How layers become one.

    Attributes
    ----------
    kind
        See `kulan.connectivity.resistance.combining`.
    weights
        Of each layer; empty weighs all alike.
    order
        Weights of ranks, the largest resistance first, for `ordered`.
    concentration
        In an ensemble, weights are drawn around those given, the closer the larger this is; None
        keeps them.
    consistency_ratio
        Of the judgements that the weights come from; None where they come from none.
    """

    kind: Kind = "product"
    weights: Mapping[str, float] = field(default_factory=dict)
    order: Sequence[float] = ()
    concentration: float | None = None
    consistency_ratio: float | None = None

    def __post_init__(self) -> None:
        if self.weights and self.kind not in _WEIGHTED:
            raise InvalidTableError(
                f"weights: given for the combination {self.kind!r}, which has none. "
                f"Choose one of {', '.join(_WEIGHTED)}, or leave the weights out."
            )
        if bool(self.order) != (self.kind == "ordered"):
            raise InvalidTableError(
                "order: weights of ranks belong to the combination 'ordered', and it needs them."
            )

    @property
    def parameters(self) -> dict[str, Any]:
        """What a recipe says of it."""
        said: dict[str, Any] = {"combination": self.kind}
        if self.weights:
            said["weights"] = dict(self.weights)
        if self.order:
            said |= {"rank_weights": list(self.order), "orness": orness(self.order)}
        if self.concentration is not None:
            said["weight_concentration"] = self.concentration
        if self.consistency_ratio is not None:
            said["consistency_ratio"] = self.consistency_ratio
        return said

    def function(self, names: Sequence[str], rng: np.random.Generator | None = None) -> Combine:
        """Return what combines layers.

        Parameters
        ----------
        names
            The layers there are.
        rng
            Draws the weights of a member of an ensemble; None takes them as given.

        Raises
        ------
        InvalidGridError
            If weights are not those of the layers there are.
        """
        if self.kind == "product":
            return product
        if self.kind == "largest":
            return largest
        weights = dict(self.weights) or dict.fromkeys(names, 1.0)
        if rng is not None and self.concentration is not None:
            weights = sample_weights(weights, 1, rng, concentration=self.concentration)[0]
        if self.kind == "ordered":
            return partial(ordered_weights, order=self.order, weights=weights)
        return partial(
            weighted_sum if self.kind == "weighted-sum" else geometric_mean, weights=weights
        )


def read_judgements(path: Path) -> tuple[dict[str, float], float]:
    """Read comparisons of layers in pairs, and find the weights they come to.

    Parameters
    ----------
    path
        CSV with the columns `layer`, `other_layer` and `times_as_important` (1/9 to 9, decimal).

    Returns
    -------
    tuple
        Weights by layer, and the consistency ratio.

    Raises
    ------
    InvalidTableError
        If a column is missing or a number cannot be read.
    InvalidGridError
        If a pair is missing, given twice, or off the scale.
    """
    needed = ("layer", "other_layer", "times_as_important")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [name for name in needed if not rows or name not in rows[0]]
    if missing:
        raise InvalidTableError(f"{path.name}: lacks {', '.join(missing)}; needed: {needed}.")
    judgements: dict[tuple[str, str], float] = {}
    for line, row in enumerate(rows, start=2):
        try:
            value = float(row["times_as_important"])
        except (TypeError, ValueError):
            raise InvalidTableError(
                f"{path.name} line {line}: times_as_important is {row['times_as_important']!r}; a "
                "number from 0.111 to 9 is needed."
            ) from None
        judgements[row["layer"].strip(), row["other_layer"].strip()] = value
    names = list(dict.fromkeys(name for pair in judgements for name in pair))
    judged = judge_weights(names, judgements)
    return dict(judged.weights), judged.consistency_ratio
