"""Visits, what raises them, the form they fill in, and company."""
