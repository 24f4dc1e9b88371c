"""Reporting cycles in the browser: composed, filled, reviewed, and kept for other conventions."""
