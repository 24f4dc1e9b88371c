"""Cleaning: which fixes are set aside, for which reason, and what that leaves."""

from kulan.movement.cleaning.certain import flag_certain
from kulan.movement.cleaning.screening import CleaningReport, Screening, clean

__all__ = ["CleaningReport", "Screening", "clean", "flag_certain"]
