"""Volunteers: who they are, what they can do and when, and the hours they gave."""
