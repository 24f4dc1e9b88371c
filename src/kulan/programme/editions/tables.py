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
        Column(
            "difference",
            "Both wordings as one: [-removed-] {+added+}.",
            required=False,
        ),
    ),
    key=("before", "after"),
)  # fmt: skip
