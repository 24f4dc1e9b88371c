"""How well a network of patches is connected: PC, ECA, and what each patch and link adds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from kulan.errors import InvalidTableError


@dataclass(frozen=True)
class Dispersal:
    """How the chance that an animal covers a link falls with the link's cost.

    p = exp(-k cost), with k such that p is `probability` at `cost`.

    Attributes
    ----------
    cost
        A cost, in the unit of the links' costs.
    probability
        Chance that a link of this cost is covered, between 0 and 1; with one half, `cost` is the
        median dispersal cost.
    """

    cost: float
    probability: float = 0.5

    def __post_init__(self) -> None:
        if not (0 < self.cost < np.inf and 0 < self.probability < 1):
            raise InvalidTableError(
                f"dispersal: cost {self.cost} with probability {self.probability}; a positive cost "
                "and a probability between 0 and 1 are needed."
            )

    def chance(self, cost: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance that a way of this cost is covered; 0 where the cost is infinite."""
        chance: NDArray[np.float64] = np.exp(np.log(self.probability) * cost / self.cost)
        return chance


@dataclass(frozen=True)
class PatchNetwork:
    """Patches with an amount of habitat each, and links with a cost each.

    Attributes
    ----------
    amounts
        Amount of habitat, such as area_km2, of each patch; the index are the patches' names.
    links
        Columns `first`, `second` (names of patches) and `cost`, zero or more; further columns
        are ignored. A link leads both ways; of several between two patches the cheapest counts.
    """

    amounts: "pd.Series[float]"
    links: pd.DataFrame

    def __post_init__(self) -> None:
        if self.amounts.empty or not self.amounts.index.is_unique:
            raise InvalidTableError("amounts: every patch must be named once, and there is none.")
        for name, column in (("amounts", self.amounts), ("links", self.links.get("cost"))):
            if column is not None and len(column) and not is_numeric_dtype(column):
                raise InvalidTableError(f"{name}: numbers are needed, {column.iloc[0]!r} found.")
        if not (np.isfinite(self.amounts) & (self.amounts >= 0)).all():
            raise InvalidTableError("amounts: an amount is negative, infinite or missing.")
        if missing := {"first", "second", "cost"} - set(self.links.columns):
            raise InvalidTableError(f"links: no column {sorted(missing)}.")
        ends = pd.concat([self.links["first"], self.links["second"]])
        unknown = ends[~ends.isin(self.amounts.index)]
        if not unknown.empty:
            raise InvalidTableError(f"links: patch {unknown.iloc[0]!r} is not among the amounts.")
        if not (self.links["cost"] >= 0).all():
            raise InvalidTableError("links: a cost is negative or missing.")

    def ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the positions of each link's patches."""
        index = self.amounts.index
        return (
            index.get_indexer(pd.Index(self.links["first"])).astype(np.int64),
            index.get_indexer(pd.Index(self.links["second"])).astype(np.int64),
        )

    def without_patch(self, patch: object) -> "PatchNetwork":
        """Return the network without one `patch` and its links."""
        if patch not in self.amounts.index:
            raise InvalidTableError(f"patch {patch!r}: it is not among the amounts.")
        touching = (self.links["first"] == patch) | (self.links["second"] == patch)
        return PatchNetwork(self.amounts.drop(patch), self.links[~touching])

    def graph(self, left_out: Sequence[int] = ()) -> csr_array:
        """Return the costs of links as a sparse matrix, both ways.

        Parameters
        ----------
        left_out
            Positions of links to leave out.
        """
        first, second = self.ends()
        kept = np.delete(np.arange(first.size), left_out)
        pairs = pd.DataFrame(
            {
                "a": np.minimum(first, second)[kept],
                "b": np.maximum(first, second)[kept],
                "cost": self.links["cost"].to_numpy(dtype=np.float64)[kept],
            }
        )
        pairs = pairs[(pairs["a"] != pairs["b"]) & np.isfinite(pairs["cost"])]
        best = pairs.groupby(["a", "b"], as_index=False)["cost"].min()
        row = np.concatenate([best["a"], best["b"]])
        column = np.concatenate([best["b"], best["a"]])
        n = len(self.amounts)
        return csr_array((np.tile(best["cost"], 2), (row, column)), shape=(n, n))


@dataclass(frozen=True)
class Connectedness:
    """How much habitat can be reached in a network.

    Attributes
    ----------
    pc
        Probability of Connectivity: chance that two animals placed at random in the landscape
        fall into habitat and can reach each other, 0 to 1.
    eca
        Equivalent Connected Area: size of one patch that would have the same PC, in the unit of
        the amounts.
    habitat
        All amounts together; ECA lies between the largest patch and this.
    """

    pc: float
    eca: float
    habitat: float


def path_chances(network: PatchNetwork, dispersal: Dispersal) -> NDArray[np.float64]:
    """Return the chance of the best way between every two patches, shape (n, n).

    The product of chances along a way is largest where the sum of costs is least.

    Parameters
    ----------
    network
        Patches and links.
    dispersal
        How chance falls with cost.
    """
    return dispersal.chance(dijkstra(network.graph(), directed=False))


def connectedness(
    network: PatchNetwork, dispersal: Dispersal, *, landscape: float
) -> Connectedness:
    r"""Measure the connectivity of a network of patches.

    .. math:: \mathit{PC} = \frac{\sum_i \sum_j a_i a_j p^*_{ij}}{A_L^2}, \qquad
        \mathit{ECA} = \sqrt{\sum_i \sum_j a_i a_j p^*_{ij}}

    where `a` are amounts, `p*` the largest product of chances of links over all ways, 1 within a
    patch, and `A_L` is the whole landscape. It speaks of ways that exist, not of how many animals
    take them.

    Parameters
    ----------
    network
        Patches and links.
    dispersal
        How the chance of a link falls with its cost.
    landscape
        Size of the landscape, patches and all between, in the unit of the amounts.

    Raises
    ------
    InvalidTableError
        If the landscape is smaller than its patches, or its size is not positive and finite.

    References
    ----------
    Saura, S. & Pascual-Hortal, L. (2007). A new habitat availability index to integrate
    connectivity in landscape conservation planning. Landscape and Urban Planning 83, 91-103.

    Saura, S., Estreguil, C., Mouton, C. & Rodríguez-Freire, M. (2011). Network analysis to assess
    landscape connectivity trends. Ecological Indicators 11, 407-416.

    Examples
    --------
    >>> links = pd.DataFrame({"first": ["a"], "second": ["b"], "cost": [10.0]})
    >>> network = PatchNetwork(pd.Series({"a": 3.0, "b": 4.0}), links)
    >>> measured = connectedness(network, Dispersal(10.0), landscape=10.0)
    >>> round(measured.pc, 3), round(measured.eca, 3)
    (0.37, 6.083)
    """
    amounts = network.amounts.to_numpy(dtype=np.float64)
    if not (amounts.sum() <= landscape and 0 < landscape < np.inf):
        raise InvalidTableError(
            f"landscape: its size is {landscape}, its patches have {amounts.sum()} together. Give "
            "both in one unit; the landscape is no smaller than its patches."
        )
    reachable = float(amounts @ path_chances(network, dispersal) @ amounts)
    return Connectedness(reachable / landscape**2, float(np.sqrt(reachable)), float(amounts.sum()))


def patch_importance(network: PatchNetwork, dispersal: Dispersal) -> pd.DataFrame:
    r"""Say what the network would lose with each patch, and in which of three ways.

    .. math:: \mathit{dPC}_k = 100 \frac{\mathit{PC} - \mathit{PC}_{-k}}{\mathit{PC}}
        = \mathit{intra}_k + \mathit{flux}_k + \mathit{connector}_k

    Parameters
    ----------
    network
        Patches and links.
    dispersal
        How the chance of a link falls with its cost.

    Returns
    -------
    DataFrame
        One row per patch, percent of PC: `dpc`, `intra` (habitat inside the patch), `flux` (what
        is reached from it or reaches it), `connector` (what only meets by way of it), and `deca`,
        the loss of ECA in percent.

    Raises
    ------
    InvalidTableError
        If there is no habitat at all.

    References
    ----------
    Saura, S. & Rubio, L. (2010). A common currency for the different ways in which patches and
    links can contribute to habitat availability and connectivity in the landscape. Ecography 33,
    523-537.
    """
    amounts, chances, before, whole = _whole(network, dispersal)
    first, second = network.ends()
    reach = chances @ amounts
    rows = []
    for k in range(len(amounts)):
        intra, flux = amounts[k] ** 2, 2 * amounts[k] * (reach[k] - amounts[k])
        through = np.flatnonzero((before == k).any(axis=1))
        through = through[through != k]
        connector = 0.0
        if through.size:
            cut = network.graph(left_out=np.flatnonzero((first == k) | (second == k)).tolist())
            after = dispersal.chance(dijkstra(cut, directed=False, indices=through))
            others = amounts.copy()
            others[k] = 0.0
            connector = float(amounts[through] @ (chances[through] - after) @ others)
        rows.append((intra, flux, max(connector, 0.0)))
    parts = 100 * np.array(rows) / whole
    return _losses(
        pd.DataFrame(parts, index=network.amounts.index, columns=["intra", "flux", "connector"])
    )


def _losses(parts: pd.DataFrame) -> pd.DataFrame:
    lost = parts.sum(axis=1).clip(upper=100)
    parts.insert(0, "dpc", lost)
    parts["deca"] = 100 * (1 - np.sqrt(1 - lost / 100))
    return parts


def link_importance(network: PatchNetwork, dispersal: Dispersal) -> "pd.Series[float]":
    """Say what the network would lose with each link, in percent of PC.

    Parameters
    ----------
    network
        Patches and links.
    dispersal
        How the chance of a link falls with its cost.

    Returns
    -------
    Series
        `dpc` of each link, with the index of the links; 0 for links that no best way takes.

    Raises
    ------
    InvalidTableError
        If there is no habitat at all.
    """
    amounts, chances, before, whole = _whole(network, dispersal)
    lost = []
    for position, (a, b) in enumerate(zip(*network.ends(), strict=True)):
        taken = np.flatnonzero((before[:, b] == a) | (before[:, a] == b))
        after = dispersal.chance(
            dijkstra(network.graph(left_out=[position]), directed=False, indices=taken)
        )
        loss = float(amounts[taken] @ (chances[taken] - after) @ amounts) if taken.size else 0.0
        lost.append(100 * max(loss, 0.0) / whole)
    return pd.Series(lost, index=network.links.index, name="dpc", dtype=np.float64)


def _whole(
    network: PatchNetwork, dispersal: Dispersal
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32], float]:
    """Return amounts, chances, the patch before each on the best way from each, and the sum."""
    amounts = np.asarray(network.amounts, dtype=np.float64)
    cost, before = dijkstra(network.graph(), directed=False, return_predecessors=True)
    chances = dispersal.chance(cost)
    whole = float(amounts @ chances @ amounts)
    if whole == 0:
        raise InvalidTableError("amounts: all patches together hold no habitat.")
    return amounts, chances, before, whole
