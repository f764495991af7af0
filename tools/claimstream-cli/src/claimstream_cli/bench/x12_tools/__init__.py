"""Scripts that `bench x12` runs, one process each; a peer's are run by an interpreter that has the peer."""
