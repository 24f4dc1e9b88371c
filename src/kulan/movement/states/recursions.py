"""The inner loops of hidden Markov models: forward, backward and Viterbi, scaled, in numba."""

import numpy as np
from numpy.typing import NDArray

from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def forward(
    log_density: Floats, moves: Floats, first: Floats, is_start: NDArray[np.bool_], alpha: Floats
) -> float:
    """Fill `alpha` with the state probabilities given all up to now; return the log-likelihood.

    `log_density` has shape (n, states). `moves[t]` leads from observation t - 1 to t, shape
    (n, states, states), or (1, states, states) where it never changes. At a start of a series the
    probabilities are `first`.
    """
    n, states = log_density.shape
    total = 0.0
    varies = moves.shape[0] > 1
    before = np.empty(states)
    for t in range(n):
        if is_start[t]:
            for j in range(states):
                before[j] = first[j]
        else:
            move = moves[t] if varies else moves[0]
            for j in range(states):
                chance = 0.0
                for i in range(states):
                    chance += alpha[t - 1, i] * move[i, j]
                before[j] = chance
        top = log_density[t, 0]
        for j in range(1, states):
            top = max(top, log_density[t, j])
        summed = 0.0
        for j in range(states):
            alpha[t, j] = before[j] * np.exp(log_density[t, j] - top)
            summed += alpha[t, j]
        if not summed > 0.0:
            return -np.inf
        for j in range(states):
            alpha[t, j] /= summed
        total += np.log(summed) + top
    return total


@kernel
def backward(
    log_density: Floats,
    moves: Floats,
    is_start: NDArray[np.bool_],
    alpha: Floats,
    posterior: Floats,
    moved: Floats,
) -> None:
    """Fill `posterior` (n, states) and `moved` (shape of `moves`) with what all observations say.

    `moved[t, i, j]` is the probability of state i at t - 1 and j at t, summed over t where the
    moves never change.
    """
    n, states = log_density.shape
    varies = moves.shape[0] > 1
    moved[:] = 0.0
    beta = np.ones(states)
    weighted = np.empty(states)
    for t in range(n - 1, -1, -1):
        summed = 0.0
        for j in range(states):
            posterior[t, j] = alpha[t, j] * beta[j]
            summed += posterior[t, j]
        for j in range(states):
            posterior[t, j] /= summed
        if is_start[t]:
            beta[:] = 1.0
            continue
        top = log_density[t].max()
        for j in range(states):
            weighted[j] = np.exp(log_density[t, j] - top) * beta[j]
        place = t if varies else 0
        move = moves[place]
        summed = 0.0
        for i in range(states):
            for j in range(states):
                summed += alpha[t - 1, i] * move[i, j] * weighted[j]
        largest = 0.0
        for i in range(states):
            ahead = 0.0
            for j in range(states):
                ahead += move[i, j] * weighted[j]
                moved[place, i, j] += alpha[t - 1, i] * move[i, j] * weighted[j] / summed
            beta[i] = ahead
            largest = max(largest, ahead)
        for i in range(states):
            beta[i] /= largest


@kernel
def likeliest_path(
    log_density: Floats, log_moves: Floats, log_first: Floats, is_start: NDArray[np.bool_]
) -> Ints:
    """Return the likeliest sequence of states (Viterbi), shape (n,)."""
    n, states = log_density.shape
    varies = log_moves.shape[0] > 1
    came_from = np.zeros((n, states), dtype=np.int64)
    path = np.zeros(n, dtype=np.int64)
    best = np.empty((n, states))
    for t in range(n):
        for j in range(states):
            if is_start[t]:
                best[t, j] = log_first[j] + log_density[t, j]
                continue
            move = log_moves[t] if varies else log_moves[0]
            top = -np.inf
            for i in range(states):
                tried = best[t - 1, i] + move[i, j]
                if tried > top:
                    top = tried
                    came_from[t, j] = i
            best[t, j] = top + log_density[t, j]
    for t in range(n - 1, -1, -1):
        if t == n - 1 or is_start[t + 1]:
            path[t] = np.argmax(best[t])
        else:
            path[t] = came_from[t + 1, path[t + 1]]
    return path
