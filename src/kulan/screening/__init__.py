"""Screening: what a planned line or area would cut, disturb and sever, and what is not known."""
