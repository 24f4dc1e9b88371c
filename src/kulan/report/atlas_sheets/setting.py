"""A sheet set as a tagged PDF (PDF/UA-1) by Typst: map, legend, sources, terms.

Texts travel to the template as JSON; none ever becomes Typst markup. What does not fit on the first
page goes on overleaf.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any

from kulan.errors import UnknownNameError
from kulan.report.atlas_sheets.content import MapSheet
from kulan.report.atlas_sheets.furniture import (
    told_of_north,
    told_of_projection,
    told_of_scale,
)
from kulan.report.atlas_sheets.layers import DrawnClass
from kulan.report.atlas_sheets.marks import sample
from kulan.report.atlas_sheets.picture import (
    SheetPicture,
    draw_picture,
    map_size_px,
    told_of_picture,
)
from kulan.report.atlas_sheets.views import make_view
from kulan.report.connectivity.lettering import shortened, wrapped
from kulan.report.document import printable
from kulan.report.fonts import FAMILIES, FOLDER, STAND_IN, uncovered, with_stand_ins
from kulan.report.reader import Reader
from kulan.words import Words

PAGES_PT = {"A4": (595.28, 841.89), "A3": (841.89, 1190.55)}
ORIENTATIONS = ("portrait", "landscape")
_TEMPLATE = files("kulan.report") / "templates" / "atlas_sheet.typ"
_MARGIN_PT, _BOTTOM_PT = 34.0, 42.0
_GAP_PT = 8.0
_TITLE_PT, _SUBTITLE_PT, _FOOT_PT = 16.0, 9.5, 7.0
_LINE = 1.45
"""Distance of two lines, in sizes of their letters; a little generous."""
_ENTRY_PT, _HEADING_PT = 12.5, 17.0
_LETTERS_IN_LINE = 46
_MOST_TITLE_LINES, _MOST_SUBTITLE_LINES = 2, 2
_PX = 0.75
"""Points in a pixel."""
_BOLD = 0.88
"""Width of plain letters as a part of that of bold ones; a little small."""


@dataclass(frozen=True)
class _Page:
    """The first page's measures, points."""

    width: float
    height: float
    columns: int
    legend_width: float

    @property
    def is_wide(self) -> bool:
        return self.columns == 1


def set_sheet(sheet: MapSheet, words: Words) -> bytes:
    """Set a view of the Atlas as a printed sheet.

    Characters that the fonts lack are shown by a stand-in, and the sheet says which.

    Parameters
    ----------
    sheet
        What is on it.
    words
        The reader's language.

    Returns
    -------
    bytes
        PDF 1.7, PDF/UA-1; the same for the same sheet, since its date is the sheet's.

    Raises
    ------
    UnknownNameError
        If the page is not A4 or A3, or the orientation not portrait or landscape.
    InvalidGeometryError
        If the bounds hold nothing.
    InvalidTableError
        If a layer names a column its features lack.
    """
    import typst  # noqa: PLC0415 - 80 MB that a map without PDF need not load

    reader = Reader(words)
    data = _printable(_composed(sheet, reader))
    text = json.dumps(data, ensure_ascii=False)
    if missing := uncovered(text):
        points = ", ".join(f"U+{ord(character):04X}" for character in missing)
        data["tofu"] = reader.say(
            "The sheet's fonts lack {characters}; {mark} stands for them.",
            characters=points,
            mark=STAND_IN,
        )
        text = with_stand_ins(json.dumps(data, ensure_ascii=False), missing)
    made: bytes = typst.compile(  # type: ignore[misc]
        _TEMPLATE.read_bytes(),
        font_paths=[str(FOLDER)],
        ignore_system_fonts=True,
        sys_inputs={"sheet": text},
        pdf_standards=["ua-1"],
        timestamp=int(datetime.combine(sheet.made_on, time.min, tzinfo=UTC).timestamp()),
    )
    return made


def _composed(sheet: MapSheet, reader: Reader) -> dict[str, Any]:
    """Return everything the template needs, as plain values."""
    page = _page(sheet)
    title = shortened(sheet.title, page.width / 72 * _BOLD, _TITLE_PT, lines=_MOST_TITLE_LINES)
    subtitle = shortened(sheet.subtitle, page.width / 72, _SUBTITLE_PT, lines=_MOST_SUBTITLE_LINES)
    disclaimer = sheet.disclaimer or _disclaimer(reader)
    made = [reader.say("Made on {date} with Kulan.", date=reader.words.day(sheet.made_on))]
    if sheet.permalink:
        made.append(reader.say("This view: {address}", address=sheet.permalink))
    # the longest the lines on projection and scale can be is known only with the map
    foot = [*made, disclaimer, "M" * 130]
    head_pt = _high(title, _TITLE_PT) + _high(subtitle, _SUBTITLE_PT) + _GAP_PT
    foot_pt = sum(_high(wrapped(line, page.width / 72, _FOOT_PT), _FOOT_PT) + 2 for line in foot)
    room = page.height - head_pt - foot_pt - 2 * _GAP_PT
    wide = page.width - (page.legend_width + _GAP_PT if page.is_wide else 0.0)
    high = room if page.is_wide else room - _legend_room(sheet, page, room)
    view = make_view(sheet.bounds, *map_size_px(wide / _PX, high / _PX))
    picture = draw_picture(sheet, view, reader)
    measures = " ".join(
        [
            told_of_projection(view, reader),
            told_of_scale(view, sheet.page, reader),
            told_of_north(view, reader),
        ]
    )
    whole = [sheet.title] if " ".join(title) != " ".join(sheet.title.split()) else []
    if " ".join(subtitle) != " ".join(sheet.subtitle.split()):
        whole.append(sheet.subtitle)
    return {
        "language": reader.words.language,
        "fonts": list(FAMILIES),
        "paper": sheet.page.lower(),
        "flipped": sheet.orientation == "landscape",
        "title": " ".join(title) or reader.say("Map without a title"),
        "subtitle": " ".join(subtitle),
        "map": picture.svg,
        "map_width_pt": wide,
        "alt": told_of_picture(picture, sheet, reader),
        "width_pt": page.width,
        "height_pt": page.height,
        "columns": page.columns,
        "legend_width_pt": page.legend_width,
        "items": _items(sheet, picture, whole, reader),
        "foot": [*made, measures, disclaimer],
        "labels": {
            "continued": reader.say("continued"),
            "overleaf": reader.say("Legend and sources go on overleaf."),
            "page": reader.say("page"),
        },
        "tofu": "",
    }


def _page(sheet: MapSheet) -> _Page:
    if sheet.page not in PAGES_PT:
        raise UnknownNameError(
            f"page {sheet.page!r} is not printed; choose {' or '.join(PAGES_PT)}."
        )
    if sheet.orientation not in ORIENTATIONS:
        raise UnknownNameError(
            f"orientation {sheet.orientation!r} is unknown; choose {' or '.join(ORIENTATIONS)}."
        )
    short, long = PAGES_PT[sheet.page]
    wide, high = (long, short) if sheet.orientation == "landscape" else (short, long)
    wide, high = wide - 2 * _MARGIN_PT, high - _MARGIN_PT - _BOTTOM_PT
    if sheet.orientation == "landscape":
        return _Page(wide, high, 1, 180.0 if sheet.page == "A4" else 230.0)
    columns = 3 if sheet.page == "A4" else 4
    return _Page(wide, high, columns, (wide - (columns - 1) * 2 * _GAP_PT) / columns)


def _high(lines: list[str], size: float) -> float:
    return len(lines) * size * _LINE


def _legend_room(sheet: MapSheet, page: _Page, room: float) -> float:
    """Estimate how much of the page the legend beneath an upright map asks for, points."""
    entries = sum(len(layer.classes) + 1 for layer in sheet.layers) + 7
    texts = [text for layer in sheet.layers for text in (*layer.sources, layer.label)]
    texts += [*sheet.base.sources, *sheet.notes]
    lines = sum(1 + len(text) // _LETTERS_IN_LINE for text in texts) + len(sheet.drawings)
    asked = (entries * _ENTRY_PT + lines * _ENTRY_PT + 3 * _HEADING_PT) / page.columns
    return min(max(asked, 0.16 * room), 0.42 * room)


def _disclaimer(reader: Reader) -> str:
    return reader.say(
        "Borders and names are shown as the sources have them. This takes no side on the status "
        "of any country, territory or area, on its authorities, or on where its borders run; "
        "dashed borders are disputed or not agreed."
    )


def _items(
    sheet: MapSheet, picture: SheetPicture, whole: list[str], reader: Reader
) -> list[dict[str, Any]]:
    """Return legend, drawings, notes and sources as one run of items, in reading order."""
    items: list[dict[str, Any]] = [_item("heading", reader.say("Legend"))]
    for drawn in picture.layers:
        layer = drawn.layer
        items.append(_item("layer", layer.title, detail=layer.label))
        if not drawn.classes:
            items.append(_item("text", reader.say("Nothing of it lies in this view."), layer.title))
        items += [_entry(one, len(items) + at, layer.title) for at, one in enumerate(drawn.classes)]
    if picture.base.classes:
        group = reader.say("Base map")
        items.append(_item("layer", group))
        items += [
            _entry(one, len(items) + at, group) for at, one in enumerate(picture.base.classes)
        ]
    if picture.drawings:
        group = reader.say("Drawn by the reader")
        items.append(_item("layer", group))
        for one in picture.drawings:
            items.append(_entry(one.entry, len(items), group, one.told))
    notes = [*whole, *sheet.notes]
    if notes:
        group = reader.say("Notes")
        items += [_item("heading", group), *(_item("text", note, group) for note in notes)]
    return items + _sources(sheet, reader)


def _sources(sheet: MapSheet, reader: Reader) -> list[dict[str, Any]]:
    """Return each source once, with the layers that rest on it."""
    group = reader.say("Sources and licences")
    resting: dict[str, list[str]] = {}
    for layer in sheet.layers:
        if not layer.sources:
            unsaid = reader.say("No source is given.")
            resting.setdefault(unsaid, []).append(layer.title)
        for source in layer.sources:
            resting.setdefault(source, []).append(layer.title)
    for source in sheet.base.sources:
        resting.setdefault(source, []).append(reader.say("Base map"))
    if not resting:
        return []
    return [
        _item("heading", group),
        *(
            _item("source", source, group, reader.joined(dict.fromkeys(titles)))
            for source, titles in resting.items()
        ),
    ]


def _item(kind: str, text: str, group: str = "", detail: str = "") -> dict[str, Any]:
    return {"kind": kind, "text": text, "group": group, "detail": detail, "sample": ""}


def _entry(one: DrawnClass, number: int, group: str, detail: str = "") -> dict[str, Any]:
    item = _item("entry", one.entry.words, group, detail)
    return item | {
        "sample": sample(one.entry.style, number, is_cell=one.is_cell, is_point=one.is_point)
    }


def _printable(data: Any) -> Any:
    """Return the same values, their texts without control characters."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {name: _printable(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_printable(value) for value in data]
    return data
