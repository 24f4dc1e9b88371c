"""The table of what would count for each action, declared."""

from kulan.programme.actions.tables import EDITION_IDS
from kulan.programme.evidence.objects import KINDS
from kulan.programme.terms import SPECIES_IDS
from kulan.schemas import Column, Table

PER = ("programme", "common", "state")
READINGS = ("own_reading", "agreed")

ACTION_EVIDENCE = Table(
    name="programme_action_evidence",
    title="What would count as evidence that an action was carried out",
    columns=(
        Column("edition_id", "Edition of the programme.", values=EDITION_IDS),
        Column("action_id", "Action, as in the table of actions."),
        Column(
            "alternative",
            "Number of the alternative: any one is enough, with all of its rows.",
            kind="integer",
        ),
        Column(
            "kind",
            "Kind of object that counts; empty where no object can show the action.",
            required=False,
            values=KINDS,
        ),
        Column("at_least", "Different objects needed.", kind="integer", required=False),
        Column(
            "per",
            "Whether so many are needed altogether (programme), altogether and each of them shared "
            "by several states or by all (common), or in each state the action is for (state).",
            required=False,
            values=PER,
        ),
        Column(
            "species",
            "Species an object must be of, one of these; empty for any.",
            kind="list",
            required=False,
            values=SPECIES_IDS,
        ),
        Column(
            "only_linked",
            "Whether only objects count that somebody declared for the action.",
            kind="flag",
            required=False,
        ),
        Column(
            "since",
            "First day an object may be of: the programme's adoption, for what is done anew; empty "
            "for what holds on.",
            kind="date",
            required=False,
        ),
        Column("reason", "Why these would count, or why nothing can.", words=True),
        Column("source", "What was read."),
        Column(
            "confidence",
            "own_reading: Kulan's own judgement of the action; agreed: taken over by the states.",
            values=READINGS,
        ),
    ),
    key=("edition_id", "action_id", "alternative", "kind", "per"),
)
