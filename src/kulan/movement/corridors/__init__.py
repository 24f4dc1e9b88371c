"""Corridors: where a population migrates and stops, from the ways of tracked animals."""
