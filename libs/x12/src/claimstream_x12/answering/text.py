"""What a sender wrote, made fit to be written back: an answer never fails for what it answers."""

from __future__ import annotations

from claimstream_x12.elements import ALLOWED, transliterate

_PLAIN = ALLOWED - frozenset("*:^~")


def fit(text: str, most: int, instead: str = "") -> str:
    """The text in X12's characters, cut to a length; `instead` where nothing is left."""
    plain = text if _PLAIN.issuperset(text) else transliterate(text)
    return plain[:most].strip() or instead


def copy_of(text: str, most: int) -> str:
    """A faithful copy, or nothing where it cannot be carried."""
    return text if text.strip() and len(text) <= most and _PLAIN.issuperset(text) else ""
