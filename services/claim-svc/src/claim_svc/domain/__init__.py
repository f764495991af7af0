"""Values and decisions of a claim; no I/O."""
