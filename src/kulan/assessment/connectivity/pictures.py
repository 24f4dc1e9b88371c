"""The pictures of answers about connectivity: one function for each command."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines
from kulan.assessment.connectivity.circuits import CircuitQuestion
from kulan.assessment.connectivity.corridors import CorridorQuestion
from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.omnidirectional import OmnidirectionalQuestion
from kulan.assessment.connectivity.picture_settings import PictureSetting
from kulan.assessment.connectivity.places import NamedSites
from kulan.assessment.connectivity.wired import WiredQuestion
from kulan.connectivity.least_cost.link_networks import LinkNetwork
from kulan.connectivity.least_cost.paths import LeastCostPath
from kulan.places import WGS84, project
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
from kulan.report.connectivity.sheets import Picture

IN_ENGLISH = PictureSetting()


def with_pictures(answer: Answer, drawn: Mapping[str, Picture]) -> Answer:
    """Return an answer with its pictures, as PNG by their names."""
    files = {f"{name}.png": picture.encode(".png") for name, picture in drawn.items()}
    return replace(answer, pictures={**answer.pictures, **files})


def draw_resistance(answer: Answer, setting: PictureSetting = IN_ENGLISH) -> Answer:
    """Draw the map of resistance, and with an ensemble how far its members differ.

    Parameters
    ----------
    answer
        What `kulan.assessment.connectivity.resistance.build_resistance` found.
    setting
        For whom, and over which borders.
    """
    reader, over = setting.reader, setting.over()
    grid = answer.grids["resistance"]
    caption = setting.caption(reader.say("Resistance to movement"), answer)
    drawn = {"resistance": resistance_map(grid.known, grid, caption, setting.words, over=over)}
    if "resistance_cv" in answer.grids:
        spread = answer.grids["resistance_cv"]
        drawn["resistance_cv"] = uncertainty_map(
            spread.known,
            spread,
            setting.caption(reader.say("How far the members of the ensemble differ"), answer),
            setting.words,
            measure=reader.say("Coefficient of variation of resistance"),
            over=over,
        )
    return with_pictures(answer, drawn)


def draw_circuit(
    question: CircuitQuestion, answer: Answer, setting: PictureSetting = IN_ENGLISH
) -> Answer:
    """Draw where currents between sites concentrate.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.circuits.connect` found.
    setting
        For whom, and over which borders.
    """
    reader = setting.reader
    modes = {
        "pairwise": reader.say("summed over all pairs of sites"),
        "one-to-all": reader.say("from each site to all others"),
        "all-to-one": reader.say("from all other sites to each"),
    }
    grid = answer.grids["current"]
    title = reader.say_count(
        "Current between {count} site", "Current between {count} sites", len(question.sites)
    )
    over = setting.over(sites=labelled(question.sites), barriers=lines_of(question.barriers))
    caption = setting.caption(title, answer, modes[question.mode])
    return with_pictures(
        answer, {"current": current_map(grid.known, grid, caption, setting.words, over=over)}
    )


def draw_corridors(
    question: CorridorQuestion, answer: Answer, setting: PictureSetting = IN_ENGLISH
) -> Answer:
    """Draw corridors with their least-cost paths, pinch points, and the network over resistance.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.corridors.find_corridors` found.
    setting
        For whom, and over which borders.
    """
    reader = setting.reader
    grid = answer.grids["corridors"]
    sites, barriers = labelled(question.sites), lines_of(question.barriers)
    over = setting.over(sites=sites, barriers=barriers)
    told = reader.say_count(
        "{count} link between {sites} sites",
        "{count} links between {sites} sites",
        len(answer.features["paths"]),
        sites=setting.words.number(len(question.sites)),
    )
    drawn = {
        "corridors": corridor_map(
            grid.known,
            grid,
            setting.caption(reader.say("Least-cost corridors"), answer, told),
            setting.words,
            unit=reader.say("cost-km"),
            cutoff=float(answer.numbers["cutoff_km"]),
            over=replace(over, ways=answer.features["paths"]),
        ),
        "network": network_map(
            _patches(question),
            grid,
            _network(answer, question),
            setting.caption(reader.say("Network of least-cost links"), answer, told),
            setting.words,
            importance=answer.tables["links"]["betweenness"],
            measure=reader.say("betweenness"),
            over=over,
        ),
    }
    if "pinch_points" in answer.grids:
        pinch = answer.grids["pinch_points"]
        about = reader.say("largest current of a link that carries 1 A in its corridor")
        caption = setting.caption(reader.say("Pinch points"), answer, about)
        drawn["pinch_points"] = current_map(pinch.known, pinch, caption, setting.words, over=over)
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


def draw_flow(
    question: OmnidirectionalQuestion, answer: Answer, setting: PictureSetting = IN_ENGLISH
) -> Answer:
    """Draw the current of all directions, and where it is more or less than on even land.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.omnidirectional.find_flow` found.
    setting
        For whom, and over which borders.
    """
    reader, over = setting.reader, setting.over(barriers=lines_of(question.barriers))
    radius = setting.words.significant(question.radius_km)
    told = reader.say("sources within {radius} km of each target", radius=radius)
    grid = answer.grids["current"]
    caption = setting.caption(reader.say("Movement in all directions"), answer, told)
    drawn = {"current": omnidirectional_map(grid.known, grid, caption, setting.words, over=over)}
    if "normalised" in answer.grids:
        title = reader.say("Movement against that on even land")
        drawn["normalised"] = normalised_flow_map(
            answer.grids["normalised"].known,
            grid,
            setting.caption(title, answer, told),
            setting.words,
            over=over,
        )
    return with_pictures(answer, drawn)


def draw_wired(
    question: WiredQuestion, answer: Answer, setting: PictureSetting = IN_ENGLISH
) -> Answer:
    """Draw current and potential between given sources and grounds.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.wired.let_flow` found.
    setting
        For whom, and over which borders.
    """
    reader, over = (
        setting.reader,
        setting.over(sites=_wired_places(question), barriers=lines_of(question.barriers)),
    )
    told = reader.say("from given sources to given grounds")
    current, voltage = answer.grids["current"], answer.grids["voltage"]
    captions = [
        setting.caption(title, answer, told)
        for title in (reader.say("Current"), reader.say("Potential"))
    ]
    drawn = {
        "current": current_map(current.known, current, captions[0], setting.words, over=over),
        "voltage": voltage_map(voltage.known, voltage, captions[1], setting.words, over=over),
    }
    return with_pictures(answer, drawn)


def _wired_places(question: WiredQuestion) -> gpd.GeoDataFrame | None:
    """Return sources and grounds that were given as shapes, with their names as labels."""
    rows = [
        row
        for wires in (question.sources, question.grounds)
        if wires.table is not None
        for row in wires.table[["name", "geometry"]].to_dict("records")
    ]
    if not rows:
        return None
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
    return table.rename(columns={"name": "site"})


def labelled(sites: NamedSites) -> gpd.GeoDataFrame:
    """Return sites with their names as labels."""
    return sites.table[["name", "geometry"]].rename(columns={"name": "site"})


def lines_of(barriers: BarrierLines) -> gpd.GeoDataFrame | None:
    """Return barriers to draw, if there are any."""
    return barriers.table if len(barriers) else None
