"""Plans beside the programme, for the tests: a species plan as a list, and its next edition.

The plan is nobody's: its actions are our own words.
"""

from typing import Any

from kulan.programme.text import listed_of
from kulan.web.programme.register.importing import EditionRead, set_edition_state
from kulan.web.programme.register.models import Crosswalk, CrosswalkPair, TextUpload
from kulan.web.programme.register.text_changes import store_and_tell

_COLUMNS = (
    "action_id", "section_id", "section_en", "section_ru", "title_en", "title_ru", "leads",
    "priority", "species", "states", "would_count",
)  # fmt: skip
_COUNTING, _INCOME = ("1", "Counting", "Учёт"), ("2", "Income", "Доход")
_ROWS = (
    (
        "1.1", *_COUNTING, "Count argali by one method in every state",
        "Учитывать архара одним методом", "Government agencies;Friends of the Steppe",
        "high", "argali", "KAZ;KGZ;TJK", "survey:1:state",
    ),
    (
        "1.2", *_COUNTING, "Publish the counts together", "Публиковать результаты вместе",
        "Scientific institutions", "medium/high", "argali", "KAZ;KGZ;TJK", "publication",
    ),
    (
        "2.1", *_INCOME, "Share the income of hunting with communities",
        "Делиться доходом от охоты с общинами", "local communities;НПО",
        "low", "argali", "TJK", "report",
    ),
    (
        "2.2", *_INCOME, "Stop the illegal trade in horns and train rangers against poaching",
        "Пресечь торговлю рогами и обучить егерей", "ICS", "high", "argali", "", "law:1:state",
    ),
)  # fmt: skip
ARGALI_2020 = "\n".join(",".join(row) for row in (_COLUMNS, *_ROWS))
"""A species plan as a list of actions, in two languages."""

ARGALI_2030 = """\
action_id,title_en,leads,priority
1.1,Publish the counts together,Scientific institutions,high
1.2,Count argali by one method and at one time in every state,Government agencies,high
2.1,Stop the illegal trade in horns,government agencies,high
2.2,Train rangers against poaching,government agencies,high
3.1,Prepare herders for dzud winters,herders,medium
"""
"""Its next edition: an action renumbered, one reworded, one split, one dropped, one new."""

OLD, NEW = "argali-2020", "argali-2030"
_TITLES = {OLD: "Plan for the argali 2020-2029", NEW: "Plan for the argali 2030-2039"}


def make_plan(
    edition_id: str = OLD, listed: str = ARGALI_2020, *, state: str = "", keeper: Any = None
) -> None:
    """Bring a plan in, a draft unless a state is named (then by a keeper of the register)."""
    plan = listed_of(listed.encode(), f"{edition_id}.csv", edition_id=edition_id)
    said = EditionRead(edition_id, "argali", {"en": _TITLES.get(edition_id, edition_id)})
    store_and_tell(None, plan, said)
    if state:
        set_edition_state(keeper, edition_id, state)


def make_crosswalk(*pairs: tuple[str, str, str, str], before: str = OLD, after: str = NEW) -> Any:
    """Make a crosswalk; a pair tells numbers before and after (several with commas), kind, state.

    Without a pair it has one proposed, one confirmed and one refused.
    """
    row = Crosswalk.objects.create(before=before, after=after, language="en")
    for place, (left, right, kind, state) in enumerate(
        pairs
        or (
            ("1.1", "1.2", "reworded", "proposed"),
            ("1.2", "1.1", "renumbered", "confirmed"),
            ("2.1", "3.1", "reworded", "refused"),
            ("2.2", "2.1,2.2", "split", "proposed"),
        )
    ):
        CrosswalkPair.objects.create(
            crosswalk=row,
            place=place,
            before=[one for one in left.split(",") if one],
            after=[one for one in right.split(",") if one],
            kind=kind,
            score=0.9,
            reasons=["words 80% alike", "same section"],
            state=state,
            why="" if state == "proposed" else "Read beside each other.",
        )
    return row


def plan_things(people: dict[str, Any], keeper: Any) -> dict[str, str]:
    """Make a plan of which an edition is in force and the next a draft, compared; files sent."""
    make_plan(state="in_force", keeper=keeper)
    make_plan(NEW, ARGALI_2030)
    make_plan("argali-2040", ARGALI_2030, state="past", keeper=keeper)
    row = make_crosswalk()
    public = make_crosswalk(after="argali-2040")
    read = TextUpload.objects.create(
        edition_id=NEW,
        plan="argali",
        title={"en": "Plan"},
        file_name="argali.csv",
        by=people["farida"],
        stored_at=row.proposed_at,
        found={
            "actions": 5,
            "parts": 0,
            "sections": 3,
            "corrections": 0,
            "languages": ["en"],
            "losses": 1,
            "unknown_leads": ["Friends of the Steppe"],
        },
        losses=[{"line": 3, "what": "guessed", "text": "=Some words", "reason": "as it reads"}],
    )
    unread = TextUpload.objects.create(
        edition_id="no-edition", plan="no", file_name="plan.txt", by=people["farida"]
    )
    return {
        "read text": str(read.uid),
        "unread text": str(unread.uid),
        "proposed pair": str(row.pairs.get(place=0).pk),
        "pair of a public crosswalk": str(public.pairs.get(place=0).pk),
    }


SAIGA_TEXT = """\
Work programme for the saiga 2026-2030

\t1. Counting and monitoring
\tResponsible
\tPriority
\t1.1 Count saigas from the air in each population every year
\tGovernment agencies, scientific institutions
\tHigh
\t1.2 Publish one table of counts for all range states
\tCMS, NGOs
\tMedium

\t2. Poaching and trade
\tResponsible
\tPriority
\t2.1 Train rangers in the use of dogs at borders
\tGovernment agencies, Friends of the Steppe
\tHigh
\t2.2 Watch markets for horns:
a) in towns near the border
b) on the internet
\tNGOs
\tMedium
"""
"""The work programme of a memorandum as its own text, laid out as the programme of work is."""
