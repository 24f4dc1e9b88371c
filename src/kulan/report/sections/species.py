"""Species by species: what is crossed, what is affected, what is cut off."""

from dataclasses import replace

from kulan.report.document import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
)
from kulan.report.reader import Reader
from kulan.screening.findings import (
    AlternativeFindings,
    EffectDistance,
    Exposure,
    Figure,
    Screening,
    SpeciesFindings,
)
from kulan.screening.unknowns import is_touched


def species(
    screening: Screening, found: AlternativeFindings, anchor: str, reader: Reader
) -> Section:
    """Tell every species' exposure, by species, by state and layer, and what cutting does."""
    title = reader.say("Species in detail")
    touched = [one for one in found.species if is_touched(one)]
    if not found.species and not found.user_layers:
        nothing = reader.say("No species' layer lies within reach of this alternative.")
        return Section(anchor, title, (Paragraph(nothing),))
    blocks: list[Block] = [Paragraph(_what_habitat_means(reader), small=True)]
    if not touched:
        blocks.append(
            Paragraph(
                reader.say(
                    "This alternative enters no species' potential habitat. The distances to the "
                    "nearest stand below."
                )
            )
        )
    if touched:
        tables = (_by_species(touched, reader), 2), (_by_state(screening, touched, reader), 3, 4)
        is_line = found.alternative.shape == "line"
        blocks += [table if is_line else _without(table, *lengths) for table, *lengths in tables]
    far = [one for one in found.species if not is_touched(one)]
    if far:
        blocks.append(_not_touched(screening, far, reader))
    if found.user_layers:
        blocks.append(_user_layers(screening, found, reader))
    if any(one.severances for one in found.species):
        blocks += [Heading(reader.say("Habitat cut apart")), *_severances(screening, found, reader)]
    return Section(anchor, title, tuple(blocks))


def is_positive(figure: Figure | None) -> bool:
    """Whether a figure has a value above zero."""
    return figure is not None and figure.value is not None and figure.value > 0


def _what_habitat_means(reader: Reader) -> str:
    return reader.say(
        "Habitat in this report is potential habitat: land cover and elevation that suit a species "
        "inside the states where it is known to live. It is not an observed range, and it does not "
        "show how many animals use it or where they move. Ranges in small type below a length show "
        "what the width of one cell of the layer could change."
    )


def _without(table: Table, *places: int) -> Table:
    """Leave columns out of a table: an area has no length through anything."""
    columns = tuple(one for place, one in enumerate(table.columns) if place not in places)
    rows = tuple(
        replace(row, cells=tuple(one for place, one in enumerate(row.cells) if place not in places))
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def _by_species(touched: list[SpeciesFindings], reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Species"), share=1.5),
        Column(say("Status"), share=1.6),
        Column(say("Length through potential habitat"), numeric=True),
        Column(say("Effect distance and its evidence"), share=1.7),
        Column(say("Habitat within the effect distance"), numeric=True),
        Column(say("Share of the species' habitat here"), numeric=True),
    )
    rows = tuple(
        Row(
            (
                reader.species_cell(one.species_id),
                _status(one, reader),
                reader.cell(one.total_crossed),
                _effect_distance(one.effect_distance, reader),
                reader.cell(one.total_affected),
                reader.cell(one.total_affected_share),
            ),
            one.species_id,
        )
        for one in touched
    )
    notes = (
        say(
            "Species stand in the order of concern: crossed habitat first; within that, species in "
            "danger of extinction, then seasonal migrants and nomads, then the others by their "
            "Red List category. It is an order, not a score."
        ),
        say("The share is of all the species' potential habitat in the states concerned."),
    )
    return Table(say("What the alternative means for each species"), columns, rows, notes)


def _not_touched(screening: Screening, far: list[SpeciesFindings], reader: Reader) -> Table:
    """List the species of these states that the alternative does not reach."""
    say = reader.say
    columns = (
        Column(say("Species"), share=1.5),
        Column(say("Status"), share=2),
        Column(say("Where"), share=2),
        Column(say("Nearest habitat"), numeric=True),
    )
    rows = tuple(
        Row(
            (
                reader.species_cell(one.species_id),
                _status(one, reader),
                Cell(_where(screening, one, reader)),
                reader.cell(_nearest(one)),
            ),
            one.species_id,
        )
        for one in far
    )
    caption = say("Species of these states that the alternative does not reach")
    return Table(caption, columns, rows)


def _where(screening: Screening, found: SpeciesFindings, reader: Reader) -> str:
    told = dict.fromkeys(
        reader.pair(reader.state(one.iso3), reader.code("presence", one.presence))
        for one in found.exposures
    )
    missing = [one.layer_id for one in found.exposures if one.layer_id not in screening.layers]
    return reader.joined(told) + (f" ({reader.say('no layer')})" if missing else "")


def _status(found: SpeciesFindings, reader: Reader) -> Cell:
    parts = []
    if found.cms_appendices:
        parts.append("CMS " + ", ".join(_numeral(one) for one in found.cms_appendices))
    if found.cites_appendices:
        parts.append("CITES " + ", ".join(_numeral(one) for one in found.cites_appendices))
    if found.cami_editions:
        parts.append("CAMI " + ", ".join(found.cami_editions))
    if found.migratory_kind:
        parts.append(reader.code("migratory_kind", found.migratory_kind))
    for told in found.iucn_of_others:
        category, _, taxon = told.partition(": ")
        parts.append(f"{reader.code('iucn', category)} ({taxon})")
    text = reader.code("iucn", found.iucn) or reader.say("no Red List category on record")
    return Cell(text, note=reader.joined(parts))


def _numeral(appendix: str) -> str:
    return appendix.removeprefix("Appendix ")


def _nearest(found: SpeciesFindings) -> Figure | None:
    """Return the smallest distance to habitat that is not touched, if none is."""
    if is_positive(found.total_crossed):
        return None
    given = [one.nearest for one in found.exposures if one.nearest is not None]
    said = [figure for figure in given if figure.value is not None]
    if said:
        return min(said, key=lambda figure: figure.value or 0.0)
    return given[0] if given else None


def _effect_distance(effect: EffectDistance, reader: Reader) -> Cell:
    evidence = reader.code("effect_evidence", effect.evidence)
    if effect.distance_m is None:
        return Cell(reader.say("not known"), note=evidence, sort=-1, tone="unsaid")
    parts = [evidence]
    if effect.measured not in ("", "none"):
        parts.append(reader.code("measured", effect.measured))
    level = reader.code("confidence", effect.confidence)
    parts.append(reader.say("confidence: {level}", level=level))
    text = reader.quantity(effect.distance_m / 1000, "km")
    cites = reader.cite(effect.source)
    return Cell(text, note=reader.joined(parts), sort=effect.distance_m, cites=cites)


def _by_state(screening: Screening, touched: list[SpeciesFindings], reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Species"), share=1.4),
        Column(say("State"), share=1.2),
        Column(say("Layer"), share=1.6),
        Column(say("Length through it"), numeric=True),
        Column(say("Length through marginal habitat"), numeric=True),
        Column(say("Area taken"), numeric=True),
        Column(say("Within the effect distance"), numeric=True),
        Column(say("Share of the state's"), numeric=True),
        Column(say("Nearest"), numeric=True),
    )
    rows = tuple(
        _exposure_row(screening, exposure, reader) for one in touched for exposure in one.exposures
    )
    return Table(say("Species by state and layer"), columns, rows)


def _exposure_row(screening: Screening, exposure: Exposure, reader: Reader) -> Row:
    layer = screening.layers[exposure.layer_id]
    kind = reader.code("layer_kind", layer.kind)
    if layer.given_by_user:
        kind = layer.title
    cells = (
        reader.species_cell(exposure.species_id),
        Cell(reader.state(exposure.iso3)),
        Cell(kind, note=reader.code("presence", exposure.presence)),
        reader.cell(exposure.crossed),
        reader.cell(exposure.crossed_marginal),
        reader.cell(exposure.occupied),
        reader.cell(exposure.affected),
        reader.cell(exposure.affected_share),
        reader.cell(exposure.nearest),
    )
    return Row(cells, exposure.species_id)


def _user_layers(screening: Screening, found: AlternativeFindings, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Layer"), share=2),
        Column(say("State"), share=1.2),
        Column(say("Length through it"), numeric=True),
        Column(say("Area taken"), numeric=True),
        Column(say("Within the effect distance"), numeric=True),
        Column(say("Nearest"), numeric=True),
    )
    rows = tuple(
        Row(
            (
                Cell(screening.layers[one.layer_id].title),
                Cell(reader.state(one.iso3)),
                reader.cell(one.crossed),
                reader.cell(one.occupied),
                reader.cell(one.affected),
                reader.cell(one.nearest),
            ),
            one.species_id,
        )
        for one in found.user_layers
    )
    return Table(say("Layers you added that name no species"), columns, rows)


def _severances(screening: Screening, found: AlternativeFindings, reader: Reader) -> list[Block]:
    say = reader.say
    explained = say(
        "If no animal could cross the alternative, the connected habitat it touches would be left "
        "in pieces: what stays with the largest, and all that is cut off from it. Nothing is cut "
        "off where animals could walk round its ends. “With existing barriers” tells the same for "
        "the habitat as the barriers already standing leave it."
    )
    columns = (
        Column(say("Species"), share=1.4),
        Column(say("Connected habitat"), numeric=True),
        Column(say("Stays together"), numeric=True),
        Column(say("Cut off"), numeric=True),
        Column(say("Stays together, with existing barriers"), numeric=True),
        Column(say("Cut off, with existing barriers"), numeric=True),
        Column(say("Habitat within reach, left of the line"), numeric=True),
        Column(say("Habitat within reach, right of the line"), numeric=True),
    )
    rows = tuple(
        Row(
            (
                _with_layer(reader.species_cell(one.species_id), screening, cut.layer_id),
                reader.cell(cut.habitat),
                reader.cell(cut.larger),
                reader.cell(cut.smaller),
                reader.cell(cut.larger_with_existing),
                reader.cell(cut.smaller_with_existing),
                reader.cell(cut.left),
                reader.cell(cut.right),
            ),
            one.species_id,
        )
        for one in found.species
        for cut in one.severances
    )
    notes = (say("Left and right are as the line is drawn, from its first point to its last."),)
    return [Paragraph(explained), Table(say("Habitat on either side"), columns, rows, notes)]


def _with_layer(cell: Cell, screening: Screening, layer_id: str) -> Cell:
    layer = screening.layers[layer_id]
    return Cell(cell.text, note=layer.title) if layer.given_by_user else cell
