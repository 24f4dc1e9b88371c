"""Resistance of the region to a species, from the layers of the Atlas and of the user."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.combination import Combination
from kulan.assessment.connectivity.folders import Answer, on_cells
from kulan.atlas import Release
from kulan.connectivity.equal_area_grids import PlaneGrid
from kulan.connectivity.resistance.ensembles import sample_profiles, summarise
from kulan.connectivity.resistance.landscapes import lay_layers
from kulan.connectivity.resistance.profiles import (
    GREATEST,
    Profile,
    Resistance,
    Scenario,
    profile_of,
    resistance_of,
)
from kulan.connectivity.resistance.tables import LAYERS, RESISTANCE_PROFILES
from kulan.errors import OutsideRegionError, UnknownNameError
from kulan.grids import Grid, read_grid
from kulan.places import Bounds
from kulan.provenance import Input, hash_file
from kulan.schemas import read_table

_OF_ATLAS = {"land_cover": "land_cover", "elevation_m": "elevation"}
_WATER, _LEAST_SEA_KM2 = 0, 200_000.0
_METHOD = "kulan.connectivity.resistance.profiles.resistance_of"
Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class ResistanceQuestion:
    """Whose resistance is asked for, and where.

    Attributes
    ----------
    species_id, season
        Whose; the season is `all`, `summer` or `winter`.
    cell_m
        Side of a cell, m.
    bounds
        The part of the region, degrees; None for all that the Atlas covers.
    layers
        Rasters of the user in EPSG:4326, by the names in
        `kulan.connectivity.resistance.tables.LAYERS`; they take the place of those of the Atlas.
    profiles
        CSV of resistance profiles in place of the package's; None for these.
    without
        Layers whose effect is left out.
    combination
        How layers become one.
    greatest
        Resistance above which cells count as this.
    members
        Members of an ensemble, drawn from the ranges of the profile; 0 for none.
    seed
        Of the drawing.
    """

    species_id: str
    season: str = "all"
    cell_m: float = 1000.0
    bounds: Bounds | None = None
    layers: Mapping[str, Path] = field(default_factory=dict)
    profiles: Path | None = None
    without: tuple[str, ...] = ()
    combination: Combination = field(default_factory=Combination)
    greatest: float = GREATEST
    members: int = 0
    seed: int = 1

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        asked = {
            "species_id": self.species_id,
            "season": self.season,
            "cell_m": self.cell_m,
            "greatest": self.greatest,
            **self.combination.parameters,
        }
        if self.without:
            asked["without"] = list(self.without)
        if self.bounds is not None:
            asked |= {
                f"{side}_deg": getattr(self.bounds, side)
                for side in ("west", "south", "east", "north")
            }
        if self.members:
            asked |= {"members": self.members, "seed": self.seed}
        return asked


def build_resistance(
    question: ResistanceQuestion, release: Release, *, report: Report | None = None
) -> Answer:
    """Find the resistance of every cell.

    Where a layer other than land cover is not known, such as the height of a lake, only what is
    known counts; the answer says for how many cells.

    Parameters
    ----------
    question
        Whose, and where.
    release
        The Atlas.
    report
        Called with the steps done, the steps in all, and what is being done.

    Returns
    -------
    Answer
        The map `resistance`; with an ensemble also `resistance_cv` (standard deviation over mean)
        and one map for each member, `member_01` and so on.

    Raises
    ------
    UnknownNameError
        If the species or a layer is not known.
    OutsideRegionError
        If a layer does not touch the part asked for.
    TooLargeError
        If there would be too many cells.
    """
    tell = report or (lambda *_: None)
    n_steps = 2 + question.members
    tell(0, n_steps, "layers")
    profile, table_input = _profile(question)
    grids, inputs = _read_layers(question, release)
    bounds = question.bounds or grids["land_cover"].bounds
    plane, layers = lay_layers(grids, bounds, cell_m=question.cell_m)
    layers["land_cover"], sea_km2 = without_sea(layers["land_cover"], plane.cell_km2)
    scenario = Scenario("asked for", without=question.without)
    layers = scenario.applied(layers)
    wanted = {name: values for name, values in layers.items() if name in profile.layers}
    tell(1, n_steps, "resistance")
    found = _resistance(profile, wanted, question)
    maps = {"resistance": on_cells(plane, found.values)}
    if question.members:
        maps |= _ensemble(profile, wanted, plane, question, tell)
    tell(n_steps, n_steps, "")
    return Answer(
        _METHOD,
        question.parameters,
        (*inputs, *table_input),
        _numbers(plane, found) | {"sea_km2": sea_km2},
        maps,
        dict.fromkeys(maps, "1"),
        tables={"profile": profile_rows(profile)},
        notes=_notes(profile, found, sea_km2),
    )


def _profile(question: ResistanceQuestion) -> tuple[Profile, tuple[Input, ...]]:
    if question.profiles is None:
        return profile_of(question.species_id, question.season), ()
    table = read_table(question.profiles, RESISTANCE_PROFILES)
    source = Input(question.profiles.name, hash_file(question.profiles))
    return profile_of(question.species_id, question.season, table=table), (source,)


def _read_layers(
    question: ResistanceQuestion, release: Release
) -> tuple[dict[str, Grid], list[Input]]:
    """Read the user's layers, and those of the Atlas that the user did not bring."""
    unknown = sorted(set(question.layers) - set(LAYERS))
    if unknown:
        raise UnknownNameError(f"No layer {unknown[0]!r}; known: {', '.join(LAYERS)}.")
    margin = None if question.bounds is None else question.bounds.grown(1.0)
    grids: dict[str, Grid] = {}
    inputs: list[Input] = []
    for name in LAYERS:
        if name in question.layers:
            path = question.layers[name]
            inputs.append(Input(path.name, hash_file(path), name))
        elif name in _OF_ATLAS:
            path = release.path(_OF_ATLAS[name])
            layer = release.layer(_OF_ATLAS[name])
            inputs.append(Input(layer.layer_id, layer.sha256, release.release_id))
        else:
            continue
        grids[name] = read_grid(path, margin)
        _check_touches(name, grids[name], question.bounds)
    return grids, inputs


def _check_touches(name: str, grid: Grid, bounds: Bounds | None) -> None:
    if bounds is None or (grid.values.size and grid.bounds.overlaps(bounds)):
        return
    raise OutsideRegionError(
        f"{name}: it has no cell at longitude {bounds.west:g} to {bounds.east:g}, latitude "
        f"{bounds.south:g} to {bounds.north:g}. Ask for a part that the Atlas covers, or bring a "
        f"raster of this part: --layer {name}=FILE."
    )


def _resistance(
    profile: Profile,
    layers: Mapping[str, NDArray[np.float64]],
    question: ResistanceQuestion,
    rng: np.random.Generator | None = None,
) -> Resistance:
    return resistance_of(
        profile,
        layers,
        combine=question.combination.function(list(layers), rng),
        greatest=question.greatest,
        unknown_hinders=False,
    )


def _ensemble(
    profile: Profile,
    layers: Mapping[str, NDArray[np.float64]],
    plane: PlaneGrid,
    question: ResistanceQuestion,
    tell: Report,
) -> dict[str, PlaneGrid]:
    """Draw members, and say how far they lie apart."""
    members: dict[str, PlaneGrid] = {}
    digits = len(str(question.members))

    def drawn() -> Iterator[NDArray[np.float64]]:
        # weights have a generator of their own, so that they do not shift the draws of profiles
        rng, weights_rng = np.random.default_rng(question.seed).spawn(2)
        for k, one in enumerate(sample_profiles(profile, question.members, rng)):
            values = _resistance(one, layers, question, weights_rng).values
            members[f"member_{k + 1:0{max(digits, 2)}d}"] = on_cells(plane, values)
            tell(2 + k, 2 + question.members, f"member {k + 1}")
            yield values

    spread = summarise(drawn(), quantiles=())
    return {"resistance_cv": on_cells(plane, spread.cv), **members}


def without_sea(
    land_cover: NDArray[np.float64], cell_km2: float
) -> tuple[NDArray[np.float64], float]:
    """Make open sea NoData: water in one piece of more than 200,000 km².

    Lakes and rivers stay: they hinder, and freeze. The Caspian, with 371,000 km², is sea.

    Returns
    -------
    tuple
        The classes without sea, and how much there was, km².

    Examples
    --------
    >>> cover, sea_km2 = without_sea(np.array([[0.0, 0.0, 10.0, 0.0]]), cell_km2=150_000.0)
    >>> cover.tolist(), sea_km2
    ([[nan, nan, 10.0, 0.0]], 300000.0)
    """
    from scipy.ndimage import label  # noqa: PLC0415 - not needed elsewhere

    pieces, _ = label(land_cover == _WATER)
    size_km2 = np.bincount(pieces.ravel()) * cell_km2
    large = size_km2 > _LEAST_SEA_KM2
    large[0] = False
    sea = large[pieces]
    return np.where(sea, np.nan, land_cover), float(sea.sum() * cell_km2)


def _numbers(plane: PlaneGrid, found: Resistance) -> dict[str, Any]:
    values = found.values[np.isfinite(found.values)]
    return {
        "rows": plane.shape[0],
        "columns": plane.shape[1],
        "cell_m": plane.cell_m,
        "cells_with_resistance": int(values.size),
        "area_km2": float(values.size * plane.cell_km2),
        "resistance_median": float(np.median(values)),
        "resistance_p05": float(np.quantile(values, 0.05)),
        "resistance_p95": float(np.quantile(values, 0.95)),
        "layers_used": sorted(found.factors),
        "layers_the_profile_lacks_here": list(found.not_given),
        "cells_where_a_layer_is_not_known": dict(found.n_unknown),
    }


def _notes(profile: Profile, found: Resistance, sea_km2: float) -> list[str]:
    notes = [
        "Resistances rest on judgement, not on tracks: directions and orders of magnitude follow "
        "the sources in profile.csv. Use an ensemble, or a profile of your own fitted to tracks."
    ]
    if found.not_given:
        notes.append(
            f"The profile of {profile.species_id} also speaks of {', '.join(found.not_given)}; no "
            "such layer was given, so what it would add is not in the map."
        )
    if sea_km2:
        notes.append(f"{sea_km2:,.0f} km² of sea are NoData: nothing moves there.")
    for name, count in found.n_unknown.items():
        notes.append(
            f"{count} cells have land cover but no {name}; they count by what is known there."
        )
    return notes


def profile_rows(profile: Profile) -> pd.DataFrame:
    """Return a profile as a table: layer, value, and its resistance with its range."""
    return pd.DataFrame(
        [
            {
                "layer": layer,
                "value": value,
                "resistance": spread.middle,
                "resistance_low": spread.low,
                "resistance_high": spread.high,
            }
            for layer, spreads in profile.layers.items()
            for value, spread in spreads.items()
        ]
    )
