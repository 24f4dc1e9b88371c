"""Alternatives side by side: one row per criterion, never added up."""

from kulan.report.document import Cell, Column, Paragraph, Row, Section, Table
from kulan.report.reader import Reader
from kulan.screening.findings import CriterionRanking, Ranked, Screening


def comparison(screening: Screening, reader: Reader) -> Section:
    """Rank the alternatives criterion by criterion."""
    say = reader.say
    intro = say(
        "Each row is one criterion with its own ranking; place 1 is best for the animals. Criteria "
        "are not added up: which of them weighs more is for the reader to decide."
    )
    columns = [Column(say("Criterion"), share=2), Column(say("Species"), share=1.4)]
    columns += [
        Column(f"{number}. {one.alternative.name}", numeric=True, share=1.2)
        for number, one in enumerate(screening.alternatives, start=1)
    ]
    rows = tuple(_row(ranking, screening, reader) for ranking in screening.ranking)
    if not rows:
        nothing = say("The alternatives do not differ in anything this screening measures.")
        return Section("alternatives", say("Alternatives side by side"), (Paragraph(nothing),))
    table = Table(say("Alternatives, ranked under each criterion"), tuple(columns), rows)
    title = say("Alternatives side by side")
    return Section("alternatives", title, (Paragraph(intro, small=True), table))


def _row(ranking: CriterionRanking, screening: Screening, reader: Reader) -> Row:
    by_id = {one.alternative_id: one for one in ranking.ranked}
    better = (
        reader.say("less is better") if ranking.better == "less" else reader.say("more is better")
    )
    cells = [
        Cell(reader.code("criterion", ranking.criterion), note=better),
        reader.species_cell(ranking.species_id),
    ]
    places = {one.place for one in ranking.ranked}
    cells += [
        _ranked(by_id.get(one.alternative.alternative_id), places, reader)
        for one in screening.alternatives
    ]
    return Row(tuple(cells), ranking.species_id)


def _ranked(ranked: Ranked | None, places: set[int], reader: Reader) -> Cell:
    if ranked is None:
        return Cell("–", sort=-1)
    cell = reader.cell(ranked.figure)
    if len(places) == 1:
        place = reader.say("no difference")
    else:
        place = reader.say("place {place}", place=reader.words.number(ranked.place))
    note = f"{place} ({cell.note})" if cell.note else place
    tone = "good" if ranked.place == 1 and len(places) > 1 else cell.tone
    return Cell(cell.text, note=note, sort=cell.sort, recipe=cell.recipe, tone=tone)
