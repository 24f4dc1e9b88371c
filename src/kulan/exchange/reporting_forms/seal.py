"""The hidden sheet of a form: whose it is, which answers it grew from, and the seal over both."""

import hmac
import json
from dataclasses import dataclass
from typing import Any

from kulan.errors import InvalidFormError
from kulan.exchange.reporting_forms.layout import FORMAT, SEAL_SHEET
from kulan.exchange.safe_cells import fill_cell
from kulan.programme.reporting import (
    Answer,
    Questionnaire,
    answer_as_data,
    answer_from_data,
    questionnaire_hash,
    revision_of,
)
from kulan.provenance import canonical_json

_FIELDS = (
    "format",
    "cycle_id",
    "reporter_id",
    "language",
    "questionnaire",
    "base_revision",
    "signature",
)
_ANSWERS = "answers"
_MOST_ANSWERS = 100_000
# characters of a longer text that one cell is given
_PIECE = 30_000


@dataclass(frozen=True)
class Seal:
    """What the hidden sheet says.

    Attributes
    ----------
    cycle_id, reporter_id
        The cycle and whose form it is.
    language
        Language in which it was written.
    questionnaire
        Hash of the questions it was made from.
    base
        The answers as they stood when it was made.
    signature
        HMAC-SHA256 by the server's key over all this; empty where there was no key.
    """

    cycle_id: str
    reporter_id: str
    language: str
    questionnaire: str
    base: tuple[Answer, ...]
    signature: str = ""

    @property
    def base_revision(self) -> str:
        """Hash of what the answers said."""
        return revision_of(self.base)

    def signed(self, key: bytes) -> str:
        """Return the signature by a key."""
        told = canonical_json(
            [
                FORMAT,
                self.cycle_id,
                self.reporter_id,
                self.language,
                self.questionnaire,
                self.base_revision,
            ]
        )
        return hmac.new(key, told, "sha256").hexdigest()


def seal_of(
    questionnaire: Questionnaire,
    reporter_id: str,
    language: str,
    base: tuple[Answer, ...],
    key: bytes | None,
) -> Seal:
    """Return the seal of a form that is written now."""
    asked = questionnaire_hash(questionnaire)
    plain = Seal(questionnaire.cycle_id, reporter_id, language, asked, base)
    if key is None:
        return plain
    return Seal(
        plain.cycle_id, plain.reporter_id, language, asked, base, signature=plain.signed(key)
    )


def write_seal(book: Any, seal: Seal) -> None:
    """Add the hidden sheet to a workbook."""
    sheet = book.create_sheet(SEAL_SHEET)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    told = {
        "format": FORMAT,
        "cycle_id": seal.cycle_id,
        "reporter_id": seal.reporter_id,
        "language": seal.language,
        "questionnaire": seal.questionnaire,
        "base_revision": seal.base_revision,
        "signature": seal.signature,
    }
    for row, (name, value) in enumerate(told.items(), start=1):
        fill_cell(sheet, row, 1, name)
        fill_cell(sheet, row, 2, value)
    first = len(told) + 1
    fill_cell(sheet, first, 1, _ANSWERS)
    for row, answer in enumerate(sorted(seal.base, key=lambda one: one.key), start=first + 1):
        # ASCII without a low line: whatever a text holds, no program writes or reads it otherwise
        text = json.dumps(answer_as_data(answer), sort_keys=True).replace("_", "\\u005f")
        for column in range(0, len(text), _PIECE):
            fill_cell(sheet, row, 1 + column // _PIECE, text[column : column + _PIECE])


def read_seal(book: Any, name: str) -> Seal:
    """Read the hidden sheet of a workbook.

    Raises
    ------
    InvalidFormError
        If there is none, or it does not hold together.
    """
    if SEAL_SHEET not in book.sheetnames:
        raise InvalidFormError(
            f"{name}: not a reporting form of Kulan; its hidden sheet {SEAL_SHEET!r} is not there. "
            "Take the form from the page of the cycle, and fill that."
        )
    rows = [
        [str(cell) for cell in row if cell is not None]
        for row in book[SEAL_SHEET].iter_rows(max_row=_MOST_ANSWERS, values_only=True)
    ]
    head = {row[0]: row[1] if len(row) > 1 else "" for row in rows[: len(_FIELDS)] if row}
    if head.get("format") != FORMAT:
        raise InvalidFormError(
            f"{name}: a form of format {head.get('format', 'unknown')!r}; this version of Kulan "
            f"reads {FORMAT!r}. Take the form again."
        )
    try:
        base = tuple(
            answer_from_data(json.loads("".join(row))) for row in rows[len(_FIELDS) + 1 :] if row
        )
        seal = Seal(
            cycle_id=head["cycle_id"],
            reporter_id=head["reporter_id"],
            language=head["language"],
            questionnaire=head["questionnaire"],
            base=base,
            signature=head.get("signature", ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise _damaged(name) from problem
    if seal.base_revision != head.get("base_revision"):
        raise _damaged(name)
    return seal


def check_seal(
    seal: Seal, name: str, *, cycle_id: str, reporter_id: str, key: bytes | None
) -> None:
    """Refuse a form that is another cycle's or another reporter's, or whose seal is broken.

    Raises
    ------
    InvalidFormError
        Saying which.
    """
    if seal.cycle_id != cycle_id:
        raise InvalidFormError(
            f"{name}: a form of cycle {seal.cycle_id}, not of {cycle_id}. Take the form of the "
            "open cycle; answers of the earlier one are suggested in it."
        )
    if seal.reporter_id != reporter_id:
        raise InvalidFormError(
            f"{name}: the form of {seal.reporter_id}, not of {reporter_id}. See whether it is the "
            "right file."
        )
    if key is not None and not hmac.compare_digest(seal.signature, seal.signed(key)):
        raise _damaged(name)


def _damaged(name: str) -> InvalidFormError:
    return InvalidFormError(
        f"{name}: the hidden sheet was changed, or the form was made by another server; what it "
        "grew from cannot be told. Take the form again and copy the answers into it."
    )
