"""The lender's critical-habitat test, criterion by criterion."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Table, Tone
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, CriterionFinding, Outcome

_TONES: dict[Outcome, Tone] = {"met": "met", "not_met": "not_met", "cannot_be_said": "unsaid"}


def critical_habitat(found: AlternativeFindings, anchor: str, reader: Reader) -> Section:
    """Tell each criterion's outcome with its threshold and data; never one verdict for all."""
    say = reader.say
    title = say("Critical habitat (IFC Performance Standard 6)")
    if not found.critical_habitat:
        nothing = say("No species is touched, so no criterion was put to the test.")
        return Section(anchor, title, (Paragraph(nothing),))
    intro = say(
        "Each criterion is tested alone. “Cannot be said with these data” means that the data of "
        "this screening cannot answer it, neither yes nor no: the last column says what would. "
        "“Critical habitat” is a term of the lender's standard and not of the Convention."
    )
    blocks: list[Block] = [Paragraph(intro, small=True), _table(found, reader)]
    return Section(anchor, title, tuple(blocks))


def _table(found: AlternativeFindings, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Criterion"), share=1.2),
        Column(say("Species"), share=1.2),
        Column(say("Outcome"), share=1.2),
        Column(say("Why"), share=2.2),
        Column(say("Threshold"), share=1.8),
        Column(say("What would answer it"), share=1.8),
    )
    rows = tuple(
        Row(_cells(one, reader), one.species_id)
        for one in sorted(found.critical_habitat, key=lambda one: _ORDER[one.outcome])
    )
    sources = dict.fromkeys(one.source for one in found.critical_habitat if one.source)
    notes = tuple(say("Source: {source}", source=source) for source in sources)
    caption = say("Criteria with threshold, data and outcome")
    return Table(caption, columns, rows, notes)


_ORDER: dict[Outcome, int] = {"met": 0, "cannot_be_said": 1, "not_met": 2}


def _cells(one: CriterionFinding, reader: Reader) -> tuple[Cell, ...]:
    data = ", ".join(one.data_used)
    used = reader.say("data: {layers}", layers=data) if data else ""
    species = reader.species_cell(one.species_id) if one.species_id else Cell(reader.say("the area"))
    recipe = one.figures[0].recipe if one.figures else ""
    return (
        Cell(one.criterion),
        species,
        Cell(reader.code("outcome", one.outcome), tone=_TONES[one.outcome]),
        Cell(_reason(one, reader), note=used, recipe=recipe),
        Cell(reader.say(one.threshold) if one.threshold else "–"),
        Cell(reader.say(one.needs) if one.needs else "–"),
    )


def _reason(one: CriterionFinding, reader: Reader) -> str:
    return reader.criterion_reason(one)
