"""Connectivity: how well animals can cross a landscape, and where their movement concentrates."""
