"""Colours, borders and paper of a form."""

import math
from collections.abc import Iterable
from typing import Any

FONT = "Arial"
INK, SOFT = "FF1B1F23", "FF4C555E"
_BAND, _OPEN, _SUGGESTED, _TOPIC = "FFE6EDF2", "FFFFF6C2", "FFD6E8F5", "FFF3F6F8"
_RULE = "FFC9D0D6"


def on_paper(sheet: Any, *, landscape: bool) -> None:
    """Set a sheet on A4, as wide as the page."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def fit_row(sheet: Any, row: int, texts: Iterable[tuple[str, float, float]]) -> None:
    """Make a row as high as its wrapped texts need; it may still grow while somebody writes.

    Spreadsheet programs do not measure rows of a file that states no height, and a height that is
    stated as the user's own is kept however long an answer becomes. So the height is told without
    that mark, estimated from the number of letters.

    Parameters
    ----------
    sheet, row
        Where.
    texts
        Text, width of its column in letters of 11 points, and size of its letters, points.
    """
    from openpyxl.worksheet.dimensions import RowDimension  # noqa: PLC0415 - an extra

    class Growing(RowDimension):  # type: ignore[misc]  # the library has no types
        """A height that is no wish of the user's."""

        @property
        def customHeight(self) -> bool:  # noqa: N802 - the name of the format
            return False

    height = max(_lines(text, width, size) * size * 1.35 for text, width, size in texts)
    sheet.row_dimensions[row] = Growing(sheet, index=row, ht=min(max(height, 15.0), 400.0))


def _lines(text: str, width: float, size: float) -> int:
    per_line = max(1.0, width * 11 / size - 2)
    return sum(max(1, math.ceil(len(line) / per_line)) for line in text.split("\n"))


def styles() -> dict[str, Any]:
    """Return what cells of each kind look like."""
    from openpyxl.styles import (  # noqa: PLC0415 - an extra
        Alignment,
        Border,
        Font,
        PatternFill,
        Side,
    )

    line = Side(style="thin", color=_RULE)
    box = Border(left=line, right=line, top=line, bottom=line)
    wrapped = Alignment(wrap_text=True, vertical="top")

    def filled(colour: str, **font: Any) -> dict[str, Any]:
        return {
            "fill": PatternFill("solid", fgColor=colour),
            "font": Font(name=FONT, color=font.pop("color", INK), **font),
            "alignment": wrapped,
            "border": box,
        }

    return {
        "title": Font(name=FONT, size=15, bold=True, color=INK),
        "remark": Font(name=FONT, size=10, color=SOFT),
        "heading": filled(_BAND, bold=True),
        "topic": filled(_TOPIC),
        "soft": {
            "font": Font(name=FONT, size=9, color=SOFT),
            "alignment": wrapped,
            "border": box,
        },
        "open": filled(_OPEN),
        "suggested": filled(_SUGGESTED, italic=True),
    }
