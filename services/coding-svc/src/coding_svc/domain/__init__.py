"""What a visit is, and how it becomes codes and charges. No I/O."""
