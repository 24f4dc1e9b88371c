"""The audit trail: one event for every change, and for every look at what is hidden."""
