"""What the gateway decides: which submissions travel together, and what an answer means for each. No I/O."""
