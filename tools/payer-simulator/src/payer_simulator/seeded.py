"""Numbers that follow from the seed and from what they are for: the same every time, different for each thing."""

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Seed:
    """The simulator's seed."""

    value: int

    def number(self, below: int, *about: str) -> int:
        """A number from 0 to `below` - 1."""
        return int.from_bytes(self._digest(*about)[:8], "big") % below

    def code(self, length: int, *about: str) -> str:
        """Capital letters and digits."""
        return base64.b32encode(self._digest(*about)).decode()[:length]

    def digits(self, length: int, *about: str) -> str:
        """Digits, the first not 0."""
        lowest = 10 ** (length - 1)
        return str(lowest + self.number(9 * lowest, *about))

    def _digest(self, *about: str) -> bytes:
        return hashlib.sha256("\x1f".join((str(self.value), *about)).encode()).digest()
