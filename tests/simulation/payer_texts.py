"""What the partner writes: X12 segments by hand, and an envelope around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .violation import Violation

ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*260916*1200*^*00501*{number:09}*0*P*:"
GUIDES = {"FA": "005010X231A1", "HN": "005010X214", "HP": "005010X221A1"}
SETS = {"FA": "999", "HN": "277", "HP": "835"}


@dataclass(frozen=True)
class Line:
    """A line of a claim that the partner was sent."""

    number: str  # REF*6R
    procedure: str
    charge: Decimal


@dataclass(frozen=True)
class Billed:
    """A claim that the partner was sent, and where it stood."""

    control_number: str
    charge: Decimal
    payer: str
    file_number: str
    group_number: str
    set_number: str
    batch: str
    lines: tuple[Line, ...]
    file: str

    @property
    def ordinal(self) -> int:
        """The submission, as the lines' numbers tell it."""
        return int(self.lines[0].number[16:18] or 0)


@dataclass(frozen=True)
class PaidLine:
    """What the payer says of a line."""

    line: Line
    paid: Decimal
    adjustments: tuple[tuple[str, str, Decimal], ...]


TRAILER = 40
"""Bytes at a file's end that have its IEA."""


def read_837(name: str, data: bytes) -> list[Billed]:
    """The claims of a file of ours, which is whole once it has its name."""
    if b"IEA" not in data[-TRAILER:]:
        raise Violation(f"I3: {name} took its name before it was whole")
    reader = _Reader(name)
    text = data.decode()
    separator, terminator = text[3], text[105]
    for raw in text.split(terminator):
        reader.take(raw.strip().split(separator))
    return reader.found


class _Reader:
    """Goes through a file segment by segment, and keeps what the partner answers to."""

    def __init__(self, name: str) -> None:
        self.found: list[Billed] = []
        self._name = name
        self._said = {"ISA": "", "GS": "", "ST": "", "BHT": "", "payer": ""}
        self._claim: list[str] = []
        self._service: list[str] = []
        self._lines: list[Line] = []

    def take(self, parts: list[str]) -> None:
        """One segment."""
        match parts[0]:
            case "ISA" | "GS" | "ST" | "BHT":
                self._said[parts[0]] = parts[{"ISA": 13, "GS": 6, "ST": 2, "BHT": 3}[parts[0]]]
            case "HL" | "SE":
                self._close()
            case "NM1" if parts[1] == "PR" and not self._claim:
                self._said["payer"] = parts[9]
            case "CLM":
                self._close()
                self._claim = parts
            case "SV1":
                self._service = [parts[1].split(":")[1], parts[2]]
            case "REF" if parts[1] == "6R":
                self._lines.append(Line(parts[2], self._service[0], Decimal(self._service[1])))

    def _close(self) -> None:
        if self._claim:
            said, (number, charge) = self._said, self._claim[1:3]
            place = (said["payer"], said["ISA"], said["GS"], said["ST"], said["BHT"])
            self.found.append(Billed(number, Decimal(charge), *place, tuple(self._lines), self._name))
        self._claim, self._lines = [], []


def envelope(sender: str, receiver: str, number: int, group: str | None, sets: Sequence[Sequence[str]]) -> bytes:
    """An interchange; without a group the segments stand alone, as a TA1 does."""
    isa = ISA.format(sender=sender, receiver=receiver, number=number)
    body: list[str] = [isa]
    if group is None:
        body += [segment for one in sets for segment in one]
    else:
        body.append(f"GS*{group}*{sender}*{receiver}*20260916*1200*{number}*X*{GUIDES[group]}")
        for place, one in enumerate(sets, start=1):
            st = f"{place:04d}"
            guide = "" if group == "HP" else f"*{GUIDES[group]}"
            body += [f"ST*{SETS[group]}*{st}{guide}", *one, f"SE*{len(one) + 2}*{st}"]
        body.append(f"GE*{len(sets)}*{number}")
    body.append(f"IEA*{0 if group is None else 1}*{number:09}")
    return "".join(f"{segment}~" for segment in body).encode()


def ta1(file_number: str, *, accepted: bool) -> list[str]:
    """The envelope is accepted, or refused."""
    return [f"TA1*{file_number}*260916*1200*{'A*000' if accepted else 'R*025'}"]


def a_999(claims: Sequence[Billed], *, accepted: bool) -> list[str]:
    """The sets of a file are accepted, or refused."""
    numbers = sorted({each.set_number for each in claims})
    body = [f"AK1*HC*{claims[0].group_number}*005010X222A1"]
    for number in numbers:
        body.append(f"AK2*837*{number}*005010X222A1")
        body += ["IK5*A"] if accepted else ["IK3*CLM*22*2300*8", "IK4*2**7*BAD", "IK5*R*5"]
    count = len(numbers)
    return [*body, f"AK9*{'A' if accepted else 'R'}*{count}*{count}*{count if accepted else 0}"]


def a_277ca(claim: Billed, reference: str, *, accepted: bool) -> list[str]:
    """The payer takes a claim into adjudication, or refuses it."""
    status = "STC*A2:20:PR*20260917*WQ" if accepted else "STC*A7:164:PR*20260917*U"
    return [
        f"BHT*0085*08*{reference}*20260916*1200*TH",
        "HL*1**20*1", f"NM1*PR*2*PAYER*****PI*{claim.payer}", f"TRN*1*{reference}", "DTP*050*D8*20260916", "DTP*009*D8*20260917",
        "HL*2*1*21*1", "NM1*41*2*PRACTICE*****46*PRACTICE", f"TRN*2*{claim.batch}", f"STC*A1:19:PR*20260917*WQ*{claim.charge}",
        "HL*3*2*19*1", "NM1*85*2*PRACTICE*****XX*1999999984",
        "HL*4*3*PT", "NM1*QC*1*SAMPLE*ROBIN****MI*M000001", f"TRN*2*{claim.control_number}", f"{status}*{claim.charge}",
        f"REF*1K*PCN{claim.control_number[:6]}", "DTP*472*D8*20260803",
    ]  # fmt: skip


def an_835_claim(claim: Billed, lines: Sequence[PaidLine], *, status: str, number: str) -> list[str]:
    """Loop 2100 with its lines; a reversal has its amounts turned already."""
    charge = sum((each.line.charge for each in lines), Decimal(0)) * (-1 if status == "22" else 1)
    paid = sum((each.paid for each in lines), Decimal(0))
    share = sum((amount for each in lines for group, _, amount in each.adjustments if group == "PR"), Decimal(0))
    body = [
        f"CLP*{claim.control_number}*{status}*{charge}*{paid}*{share if share > 0 else ''}*12*{number}*11*1",
        "NM1*QC*1*SAMPLE*ROBIN****MI*M000001",
    ]
    for each in lines:
        sign = -1 if status == "22" else 1
        body += [f"SVC*HC:{each.line.procedure}*{each.line.charge * sign}*{each.paid}**{sign}", "DTM*472*20260803"]
        body += [f"CAS*{group}*{reason}*{amount}" for group, reason, amount in each.adjustments]
        body += [f"REF*6R*{each.line.number}"] if each.line.number else []
    return body


def an_835(payee: str, payer: str, trace: str, amount: Decimal, claims: Sequence[str], plb: Decimal) -> list[str]:
    """A remittance."""
    adjustment = [f"PLB*{payee}*20261231*WO:{trace}*{plb}"] if plb else []
    return [
        f"BPR*I*{amount}*C*CHK************20260920",
        f"TRN*1*{trace}*1512345678",
        "DTM*405*20260920",
        f"N1*PR*PAYER*XV*{payer}", "N3*1 MAIN", "N4*BOSTON*MA*021010001", "PER*BL*LINE*TE*8005550100",
        f"N1*PE*PRACTICE*XX*{payee}",
        "LX*1",
        *claims,
        *adjustment,
    ]  # fmt: skip
