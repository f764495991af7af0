"""The kinds of claim, in one table: the guide of each, its limits, which of its days counts, and what must be there.

Whoever treats a professional claim otherwise than an institutional one asks this table, so that a third kind (dental) is a row.
Sources: ASC X12N 005010X222A1 and 005010X223A2 (loops 2300 and 2400), the ICD-10-CM guidelines (a stay is coded at discharge),
CMS MCPM 1 §70 (the filing clock of an institutional claim runs from its through date).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from .encounter import ClaimKind, DiagnosisKind

Day = Literal["first", "through"]


class UnknownClaimKind(LookupError):
    """No row of the table is of this kind: nothing may be billed as it."""

    def __init__(self, name: str) -> None:
        """The kind that was asked for."""
        super().__init__(f"no claim is of the kind {name}; there are {', '.join(KINDS)}")
        self.name = name


@dataclass(frozen=True)
class Need:
    """A field without which a claim of the kind says nothing; ``*`` in the path stands for each element of a list."""

    path: str
    name: str


@dataclass(frozen=True)
class KindOfClaim:
    """What is true of every claim of one kind."""

    name: ClaimKind
    set_name: str
    """What people call its transaction set."""
    guide: str
    """GS08 and ST03."""
    most_lines: int
    most_diagnoses: int
    """Listed ones; those apart have places of their own."""
    apart: Mapping[DiagnosisKind, int]
    """Kinds of diagnosis with a place of their own, and how many fit there."""
    counts_from: Day
    """The day by which its codes are judged and from which its filing clock runs."""
    has_pointers: bool
    """Whether its lines point to diagnoses."""
    has_place_of_service: bool
    """Else it has a type of bill."""
    has_stay: bool
    """Whether it bills a facility's stay or visit: type of bill, patient status, present on admission, value codes."""
    has_revenue_codes: bool
    has_line_authorization: bool
    """Whether a line has a prior authorisation of its own (REF*G1 in loop 2400); else the claim holds one."""
    has_clia_number: bool
    """Whether it names the laboratory's CLIA number (REF*X4)."""
    bills_clinicians: bool
    """Whether its visits are a clinician's own work; a facility bills the room beside it, under the same code."""
    filing_codes: Mapping[str, str]
    """SBR09 where a payer's own is another one for this kind: Medicare's contractors of Part A and Part B."""
    largest_units: int
    """Of a line: the whole digits that SV104 and SV205 have room for."""
    has_insurance_type: bool
    """Whether SBR05 tells why Medicare is secondary; else a value code does."""
    needs: tuple[Need, ...]

    def day(self, *, first: date, through: date) -> date:
        """The day that counts, of the first day of service and the through date."""
        return through if self.counts_from == "through" else first


_EVERY = (
    Need("diagnoses", "a diagnosis"),
    Need("lines", "a charge line"),
    Need("patient/address", "the patient's address"),
    Need("subscribers/*/member_id", "the member id"),
)
KINDS: Mapping[str, KindOfClaim] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            KindOfClaim(
                name="professional",
                set_name="837P",
                guide="005010X222A1",
                most_lines=50,
                most_diagnoses=12,
                apart=MappingProxyType({}),
                counts_from="first",
                has_pointers=True,
                has_place_of_service=True,
                has_stay=False,
                has_revenue_codes=False,
                has_line_authorization=True,
                has_clia_number=True,
                bills_clinicians=True,
                filing_codes=MappingProxyType({"MA": "MB"}),
                largest_units=99_999_999,
                has_insurance_type=True,
                needs=(
                    *_EVERY,
                    Need("place_of_service", "the place of service"),
                    Need("lines/*/procedure", "a procedure code"),
                ),
            ),
            KindOfClaim(
                name="institutional",
                set_name="837I",
                guide="005010X223A2",
                most_lines=999,
                most_diagnoses=25,
                apart=MappingProxyType({"admitting": 1, "reason_for_visit": 3, "external_cause": 12}),
                counts_from="through",
                has_pointers=False,
                has_place_of_service=False,
                has_stay=True,
                has_revenue_codes=True,
                has_line_authorization=False,
                has_clia_number=False,
                bills_clinicians=False,
                filing_codes=MappingProxyType({"MB": "MA"}),
                largest_units=999_999_999,
                has_insurance_type=False,
                needs=(
                    *_EVERY,
                    Need("stay", "the type of bill and patient status"),
                    Need("providers/attending", "the attending provider"),
                    Need("lines/*/revenue_code", "a revenue code"),
                ),
            ),
        )
    }
)


def kind_of(name: str) -> KindOfClaim:
    """The row of a kind.

    Raises:
        UnknownClaimKind: there is none.
    """
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownClaimKind(name) from None


def kind_of_set(name: str) -> KindOfClaim:
    """The row of a kind by what people call its transaction set.

    Raises:
        UnknownClaimKind: there is none.
    """
    found = next((kind for kind in KINDS.values() if kind.set_name == name), None)
    if found is None:
        raise UnknownClaimKind(name)
    return found
