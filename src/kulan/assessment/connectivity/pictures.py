"""The pictures of answers about connectivity: one function for each command."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from kulan import __version__
from kulan.assessment.connectivity.barriers import BarrierLines
from kulan.assessment.connectivity.circuits import CircuitQuestion
from kulan.assessment.connectivity.corridors import CorridorQuestion
from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.omnidirectional import OmnidirectionalQuestion
from kulan.assessment.connectivity.places import NamedSites
from kulan.assessment.connectivity.wired import WiredQuestion
from kulan.connectivity.least_cost.link_networks import LinkNetwork
from kulan.connectivity.least_cost.paths import LeastCostPath
from kulan.errors import UnknownNameError
from kulan.places import WGS84, project
from kulan.programme import species_name
from kulan.report.connectivity.maps import (
    corridor_map,
    current_map,
    normalised_flow_map,
    omnidirectional_map,
    resistance_map,
    uncertainty_map,
    voltage_map,
)
from kulan.report.connectivity.network_maps import network_map
from kulan.report.connectivity.overlays import Overlays
from kulan.report.connectivity.sheets import Caption, Picture
from kulan.words import words_in

_WORDS = words_in("en")


def with_pictures(answer: Answer, drawn: Mapping[str, Picture]) -> Answer:
    """Return an answer with its pictures, as PNG by their names."""
    files = {f"{name}.png": picture.encode(".png") for name, picture in drawn.items()}
    return replace(answer, pictures={**answer.pictures, **files})


def draw_resistance(answer: Answer) -> Answer:
    """Draw the map of resistance, and with an ensemble how far its members differ.

    Parameters
    ----------
    answer
        What `kulan.assessment.connectivity.resistance.build_resistance` found.
    """
    grid = answer.grids["resistance"]
    title = "Resistance to movement"
    drawn = {"resistance": resistance_map(grid.known, grid, _caption(title, answer), _WORDS)}
    if "resistance_cv" in answer.grids:
        spread = answer.grids["resistance_cv"]
        drawn["resistance_cv"] = uncertainty_map(
            spread.known,
            spread,
            _caption("How far the members of the ensemble differ", answer),
            _WORDS,
            measure="Coefficient of variation of resistance",
        )
    return with_pictures(answer, drawn)


def draw_circuit(question: CircuitQuestion, answer: Answer) -> Answer:
    """Draw where currents between sites concentrate.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.circuits.connect` found.
    """
    modes = {
        "pairwise": "summed over all pairs of sites",
        "one-to-all": "from each site to all others",
        "all-to-one": "from all other sites to each",
    }
    grid = answer.grids["current"]
    caption = _caption(f"Current between {len(question.sites)} sites", answer, modes[question.mode])
    over = Overlays(sites=_labelled(question.sites), barriers=_lines(question.barriers))
    return with_pictures(
        answer, {"current": current_map(grid.known, grid, caption, _WORDS, over=over)}
    )


def draw_corridors(question: CorridorQuestion, answer: Answer) -> Answer:
    """Draw corridors with their least-cost paths, pinch points, and the network over resistance.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.corridors.find_corridors` found.
    """
    grid = answer.grids["corridors"]
    cutoff_km = float(answer.numbers["cutoff_km"])
    sites, barriers = _labelled(question.sites), _lines(question.barriers)
    ways = answer.features["paths"]
    over = Overlays(sites=sites, barriers=barriers, ways=ways)
    told = f"{len(ways)} links between {len(question.sites)} sites"
    drawn = {
        "corridors": corridor_map(
            grid.known,
            grid,
            _caption("Least-cost corridors", answer, told),
            _WORDS,
            unit="cost-km",
            cutoff=cutoff_km,
            over=over,
        ),
        "network": network_map(
            _patches(question),
            grid,
            _network(answer, question),
            _caption("Network of least-cost links", answer, told),
            _WORDS,
            importance=answer.tables["links"]["betweenness"],
            measure="betweenness",
            over=Overlays(sites=sites, barriers=barriers),
        ),
    }
    if "pinch_points" in answer.grids:
        pinch = answer.grids["pinch_points"]
        drawn["pinch_points"] = current_map(
            pinch.known,
            pinch,
            _caption(
                "Pinch points", answer, "largest current of a link that carries 1 A in its corridor"
            ),
            _WORDS,
            over=Overlays(sites=sites, barriers=barriers),
        )
    return with_pictures(answer, drawn)


def _patches(question: CorridorQuestion) -> NDArray[np.float64]:
    """Return the number of the site on each cell, 0 for none, NaN for NoData."""
    known = np.isfinite(question.landscape.resistance)
    patches = np.where(known, 0.0, np.nan)
    for number, cells in question.sites.sites.cells.items():
        patches.ravel()[cells] = number
    return patches


def _network(answer: Answer, question: CorridorQuestion) -> LinkNetwork:
    """Put links and their ways, which are lines through the centres of cells, together again."""
    frame = question.landscape.frame
    ways = project(answer.features["paths"].geometry.to_numpy(), WGS84, frame.crs)
    costs = answer.tables["links"][["cost_km", "length_km"]].to_numpy()
    paths = [
        LeastCostPath(
            np.rint(frame.in_cells(shapely.get_coordinates(way))[:, ::-1]).astype(np.int64), *cost
        )
        for way, cost in zip(ways, costs.tolist(), strict=True)
    ]
    return LinkNetwork(answer.tables["patches"], answer.tables["links"], tuple(paths))


def draw_flow(question: OmnidirectionalQuestion, answer: Answer) -> Answer:
    """Draw the current of all directions, and where it is more or less than on even land.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.omnidirectional.find_flow` found.
    """
    over = Overlays(barriers=_lines(question.barriers))
    told = f"sources within {question.radius_km:g} km of each target"
    grid = answer.grids["current"]
    drawn = {
        "current": omnidirectional_map(
            grid.known,
            grid,
            _caption("Movement in all directions", answer, told),
            _WORDS,
            over=over,
        )
    }
    if "normalised" in answer.grids:
        drawn["normalised"] = normalised_flow_map(
            answer.grids["normalised"].known,
            grid,
            _caption("Movement against that on even land", answer, told),
            _WORDS,
            over=over,
        )
    return with_pictures(answer, drawn)


def draw_wired(question: WiredQuestion, answer: Answer) -> Answer:
    """Draw current and potential between given sources and grounds.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.wired.let_flow` found.
    """
    named = [
        wires.table[["name", "geometry"]].rename(columns={"name": "site"})
        for wires in (question.sources, question.grounds)
        if wires.table is not None
    ]
    sites = None
    if named:
        rows = [row for table in named for row in table.to_dict("records")]
        sites = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    over = Overlays(sites=sites, barriers=_lines(question.barriers))
    current, voltage = answer.grids["current"], answer.grids["voltage"]
    told = "from given sources to given grounds"
    return with_pictures(
        answer,
        {
            "current": current_map(
                current.known, current, _caption("Current", answer, told), _WORDS, over=over
            ),
            "voltage": voltage_map(
                voltage.known, voltage, _caption("Potential", answer, told), _WORDS, over=over
            ),
        },
    )


def _caption(title: str, answer: Answer, told: str = "") -> Caption:
    """Write title, subtitle with the species, and where it comes from."""
    whose = _whose(answer.parameters)
    inputs = ", ".join(dict.fromkeys(one.name for one in answer.inputs))
    return Caption(
        title,
        "; ".join(part for part in (whose, told) if part),
        f"{inputs}. Kulan {__version__}, recipe {answer.recipe.digest[:12]}.",
    )


def _whose(parameters: Mapping[str, object]) -> str:
    species_id, season = parameters.get("species_id"), parameters.get("season")
    if not species_id:
        return ""
    try:
        name = species_name(str(species_id), "en")
    except UnknownNameError:
        name = str(species_id)
    return name if season in (None, "", "all") else f"{name}, {season}"


def _labelled(sites: NamedSites) -> gpd.GeoDataFrame:
    return sites.table[["name", "geometry"]].rename(columns={"name": "site"})


def _lines(barriers: BarrierLines) -> gpd.GeoDataFrame | None:
    return barriers.table if len(barriers) else None
