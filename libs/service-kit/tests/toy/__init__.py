"""A service of three lines: it counts what it hears of claims, and says when one is released."""
