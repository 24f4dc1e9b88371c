"""Screenings: a plan is uploaded or drawn, screened by a job, read, shared, and deleted."""
