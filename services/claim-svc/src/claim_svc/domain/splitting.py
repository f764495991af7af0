"""One encounter, one claim or several: what does not fit on a professional claim goes on the next."""

from claimstream_schemas.values.encounter import ChargeLine, ClaimKind

PROFESSIONAL_LINES = 50
"""837P, loop 2400 repeats at most 50 times."""

INSTITUTIONAL_LINES = 999


def parts_of(kind: ClaimKind, lines: tuple[ChargeLine, ...]) -> list[tuple[ChargeLine, ...]]:
    """The lines of each claim, in order; at least one part."""
    most = PROFESSIONAL_LINES if kind == "professional" else INSTITUTIONAL_LINES
    return [lines[start : start + most] for start in range(0, len(lines), most)] or [()]
