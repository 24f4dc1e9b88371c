"""The whole question: alternatives against a baseline, and everything found."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

import kulan
from kulan.errors import InvalidGeometryError, UnknownNameError
from kulan.places import WGS84, local_crs, project
from kulan.screening.alignments import Alignment, PlannedAlternative, make_alignment
from kulan.screening.areas import IS_AREA
from kulan.screening.around import find_around
from kulan.screening.baseline import Baseline
from kulan.screening.borders import find_states, find_transboundary
from kulan.screening.critical_habitat import run_test
from kulan.screening.existing_barriers import find_same
from kulan.screening.findings import (
    SCHEMA_VERSION,
    Alternative,
    AlternativeFindings,
    Exposure,
    InputFile,
    LayerUsed,
    LossRecord,
    Screening,
    SpeciesFindings,
    Structure,
)
from kulan.screening.habitats import OnGrids
from kulan.screening.headlines import choose_headlines
from kulan.screening.layer_exposure import count_animals, measure_layer
from kulan.screening.mitigation import find_measures, find_rules
from kulan.screening.nearness import nearest_m
from kulan.screening.placement import Setting, window_around
from kulan.screening.question import Landscape, cutting_lines, make_landscape
from kulan.screening.ranking import rank
from kulan.screening.recipes import RecipeBook, figure
from kulan.screening.seasonal_calendar import find_seasons
from kulan.screening.species_findings import find_species
from kulan.screening.species_listings import Listing, list_species
from kulan.screening.territory import NOWHERE, find_territory, split_by_state
from kulan.screening.unknowns import Found, find_unknowns, is_touched
from kulan.screening.user_layers import UserLayer

Progress = Callable[[int, int, str], None]

_ALWAYS_USED = ("states", "barriers", "key_areas", "landscapes")


def screen_alternatives(  # noqa: PLR0913  the question has as many parts
    alternatives: Sequence[PlannedAlternative],
    baseline: Baseline,
    *,
    layers: Sequence[UserLayer] = (),
    on: date,
    within_km: float = 50.0,
    stale_after_years: float = 10.0,
    inputs: Sequence[InputFile] = (),
    losses: Sequence[LossRecord] = (),
    progress: Progress | None = None,
) -> Screening:
    """Screen one or several alternatives of one project against what is known of the landscape.

    Nothing is asked of the clock or the network: the same arguments give the same findings.

    Parameters
    ----------
    alternatives
        Lines or polygons with type, status and attributes; ids must differ.
    baseline
        The landscape: states, habitats, barriers, areas.
    layers
        Ranges, corridors, key areas or other layers of the user's own.
    on
        Day whose facts are asked for: treaties, standing barriers, age of layers.
    within_km
        How far around to look for borders, key areas and other barriers, km.
    stale_after_years
        Age from which a layer is told of as old, years.
    inputs, losses
        Files read, and what was lost in reading, to be kept with the findings.
    progress
        Called with the steps done, the steps in all, and the alternative's id.

    Returns
    -------
    Screening
        Everything found, with the recipe of every figure.

    Raises
    ------
    UnknownNameError
        If a type or status is not known, or two alternatives or two layers share a name.
    InvalidGeometryError
        If there is no alternative, or one is empty, invalid, or neither lines nor polygons.
    OutsideRegionError
        If an alternative lies wholly outside the region.
    """
    _check_ids(alternatives)
    alignments = [make_alignment(alternative) for alternative in alternatives]
    landscape = make_landscape(baseline, tuple(layers), on, within_km, stale_after_years)
    found = []
    for done, alignment in enumerate(alignments):
        if progress is not None:
            progress(done, len(alignments), alignment.alternative_id)
        found.append(_screen_one(alignment, alignments, landscape))
    if progress is not None:
        progress(len(alignments), len(alignments), "")
    book = landscape.book
    ranking = rank(tuple(found), book)
    return Screening(
        schema_version=SCHEMA_VERSION,
        kulan_version=kulan.__version__,
        on=on.isoformat(),
        release=baseline.release,
        inputs=tuple(inputs),
        losses=tuple(losses),
        alternatives=tuple(found),
        ranking=ranking,
        layers=_layers_used(found, landscape),
        recipes=book.recipes,
    )


def _check_ids(alternatives: Sequence[PlannedAlternative]) -> None:
    if not alternatives:
        raise InvalidGeometryError("There is nothing to screen: give at least one line or polygon.")
    names = [alternative.alternative_id for alternative in alternatives]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnknownNameError(
            f"Two alternatives are called {', '.join(map(repr, twice))}; give each its own name."
        )


def _screen_one(
    alignment: Alignment, alignments: list[Alignment], landscape: Landscape
) -> AlternativeFindings:
    """Find everything about one alternative."""
    book, on = landscape.book, landscape.on
    setting = _set_among_states(alignment, landscape)
    same = find_same(alignment, landscape.surroundings)
    others = landscape.surroundings.without([barrier_id for barrier_id, _ in same])
    kind, listings = _listed(alignment, on)
    standing = OnGrids(setting, cutting_lines(others))
    species, beyond_reach = find_species(standing, landscape, listings)
    alternative = _describe(setting, book)
    states = find_states(setting, on, book)
    transboundary = find_transboundary(setting, on, landscape.within_km, book)
    around = find_around(setting, landscape, others, listings)
    touched = [one.species_id for one in species if is_touched(one)]
    seasons = find_seasons(touched, _states_reached(species))
    criteria = run_test(species, beyond_reach, count_animals(setting, landscape.indexes, listings))
    unnamed = _unnamed_layers(setting, landscape)
    found = Found(
        alternative=alternative,
        states=states,
        transboundary=transboundary,
        species=species,
        user_layers=unnamed,
        around=around,
        same_barriers=same,
        seasons_of={season.species_id for season in seasons},
        layers=landscape.layers,
        on=on,
        stale_after_years=landscape.stale_after_years,
        apart_m=_apart_m(alignment, alignments),
    )
    unknowns = find_unknowns(found)
    return AlternativeFindings(
        alternative=alternative,
        states=states,
        transboundary=transboundary,
        species=species,
        user_layers=unnamed,
        key_areas=around.key_areas,
        landscapes=around.landscapes,
        barriers=around.barriers,
        cumulative=around.cumulative,
        seasons=seasons,
        critical_habitat=criteria,
        mitigation=find_measures(tuple(touched), kind),
        rules=find_rules(tuple(one.iso3 for one in states if one.iso3), kind),
        unknowns=unknowns,
        headlines=choose_headlines(species, transboundary, around.cumulative, criteria, unknowns),
    )


def _listed(alignment: Alignment, on: date) -> tuple[str, Mapping[str, Listing]]:
    kind = alignment.planned.barrier_type
    return kind, list_species(kind, on)


def _set_among_states(alignment: Alignment, landscape: Landscape) -> Setting:
    territory = find_territory(landscape.baseline.states, window_around(alignment))
    return Setting(alignment, territory, split_by_state(alignment, territory))


def _states_reached(species: tuple[SpeciesFindings, ...]) -> set[str]:
    return {row.iso3 for one in species for row in one.exposures} - {NOWHERE}


def _unnamed_layers(setting: Setting, landscape: Landscape) -> tuple[Exposure, ...]:
    """Measure the user's layers that speak of no species."""
    return tuple(
        row
        for index in landscape.indexes
        if index.layer.species_id is None
        for row in measure_layer(setting, index, {}, None, landscape.book)
    )


def _describe(setting: Setting, book: RecipeBook) -> Alternative:
    """Put what the user gave into the findings, with its length or area."""
    alignment, planned = setting.alignment, setting.alignment.planned
    recipe = book.write("alignments.make_alignment", drawn=(alignment.drawn,), longest_edge_m=5000)
    length = (
        figure(alignment.length_km, "km", recipe)
        if alignment.is_line
        else figure(None, "km", recipe, reason=IS_AREA)
    )
    attributes = planned.attributes
    return Alternative(
        alternative_id=planned.alternative_id,
        name=planned.name,
        barrier_type=planned.barrier_type,
        status=planned.status,
        shape="line" if alignment.is_line else "area",
        length=length,
        area=None if alignment.is_line else figure(alignment.area_km2, "km2", recipe),
        fenced=attributes.fenced,
        fence_type=attributes.fence_type,
        fence_height_m=attributes.fence_height_m,
        traffic_per_day=attributes.traffic_per_day,
        gauge_mm=attributes.gauge_mm,
        right_of_way_m=attributes.right_of_way_m,
        structures=_structures(setting),
        geometry=_geojson(shapely.force_2d(planned.geometry)),
    )


def _geojson(geometry: Any) -> dict[str, Any]:
    """Return a geometry as GeoJSON, coordinates in lists."""
    import json  # noqa: PLC0415

    told: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return told


def _structures(setting: Setting) -> tuple[Structure, ...]:
    planned = setting.alignment.planned.structures
    if not planned:
        return ()
    points = np.array([structure.point for structure in planned], dtype=object)
    away_m = nearest_m(setting.pieces, points)
    return tuple(
        Structure(
            structure_id=structure.structure_id,
            kind=structure.kind,
            width_m=structure.width_m,
            height_m=structure.height_m,
            longitude=float(structure.point.x),
            latitude=float(structure.point.y),
            distance_from_alignment_m=round(float(distance), 1),
        )
        for structure, distance in zip(planned, away_m, strict=True)
    )


def _apart_m(alignment: Alignment, alignments: list[Alignment]) -> dict[str, float]:
    """Greatest distance between an alternative and each other one, metres, to a few per cent."""
    local = local_crs(alignment.shape)
    here = project(alignment.shape, WGS84, local)
    return {
        other.alternative_id: float(
            shapely.hausdorff_distance(here, project(other.shape, WGS84, local))
        )
        for other in alignments
        if other is not alignment
    }


def _layers_used(found: list[AlternativeFindings], landscape: Landscape) -> dict[str, LayerUsed]:
    """Return the layers that findings speak of, those about everything, and the user's."""
    rows = [
        row
        for one in found
        for row in (*one.user_layers, *(row for s in one.species for row in s.exposures))
    ]
    names = {row.layer_id for row in rows} | set(_ALWAYS_USED)
    names |= {layer.layer_id for layer in landscape.user_layers}
    return {name: landscape.layers[name] for name in sorted(names) if name in landscape.layers}
