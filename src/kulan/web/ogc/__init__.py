"""The door for other programs' maps: OGC API Features, Tiles and Records, from the same policy."""
