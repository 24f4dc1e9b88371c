"""The network of sites and links: who lies between whom, how much is connected, what each adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.patches import Protection, amounts_of
from kulan.assessment.connectivity.places import NamedSites
from kulan.connectivity.least_cost.betweenness import betweenness
from kulan.connectivity.least_cost.metrics import (
    Dispersal,
    PatchNetwork,
    connectedness,
    link_importance,
    patch_importance,
)
from kulan.connectivity.least_cost.protected_connected import protected_connected
from kulan.exchange import Reading
from kulan.provenance import Input


@dataclass(frozen=True)
class NetworkQuestion:
    """What is asked of a network.

    Attributes
    ----------
    dispersal
        How the chance that a link is covered falls with its cost, cost-km; None for no measures
        that rest on it.
    protection
        How much of each patch is protected; None where ProtConn is not asked for.
    """

    dispersal: Dispersal | None = None
    protection: Protection | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        if self.dispersal is None:
            return {}
        return {
            "dispersal_cost_km": self.dispersal.cost,
            "dispersal_probability": self.dispersal.probability,
        }


@dataclass(frozen=True)
class NetworkAnswer:
    """What a network comes to.

    Attributes
    ----------
    patches
        One row for each patch.
    links
        Measures of each link, to stand beside the links.
    n_parts
        Parts of the network that no link joins.
    numbers
        Measures of the whole.
    notes
        What a careful reader must know.
    readings, inputs
        Files beside that of the sites.
    """

    patches: pd.DataFrame
    links: pd.DataFrame
    n_parts: int
    numbers: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    inputs: tuple[Input, ...] = field(default=())


def measure(
    question: NetworkQuestion, sites: NamedSites, landscape: Landscape, links: pd.DataFrame
) -> NetworkAnswer:
    """Measure a network of sites.

    Parameters
    ----------
    question
        What is asked.
    sites
        The patches.
    landscape
        The cells; those with a resistance are the landscape that Probability of Connectivity and
        ProtConn are shares of.
    links
        `first`, `second` (numbers of sites) and `cost_km`.
    """
    amounts, by_area = amounts_of(sites)
    network = PatchNetwork(amounts, links.rename(columns={"cost_km": "cost"}))
    between = betweenness(network)
    patches = pd.DataFrame(sites.table.drop(columns="geometry")).set_index("site")
    patches["amount"] = amounts
    patches["links"] = pd.concat([links["first"], links["second"]]).value_counts()
    patches["links"] = patches["links"].fillna(0).astype(int)
    patches["betweenness"] = between.patches
    of_links = pd.DataFrame({"betweenness": between.links})
    n_parts, part = connected_components(network.graph(), directed=False)
    patches["part"] = part + 1
    numbers: dict[str, Any] = {}
    notes = _part_notes(patches, n_parts)
    land_km2 = float(np.isfinite(landscape.resistance).sum() * landscape.grid.cell_km2)
    if question.dispersal is not None:
        flow = betweenness(network, question.dispersal)
        patches["betweenness_flow"], of_links["betweenness_flow"] = flow.patches, flow.links
        numbers |= _connected(network, question.dispersal, land_km2, by_area=by_area)
        patches = patches.join(patch_importance(network, question.dispersal))
        of_links["dpc"] = link_importance(network, question.dispersal)
        notes += _amount_notes(sites, by_area=by_area)
    protection = question.protection
    if question.dispersal is not None and protection is not None:
        patches["protected_km2"] = pd.Series(protection.area_km2)
        told, about = _protected(network, question.dispersal, protection, land_km2)
        numbers |= told
        notes += about
    return NetworkAnswer(
        patches.reset_index(),
        of_links,
        int(n_parts),
        numbers,
        tuple(notes),
        () if protection is None else protection.readings,
        () if protection is None else protection.inputs,
    )


def _connected(
    network: PatchNetwork, dispersal: Dispersal, land_km2: float, *, by_area: bool
) -> dict[str, Any]:
    """Return PC and ECA; PC is a share of the landscape only where amounts are areas."""
    total = float(network.amounts.sum())
    found = connectedness(network, dispersal, landscape=land_km2 if by_area else total)
    unit = "_km2" if by_area else ""
    numbers = {
        f"habitat{unit}": found.habitat,
        f"equivalent_connected_area{unit}": found.eca,
        "equivalent_connected_share": found.eca / found.habitat,
    }
    if by_area:
        numbers |= {"landscape_km2": land_km2, "probability_of_connectivity": found.pc}
    return numbers


def _protected(
    network: PatchNetwork, dispersal: Dispersal, protection: Protection, land_km2: float
) -> tuple[dict[str, Any], list[str]]:
    areas = pd.Series(protection.area_km2, dtype=np.float64)
    if not areas.sum() > 0:
        return {}, ["No patch is protected, so ProtConn cannot be told."]
    found = protected_connected(PatchNetwork(areas, network.links), dispersal, region=land_km2)
    names = {
        "prot": "protected_percent",
        "protconn": "protected_connected_percent",
        "protunconn": "protected_unconnected_percent",
        "relconn": "connected_percent_of_protected",
    }
    numbers = {word: getattr(found, name) for name, word in names.items()}
    parts = ("within", "contiguous", "unprotected")
    numbers |= {f"protected_connected_{name}_percent": getattr(found, name) for name in parts}
    notes = []
    if protection.elsewhere_km2:
        notes.append(
            f"ProtConn counts the protected land inside the patches; "
            f"{protection.elsewhere_km2:,.0f} km² of protected land lie outside them."
        )
    return numbers, notes


def _part_notes(patches: pd.DataFrame, n_parts: int) -> list[str]:
    alone = patches.loc[patches["links"] == 0, "name"]
    notes = [f"Site {name} has no link to any other." for name in alone]
    if n_parts > 1:
        notes.append(f"The network falls into {n_parts} parts (patches.csv, column part).")
    return notes


def _amount_notes(sites: NamedSites, *, by_area: bool) -> list[str]:
    points = sites.table.geometry.geom_type.isin(["Point", "MultiPoint"])
    if by_area and points.any():
        return [
            f"{int(points.sum())} of {len(sites)} sites are points and count with the area of "
            "their cells. Give areas, or a column `attribute`, for importances that mean something."
        ]
    return []
