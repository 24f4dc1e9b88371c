"""The first sheet of a form: whose it is, by when, and how it is filled."""

from typing import Any

from kulan.exchange.reporting_forms.looks import FONT, INK, fit_row, on_paper
from kulan.exchange.safe_cells import fill_cell
from kulan.programme import state_name
from kulan.programme.reporting import Questionnaire, Reporter
from kulan.words import Words

_WIDTH = 74


def write_cover(sheet: Any, questionnaire: Questionnaire, reporter: Reporter, words: Words) -> None:
    """Fill the sheet with the instructions."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - an extra

    who = reporter.reporter_id.removeprefix("org:")
    if not reporter.is_organisation:
        who = state_name(reporter.reporter_id, words.language)
    lines = [
        (questionnaire.title.tell(words.language), 18, True),
        (who, 14, True),
        (words.say("Reports are due by {day}.", day=words.day(questionnaire.due)), 11, True),
        ("", 11, False),
        (words.say("How to fill this form"), 13, True),
        *((text, 11, False) for text in _steps(words)),
    ]
    sheet.column_dimensions["A"].width = _WIDTH
    for row, (text, size, bold) in enumerate(lines, start=1):
        fill_cell(sheet, row, 1, text)
        cell = sheet.cell(row, 1)
        cell.font = Font(name=FONT, size=size, bold=bold, color=INK)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        fit_row(sheet, row, [(text, _WIDTH, size)])
    sheet.protection.sheet = True
    sheet.sheet_view.showGridLines = False
    on_paper(sheet, landscape=False)


def _steps(words: Words) -> tuple[str, ...]:
    say = words.say
    return (
        say(
            "1. Fill the yellow cells. Every other cell is locked, so that the form can be read "
            "back."
        ),
        say(
            "2. Questions with * need an answer. “How to answer” says what is expected; some cells "
            "offer a list."
        ),
        say(
            "3. Blue cells hold suggestions from the last report or from the register. They count "
            "only when you choose “Yes” beside them or change them."
        ),
        say("4. Leave empty what you cannot answer, and say why in the note."),
        say("5. Write results, not formulas: a cell with a formula is not read."),
        say("6. Rows may be sorted and columns widened. Do not delete rows or sheets."),
        say(
            "7. Save as XLSX and upload the file on the page of the cycle. What somebody else "
            "answered meanwhile is not overwritten: you are shown both."
        ),
    )
