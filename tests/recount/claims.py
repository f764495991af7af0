"""What was sent: each CLM of the 837 files."""

from dataclasses import dataclass, field
from decimal import Decimal

from .segments import File, Segment, TransactionSet

PAYER_ORDER = "PST"
ORDINAL = slice(-5, -3)
"""REF*6R ends in two digits for the submission and three for the line."""


@dataclass
class SentClaim:
    """One CLM: a submission of a claim to one payer."""

    number: str
    charge: Decimal
    origin: TransactionSet
    batch: str
    """BHT03: a 277CA names it."""
    payer: str
    sequence: str
    is_dependents: bool
    bill_type: str
    frequency: str
    """CLM05-3."""
    billed_by: str
    """The NPI of loop 2010AA."""
    insurance_type: str
    """SBR05."""
    filing_code: str
    """SBR09."""
    has_poa: bool = False
    other_sequences: list[str] = field(default_factory=list)
    lines: dict[str, Decimal] = field(default_factory=dict)
    """REF*6R to the line's charge."""

    @property
    def ordinal(self) -> int:
        """Which submission of its claim this is."""
        return int(next(iter(self.lines))[ORDINAL])

    @property
    def is_inpatient(self) -> bool:
        """An institutional claim of bill type 11x."""
        return "X223" in self.origin.guide and self.bill_type.startswith("11")

    @property
    def has_next_payer(self) -> bool:
        """Whether it names a payer whose turn comes later."""
        return any(PAYER_ORDER.index(each) > PAYER_ORDER.index(self.sequence) for each in self.other_sequences)


def sent_claims(files: list[File]) -> list[SentClaim]:
    """Every CLM, in the order of the files."""
    return [claim for file in files for one in file.sets if one.kind == "837" for claim in _Reader(one).read()]


class _Reader:
    def __init__(self, origin: TransactionSet) -> None:
        self._origin = origin
        self._claims: list[SentClaim] = []
        self._batch = ""
        self._payer = ""
        self._sequence = ""
        self._insurance_type = ""
        self._filing_code = ""
        self._billed_by = ""
        self._level = ""
        self._in_claim = False
        self._in_line = False
        self._charge = Decimal(0)

    def read(self) -> list[SentClaim]:
        for segment in self._origin.segments:
            self._take(segment)
        return self._claims

    def _take(self, segment: Segment) -> None:
        if segment.id == "HL":
            self._level, self._in_claim = segment[3], False
        elif segment.id == "CLM":
            self._in_claim, self._in_line = True, False
            self._claims.append(self._claim(segment))
        elif self._in_claim:
            self._take_in_claim(segment, self._claims[-1])
        elif segment.id == "BHT":
            self._batch = segment[3]
        elif segment.id == "SBR":
            self._sequence, self._insurance_type, self._filing_code = segment[1], segment[5], segment[9]
        elif segment.id == "NM1" and segment[1] == "85":
            self._billed_by = segment[9]
        elif segment.id == "NM1" and segment[1] == "PR":
            self._payer = segment[9]

    def _take_in_claim(self, segment: Segment, claim: SentClaim) -> None:
        match segment.id:
            case "SBR":
                claim.other_sequences.append(segment[1])
            case "HI":
                claim.has_poa |= any(segment.part(n, 9) for n in range(1, len(segment.elements)))
            case "LX":
                self._in_line = True
            case "SV1":
                self._charge = Decimal(segment[2])
            case "SV2":
                self._charge = Decimal(segment[3])
            case "REF" if self._in_line and segment[1] == "6R":
                claim.lines[segment[2]] = self._charge

    def _claim(self, segment: Segment) -> SentClaim:
        return SentClaim(
            number=segment[1],
            charge=Decimal(segment[2]),
            origin=self._origin,
            batch=self._batch,
            payer=self._payer,
            sequence=self._sequence,
            is_dependents=self._level == "23",
            bill_type=segment.part(5, 1),
            frequency=segment.part(5, 3),
            billed_by=self._billed_by,
            insurance_type=self._insurance_type,
            filing_code=self._filing_code,
        )
