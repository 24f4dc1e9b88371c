"""Migration: who migrates, when, between which ranges, and who wanders instead."""
