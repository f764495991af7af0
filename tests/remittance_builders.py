"""835 files as a payer writes them, by hand: segments and nothing else."""

from dataclasses import dataclass, replace
from decimal import Decimal

ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*260916*1200*^*00501*{number:09}*0*P*:"


@dataclass(frozen=True)
class A835:
    """One claim with one line, paid 100.00 of 155.00 unless told otherwise."""

    receiver: str
    payee: str
    claim: str
    trace: str
    charge: str = "155"
    paid: str = "100"
    adjusted: str = "55"
    claim_paid: str | None = None
    total: str | None = None
    number: int = 1
    status: str = "1"
    provider_adjustments: tuple[tuple[str, str], ...] = ()
    """PLB03-1 and amount: positive lowers the payment."""
    others: tuple["A835", ...] = ()
    """More claims in the same set."""

    def with_claims(self, *others: "A835") -> "A835":
        """The same set with more claims."""
        return replace(self, others=others)

    def taken_back(self, trace: str, number: int) -> "A835":
        """The same turned round, in a remittance that carries what is owed on to the next one (X12 RFI 758)."""
        turned = {name: f"-{getattr(self, name)}" for name in ("charge", "paid", "adjusted")}
        owed = (("FB", f"-{self.paid}"),)
        return replace(self, trace=trace, number=number, status="22", provider_adjustments=owed, **turned)

    def to_bytes(self) -> bytes:
        """The file."""
        claims = (self, *self.others)
        paid = sum((Decimal(each.claim_paid or each.paid) for each in claims), Decimal(0))
        paid -= sum((Decimal(amount) for _, amount in self.provider_adjustments), Decimal(0))
        body = [
            "ST*835*0001",
            f"BPR*I*{self.total or paid}*C*ACH*CCP*01*011000015*DA*1234*1998877665**01*211000000*DA*5678*20260916",
            f"TRN*1*{self.trace}*1998877665",
            "DTM*405*20260916",
            "N1*PR*BLUE CROSS",
            "N3*PO BOX 1",
            "N4*BOSTON*MA*021010001",
            "REF*2U*BCB000200",
            "PER*BL*PROVIDER SERVICES*TE*8005550100",
            f"N1*PE*PRACTICE*XX*{self.payee}",
            "LX*1",
            *(segment for each in claims for segment in each.claim_segments()),
        ]
        body += [
            f"PLB*{self.payee}*20261231*{reason}:{self.trace}*{amount}" for reason, amount in self.provider_adjustments
        ]
        body.append(f"SE*{len(body) + 1}*0001")
        isa = ISA.format(sender="BAYCLEAR", receiver=self.receiver, number=self.number)
        group = f"GS*HP*BAYCLEAR*{self.receiver}*20260916*1200*{self.number}*X*005010X221A1"
        whole = [isa, group, *body, f"GE*1*{self.number}", f"IEA*1*{self.number:09}"]
        return ("~\n".join(whole) + "~\n").encode()

    def in_one_file_with(self, other: "A835") -> bytes:
        """A file with both sets, in the envelope of the first."""
        own, theirs = (one.to_bytes().split(b"~\n") for one in (self, other))
        return b"~\n".join([*own[:-3], *theirs[2:-3], own[-3].replace(b"GE*1", b"GE*2"), *own[-2:]])

    def claim_segments(self) -> list[str]:
        """Loop 2100 with its line."""
        return [
            f"CLP*{self.claim}*{self.status}*{self.charge}*{self.claim_paid or self.paid}**12*PCN{self.claim[:8]}*11*1",
            "NM1*QC*1*SAMPLE*ROBIN",
            f"SVC*HC:99213*{self.charge}*{self.paid}**1",
            "DTM*472*20260803",
            f"CAS*CO*45*{self.adjusted}",
            f"REF*6R*{self.claim}01001",
        ]
