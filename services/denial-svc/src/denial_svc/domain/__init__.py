"""Cases and their causes; no I/O."""
