"""Crossings of barriers: where they may stand, and what each and all give back."""
