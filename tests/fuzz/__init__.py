"""Readers under any bytes: a fuzzer with the real files as its corpus, and every input that once broke us."""
