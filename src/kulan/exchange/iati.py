"""Activities of the International Aid Transparency Initiative, version 2.03: out and in."""

from kulan.exchange.iati_activities import (
    Activity,
    Country,
    Document,
    Indicator,
    Participant,
    Party,
    Period,
    Place,
    Related,
    Result,
    Sector,
    Tagged,
    missing,
)
from kulan.exchange.iati_in import IatiReading, read_iati
from kulan.exchange.iati_kept import names_in, read_original, without
from kulan.exchange.iati_out import standard_form, write_iati
from kulan.exchange.iati_parts import REASONS
from kulan.exchange.iati_rules import RULES, Warned, check_file, check_rules

__all__ = [
    "REASONS",
    "RULES",
    "Activity",
    "Country",
    "Document",
    "IatiReading",
    "Indicator",
    "Participant",
    "Party",
    "Period",
    "Place",
    "Related",
    "Result",
    "Sector",
    "Tagged",
    "Warned",
    "check_file",
    "check_rules",
    "missing",
    "names_in",
    "read_iati",
    "read_original",
    "standard_form",
    "without",
    "write_iati",
]
