"""Each home's own time, learned from looks, with how sure it is."""
