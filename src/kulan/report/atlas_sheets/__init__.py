"""A view of the Atlas as a printed sheet: map, legend, sources and terms, as a tagged PDF."""

from kulan.report.atlas_sheets.content import (
    Drawing,
    MapSheet,
    SheetBase,
    SheetClass,
    SheetLayer,
    habitat_layer,
    themed_layer,
)
from kulan.report.atlas_sheets.setting import set_sheet

__all__ = [
    "Drawing",
    "MapSheet",
    "SheetBase",
    "SheetClass",
    "SheetLayer",
    "habitat_layer",
    "set_sheet",
    "themed_layer",
]
