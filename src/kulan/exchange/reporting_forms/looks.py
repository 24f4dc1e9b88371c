"""Colours, borders and paper of a form."""

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
