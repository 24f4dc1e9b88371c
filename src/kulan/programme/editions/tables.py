"""Tables of compared editions, declared: the crosswalk and what became of the wording."""

from kulan.programme.editions.crosswalks import KINDS, STATES
from kulan.schemas import Column, Table

CROSSWALK = Table(
    name="crosswalk",
    title="Which action of one edition is which of another, as proposed",
    columns=(
        Column("before", "Actions of the earlier edition; none for a new one.", kind="list",
               required=False),
        Column("after", "Actions of the later edition; none for a dropped one.", kind="list",
               required=False),
        Column("kind", "What became of it.", values=KINDS),
        Column("score", "How alike they are, 0 to 1; of what stands alone, its best partner's.",
               kind="number"),
        Column("state", "Whether a person has decided.", values=STATES),
        Column("reasons", "What speaks for it.", kind="list", required=False),
        Column("why", "Why a person confirmed or refused it.", required=False),
        Column(
            "difference",
            "Both wordings as one: [-removed-] {+added+}.",
            required=False,
        ),
    ),
    key=("before", "after"),
)  # fmt: skip

_STATUS = ("not_started", "under_way", "done", "overdue", "overtaken", "cannot_be_computed")

STATUSES = Table(
    name="action_statuses",
    title="Where the actions of an edition stand, to be carried to the next",
    columns=(
        Column("action_id", "Action of the earlier edition, or its key with the edition."),
        Column("status", "Where it stands.", values=_STATUS),
    ),
    key=("action_id",),
)

CARRIED = Table(
    name="carried_statuses",
    title="What became of each status in the later edition, and why",
    columns=(
        Column("before", "Actions of the earlier edition.", kind="list", required=False),
        Column("after", "Action of the later edition.", required=False),
        Column("status", "What it starts with.", required=False, values=_STATUS),
        Column("carried", "Whether the status was carried.", kind="flag"),
        Column("to_look_at", "Whether a person should look at it.", kind="flag"),
        Column("reason", "Why it was carried, or was not."),
    ),
    key=("before", "after"),
)
