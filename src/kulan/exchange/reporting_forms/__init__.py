"""Reporting forms as workbooks: filled without a connection, and read back without loss."""

from kulan.exchange.reporting_forms.reading import FormReading, NotUnderstood, read_form
from kulan.exchange.reporting_forms.writing import write_form

__all__ = ["FormReading", "NotUnderstood", "read_form", "write_form"]
