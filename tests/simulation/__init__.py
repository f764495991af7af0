"""Tier T0: the five services on a real PostgreSQL, while bus, files, clock and randomness are simulated by one seeded thread."""
