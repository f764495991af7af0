"""A use case per file, named by its verb."""
