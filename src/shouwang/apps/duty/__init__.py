"""Who is on duty, when: the rota of the duty officers."""
