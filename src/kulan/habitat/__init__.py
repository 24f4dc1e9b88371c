"""Habitat: what each species can live in, and where land cover and elevation offer that."""
