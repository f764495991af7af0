"""The remittance advice (005010X221A1), loop by loop.

Claims and lines keep their own raw segments and those that no record holds; both are left out of comparison.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal

from claimstream_x12.extras import Extra
from claimstream_x12.names import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Party,
    Procedure,
    Quantity,
    Reference,
    find_reference,
)
from claimstream_x12.record import record

GUIDE = "005010X221A1"


@record
class KeptSegment:
    """A segment that no record holds, verbatim, with its place."""

    position: int  # ST = 1
    loop: str
    text: str


@record
class Account:
    """Where money comes from or goes to: bank and account numbers (BPR06 to 09, BPR12 to 15)."""

    bank_qualifier: str = ""  # BPR06, 12: 01 ABA routing number
    bank: str = ""  # BPR07, 13
    account_qualifier: str = ""  # BPR08, 14: DA, SG
    account: str = ""  # BPR09, 15


@record
class Payment:
    """BPR: how much, how, when."""

    amount: Decimal  # BPR02
    method: str  # BPR04: ACH, CHK, NON, FWT, BOP
    paid_on: date | None  # BPR16
    handling: str = "I"  # BPR01: I, H when nothing is paid, C, D, P, U, X
    credit_or_debit: str = "C"  # BPR03
    format: str = ""  # BPR05: CCP, CTX
    sender: Account = Account()
    originator: str = ""  # BPR10
    originator_supplement: str = ""  # BPR11
    receiver: Account = Account()


@record
class Trace:
    """TRN: what ties the remittance to the deposit. Payers reuse numbers, so a key has the payer too."""

    number: str  # TRN02
    payer_id: str  # TRN03
    kind: str = "1"  # TRN01
    supplement: str = ""  # TRN04


@record
class Payer:
    """Loop 1000A: N1*PR."""

    name: str  # N102
    id_qualifier: str = ""  # N103
    id: str = ""  # N104
    address: Address | None = None  # N3, N4
    references: tuple[Reference, ...] = ()  # REF
    contacts: tuple[Contact, ...] = ()  # PER: CX, BL (always one), IC
    extra: tuple[Extra, ...] = ()


@record
class Payee:
    """Loop 1000B: N1*PE."""

    name: str  # N102
    id_qualifier: str  # N103: XX NPI, FI tax number
    id: str  # N104
    address: Address | None = None  # N3, N4
    references: tuple[Reference, ...] = ()  # REF, TJ the tax number
    delivery: tuple[str, ...] = ()  # RDM, its elements
    extra: tuple[Extra, ...] = ()


@record
class DateMark:
    """DTM: 405 produced, 232 and 233 statement, 050 received, 036 coverage ended, 472 service, 150 and 151 period."""

    qualifier: str  # DTM01
    day: date  # DTM02


@record
class Adjudication:
    """MIA or MOA: amounts and remark codes for the claim as a whole, by element number from 1."""

    elements: tuple[str, ...]

    def __getitem__(self, number: int) -> str:
        """Element `number` as the guide counts it."""
        return self.elements[number - 1] if number <= len(self.elements) else ""


@record
class Remark:
    """LQ: a remark code of the line."""

    qualifier: str  # LQ01: HE RARC, RX NCPDP
    code: str  # LQ02


@record
class ServicePayment:
    """Loop 2110: what the payer decided about one service."""

    procedure: Procedure | None  # SVC01, as paid
    charge: Decimal  # SVC02
    paid: Decimal  # SVC03
    revenue_code: str = ""  # SVC04
    quantity: Decimal | None = None  # SVC05; not there means 1
    submitted_procedure: Procedure | None = None  # SVC06, when another was billed
    submitted_quantity: Decimal | None = None  # SVC07
    dates: tuple[DateMark, ...] = ()  # DTM
    adjustments: tuple[Adjustment, ...] = ()  # CAS
    references: tuple[Reference, ...] = ()  # REF, 6R ours
    amounts: tuple[Amount, ...] = ()  # AMT, B6 the allowed amount
    quantities: tuple[Quantity, ...] = ()  # QTY
    remarks: tuple[Remark, ...] = ()  # LQ
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place
    position: int = field(default=0, compare=False)
    segments: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[KeptSegment, ...] = field(default=(), compare=False)

    @property
    def control_number(self) -> str:
        """REF*6R: our line's control number, when it came back."""
        return find_reference(self.references, "6R")


@record
class ClaimPayment:
    """Loop 2100: what the payer decided about one claim."""

    control_number: str  # CLP01, our CLM01 come back
    status: str  # CLP02: 1, 2, 3 processed as primary …; 4 not recognised; 19 to 21 forwarded; 22 reversal; 23; 25
    charge: Decimal  # CLP03
    paid: Decimal  # CLP04
    patient_responsibility: Decimal | None = None  # CLP05
    filing_indicator: str = ""  # CLP06
    payer_control_number: str = ""  # CLP07
    facility_code: str = ""  # CLP08
    frequency: str = ""  # CLP09
    drg: str = ""  # CLP11
    drg_weight: Decimal | None = None  # CLP12
    discharge_fraction: Decimal | None = None  # CLP13
    adjustments: tuple[Adjustment, ...] = ()  # CAS of the claim
    parties: tuple[Party, ...] = ()  # NM1: QC patient, IL insured, 74 corrected, 82 provider, TT crossover, PR, GB
    inpatient: Adjudication | None = None  # MIA
    outpatient: Adjudication | None = None  # MOA
    references: tuple[Reference, ...] = ()  # REF
    dates: tuple[DateMark, ...] = ()  # DTM
    contacts: tuple[Contact, ...] = ()  # PER
    amounts: tuple[Amount, ...] = ()  # AMT, I interest, F5 patient paid, AU coverage
    quantities: tuple[Quantity, ...] = ()  # QTY
    lines: tuple[ServicePayment, ...] = ()  # 2110
    provider_group: int = 0  # LX01 of the 2000 that it stands in
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place among the claim's own segments
    position: int = field(default=0, compare=False)
    segments: tuple[str, ...] = field(default=(), compare=False)  # CLP up to its first SVC
    unread: tuple[KeptSegment, ...] = field(default=(), compare=False)

    def party(self, role: str) -> Party | None:
        """The first NM1 in this role."""
        return next((party for party in self.parties if party.role == role), None)


@record
class ProviderGroup:
    """Loop 2000 without its claims: LX, TS3 and TS2 (their elements by number from 1)."""

    number: int  # LX01
    summary: tuple[str, ...] = ()  # TS3
    supplement: tuple[str, ...] = ()  # TS2
    extra: tuple[Extra, ...] = ()


@record
class ProviderAdjustment:
    """One amount of a PLB: positive lowers the payment, negative raises it."""

    provider_id: str  # PLB01
    fiscal_year_end: date | None  # PLB02
    reason: str  # PLB03-1: WO, FB, L6, 72, 50 …
    reference: str  # PLB03-2
    amount: Decimal  # PLB04


@record
class RemittanceHeader:
    """Everything before the first claim."""

    payment: Payment
    trace: Trace
    payer: Payer
    payee: Payee
    references: tuple[Reference, ...] = ()  # REF: EV, F2
    produced_on: date | None = None  # DTM*405
    extra: tuple[Extra, ...] = ()  # before the payer
    unread: tuple[KeptSegment, ...] = field(default=(), compare=False)


@record
class Remittance:
    """A whole 835."""

    header: RemittanceHeader
    groups: tuple[ProviderGroup, ...]
    claims: tuple[ClaimPayment, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    extra: tuple[Extra, ...] = ()  # behind the claims, among the PLB segments
