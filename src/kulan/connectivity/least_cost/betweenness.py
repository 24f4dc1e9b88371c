"""Betweenness: on how many best ways between other patches a patch or a link lies."""

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
import pandas as pd

from kulan.connectivity.least_cost.metrics import Dispersal, PatchNetwork

# costs that differ by less than rounding are one cost
_SAME = 1e-12


@dataclass(frozen=True)
class Betweenness:
    """How much passes each patch and each link.

    Attributes
    ----------
    patches
        Of each patch, without the ways that begin or end there.
    links
        Of each link, by the index of the network's links.
    """

    patches: "pd.Series[float]"
    links: "pd.Series[float]"


@dataclass
class _Ways:
    """The best ways from one patch: cost, their number, and the links they come by."""

    cost: dict[int, float]
    count: dict[int, float]
    came_by: dict[int, list[tuple[int, int]]]
    order: list[int]


def betweenness(network: PatchNetwork, dispersal: Dispersal | None = None) -> Betweenness:
    """Count the best ways between all pairs of patches that pass each patch and link.

    Where several ways are equally cheap, each counts in part. With `dispersal` a pair does not
    count one but the product of its patches' amounts and the chance that its best way is covered:
    what flows through a patch or link in the sense of the Probability of Connectivity.

    Parameters
    ----------
    network
        Patches and links; a link without cost counts like any other.
    dispersal
        How chance falls with cost; None to count pairs.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. Journal of Mathematical
    Sociology 25, 163-177.

    Bodin, Ö. & Saura, S. (2010). Ranking individual habitat patches as connectivity providers.
    Ecological Modelling 221, 2393-2405.

    Examples
    --------
    >>> links = pd.DataFrame({"first": [1, 2], "second": [2, 3], "cost": [5.0, 7.0]})
    >>> found = betweenness(PatchNetwork(pd.Series(1.0, index=[1, 2, 3]), links))
    >>> found.patches.tolist(), found.links.tolist()
    ([0.0, 1.0, 0.0], [2.0, 2.0])
    """
    n = len(network.amounts)
    amounts = network.amounts.to_numpy(dtype=np.float64)
    links: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    costs = network.links["cost"].to_numpy(dtype=np.float64)
    for link, (a, b) in enumerate(zip(*network.ends(), strict=True)):
        if a != b and costs[link] < np.inf:
            links[int(a)].append((int(b), link, float(costs[link])))
            links[int(b)].append((int(a), link, float(costs[link])))
    of_patches, of_links = np.zeros(n), np.zeros(len(network.links))
    for source in range(n):
        ways = _ways_from(source, links)
        passing: dict[int, float] = defaultdict(float)
        for patch in reversed(ways.order[1:]):
            ends_here = 1.0
            if dispersal is not None:
                chance = float(dispersal.chance(np.array([ways.cost[patch]]))[0])
                ends_here = amounts[source] * amounts[patch] * chance
            of_patches[patch] += passing[patch]
            for before, link in ways.came_by[patch]:
                share = ways.count[before] / ways.count[patch] * (ends_here + passing[patch])
                passing[before] += share
                of_links[link] += share
    # every pair was counted from both its ends
    return Betweenness(
        pd.Series(of_patches / 2, index=network.amounts.index, name="betweenness"),
        pd.Series(of_links / 2, index=network.links.index, name="betweenness"),
    )


def _ways_from(source: int, links: dict[int, list[tuple[int, int, float]]]) -> _Ways:
    """Find the best ways from one patch to all others."""
    ways = _Ways({source: 0.0}, {source: 1.0}, {source: []}, [])
    settled: set[int] = set()
    waiting = [(0.0, source)]
    while waiting:
        cost, here = heappop(waiting)
        if here in settled:
            continue
        settled.add(here)
        ways.order.append(here)
        for there, link, step in links[here]:
            if there in settled:
                continue
            new, old = cost + step, ways.cost.get(there, np.inf)
            if new < old * (1 - _SAME):
                ways.cost[there] = new
                ways.count[there] = ways.count[here]
                ways.came_by[there] = [(here, link)]
                heappush(waiting, (new, there))
            elif new <= old * (1 + _SAME):
                ways.count[there] += ways.count[here]
                ways.came_by[there].append((here, link))
    return ways
