"""What a screening cannot say: missing, old or coarse data, and what the user did not tell."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kulan.programme.dates import first_day
from kulan.screening.around import Around
from kulan.screening.codes import UNKNOWNS
from kulan.screening.findings import (
    Alternative,
    Exposure,
    LayerUsed,
    SpeciesFindings,
    StateCrossed,
    Structure,
    TransboundarySegment,
    Unknown,
)
from kulan.screening.knowledge import global_population, has_rule, species_group
from kulan.screening.territory import NOWHERE

_OFF_THE_LINE_M = 1000.0
_LONG_ALONG_BORDER_KM = 10.0
_POOR_POSITION_KM = 5.0
_DAYS_PER_YEAR = 365.25
_TRAFFIC_TYPES = ("railway", "road")
_FENCEABLE_TYPES = ("railway", "road", "pipeline", "canal", "mine", "solar_field", "wind_farm")


@dataclass(frozen=True)
class Found:
    """What is known of one alternative when its gaps are looked for.

    Attributes
    ----------
    alternative, states, transboundary, species, user_layers
        Findings so far.
    around
        Areas and barriers around it.
    same_barriers
        Known barriers that are the alternative itself: id and name.
    seasons_of
        Species with a season on record.
    layers
        All layers looked at.
    on
        Day asked about.
    stale_after_years
        Age from which a layer counts as old.
    apart_m
        Greatest distance between this alternative and each of the others, by id.
    """

    alternative: Alternative
    states: tuple[StateCrossed, ...]
    transboundary: tuple[TransboundarySegment, ...]
    species: tuple[SpeciesFindings, ...]
    user_layers: tuple[Exposure, ...]
    around: Around
    same_barriers: tuple[tuple[str, str], ...]
    seasons_of: Collection[str]
    layers: Mapping[str, LayerUsed]
    on: date
    stale_after_years: float
    apart_m: Mapping[str, float]


def find_unknowns(found: Found) -> tuple[Unknown, ...]:
    """Gather what cannot be said about an alternative, in the order of `codes.UNKNOWNS`.

    Parameters
    ----------
    found
        What is known of it.
    """
    every = [
        *_of_layers(found),
        *_of_species(found),
        *_of_surroundings(found),
        *_of_alternative(found),
    ]
    order = list(UNKNOWNS)
    unique = {(one.code, one.subject): one for one in every}
    return tuple(sorted(unique.values(), key=lambda one: (order.index(one.code), one.subject)))


def _unknown(code: str, subject: str, **values: object) -> Unknown:
    told = {name: _text(value) for name, value in values.items()}
    assert set(told) == set(UNKNOWNS[code]), f"{code} takes {UNKNOWNS[code]}, got {sorted(told)}"
    return Unknown(code, subject, told)


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def is_touched(one: SpeciesFindings) -> bool:
    """Whether the alternative crosses, takes or affects anything known of a species."""
    return any(
        number is not None and (number.value or 0) > 0
        for row in one.exposures
        for number in (row.crossed, row.crossed_marginal, row.occupied, row.affected)
    )


def _of_layers(found: Found) -> Iterator[Unknown]:
    used = _layers_used(found)
    if any(layer.kind == "potential_habitat" for layer in used):
        yield _unknown("habitat_is_potential", "")
    if not any(layer.given_by_user and layer.kind in ("range", "corridor") for layer in used):
        yield _unknown("no_tracking_layer", "")
    for layer in used:
        if not layer.date:
            yield _unknown("layer_undated", layer.layer_id, layer_id=layer.layer_id)
            continue
        years = (found.on - first_day(layer.date)).days / _DAYS_PER_YEAR
        if years > found.stale_after_years:
            yield _unknown(
                "layer_old", layer.layer_id, layer_id=layer.layer_id, date=layer.date,
                years=int(years),
            )  # fmt: skip
    yield from _of_grain(found, used)


def _layers_used(found: Found) -> list[LayerUsed]:
    """Layers of species listed or touched here, and those that are about everything."""
    rows = [*found.user_layers, *(row for one in found.species for row in one.exposures)]
    names = {row.layer_id for row in rows} | {"states", "barriers", "key_areas", "landscapes"}
    return [found.layers[name] for name in sorted(names) if name in found.layers]


def _of_grain(found: Found, used: list[LayerUsed]) -> Iterator[Unknown]:
    """Layers coarser than what is asked of them."""
    reach_m = {
        row.layer_id: one.effect_distance.distance_m
        for one in found.species
        for row in one.exposures
    }
    width_m = found.alternative.right_of_way_m
    for layer in used:
        grain_m = layer.resolution_m
        if grain_m is None or layer.layer_id not in reach_m:
            continue
        distance_m = reach_m[layer.layer_id]
        if distance_m is not None and grain_m > distance_m:
            yield _unknown(
                "layer_coarser_than_effect", layer.layer_id, layer_id=layer.layer_id,
                resolution_m=grain_m, effect_distance_m=distance_m,
            )  # fmt: skip
        if width_m is not None and grain_m > width_m:
            yield _unknown(
                "layer_coarser_than_right_of_way", layer.layer_id, layer_id=layer.layer_id,
                resolution_m=grain_m, right_of_way_m=width_m,
            )  # fmt: skip
        for other, apart_m in found.apart_m.items():
            if grain_m > apart_m:
                yield _unknown(
                    "layer_coarser_than_alternatives", f"{layer.layer_id}:{other}",
                    layer_id=layer.layer_id, resolution_m=grain_m, other=other, apart_m=apart_m,
                )  # fmt: skip


def _of_species(found: Found) -> Iterator[Unknown]:
    here = {state.iso3 for state in found.states}
    for one in found.species:
        name = one.species_id
        if not one.exposures:
            yield _unknown("species_without_layer", name, species_id=name)
        for row in one.exposures:
            subject = f"{name}:{row.iso3}"
            if row.nearest is not None and row.nearest.value is None and row.presence != "extinct":
                yield _unknown(
                    "species_listed_without_habitat_near", subject, species_id=name, iso3=row.iso3
                )
            if row.presence == "uncertain" and row.iso3 in here:
                yield _unknown("presence_uncertain", subject, species_id=name, iso3=row.iso3)
            if row.presence == "unlisted" and row.iso3 and (row.crossed.value or 0) > 0:
                yield _unknown("presence_unlisted", subject, species_id=name, iso3=row.iso3)
        if not is_touched(one):
            continue
        if one.effect_distance.evidence not in ("measured_species", "measured_related"):
            distance = one.effect_distance.distance_m
            yield _unknown(
                "effect_not_measured", name, species_id=name,
                distance_m="" if distance is None else distance,
            )  # fmt: skip
        if name not in found.seasons_of and species_group(name).migratory:
            yield _unknown("no_season_on_record", name, species_id=name)
        if not global_population(name).known:
            yield _unknown("no_population_figure", name, species_id=name)


def _of_surroundings(found: Found) -> Iterator[Unknown]:
    for barrier in found.around.barriers:
        precision_km = barrier.precision_km
        if precision_km is not None and precision_km >= _POOR_POSITION_KM:
            yield _unknown(
                "barrier_position", barrier.barrier_id, barrier_id=barrier.barrier_id,
                name=barrier.name, precision_km=precision_km,
            )  # fmt: skip
    for barrier_id, name in found.same_barriers:
        yield _unknown("barrier_is_the_alternative", barrier_id, barrier_id=barrier_id, name=name)
    areas = (*found.around.key_areas, *found.around.landscapes)
    circles = sum(area.extent == "circle" for area in areas)
    if circles:
        yield _unknown("area_outline_unknown", "", count=circles)
    for layer_id, count in found.around.left_out.items():
        yield _unknown("more_areas_than_listed", layer_id, layer_id=layer_id, count=count)
    for state in found.states:
        if state.iso3 != NOWHERE and not has_rule(state.iso3, found.alternative.barrier_type):
            yield _unknown("no_rule_on_record", state.iso3, iso3=state.iso3)


def _of_alternative(found: Found) -> Iterator[Unknown]:
    alternative = found.alternative
    for state in found.states:
        if state.iso3 == NOWHERE and state.length.value:
            yield _unknown("outside_states", "", length_km=state.length.value)
    yield from _along_borders(found)
    kind = alternative.barrier_type
    if alternative.fenced is None and kind in _FENCEABLE_TYPES:
        yield _unknown("fence_not_told", "")
    if alternative.traffic_per_day is None and kind in _TRAFFIC_TYPES:
        yield _unknown("traffic_not_told", "")
    if alternative.right_of_way_m is None and alternative.shape == "line":
        yield _unknown("right_of_way_not_told", "")
    for structure in alternative.structures:
        if _is_off(structure):
            yield _unknown(
                "structure_off_the_line", structure.structure_id,
                structure_id=structure.structure_id,
                distance_m=structure.distance_from_alignment_m,
            )  # fmt: skip


def _along_borders(found: Found) -> Iterator[Unknown]:
    """Tell once of each border which side the line lies on is no better known than the border."""
    along_km: dict[tuple[str, str], float] = {}
    for segment in found.transboundary:
        here, there = sorted((segment.iso3, segment.neighbour_iso3))
        length_km = segment.along.value if segment.along else None
        along_km[here, there] = along_km.get((here, there), 0.0) + (length_km or 0.0)
    for (here, there), length_km in along_km.items():
        if length_km >= _LONG_ALONG_BORDER_KM:
            yield _unknown(
                "runs_along_border", f"{here}:{there}", iso3=here, neighbour_iso3=there,
                length_km=length_km,
            )  # fmt: skip


def _is_off(structure: Structure) -> bool:
    return structure.distance_from_alignment_m > _OFF_THE_LINE_M
