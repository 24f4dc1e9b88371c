"""Barriers to movement: what animals do at lines, and how often they come to the other side."""
