"""The states an alternative lies in, what binds them, and who is on the other side of a border."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Table
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, Membership, StateCrossed


def states(found: AlternativeFindings, on: str, anchor: str, reader: Reader) -> Section:
    """Tell states with their treaties on the day, and stretches near borders."""
    say = reader.say
    blocks: list[Block] = []
    if found.states:
        blocks.append(_lengths(found, reader))
    else:
        blocks.append(Paragraph(say("It lies in no state of the map.")))
    members = [one for one in found.states if one.memberships]
    if members:
        blocks.append(_treaties(members, on, reader))
    if found.transboundary:
        blocks.append(_borders(found, reader))
    else:
        blocks.append(Paragraph(say("No part lies within reach of another state's border.")))
    return Section(anchor, say("States, treaties and borders"), tuple(blocks))


def _lengths(found: AlternativeFindings, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("State")),
        Column(say("Range state of the initiative")),
        Column(say("Length or area in it"), numeric=True),
    )
    rows = tuple(
        Row(
            (
                Cell(reader.state(one.iso3)),
                Cell(say("yes") if one.range_state else say("no")),
                reader.cell(one.area if one.length.value is None and one.area else one.length),
            )
        )
        for one in found.states
    )
    return Table(say("States the alternative lies in"), columns, rows)


def _treaties(members: list[StateCrossed], on: str, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("State"), share=1),
        Column(say("Instrument"), share=1.8),
        Column(say("Standing"), share=0.9),
        Column(say("Since"), share=0.9),
        Column(say("Source"), share=1.2),
    )
    rows = tuple(
        Row((Cell(reader.state(state.iso3)), *_membership(member, reader)))
        for state in members
        for member in state.memberships
    )
    caption = say("Treaties and memoranda, as they stood on {day}", day=reader.day(on))
    notes = (say("“Not recorded” does not mean that a state is not a Party."),)
    return Table(caption, columns, rows, notes)


def _membership(member: Membership, reader: Reader) -> tuple[Cell, ...]:
    return (
        Cell(reader.code("instrument", member.instrument)),
        Cell(
            reader.code("membership", member.status),
            tone="unsaid" if member.status == "unknown" else "",
        ),
        Cell(reader.day(member.since) if member.since else "–"),
        reader.source_cell(member.source, member.confidence),
    )


def _borders(found: AlternativeFindings, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("State")),
        Column(say("Neighbour")),
        Column(say("Within"), numeric=True, share=0.7),
        Column(say("Length"), numeric=True),
        Column(say("Nearest point"), numeric=True),
        Column(say("Crosses the border"), share=0.8),
        Column(say("The neighbour's treaties"), share=2.6),
    )
    rows = tuple(
        Row(
            (
                Cell(reader.state(one.iso3)),
                Cell(reader.state(one.neighbour_iso3)),
                Cell(reader.quantity(one.within_km, "km"), sort=one.within_km),
                reader.cell(one.length),
                reader.cell(one.distance),
                Cell(say("yes") if one.crosses_border else say("no")),
                Cell(_treaty_list(one.neighbour_memberships, reader)),
            )
        )
        for one in found.transboundary
    )
    return Table(say("Stretches near an international border"), columns, rows)


def _treaty_list(memberships: tuple[Membership, ...], reader: Reader) -> str:
    told = [
        reader.pair(
            reader.code("instrument", one.instrument), reader.code("membership", one.status)
        )
        for one in memberships
    ]
    return reader.joined(told) or "–"
