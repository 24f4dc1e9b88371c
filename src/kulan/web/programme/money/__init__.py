"""Donors, calls, projects, needs and gaps of the programme, and the mitigation fund."""
