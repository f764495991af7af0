"""277CA (005010X214): which claims of a batch were taken into adjudication, and which were refused.

Only categories A0 to A8 belong here; A3, A6, A7 and A8 refuse (X12 RFI 1942, 2203). A status at the receiver's or the
provider's level that refuses rejects everything below it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from claimstream_x12.extras import Extra
from claimstream_x12.names import Amount, Dated, Party, Procedure, Quantity, Reference, find_reference

GUIDE = "005010X214"
REFUSED = frozenset({"A3", "A6", "A7", "A8"})


@dataclass(frozen=True, slots=True)
class StatusCode:
    """The composite of an STC: category, status, entity."""

    category: str  # A0 to A8
    status: str
    entity: str = ""  # 40 receiver, 41 submitter, 85 billing, IL, QC, PR …


@dataclass(frozen=True, slots=True)
class Status:
    """STC: one statement, with up to three codes."""

    codes: tuple[StatusCode, ...]  # STC01, STC10, STC11
    effective: date | None = None  # STC02
    action: str = ""  # STC03: WQ accept, U reject
    amount: Decimal | None = None  # STC04
    message: str = ""  # STC12

    @property
    def refuses(self) -> bool:
        """Whether any of its codes refuses."""
        return any(code.category in REFUSED for code in self.codes)


@dataclass(frozen=True, slots=True)
class LineStatus:
    """Loop 2220D: a service line that a status speaks of."""

    procedure: Procedure | None  # SVC01
    charge: Decimal  # SVC02
    statuses: tuple[Status, ...]  # STC
    revenue_code: str = ""  # SVC04
    quantity: Decimal | None = None  # SVC07
    references: tuple[Reference, ...] = ()  # REF, FJ our line's control number
    dates: tuple[Dated, ...] = ()  # DTP
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place


@dataclass(frozen=True, slots=True)
class ClaimAcknowledgment:
    """Loop 2200D: one claim."""

    control_number: str  # TRN02, our CLM01
    statuses: tuple[Status, ...]  # STC
    references: tuple[Reference, ...] = ()  # REF, 1K the payer's number for it
    dates: tuple[Dated, ...] = ()  # DTP*472
    lines: tuple[LineStatus, ...] = ()  # 2220D
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place
    position: int = field(default=0, compare=False)
    segments: tuple[str, ...] = field(default=(), compare=False)

    @property
    def refused(self) -> bool:
        """Whether the claim itself was refused, whatever was said above it."""
        return any(status.refuses for status in self.statuses)

    @property
    def payer_control_number(self) -> str:
        """REF*1K."""
        return find_reference(self.references, "1K")


@dataclass(frozen=True, slots=True)
class PatientAcknowledgment:
    """Loop 2000D: a patient and its claims."""

    patient: Party  # NM1*QC
    claims: tuple[ClaimAcknowledgment, ...]
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place


@dataclass(frozen=True, slots=True)
class LevelStatus:
    """What a level says of all below it: trace, statuses, counts and totals (loops 2200B, 2200C)."""

    trace: str  # TRN02
    statuses: tuple[Status, ...]  # STC
    references: tuple[Reference, ...] = ()  # REF, 2200C
    quantities: tuple[Quantity, ...] = ()  # QTY: 90 or QA accepted, AA or QC rejected
    amounts: tuple[Amount, ...] = ()  # AMT: YU accepted, YY rejected
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place
    segments: tuple[str, ...] = field(default=(), compare=False)

    @property
    def refused(self) -> bool:
        """Whether everything below is rejected."""
        return any(status.refuses for status in self.statuses)


@dataclass(frozen=True, slots=True)
class ProviderAcknowledgment:
    """Loop 2000C: a billing provider and its patients."""

    provider: Party  # NM1*85
    status: LevelStatus | None  # 2200C, when it is there
    patients: tuple[PatientAcknowledgment, ...]
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place


@dataclass(frozen=True, slots=True)
class ReceiverAcknowledgment:
    """Loop 2000B: who sent the batch (the receiver of this 277CA)."""

    receiver: Party  # NM1*41
    status: LevelStatus | None  # 2200B, its TRN02 is the BHT03 of the 837
    providers: tuple[ProviderAcknowledgment, ...]
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place


@dataclass(frozen=True, slots=True)
class SourceAcknowledgment:
    """Loop 2000A: who answers."""

    source: Party  # NM1*PR, or NM1*AY for a clearinghouse
    trace: str  # TRN02
    received_on: date | None  # DTP*050
    processed_on: date | None  # DTP*009
    receivers: tuple[ReceiverAcknowledgment, ...]
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place


@dataclass(frozen=True, slots=True)
class ClaimStatusSet:
    """A whole 277CA."""

    reference: str  # BHT03
    created: datetime | None  # BHT04, BHT05
    sources: tuple[SourceAcknowledgment, ...]
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place
    unread: tuple[str, ...] = field(default=(), compare=False)
