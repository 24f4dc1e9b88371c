"""Word documents as lines: paragraphs and tables in their order, footnotes where they hang."""

import re
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from kulan.errors import InvalidFileError, TooLargeError
from kulan.programme.text.sources import MOST_BYTES, Line

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LIST_STYLE = re.compile(r"list (?:number|bullet|paragraph|continue)?\s*(\d*)")
# a document of text packs about ten to one; what packs far better was made to fill memory
_MOST_UNPACKED = 10 * MOST_BYTES


def lines_of_document(file: IO[bytes], name: str) -> list[Line]:
    """Return the lines of a .docx: each paragraph one, the first of a table's cell marked so.

    Parameters
    ----------
    file
        The document, opened.
    name
        What refusals call it.

    Raises
    ------
    InvalidFileError
        If it is no Word document.
    TooLargeError
        If it unpacks to more than any such text.
    """
    import docx  # noqa: PLC0415 - slow to import, and most texts are plain
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        unpacked = sum(entry.file_size for entry in ZipFile(file).infolist())
        if unpacked > _MOST_UNPACKED:
            raise TooLargeError(f"{name}: unpacks to {unpacked:,} bytes; no programme's text does.")
        file.seek(0)
        document = docx.Document(file)
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError) as problem:
        raise InvalidFileError(
            f"{name}: is packed like a Word document and is none ({problem}). Save it as .docx or "
            "as plain text, and import that."
        ) from problem
    notes = _footnotes(document)
    lines: list[Line] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            _add_table(lines, block, notes)
        else:
            lines.append(Line(len(lines) + 1, _text(block, notes), level=_level(block)))
    return lines


def _add_table(lines: list[Line], table: Any, notes: dict[str, str]) -> None:
    for row in table.rows:
        seen: set[int] = set()
        for cell in row.cells:
            # a merged cell is given once for every column it covers
            if id(cell._tc) in seen:  # noqa: SLF001 - python-docx has no public identity of cells
                continue
            seen.add(id(cell._tc))  # noqa: SLF001
            for place, paragraph in enumerate(cell.paragraphs):
                text, level = _text(paragraph, notes), _level(paragraph)
                lines.append(Line(len(lines) + 1, text, cell=place == 0, level=level))
            for inner in cell.tables:
                _add_table(lines, inner, notes)


def _text(paragraph: Any, notes: dict[str, str]) -> str:
    pieces = []
    for element in paragraph._p.iter():  # noqa: SLF001 - footnotes have no public reader
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif (
            element.tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"}
            and element.getparent().tag == f"{_W}r"
        ):
            pieces.append(" ")
        elif element.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif element.tag == f"{_W}footnoteReference":
            number = element.get(f"{_W}id")
            pieces.append(f"[footnoteRef:{number}] [{number}: {notes.get(number, '')}]")
    return "".join(pieces)


def _level(paragraph: Any) -> int:
    """Return the depth of a paragraph in a numbered or bulleted list, -1 outside lists."""
    properties = paragraph._p.pPr  # noqa: SLF001
    if properties is not None and properties.numPr is not None:
        depth = properties.numPr.ilvl
        return int(depth.val) if depth is not None else 0
    style = paragraph.style.name.lower() if paragraph.style is not None else ""
    found = _LIST_STYLE.fullmatch(style)
    return int(found.group(1) or 1) - 1 if found else -1


def _footnotes(document: Any) -> dict[str, str]:
    from lxml import etree  # noqa: PLC0415 - python-docx brings it

    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            return {
                note.get(f"{_W}id"): "".join(
                    each.text or "" for each in note.iter(f"{_W}t")
                ).strip()
                for note in root.iter(f"{_W}footnote")
            }
    return {}
