"""Omnidirectional connectivity: currents to every target of a moving window, and their sum."""
