"""Everything about each species: habitat, the user's layers of it, and what is cut off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kulan.screening.exposure import HabitatQuestion, measure_habitat
from kulan.screening.findings import Exposure, Figure, Severance, SpeciesFindings
from kulan.screening.habitats import OnGrids, find_severance
from kulan.screening.headlines import threat
from kulan.screening.layer_exposure import measure_layer
from kulan.screening.question import Landscape
from kulan.screening.recipes import figure
from kulan.screening.species_listings import Listing

NO_LAYER = "no_layer"

_IN_DANGER = ("CR", "EN")
_ON_THE_MOVE = ("seasonal_migrant", "nomad")


class SpeciesFound(NamedTuple):
    """Findings of all species.

    Attributes
    ----------
    findings
        In order of concern.
    beyond_reach
        Species of which nothing known, not even marginal or uncertain habitat, lies within the
        effect distance.
    """

    findings: tuple[SpeciesFindings, ...]
    beyond_reach: frozenset[str]


@dataclass(frozen=True)
class _One:
    findings: SpeciesFindings
    is_beyond_reach: bool


def find_species(
    on_grids: OnGrids, landscape: Landscape, listings: Mapping[str, Listing]
) -> "SpeciesFound":
    """Find what the alternative does to each species listed in its states, or touched by it.

    Parameters
    ----------
    on_grids
        The alternative.
    landscape
        What it is held against.
    listings
        Every species on record.

    Returns
    -------
    SpeciesFound
        Species whose habitat is crossed first, then those affected, then the others; within each
        those in danger of extinction (CR, EN), then those whose yearly movement a barrier
        interrupts (seasonal migrants, nomads), then by Red List category, length and name.
    """
    found = [
        one for listing in listings.values() for one in _of_species(on_grids, landscape, listing)
    ]
    ordered = sorted(found, key=lambda one: _concern(one.findings))
    return SpeciesFound(
        tuple(_numbered(one.findings, number) for number, one in enumerate(ordered, start=1)),
        frozenset(one.findings.species_id for one in found if one.is_beyond_reach),
    )


def _concern(one: SpeciesFindings) -> tuple[int, bool, bool, int, float, str]:
    crossed_km = one.total_crossed.value or 0.0
    affected = one.total_affected is not None and (one.total_affected.value or 0.0) > 0
    return (
        0 if crossed_km > 0 else 1 if affected else 2,
        one.iucn not in _IN_DANGER,
        one.migratory_kind not in _ON_THE_MOVE,
        threat(one.iucn),
        -crossed_km,
        one.species_id,
    )


def _numbered(one: SpeciesFindings, number: int) -> SpeciesFindings:
    return replace(one, concern=number)


def _of_species(on_grids: OnGrids, landscape: Landscape, listing: Listing) -> Iterator[_One]:
    """Give the findings of one species, or nothing when it has no part in this."""
    name, setting = listing.species_id, on_grids.setting
    book = landscape.book
    distance_m = listing.effect.distance_m
    user_rows = tuple(
        row
        for index in landscape.indexes
        if index.layer.species_id == name
        for row in measure_layer(setting, index, listing.presence, distance_m, book)
    )
    is_listed = any(part.iso3 in listing.presence for part in setting.parts)
    if name not in landscape.habitats.paths:
        if is_listed or user_rows:
            recipe = book.write("species_findings.find_species", drawn=(setting.alignment.drawn,))
            missing = figure(None, "km", recipe, reason=NO_LAYER)
            yield _One(_findings(listing, user_rows, (missing, None, None)), False)
        return
    if not (
        is_listed or user_rows or landscape.habitats.may_be_near(name, setting.territory.codes)
    ):
        return
    grid = landscape.habitats.grid(name)
    near = on_grids.placement(grid)
    question = HabitatQuestion(
        species_id=name,
        values=grid.window(setting.territory.window).values,
        presence=listing.presence,
        areas_km2=landscape.habitats.suitable_areas_km2(name),
        distance_m=distance_m,
    )
    measured = measure_habitat(near, question, book)
    if not (is_listed or user_rows or measured.is_touched):
        return
    totals = (measured.total_crossed, measured.total_affected, measured.total_affected_share)
    severances = (
        find_severance(on_grids, name, grid, distance_m, book) if measured.is_touched else ()
    )
    findings = _findings(listing, (*measured.exposures, *user_rows), totals, severances)
    uncertain = any(row.presence == "uncertain" for row in measured.exposures)
    near_user_layer = any(
        number is not None and number.value != 0
        for row in user_rows
        for number in (row.crossed, row.affected)
    )
    yield _One(findings, not (measured.is_within_reach or uncertain or near_user_layer))


def _findings(
    listing: Listing,
    exposures: tuple[Exposure, ...],
    totals: tuple[Figure, Figure | None, Figure | None],
    severances: tuple[Severance, ...] = (),
) -> SpeciesFindings:
    crossed, affected, share = totals
    return SpeciesFindings(
        species_id=listing.species_id,
        concern=0,
        iucn=listing.iucn,
        iucn_of_others=listing.iucn_of_others,
        cms_appendices=listing.cms,
        cites_appendices=listing.cites,
        cami_editions=listing.editions,
        migratory_kind=listing.migratory_kind,
        effect_distance=listing.effect,
        exposures=exposures,
        total_crossed=crossed,
        total_affected=affected,
        total_affected_share=share,
        severances=severances,
    )
