"""Several layers into one: sums, products, ranks, fuzzy sets, and weights from judgements.

Layers are arrays of one shape, by name; where one is NaN the result is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGridError

Values = NDArray[np.float64]
# mean consistency index of random judgements among 1, 2, ... 10 things (Saaty 1980)
_RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)


def product(layers: Mapping[str, Values]) -> Values:
    """Multiply layers: each makes movement so many times as costly."""
    stack, _ = _stacked(layers, None)
    return np.asarray(np.prod(stack, axis=0))


def weighted_sum(
    layers: Mapping[str, Values], weights: Mapping[str, float] | None = None
) -> Values:
    """Average layers by their weights: a bad layer is made up for by a good one.

    Parameters
    ----------
    layers
        By name.
    weights
        Of each layer, zero or more; they are scaled to sum to 1. None weighs all alike.
    """
    stack, share = _stacked(layers, weights)
    return np.asarray(np.tensordot(share, stack, axes=1))


def geometric_mean(
    layers: Mapping[str, Values], weights: Mapping[str, float] | None = None
) -> Values:
    """Average the logarithms of layers: what counts is how many times as much, not how much more.

    Parameters
    ----------
    layers
        By name, all above 0.
    weights
        Of each layer, zero or more; they are scaled to sum to 1. None weighs all alike.
    """
    stack, share = _stacked(layers, weights)
    if (stack <= 0).any():
        raise InvalidGridError(
            f"geometric mean: a layer holds {np.nanmin(stack):g}; all must be above 0."
        )
    return np.asarray(np.exp(np.tensordot(share, np.log(stack), axes=1)))


def largest(layers: Mapping[str, Values]) -> Values:
    """Take the largest layer in each cell: nothing makes up for the worst."""
    stack, _ = _stacked(layers, None)
    return np.asarray(np.max(stack, axis=0))


def ordered_weights(
    layers: Mapping[str, Values],
    order: Sequence[float],
    weights: Mapping[str, float] | None = None,
) -> Values:
    """Average the layers of each cell by their rank there, from the largest to the smallest.

    All weight on the first rank is the largest layer, on the last the smallest, and equal weights
    are the mean: a choice of how much one layer makes up for another (Yager 1988). Weights of
    layers multiply those of ranks, and the products are scaled to sum to 1 in every cell.

    Parameters
    ----------
    layers
        By name.
    order
        Weight of each rank, the largest value first; as many as layers.
    weights
        Of each layer; None weighs all alike.

    References
    ----------
    Yager, R. R. (1988). On ordered weighted averaging aggregation operators in multicriteria
    decisionmaking. IEEE Transactions on Systems, Man, and Cybernetics 18, 183-190.
    """
    stack, share = _stacked(layers, weights)
    ranks = _shares("order", np.asarray(order, dtype=np.float64), len(stack))
    rank = np.argsort(-stack, axis=0, kind="stable")
    weight = ranks.reshape((-1,) + (1,) * (stack.ndim - 1)) * share[rank]
    total = weight.sum(axis=0)
    if not (total > 0).all():
        raise InvalidGridError(
            "ordered weights: the ranks that have a weight fall on layers that have none. "
            "Give every rank or every layer some weight."
        )
    return np.asarray((weight * np.take_along_axis(stack, rank, axis=0)).sum(axis=0) / total)


def orness(order: Sequence[float]) -> float:
    """Say how near weights of ranks come to the largest (1) or the smallest (0) alone."""
    ranks = _shares("order", np.asarray(order, dtype=np.float64), len(order))
    if ranks.size == 1:
        return 0.5
    steps = np.arange(ranks.size - 1, -1, -1)
    return float((steps * ranks).sum() / (ranks.size - 1))


@dataclass(frozen=True)
class JudgedWeights:
    """Weights from judgements in pairs.

    Attributes
    ----------
    weights
        By name, summing to 1.
    consistency_ratio
        Inconsistency of the judgements as a share of that of random ones; above 0.1 they should
        be thought over (Saaty 1980).
    """

    weights: Mapping[str, float]
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the consistency ratio is at most 0.1."""
        return self.consistency_ratio <= 0.1


def judge_weights(
    names: Sequence[str], judgements: Mapping[tuple[str, str], float]
) -> JudgedWeights:
    """Find weights from comparisons of layers in pairs: the analytic hierarchy process.

    Parameters
    ----------
    names
        The layers, at most ten.
    judgements
        How many times as important the first of a pair is as the second, from 1/9 to 9. Every
        pair is judged once, in either order.

    Returns
    -------
    JudgedWeights
        The principal eigenvector of the judgements, and how consistent they are.

    Raises
    ------
    InvalidGridError
        If a pair is not judged, judged twice, or not of the layers named.

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill, New York.

    Examples
    --------
    >>> found = judge_weights(["cover", "relief"], {("cover", "relief"): 3})
    >>> found.weights["cover"], found.consistency_ratio
    (0.75, 0.0)
    """
    matrix = _judgement_matrix(names, judgements)
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    vector = vector / vector.sum()
    n = len(names)
    ratio = 0.0
    if n > 2:
        ratio = max((float(values[first].real) - n) / (n - 1) / _RANDOM_INDEX[n - 1], 0.0)
    weights = {name: round(float(v), 12) for name, v in zip(names, vector, strict=True)}
    return JudgedWeights(weights, ratio if ratio > 1e-12 else 0.0)


def _judgement_matrix(
    names: Sequence[str], judgements: Mapping[tuple[str, str], float]
) -> NDArray[np.float64]:
    n = len(names)
    if not 1 <= n <= len(_RANDOM_INDEX) or len(set(names)) != n:
        raise InvalidGridError(f"judgements: 1 to 10 different layers are needed; {n} named.")
    number = {name: k for k, name in enumerate(names)}
    matrix = np.full((n, n), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (a, b), value in judgements.items():
        if a not in number or b not in number or a == b:
            raise InvalidGridError(
                f"judgements: ({a}, {b}) is no pair of the layers {', '.join(names)}."
            )
        if not np.isnan(matrix[number[a], number[b]]):
            raise InvalidGridError(f"judgements: {a} and {b} are judged twice; keep one.")
        if not 1 / 9 - 1e-9 <= value <= 9 + 1e-9:
            raise InvalidGridError(
                f"judgements: {value:g} for {a} against {b}; the scale is 1/9 to 9."
            )
        matrix[number[a], number[b]] = value
        matrix[number[b], number[a]] = 1.0 / value
    if np.isnan(matrix).any():
        i, j = np.argwhere(np.isnan(matrix))[0]
        raise InvalidGridError(f"judgements: {names[i]} and {names[j]} are not compared.")
    return matrix


# --- fuzzy sets -----------------------------------------------------------------------------------


def trapezoid(values: Values, *, feet: tuple[float, float], top: tuple[float, float]) -> Values:
    """Say how much each value belongs to a fuzzy set: 0 outside its feet, 1 on its top.

    Parameters
    ----------
    values
        The layer.
    feet
        Where membership begins and ends.
    top
        Between these it is full; a foot at the same value makes the step sharp.

    References
    ----------
    Zadeh, L. A. (1965). Fuzzy sets. Information and Control 8, 338-353.
    """
    if not feet[0] <= top[0] <= top[1] <= feet[1]:
        raise InvalidGridError(
            f"trapezoid: feet {feet} and top {top}; the top must lie within the feet."
        )
    rise = np.where(values >= top[0], 1.0, 0.0)
    if top[0] > feet[0]:
        rise = np.clip((values - feet[0]) / (top[0] - feet[0]), 0.0, 1.0)
    fall = np.where(values <= top[1], 1.0, 0.0)
    if feet[1] > top[1]:
        fall = np.clip((feet[1] - values) / (feet[1] - top[1]), 0.0, 1.0)
    return np.where(np.isnan(values), np.nan, np.minimum(rise, fall))


def fuzzy_gamma(memberships: Mapping[str, Values], gamma: float) -> Values:
    """Combine memberships between their product (gamma 0) and their algebraic sum (gamma 1).

    Parameters
    ----------
    memberships
        By name, from 0 to 1.
    gamma
        From 0, where all must hold, to 1, where one is enough.

    References
    ----------
    Zimmermann, H.-J. & Zysno, P. (1980). Latent connectives in human decision making. Fuzzy Sets
    and Systems 4, 37-51.
    """
    stack, _ = _stacked(memberships, None)
    if ((stack < 0) | (stack > 1)).any() or not 0 <= gamma <= 1:
        raise InvalidGridError("fuzzy gamma: memberships and gamma must lie between 0 and 1.")
    every = np.prod(stack, axis=0)
    any_of = 1.0 - np.prod(1.0 - stack, axis=0)
    return np.asarray(any_of**gamma * every ** (1.0 - gamma))


def _stacked(
    layers: Mapping[str, Values], weights: Mapping[str, float] | None
) -> tuple[Values, NDArray[np.float64]]:
    """Stack layers of one shape, and scale their weights to sum to 1."""
    if not layers:
        raise InvalidGridError("layers: none given; at least one is needed.")
    shapes = {name: np.shape(values) for name, values in layers.items()}
    if len(set(shapes.values())) > 1:
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise InvalidGridError(f"layers: of different shapes ({told}). Resample them alike.")
    stack = np.stack([np.asarray(values, dtype=np.float64) for values in layers.values()])
    if np.isinf(stack).any():
        name = next(name for name, values in layers.items() if np.isinf(values).any())
        raise InvalidGridError(
            f"layers: {name} holds infinite values. Give NaN where nothing passes."
        )
    if weights is None:
        return stack, np.full(len(layers), 1.0 / len(layers))
    if set(weights) != set(layers):
        raise InvalidGridError(
            f"weights: given for {', '.join(sorted(weights))}, needed for "
            f"{', '.join(sorted(layers))}."
        )
    return stack, _shares("weights", np.array([weights[name] for name in layers]), len(layers))


def _shares(name: str, weights: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    if weights.shape != (n,) or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
        raise InvalidGridError(
            f"{name}: {weights.tolist()} found; {n} numbers of zero or more are needed, one of "
            "them above zero."
        )
    return np.asarray(weights / weights.sum())
