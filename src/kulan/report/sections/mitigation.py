"""Measures by the steps of the mitigation hierarchy, with how well each is shown to work."""

from kulan.report.document import Block, Cell, Column, Heading, Paragraph, Row, Section, Table
from kulan.report.reader import Reader
from kulan.report.sections.merging import are_several, merged, which
from kulan.screening.findings import MitigationFinding, Screening

_STEPS = ("avoid", "minimise", "restore", "offset")


def mitigation(screening: Screening, reader: Reader) -> Section:
    """Tell the measures for what is touched, step by step, and where none is known."""
    say = reader.say
    found = merged(screening, lambda one: one.mitigation, _same)
    title = say("What can be done")
    if not found:
        nothing = say("No species is touched, so no measure is proposed.")
        return Section("mitigation", title, (Paragraph(nothing),))
    intro = say(
        "The steps stand in the order in which they must be tried: avoid, minimise, restore, and "
        "only then offset. Evidence says how well a measure is shown to work; where none was found "
        "the table says so."
    )
    blocks: list[Block] = [Paragraph(intro, small=True)]
    for step in _STEPS:
        measures = [(one, numbers) for one, numbers in found if one.hierarchy == step]
        if measures:
            blocks.append(Heading(reader.code("hierarchy", step)))
            blocks.append(_table(step, measures, screening, reader))
    return Section("mitigation", title, tuple(blocks))


def _same(measure: MitigationFinding) -> tuple[object, ...]:
    """Return what makes two alternatives' measures the same."""
    return (measure.hierarchy, measure.measure_id, measure.species, measure.evidence)


def _table(
    step: str,
    measures: list[tuple[MitigationFinding, list[int]]],
    screening: Screening,
    reader: Reader,
) -> Table:
    say = reader.say
    several = are_several(screening)
    columns = [
        Column(say("Measure"), share=2.2),
        Column(say("For"), share=1.2),
        Column(say("Evidence"), share=2),
        Column(say("Design"), share=1.6),
        Column(say("Source")),
    ]
    if several:
        columns.append(Column(say("Alternatives"), share=1))
    rows = []
    for one, numbers in measures:
        cells = [*_cells(one, reader)]
        if several:
            cells.append(Cell(which(numbers, screening, reader)))
        rows.append(Row(tuple(cells), one.species[0] if len(one.species) == 1 else ""))
    caption = say("{step}: measures", step=reader.code("hierarchy", step))
    return Table(caption, tuple(columns), tuple(rows))


def _cells(one: MitigationFinding, reader: Reader) -> tuple[Cell, ...]:
    say = reader.say
    species = Cell(reader.species_listed(one.species) or "–")
    if not one.measure_id:
        nothing = say("No measure with evidence was found for this step.")
        return (Cell(nothing, tone="unsaid"), species, Cell("–"), Cell("–"), Cell("–"))
    return (
        Cell(say(one.measure)),
        species,
        Cell(reader.code("evidence", one.evidence), note=say(one.evidence_summary)),
        Cell(reader.design(one)),
        reader.source_cell(one.source, one.confidence),
    )
