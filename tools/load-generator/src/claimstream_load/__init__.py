"""Endless encounters made from real ones with new identities, posted as an EHR would, and a journal of what was acknowledged."""

from .encounters import canaries, encounters, lines, source_system
from .journal import Acknowledged, Journal, read_journal
from .posting import Poster, Tally, batches

__all__ = [
    "Acknowledged",
    "Journal",
    "Poster",
    "Tally",
    "batches",
    "canaries",
    "encounters",
    "lines",
    "read_journal",
    "source_system",
]
