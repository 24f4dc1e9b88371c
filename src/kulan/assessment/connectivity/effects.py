"""What barriers take away, asked from files: the landscape without them and with them."""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines, no_barriers
from kulan.assessment.connectivity.circuits import (
    barrier_notes,
    barrier_numbers,
    landscape_parameters,
)
from kulan.assessment.connectivity.folders import Answer, on_cells
from kulan.assessment.connectivity.habitats import Habitat, read_habitat
from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.places import NamedSites
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.barriers.attribution import Attribution, attribute, connectivity_loss
from kulan.connectivity.barriers.cuts import Cuts, with_barriers
from kulan.connectivity.barriers.effect import (
    BarrierEffect,
    IsolatedHabitat,
    barrier_effect,
    closed_only,
    isolated_habitat,
    overall,
)
from kulan.connectivity.barriers.step_costs import barrier_costs
from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.least_cost.between_sites import CheapestWays, cheapest_ways
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGeometryError

Values = NDArray[np.float64]
_M_PER_KM = 1000.0


@dataclass(frozen=True)
class EffectQuestion:
    """Which barriers' effect is asked for, between what.

    Attributes
    ----------
    landscape
        The cells.
    sites
        The sites.
    barriers
        The lines whose effect is asked for: not there before, there after.
    standing
        Lines that are there before and after.
    habitat
        What may be isolated; None for all cells that have a resistance.
    closed_at
        For isolated habitat, steps of which barriers leave at most this share count as closed.
    attributing
        Whether the loss is shared out among several barriers.
    most_exact
        Up to so many barriers it is shared out exactly.
    n_orders
        How many orders of building are drawn for more.
    seed
        Of the drawing.
    """

    landscape: Landscape
    sites: NamedSites
    barriers: BarrierLines
    standing: BarrierLines = field(default_factory=no_barriers)
    habitat: Habitat | None = None
    closed_at: float = 0.05
    attributing: bool = True
    most_exact: int = 5
    n_orders: int = 20
    seed: int = 1

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        asked = landscape_parameters(self.landscape) | {
            **self.standing.parameters,
            **self.barriers.parameters,
            "standing": list(self.standing.names),
            "gaps_closed": [
                hole.where for hole in (*self.barriers.holes, *self.standing.holes) if hole.closed
            ],
            "closed_at": self.closed_at,
        }
        if self.attributing and len(self.barriers.names) > 1:
            asked |= {"most_exact": self.most_exact, "orders": self.n_orders, "seed": self.seed}
        return asked


@dataclass(frozen=True)
class _Found:
    """All that was computed."""

    effect: BarrierEffect
    ways_without: CheapestWays
    ways_with: CheapestWays
    isolated: IsolatedHabitat
    habitat: Habitat
    attribution: Attribution | None


def weigh_barriers(question: EffectQuestion, running: Running | None = None) -> Answer:
    """Compare a landscape without barriers with the same landscape with them.

    Parameters
    ----------
    question
        Which barriers.
    running
        How it is worked on.

    Returns
    -------
    Answer
        The maps `current_without`, `current_with` and `current_change`, A, and
        `isolated_habitat`, km² in each cell; the tables `pairs` and, for several barriers,
        `attribution`.

    Raises
    ------
    InvalidGeometryError
        If no barrier cuts a step of the landscape.
    """
    running = running or Running()
    landscape = question.landscape
    cuts = cuts_of(question.barriers, landscape)
    before = _standing(question)
    effect = barrier_effect(
        before,
        cuts,
        question.sites.sites,
        solving=running.solving,
        executor=running.executor,
        report=running.telling("currents"),
        kept_in=running.kept_in,
    )
    ways = _cheapest_ways(question, cuts)
    habitat = question.habitat or read_habitat(None, landscape, release=None)
    isolated = _isolated(question, habitat)
    shares = _shares(question, before, cuts, running)
    return _answer(question, running, _Found(effect, *ways, isolated, habitat, shares))


def cuts_of(barriers: BarrierLines, landscape: Landscape) -> Cuts:
    """Cut the steps of a landscape.

    Raises
    ------
    InvalidGeometryError
        If no line crosses one.
    """
    cuts = barriers.cuts(landscape.frame)
    if cuts is None:
        found = (
            f"{barriers.told() or 'no line'} lies on the land that {landscape.source.name} covers"
        )
        raise InvalidGeometryError(
            f"barriers: {found}, so there is nothing to compare. Give lines that cross it, or a "
            "map that covers them."
        )
    return cuts


def _standing(question: EffectQuestion) -> Stencil:
    stencil = question.landscape.stencil
    cuts = question.standing.cuts(question.landscape.frame)
    return stencil if cuts is None else with_barriers(stencil, cuts)


def _cheapest_ways(question: EffectQuestion, cuts: Cuts) -> tuple[CheapestWays, CheapestWays]:
    surface = question.landscape.surface
    standing = question.standing.cuts(question.landscape.frame)
    factors = None if standing is None else barrier_costs(standing)
    added = barrier_costs(cuts)
    without = replace(surface, factors=factors)
    with_them = replace(surface, factors=added if factors is None else factors * added)
    return _ways(without, question), _ways(with_them, question)


def _ways(surface: CostSurface, question: EffectQuestion) -> CheapestWays:
    return cheapest_ways(surface, question.sites.sites.cells)


def _isolated(question: EffectQuestion, habitat: Habitat) -> IsolatedHabitat:
    stencil = question.landscape.stencil
    frame = question.landscape.frame
    # what counts as closed is told by permeability itself, whatever way it holds for
    standing = replace(question.standing, way_km=0.0).cuts(frame)
    if standing is not None:
        stencil = with_barriers(stencil, closed_only(standing, question.closed_at))
    cuts = cuts_of(replace(question.barriers, way_km=0.0), question.landscape)
    return isolated_habitat(
        stencil, cuts, question.sites.sites, habitat.area_km2, impassable=question.closed_at
    )


def _shares(
    question: EffectQuestion, before: Stencil, cuts: Cuts, running: Running
) -> Attribution | None:
    """Share out the loss among barriers, where there are several that cut something."""
    if not question.attributing or len(cuts.barriers) < 2:
        return None
    loss = connectivity_loss(before, cuts, question.sites.sites, solving=running.solving)
    return attribute(
        loss,
        cuts.barriers,
        most_exact=question.most_exact,
        n_orders=question.n_orders,
        seed=question.seed,
        executor=running.executor,
        report=running.telling("shares of barriers"),
    )


# --- what the answer says -------------------------------------------------------------------------


def _answer(question: EffectQuestion, running: Running, found: _Found) -> Answer:
    effect, landscape = found.effect, question.landscape
    known = np.isfinite(landscape.resistance)
    maps = {
        "current_without": effect.current_without,
        "current_with": effect.current_with,
        "current_change": effect.current_change,
        "isolated_habitat": np.where(found.isolated.isolated, found.habitat.area_km2, 0.0),
    }
    units = dict.fromkeys(maps, "A") | {"isolated_habitat": "km2"}
    pairs = pair_table(found.effect, found.ways_without, found.ways_with, question.sites)
    tables = {"pairs": pairs}
    if found.attribution is not None:
        tables["attribution"] = attribution_table(found.attribution, question.barriers)
    if effect.failures:
        tables["failures"] = _failure_table(effect.failures, question.sites)
    both = question.barriers.together(question.standing)
    return Answer(
        "kulan.connectivity.barriers.effect.barrier_effect",
        question.parameters | {"tolerance": running.solving.tolerance},
        (
            landscape.source,
            question.sites.source,
            *dict.fromkeys((*question.barriers.inputs, *question.standing.inputs)),
            *found.habitat.inputs,
        ),
        _numbers(question, found, pairs) | barrier_numbers(both),
        {
            name: on_cells(landscape.grid, np.where(known, values, np.nan))
            for name, values in maps.items()
        },
        units,
        _features(question),
        tables,
        readings=_readings(question),
        notes=_notes(question, found),
    )


def _readings(question: EffectQuestion) -> tuple[Any, ...]:
    return (question.sites.reading, *question.barriers.readings, *question.standing.readings)


def _features(question: EffectQuestion) -> dict[str, Any]:
    layers: dict[str, Any] = {"sites": question.sites.table, "barriers": question.barriers.table}
    if len(question.standing):
        layers["standing"] = question.standing.table
    return layers


def pair_table(
    effect: BarrierEffect, without: CheapestWays, with_them: CheapestWays, sites: NamedSites
) -> pd.DataFrame:
    """Put what barriers do to each pair of sites into one row.

    Columns say their unit: resistance in ohm, ways in km along the ground, and the cost of the
    cheapest way in km of the best land, of resistance 1.
    """
    rows = []
    for a, b in itertools.combinations(range(len(effect.sites)), 2):
        first, second = effect.sites[a], effect.sites[b]
        ohm = float(effect.resistance_without[a, b]), float(effect.resistance_with[a, b])
        way = effect.way_without[a, b] / _M_PER_KM, effect.way_with[a, b] / _M_PER_KM
        at = without.sites.index(first), without.sites.index(second)
        row = {
            "site": first,
            "name": sites.name(first),
            "other_site": second,
            "other_name": sites.name(second),
            "resistance_without_ohm": ohm[0],
            "resistance_with_ohm": ohm[1],
            "resistance_change_percent": 100 * (ohm[1] / ohm[0] - 1) if ohm[0] > 0 else np.nan,
            "way_without_km": way[0],
            "way_with_km": way[1],
            "path_without_km": without.length[at] / _M_PER_KM,
            "path_with_km": with_them.length[at] / _M_PER_KM,
            "cost_without_km_of_best_land": without.cost[at] / _M_PER_KM,
            "cost_with_km_of_best_land": with_them.cost[at] / _M_PER_KM,
            "state": _state(*ohm),
        }
        rows.append({key: _finite(value) for key, value in row.items()})
    return pd.DataFrame(rows)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _state(ohm_without: float, ohm_with: float) -> str:
    if np.isnan(ohm_without) or np.isnan(ohm_with):
        return "not solved"
    if np.isinf(ohm_without):
        return "no way even without the barriers"
    return "parted by the barriers" if np.isinf(ohm_with) else "connected"


def attribution_table(shares: Attribution, barriers: BarrierLines) -> pd.DataFrame:
    """Return what each barrier takes: alone, last in, and on the mean over orders of building."""
    names = barriers.table.drop_duplicates("barrier_id").set_index("barrier_id")["name"]
    names = names.where(names.notna(), names.index.to_series())
    table = pd.DataFrame(
        {
            "barrier_id": list(shares.names),
            "name": [str(names[one]) for one in shares.names],
            "alone_s": shares.alone,
            "last_s": shares.last,
            "shapley_s": shares.shapley,
            "shapley_standard_error_s": shares.standard_error,
            "shapley_share": shares.shapley / shares.total if shares.total > 0 else np.nan,
        }
    )
    return table.sort_values("shapley_s", ascending=False, kind="stable", ignore_index=True)


def _failure_table(failures: tuple[Failure, ...], sites: NamedSites) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "site": one.first,
                "name": sites.name(one.first),
                "other_site": one.second,
                "other_name": sites.name(one.second),
                "reason": one.reason,
            }
            for one in failures
        ]
    )


def _numbers(question: EffectQuestion, found: _Found, pairs: pd.DataFrame) -> dict[str, Any]:
    effect, isolated = found.effect, found.isolated
    solved = np.isfinite(effect.resistance_without) & ~np.isnan(effect.resistance_with)
    without = _mean_conductance(np.where(solved, effect.resistance_without, np.inf))
    with_them = _mean_conductance(np.where(solved, effect.resistance_with, np.inf))
    connected = pairs[pairs["state"] == "connected"]
    numbers: dict[str, Any] = {
        "sites": len(effect.sites),
        "pairs": len(pairs),
        "pairs_parted_by_the_barriers": int((pairs["state"] == "parted by the barriers").sum()),
        "pairs_without_a_way_before": int(pairs["state"].str.startswith("no way").sum()),
        "pairs_not_solved": int((pairs["state"] == "not solved").sum()),
        "conductance_mean_without_s": without,
        "conductance_mean_with_s": with_them,
        "conductance_lost_share": 1 - with_them / without if without > 0 else np.nan,
        "means_of_connected_pairs": {
            name: float(connected[name].astype(float).mean())
            for name in connected.columns
            if name.endswith(("_ohm", "_km", "_percent", "_land")) and len(connected)
        },
        "habitat": {
            "what": found.habitat.what,
            "closed_at": question.closed_at,
            "habitat_km2": isolated.habitat_km2,
            "isolated_km2": isolated.isolated_km2,
            "parts_without": isolated.parts_without,
            "parts_with": isolated.parts_with,
            "mesh_without_km2": isolated.mesh_without_km2,
            "mesh_with_km2": isolated.mesh_with_km2,
            "reached_km2": [
                {
                    "site": site,
                    "name": question.sites.name(site),
                    "without_km2": isolated.reached_without_km2[site],
                    "with_km2": isolated.reached_with_km2[site],
                }
                for site in isolated.reached_without_km2
            ],
        },
    }
    if found.attribution is not None:
        numbers["attribution"] = {
            "total_s": found.attribution.total,
            "orders_drawn": found.attribution.n_orders,
            "shares": attribution_table(found.attribution, question.barriers).to_dict("records"),
        }
    return numbers


def _mean_conductance(resistance: Values) -> float:
    """Mean over pairs of 1/resistance, S; pairs of one node are left out."""
    one_node = resistance <= 0
    np.fill_diagonal(one_node, False)
    return overall(np.where(one_node, np.inf, resistance), "conductance")


def _hindrance(question: EffectQuestion) -> str:
    """Say how much land a barrier hinders like, since that grows with the size of cells."""
    barriers = question.barriers
    way_km = barriers.way_km or question.landscape.grid.cell_m / _M_PER_KM
    least = barriers.table.groupby("barrier_id", sort=False)["permeability"].min()
    told = [
        f"{name} ({share:g}) "
        + ("wholly" if share <= 0 else f"like {way_km * (1 / share - 1):.0f} km")
        for name, share in zip(barriers.titled(), least.to_list(), strict=True)
    ]
    return (
        "A barrier that lets the share p through hinders like 1/p - 1 more ways of "
        f"{way_km:g} km over the same land: {', '.join(told)}. That way is "
        + ("what --way-km says." if barriers.way_km else "the side of a cell, see --way-km.")
    )


def _notes(question: EffectQuestion, found: _Found) -> list[str]:
    notes = [
        f"Site {row['name']} is left out: it {row['reason']}."
        for row in question.sites.left_out.to_dict("records")
    ]
    notes.append(
        f"Without and with: {question.barriers.told()}. "
        + (
            f"Standing in both: {question.standing.told()}."
            if len(question.standing)
            else "No other barrier stands in either; give --standing for those that do."
        )
    )
    notes.append(_hindrance(question))
    if not (found.ways_with.cost > found.ways_without.cost).any():
        notes.append(
            "No cheapest way between sites is dearer with the barriers: they lie beside the sites "
            "and not between them. Give sites on both sides."
        )
    if found.effect.failures:
        notes.append(
            f"{len(found.effect.failures)} pairs could not be solved and are missing from the "
            "maps and means; failures.csv says why."
        )
    if found.attribution is not None and found.attribution.n_orders:
        notes.append(
            f"Shares of barriers are means over {found.attribution.n_orders} orders of building "
            "drawn at random, with their standard error."
        )
    return notes + barrier_notes(question.barriers.together(question.standing))
