"""What a schedule raises when something is that must never be."""


class Violation(AssertionError):
    """Something that must never be; the text names the invariant."""
