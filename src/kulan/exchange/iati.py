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
from kulan.exchange.iati_out import write_iati

__all__ = [
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
    "missing",
    "read_iati",
    "write_iati",
]
