"""The Atlas on the web: what many people read, draw and keep up to date together."""
