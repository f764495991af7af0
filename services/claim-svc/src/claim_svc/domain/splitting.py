"""One encounter, one claim or several: what does not fit on a claim of its kind goes on the next."""

from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ChargeLine, ClaimKind


def parts_of(kind: ClaimKind, lines: tuple[ChargeLine, ...]) -> list[tuple[ChargeLine, ...]]:
    """The lines of each claim, in order; at least one part."""
    most = kind_of(kind).most_lines
    return [lines[start : start + most] for start in range(0, len(lines), most)] or [()]
