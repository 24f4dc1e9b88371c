"""Species fact sheets: one species on a few pages, for reading on screen and for printing."""

from kulan.report.fact_sheets.facts import SpeciesFacts, habitat_picture, species_facts
from kulan.report.fact_sheets.sheet import fact_sheet_html, fact_sheet_pdf, species_fact_sheet

__all__ = [
    "SpeciesFacts",
    "fact_sheet_html",
    "fact_sheet_pdf",
    "habitat_picture",
    "species_fact_sheet",
    "species_facts",
]
