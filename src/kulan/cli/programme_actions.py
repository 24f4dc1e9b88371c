"""`kulan programme actions`: the register of actions, chosen by what a person asks for."""

from typing import Any

import click
import pandas as pd

from kulan.cli.tables import print_table, table_options
from kulan.programme import actions as register
from kulan.programme.actions.selection import NO_PRIORITY, selected
from kulan.programme.actions.tables import EDITION_IDS, PRIORITIES


@click.command()
@click.option(
    "--edition",
    type=click.Choice(EDITION_IDS),
    default="cami-2021",
    show_default=True,
    help="Edition of the programme; of cami-2014 no action is known.",
)
@click.option("--section", default="", help="Only those of one section, by its number.")
@click.option("--lead", default="", help="Only those an actor leads, by its short name.")
@click.option(
    "--priority",
    type=click.Choice([*PRIORITIES, NO_PRIORITY]),
    help="Only those whose priority reaches over this one; none: printed without.",
)
@click.option("--species", default="", help="Only those that name a species, by its short name.")
@click.option("--state", default="", help="Only those that name a state, ISO 3166-1 alpha-3.")
@click.option("--parts", is_flag=True, help="Lettered parts too, each after its action.")
@table_options
def actions(edition: str, parts: bool, lang: str, form: str, **asked: str | None) -> None:
    """List the actions of the programme with Kulan's own titles, priorities and leads.

    An action that names no species or state speaks of all, and is left out where one is asked
    for. csv and json carry the number as printed, short names of leads, references and the key by
    which other parts of Kulan name an action.

    \b
    Example:
      kulan programme actions --section 3 --priority high --parts
      kulan programme actions --lead gslep --lang ru --format csv
    """
    wanted = {name: value or "" for name, value in asked.items()}
    if wanted["section"]:
        register.section(wanted["section"], edition)  # refuses one there is not
    found = selected(register.actions(edition, parts=parts), **wanted)
    if not register.edition(edition).actions_known:
        click.echo(f"Of {edition} only title and years are known: no action is listed.", err=True)
    elif not found:
        click.echo("No action is all that was asked for.", err=True)
    told = _for_reading if form == "table" else _for_programs
    rows = [told(one, lang) for one in found]
    print_table(pd.DataFrame(rows, columns=_COLUMNS[form == "table"]), form)


_COLUMNS = {
    True: ("action_id", "title", "priority", "leads"),
    False: (
        "key",
        "edition_id",
        "action_id",
        "printed",
        "parent_id",
        "section_id",
        "section",
        "title",
        "priority_low",
        "priority_high",
        "priority_order",
        "leads",
        "leads_to_confirm",
        "species",
        "landscapes",
        "states",
        "other_states",
        "see_also",
        "targets",
    ),
}


def _for_reading(one: register.Action, language: str) -> dict[str, Any]:
    leads = [
        register.actor(lead).title(language) + ("?" if lead in one.leads_to_confirm else "")
        for lead in one.leads
    ]
    return {
        "action_id": one.action_id,
        "title": one.title(language),
        "priority": one.priority_order,
        "leads": ", ".join(leads),
    }


_AS_HELD = (
    "edition_id",
    "action_id",
    "printed",
    "parent_id",
    "section_id",
    "priority_order",
    "leads",
    "leads_to_confirm",
    "species",
    "landscapes",
    "states",
    "other_states",
    "see_also",
    "targets",
)


def _for_programs(one: register.Action, language: str) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _AS_HELD},
        "key": register.action_key(one),
        "section": register.section(one.section_id, one.edition_id).title(language),
        "title": one.title(language),
        "priority_low": one.priority.low,
        "priority_high": one.priority.high,
    }
