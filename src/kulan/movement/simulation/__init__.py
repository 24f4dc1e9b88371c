"""Simulated tracks with a known truth: for demonstrations, and to see whether methods find it."""
