"""Collect the texts that readers see, bring the translations up to date, and compile them.

    python tools/extract_words.py            write kulan.pot, update each kulan.po, compile kulan.mo
    python tools/extract_words.py --check    change nothing; say what is missing or out of date

Texts come from calls of `_`, `say`, `say_count`, `gettext` and `ngettext` in the Python sources and
the templates, and from the columns of tables that are declared with ``words=True``.
"""

import csv
import gettext
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from declared import PACKAGE, ROOT, declared_tables
from kulan.words import LANGUAGES

LOCALE = PACKAGE / "locale"
TEMPLATE = LOCALE / "kulan.pot"
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "say": None,
    "say_count": (1, 2),
    "N_": None,
}
_TEMPLATE_SUFFIXES = (".html", ".jinja", ".j2")
_PLACE = re.compile(r"\{(\w*)[^{}]*\}")
# a date in the header would change the file at each run and say nothing
_DATED = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|'
    r'Report-Msgid-Bugs-To):.*\\n"\n',
    re.MULTILINE,
)
_HEADER = "# Words of Kulan that readers see. Written by tools/extract_words.py (`make words`)."


@dataclass(frozen=True)
class Found:
    """One text, as gettext looks it up (one form, or singular and plural), and where it stands."""

    text: str | tuple[str, str]
    place: str


def found_texts() -> Iterator[Found]:
    """Yield every text that readers see, in a stable order."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from _from_source(path, "python")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in _TEMPLATE_SUFFIXES:
            yield from _from_source(path, "jinja2")
    yield from _from_tables()


def _from_source(path: Path, method: str) -> Iterator[Found]:
    place = path.relative_to(ROOT).as_posix()
    with path.open("rb") as file:
        for _line, text, _comments, _context in extract(
            method, file, keywords=_KEYWORDS, options={"encoding": "utf-8"}
        ):
            if isinstance(text, str):
                yield Found(text, place)
            else:
                one, many = text[:2]
                yield Found((one, many), place)


def _from_tables() -> Iterator[Found]:
    for declared in declared_tables():
        names = [column.name for column in declared.table.columns if column.words]
        if not names:
            continue
        if declared.path is None:
            raise SystemExit(
                f"kulan.{declared.area}.tables.{declared.constant} marks {', '.join(names)} as "
                f"words, and no file src/kulan/{declared.area}/data/{declared.table.name}.csv "
                "holds its rows."
            )
        place = declared.path.relative_to(ROOT).as_posix()
        text = declared.path.read_text(encoding="utf-8-sig")
        for row in csv.DictReader(io.StringIO(text)):
            for name in names:
                if cell := row[name].strip():
                    yield Found(cell, place)


def template() -> Catalog:
    """Return the catalogue of all texts, untranslated."""
    catalog = Catalog(project="kulan", charset="utf-8", fuzzy=False)
    catalog.header_comment = _HEADER
    for found in found_texts():
        catalog.add(found.text, locations=[(found.place, 0)])
    for message in catalog:
        message.flags.discard("python-format")
        message.locations = [
            (place, 0) for place in sorted({place for place, _ in message.locations})
        ]
    return catalog


def as_po(catalog: Catalog) -> str:
    """Return a catalogue as the text of a .po file, without dates and line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False)
    return _DATED.sub("", buffer.getvalue().decode())


def po_path(language: str) -> Path:
    """Return where a language's translations are kept."""
    return LOCALE / language / "LC_MESSAGES" / "kulan.po"


def read_catalog(language: str) -> Catalog:
    """Read a language's translations; an empty catalogue when there are none yet."""
    path = po_path(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, texts: Catalog) -> Catalog:
    """Return a language's catalogue of today's texts, without those that are no longer used."""
    known = read_catalog(language)
    catalog = Catalog(locale=language, project="kulan", charset="utf-8", fuzzy=False)
    catalog.header_comment = _HEADER
    for message in texts:
        if not message.id:
            continue
        old = known.get(message.id)
        flags = {"fuzzy"} if old is not None and old.fuzzy else set()
        catalog.add(message.id, old.string if old else "", locations=message.locations, flags=flags)
    for message in catalog:
        message.flags.discard("python-format")
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as the bytes of a .mo file: the same bytes for the same translations."""
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def problems_of(message: Message) -> Iterator[str]:
    """Yield what is wrong with one translation: missing, fuzzy, or other places to fill."""
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    forms = [form or "" for form in strings]
    if not all(forms):
        yield "is not translated"
        return
    if message.fuzzy:
        yield "is marked fuzzy: read the translation again, then remove the mark"
    sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = set().union(*(places(source) for source in sources))
    for form in forms:
        # one of several plural forms may leave the number out ("one animal")
        left_out = wanted - places(form) - ({"count"} if len(forms) > 1 else set())
        added = places(form) - wanted
        if left_out or added:
            names = ", ".join(sorted("{" + name + "}" for name in left_out | added))
            yield f"has {names} on one side only"


def places(text: str) -> set[str]:
    """Return the names of the places to fill in a text.

    Examples
    --------
    >>> sorted(places("{length} km through {species}"))
    ['length', 'species']
    """
    return set(_PLACE.findall(text))


def problems() -> list[str]:
    """Return everything that keeps the translations from being complete and up to date."""
    texts = template()
    found = []
    if not TEMPLATE.is_file() or TEMPLATE.read_text(encoding="utf-8") != as_po(texts):
        found.append("kulan.pot is not up to date; run `make words`.")
    for language in TRANSLATED:
        path = po_path(language)
        name = path.relative_to(LOCALE).as_posix()
        catalog = updated(language, texts)
        if not path.is_file() or path.read_text(encoding="utf-8") != as_po(catalog):
            found.append(f"{name} is not up to date; run `make words`.")
        for message in catalog:
            if message.id:
                found += [f"{name}: {message.id!r} {problem}." for problem in problems_of(message)]
        if not _same_words(path.with_suffix(".mo"), catalog):
            found.append(f"{name} is not compiled; run `make words`.")
    return found


def _same_words(path: Path, catalog: Catalog) -> bool:
    """Return whether a .mo file says what the catalogue says (its header may differ)."""
    if not path.is_file():
        return False
    stored = gettext.GNUTranslations(io.BytesIO(path.read_bytes()))
    wanted = gettext.GNUTranslations(io.BytesIO(compiled(catalog)))
    return _texts(stored) == _texts(wanted)


def _texts(translations: gettext.GNUTranslations) -> dict[object, str]:
    catalog: dict[object, str] = vars(translations)["_catalog"]
    return {key: text for key, text in catalog.items() if key != ""}


def write() -> None:
    """Write the template, each language's .po and .mo, and say how much is translated."""
    texts = template()
    LOCALE.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(as_po(texts), encoding="utf-8")
    for language in TRANSLATED:
        catalog = updated(language, texts)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_po(catalog), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        messages = [message for message in catalog if message.id]
        missing = sum(1 for message in messages if any(problems_of(message)))
        print(f"{language}: {len(messages)} texts, {missing} to translate or mend")


def main() -> int:
    """Write or check, and return the exit code."""
    if "--check" not in sys.argv[1:]:
        write()
        return 0
    found = problems()
    for problem in found[:40]:
        print(problem)
    if len(found) > 40:
        print(f"and {len(found) - 40} more")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
