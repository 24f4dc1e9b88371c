"""A screening's findings as pages a person reads: HTML, PDF, JSON, map layers and three lines."""
