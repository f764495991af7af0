"""The ledger and its decisions; no I/O."""
