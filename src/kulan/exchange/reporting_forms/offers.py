"""Lists to choose from, and what a spreadsheet lets into a cell."""

from typing import Any

from kulan.exchange.reporting_forms.layout import LISTS_SHEET
from kulan.exchange.safe_cells import fill_cell
from kulan.programme.reporting import Choice, Question
from kulan.words import Words


class Lists:
    """The hidden sheet of lists to choose from: one column for each list."""

    def __init__(self, sheet: Any, words: Words) -> None:
        self.sheet = sheet
        self.words = words
        self.places: dict[tuple[str, ...], str] = {}
        sheet.sheet_state = "hidden"
        sheet.protection.sheet = True

    def place(self, texts: tuple[str, ...]) -> str:
        """Return where a list stands, as a formula names it; a new one is written."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra

        if texts not in self.places:
            column = len(self.places) + 1
            for row, text in enumerate(texts, start=1):
                fill_cell(self.sheet, row, column, text)
            letter = get_column_letter(column)
            self.places[texts] = f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(texts)}"
        return self.places[texts]

    def of_choices(self, choices: tuple[Choice, ...]) -> str:
        """Return where the words of choices stand."""
        return self.place(tuple(one.words.tell(self.words.language) for one in choices))

    def yes_no(self) -> str:
        """Return where yes and no stand."""
        return self.place((self.words.say("Yes"), self.words.say("No")))


class Rules:
    """What the spreadsheet lets into the cells of one sheet."""

    def __init__(self, sheet: Any, lists: Lists, words: Words) -> None:
        self.sheet = sheet
        self.lists = lists
        self.words = words
        self.made: dict[str, Any] = {}

    def answer(self, question: Question, cell: Any) -> None:
        """Offer a list, or have refused what is no number and no day."""
        if question.kind == "choice":
            self._add(f"list:{self.lists.of_choices(question.choices)}", cell)
        elif question.kind == "number":
            self._add(f"number:{question.at_least}:{question.at_most}", cell)
        elif question.kind in {"yes_no", "date"}:
            self._add(question.kind, cell)

    def yes_no(self, cell: Any) -> None:
        """Offer yes and no."""
        self._add("yes_no", cell)

    def _add(self, rule: str, cell: Any) -> None:
        if rule not in self.made:
            self.made[rule] = self._new(rule)
            self.sheet.add_data_validation(self.made[rule])
        self.made[rule].add(cell)

    def _new(self, rule: str) -> Any:
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - an extra

        say = self.words.say
        kind, _, rest = rule.partition(":")
        if kind in {"list", "yes_no"}:
            made = DataValidation(type="list", formula1=rest or self.lists.yes_no())
            made.error = say("Choose one of the answers offered.")
        elif kind == "number":
            low, high = rest.split(":")
            made = DataValidation(type="decimal", operator="between")
            made.formula1 = "-1E+15" if low == "None" else low
            made.formula2 = "1E+15" if high == "None" else high
            made.error = say("Write a number; remarks belong into the note.")
        else:
            made = DataValidation(type="date", operator="greaterThan", formula1="1")
            made.error = say("Write a day, such as 2026-05-31.")
            # a day that was typed as text is understood too: warn, and let it be
            made.errorStyle = "warning"
        made.allow_blank = True
        made.errorTitle = say("Answer")
        made.showErrorMessage = True
        return made
