"""Ranges: where an animal lives and will be found, and how sure that is."""
