"""Key areas and landscapes crossed or within reach."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Table
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, AreaFinding


def areas(found: AlternativeFindings, anchor: str, reader: Reader) -> Section:
    """Tell the key areas and landscapes, and how their outlines are known."""
    say = reader.say
    blocks: list[Block] = []
    for caption, nothing, rows in (
        (
            say("Key areas crossed or within reach"),
            say("No key area of the Atlas is crossed or within reach."),
            found.key_areas,
        ),
        (
            say("Landscapes crossed or within reach"),
            say("No conservation landscape of the Atlas is crossed or within reach."),
            found.landscapes,
        ),
    ):
        blocks.append(_table(caption, rows, reader) if rows else Paragraph(nothing))
    if any(one.extent == "circle" for one in (*found.key_areas, *found.landscapes)):
        blocks.append(Paragraph(_about_circles(reader), small=True))
    return Section(anchor, say("Key areas and landscapes"), tuple(blocks))


def _about_circles(reader: Reader) -> str:
    return reader.say(
        "Where an outline is not known, a circle with the area's size around its centre stands in "
        "for it: whether the alternative enters such an area must be checked on official maps."
    )


def _table(caption: str, rows: tuple[AreaFinding, ...], reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Name"), share=1.7),
        Column(say("States"), share=1.1),
        Column(say("Where it lies"), share=1.5),
        Column(say("Length through it"), numeric=True),
        Column(say("Distance"), numeric=True),
        Column(say("Species recorded there"), share=1.5),
        Column(say("Source")),
    )
    return Table(caption, columns, tuple(Row(_cells(one, reader)) for one in rows))


def _cells(one: AreaFinding, reader: Reader) -> tuple[Cell, ...]:
    maybe = one.extent == "circle"
    relation = reader.code("relation", one.relation)
    if maybe and one.relation != "near":
        relation = reader.say("perhaps {relation}", relation=relation)
    return (
        Cell(one.name, note=reader.code("area_kind", one.kind)),
        Cell(reader.states_listed(one.states)),
        Cell(relation, note=reader.code("extent", one.extent), tone="caution" if maybe else ""),
        reader.cell(one.crossed),
        reader.cell(one.distance),
        Cell(reader.species_listed(one.species)),
        reader.source_cell(one.source, one.confidence),
    )
