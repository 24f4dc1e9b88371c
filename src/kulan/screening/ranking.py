"""Alternatives side by side: a ranking for each criterion, and never a sum of them."""

from collections.abc import Callable

from kulan.screening.codes import RANKINGS
from kulan.screening.findings import (
    AlternativeFindings,
    AreaFinding,
    CriterionRanking,
    Figure,
    Ranked,
    SpeciesFindings,
)
from kulan.screening.recipes import RecipeBook, figure

_SAME = 1e-9


def rank(
    alternatives: tuple[AlternativeFindings, ...], book: RecipeBook
) -> tuple[CriterionRanking, ...]:
    """Rank alternatives under each criterion; equal values share a place.

    An alternative whose figure has no value is left out of that ranking. A criterion under which
    all are zero, and one that fewer than two alternatives answer, is left out. One alternative
    alone is not ranked.

    Parameters
    ----------
    alternatives
        Findings of each.
    book
        Where recipes of sums are written.
    """
    if len(alternatives) < 2:
        return ()
    rankings = []
    for criterion, measure in _measures(book).items():
        rankings.append(_ranked(criterion, "", [(one, measure(one)) for one in alternatives]))
    names = sorted({one.species_id for found in alternatives for one in found.species})
    for criterion, of_species in _SPECIES_MEASURES.items():
        for name in names:
            figures = [(one, of_species(_species(one, name), one, book)) for one in alternatives]
            rankings.append(_ranked(criterion, name, figures))
    kept = [ranking for ranking in rankings if _tells(ranking)]
    order = list(RANKINGS)
    return tuple(sorted(kept, key=lambda r: (order.index(r.criterion), r.species_id)))


def _tells(ranking: CriterionRanking) -> bool:
    return len(ranking.ranked) > 1 and any(one.figure.value for one in ranking.ranked)


def _ranked(
    criterion: str, species_id: str, figures: list[tuple[AlternativeFindings, Figure | None]]
) -> CriterionRanking:
    sign = 1 if RANKINGS[criterion] == "less" else -1
    known = [
        (found.alternative.alternative_id, number, sign * number.value)
        for found, number in figures
        if number is not None and number.value is not None
    ]
    ranked = [
        Ranked(name, number, 1 + sum(other < value - _SAME for _, _, other in known))
        for name, number, value in known
    ]
    return CriterionRanking(
        criterion=criterion,
        species_id=species_id,
        better="less" if RANKINGS[criterion] == "less" else "more",
        ranked=tuple(sorted(ranked, key=lambda one: (one.place, one.alternative_id))),
    )


def _species(found: AlternativeFindings, name: str) -> SpeciesFindings | None:
    return next((one for one in found.species if one.species_id == name), None)


def _crossed(
    one: SpeciesFindings | None, found: AlternativeFindings, book: RecipeBook
) -> Figure | None:
    return one.total_crossed if one else _nothing(found, "km", book)


def _affected_share(
    one: SpeciesFindings | None, found: AlternativeFindings, book: RecipeBook
) -> Figure | None:
    return one.total_affected_share if one else _nothing(found, "fraction", book)


def _cut_off(
    one: SpeciesFindings | None, found: AlternativeFindings, book: RecipeBook
) -> Figure | None:
    if one is None or not one.severances:
        return _nothing(found, "km2", book)
    return one.severances[0].smaller


def _nothing(found: AlternativeFindings, unit: str, book: RecipeBook) -> Figure:
    """Return zero: the species is neither listed where this alternative lies nor touched by it."""
    return figure(0.0, unit, _recipe(found, book))


_SPECIES_MEASURES: dict[
    str, Callable[[SpeciesFindings | None, AlternativeFindings, RecipeBook], Figure | None]
] = {
    "habitat_crossed": _crossed,
    "habitat_affected_share": _affected_share,
    "habitat_cut_off": _cut_off,
}


def _measures(
    book: RecipeBook,
) -> dict[str, Callable[[AlternativeFindings], Figure | None]]:
    def total(found: AlternativeFindings, values: list[float], unit: str) -> Figure:
        return figure(sum(values), unit, _recipe(found, book))

    def crossed(found: AlternativeFindings, areas: tuple[AreaFinding, ...]) -> Figure:
        return total(found, [float(area.relation == "crossed") for area in areas], "count")

    def near_border(found: AlternativeFindings) -> Figure | None:
        if found.alternative.shape == "area":
            return None
        # near several neighbours at once counts once: the longest stretch in each state
        longest: dict[str, float] = {}
        for segment in found.transboundary:
            km = segment.length.value or 0.0
            longest[segment.iso3] = max(longest.get(segment.iso3, 0.0), km)
        return total(found, list(longest.values()), "km")

    def new_fragments(found: AlternativeFindings) -> Figure:
        before = found.cumulative.fragments_before.value or 0.0
        after = found.cumulative.fragments_after.value or 0.0
        return total(found, [max(after - before, 0.0)], "count")

    return {
        "length": lambda found: found.alternative.length,
        "user_layer_crossed": lambda found: total(
            found, [row.crossed.value or 0.0 for row in found.user_layers], "km"
        ),
        "key_areas_crossed": lambda found: crossed(found, found.key_areas),
        "landscapes_crossed": lambda found: crossed(found, found.landscapes),
        "length_near_border": near_border,
        "new_fragments": new_fragments,
        "barriers_crossed": lambda found: total(
            found, [float(b.crossings > 0) for b in found.barriers if b.stands], "count"
        ),
        "beside_existing": lambda found: total(
            found,
            [max([b.parallel.value or 0.0 for b in found.barriers if b.stands], default=0.0)],
            "km",
        ),
    }


def _recipe(found: AlternativeFindings, book: RecipeBook) -> str:
    """Write down that the figure is added up from this alternative's findings."""
    return book.write("ranking.rank", alternative=found.alternative.alternative_id)
