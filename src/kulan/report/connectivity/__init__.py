"""Pictures of connectivity: maps of currents, corridors and changes, and charts of crossings."""
