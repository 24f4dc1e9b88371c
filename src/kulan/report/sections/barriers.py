"""What already stands there, and what the alternative adds to it."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Table
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, BarrierFinding, CumulativeFinding


def barriers(found: AlternativeFindings, anchor: str, reader: Reader) -> Section:
    """Tell the known barriers within reach, and the density before and after."""
    say = reader.say
    blocks: list[Block] = []
    if found.barriers:
        blocks.append(_table(found.barriers, reader))
    else:
        blocks.append(
            Paragraph(
                say(
                    "The Atlas knows no barrier within reach. Its list is not complete: smaller "
                    "roads, fences and lines are not in it."
                )
            )
        )
    blocks.append(_cumulative(found.cumulative, reader))
    return Section(anchor, say("Existing barriers and the cumulative effect"), tuple(blocks))


def _table(rows: tuple[BarrierFinding, ...], reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Barrier"), share=1.9),
        Column(say("Status"), share=0.9),
        Column(say("Where it lies"), share=1.1),
        Column(say("Crossings"), numeric=True, share=0.8),
        Column(say("Alongside"), numeric=True, share=0.9),
        Column(say("Distance"), numeric=True, share=0.9),
        Column(say("Species it affects"), share=1.5),
        Column(say("Source"), share=1.2),
    )
    notes = (
        say(
            "Distances and crossings are no better than the line's own position: its accuracy "
            "stands with the source."
        ),
    )
    caption = say("Known barriers within reach")
    return Table(caption, columns, tuple(Row(_cells(one, reader)) for one in rows), notes)


def _cells(one: BarrierFinding, reader: Reader) -> tuple[Cell, ...]:
    trust: list[str] = []
    if one.precision_km is not None:
        accuracy = reader.quantity(one.precision_km, "km")
        trust.append(reader.say("position good to about {distance}", distance=accuracy))
    kind = f"{reader.code('barrier_type', one.barrier_type)}, {reader.code('fenced', one.fenced)}"
    stands = "" if one.stands else reader.say("does not stand yet, or no longer")
    return (
        Cell(one.name, note=kind),
        Cell(reader.code("status", one.status), note=stands),
        Cell(reader.code("relation", one.relation)),
        Cell(reader.words.number(one.crossings), sort=one.crossings),
        reader.cell(one.parallel),
        reader.cell(one.distance),
        Cell(reader.species_listed(one.species)),
        reader.source_cell(one.source, one.confidence, *trust),
    )


def _cumulative(found: CumulativeFinding, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("What is measured"), share=2.4),
        Column(say("Before"), numeric=True),
        Column(say("With the alternative"), numeric=True),
    )
    rows = tuple(
        Row((Cell(label), reader.cell(before), reader.cell(after)))
        for label, before, after in (
            (say("Length of barriers"), found.barriers_before, found.barriers_after),
            (say("Density of barriers"), found.density_before, found.density_after),
            (
                say("Fragments of land between barriers"),
                found.fragments_before,
                found.fragments_after,
            ),
            (say("Largest fragment"), found.largest_fragment_before, found.largest_fragment_after),
        )
    )
    caption = say(
        "Barriers within {distance} of the alternative ({area}), before and after",
        distance=reader.quantity(found.within_km, "km"),
        area=reader.figure(found.window),
    )
    notes = (
        say(
            "Counted with the barriers the Atlas knows; every unknown one would make the density "
            "higher and the fragments smaller."
        ),
    )
    return Table(caption, columns, rows, notes)
