"""The calendar: which months matter for which species."""

from kulan.report.document import Block, Calendar, CalendarRow, Paragraph, Section
from kulan.report.reader import Reader
from kulan.report.sections.merging import are_several, merged, which
from kulan.screening.findings import Screening, SeasonFinding
from kulan.screening.unknowns import is_touched


def seasons(screening: Screening, reader: Reader) -> Section:
    """Draw the months that matter to the species that are touched."""
    say = reader.say
    found = merged(screening, lambda one: one.seasons, lambda season: season)
    blocks: list[Block] = []
    if found:
        blocks.append(_calendar(screening, found, reader))
    without = _species_without(screening)
    if without:
        names = reader.species_listed(without)
        blocks.append(Paragraph(say("No calendar is on record for: {species}.", species=names)))
    if not blocks:
        blocks.append(Paragraph(say("No species is touched, so no month stands out.")))
    return Section("seasons", say("Months that matter"), tuple(blocks))


def _calendar(
    screening: Screening, found: list[tuple[SeasonFinding, list[int]]], reader: Reader
) -> Calendar:
    say = reader.say
    rows = []
    for season, numbers in found:
        where = say("everywhere") if season.where == "all" else say(season.where)
        level = reader.code("confidence", season.confidence)
        parts = [where, say("confidence: {level}", level=level)]
        if season.sensitivity:
            parts.append(say(season.sensitivity))
        if are_several(screening):
            parts.append(say("alternatives: {numbers}", numbers=which(numbers, screening, reader)))
        rows.append(
            CalendarRow(
                species=reader.species(season.species_id),
                event=reader.code("life_event", season.life_event),
                months=season.months,
                note=reader.joined(parts),
                species_id=season.species_id,
                cites=reader.cite(season.source),
            )
        )
    return Calendar(
        caption=say("Months in which species that are touched give birth, rut or move"),
        species_title=say("Species"),
        event_title=say("Event"),
        note_title=say("Where and source"),
        months=tuple(reader.words.month_names()),
        rows=tuple(rows),
        notes=(say("A dot marks a month. Dates shift with latitude, altitude and weather."),),
    )


def _species_without(screening: Screening) -> tuple[str, ...]:
    """Return species with a calendar nowhere, among those that are touched."""
    with_season = {season.species_id for one in screening.alternatives for season in one.seasons}
    touched = dict.fromkeys(
        found.species_id
        for one in screening.alternatives
        for found in one.species
        if is_touched(found)
    )
    return tuple(name for name in touched if name not in with_season)
