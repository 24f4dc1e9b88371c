"""A composed document as a Word file (Office Open XML), for those who must go on writing in it.

Texts go in as text and never as markup. Tables are written as XML at once: python-docx looks at
every cell of a table for each that is added.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from kulan.report.document import (
    Block,
    Bullets,
    Callout,
    Column,
    Document,
    FigureMap,
    Heading,
    KeyValues,
    MapRow,
    Paragraph,
    Recipes,
    Section,
    Sources,
    Table,
    printable,
)
from kulan.report.fonts import FOLDER

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BAND, _CAUTION, _HEADLINE = "F3F6F8", "FFF4E0", "E8F1F8"
_FILLS = {"met": _CAUTION, "caution": _CAUTION, "good": "E3F3EC"}
_TEXT_WIDTH = 9700  # twentieths of a point between the margins of A4
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_CHANGED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def set_docx(document: Document) -> bytes:
    """Set a composed document as a Word file; the same for the same document."""
    import docx  # noqa: PLC0415 - start-up stays short for those who want a PDF
    from docx.shared import Cm, Pt  # noqa: PLC0415

    file = docx.Document()
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.9)
    page.top_margin = page.bottom_margin = Cm(1.9)
    file.styles["Normal"].font.name = "Noto Sans"
    file.styles["Normal"].font.size = Pt(10)
    _language(file, document.language)
    file.core_properties.title = printable(f"{document.title}: {document.subtitle}")
    file.core_properties.author = "Kulan"
    file.core_properties.comments = ""
    file.core_properties.language = document.language
    file.add_paragraph(printable(document.title), style="Title")
    file.add_paragraph(printable(document.subtitle), style="Subtitle")
    _footer(page.footer.paragraphs[0], printable(document.made))
    for section in document.sections:
        _section(file, section, 1)
    buffer = io.BytesIO()
    file.save(buffer)
    return _without_dates(buffer)


def _footer(paragraph: Any, made: str) -> None:
    """Write what made the file, and the number of the page, which the word processor fills in."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - see `set_docx`

    paragraph.text = f"{made}\t\t"
    for field in ("PAGE", "NUMPAGES"):
        told = f'<w:fldSimple {_W} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        paragraph._p.append(parse_xml(told))  # noqa: SLF001 - the library has no words for fields
        if field == "PAGE":
            paragraph.add_run(" / ")


def _section(file: Any, section: Section, level: int) -> None:
    file.add_heading(printable(section.title), level=min(level, 4))
    for block in section.blocks:
        _block(file, block, level)
    for inner in section.sections:
        _section(file, inner, level + 1)


def _block(file: Any, block: Block, level: int) -> None:
    if isinstance(block, Heading):
        file.add_heading(printable(block.text), level=min(level + 1, 5))
    elif isinstance(block, Paragraph):
        _paragraph(file, block)
    elif isinstance(block, Bullets | Callout):
        _list(file, block)
    elif isinstance(block, KeyValues):
        rows = [[(label, ""), (cell.text, "")] for label, cell in block.items]
        _table(file, block.caption, (), rows, (Column("", share=1.0), Column("", share=2.0)))
    elif isinstance(block, FigureMap | MapRow):
        for one in block.maps if isinstance(block, MapRow) else (block,):
            _figure(file, one)
    elif isinstance(block, Table):
        _printed_table(file, block)
    elif isinstance(block, Sources):
        for number, work in enumerate(block.works, start=1):
            file.add_paragraph(printable(f"[{number}] {work}"))
    elif isinstance(block, Recipes):
        for entry in block.entries:
            file.add_paragraph(printable(f"R{entry.number} {entry.method} {entry.version}"))


def _paragraph(file: Any, block: Paragraph) -> None:
    from docx.shared import Pt  # noqa: PLC0415 - see `set_docx`

    made = file.add_paragraph(printable(block.text))
    if block.small:
        made.runs[0].font.size = Pt(8.5)


def _list(file: Any, block: Bullets | Callout) -> None:
    lines = block.items if isinstance(block, Bullets) else block.lines
    if block.title:
        file.add_paragraph().add_run(printable(block.title)).bold = True
    for line in lines:
        file.add_paragraph(printable(line), style="List Bullet")


def _figure(file: Any, figure: FigureMap) -> None:
    from docx.shared import Cm  # noqa: PLC0415 - see `set_docx`

    picture = file.add_picture(io.BytesIO(_as_png(figure.svg)), width=Cm(17.0))
    told = printable(f"{figure.title}. {figure.description}")
    picture._inline.docPr.set("descr", told)  # noqa: SLF001 - python-docx has no word for it
    file.add_paragraph(printable(figure.caption), style="Caption")


def _as_png(svg: str) -> bytes:
    """Return a drawing as a picture, which every program that reads Word files shows."""
    import typst  # noqa: PLC0415 - 80 MB that a document without drawings need not load

    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 900pt)'
    )
    made: bytes = typst.compile(  # type: ignore[call-overload]
        source.encode(),
        font_paths=[str(FOLDER)],
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=144,
    )
    return made


def _printed_table(file: Any, block: Table) -> None:
    rows = [
        [
            ("\n".join(part for part in (cell.text, cell.note) if part), _FILLS.get(cell.tone, ""))
            for cell in row.cells
        ]
        for row in block.rows
    ]
    heads = tuple(column.title for column in block.columns)
    _table(file, block.caption, heads, rows, block.columns)
    for note in block.notes:
        _paragraph(file, Paragraph(note, small=True))


def _table(
    file: Any,
    caption: str,
    heads: tuple[str, ...],
    rows: list[list[tuple[str, str]]],
    columns: tuple[Column, ...],
) -> None:
    from docx.oxml import parse_xml  # noqa: PLC0415 - see `set_docx`

    title = file.add_paragraph()
    title.add_run(printable(caption)).bold = True
    title.paragraph_format.keep_with_next = True
    whole = sum(one.share for one in columns)
    widths = [round(_TEXT_WIDTH * one.share / whole) for one in columns]
    xml = "".join(_table_xml(heads, rows, widths, [one.numeric for one in columns]))
    # the last child of the body holds the page's size and must stay last
    file.element.body.insert(len(file.element.body) - 1, parse_xml(xml))
    file.add_paragraph()


def _table_xml(
    heads: tuple[str, ...],
    rows: list[list[tuple[str, str]]],
    widths: list[int],
    numeric: list[bool],
) -> Iterator[str]:
    line = 'w:val="single" w:sz="4" w:space="0" w:color="C9D0D6"'
    yield f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
    for side in ("top", "bottom", "insideH"):
        yield f"<w:{side} {line}/>"
    yield '</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    for width in widths:
        yield f'<w:gridCol w:w="{width}"/>'
    yield "</w:tblGrid>"
    if heads:
        # the row of headings is repeated on every page, and read as headings
        yield "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        for head, width, right in zip(heads, widths, numeric, strict=True):
            yield _cell_xml(head, _BAND, width, bold=True, right=right)
        yield "</w:tr>"
    for row in rows:
        yield "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        for (text, fill), width, right in zip(row, widths, numeric, strict=True):
            yield _cell_xml(text, fill, width, right=right)
        yield "</w:tr>"
    yield "</w:tbl>"


def _cell_xml(text: str, fill: str, width: int, *, bold: bool = False, right: bool = False) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    side = '<w:jc w:val="right"/>' if right else ""
    # headings are long words in narrow columns
    look = '<w:b/><w:sz w:val="15"/>' if bold else '<w:sz w:val="17"/>'
    lines = escape(printable(text)).split("\n")
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="20"/>{side}</w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr>{runs}</w:r></w:p>"
        "</w:tc>"
    )


def _language(file: Any, language: str) -> None:
    """Say which language the text is in, so that it is read and spelt as such."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - see `set_docx`

    code = {"en": "en-GB", "ru": "ru-RU", "fr": "fr-FR"}.get(language, language)
    for one in file.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), code)


def _without_dates(buffer: io.BytesIO) -> bytes:
    """Return the file with no trace of when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _CHANGED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, content)
    return out.getvalue()
