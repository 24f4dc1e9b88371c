"""Paths: steps between fixes, what they add up to, and when and where an animal lingers."""
