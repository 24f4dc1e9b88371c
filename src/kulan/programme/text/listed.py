"""The actions of any plan, listed by a person in a CSV file: `tables.PLAN_ACTIONS`.

A single-species plan, the work programme of a memorandum or the plan of a landscape comes in this
way where its text is not laid out as a programme of work.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kulan.errors import InvalidFileError, InvalidTableError, KulanError, TooLargeError
from kulan.programme.actions import matched_leads, unknown_leads
from kulan.programme.evidence.written import requirement_written
from kulan.programme.states import range_states
from kulan.programme.text.tables import PLAN_ACTIONS
from kulan.schemas import Table, read_table
from kulan.words import LANGUAGES

MOST_BYTES = 5_000_000
MOST_ACTIONS = 3_000
_MOST_WORDS = 20_000
_GRADES = ("low", "medium", "high")
# as an address and the columns of a register can hold it
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,39}")
_SECTION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,19}")


@dataclass(frozen=True)
class ListedAction:
    """An action as a file lists it; leads are short names where they are known.

    Attributes
    ----------
    titles, texts
        By language.
    would_count
        What would show that it was carried out, as written.
    unknown_leads
        Leads that stay as printed, since no actor is known by that name.
    """

    action_id: str
    parent_id: str
    section_id: str
    printed: str
    priority_low: str
    priority_high: str
    priority_printed: str
    leads: tuple[str, ...]
    leads_printed: str
    species: tuple[str, ...]
    landscapes: tuple[str, ...]
    states: tuple[str, ...]
    see_also: tuple[str, ...]
    targets: tuple[str, ...]
    would_count: tuple[str, ...]
    unknown_leads: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict, hash=False)
    texts: dict[str, str] = field(default_factory=dict, hash=False)

    def words_in(self, language: str) -> str:
        """Return the official words in a language; its title there, where there are none."""
        return self.texts.get(language) or self.titles.get(language, "")


@dataclass(frozen=True)
class ListedPlan:
    """A plan as a file lists it.

    Attributes
    ----------
    edition_id
        Edition it is to be.
    languages
        Languages in which it has titles or words.
    sections
        Number to headings by language, in the order of the file.
    losses
        What of the file is not taken, one line each.
    """

    edition_id: str
    source_name: str
    sha256: str
    languages: tuple[str, ...]
    sections: dict[str, dict[str, str]]
    actions: tuple[ListedAction, ...]
    losses: tuple[str, ...]

    @property
    def rows(self) -> tuple[ListedAction, ...]:
        """The actions without their parts."""
        return tuple(one for one in self.actions if not one.parent_id)


@dataclass(frozen=True)
class _Sheet:
    """Text at hand, as `read_table` reads a file."""

    name: str
    content: str

    def read_text(self, encoding: str) -> str:  # noqa: ARG002  it has been decoded
        return self.content


def read_listed(path: Path, *, edition_id: str, language: str = "en") -> ListedPlan:
    """Read the actions of a plan from a CSV file.

    Parameters
    ----------
    path
        The file, in UTF-8, its columns parted by commas or semicolons; see `tables.PLAN_ACTIONS`.
    edition_id
        Edition it is.
    language
        Language of its column ``text``.

    Raises
    ------
    InvalidFileError
        If it cannot be read, or has neither titles nor words.
    InvalidTableError
        If a column is missing or a cell is not what its column holds.
    TooLargeError
        If it is larger than any plan.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise InvalidFileError(
            f"{path}: cannot be read ({problem.strerror or problem}). Name a CSV file."
        ) from problem
    return listed_of(content, path.name, edition_id=edition_id, language=language)


def listed_of(content: bytes, name: str, *, edition_id: str, language: str = "en") -> ListedPlan:
    """Do the same for bytes at hand; `name` is told in refusals.

    Raises
    ------
    InvalidFileError, InvalidTableError, TooLargeError
        As `read_listed` does.
    """
    heading, rows = _rows(content, name)
    _check_columns(heading, name)
    actions = tuple(_action(row, line, language) for line, row in enumerate(rows, start=2))
    _check_parents(actions)
    languages = tuple(one for one in LANGUAGES if any(each.words_in(one) for each in actions))
    strange = [column for column in heading if column not in PLAN_ACTIONS.column_names]
    losses = [f"column {column!r} is none of a plan's: not taken" for column in strange]
    unknown = dict.fromkeys(lead for one in actions for lead in one.unknown_leads)
    losses += [f"{lead}: no actor is known by that name; it stays as printed" for lead in unknown]
    return ListedPlan(
        edition_id=edition_id,
        source_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        languages=languages,
        sections=_sections(rows),
        actions=actions,
        losses=tuple(losses),
    )


def _rows(content: bytes, name: str) -> tuple[list[str], list[dict[str, Any]]]:
    if len(content) > MOST_BYTES:
        raise TooLargeError(
            f"{name}: {len(content):,} bytes; a plan's list of actions has less than "
            f"{MOST_BYTES:,}. Give one plan alone."
        )
    try:
        text = content.decode("utf-8-sig")
        first = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
        delimiter = ";" if ";" in first and "," not in first else ","
        sheet = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise InvalidFileError(
            f"{name}: cannot be read as a CSV file in UTF-8 ({problem}). Save it so."
        ) from problem
    sheet = [row for row in sheet if any(cell.strip() for cell in row)]
    if len(sheet) < 2:
        raise InvalidFileError(f"{name}: holds no row below its heading. List one action a row.")
    if len(sheet) > MOST_ACTIONS:
        raise TooLargeError(
            f"{name}: {len(sheet):,} rows; a plan has less than {MOST_ACTIONS:,} actions."
        )
    heading = [cell.strip().casefold() for cell in sheet[0]]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([heading, *sheet[1:]])
    present = tuple(one for one in PLAN_ACTIONS.columns if one.name in heading)
    table = Table(PLAN_ACTIONS.name, PLAN_ACTIONS.title, present, ("action_id",))
    if "action_id" not in heading:
        raise InvalidTableError(
            f"{name}: no column 'action_id'; found {', '.join(map(repr, heading))}. Its first line "
            "names the columns."
        )
    frame = read_table(_Sheet(name, buffer.getvalue()), table)  # type: ignore[arg-type]
    rows = [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]
    return heading, rows


def _check_columns(heading: list[str], name: str) -> None:
    twice = sorted({one for one in heading if one and heading.count(one) > 1})
    if twice:
        raise InvalidTableError(f"{name}: two columns are named {', '.join(map(repr, twice))}.")
    if not any(one.startswith(("title_", "text")) for one in heading):
        raise InvalidTableError(
            f"{name}: no title and no text of the actions. Add a column title_en, title_ru, "
            "title_fr or text."
        )


def _action(row: dict[str, Any], line: int, language: str) -> ListedAction:
    def cell(column: str) -> str:
        return str(row.get(column) or "")

    texts = {code: cell(f"text_{code}") for code in LANGUAGES}
    texts[language] = texts[language] or cell("text")
    titles = {code: cell(f"title_{code}") for code in LANGUAGES}
    if not any((*texts.values(), *titles.values())):
        raise InvalidTableError(f"Line {line} has neither a title nor a text.")
    _check_lengths((*texts.values(), *titles.values()), line)
    action_id = cell("action_id")
    section_id = cell("section_id") or action_id.partition(".")[0]
    for what, number, allowed in (
        ("action_id", action_id, _NUMBER),
        ("section_id", section_id, _SECTION),
    ):
        if not allowed.fullmatch(number):
            raise InvalidTableError(
                f"Line {line}: {what} is {number!r}; write Latin letters, digits, dots and "
                "hyphens, such as 2.3 or 2.3.a."
            )
    low, high = _priority(row, line)
    leads = tuple(row.get("leads") or ())
    return ListedAction(
        action_id=action_id,
        parent_id=cell("parent_id"),
        section_id=section_id,
        printed=(cell("printed") or action_id)[:40],
        priority_low=low,
        priority_high=high,
        priority_printed=cell("priority_printed") or cell("priority"),
        leads=matched_leads(leads),
        leads_printed=", ".join(leads),
        species=tuple(row.get("species") or ()),
        landscapes=tuple(row.get("landscapes") or ()),
        states=_states(row.get("states") or (), line),
        see_also=tuple(row.get("see_also") or ()),
        targets=tuple(row.get("targets") or ()),
        would_count=_would_count(row.get("would_count") or (), line),
        unknown_leads=unknown_leads(leads),
        titles={code: title for code, title in titles.items() if title},
        texts={code: text for code, text in texts.items() if text},
    )


def _check_lengths(words: Iterable[str], line: int) -> None:
    if any(len(one) > _MOST_WORDS for one in words):
        raise TooLargeError(
            f"Line {line} has more than {_MOST_WORDS:,} letters in a cell; list one action a row."
        )


def _priority(row: dict[str, Any], line: int) -> tuple[str, str]:
    ends = [one.strip().casefold() for one in str(row.get("priority") or "").split("/")]
    ends = [one for one in ends if one]
    if len(ends) > 2 or any(one not in _GRADES for one in ends):
        raise InvalidTableError(
            f"Line {line}: the priority is {row.get('priority')!r}; write low, medium, high, or "
            "two of them as medium/high."
        )
    ends = ends or [str(row.get(one) or "") for one in ("priority_low", "priority_high")]
    ends = sorted((one for one in ends if one), key=_GRADES.index)
    return (ends[0], ends[-1]) if ends else ("", "")


def _states(named: Iterable[str], line: int) -> tuple[str, ...]:
    known = set(range_states()["iso3"])
    found = tuple(one.upper() for one in named)
    if strange := [one for one in found if one not in known]:
        raise InvalidTableError(
            f"Line {line}: no range state {', '.join(strange)}; Kulan knows "
            f"{', '.join(sorted(known))}."
        )
    return found


def _would_count(named: Iterable[str], line: int) -> tuple[str, ...]:
    found = tuple(named)
    for one in found:
        try:
            requirement_written(one)
        except KulanError as problem:
            raise InvalidTableError(f"Line {line}, would_count: {problem}") from problem
    return found


def _check_parents(actions: tuple[ListedAction, ...]) -> None:
    """Refuse a part whose number does not say what it is a part of.

    Evidence is read by numbers: what is named for 1.2.a is of 1.2 too.
    """
    known = {one.action_id for one in actions}
    for one in actions:
        whole = _listed_whole(one.action_id, known)
        if one.parent_id == whole:
            continue
        if one.parent_id and one.parent_id not in known:
            raise InvalidTableError(
                f"Action {one.action_id} is a part of {one.parent_id}, which the file does not "
                "list."
            )
        if whole:
            raise InvalidTableError(
                f"Action {one.action_id}: parent_id is {one.parent_id!r}, but by its number it is "
                f"a part of {whole}. Write {whole}, or give it a number of its own."
            )
        raise InvalidTableError(
            f"Action {one.action_id} is a part of {one.parent_id}, but its number does not begin "
            f"with {one.parent_id}. (as {one.parent_id}.a does). Number it so, or leave parent_id "
            "empty."
        )


def _listed_whole(action_id: str, known: set[str]) -> str:
    """Return the longest beginning of a number that is itself listed; empty where none is."""
    whole = action_id.rpartition(".")[0]
    while whole and whole not in known:
        whole = whole.rpartition(".")[0]
    return whole


def _sections(rows: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        number = str(row.get("section_id") or "") or str(row["action_id"]).partition(".")[0]
        titles = found.setdefault(number, {})
        for code in LANGUAGES:
            if title := str(row.get(f"section_{code}") or ""):
                titles.setdefault(code, title)
    return found
