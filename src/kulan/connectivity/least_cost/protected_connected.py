"""ProtConn: how much of a region is protected and connected."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra

from kulan.connectivity.least_cost.metrics import Dispersal, PatchNetwork
from kulan.errors import InvalidTableError


@dataclass(frozen=True)
class ProtectedConnected:
    """How much of a region is protected, and how much of that is connected.

    Attributes
    ----------
    prot
        Share of the region under protection, percent.
    protconn
        Share of the region protected and connected, percent; never above `prot`.
    protunconn
        Share of the region protected but isolated, percent: `prot` less `protconn`.
    relconn
        Share of the protected land that is connected, percent.
    within, contiguous, unprotected, transboundary
        Shares of the double sum under `protconn`, percent, together 100: reached inside one
        area; from area to area without leaving protected land; by crossing unprotected land; only
        by way of areas outside the region.
    """

    prot: float
    protconn: float
    protunconn: float
    relconn: float
    within: float
    contiguous: float
    unprotected: float
    transboundary: float


def protected_connected(
    network: PatchNetwork,
    dispersal: Dispersal,
    *,
    region: float,
    outside: Collection[object] = (),
) -> ProtectedConnected:
    r"""Measure how much of a region is protected and connected.

    .. math:: \mathit{ProtConn} = \frac{100}{A_L} \sqrt{\sum_i \sum_j a_i a_j p^*_{ij}}

    where `a` are the protected areas' sizes inside the region and `A_L` is the region's size.
    Areas outside the region count nothing themselves, but ways may lead through them. Links of no
    cost join areas that touch. What each area adds is `patch_importance`, column `deca`, with the
    amounts of areas outside set to zero.

    Parameters
    ----------
    network
        Protected areas, their sizes inside the region, and links; overlaps must be dissolved.
    dispersal
        How the chance of a link falls with its cost.
    region
        Size of the region, in the unit of the amounts.
    outside
        Names of areas outside the region; what amount they have is not counted.

    Raises
    ------
    InvalidTableError
        If a name is unknown, nothing is protected, or the region is smaller than its areas.

    References
    ----------
    Saura, S., Bastin, L., Battistella, L., Mandrici, A. & Dubois, G. (2017). Protected areas in
    the world's ecoregions: how well connected are they? Ecological Indicators 76, 144-158.

    Saura, S. et al. (2018). Protected area connectivity: shortfalls in global targets and
    country-level priorities. Biological Conservation 219, 53-67.
    """
    abroad = _abroad(network, outside)
    sizes = np.where(abroad, 0.0, network.amounts.to_numpy(dtype=np.float64))
    if not (0 < sizes.sum() <= region < np.inf):
        raise InvalidTableError(
            f"region: its size is {region}, its protected areas have {sizes.sum()} together. Give "
            "both in one unit; nothing can be said of a region without protected areas."
        )
    chances = dispersal.chance(dijkstra(network.graph(), directed=False))
    whole = float(sizes @ chances @ sizes)
    within = float((sizes**2).sum())
    touching = float(sizes @ _joined(network, abroad) @ sizes)
    at_home = dispersal.chance(dijkstra(_graph_at_home(network, abroad), directed=False))
    by_abroad = max(whole - float(sizes @ at_home @ sizes), 0.0)
    prot, protconn = 100 * sizes.sum() / region, 100 * np.sqrt(whole) / region
    crossing = max(whole - within - touching - by_abroad, 0.0)
    return ProtectedConnected(
        float(prot),
        float(protconn),
        float(prot - protconn),
        float(100 * protconn / prot),
        *(100 * part / whole for part in (within, touching, crossing, by_abroad)),
    )


def _abroad(network: PatchNetwork, outside: Collection[object]) -> NDArray[np.bool_]:
    names = list(outside)
    if unknown := [name for name in names if name not in network.amounts.index]:
        raise InvalidTableError(f"outside: {unknown[0]!r} is not among the protected areas.")
    return np.asarray(network.amounts.index.isin(names))


def _links_with(network: PatchNetwork, patches: NDArray[np.bool_]) -> NDArray[np.bool_]:
    first, second = network.ends()
    return patches[first] | patches[second]


def _graph_at_home(network: PatchNetwork, abroad: NDArray[np.bool_]) -> object:
    return network.graph(left_out=np.flatnonzero(_links_with(network, abroad)).tolist())


def _joined(network: PatchNetwork, abroad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which areas are parts of one block of protected land inside the region."""
    dear = network.links["cost"].to_numpy(dtype=np.float64) > 0
    left_out = np.flatnonzero(dear | _links_with(network, abroad)).tolist()
    graph = network.graph(left_out=left_out)
    # a stored zero is a link of no cost; components look at what is stored
    graph.data[:] = 1.0
    _, block = connected_components(graph, directed=False)
    same: NDArray[np.bool_] = block[:, None] == block[None, :]
    np.fill_diagonal(same, val=False)
    return same
