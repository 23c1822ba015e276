"""Dispatch: a need is offered in waves, taken by one tap, kept as a promise."""
