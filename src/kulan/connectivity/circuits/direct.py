"""Small circuits and awkward ones: factorise the whole system once, then solve exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import SuperLU, splu

from kulan.connectivity.circuits.stencil import Links
from kulan.connectivity.kernels import sum_by_place
from kulan.errors import MissingExtraError


@dataclass(frozen=True)
class NodeSystem:
    """Links between numbered nodes, assembled.

    Attributes
    ----------
    matrix
        What leaves each node at given potentials, grounds included.
    grounded
        True for the nodes of a part that is grounded somewhere.
    held
        True for nodes held at potential zero; they have no row of their own.
    part
        Number of the connected part of each node, from 0.
    """

    matrix: csc_array
    grounded: NDArray[np.bool_]
    held: NDArray[np.bool_]
    part: NDArray[np.int32]


def assemble(
    n_nodes: int,
    links: Links,
    ground: NDArray[np.float64],
    held: NDArray[np.bool_],
) -> NodeSystem:
    """Assemble the nodal equations.

    Parameters
    ----------
    n_nodes
        How many nodes there are; links name them from 0.
    links
        Links between nodes; parallel ones add up, and one from a node to itself counts nothing.
    ground
        Conductance of each node to the ground, siemens.
    held
        Nodes connected to the ground without resistance.
    """
    proper = links.first != links.second
    i, j, c = links.first[proper], links.second[proper], links.conductance[proper]
    linked = coo_array((np.ones(c.size), (i, j)), shape=(n_nodes, n_nodes))
    n_parts, part = connected_components(linked, directed=False)
    has_ground = np.zeros(n_parts, bool)
    has_ground[part[(ground > 0) | held]] = True
    diagonal = ground + sum_by_place(i, c, n_nodes) + sum_by_place(j, c, n_nodes)
    free = ~(held[i] | held[j])
    i, j, c = i[free], j[free], c[free]
    nodes = np.arange(n_nodes)
    diagonal[held] = 1.0
    matrix = coo_array(
        (
            np.concatenate([-c, -c, diagonal]),
            (np.concatenate([i, j, nodes]), np.concatenate([j, i, nodes])),
        ),
        shape=(n_nodes, n_nodes),
    ).tocsc()
    return NodeSystem(matrix, has_ground[part], held, part)


def factorise(system: NodeSystem) -> SuperLU:
    """Factorise the nodal equations; in each ungrounded part the best connected node is grounded.

    Injections into such a part sum to zero, so no current leaves by that ground, and the
    solution is one of the ungrounded system.
    """
    matrix = system.matrix.copy()
    diagonal = matrix.diagonal()
    anchored = diagonal.copy()
    loose = np.flatnonzero(~system.grounded)
    order = loose[np.lexsort((-diagonal[loose], system.part[loose]))]
    first = np.ones(order.size, bool)
    first[1:] = system.part[order[1:]] != system.part[order[:-1]]
    best = order[first]
    anchored[best] = np.where(diagonal[best] > 0, 2 * diagonal[best], 1.0)
    matrix.setdiag(anchored)
    return splu(
        matrix,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )


def solve_by_pyamg(
    system: NodeSystem, injection: NDArray[np.float64], *, tolerance: float, most_iterations: int
) -> tuple[NDArray[np.float64], int, float]:
    """Solve with PyAMG's smoothed aggregation; return potentials, iterations and residual.

    Parameters
    ----------
    system
        The nodal equations.
    injection
        Current into each node, A.
    tolerance
        Residual, relative to the injection, at which to stop.
    most_iterations
        Where to stop at the latest.

    Raises
    ------
    MissingExtraError
        If PyAMG is not installed.
    """
    try:
        import pyamg  # noqa: PLC0415 - optional, and slow to load
    except ImportError as error:
        raise MissingExtraError(
            'PyAMG is not installed. Install it with: pip install "kulan[amg]"'
        ) from error
    matrix = system.matrix.tocsr()
    keep = matrix.diagonal() > 0
    residuals: list[float] = []
    if not injection[keep].any():
        return np.zeros(injection.size), 0, 0.0
    inner = matrix[keep][:, keep]
    solver = pyamg.smoothed_aggregation_solver(inner, max_coarse=500)
    potential = np.zeros(injection.size)
    potential[keep] = solver.solve(
        injection[keep], tol=tolerance, maxiter=most_iterations, accel="cg", residuals=residuals
    )
    left = np.linalg.norm(injection[keep] - inner @ potential[keep])
    return potential, len(residuals) - 1, float(left / np.linalg.norm(injection[keep]))
