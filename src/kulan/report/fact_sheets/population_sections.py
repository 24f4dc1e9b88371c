"""The part of a fact sheet that tells how many there are, and what may be compared."""

from collections.abc import Sequence

from kulan.programme import PopulationEstimate, comparable
from kulan.programme.count_methods import (
    COUNT_METHODS,
    INTERVAL_NAMES,
    QUANTITY_NAMES,
    SEASON_NAMES,
)
from kulan.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
)
from kulan.report.fact_sheets.estimates_chart import (
    Series,
    estimates_chart,
    series_name,
    series_of,
)
from kulan.report.reader import NBSP, Reader


def population_section(estimates: Sequence[PopulationEstimate], reader: Reader) -> Section:
    """Tell the estimates by state, what may be compared, and how they ran over time."""
    title = reader.say("Population by state")
    if not estimates:
        none = reader.say(
            "No published estimate for a range state is on record in Kulan. That says nothing of "
            "how many animals there are."
        )
        return Section("population", title, (Paragraph(none),))
    series = series_of(estimates)
    blocks: list[Block] = [_table(estimates, reader)]
    if chart := estimates_chart(series, reader):
        blocks.append(chart)
    if series:
        blocks.append(Heading(reader.say("What may be compared")))
        blocks.append(Bullets(tuple(comparison_told(one, reader) for one in series)))
    used = dict.fromkeys(one.method for one in estimates)
    definitions = tuple(
        reader.pair(
            reader.say(COUNT_METHODS[code].name), reader.say(COUNT_METHODS[code].definition)
        )
        for code in used
    )
    blocks += [Heading(reader.say("How the methods are meant")), Bullets(definitions)]
    return Section("population", title, tuple(blocks))


def _table(estimates: Sequence[PopulationEstimate], reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("State or population"), share=1.3),
        Column(say("Figure"), numeric=True, share=1.2),
        Column(say("Method"), share=1.4),
        Column(say("Fieldwork"), share=1.1),
        Column(say("Area covered"), numeric=True, share=0.9),
        Column(say("Reference and holder of the data"), share=1.6),
        Column(say("Quality and note"), share=1.9),
    )
    rows = tuple(Row(_cells(one, reader)) for one in estimates)
    notes = (
        say(
            "Quality is that of the entry, not of the fieldwork: high was read in the source "
            "named, medium in a secondary source, or its date or method was inferred; low is a "
            "round or doubtful figure; not verified is from memory."
        ),
    )
    return Table(say("Published estimates"), columns, rows, notes)


def _cells(one: PopulationEstimate, reader: Reader) -> tuple[Cell, ...]:
    say = reader.say
    area = one.area_covered_km2
    figure = one.estimate if one.estimate is not None else one.low
    return (
        Cell(reader.state(one.iso3), note=say(one.population) if one.population else ""),
        Cell(figure_told(one, reader), note=interval_told(one, reader), sort=figure),
        Cell(say(COUNT_METHODS[one.method].name)),
        Cell(fieldwork_told(one, reader), note=say(SEASON_NAMES[one.season])),
        Cell(reader.quantity(area, "km2"), sort=area)
        if area is not None
        else Cell(say("not known"), sort=-1, tone="unsaid"),
        Cell("", cites=reader.cite(work_cited(one)), note=one.data_source),
        Cell(reader.code("confidence", one.quality), note=say(one.notes) if one.notes else ""),
    )


def work_cited(one: PopulationEstimate) -> str:
    """Return the reference with its identifier, as the list of sources has it."""
    # a semicolon would cut the work in two where the list of sources counts it
    work = one.reference.replace(";", ",")
    return f"{work}, doi:{one.doi}" if one.doi else work


def figure_told(one: PopulationEstimate, reader: Reader) -> str:
    """Write the figure, or the range or limit that stands for it."""
    if one.estimate is not None:
        return _number(one.estimate, reader)
    if one.low is not None and one.high is not None:
        return f"{_number(one.low, reader)}–{_number(one.high, reader)}"
    if one.low is not None:
        return reader.say("at least {count}", count=_number(one.low, reader))
    return reader.say("at most {count}", count=_number(one.high or 0.0, reader))


def interval_told(one: PopulationEstimate, reader: Reader) -> str:
    """Tell what was counted, and the interval with its kind."""
    kind = reader.say(INTERVAL_NAMES[one.interval_kind])
    parts = [reader.say(QUANTITY_NAMES[one.quantity])]
    if one.estimate is not None and one.low is not None and one.high is not None:
        span = f"{_number(one.low, reader)}–{_number(one.high, reader)}"
        parts.append(reader.pair(kind, span))
    elif one.estimate is not None and one.low is not None:
        least = reader.say("at least {count}", count=_number(one.low, reader))
        parts.append(reader.pair(kind, least))
    else:
        parts.append(kind)
    return reader.joined(parts)


def _number(value: float, reader: Reader) -> str:
    decimals = 0 if value >= 10 or value == int(value) else 2
    return reader.words.number(value, decimals).replace(" ", NBSP)


def fieldwork_told(one: PopulationEstimate, reader: Reader) -> str:
    """Write the first and the last day of the fieldwork."""
    if one.survey_from == one.survey_to:
        return reader.day(one.survey_to)
    return f"{reader.day(one.survey_from)} – {reader.day(one.survey_to)}"


def comparison_told(one: Series, reader: Reader) -> str:
    """Say of each population whether its figures, one after the other, can be compared."""
    pairs = list(zip(one.estimates, one.estimates[1:], strict=False))
    against = [comparable(before, after) for before, after in pairs]
    name = series_name(one, reader)
    free = sum(not reasons for reasons in against)
    told = dict.fromkeys(reason.told(reader.words) for reasons in against for reason in reasons)
    if not told:
        return reader.pair(name, reader.say("the figures can be compared with one another."))
    verdict = (
        reader.say("only some of the figures that follow one another can be compared.")
        if free
        else reader.say("the figures cannot be compared directly.")
    )
    return f"{reader.pair(name, verdict)} {' '.join(told)}"
