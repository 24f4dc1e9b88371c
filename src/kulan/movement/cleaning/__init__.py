"""Cleaning: which fixes are set aside, for which reason, and what that leaves."""

from kulan.movement.cleaning.certain import flag_certain

__all__ = ["flag_certain"]
