"""The lender's critical-habitat test, criterion by criterion."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Table, Tone
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, CriterionFinding, Outcome

_TONES: dict[Outcome, Tone] = {"met": "met", "not_met": "not_met", "cannot_be_said": "unsaid"}
_ORDER: dict[Outcome, int] = {"met": 0, "cannot_be_said": 1, "not_met": 2}


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
        Column(say("Criterion"), share=0.9),
        Column(say("Outcome"), share=1.1),
        Column(say("Species, with habitat crossed, affected and its share"), share=2.2),
        Column(say("Why"), share=1.6),
        Column(say("Threshold"), share=2),
        Column(say("What would answer it"), share=2),
    )
    groups: dict[tuple[str, ...], list[CriterionFinding]] = {}
    for one in sorted(found.critical_habitat, key=lambda one: _ORDER[one.outcome]):
        same = (one.criterion, one.outcome, one.reason, one.threshold, one.needs, one.source)
        groups.setdefault(same, []).append(one)
    rows = tuple(Row(_cells(members, reader)) for members in groups.values())
    caption = say("Criteria with threshold, data and outcome")
    return Table(caption, columns, rows)


def _cells(members: list[CriterionFinding], reader: Reader) -> tuple[Cell, ...]:
    first = members[0]
    return (
        Cell(first.criterion, cites=reader.cite(first.source)),
        Cell(reader.code("outcome", first.outcome), tone=_TONES[first.outcome]),
        _species(members, reader),
        Cell(reader.code("criterion_reason", first.reason)),
        Cell(reader.say(first.threshold) if first.threshold else "–"),
        Cell(reader.say(first.needs) if first.needs else "–"),
    )


def _species(members: list[CriterionFinding], reader: Reader) -> Cell:
    """Name the species of equal outcomes; with their figures unless nothing was reached."""
    if not members[0].species_id:
        return Cell(reader.say("the area as a whole"))
    if members[0].outcome == "not_met":
        return Cell(reader.species_listed(tuple(one.species_id for one in members)))
    told = [
        reader.pair(
            reader.species(one.species_id),
            ", ".join(reader.figure(figure) for figure in one.figures) or "–",
        )
        for one in members
    ]
    recipe = members[0].figures[0].recipe if members[0].figures else ""
    return Cell(reader.joined(told), recipe=recipe)
