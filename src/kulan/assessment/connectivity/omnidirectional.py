"""Movement in all directions, asked from files: current of a moving window, and normalised flow."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines, no_barriers
from kulan.assessment.connectivity.circuits import (
    barrier_notes,
    barrier_numbers,
    cut_landscape,
    landscape_parameters,
    masked,
)
from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.windows.exact import Omnidirectional, omnidirectional_windows
from kulan.connectivity.windows.random_signs import RandomFlow, omnidirectional_random
from kulan.connectivity.windows.sources import WindowRule
from kulan.errors import InvalidGridError
from kulan.provenance import Input

Grid = NDArray[np.float64]
Method = Literal["windows", "random"]
# for sums of many maps: it changes them by about 1e-4
WINDOW_TOLERANCE, DRAW_TOLERANCE = 1e-3, 1e-4
_LEAST_BLOCKS_IN_RADIUS = 4
_BLOCK_SHARE = 0.1


@dataclass(frozen=True)
class Strengths:
    """How much each cell sends, and what that rests on.

    Attributes
    ----------
    values
        Of each cell, zero or more, NaN or zero where it is no source.
    rests_on
        In words.
    inputs
        The file, if there is one.
    """

    values: Grid
    rests_on: str
    inputs: tuple[Input, ...] = ()


def strengths_of_resistance(landscape: Landscape, most: float | None = None) -> Strengths:
    """Let every cell send as much as it conducts, 1 / resistance, as Omniscape does by default.

    Parameters
    ----------
    landscape
        The cells.
    most
        Cells of more resistance than this are no sources; None for all.

    Raises
    ------
    InvalidGridError
        If no cell is left.
    """
    resistance = landscape.resistance
    with np.errstate(invalid="ignore"):
        kept = np.isfinite(resistance) & (resistance <= (np.inf if most is None else most))
    if not kept.any():
        raise InvalidGridError(
            f"sources: no cell has a resistance of {most:g} or less; the least is "
            f"{np.nanmin(resistance):g}. Raise --sources-below."
        )
    told = "1 / resistance"
    if most is not None:
        told += f" where the resistance is at most {most:g}"
    return Strengths(np.where(kept, 1.0 / resistance, 0.0), told)


@dataclass(frozen=True)
class OmnidirectionalQuestion:
    """What flow in all directions is asked for.

    Attributes
    ----------
    landscape, barriers
        The cells, and what cuts them.
    strengths
        How much each cell sends.
    radius_km
        Sources lie at most so far from their target.
    block_cells
        Side of the squares that share a target, odd; None for about a tenth of the radius, 1 with
        random draws.
    method
        `windows` solves every window exactly, `random` estimates all at once from draws.
    n_draws, seed
        Of `random`.
    normalise
        Whether the flow on an even landscape is found too.
    """

    landscape: Landscape
    strengths: Strengths
    radius_km: float
    barriers: BarrierLines = field(default_factory=no_barriers)
    block_cells: int | None = None
    method: Method = "windows"
    n_draws: int = 64
    seed: int = 1
    normalise: bool = True

    def __post_init__(self) -> None:
        grid = self.landscape.grid
        if not grid.cell_m <= self.radius_km * 1000 < np.inf:
            raise InvalidGridError(
                f"--radius-km {self.radius_km:g}: less than a cell of {grid.cell_m / 1000:g} km, "
                "so that no source lies within. Give a distance that animals move."
            )
        longest_km = max(grid.shape) * grid.cell_m / 1000
        if self.radius_km > longest_km:
            raise InvalidGridError(
                f"--radius-km {self.radius_km:g}: {self.landscape.source.name} is only "
                f"{longest_km:g} km long. Give a smaller radius or a larger landscape."
            )
        if self.method == "random" and self.block_cells not in (None, 1):
            raise InvalidGridError(
                "--block: random draws make every source a target, so that blocks would save "
                "nothing. Leave --block out, or use --method windows."
            )

    @property
    def radius_cells(self) -> int:
        """The radius in whole cells."""
        return max(1, round(self.radius_km * 1000 / self.landscape.grid.cell_m))

    @property
    def block(self) -> int:
        """Side of the squares that share a target, cells."""
        if self.block_cells is not None:
            return self.block_cells
        if self.method == "random":
            return 1
        tenth = max(1, int(self.radius_cells * _BLOCK_SHARE))
        return tenth - 1 + tenth % 2

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        asked = landscape_parameters(self.landscape) | {
            **self.barriers.parameters,
            "sources": self.strengths.rests_on,
            "radius_km": self.radius_km,
            "radius_cells": self.radius_cells,
            "method": self.method,
            "normalise": self.normalise,
        }
        if self.method == "random":
            return asked | {"draws": self.n_draws, "seed": self.seed}
        return asked | {"block_cells": self.block}


def find_flow(question: OmnidirectionalQuestion, running: Running | None = None) -> Answer:
    """Find the current of all directions.

    Parameters
    ----------
    question
        What is asked.
    running
        How it is worked on. Where its solver's tolerance is the general one, that for sums of many
        maps is taken.

    Returns
    -------
    Answer
        The maps `current`, A, and with `normalise` also `flow_potential`, A, and `normalised`
        (current over flow potential); with random draws the standard error of each, `_se`.

    Raises
    ------
    InvalidGridError
        If strengths are negative, or nothing can flow.
    """
    running = running or Running()
    solving = _solving(question, running.solving)
    stencil = cut_landscape(question.landscape, question.barriers)
    found: Omnidirectional | RandomFlow
    if question.method == "windows":
        found = omnidirectional_windows(
            stencil,
            question.strengths.values,
            WindowRule(question.radius_cells, question.block),
            flow_potential=question.normalise,
            solving=solving,
            executor=running.executor,
            report=running.telling("windows"),
            kept_in=running.kept_in,
        )
        maps = _maps_of_windows(found)
    else:
        found = omnidirectional_random(
            stencil,
            question.strengths.values,
            radius_cells=question.radius_cells,
            rng=np.random.default_rng(question.seed),
            n_draws=question.n_draws,
            flow_potential=question.normalise,
            solving=solving,
            report=running.telling("draws"),
        )
        maps = _maps_of_draws(found)
    features = {"barriers": question.barriers.table} if len(question.barriers) else {}
    return Answer(
        _method(question),
        question.parameters | {"tolerance": solving.tolerance},
        (
            question.landscape.source,
            *question.strengths.inputs,
            *question.barriers.inputs,
        ),
        _numbers(question, maps, found),
        {name: masked(question.landscape, values, stencil.valid) for name, values in maps.items()},
        {name: "1" if name.startswith("normalised") else "A" for name in maps},
        features,
        readings=question.barriers.readings,
        notes=_notes(question, found),
    )


def _method(question: OmnidirectionalQuestion) -> str:
    function = omnidirectional_windows if question.method == "windows" else omnidirectional_random
    return f"{function.__module__}.{function.__name__}"


def _solving(question: OmnidirectionalQuestion, given: Solving) -> Solving:
    if given.tolerance != Solving().tolerance:
        return given
    quick = WINDOW_TOLERANCE if question.method == "windows" else DRAW_TOLERANCE
    return replace(given, tolerance=quick)


def _maps_of_windows(found: Omnidirectional) -> dict[str, Grid]:
    maps = {"current": found.current}
    if found.flow_potential is not None:
        maps |= {"flow_potential": found.flow_potential, "normalised": found.normalised}
    return maps


def _maps_of_draws(found: RandomFlow) -> dict[str, Grid]:
    maps = {
        "current": found.current,
        "current_se": found.current_se,
        "flow_potential": found.flow_potential,
        "flow_potential_se": found.flow_potential_se,
        "normalised": found.normalised,
        "normalised_se": found.normalised_se,
    }
    return {name: values for name, values in maps.items() if values is not None}


def _numbers(
    question: OmnidirectionalQuestion, maps: dict[str, Grid], found: Omnidirectional | RandomFlow
) -> dict[str, Any]:
    values = question.strengths.values
    numbers: dict[str, Any] = {
        "sources": int((np.nan_to_num(values, nan=0.0) > 0).sum()),
        "current_largest_a": float(maps["current"].max()),
    }
    if isinstance(found, Omnidirectional):
        numbers |= {"windows": found.n_windows, "not_solved": len(found.failures)}
    else:
        known = found.current > 0
        relative = found.current_se[known] / found.current[known]
        numbers["standard_error_median_percent"] = float(100 * np.median(relative))
    if "normalised" in maps:
        flow = maps["normalised"][maps["flow_potential"] > 0]
        for share in (0.05, 0.5, 0.95):
            numbers[f"normalised_p{round(100 * share):02d}"] = float(np.quantile(flow, share))
    return numbers | barrier_numbers(question.barriers)


def _block_note(question: OmnidirectionalQuestion) -> str:
    """Say what blocks do, and where they are so large that they will be seen."""
    block, quarter = question.block, question.radius_cells // _LEAST_BLOCKS_IN_RADIUS
    if block <= quarter:
        return (
            f"Blocks of {block} by {block} cells share one target; --block 1 makes every source a "
            "target, and the pattern of blocks in the current goes."
        )
    enough = max(1, quarter - 1 + quarter % 2)
    return (
        f"Blocks of {block} by {block} cells are more than a quarter of the radius of "
        f"{question.radius_cells} cells: their pattern will show in the maps, and is not of the "
        f"land. Give --block {enough}{' or less' if enough > 1 else ''}."
    )


def _notes(question: OmnidirectionalQuestion, found: Omnidirectional | RandomFlow) -> list[str]:
    notes = [f"Sources: {question.strengths.rests_on}."]
    exact_km = question.radius_cells * question.landscape.grid.cell_m / 1000
    if exact_km != question.radius_km:
        notes.append(
            f"The radius is {question.radius_cells} whole cells, {exact_km:g} km, for "
            f"{question.radius_km:g} km."
        )
    if isinstance(found, RandomFlow):
        notes.append(
            "Random draws add targets up as squares and let current flow beyond the rim of a "
            "window: values are lower than those of --method windows, and their ranking is nearly "
            "but not quite the same. Use them to look, and windows to report."
        )
    elif question.block > 1:
        notes.append(_block_note(question))
    if isinstance(found, Omnidirectional) and found.failures:
        notes.append(
            f"{len(found.failures)} windows could not be solved and are missing from the maps; "
            f"the first: {found.failures[0].reason}"
        )
    return [*notes, *barrier_notes(question.barriers)]
