"""What each guide has that the others have not: a file per kind of claim, and the table of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import SubmittedLine
from claimstream_schemas.values.encounter import ClaimKind
from claimstream_x12 import Dated, Party

from . import institutional, professional
from .parts import ClaimParts


@dataclass(frozen=True)
class GuideRecords:
    """How the records of one kind of claim are made."""

    claim: Callable[[ClaimSubmitted], ClaimParts]
    """What loop 2300 has in this guide alone."""
    line_dates: Callable[[SubmittedLine, ClaimSubmitted], tuple[Dated, ...]]
    """Loop 2400: when a line was done, where the guide wants to know."""
    line_providers: Callable[[SubmittedLine, ClaimSubmitted], Iterable[Party]]
    """Loop 2420: who did or ordered a line, where that is another than the claim says."""


GUIDES: Mapping[ClaimKind, GuideRecords] = MappingProxyType(
    {
        "professional": GuideRecords(professional.claim_parts, professional.line_dates, professional.line_providers),
        "institutional": GuideRecords(
            institutional.claim_parts, institutional.line_dates, institutional.line_providers
        ),
    }
)
