"""Ranges of several animals together: how far each two overlap, and where the population lives."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd

from kulan.assessment.movement.folders import MovementAnswer, PlaneRaster
from kulan.assessment.movement.models import fit_tracks
from kulan.assessment.movement.range_questions import RangeAsked, RangeFound
from kulan.errors import NotEnoughDataError
from kulan.movement.ranges.akde import RangeEstimate, akde
from kulan.movement.ranges.overlap import overlap, shared_frame
from kulan.movement.ranges.population import population_range
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track

SOURCE = (
    "Winner et al. 2018, Methods in Ecology and Evolution 9: 1679-1691 (overlap); Fleming et al. "
    "2022, Methods in Ecology and Evolution 13: 1027-1041 (population)"
)
# cells that all ranges together may take
MOST_CELLS_OF_ALL = 20_000_000


@on_one_thread
def with_ranges_together(
    answer: MovementAnswer, found: Sequence[RangeFound], asked: RangeAsked
) -> MovementAnswer:
    """Add how far ranges overlap and, of three animals or more, the population's range.

    Parameters
    ----------
    answer
        What `find_ranges` found by "akde".
    found
        And the ranges themselves; animals without one are left out.
    asked
        What was wanted.

    Raises
    ------
    NotEnoughDataError
        If fewer than two animals have a range.
    InvalidGeometryError
        If tracks lie in different planes.
    """
    tracks = [one.track for one in found if one.distribution is not None and not one.word]
    if len(tracks) < 2:
        raise NotEnoughDataError(
            f"ranges together: {len(tracks)} animal(s) with a range; at least 2 are needed."
        )
    names = [track.animal_id for track in tracks]
    laid = _on_same_cells(tracks, [one for one in found if one.track in tracks], asked)
    rows = []
    for first, second in combinations(range(len(laid)), 2):
        told = overlap(laid[first], laid[second], asked.fit.level)
        rows.append(
            {
                "animal_id": names[first],
                "other_id": names[second],
                "overlap": told.estimate,
                "overlap_low": told.low,
                "overlap_high": told.high,
            }
        )
    numbers: dict[str, Any] = {"animals_together": len(laid)}
    rasters: dict[str, PlaneRaster] = {}
    if len(laid) >= 3:
        whole = population_range(laid, tuple(asked.levels), asked.fit.level)
        numbers["population_area_km2"] = {
            f"{share:g}": area.times(1e-6) for share, area in whole.areas.items()
        }
        numbers["mean_area_95_of_animals_km2"] = whole.areas_of_animals.mean.times(1e-6)
        numbers["variation_of_areas"] = whole.areas_of_animals.variation
        distribution = whole.distribution
        rasters["population"] = PlaneRaster(
            distribution.mass, distribution.frame, "share of the population's use in the cell"
        )
    return replace(
        answer,
        parameters={**answer.parameters, "together": True},
        numbers={**answer.numbers, "together": numbers},
        rasters={**answer.rasters, **rasters},
        tables={**answer.tables, "overlaps": pd.DataFrame(rows)},
        source=f"{answer.source}; {SOURCE}",
    )


def _on_same_cells(
    tracks: Sequence[Track], found: Sequence[RangeFound], asked: RangeAsked
) -> list[RangeEstimate]:
    """Return the ranges laid on one frame."""
    frames = [one.distribution.frame for one in found if one.distribution is not None]
    frame = shared_frame(frames, room=0.3, most_cells=MOST_CELLS_OF_ALL // len(tracks))
    models = [one.best for one in fit_tracks(tracks, asked.fit).selections]
    return [
        akde(
            track,
            model,
            weights=asked.weights,
            frame=frame,
            levels=tuple(asked.levels),
            confidence=asked.fit.level,
        )
        for track, model in zip(tracks, models, strict=True)
    ]
