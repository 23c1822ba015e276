"""Volunteers in spreadsheets: brought in, and taken out."""
