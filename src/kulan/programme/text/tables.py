"""Tables of imported texts, declared: the actions as read, and corrections known beforehand."""

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
