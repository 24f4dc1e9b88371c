"""`kulan programme gaps`: where nobody has looked lately, and what waits there."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from kulan.assessment.knowledge_gaps import grounds_of, looks_of, waiting_barriers
from kulan.atlas import open_release
from kulan.cli.days import asked_day
from kulan.cli.state import state_option
from kulan.cli.tables import print_table, table_options
from kulan.programme import estimates_of, species_name, state_name
from kulan.programme.count_methods import COUNT_METHODS, SEASON_NAMES
from kulan.programme.gaps import SEASONS, Gap, Package, knowledge_gaps, packages
from kulan.programme.species import check_species
from kulan.programme.terms import SPECIES_IDS
from kulan.words import Words, words_in


@click.command()
@click.option("--species", default="", help="Only one species, by its short name.")
@click.option("--in-state", "iso3", default="", help="Only one state, ISO 3166-1 alpha-3.")
@click.option("--season", type=click.Choice(SEASONS), help="Only one season.")
@click.option(
    "--stale-years",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help="Years for which a look at a place counts as recent.",
)
@click.option("--by-cell", is_flag=True, help="Every cell by itself, not put together as work.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day.  [default: today]")
@state_option
@table_options
def gaps(
    species: str,
    iso3: str,
    season: str | None,
    stale_years: int,
    by_cell: bool,
    on: datetime | None,
    state: Path,
    lang: str,
    form: str,
) -> None:
    """List where a species may live, nobody has looked lately, and a decision waits.

    Cells of one degree with potential habitat of the Atlas are held against published counts and
    planned or unfinished barriers. A published count tells of its state only, so it closes no
    cell: the year stands beside. What waits soonest comes first.

    \b
    Example:
      kulan programme gaps --species saiga --in-state UZB
      kulan programme gaps --season spring --by-cell --format csv
    """
    if species:
        check_species(species)
    if iso3:
        state_name(iso3.upper(), lang)
    release = open_release(state)
    wanted = [
        ground
        for ground in grounds_of(release)
        if species in ("", ground.species_id) and iso3.upper() in ("", ground.iso3)
    ]
    looks = looks_of(one for species_id in SPECIES_IDS for one in estimates_of(species_id))
    found = [
        gap
        for gap in knowledge_gaps(
            wanted, looks, waiting_barriers(release), on=asked_day(on), stale_years=stale_years
        )
        if season in (None, gap.season)
    ]
    if not found:
        click.echo("No gap is all that was asked for.", err=True)
    words = words_in(lang)
    rows = (
        [_of_gap(gap, words) for gap in found]
        if by_cell
        else [_of_package(one, words) for one in packages(found, looks)]
    )
    frame = pd.DataFrame(rows)
    if form == "table":  # methods are many words: they come in files
        frame = frame.drop(columns="methods", errors="ignore")
    print_table(frame, form)


def _of_gap(gap: Gap, words: Words) -> dict[str, Any]:
    return {
        "species": species_name(gap.ground.species_id, words.language),
        "state": state_name(gap.ground.iso3, words.language),
        "cell": gap.ground.cell,
        "season": words.say(SEASON_NAMES[gap.season]),
        "habitat_km2": round(gap.ground.habitat_km2),
        "last_year": _year(gap.last_year),
        "last_year_in_state": _year(gap.state_year),
        "waiting": [one.title for one in gap.decisions],
        "due": gap.decisions[0].due_said if gap.decisions else "",
    }


def _of_package(one: Package, words: Words) -> dict[str, Any]:
    return {
        "species": species_name(one.species_id, words.language),
        "state": state_name(one.iso3, words.language),
        "season": words.say(SEASON_NAMES[one.season]),
        "waiting": one.decision.title if one.decision else "",
        "due": one.decision.due_said if one.decision else "",
        "cells": len(one.cells),
        "habitat_km2": round(one.habitat_km2),
        "never_looked_at": one.never,
        "last_year": _year(one.last_year),
        "last_year_in_state": _year(one.state_year),
        "methods": [words.say(COUNT_METHODS[method].name) for method in one.methods[:3]],
    }


def _year(year: int | None) -> str:
    return "" if year is None else str(year)
