"""Least cost: accumulated cost, paths, corridors, and networks of links between patches."""
