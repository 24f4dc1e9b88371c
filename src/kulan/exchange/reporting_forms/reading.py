"""Reading a form back: what was answered, and everything that could not be understood."""

import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kulan.errors import InvalidAnswerError, InvalidFormError, MissingExtraError, TooLargeError
from kulan.exchange.plain_text import writable
from kulan.exchange.reporting_forms.layout import (
    LISTS_SHEET,
    MOST_COLUMNS,
    MOST_ROWS,
    SEAL_SHEET,
    cell_value,
)
from kulan.exchange.reporting_forms.seal import Seal, check_seal, read_seal
from kulan.exchange.sheets import read_text
from kulan.programme.reporting import (
    Answer,
    Question,
    Questionnaire,
    by_key,
    is_blank,
    problems,
    questionnaire_hash,
    typed_value,
)
from kulan.programme.reporting.typed_values import typed_text
from kulan.words import Words, words_in

_LARGEST_FILE = 32 << 20
_LARGEST_UNPACKED = 256 << 20
_NEEDED = ("answer", "note", "question_id", "subject")
_HEAD_ROWS = 60
_LONGEST_TOLD = 200


@dataclass(frozen=True)
class NotUnderstood:
    """Something of the form that was not taken over.

    Attributes
    ----------
    sheet, row
        Where it stands; row 0 for a whole sheet or form.
    question_id, subject
        The question it answers, where that is known.
    typed
        What stands there.
    reason
        Why it was not taken, in the reader's language.
    """

    sheet: str
    row: int
    question_id: str
    subject: str
    typed: str
    reason: str


@dataclass(frozen=True)
class FormReading:
    """A form that was read.

    Attributes
    ----------
    cycle_id, reporter_id, language
        Whose form it is, and the language it was made in.
    base
        Answers as they stood when the form was made.
    answers
        Answers of the form: those of `base` with what was changed. Give both to
        `kulan.programme.reporting.merge`.
    changed
        Questions and subjects whose answer differs from that of `base`.
    not_understood
        What was not taken over; those answers stand as in `base`.
    is_older_questionnaire
        Whether the questions were changed since the form was made.
    """

    cycle_id: str
    reporter_id: str
    language: str
    base: tuple[Answer, ...]
    answers: tuple[Answer, ...]
    changed: tuple[tuple[str, str], ...]
    not_understood: tuple[NotUnderstood, ...]
    is_older_questionnaire: bool


def read_form(
    content: bytes,
    questionnaire: Questionnaire,
    reporter_id: str,
    words: Words,
    *,
    by: str = "",
    at: datetime | None = None,
    key: bytes | None = None,
    name: str = "form",
) -> FormReading:
    """Read a form that was filled in a spreadsheet program.

    Sorted rows, moved columns, pasted formats and files saved by other programs are understood.
    A cell whose content is what was written into it is unchanged, however it reads.

    Parameters
    ----------
    content
        The file.
    questionnaire, reporter_id
        Cycle and reporter whose form is expected.
    words
        Language in which is said what was not understood.
    by, at
        Who brings the form, and when: written to answers that changed.
    key
        Secret the form was signed with; None to read forms without a signature.
    name
        Name of the file, for messages.

    Raises
    ------
    InvalidFormError
        If it is no form, another cycle's or reporter's, or its hidden sheet was changed.
    TooLargeError
        If the file is larger than a form can be.
    MissingExtraError
        If openpyxl is not installed.
    """
    book = _opened(content, name)
    seal = read_seal(book, name)
    check_seal(seal, name, cycle_id=questionnaire.cycle_id, reporter_id=reporter_id, key=key)
    rows = _Rows(words)
    for sheet in book.worksheets:
        if sheet.title not in {SEAL_SHEET, LISTS_SHEET}:
            rows.read(sheet)
    given = _Given(questionnaire, seal, words, rows.not_understood)
    for found in rows.unique():
        given.take(found)
    base = by_key(seal.base)
    changed = tuple(
        answer_key
        for answer_key in sorted(given.answers)
        if _fields(given.answers[answer_key]) != _fields(base.get(answer_key, Answer(*answer_key)))
    )
    answers = dict(base)
    for answer_key in changed:
        one = given.answers[answer_key]
        answers[answer_key] = replace(one, by=by, at=at, revision=one.revision + 1)
    return FormReading(
        cycle_id=seal.cycle_id,
        reporter_id=seal.reporter_id,
        language=seal.language,
        base=seal.base,
        answers=tuple(answers[answer_key] for answer_key in sorted(answers)),
        changed=changed,
        not_understood=tuple(rows.not_understood),
        is_older_questionnaire=seal.questionnaire != questionnaire_hash(questionnaire),
    )


def _fields(answer: Answer) -> tuple[Any, ...]:
    return (
        None if is_blank(answer.value) else answer.value,
        answer.note,
        answer.confirmed or is_blank(answer.value),
    )


def _opened(content: bytes, name: str) -> Any:
    try:
        import openpyxl  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(
            'Reporting forms need openpyxl. Type: pip install "kulan[web]"'
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if len(content) > _LARGEST_FILE or unpacked > _LARGEST_UNPACKED:
                raise TooLargeError(
                    f"{name}: {len(content) >> 20} MB, {unpacked >> 20} MB unpacked; a form has "
                    "less. Take out pictures, or take the form again."
                )
        # not data_only: a formula must be seen as one
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except TooLargeError:
        raise
    except Exception as problem:
        # openpyxl lets through whatever its parts stumble over: KeyError, ValueError, ParseError
        raise InvalidFormError(
            f"{name}: not a workbook that can be read ({type(problem).__name__}). Save it as XLSX "
            "(Excel 2007 or later) and bring it again."
        ) from problem


@dataclass(frozen=True)
class _Row:
    sheet: str
    row: int
    question_id: str
    subject: str
    answer: Any
    note: Any
    confirm: Any


class _Formula(str):
    """A cell that holds a formula, or an error of one."""

    __slots__ = ()


class _Rows:
    """The rows of all sheets that say which question they answer."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.found: list[_Row] = []
        self.not_understood: list[NotUnderstood] = []

    def read(self, sheet: Any) -> None:
        """Read a sheet, wherever its columns and rows were moved."""
        columns: dict[str, int] = {}
        content = ""
        for number, cells in enumerate(_cells(sheet), start=1):
            if not columns:
                columns = _columns(cells)
                content = content or next((typed_text(one) for one in cells if one), "")
                if columns or number < _HEAD_ROWS:
                    continue
                break
            self._row(sheet.title, number, cells, columns)
        if not columns and content and sheet.sheet_state == "visible" and not _is_cover(sheet):
            reason = self.words.say("This sheet is no part of the form.")
            self._leave(sheet.title, 0, "", "", content, reason)

    def _row(self, title: str, number: int, cells: list[Any], columns: dict[str, int]) -> None:
        def cell(name: str) -> Any:
            place = columns.get(name, MOST_COLUMNS)
            return cells[place] if place < len(cells) else None

        question_id, subject = typed_text(cell("question_id")), typed_text(cell("subject"))
        if question_id == "question_id":
            return
        if question_id:
            parts = (cell("answer"), cell("note"), cell("confirm"))
            self.found.append(_Row(title, number, question_id, subject, *parts))
            return
        if typed := typed_text(cell("answer")) or typed_text(cell("note")):
            reason = self.words.say("This row does not say which question it answers.")
            self._leave(title, number, "", "", typed, reason)

    def unique(self) -> Iterator[_Row]:
        """Yield the rows, one for each question and subject; of rows that differ, none."""
        groups: dict[tuple[str, str], list[_Row]] = {}
        for one in self.found:
            groups.setdefault((one.question_id, one.subject), []).append(one)
        for group in groups.values():
            first = group[0]
            said = {(typed_text(one.answer), typed_text(one.note)) for one in group}
            if len(said) == 1:
                yield first
                continue
            reason = self.words.say("The question is answered in several rows, in different ways.")
            for one in group:
                self._leave(
                    one.sheet,
                    one.row,
                    one.question_id,
                    one.subject,
                    typed_text(one.answer),
                    reason,
                )

    def _leave(self, *told: Any) -> None:
        sheet, row, question_id, subject, typed, reason = told
        self.not_understood.append(
            NotUnderstood(sheet, row, question_id, subject, typed[:_LONGEST_TOLD], reason)
        )


def _cells(sheet: Any) -> Iterator[list[Any]]:
    """Yield the cells of each row as values, formulas marked as such."""
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        yield [_content(cell) for cell in row]


def _content(cell: Any) -> Any:
    if cell.data_type in {"f", "e"}:
        return _Formula(cell.value)
    return read_text(cell.value) if isinstance(cell.value, str) else cell.value


def _columns(cells: list[Any]) -> dict[str, int]:
    """Return where the columns stand, if this is the row that names them."""
    names = {text: place for place, one in enumerate(cells) if (text := typed_text(one))}
    return names if all(name in names for name in _NEEDED) else {}


def _is_cover(sheet: Any) -> bool:
    covers = {words_in(language).say("Instructions") for language in ("en", "ru", "fr")}
    return sheet.title in covers


class _Given:
    """The answers of a form, grown from those it was made with."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        seal: Seal,
        words: Words,
        not_understood: list[NotUnderstood],
    ) -> None:
        self.questions: Mapping[str, Question] = {
            one.question_id: one for one in questionnaire.questions
        }
        self.base = by_key(seal.base)
        self.written_in = words_in(seal.language)
        self.words = words
        self.not_understood = not_understood
        self.answers: dict[tuple[str, str], Answer] = {}

    def take(self, row: _Row) -> None:
        """Take over one row, or note why not."""
        question = self.questions.get(row.question_id)
        if question is None:
            if typed_text(row.answer):
                self._leave(row, row.answer, self.words.say("The cycle does not ask this."))
            return
        answer_key = (row.question_id, row.subject)
        before = self.base.get(answer_key, Answer(*answer_key, revision=0))
        made = self._with_value(row, question, before)
        made = self._with_note(row, made)
        if made != before:
            found = problems(question, made, self.words)
            if found:
                self._leave(row, row.answer, " ".join(found))
                return
        self.answers[answer_key] = made

    def _with_value(self, row: _Row, question: Question, before: Answer) -> Answer:
        shown = cell_value(question, before, self.written_in)
        if _unchanged(shown, row.answer):
            return self._judged(row, question, before)
        if isinstance(row.answer, _Formula):
            reason = self.words.say("A formula or its error is not taken: write the result.")
            self._leave(row, row.answer, reason)
            return before
        try:
            value = typed_value(question, row.answer, self.words)
        except InvalidAnswerError as problem:
            self._leave(row, row.answer, str(problem))
            return before
        return replace(before, value=value, confirmed=True)

    def _judged(self, row: _Row, question: Question, before: Answer) -> Answer:
        """Return a suggestion as confirmed or dropped, if the form says so."""
        if before.confirmed or not typed_text(row.confirm):
            return before
        asked = replace(question, kind="yes_no")
        try:
            judged = typed_value(asked, row.confirm, self.words)
        except InvalidAnswerError as problem:
            self._leave(row, row.confirm, str(problem))
            return before
        return replace(before, confirmed=True, value=before.value if judged else None)

    def _with_note(self, row: _Row, answer: Answer) -> Answer:
        if isinstance(row.note, _Formula):
            reason = self.words.say("A formula or its error is not taken: write the result.")
            self._leave(row, row.note, reason)
            return answer
        if _unchanged(answer.note or None, row.note):
            return answer
        return replace(answer, note=typed_text(row.note))

    def _leave(self, row: _Row, typed: Any, reason: str) -> None:
        told = typed_text(typed)[:_LONGEST_TOLD]
        self.not_understood.append(
            NotUnderstood(row.sheet, row.row, row.question_id, row.subject, told, reason)
        )


def _unchanged(shown: str | float | None, found: Any) -> bool:
    """Whether a cell holds what was written into it."""
    if isinstance(found, _Formula):
        return False
    if isinstance(shown, int | float) and isinstance(found, int | float):
        # some programs keep fifteen digits
        return math.isclose(shown, found, rel_tol=1e-14)
    return _bare(shown) == _bare(found)


def _bare(content: Any) -> str:
    return typed_text(writable(read_text(typed_text(content))))
