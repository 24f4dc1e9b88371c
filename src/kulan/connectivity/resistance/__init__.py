"""Resistance of a landscape to movement: layers transformed, combined, and how sure we are."""
