"""Forms about rounds."""
