"""The layers and files the screening stands on, and what was lost in reading them."""

from kulan.report.document import Block, Cell, Column, Paragraph, Row, Section, Sources, Table
from kulan.report.reader import Reader
from kulan.screening.findings import LayerUsed, Screening

_HASH_LETTERS = 12


def sources(screening: Screening, reader: Reader) -> Section:
    """Tell the layers with source, licence, age and grain."""
    say = reader.say
    columns = (
        Column(say("Layer"), share=1.8),
        Column(say("What it is"), share=1.4),
        Column(say("Source"), share=1.6),
        Column(say("Licence"), share=1.2),
        Column(say("Date"), share=0.7),
        Column(say("Grain or accuracy"), numeric=True, share=0.8),
        Column(say("SHA-256"), share=1),
    )
    rows = tuple(Row(_layer(one, reader), one.species_id) for one in screening.layers.values())
    notes = (say("Hashes are shortened here; findings.json has them whole."),)
    table = Table(say("Layers the screening looked at"), columns, rows, notes)
    return Section("sources", say("Sources and licences"), (table,))


def _layer(layer: LayerUsed, reader: Reader) -> tuple[Cell, ...]:
    say = reader.say
    note = say("given by the user") if layer.given_by_user else layer.layer_id
    grain = layer.resolution_m
    return (
        Cell(reader.layer(layer.layer_id), note=note),
        Cell(reader.code("layer_kind", layer.kind), note=_label(layer, reader)),
        Cell("", cites=reader.cite(layer.source, layer.attribution)),
        Cell(layer.licence or say("not told")),
        Cell(layer.date or say("not known")),
        Cell(reader.quantity(grain, "m"), sort=grain)
        if grain is not None
        else Cell(say("not known"), sort=-1),
        Cell(layer.sha256[:_HASH_LETTERS] or "–"),
    )


def _label(layer: LayerUsed, reader: Reader) -> str:
    """Say what the reader must know of a layer; in the user's own words for a layer of theirs."""
    if layer.given_by_user:
        return layer.label
    if layer.kind == "potential_habitat":
        return reader.say("potential habitat, not observed range")
    return reader.say(layer.label)


def cited(reader: Reader) -> Section:
    """List the works and files that the report's numbers in brackets stand for."""
    return Section("cited", reader.say("Sources cited"), (Sources(reader.cited),))


def files(screening: Screening, reader: Reader) -> Section:
    """Tell the files the user gave, and everything that reading them lost or changed."""
    say = reader.say
    blocks: list[Block] = [_inputs(screening, reader)]
    if screening.losses:
        blocks.append(_losses(screening, reader))
    else:
        blocks.append(Paragraph(say("Nothing was left out or changed in reading them.")))
    return Section("files", say("Your files, and what reading them lost"), tuple(blocks))


def _inputs(screening: Screening, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("File"), share=2),
        Column(say("Format")),
        Column(say("Coordinate system"), share=1.4),
        Column(say("Features"), numeric=True, share=0.7),
        Column(say("SHA-256"), share=1.2),
    )
    rows = tuple(
        Row(
            (
                Cell(one.name),
                Cell(one.format),
                Cell(one.crs),
                Cell(reader.words.number(one.features), sort=one.features),
                Cell(one.sha256[:_HASH_LETTERS]),
            )
        )
        for one in screening.inputs
    )
    return Table(say("Files that were read"), columns, rows)


def _losses(screening: Screening, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("File"), share=1.4),
        Column(say("Row"), numeric=True, share=0.5),
        Column(say("What"), share=2),
        Column(say("Why"), share=3),
    )
    rows = tuple(
        Row(
            (
                Cell(one.file),
                Cell(
                    say("whole file") if one.source_row is None else str(one.source_row),
                    sort=-1 if one.source_row is None else one.source_row,
                ),
                Cell(say(one.what)),
                Cell(say(one.reason)),
            )
        )
        for one in screening.losses
    )
    return Table(say("What was left out or changed in reading"), columns, rows)
