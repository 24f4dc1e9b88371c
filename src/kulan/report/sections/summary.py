"""The first page: what was screened, what matters most, and the alternatives at a glance."""

from kulan.report.document import (
    Block,
    Callout,
    Cell,
    Column,
    FigureMap,
    KeyValues,
    Row,
    Section,
    Table,
)
from kulan.report.headlines import headlines_of
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, Screening
from kulan.screening.unknowns import is_touched


def summary(screening: Screening, overview: FigureMap | None, reader: Reader) -> Section:
    """Tell on one page what was asked and what matters most."""
    say = reader.say
    several = len(screening.alternatives) > 1
    blocks: list[Block] = [KeyValues(say("What was screened"), _facts(screening, reader))]
    for number, found in enumerate(screening.alternatives, start=1):
        title = say("What matters most")
        if several:
            name = found.alternative.name
            title = say("What matters most: alternative {number}, {name}", number=number, name=name)
        blocks.append(Callout(title, tuple(headlines_of(found, reader)), "headline"))
    if overview is not None:
        blocks.append(overview)
    blocks.append(_at_a_glance(screening, reader))
    return Section("summary", say("In short"), tuple(blocks))


def _facts(screening: Screening, reader: Reader) -> tuple[tuple[str, Cell], ...]:
    say = reader.say
    kinds = dict.fromkeys(one.alternative.barrier_type for one in screening.alternatives)
    statuses = dict.fromkeys(one.alternative.status for one in screening.alternatives)
    states = dict.fromkeys(
        state.iso3 for one in screening.alternatives for state in one.states if state.iso3
    )
    items = [
        (say("Project"), Cell(reader.codes("barrier_type", tuple(kinds)))),
        (say("Status"), Cell(reader.codes("status", tuple(statuses)))),
    ]
    if len(screening.alternatives) == 1:
        alternative = screening.alternatives[0].alternative
        size = alternative.length if alternative.shape == "line" else alternative.area
        label = say("Length") if alternative.shape == "line" else say("Area")
        items.append((label, reader.cell(size)))
    items += [
        (say("States"), Cell(reader.states_listed(tuple(states)) or "–")),
        (say("Facts as of"), Cell(reader.day(screening.on))),
        (say("Release of the Atlas"), Cell(screening.release)),
    ]
    return tuple(items)


def _at_a_glance(screening: Screening, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("Alternative"), share=1.6),
        Column(say("Length or area"), numeric=True),
        Column(say("Species whose habitat it enters or affects"), numeric=True, share=1.1),
        Column(say("Species of most concern"), share=1.8),
        Column(say("Key areas crossed"), numeric=True, share=0.9),
        Column(say("Known barriers within reach"), numeric=True, share=0.9),
        Column(say("Critical-habitat criteria met"), numeric=True),
        Column(say("that cannot be said"), numeric=True, share=0.9),
    )
    rows = tuple(
        Row(_glance(number, found, reader))
        for number, found in enumerate(screening.alternatives, start=1)
    )
    return Table(say("At a glance"), columns, rows)


def _glance(number: int, found: AlternativeFindings, reader: Reader) -> tuple[Cell, ...]:
    alternative = found.alternative
    touched = [one for one in found.species if is_touched(one)]
    crossed = [one for one in found.key_areas if one.relation != "near"]
    first = Cell("–")
    if touched:
        name = reader.species_cell(touched[0].species_id).text
        one = touched[0]
        extent = one.total_crossed if alternative.shape == "line" else one.total_affected
        first = Cell(name, note=reader.figure(extent))
    return (
        Cell(
            f"{number}. {alternative.name}",
            note=reader.code("barrier_type", alternative.barrier_type),
        ),
        reader.cell(alternative.length if alternative.shape == "line" else alternative.area),
        _count(len(touched), reader),
        first,
        _count(len(crossed), reader),
        _count(len(found.barriers), reader),
        _count(sum(one.outcome == "met" for one in found.critical_habitat), reader),
        _count(sum(one.outcome == "cannot_be_said" for one in found.critical_habitat), reader),
    )


def _count(count: int, reader: Reader) -> Cell:
    return Cell(reader.words.number(count), sort=count)
