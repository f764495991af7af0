"""Where the services of a professional claim were given."""

from collections.abc import Iterator

from .claim import ClaimContent


def places_of(content: ClaimContent) -> Iterator[tuple[str, str]]:
    """Each place of service with its place on the claim: the claim's own where a line has none."""
    if content.place_of_service:
        yield "place_of_service", content.place_of_service
    for line in content.lines:
        if line.place_of_service and line.place_of_service != content.place_of_service:
            yield f"lines/{line.ordinal}/place_of_service", line.place_of_service
