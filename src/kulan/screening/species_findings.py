"""Everything about each species: habitat, the user's layers of it, and what is cut off."""

from collections.abc import Iterator

from kulan.screening.exposure import HabitatQuestion, measure_habitat
from kulan.screening.findings import Exposure, Figure, Severance, SpeciesFindings
from kulan.screening.habitats import OnGrids, find_severance
from kulan.screening.headlines import threat
from kulan.screening.layer_exposure import measure_layer
from kulan.screening.question import Landscape
from kulan.screening.recipes import figure
from kulan.screening.species_listings import Listing

NO_LAYER = "no_layer"


def find_species(
    on_grids: OnGrids, landscape: Landscape, listings: dict[str, Listing]
) -> tuple[SpeciesFindings, ...]:
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
    tuple of SpeciesFindings
        Those whose habitat is crossed first, then those affected, then the others; within each the
        most threatened first, then by name.
    """
    found = [
        one
        for listing in listings.values()
        for one in _of_species(on_grids, landscape, listing)
    ]
    ordered = sorted(found, key=_concern)
    return tuple(_numbered(one, number) for number, one in enumerate(ordered, start=1))


def _concern(one: SpeciesFindings) -> tuple[int, int, str]:
    crossed = (one.total_crossed.value or 0.0) > 0
    affected = one.total_affected is not None and (one.total_affected.value or 0.0) > 0
    return (0 if crossed else 1 if affected else 2, threat(one.iucn), one.species_id)


def _numbered(one: SpeciesFindings, number: int) -> SpeciesFindings:
    return SpeciesFindings(**{**vars(one), "concern": number})


def _of_species(
    on_grids: OnGrids, landscape: Landscape, listing: Listing
) -> Iterator[SpeciesFindings]:
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
            yield _findings(listing, user_rows, (missing, None, None))
        return
    if not (is_listed or user_rows or landscape.habitats.may_be_near(name, setting.territory.codes)):
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
    yield _findings(listing, (*measured.exposures, *user_rows), totals, severances)


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
