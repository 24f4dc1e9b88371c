"""What was asked: the alternatives as they were read, with every attribute the user gave."""

from kulan.report.document import Cell, Column, KeyValues, Row, Section, Table
from kulan.report.reader import Reader
from kulan.screening.findings import Alternative


def question(alternative: Alternative, anchor: str, reader: Reader) -> Section:
    """Say what an alternative is, as the user described it."""
    blocks: list[KeyValues | Table] = [
        KeyValues(reader.say("The alternative as it was read"), _attributes(alternative, reader))
    ]
    if alternative.structures:
        blocks.append(_structures(alternative, reader))
    return Section(anchor, reader.say("What was asked"), tuple(blocks))


def _attributes(alternative: Alternative, reader: Reader) -> tuple[tuple[str, Cell], ...]:
    say = reader.say
    items = [
        (say("Name"), Cell(alternative.name)),
        (say("Identifier"), Cell(alternative.alternative_id)),
        (say("Kind"), Cell(reader.code("barrier_type", alternative.barrier_type))),
        (say("Status"), Cell(reader.code("status", alternative.status))),
    ]
    if alternative.shape == "line":
        items.append((say("Length"), reader.cell(alternative.length)))
    if alternative.area is not None:
        items.append((say("Area"), reader.cell(alternative.area)))
    items.append((say("Fenced"), Cell(_yes_or_no(alternative.fenced, reader))))
    if alternative.fence_type:
        items.append(
            (say("Kind of fence"), Cell(reader.code("fence_type", alternative.fence_type)))
        )
    for label, value, unit in (
        (say("Height of the fence"), alternative.fence_height_m, "m"),
        (say("Right of way"), alternative.right_of_way_m, "m"),
    ):
        if value is not None:
            items.append((label, Cell(reader.quantity(value, unit))))
    if alternative.gauge_mm is not None:
        gauge = reader.words.number(alternative.gauge_mm)
        items.append((say("Track gauge"), Cell(say("{value} mm", value=gauge))))
    if alternative.traffic_per_day is not None:
        traffic = reader.words.number(alternative.traffic_per_day)
        items.append((say("Traffic"), Cell(say("{value} a day", value=traffic))))
    return tuple(items)


def _yes_or_no(answer: bool | None, reader: Reader) -> str:
    if answer is None:
        return reader.say("not told; the screening assumes nothing")
    return reader.say("yes") if answer else reader.say("no")


def _structures(alternative: Alternative, reader: Reader) -> Table:
    say = reader.say
    rows = []
    for structure in alternative.structures:
        far = structure.distance_from_alignment_m
        cells = (
            Cell(structure.structure_id),
            Cell(reader.code("structure", structure.kind)),
            _metres(structure.width_m, reader),
            _metres(structure.height_m, reader),
            Cell(place(structure.longitude, structure.latitude, reader)),
            _metres(far, reader),
        )
        rows.append(Row(cells))
    columns = (
        Column(say("Structure")),
        Column(say("Kind")),
        Column(say("Width"), numeric=True),
        Column(say("Height"), numeric=True),
        Column(say("Where"), share=1.4),
        Column(say("Distance from the line"), numeric=True),
    )
    return Table(say("Crossing structures declared by the user"), columns, tuple(rows))


def _metres(value: float | None, reader: Reader) -> Cell:
    if value is None:
        return Cell(reader.say("not told"), sort=-1)
    return Cell(reader.quantity(value, "m"), sort=value)


def place(longitude: float, latitude: float, reader: Reader) -> str:
    """Write a position in degrees with its hemispheres."""
    east = reader.say("{value}° E") if longitude >= 0 else reader.say("{value}° W")
    north = reader.say("{value}° N") if latitude >= 0 else reader.say("{value}° S")
    return (
        north.format(value=reader.words.number(abs(latitude), 3))
        + ", "
        + east.format(value=reader.words.number(abs(longitude), 3))
    )
