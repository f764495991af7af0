"""What the payers paid: the 835 sets, each read once, weighed, and told apart as posted, quarantined or a copy.

Line: SVC02 - ΣCAS = SVC03. Claim: CLP03 - ΣCAS of claim and lines = CLP04. Set: ΣCLP04 - ΣPLB = BPR02 (X12 RFI 358, 2601).
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .segments import File, Segment, TransactionSet

REVERSAL = "22"


@dataclass(frozen=True)
class Adjustment:
    """One triplet of a CAS."""

    group: str
    reason: str
    amount: Decimal


@dataclass
class PaidLine:
    """Loop 2110."""

    charge: Decimal
    paid: Decimal
    number: str = ""
    adjustments: list[Adjustment] = field(default_factory=list)
    remarks: set[str] = field(default_factory=set)


@dataclass
class Payment:
    """Loop 2100."""

    number: str
    status: str
    charge: Decimal
    paid: Decimal
    payer_number: str
    adjustments: list[Adjustment] = field(default_factory=list)
    remarks: set[str] = field(default_factory=set)
    lines: list[PaidLine] = field(default_factory=list)

    @property
    def is_reversal(self) -> bool:
        """Whether it takes an earlier decision back."""
        return self.status == REVERSAL

    def amounts(self, sign: int = 1) -> tuple[object, ...]:
        """All it says about money, for comparing a reversal with what it takes back."""
        lines = sorted(
            (each.number, sign * each.charge, sign * each.paid, _in_order(each.adjustments, sign))
            for each in self.lines
        )
        return sign * self.charge, sign * self.paid, _in_order(self.adjustments, sign), lines


@dataclass
class Remittance:
    """One transaction set 835."""

    origin: TransactionSet
    paid: Decimal = Decimal(0)
    payer: str = ""
    provider_adjustments: list[tuple[str, Decimal]] = field(default_factory=list)
    """PLB03-1 and its amount."""
    payments: list[Payment] = field(default_factory=list)

    @property
    def balances(self) -> bool:
        """At line, claim and transaction level."""
        claims = sum((each.paid for each in self.payments), Decimal(0))
        provider = sum((amount for _, amount in self.provider_adjustments), Decimal(0))
        return claims - provider == self.paid and self.paid >= 0 and all(map(_balances, self.payments))


@dataclass
class SortedSets:
    """All sets, by what must become of them."""

    posted: list[Remittance] = field(default_factory=list)
    quarantined: list[Remittance] = field(default_factory=list)
    copies: list[Remittance] = field(default_factory=list)


def sort_remittances(files: list[File]) -> SortedSets:
    """Read every 835 set; one whose body was seen before is a copy."""
    found = SortedSets()
    seen: set[object] = set()
    for remittance in read_remittances(files):
        if remittance.origin.body in seen:
            found.copies.append(remittance)
        elif remittance.balances:
            found.posted.append(remittance)
        else:
            found.quarantined.append(remittance)
        seen.add(remittance.origin.body)
    return found


def read_remittances(files: list[File]) -> list[Remittance]:
    """Every 835 set, in the order of the files."""
    return [_read(one) for file in files for one in file.sets if one.kind == "835"]


def _read(origin: TransactionSet) -> Remittance:
    remittance = Remittance(origin)
    for segment in origin.segments:
        match segment.id:
            case "BPR":
                remittance.paid = Decimal(segment[2])
            case "REF" if segment[1] == "2U":
                remittance.payer = segment[2]
            case "CLP":
                remittance.payments.append(
                    Payment(segment[1], segment[2], Decimal(segment[3]), Decimal(segment[4]), segment[7])
                )
            case "SVC":
                line = PaidLine(Decimal(segment[2]), Decimal(segment[3] or 0))
                remittance.payments[-1].lines.append(line)
            case "CAS":
                payment = remittance.payments[-1]
                (payment.lines[-1] if payment.lines else payment).adjustments.extend(_adjustments(segment))
            case "LQ" | "MOA" | "MIA":
                _remark(segment, remittance.payments[-1])
            case "REF" if segment[1] == "6R":
                remittance.payments[-1].lines[-1].number = segment[2]
            case "PLB":
                remittance.provider_adjustments += [
                    (segment.part(n - 1, 1), Decimal(segment[n]))
                    for n in range(4, len(segment.elements), 2)
                    if segment[n]
                ]
    return remittance


def _remark(segment: Segment, payment: Payment) -> None:
    """A line's remark (LQ*HE), or all that a claim's MIA or MOA holds."""
    if segment.id != "LQ":
        payment.remarks |= {each for each in segment.elements[1:] if each}
    elif segment[1] == "HE":
        payment.lines[-1].remarks.add(segment[2])


def _adjustments(segment: Segment) -> list[Adjustment]:
    places = range(2, len(segment.elements), 3)
    return [Adjustment(segment[1], segment[n], Decimal(segment[n + 1])) for n in places if segment[n]]


def _balances(payment: Payment) -> bool:
    of_lines = [each for line in payment.lines for each in line.adjustments]
    return payment.charge - _sum(payment.adjustments) - _sum(of_lines) == payment.paid and all(
        line.charge - _sum(line.adjustments) == line.paid for line in payment.lines
    )


def _sum(adjustments: list[Adjustment]) -> Decimal:
    return sum((each.amount for each in adjustments), Decimal(0))


def _in_order(adjustments: list[Adjustment], sign: int) -> list[tuple[str, str, Decimal]]:
    return sorted((each.group, each.reason, sign * each.amount) for each in adjustments)
