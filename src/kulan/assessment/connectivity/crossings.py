"""Where crossings give most back, asked from files, and how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.barrier_names import names_by_id
from kulan.assessment.connectivity.barriers import BarrierLines
from kulan.assessment.connectivity.candidates import CrossingPlaces, km_along
from kulan.assessment.connectivity.circuits import (
    barrier_notes,
    barrier_numbers,
    landscape_parameters,
)
from kulan.assessment.connectivity.effects import cuts_of
from kulan.assessment.connectivity.ensembles import Ensemble, PlacedCrossings
from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.places import NamedSites
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.barriers.cuts import with_barriers
from kulan.connectivity.barriers.effect import Measure, overall
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.crossings.gains import CLOSELY, CrossingGains
from kulan.connectivity.crossings.places import crossings_in_reach, distinct_crossings
from kulan.connectivity.crossings.portfolios import (
    Building,
    Portfolio,
    best_portfolio,
    building_order,
)
from kulan.connectivity.crossings.ranking import ensemble_gains, rank_crossings
from kulan.connectivity.crossings.step_responses import respond
from kulan.connectivity.scenarios import LeftOut
from kulan.errors import InvalidGeometryError, InvalidGridError

Values = NDArray[np.float64]
_UNITS: dict[Measure, str] = {"conductance": "s", "resistance": "ohm"}
# of what connects sites: gains below this share are none
_NO_GAIN = 1e-9


@dataclass(frozen=True)
class CrossingQuestion:
    """Where crossings may stand, and how they are compared.

    Attributes
    ----------
    landscape
        The middle landscape.
    sites
        Between which connectivity is measured.
    barriers
        All lines that stand.
    candidates
        Crossings that may be built.
    existing
        Crossings that stand already; None for none.
    most, budget
        How many may be built, and what they may cost together; None for no limit, not both.
    ensemble
        Landscapes that are believed possible.
    measure
        See `kulan.connectivity.crossings.gains.CrossingGains.gain`.
    coverage
        Share of the ensemble that intervals hold.
    """

    landscape: Landscape
    sites: NamedSites
    barriers: BarrierLines
    candidates: CrossingPlaces
    existing: CrossingPlaces | None = None
    most: int | None = 10
    budget: float | None = None
    ensemble: Ensemble = field(default_factory=Ensemble)
    measure: Measure = "conductance"
    coverage: float = 0.9

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        return landscape_parameters(self.landscape) | {
            **self.barriers.parameters,
            "candidates": len(self.candidates),
            "existing": 0 if self.existing is None else len(self.existing),
            "most": self.most,
            "budget": self.budget,
            "measure": self.measure,
            "coverage": self.coverage,
            "members": [path.name for path in self.ensemble.maps],
            "draws": self.ensemble.n_draws,
            "seed": self.ensemble.seed,
        }


@dataclass(frozen=True)
class _Found:
    """All that was computed."""

    placed: PlacedCrossings
    ranking: pd.DataFrame
    best: int
    portfolio: Portfolio
    building: Building
    resistance_before: Values
    resistance_without: Values
    left_out: tuple[str, ...]
    not_standing: tuple[str, ...]
    equal: dict[str, str]
    unsolved: tuple[LeftOut, ...]


def rank_candidates(question: CrossingQuestion, running: Running | None = None) -> Answer:
    """Rank candidates by what they give back, and choose the best together.

    Parameters
    ----------
    question
        Which candidates.
    running
        How it is worked on.

    Returns
    -------
    Answer
        The tables `ranking` and `portfolio`; the candidates with their rank as features.

    Raises
    ------
    InvalidGeometryError
        If no barrier cuts the landscape, or no candidate lies within reach of one.
    InvalidGridError
        If no candidate gives anything back, since barriers part no sites there; or as
        `kulan.connectivity.crossings.portfolios.best_portfolio` says of number, budget and costs.
    """
    running = running or Running()
    placed, left_out, equal = _placed(question)
    standing = () if placed.existing is None else placed.existing.table["crossing_id"]
    given = () if question.existing is None else question.existing.table["crossing_id"]
    solving = _closely(running.solving)
    stencil, cuts, crossings = placed.middle
    gains = CrossingGains(
        stencil,
        cuts,
        crossings,
        question.sites.sites,
        solving,
        executor=running.executor,
        report=running.telling("candidates"),
    )
    single = gains.gain_of_each(question.measure)
    _check_gains(single, gains.resistance(), placed)
    portfolio = best_portfolio(
        gains, most=question.most, budget=question.budget, measure=question.measure
    )
    building = building_order(gains, portfolio.names, measure=question.measure)
    unsolved: list[LeftOut] = []
    each = ensemble_gains(
        question.ensemble.members(placed),
        question.sites.sites,
        measure=question.measure,
        solving=solving,
        executor=running.executor,
        report=lambda done, _: running.report(done, question.ensemble.n_draws, "ensemble"),
        failed=unsolved.append,
    )
    best = min(question.most or len(portfolio.names), len(crossings))
    solved = each[~np.isnan(each).any(axis=1)]
    ranking = rank_crossings(crossings.names, solved, best=best, coverage=question.coverage)
    found = _Found(
        placed,
        _told(ranking, single, placed),
        best,
        portfolio,
        building,
        gains.resistance(),
        _without(placed, question.sites, solving),
        left_out,
        tuple(name for name in given if name not in set(standing)),
        equal,
        tuple(unsolved),
    )
    return _answer(question, running, found)


def _closely(solving: Solving) -> Solving:
    """Balance currents as closely as small differences need, or more closely where asked for."""
    return replace(
        solving,
        tolerance=min(solving.tolerance, CLOSELY.tolerance),
        precise_multigrid=CLOSELY.precise_multigrid,
    )


def _placed(question: CrossingQuestion) -> tuple[PlacedCrossings, tuple[str, ...], dict[str, str]]:
    """Keep the candidates that open something, each once."""
    cuts = cuts_of(question.barriers, question.landscape)
    stencil = question.landscape.stencil
    table = question.candidates.table
    reached = crossings_in_reach(table, cuts, stencil)
    if not reached.any():
        raise InvalidGeometryError(
            f"candidates: none of {len(table)} lies within one and a half cells of a step that "
            f"{question.barriers.told()} cut. Check their places, and the barriers they "
            "name."
        )
    candidates = replace(question.candidates, table=_kept(table, reached))
    existing = question.existing
    if existing is not None:
        near = crossings_in_reach(existing.table, cuts, stencil)
        existing = replace(existing, table=_kept(existing.table, near)) if near.any() else None
    placed = PlacedCrossings(question.landscape, question.barriers, candidates, existing)
    different, equal = distinct_crossings(placed.crossings)
    if equal:
        own = candidates.table["crossing_id"].isin(different.names).to_numpy()
        candidates = replace(candidates, table=_kept(candidates.table, own))
        placed = replace(placed, candidates=candidates)
    return placed, tuple(table.loc[~reached, "crossing_id"]), equal


def _kept(table: gpd.GeoDataFrame, kept: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    return table[kept].reset_index(drop=True)


def _check_gains(single: Values, resistance: Values, placed: PlacedCrossings) -> None:
    """Refuse candidates that bring no sites nearer to each other."""
    between = resistance[np.triu_indices(resistance.shape[0], 1)]
    known = between[np.isfinite(between) & (between > 0)]
    if single.max() > _NO_GAIN * (1 / known).mean() if known.size else single.max() > 0:
        return
    raise InvalidGridError(
        "candidates: none brings any two sites nearer to each other. "
        f"{placed.barriers.told(placed.without_barriers)} part no sites there, or candidates let "
        "no more through than the barriers do. Give sites on both sides, or a larger "
        "--permeability."
    )


def _without(placed: PlacedCrossings, sites: NamedSites, solving: Solving) -> Values:
    """Resistance between sites where the barriers that candidates lead across are not there."""
    others = [name for name in placed.cuts.barriers if name not in placed.without_barriers]
    stencil = with_barriers(placed.landscape.stencil, placed.cuts.only(others))
    nothing = np.zeros(0)
    return respond(
        stencil, nothing.astype(np.int64), nothing, sites.sites, solving=solving
    ).resistance


# --- what the answer says -------------------------------------------------------------------------


def _told(ranking: pd.DataFrame, single: Values, placed: PlacedCrossings) -> pd.DataFrame:
    """Add to a ranking where each crossing stands, what it costs and gives on the middle map."""
    table = placed.candidates.table
    middle = table.geometry.representative_point()
    at = pd.DataFrame(
        {
            "crossing_id": table["crossing_id"],
            "longitude": middle.x.round(5),
            "latitude": middle.y.round(5),
            "cost": table["cost"],
            "gain_middle": single,
        }
    )
    at = at.merge(km_along(table, placed.barriers), on="crossing_id")
    at["km_along"] = at["km_along"].round(1)
    at["barrier_name"] = at["barrier_id"].map(names_by_id(placed.barriers.table))
    told = ranking.merge(at, on="crossing_id", validate="one_to_one")
    told.insert(0, "rank", np.arange(1, len(told) + 1))
    return told


def _answer(question: CrossingQuestion, running: Running, found: _Found) -> Answer:
    existing = found.placed.existing
    features: dict[str, Any] = {
        "candidates": _features(found),
        "sites": question.sites.table,
        "barriers": question.barriers.table,
    }
    if existing is not None:
        features["existing"] = existing.table.assign(
            barrier_ids=[";".join(ids) for ids in existing.table["barrier_ids"]]
        )
    given = (question.candidates, *(() if question.existing is None else (question.existing,)))
    inputs = (
        question.landscape.source,
        question.sites.source,
        *question.barriers.inputs,
        *(one for places in given for one in places.inputs),
        *question.ensemble.inputs,
    )
    readings = [question.sites.reading, *question.barriers.readings]
    readings += [reading for places in given for reading in places.readings]
    return Answer(
        "kulan.connectivity.crossings.ranking.rank_crossings",
        question.parameters | {"tolerance": _closely(running.solving).tolerance},
        tuple(dict.fromkeys(inputs)),
        _numbers(question, found) | barrier_numbers(question.barriers),
        features=features,
        tables={"ranking": found.ranking, "portfolio": portfolio_table(found)},
        readings=readings,
        notes=_notes(question, found),
    )


def _features(found: _Found) -> gpd.GeoDataFrame:
    table = found.placed.candidates.table[["crossing_id", "geometry"]]
    ranked = table.merge(found.ranking, on="crossing_id")
    ranked["in_portfolio"] = ranked["crossing_id"].isin(found.portfolio.names)
    return gpd.GeoDataFrame(ranked, geometry="geometry", crs="EPSG:4326").sort_values(
        "rank", ignore_index=True
    )


def portfolio_table(found: _Found) -> pd.DataFrame:
    """Return the best crossings in the order in which to build them, one row each."""
    ranking = found.ranking.set_index("crossing_id")
    building = found.building
    last = dict(zip(found.portfolio.names, found.portfolio.last, strict=True))
    cost = ranking.loc[list(building.names), "cost"].to_numpy(np.float64)
    return pd.DataFrame(
        {
            "step": np.arange(1, len(building.names) + 1),
            "crossing_id": building.names,
            "rank": ranking.loc[list(building.names), "rank"].to_numpy(),
            "gain_alone": building.alone,
            "gain_added": np.diff(building.together, prepend=0.0),
            "gain_together": building.together,
            "gain_last_in": [last[name] for name in building.names],
            "cost": cost,
            "cost_together": np.cumsum(cost),
        }
    )


def _numbers(question: CrossingQuestion, found: _Found) -> dict[str, Any]:
    portfolio = found.portfolio
    before = overall(found.resistance_before, question.measure)
    without = overall(found.resistance_without, question.measure)
    taken = abs(without - before)
    return {
        "sites": len(question.sites),
        "candidates": len(found.ranking),
        "candidates_out_of_reach": list(found.left_out),
        "candidates_that_equal_another": found.equal,
        "measure": question.measure,
        "unit_of_gain": _UNITS[question.measure],
        "barriers_led_across": list(found.placed.without_barriers),
        "connectivity_with_barriers": before,
        "connectivity_without_the_barriers_led_across": without,
        "taken_by_the_barriers_led_across": taken,
        "ensemble": question.ensemble.words,
        "members_solved": question.ensemble.n_draws - len(found.unsolved),
        "best_asked_for": found.best,
        "best": found.ranking.head(found.best).to_dict("records"),
        "portfolio": {
            "crossings": list(found.building.names),
            "gain": portfolio.gain,
            "gain_share_of_what_is_taken": portfolio.gain / taken if taken > 0 else None,
            "sum_of_single_gains": portfolio.sum_of_single_gains,
            "cost": portfolio.cost,
            "method": portfolio.method,
            "sets_compared": portfolio.n_compared,
        },
    }


def _notes(question: CrossingQuestion, found: _Found) -> list[str]:
    notes = [
        f"Site {row['name']} is left out: it {row['reason']}."
        for row in question.sites.left_out.to_dict("records")
    ]
    cell_km = question.landscape.grid.cell_m / 1000
    notes.append(f"The ensemble: {question.ensemble.words}.")
    notes.append(
        f"A crossing opens one step between cells, {cell_km:g} km wide here; its permeability is "
        "that of the whole step. Sites of several cells are one node throughout, so that sums "
        "differ somewhat from those of `kulan connectivity effect`."
    )
    if found.left_out:
        notes.append(
            f"{len(found.left_out)} candidates find no passable step across their barriers and are "
            f"left out: {_some(found.left_out)}."
        )
    if found.not_standing:
        notes.append(
            f"{len(found.not_standing)} crossings that stand already find no passable step across "
            f"their barriers and open nothing: {_some(found.not_standing)}."
        )
    if found.equal:
        notes.append(
            f"{len(found.equal)} candidates open the same steps as another, and are left out: "
            f"{_some(list(found.equal))}."
        )
    notes += [f"Member {one.number} is left out: {one.reason}" for one in found.unsolved]
    return notes + barrier_notes(question.barriers)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def draws_for(n_maps: int, asked: int | None) -> int:
    """Return how many members are drawn: as asked, or each map once, twice or more up to 20.

    Examples
    --------
    >>> draws_for(0, None), draws_for(8, None), draws_for(8, 5)
    (20, 24, 5)
    """
    if asked is not None:
        return asked
    return 20 if n_maps == 0 else n_maps * math.ceil(20 / n_maps)
