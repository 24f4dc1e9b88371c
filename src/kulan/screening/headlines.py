"""Three sentences that matter most, chosen by stated rules and by no score.

First line: the species of most concern whose habitat is crossed; else the one affected; else the
nearest. Second line: habitat cut off (at least 100 km² and 1 % of what is connected), else new
fragments, else a stretch near a border, else how much denser barriers become. Third line: a
criterion that is met, else those that stay open, else the largest gap in the data.
"""

from typing import Any

from kulan.screening.findings import (
    CriterionFinding,
    CumulativeFinding,
    Headline,
    SpeciesFindings,
    TransboundarySegment,
    Unknown,
)

IUCN_ORDER = ("EX", "EW", "CR", "EN", "VU", "NT", "LC", "DD", "NE")
"""Red List categories, most threatened first."""

_LEAST_CUT_OFF_KM2 = 100.0
_LEAST_CUT_OFF_SHARE = 0.01


def threat(iucn: str) -> int:
    """Return the place of a Red List category among them, 0 for the gravest."""
    return IUCN_ORDER.index(iucn) if iucn in IUCN_ORDER else len(IUCN_ORDER)


def choose_headlines(
    species: tuple[SpeciesFindings, ...],
    transboundary: tuple[TransboundarySegment, ...],
    cumulative: CumulativeFinding,
    criteria: tuple[CriterionFinding, ...],
    unknowns: tuple[Unknown, ...],
) -> tuple[Headline, ...]:
    """Choose one sentence about species, one about the landscape, one about what must be settled.

    Parameters
    ----------
    species, transboundary, cumulative, criteria, unknowns
        Findings of the alternative.
    """
    return (
        _about_species(species),
        _about_landscape(species, transboundary, cumulative),
        _about_lender(criteria, unknowns),
    )


def _value(figure: Any) -> float:
    return float(figure.value or 0.0) if figure is not None else 0.0


def _about_species(species: tuple[SpeciesFindings, ...]) -> Headline:
    crossed = [one for one in species if _value(one.total_crossed) > 0]
    if crossed:
        one = min(crossed, key=lambda s: s.concern)
        return Headline(
            "habitat_crossed",
            {
                "species_id": one.species_id,
                "length_km": _value(one.total_crossed),
                "states": [row.iso3 for row in one.exposures if _value(row.crossed) > 0],
                "species_count": len(crossed),
            },
        )
    affected = [one for one in species if _value(one.total_affected) > 0]
    if affected:
        one = min(affected, key=lambda s: s.concern)
        return Headline(
            "habitat_affected",
            {
                "species_id": one.species_id,
                "area_km2": _value(one.total_affected),
                "states": [row.iso3 for row in one.exposures if _value(row.affected) > 0],
                "species_count": len(affected),
            },
        )
    return _nearest(species)


def _nearest(species: tuple[SpeciesFindings, ...]) -> Headline:
    near = [
        (float(row.nearest.value), one.species_id)
        for one in species
        for row in one.exposures
        if row.nearest is not None and row.nearest.value is not None
    ]
    if not near:
        return Headline("no_habitat_near", {})
    distance_km, name = min(near)
    return Headline("habitat_near", {"species_id": name, "distance_km": distance_km})


def _about_landscape(
    species: tuple[SpeciesFindings, ...],
    transboundary: tuple[TransboundarySegment, ...],
    cumulative: CumulativeFinding,
) -> Headline:
    cut = [
        (one, severance)
        for one in species
        for severance in one.severances
        if _value(severance.smaller) >= _LEAST_CUT_OFF_KM2
        and _value(severance.smaller) >= _LEAST_CUT_OFF_SHARE * _value(severance.habitat)
    ]
    if cut:
        one, severance = min(cut, key=lambda s: (s[0].concern, -_value(s[1].smaller)))
        area_km2 = _value(severance.smaller)
        share = area_km2 / _value(severance.habitat)
        return Headline(
            "habitat_cut_off",
            {"species_id": one.species_id, "area_km2": area_km2, "share": round(share, 6)},
        )
    before, after = _value(cumulative.fragments_before), _value(cumulative.fragments_after)
    if after > before:
        return Headline("new_fragments", {"before": before, "after": after})
    if transboundary:
        return Headline(
            "near_border",
            {
                "length_km": max(_value(segment.length) for segment in transboundary),
                "neighbours": sorted({segment.neighbour_iso3 for segment in transboundary}),
            },
        )
    return Headline(
        "denser_barriers",
        {
            "before_km_per_100km2": _value(cumulative.density_before),
            "after_km_per_100km2": _value(cumulative.density_after),
            "within_km": cumulative.within_km,
        },
    )


def _about_lender(
    criteria: tuple[CriterionFinding, ...], unknowns: tuple[Unknown, ...]
) -> Headline:
    met = [one for one in criteria if one.outcome == "met"]
    if met:
        first = met[0]
        return Headline(
            "criterion_met", {"criterion": first.criterion, "species_id": first.species_id}
        )
    still_open = [one for one in criteria if one.outcome == "cannot_be_said" and one.species_id]
    if still_open:
        return Headline(
            "criteria_open",
            {
                "criteria": sorted({one.criterion for one in still_open}),
                "species": list(dict.fromkeys(one.species_id for one in still_open)),
            },
        )
    first_gap = unknowns[0] if unknowns else Unknown("no_tracking_layer", "", {})
    return Headline("biggest_gap", {"unknown": first_gap.code, "values": dict(first_gap.values)})
