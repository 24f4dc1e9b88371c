"""The map: its layers, tiles, facts at a point, search, print and embedding."""
