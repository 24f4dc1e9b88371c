"""Backups: the whole of an Atlas in one file, which either database restores."""
