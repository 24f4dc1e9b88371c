"""Tables of imported texts, declared: the actions as read, and corrections known beforehand."""

from kulan.programme.actions.tables import TREATY_TAGS
from kulan.programme.terms import SPECIES_IDS
from kulan.schemas import Column, Table

_GRADES = ("low", "medium", "high")

IMPORTED_ACTIONS = Table(
    name="imported_actions",
    title="Actions of a programme as read from its text",
    columns=(
        Column("edition_id", "Edition the text was read as."),
        Column("action_id", "Key of the action in the edition; never the printed number as such."),
        Column(
            "parent_id", "Action it is a part of; empty for a row of the tables.", required=False
        ),
        Column("section_id", "Section under whose heading it stands."),
        Column("order", "Place in the text, 1 for the first.", kind="integer"),
        Column("printed", "Number or mark as printed.", required=False),
        Column("text", "Its words on one line, without marks of layout.", required=False),
        Column("leads", "Who is responsible, as printed.", kind="list", required=False),
        Column("priority_low", "Lower end of the priority.", required=False, values=_GRADES),
        Column("priority_high", "Upper end of the priority.", required=False, values=_GRADES),
        Column("priority_printed", "The priority as printed.", required=False),
        Column("species", "Species it is about, by short name.", kind="list", required=False),
        Column("landscapes", "Landscapes it is about.", kind="list", required=False),
        Column("states", "Range states it names.", kind="list", required=False),
        Column("see_also", "Actions of the edition it points to.", kind="list", required=False),
        Column("other_plans", "Numbers in other plans it points to.", kind="list", required=False),
        Column(
            "meanings",
            "What terms of several meanings mean in it.",
            kind="list",
            required=False,
        ),
        Column("line", "Line of the file it begins on.", kind="integer"),
        Column("last_line", "Line of the file it ends on.", kind="integer"),
    ),
    key=("edition_id", "action_id"),
)

IMPORT_LOSSES = Table(
    name="import_losses",
    title="Lines of a programme's text that were not understood, left out or guessed",
    columns=(
        Column("line", "Line of the file; 0 for the whole file.", kind="integer"),
        Column(
            "what",
            "unread: belongs to nothing; guessed: read by its words, to be looked at; page: head "
            "or number of a page; altered: done to the characters; missing: an action not found.",
            values=("unread", "guessed", "page", "altered", "missing"),
        ),
        Column("text", "The line, or how often something was done.", required=False),
        Column("reason", "Why, or how."),
    ),
    key=("line", "what", "text", "reason"),
)

IMPORTED_CORRECTIONS = Table(
    name="imported_corrections",
    title="What the print of an imported text got wrong, beside what it should say",
    columns=(
        Column("place", "Action, or part:IV, section:11, species:16, state:KGZ."),
        Column("field", "What is corrected."),
        Column("printed", "As printed; empty where print has nothing.", required=False),
        Column("corrected", "What it should be; empty where it should go.", required=False),
        Column("reason", "How it is known."),
    ),
    key=("place", "field", "printed"),
)

TEXT_CORRECTIONS = Table(
    name="text_corrections",
    title="What is known to be wrong in the print of an edition",
    columns=(
        Column("edition", "Edition of the text."),
        Column("language", "Language of the text.", values=("en", "ru", "fr")),
        Column("place", "Action, or section:11, species:16, state:KGZ."),
        Column("field", "What is corrected.", values=("term", "name", "spelling", "lead")),
        Column("printed", "The words or number in print."),
        Column(
            "corrected",
            "What they should be; of a term, its meaning in English; empty where they should go.",
            required=False,
        ),
        Column("reason", "How it is known, or why it is thought so."),
        Column("source", "Text in which the print was read, and whose the correction is."),
        Column("confidence", "high, medium or low.", values=("high", "medium", "low")),
    ),
    key=("edition", "language", "place", "printed"),
)

PLAN_ACTIONS = Table(
    name="plan_actions",
    title="Actions of any plan, as a person lists them to bring them in",
    columns=(
        Column("action_id", "Number of the action in the plan, as 2.3; of a part, as 2.3.a."),
        Column(
            "parent_id",
            "Action it is a part of, as 2.3 for 2.3.a; empty for an action itself.",
            required=False,
        ),
        Column(
            "section_id",
            "Section it stands in; where left out, what its number has before the first dot.",
            required=False,
        ),
        Column("section_en", "Heading of the section in English.", required=False),
        Column("section_ru", "Heading of the section in Russian.", required=False),
        Column("section_fr", "Heading of the section in French.", required=False),
        Column("printed", "Number as printed, where it is another.", required=False),
        Column("title_en", "Short title in English.", required=False),
        Column("title_ru", "Short title in Russian.", required=False),
        Column("title_fr", "Short title in French.", required=False),
        Column("text", "Official words in the language of the file.", required=False),
        Column("text_en", "Official words in English.", required=False),
        Column("text_ru", "Official words in Russian.", required=False),
        Column("text_fr", "Official words in French.", required=False),
        Column("leads", "Who is responsible, by name or short name.", kind="list", required=False),
        Column(
            "priority",
            "Priority: low, medium or high, or two of them as medium/high.",
            required=False,
        ),
        Column("priority_low", "Lower end of the priority.", required=False, values=_GRADES),
        Column("priority_high", "Upper end of the priority.", required=False, values=_GRADES),
        Column("priority_printed", "The priority as printed.", required=False),
        Column("species", "Species it is about, by short name.", kind="list", required=False,
               values=SPECIES_IDS),
        Column("landscapes", "Landscapes it is about.", kind="list", required=False),
        Column("states", "States it is for, ISO 3166-1 alpha-3.", kind="list", required=False),
        Column("see_also", "Actions of the plan it points to.", kind="list", required=False),
        Column(
            "targets",
            "Treaties, targets and plans it also serves.",
            kind="list",
            required=False,
            values=TREATY_TAGS,
        ),
        Column(
            "would_count",
            "What would show that it was carried out: kinds of evidence, all of them needed, each "
            "as kind, kind:number or kind:number:state.",
            kind="list",
            required=False,
        ),
    ),
    key=("action_id",),
)  # fmt: skip
"""Only `action_id` and one title or text are needed; any other column may be left out."""
