"""National rules and lenders' rules that speak of such a project."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Table
from kulan.report.reader import Reader
from kulan.report.sections.merging import are_several, merged, which
from kulan.screening.findings import RuleFinding, Screening


def rules(screening: Screening, reader: Reader) -> Section:
    """Tell the rules, each with its citation; it is a pointer to them and no legal advice."""
    say = reader.say
    found = merged(screening, lambda one: one.rules, lambda rule: rule.rule_id)
    title = say("Laws, standards and lenders' rules")
    if not found:
        nothing = say(
            "The Atlas holds no rule for these states and this kind of project. That does not mean "
            "that there is none."
        )
        return Section("rules", title, (Paragraph(nothing),))
    intro = say(
        "Entries point to rules, in our words; only the official text counts. The list is not "
        "complete."
    )
    blocks: list[Block] = [Paragraph(intro, small=True), _table(found, screening, reader)]
    return Section("rules", title, tuple(blocks))


def _table(
    found: list[tuple[RuleFinding, list[int]]], screening: Screening, reader: Reader
) -> Table:
    say = reader.say
    several = are_several(screening)
    columns = [
        Column(say("Where it applies"), share=1),
        Column(say("Rule"), share=2),
        Column(say("What it asks"), share=2.6),
        Column(say("Source")),
    ]
    if several:
        columns.append(Column(say("Alternatives"), share=1.1))
    rows = []
    for one, numbers in found:
        cells = [*_cells(one, reader)]
        if several:
            cells.append(Cell(which(numbers, screening, reader)))
        rows.append(Row(tuple(cells)))
    return Table(say("Rules that bear on the project"), tuple(columns), tuple(rows))


def _cells(one: RuleFinding, reader: Reader) -> tuple[Cell, ...]:
    where = reader.say("international") if one.iso3 == "international" else reader.state(one.iso3)
    citation = ", ".join(part for part in (one.year, one.article) if part)
    return (
        Cell(where),
        Cell(reader.say(one.title), note=citation),
        Cell(reader.say(one.requirement)),
        reader.source_cell(one.source, one.confidence),
    )
