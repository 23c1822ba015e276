"""Photo in, readings out, or "cannot tell"."""
