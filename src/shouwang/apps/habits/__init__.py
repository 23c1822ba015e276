"""What is known of when each home gives its signals."""
