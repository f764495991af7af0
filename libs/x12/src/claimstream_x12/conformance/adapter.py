"""What a parser must answer to be run against the cases, in terms that belong to no parser.

An adapter names its abilities: `check.835` (it judges an 835), `payments.denied` (it can tell whether a claim payment is
a denial) and so on. What it does not name it is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from decimal import Decimal

ACCEPTED, WITH_ERRORS, REJECTED = "accepted", "accepted_with_errors", "rejected"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a set, and where."""

    segment: int  # position in the set, ST = 1; 0: not told
    element: str  # CLM02, SV101-2; CLM where the segment is meant; empty: not told
    snip: int = 0  # the level of the check, 1 to 7; 0: not told
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """What a parser says of one ST to SE."""

    set: str  # ST01
    guide: str  # ST03, or GS08
    control: str  # ST02
    status: str  # accepted, accepted_with_errors or rejected
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """The payment of an 835: BPR and TRN."""

    trace: str = ""  # TRN02
    originator: str = ""  # TRN03
    method: str = ""  # BPR04
    amount: Decimal | None = None  # BPR02


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """What an 835 decides about one claim."""

    control_number: str = ""  # CLP01
    charge: Decimal | None = None  # CLP03
    paid: Decimal | None = None  # CLP04
    patient_share: Decimal | None = None  # what is adjusted in group PR
    allowed: Decimal | None = None  # the fee schedule's amount, before the patient's share
    denied: bool | None = None  # the payer refused to pay: not what CLP02 says, but what the adjustments say
    reversed: bool | None = None  # takes an earlier decision back
    forwarded: bool | None = None  # the payer sent the claim on to the next one


@dataclass(frozen=True, slots=True)
class LineFact:
    """One service line of an 835."""

    procedure: str = ""  # the code that was decided on
    submitted: str = ""  # the code that was billed
    own_number: str = ""  # the line's own number, as we sent it (REF*6R)


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentFact:
    """One adjustment to the whole payment: a reason, a reference and an amount of a PLB."""

    reason: str = ""
    reference: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """One claim of an 837."""

    control_number: str = ""  # CLM01
    intent: str = ""  # original, replace or void
    original_reference: str = ""  # the payer's number for what is replaced or void


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """What a 277CA decides about one claim, with what stands above it taken in."""

    control_number: str = ""  # TRN02 of the claim
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class RefusalFact:
    """A level of a 277CA that refuses all that is below it, whether or not claims are listed there."""

    level: str = ""  # 2200B (the whole batch) or 2200C (one provider)


@dataclass(frozen=True, slots=True)
class AcknowledgedFact:
    """One set that a 999 answers, or one interchange that a TA1 answers."""

    control: str = ""
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a parser reads from a file. It fills in what its abilities name and leaves the rest."""

    transfers: tuple[Transfer, ...] = ()  # one for each 835
    payments: tuple[PaymentFact, ...] = ()
    lines: tuple[LineFact, ...] = ()
    provider_adjustments: tuple[ProviderAdjustmentFact, ...] = ()
    claims: tuple[ClaimFact, ...] = ()
    outcomes: tuple[OutcomeFact, ...] = ()
    refusals: tuple[RefusalFact, ...] = ()
    sets_acknowledged: tuple[AcknowledgedFact, ...] = ()
    interchanges_acknowledged: tuple[AcknowledgedFact, ...] = ()
    digests: tuple[str, ...] = ()  # one for each set; the same content in another envelope has the same
    envelope_sound: bool | None = None  # every count and control number from ISA to IEA ties


_OF_RECORDS = {
    "transfers": Transfer,
    "payments": PaymentFact,
    "lines": LineFact,
    "provider_adjustments": ProviderAdjustmentFact,
    "claims": ClaimFact,
    "outcomes": OutcomeFact,
    "refusals": RefusalFact,
    "sets_acknowledged": AcknowledgedFact,
    "interchanges_acknowledged": AcknowledgedFact,
}
CHECKS = frozenset({"check.837P", "check.837I", "check.835", "check.277CA", "check.999"})
ABILITIES = (
    CHECKS
    | {f"{section}.{one.name}" for section, record in _OF_RECORDS.items() for one in fields(record)}
    | {"digests", "envelope_sound", "reason_lists"}  # reason_lists: it has the lists of reason and remark codes
)


class Adapter(Protocol):
    """One parser, as the cases see it."""

    @property
    def name(self) -> str:
        """What the parser is called, with its version."""

    @property
    def abilities(self) -> frozenset[str]:
        """What it can be asked, out of `ABILITIES`."""

    def check(self, data: bytes) -> list[SetVerdict]:
        """Judge each set of a file, in the file's order."""

    def facts(self, data: bytes) -> Facts:
        """Read a file."""
