"""A species' fact sheet as a document, and set as an HTML fragment or a printable PDF."""

import hashlib
from importlib.resources import files

from babel import Locale

from kulan import __version__
from kulan.programme import species_account
from kulan.programme.accounts import SECTION_NAMES
from kulan.report.compose import labels
from kulan.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    KeyValues,
    Paragraph,
    RecipeEntry,
    Recipes,
    Row,
    Section,
    Sources,
    Table,
)
from kulan.report.fact_sheets.facts import SpeciesFacts
from kulan.report.fact_sheets.habitat_map import habitat_map
from kulan.report.fact_sheets.population_sections import population_section
from kulan.report.html import set_fragment
from kulan.report.pdf import set_pdf
from kulan.report.reader import Reader
from kulan.words import Words

METHOD = "kulan.report.fact_sheets.species_fact_sheet"
_TABLES = (
    "species",
    "species_names",
    "species_statuses",
    "presence",
    "populations",
    "species_accounts",
)
_KEY_LETTERS = 12


def species_fact_sheet(facts: SpeciesFacts, words: Words) -> Document:
    """Compose a species' fact sheet.

    Parameters
    ----------
    facts
        What is known; see `kulan.report.fact_sheets.species_facts`.
    words
        The language.

    Returns
    -------
    Document
        In no format yet: `fact_sheet_html` and `fact_sheet_pdf` set it.
    """
    reader = Reader(words)
    sections = [
        _at_a_glance(facts, reader),
        _names(facts, reader),
        _statuses(facts, reader),
        _presence(facts, reader),
        population_section(facts.estimates, reader),
        _account(facts, reader),
        _pressures(facts, reader),
    ]
    sections.append(Section("cited", reader.say("Sources cited"), (Sources(reader.cited),)))
    sections.append(_recipe(facts, reader))
    return Document(
        language=words.language,
        title=reader.species(facts.species_id),
        subtitle=reader.say(
            "{scientific}. Species fact sheet, as of {day}",
            scientific=reader.scientific(facts.species_id),
            day=reader.day(facts.on.isoformat()),
        ),
        made=reader.say("Made by Kulan {version}.", version=__version__),
        on=facts.on.isoformat(),
        sections=tuple(sections),
        recipe_numbers={},
        alternatives=(),
        species=(),
        labels={
            **labels(reader),
            "left_out": reader.say("{count} more rows stand on the species' page of the Atlas."),
        },
        contents=False,
    )


def fact_sheet_html(facts: SpeciesFacts, words: Words) -> str:
    """Return the fact sheet as an HTML fragment, to stand inside a page; every text is escaped."""
    return set_fragment(species_fact_sheet(facts, words))


def fact_sheet_pdf(facts: SpeciesFacts, words: Words) -> bytes:
    """Return the fact sheet as a tagged PDF (PDF/UA-1); the same for the same facts."""
    return set_pdf(species_fact_sheet(facts, words))


def _at_a_glance(facts: SpeciesFacts, reader: Reader) -> Section:
    say = reader.say
    items = [
        (say("Scientific name"), Cell(reader.scientific(facts.species_id))),
        (say("Family"), Cell(str(facts.taxon["family"]))),
        (say("Described by"), Cell(str(facts.taxon["author"]))),
    ]
    for instrument in ("IUCN", "CMS", "CITES"):
        rows = facts.statuses[facts.statuses["instrument"] == instrument]
        values = [_value(str(value), reader) for value in rows["value"]]
        if instrument == "IUCN" and len(values) > 1:
            # categories of the species and of its subspecies differ: each says whose it is
            values = [
                f"{value} ({scope})" for value, scope in zip(values, rows["scope"], strict=True)
            ]
        name = say("IUCN Red List") if instrument == "IUCN" else instrument
        items.append((name, Cell(", ".join(dict.fromkeys(values)) or say("not recorded"))))
    blocks: list[Block] = [KeyValues(say("At a glance"), tuple(items))]
    if facts.habitat is not None:
        blocks.append(habitat_map(facts.species_id, facts.habitat, reader))
    return Section("at-a-glance", say("At a glance"), tuple(blocks))


def _value(value: str, reader: Reader) -> str:
    is_appendix = value.startswith("Appendix") or value == "not listed"
    return reader.code("appendix" if is_appendix else "iucn", value)


def _names(facts: SpeciesFacts, reader: Reader) -> Section:
    say = reader.say
    rows = []
    for language, names in facts.names.groupby("language", sort=False):
        ordered = names.sort_values("preferred", ascending=False, kind="stable")
        listed = ", ".join(dict.fromkeys(ordered["name"]))
        cites = reader.cite(*dict.fromkeys(ordered["source"]))
        rows.append(
            Row((Cell(language_name(str(language), reader)), Cell(listed), Cell("", cites=cites)))
        )
    columns = (
        Column(say("Language"), share=1),
        Column(say("Names, the one Kulan prints first"), share=3),
        Column(say("Source"), share=0.8),
    )
    return Section("names", say("Names"), (Table(say("Names by language"), columns, tuple(rows)),))


def language_name(code: str, reader: Reader) -> str:
    """Return the name of a language in the reader's; its code where Unicode has none."""
    if code == "la":
        return reader.say("scientific")
    known = Locale.parse(reader.words.language).languages
    return str(
        known.get(code.replace("-", "_")) or known.get(code.split("-", maxsplit=1)[0]) or code
    )


def _statuses(facts: SpeciesFacts, reader: Reader) -> Section:
    say = reader.say
    columns = (
        Column(say("List")),
        Column(say("Standing"), share=1.2),
        Column(say("For"), share=2.2),
        Column(say("Since")),
        Column(say("Source"), share=1.2),
    )
    rows = tuple(
        Row(
            (
                Cell(str(row["instrument"])),
                Cell(_value(str(row["value"]), reader)),
                Cell(str(row["scope"])),
                Cell(reader.day(row["valid_from"]) if row["valid_from"] else "–"),
                reader.source_cell(str(row["source"]), str(row["confidence"])),
            )
        )
        for row in facts.statuses.to_dict("records")
    )
    caption = say(
        "Listings and categories as they stood on {day}", day=reader.day(facts.on.isoformat())
    )
    title = say("Listing and conservation status")
    return Section("status", title, (Table(caption, columns, rows),))


def _presence(facts: SpeciesFacts, reader: Reader) -> Section:
    say = reader.say
    columns = (
        Column(say("Range state")),
        Column(say("Presence"), share=1.2),
        Column(say("Source"), share=1.4),
    )
    rows = tuple(
        Row(
            (
                Cell(reader.state(str(row["iso3"]))),
                Cell(reader.code("presence", str(row["status"]))),
                reader.source_cell(str(row["source"]), str(row["confidence"])),
            )
        )
        for row in facts.presence.to_dict("records")
    )
    return Section(
        "range-states", say("Range states"), (Table(say("Presence by state"), columns, rows),)
    )


def _account(facts: SpeciesFacts, reader: Reader) -> Section:
    blocks: list[Block] = []
    account = facts.account
    if account is None:
        account = species_account(facts.species_id, reader.words.language)
    for one in account:
        blocks += [Heading(reader.say(SECTION_NAMES[one.section])), Paragraph(one.text)]
        numbers = " ".join(f"[{number}]" for number in reader.cite(one.source))
        level = reader.code("confidence", one.confidence)
        note = reader.say("confidence: {level}", level=level)
        blocks.append(Paragraph(f"{numbers} {note}", small=True))
    return Section("account", reader.say("Behaviour, ecology and needs"), tuple(blocks))


def _pressures(facts: SpeciesFacts, reader: Reader) -> Section:
    say = reader.say
    title = say("Barriers on record")
    if facts.barriers.empty:
        none = say("No barrier in Kulan's table is known or expected to affect the species.")
        return Section("pressures", title, (Paragraph(none),))
    columns = (
        Column(say("Barrier"), share=2),
        Column(say("Kind")),
        Column(say("State"), share=1.4),
        Column(say("Status")),
        Column(say("Source"), share=1.2),
    )
    local = "name_ru" if reader.words.language == "ru" else "name"
    rows = tuple(
        Row(
            (
                Cell(str(row[local] or row["name"])),
                Cell(reader.code("barrier_type", str(row["barrier_type"]))),
                Cell(reader.states_listed(tuple(row["states"]))),
                Cell(reader.code("status", str(row["status"]))),
                reader.source_cell(str(row["source"]), str(row["confidence"])),
            )
        )
        for row in facts.barriers.to_dict("records")
    )
    caption = say("Barriers known or expected to affect the species")
    return Section("pressures", title, (Table(caption, columns, rows),))


def _recipe(facts: SpeciesFacts, reader: Reader) -> Section:
    say = reader.say
    brought = dict(facts.origins)
    inputs = [brought.get(name) or f"{name}.csv (SHA-256 {_hash(name)})" for name in _TABLES]
    if facts.habitat is not None:
        picture = facts.habitat
        inputs.append(f"{picture.release}: {picture.sha256[:_KEY_LETTERS]}, {picture.source}")
    parameters = (("species", facts.species_id), ("on", facts.on.isoformat()))
    told = repr((METHOD, __version__, inputs, parameters, facts.estimates))
    entry = RecipeEntry(
        number=1,
        key=hashlib.sha256(told.encode()).hexdigest()[:_KEY_LETTERS],
        method=METHOD,
        version=__version__,
        inputs=tuple(inputs),
        parameters=parameters,
        source="",
    )
    block = Recipes(
        (entry,),
        method_title=say("Method"),
        inputs_title=say("Inputs"),
        parameters_title=say("Parameters"),
        source_title=say("Source"),
    )
    return Section("recipes", say("How this sheet was made"), (block,))


def _hash(name: str) -> str:
    content = (files("kulan.programme") / "data" / f"{name}.csv").read_bytes()
    return hashlib.sha256(content).hexdigest()[:_KEY_LETTERS]
