"""`kulan programme`: the nouns of the Central Asian Mammals Initiative, as tables."""

from datetime import datetime
from pathlib import Path

import click
import pandas as pd

from kulan import programme as nouns
from kulan.atlas import open_release, release_ids
from kulan.cli.days import asked_day
from kulan.cli.programme_actions import actions
from kulan.cli.programme_answers import answers
from kulan.cli.programme_gaps import gaps
from kulan.cli.programme_money import money
from kulan.cli.programme_texts import carry, compare, import_text
from kulan.cli.state import state_option
from kulan.cli.tables import print_table, table_options
from kulan.outputs import write_whole
from kulan.report.fact_sheets import fact_sheet_pdf, habitat_picture, species_facts
from kulan.vocabulary import BARRIER_STATUSES
from kulan.words import LANGUAGES, words_in

_INSTRUMENTS = ("CMS", "CITES", "IUCN")


_on_option = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day whose facts are asked for.  [default: today]",
)


@click.group()
def programme() -> None:
    """Show species, range states, barriers, seasons and actions, with dates and sources.

    \b
    Example:
      kulan programme species --lang ru
      kulan programme states --on 2020-12-31
      kulan programme actions --section 3 --priority high
    """


programme.add_command(actions)
programme.add_command(gaps)
programme.add_command(money)
programme.add_command(answers)


@programme.command()
@click.option("--edition", type=click.Choice(["2014", "2021", "2025"]), help="Of the CAMI list.")
@_on_option
@table_options
def species(edition: str | None, on: datetime | None, lang: str, form: str) -> None:
    """List species with their standing under CMS, CITES and the Red List on a day.

    csv and json also say for which taxon or population an appendix holds.

    \b
    Example:
      kulan programme species --edition 2025 --lang fr
    """
    day = asked_day(on)
    everything = nouns.species().set_index("species_id")
    wanted = nouns.edition_species(edition) if edition else tuple(everything.index)
    rows = []
    for species_id in wanted:
        held = nouns.statuses_on(species_id, day)
        rows.append(
            {
                "species_id": species_id,
                "name": nouns.species_name(species_id, lang),
                "scientific_name": nouns.species_name(species_id, "la"),
                # a category of the species says little of a subspecies: its scope is always told
                **{
                    name: _values(held, name, scoped=form != "table" or name == "IUCN")
                    for name in _INSTRUMENTS
                },
            }
        )
    print_table(pd.DataFrame(rows), form)


def _values(held: pd.DataFrame, instrument: str, *, scoped: bool) -> str:
    """Return what a species holds under one instrument; `scoped`, with what it holds for."""
    rows = held[held["instrument"] == instrument]
    if not scoped:
        # for reading: a numeral is enough under a heading that names the convention
        values = rows["value"].astype(str).str.removeprefix("Appendix ")
        return ", ".join(values.drop_duplicates())
    return "; ".join(
        f"{value} ({scope})" if scope else str(value)
        for value, scope in zip(rows["value"], rows["scope"], strict=True)
    )


@programme.command()
@_on_option
@table_options
def states(on: datetime | None, lang: str, form: str) -> None:
    """List the range states and what they were party to on a day.

    \b
    Example:
      kulan programme states --on 2020-12-31
    """
    day = asked_day(on)
    instruments = nouns.memberships()["instrument"].drop_duplicates().tolist()
    rows = []
    for iso3 in nouns.range_states()["iso3"]:
        row = {"iso3": iso3, "name": nouns.state_name(iso3, lang)}
        for instrument in instruments:
            status = nouns.party_status(iso3, day, instrument)
            row[instrument] = f"{status.status} {status.since or ''}".strip()
        rows.append(row)
    print_table(pd.DataFrame(rows), form)


@programme.command()
@click.option("--status", type=click.Choice(BARRIER_STATUSES), help="Only those of one status.")
@table_options
def barriers(status: str | None, lang: str, form: str) -> None:
    """List known and planned barriers; csv and json carry sources and confidence.

    \b
    Example:
      kulan programme barriers --status planned
    """
    known = pd.DataFrame(nouns.barriers().drop(columns="geometry"))
    if status is not None:
        known = known[known["status"] == status]
    if lang == "ru":
        known = known.assign(name=known["name_ru"].fillna(known["name"]))
    if form == "table":
        known = known[["barrier_id", "name", "barrier_type", "states", "status", "valid_from"]]
    print_table(known, form)


@programme.command()
@click.argument("species_id", required=False)
@table_options
def seasons(species_id: str | None, lang: str, form: str) -> None:
    """List the months that matter to a species, or to all.

    \b
    Example:
      kulan programme seasons saiga
    """
    calendar = nouns.seasons()
    if species_id is not None:
        nouns.species_name(species_id)  # refuses a species there is not, naming those there are
        calendar = calendar[calendar["species_id"] == species_id]
    calendar = calendar.assign(
        species=[nouns.species_name(each, lang) for each in calendar["species_id"]]
    )
    if form == "table":
        calendar = calendar[["species", "life_event", "months", "population", "source"]]
    print_table(calendar, form)


@programme.command(name="fact-sheet")
@click.argument("species_id", metavar="SPECIES")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the sheet.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="PDF to write; an earlier one is replaced.",
)
@_on_option
@state_option
def fact_sheet(species_id: str, lang: str, out: Path, on: datetime | None, state: Path) -> None:
    """Write the fact sheet of a species as a tagged PDF.

    It tells names, listings, range states, published population estimates with what may be
    compared, behaviour and needs, barriers and sources. The map of potential habitat is drawn
    where the state folder holds an Atlas.

    \b
    Example:
      kulan programme fact-sheet saiga --lang ru --out saiga.pdf
    """
    nouns.species_name(species_id)  # refuses a species there is not, naming those there are
    habitat = habitat_picture(open_release(state), species_id) if release_ids(state) else None
    facts = species_facts(species_id, asked_day(on), habitat=habitat)
    write_whole(out, fact_sheet_pdf(facts, words_in(lang)))
    if habitat is None:
        click.echo(f"No habitat of it in {state}: the sheet has no map.", err=True)
    click.echo(str(out))


programme.add_command(import_text)
programme.add_command(compare)
programme.add_command(carry)
