"""A screening's findings as pages a person reads: HTML, PDF, JSON, map layers and three lines."""

from kulan.report.features import feature_styles, feature_tables
from kulan.report.findings_file import findings_json, findings_schema
from kulan.report.headlines import headline_lines
from kulan.report.html import write_html
from kulan.report.pdf import write_pdf

__all__ = [
    "feature_styles",
    "feature_tables",
    "findings_json",
    "findings_schema",
    "headline_lines",
    "write_html",
    "write_pdf",
]
