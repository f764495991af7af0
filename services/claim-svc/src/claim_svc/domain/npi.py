"""The NPI's check digit: Luhn over 80840 and the ten digits (CMS, «Requirements for NPI and NPI check digit»)."""

from collections.abc import Iterator
from functools import lru_cache

from .claim import ClaimContent

PREFIX = "80840"
LENGTH = 10


@lru_cache(maxsize=16_384)  # a practice's claims name few
def check_digit_holds(npi: str) -> bool:
    """Whether an NPI is ten digits and its check digit is right; 9… is used for nobody, in samples."""
    if len(npi) != LENGTH or not npi.isascii() or not npi.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed(PREFIX + npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  two digits of a doubled one
    return total % 10 == 0


def npis_of(content: ClaimContent) -> Iterator[tuple[str, str]]:
    """Each NPI on a claim, with its place."""
    for role, provider in content.providers:
        if provider is not None:
            yield f"providers/{role}/npi", provider.npi
    if content.facility is not None and content.facility.npi is not None:
        yield "facility/npi", content.facility.npi
    for line in content.lines:
        if line.rendering is not None:
            yield f"lines/{line.ordinal}/rendering/npi", line.rendering.npi
