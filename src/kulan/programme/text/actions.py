"""Rows made into actions: keys that do not repeat, lettered parts, leads, priorities, pointers."""

import re
from collections import Counter
from dataclasses import replace

from kulan.programme.text.annexes import species_in, states_in
from kulan.programme.text.footnotes import without_footnotes
from kulan.programme.text.hyphens import Hyphens
from kulan.programme.text.imported import (
    Footnote,
    ImportedAction,
    ImportedSection,
    PrintedPriority,
    Unread,
)
from kulan.programme.text.items import Item, items_of
from kulan.programme.text.leads import leads_of
from kulan.programme.text.meanings import meanings_of
from kulan.programme.text.priorities import priority_of
from kulan.programme.text.references import references_of
from kulan.programme.text.rows import ITEM, ROW, Row
from kulan.programme.text.sources import Line
from kulan.programme.text.wording import Wording, plain


def actions_of(
    rows: list[Row], sections: tuple[ImportedSection, ...], words: Wording, hyphens: Hyphens
) -> tuple[tuple[ImportedAction, ...], list[Footnote], list[Unread]]:
    """Make actions of rows, in their order.

    Parameters
    ----------
    rows
        As cut from the text.
    sections
        The sections they stand in.
    words
        The language's words.
    hyphens
        How the text writes its words.
    """
    notes: list[Footnote] = []
    actions: list[ImportedAction] = []
    by_id = {section.section_id: section for section in sections}
    seen: Counter[str] = Counter()
    for row in rows:
        made, found = _action(row, by_id[str(row.section)], seen, words, hyphens)
        notes += found
        actions += made
    known = frozenset({*(one.action_id for one in actions), *by_id})
    contexts = {one.action_id: f"{by_id[one.section_id].title}. {one.text}" for one in actions}
    finished = tuple(
        replace(
            one,
            order=order,
            references=references_of(one.text, words, known),
            meanings=meanings_of(
                one.text, contexts.get(one.parent_id, by_id[one.section_id].title), words.language
            ),
        )
        for order, one in enumerate(actions, start=1)
    )
    unread = [
        Unread(
            row.line,
            plain(row.text[0].text)[:200] if row.text else "",
            f"{row.number}: {row.guessed}",
            "guessed",
        )
        for row in rows
        if row.guessed
    ]
    return finished, notes, unread


def _action(
    row: Row, section: ImportedSection, seen: Counter[str], words: Wording, hyphens: Hyphens
) -> tuple[list[ImportedAction], list[Footnote]]:
    action_id = _key(row, seen)
    own, items = items_of(row.text)
    text, notes = without_footnotes(hyphens.join(own), row.line)
    text = plain(_words_after_number(text))
    priority = priority_of("\n".join(line.text.strip() for line in row.priority), words)
    leads = hyphens.join(row.leads)
    action = ImportedAction(
        action_id=action_id,
        parent_id="",
        section_id=section.section_id,
        order=0,
        printed=row.number,
        text=text,
        verbatim="\n".join(line.text for line in row.text),
        priority=priority,
        leads=leads_of(leads),
        leads_printed="\n".join(line.text for line in row.leads).strip(),
        species=tuple(dict.fromkeys((*section.species, *species_in(text, words.language)))),
        landscapes=(section.landscape,) if section.landscape else (),
        states=tuple(dict.fromkeys((*section.states, *states_in(text, words.language)))),
        line=row.line,
        last_line=row.last_line,
    )
    return [action, *(_part(action, item, words, hyphens) for item in items)], notes


def _key(row: Row, seen: Counter[str]) -> str:
    """Return a row's key: its section's number, its own, and a letter where print repeats it."""
    minor = row.number.rstrip(".").split(".")[1]
    key = f"{row.section}.{minor}"
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}{chr(ord('a') + seen[key] - 1)}"


def _words_after_number(text: str) -> str:
    found = ROW.match(plain(text))
    return found.group(4) if found else text


def _part(action: ImportedAction, item: Item, words: Wording, hyphens: Hyphens) -> ImportedAction:
    text = hyphens.join([_without_mark(item.lines[0], item), *item.lines[1:]])
    above = item.key.rpartition(".")[0]
    graded = dict(action.priority.by_part)
    grade = graded.get(item.key, "")
    return ImportedAction(
        action_id=f"{action.action_id}.{item.key}",
        parent_id=f"{action.action_id}.{above}" if above else action.action_id,
        section_id=action.section_id,
        order=0,
        printed=item.mark,
        text=plain(text),
        verbatim="\n".join(line.text for line in item.lines),
        priority=PrintedPriority(grade, grade, action.priority.printed if grade else ""),
        species=species_in(text, words.language),
        states=states_in(text, words.language),
        line=item.lines[0].number,
        last_line=item.lines[-1].number,
    )


def _without_mark(line: Line, item: Item) -> Line:
    found = ITEM.match(plain(line.text)) if item.mark else None
    return replace(line, text=re.sub(r"^\s+", "", found.group(2))) if found else line
