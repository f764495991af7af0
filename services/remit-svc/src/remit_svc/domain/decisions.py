"""What a payer said about a claim, as the ledger keeps it: facts alone. What they mean is worked out anew whenever one is added (``standing.py``)."""

from datetime import date
from functools import cached_property
from typing import Literal
from uuid import UUID

from claimstream_schemas.values.base import Value

PRIOR_PAYER = "23"
"""OA-23: what a payer before this one decided; its own remittance says that, and this one is read beside it."""
BEYOND_CHARGE = "94"
"""Paid beyond the charge: the other side of a bundled line (97), of a price above the charge, or of what a payer before has taken (RFI 2044)."""
_BUNDLED = "97"
PAID_BEFORE = "B13"
"""What the same payer paid of it earlier."""
_DECIDED_BEFORE = frozenset({"18", PAID_BEFORE})
_REVERSAL = "22"

Place = tuple[UUID, int]
"""Where a payment stands: its remittance, and its position there."""

EDITION = 1_000_000
"""A payment that a person put on a claim, or took off it, is told under its position and so many times this: each time is a decision of its own."""

Sequence_ = Literal["P", "S", "T"]


class Kept(Value):
    """A part of an account, as its row keeps it."""

    @cached_property
    def document(self) -> bytes:
        """It as JSON, without what is empty; made once."""
        return self.model_dump_json(exclude_none=True, exclude_defaults=True).encode()


class Said(Value):
    """One adjustment: positive lowers what is paid, negative raises it."""

    group: str
    carc: str
    cents: int

    @property
    def reason(self) -> str:
        """Group and CARC."""
        return f"{self.group}-{self.carc}"

    @property
    def is_beyond_charge(self) -> bool:
        """Whether it raises what is paid, against another adjustment."""
        return self.carc == BEYOND_CHARGE and self.cents < 0

    @property
    def is_bundled(self) -> bool:
        """Whether it is included in another service."""
        return self.carc == _BUNDLED and self.group != "PR"

    @property
    def is_prior_payers(self) -> bool:
        """Whether it only repeats what a payer before has decided."""
        return self.carc == PRIOR_PAYER and self.group != "PR"


class DecidedLine(Value):
    """What was said of one line of ours, all its parts added up (split, unbundled); or, without a line, of the claim itself."""

    line_id: UUID | None = None
    charge_cents: int
    paid_cents: int
    said: tuple[Said, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_duplicate(self) -> bool:
        """Whether the payer says that it was decided, or paid, before, and pays nothing."""
        return not self.paid_cents and any(each.carc in _DECIDED_BEFORE and each.group != "PR" for each in self.said)


class ToldRefusal(Value):
    """A refusal that was told to others; ``is_open`` until it is settled."""

    line_id: UUID | None = None
    group: str
    carc: str
    cents: int = 0
    """What of it was told to stand."""
    is_open: bool = True


class PostedDecision(Kept):
    """A payment (CLP) of a claim of ours. Amounts are as they were told when it came; what stands of them now says ``standing.py``."""

    remittance_id: UUID
    payment_ordinal: int
    received_number: int = 0
    """Its remittance's place among those of the practice, as they were received; 0: not told."""
    submission_ordinal: int
    payer_sequence: Sequence_
    payer_id: str
    filing_indicator: str | None = None
    outcome: str
    status: str
    charge_cents: int
    paid_cents: int
    denied_cents: int
    underpaid_cents: int = 0
    """What was taken off beyond the contract."""
    patient_cents: int
    is_billed: bool = True
    """Whether we billed this payer; else the claim went on to it without us."""
    payer_x12_id: str | None = None
    """Of a payer that we did not bill: by what it names itself."""
    is_money_alone: bool = False
    """Whether a person says that it moves money and explains nothing."""
    is_forwarded: bool = False
    """CLP02 19 to 21, or NM1*TT: the payer itself bills the next one."""
    suspense_cents: int = 0
    """What was paid on lines that are not ours."""
    unmatched: int = 0
    """How many lines are not ours."""
    payer_claim_number: str | None = None
    original_payer_claim_number: str | None = None
    paid_on: date
    remarks: tuple[str, ...] = ()
    """Of the claim (MIA, MOA)."""
    lines: tuple[DecidedLine, ...] = ()
    told: tuple[ToldRefusal, ...] = ()
    is_reversed: bool = False
    takes_back: Place | None = None
    """Of a reversal: the decision that it takes back; None while none fits."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.remittance_id, self.payment_ordinal

    @cached_property
    def is_bundling(self) -> bool:
        """Whether it pays one line with another: what one has too much (94) another has too little (97)."""
        said = [each for line in self.lines for each in line.said]
        return any(each.is_beyond_charge for each in said) and any(each.is_bundled for each in said)

    @property
    def position(self) -> Place:
        """Where it stands in its set, however often a person has put it on a claim."""
        return self.remittance_id, self.payment_ordinal % EDITION

    @property
    def is_reversal(self) -> bool:
        """CLP02 = 22."""
        return self.status == _REVERSAL and not self.is_money_alone

    @property
    def on_books_cents(self) -> int:
        """What of CLP04 is on the claim's books: nothing of a reversal that waits for its payment."""
        return 0 if self.is_reversal and self.takes_back is None else self.paid_cents

    @property
    def suspended_cents(self) -> int:
        """What of CLP04 is in suspense."""
        if not self.is_reversal:
            return self.suspense_cents
        return -self.suspense_cents if self.takes_back is not None else self.paid_cents - self.suspense_cents

    @property
    def speaker(self) -> str:
        """Whose word it is: two payers that we did not bill may both come second."""
        return self.payer_x12_id or self.payer_id

    @property
    def order(self) -> tuple[int, int]:
        """What comes first was received first; what has no number keeps its place among its like."""
        return (self.received_number, self.payment_ordinal) if self.received_number else (0, 0)
