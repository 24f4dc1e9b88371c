"""A reporting form as a workbook: a sheet for each section, cells to fill, lists to choose from."""

import io
from collections.abc import Iterable
from typing import Any

from kulan.errors import MissingExtraError
from kulan.exchange.reporting_forms.cover import write_cover
from kulan.exchange.reporting_forms.layout import (
    COLUMNS,
    HIDDEN_COLUMNS,
    LISTS_SHEET,
    WIDTHS,
    WRITABLE_COLUMNS,
    cell_value,
    sheet_titles,
    subject_shown,
)
from kulan.exchange.reporting_forms.looks import fit_row, on_paper, styles
from kulan.exchange.reporting_forms.offers import Lists, Rules
from kulan.exchange.reporting_forms.seal import seal_of, write_seal
from kulan.exchange.safe_cells import fill_cell
from kulan.exchange.sheets import without_dates
from kulan.programme.reporting import (
    Answer,
    FormSection,
    Question,
    Questionnaire,
    Reporter,
    Slot,
    by_key,
    origin_said,
    slots,
)
from kulan.words import Words

_LETTERS_PT = {
    name: 9.0 if name in {"how", "origin"} else 11.0
    for name in COLUMNS
    if name not in HIDDEN_COLUMNS
}
"""Size of the letters in each column that is read."""


def write_form(
    questionnaire: Questionnaire,
    reporter: Reporter,
    answers: Iterable[Answer],
    words: Words,
    *,
    key: bytes | None = None,
) -> bytes:
    """Write the form of one reporter, with the answers that stand already.

    Parameters
    ----------
    questionnaire, reporter
        What is asked, and of whom.
    answers
        As they stand now, suggestions among them.
    words
        Language of the form.
    key
        Secret of the server that reads the form later; None for a form without a signature.

    Returns
    -------
    bytes
        XLSX; the same for the same answers.

    Raises
    ------
    MissingExtraError
        If openpyxl is not installed.
    TooLargeError
        If an answer is longer than a cell holds.
    """
    try:
        import openpyxl  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(
            'Reporting forms need openpyxl. Type: pip install "kulan[web]"'
        ) from None
    standing = by_key(answers)
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = words.say("Instructions")
    titles = sheet_titles(questionnaire.sections, words.language, cover.title)
    write_cover(cover, questionnaire, reporter, words)
    lists = Lists(book.create_sheet(LISTS_SHEET), words)
    by_section: dict[str, list[Slot]] = {}
    for slot in slots(questionnaire, reporter):
        by_section.setdefault(slot.question.section, []).append(slot)
    for section in questionnaire.sections:
        if asked := by_section.get(section.section_id):
            sheet = book.create_sheet(titles[section.section_id])
            _Sheet(sheet, questionnaire, standing, lists, words).write(section, asked)
    # lists and seal stand last, so that no reader ever comes past them
    book.move_sheet(LISTS_SHEET, len(book.sheetnames))
    write_seal(
        book,
        seal_of(questionnaire, reporter.reporter_id, words.language, tuple(standing.values()), key),
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return without_dates(buffer)


class _Sheet:
    """One section of the form."""

    def __init__(
        self,
        sheet: Any,
        questionnaire: Questionnaire,
        standing: dict[tuple[str, str], Answer],
        lists: Lists,
        words: Words,
    ) -> None:
        self.sheet = sheet
        self.questions = {one.question_id: one for one in questionnaire.questions}
        self.standing = standing
        self.words = words
        self.styles = styles()
        self.rules = Rules(sheet, lists, words)

    def write(self, section: FormSection, asked: list[Slot]) -> None:
        """Write the section's heading, its questions, and protect the sheet."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra

        sheet, names = self.sheet, list(COLUMNS)
        # the column of topics is hidden where there are none
        first = 1 if any(slot.question.heading.en for slot in asked) else 2
        fill_cell(sheet, 2, first, section.title.tell(self.words.language))
        sheet.cell(2, first).font = self.styles["title"]
        fill_cell(sheet, 3, first, section.instructions.tell(self.words.language))
        sheet.cell(3, first).font = self.styles["remark"]
        for column, name in enumerate(names, start=1):
            fill_cell(sheet, 1, column, name)
            heading = COLUMNS[name]
            fill_cell(sheet, 4, column, heading if heading == name else self.words.say(heading))
            self._style(sheet.cell(4, column), "heading")
            letter = get_column_letter(column)
            sheet.column_dimensions[letter].width = WIDTHS[name]
            sheet.column_dimensions[letter].hidden = name in HIDDEN_COLUMNS
        sheet.row_dimensions[1].hidden = True
        self._hide_empty_columns(asked, names)
        topic = ""
        for row, slot in enumerate(asked, start=5):
            shown = slot.question.heading.tell(self.words.language)
            self._row(row, slot, names, shown if shown != topic else "")
            topic = shown
        sheet.freeze_panes = sheet.cell(5, 1)
        sheet.print_title_rows = "4:4"
        on_paper(sheet, landscape=True)
        self._protect()

    def _hide_empty_columns(self, asked: list[Slot], names: list[str]) -> None:
        """Hide the columns that say nothing in this section."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra

        suggested = any(self._suggestion(slot) for slot in asked)
        used = {
            "topic": any(slot.question.heading.en for slot in asked),
            "subject_name": any(slot.subject for slot in asked),
            "confirm": suggested,
            "origin": suggested,
        }
        for name, is_used in used.items():
            if not is_used:
                letter = get_column_letter(names.index(name) + 1)
                self.sheet.column_dimensions[letter].hidden = True

    def _suggestion(self, slot: Slot) -> Answer | None:
        answer = self.standing.get(slot.key)
        return answer if answer is not None and not answer.confirmed else None

    def _row(self, row: int, slot: Slot, names: list[str], topic: str) -> None:
        question, answer = slot.question, self.standing.get(slot.key)
        suggestion = self._suggestion(slot)
        mark = " *" if question.required else ""
        values: dict[str, Any] = {
            "topic": topic,
            "question": question.words.tell(self.words.language) + mark,
            "subject_name": subject_shown(slot, self.words.language),
            "how": self._how(question),
            "answer": cell_value(question, answer, self.words),
            "note": answer.note if answer else "",
            "confirm": "",
            "origin": origin_said(suggestion.origin, self.words.language) if suggestion else "",
            "question_id": question.question_id,
            "subject": slot.subject,
        }
        for column, name in enumerate(names, start=1):
            cell = self.sheet.cell(row, column)
            fill_cell(self.sheet, row, column, values[name])
            style = "topic" if name in {"topic", "question", "subject_name"} else "soft"
            if name in {"answer", "note"} or (name == "confirm" and suggestion):
                style = "suggested" if suggestion and name == "answer" else "open"
            self._style(cell, style)
        fit_row(
            self.sheet,
            row,
            [(str(values[name] or ""), WIDTHS[name], size) for name, size in _LETTERS_PT.items()],
        )
        answer_cell = self.sheet.cell(row, names.index("answer") + 1)
        if question.kind in {"text", "references"}:
            answer_cell.number_format = "@"
        self.rules.answer(question, answer_cell)
        if suggestion:
            self.rules.yes_no(self.sheet.cell(row, names.index("confirm") + 1))

    def _style(self, cell: Any, name: str) -> None:
        style = self.styles[name]
        if not isinstance(style, dict):
            cell.font = style
            return
        for part, value in style.items():
            setattr(cell, part, value)

    def _how(self, question: Question) -> str:
        say, told = self.words.say, self.words.language
        parts = []
        if question.depends_on:
            parts.append(self._only_if(question))
        if question.kind == "choices":
            offered = "; ".join(one.words.tell(told) for one in question.choices)
            parts.append(
                say("One or more, with semicolons between them: {offered}.", offered=offered)
            )
        elif question.kind == "number" and question.unit.en:
            parts.append(say("A number, in: {unit}.", unit=question.unit.tell(told)))
        else:
            parts.append(
                {
                    "text": say("Text."),
                    "choice": say("Choose from the list."),
                    "yes_no": say("Yes or no."),
                    "number": say("A number."),
                    "date": say("A day, such as 2026-05-31."),
                    "references": say("One reference a line."),
                }[question.kind]
            )
        return " ".join(part for part in (*parts, question.help.tell(told)) if part)

    def _only_if(self, question: Question) -> str:
        condition = question.depends_on
        if condition is None:  # pragma: no cover - asked only of those that depend on another
            return ""
        other = self.questions.get(condition.question_id)
        if other is None:
            return ""
        yes_no = {"yes": self.words.say("Yes"), "no": self.words.say("No")}
        named = [
            choice.words.tell(self.words.language)
            if (choice := other.choice(value))
            else yes_no.get(value, value)
            for value in condition.values
        ]
        return self.words.say(
            "Only where “{question}” is answered by: {answers}.",
            question=other.words.tell(self.words.language),
            answers=", ".join(named),
        )

    def _protect(self) -> None:
        from openpyxl.styles import Protection  # noqa: PLC0415 - an extra

        protection = self.sheet.protection
        protection.sheet = True
        # False lets it be done: rows may be sorted, filtered and made as large as reading needs
        protection.sort = protection.autoFilter = False
        protection.formatColumns = protection.formatRows = protection.formatCells = False
        names = list(COLUMNS)
        unlocked = Protection(locked=False)
        for row in range(5, self.sheet.max_row + 1):
            for name in WRITABLE_COLUMNS:
                self.sheet.cell(row, names.index(name) + 1).protection = unlocked
