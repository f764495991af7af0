"""The use cases of this stage, one a file."""
