"""The other side of the folder: answers to a file of ours, as a partner writes them."""

from datetime import date
from decimal import Decimal

from claimstream_x12 import (
    Address,
    Adjustment,
    Contact,
    Dated,
    Envelope,
    Group,
    Party,
    Procedure,
    Reference,
    X12Reader,
    write_interchange,
)
from claimstream_x12.acknowledgment_999 import (
    GUIDE as GUIDE_999,
)
from claimstream_x12.acknowledgment_999 import (
    ElementError,
    GroupAcknowledgment,
    SegmentError,
    SetAcknowledgment,
    write_999,
)
from claimstream_x12.claim_837 import ClaimReader
from claimstream_x12.claim_status_277ca import GUIDE as GUIDE_277CA
from claimstream_x12.claim_status_277ca import (
    ClaimAcknowledgment,
    ClaimStatusSet,
    LevelStatus,
    PatientAcknowledgment,
    ProviderAcknowledgment,
    ReceiverAcknowledgment,
    SourceAcknowledgment,
    Status,
    StatusCode,
    write_277ca,
)
from claimstream_x12.interchange_ta1 import InterchangeAcknowledgment, write_ta1
from claimstream_x12.remittance_835 import GUIDE as GUIDE_835
from claimstream_x12.remittance_835 import (
    ClaimPayment,
    DateMark,
    Payee,
    Payer,
    Payment,
    ProviderGroup,
    Remittance,
    RemittanceHeader,
    ServicePayment,
    Trace,
    write_remittance,
)

from .builders import NOW, NPI, PARTNER, SUBMITTER, TIN


def envelope(number=1):
    return Envelope("ZZ", PARTNER, "ZZ", SUBMITTER, NOW, number)


def in_file(code, guide, *sets, number=1):
    return write_interchange(envelope(number), [Group(code, PARTNER, SUBMITTER, NOW, number, guide, sets)])


def a_ta1(data, status="A", note="000"):
    reader = X12Reader(data)
    list(reader.sets())
    control = reader.interchanges[0].header.control_number
    return write_interchange(
        envelope(), acknowledgments=[write_ta1(InterchangeAcknowledgment(control, NOW, status, note))]
    )


def a_999(data, *, rejected=(), number=1):
    sets = list(X12Reader(data).sets())
    error = SegmentError("CLM", 22, "2300", "8", elements=(ElementError(2, "7", copy="BAD"),))
    answers = tuple(
        SetAcknowledgment("837", one.control_number, "R", one.guide, ("5",), (error,))
        if one.control_number in rejected
        else SetAcknowledgment("837", one.control_number, "A", one.guide)
        for one in sets
    )
    accepted = len(answers) - len(rejected)
    status = "A" if not rejected else "R" if not accepted else "P"
    group = GroupAcknowledgment(
        "HC", sets[0].group.control_number, status, answers, len(answers), len(answers), accepted, guide=sets[0].guide
    )
    return in_file("FA", GUIDE_999, write_999(group, "0001"), number=number)


def claims_of(data):
    """(batch reference, claim) of a file of ours."""
    found = []
    for one in X12Reader(data).sets():
        reader = ClaimReader(one)
        found += [(reader, read.billed) for read in reader.claims()]
    return [(reader.header.reference, billed) for reader, billed in found]


def a_status(category, status="20", action="WQ"):
    return Status((StatusCode(category, status, "PR"),), date(2026, 9, 17), action, Decimal(120))


def a_277ca(data, *, batch=None, claim=None, list_claims=True, clearinghouse=False):
    answered = claims_of(data)
    source = Party(
        "AY" if clearinghouse else "PR", "2", "FIRST PAYER", id_qualifier="46" if clearinghouse else "PI", id="P0001"
    )
    patients = tuple(
        PatientAcknowledgment(
            Party("QC", "1", "NUNEZ", "ZOE", id_qualifier="MI", id="M000001"),
            (
                ClaimAcknowledgment(
                    billed.claim.control_number,
                    (claim or a_status("A2"),),
                    references=(Reference("1K", "PAYER77"),),
                    dates=(Dated("472", date(2026, 9, 1)),),
                ),
            ),
        )
        for _, billed in answered
    )
    provider = ProviderAcknowledgment(Party("85", "2", "BAY STATE CLINIC", id_qualifier="XX", id=NPI), None, patients)
    receiver = ReceiverAcknowledgment(
        Party("41", "2", "BAY STATE CLINIC", id_qualifier="46", id=SUBMITTER),
        LevelStatus(answered[0][0], (batch or a_status("A1", "19"),)),
        (provider,) if list_claims else (),
    )
    whole = ClaimStatusSet(
        "1", NOW, (SourceAcknowledgment(source, "T1", date(2026, 9, 16), date(2026, 9, 17), (receiver,)),)
    )
    return in_file("HN", GUIDE_277CA, write_277ca(whole, "0001"))


def a_service_payment(line, paid="100"):
    adjusted = line.charge - Decimal(paid)
    return ServicePayment(
        procedure=line.procedure,
        charge=line.charge,
        paid=Decimal(paid),
        dates=(DateMark("472", date(2026, 9, 1)),),
        adjustments=(Adjustment("CO", "45", adjusted),) if adjusted else (),
        references=(Reference("6R", line.control_number),) if line.control_number else (),
    )


def a_payment(billed, paid="100"):
    lines = tuple(a_service_payment(line, paid) for line in billed.claim.lines)
    return ClaimPayment(
        billed.claim.control_number, "1", billed.claim.charge, sum((line.paid for line in lines), Decimal(0)),
        filing_indicator="12", payer_control_number="PAYER77",
        parties=(Party("QC", "1", "NUNEZ", "ZOE", id_qualifier="MI", id="M000001"),),
        lines=lines, provider_group=1,
    )  # fmt: skip


def a_strange_payment(control_number="NOT-OURS"):
    line = ServicePayment(Procedure("99213"), Decimal(50), Decimal(50))
    return ClaimPayment(
        control_number, "1", Decimal(50), Decimal(50), lines=(line,), provider_group=1, payer_control_number="X"
    )


def a_payee(npi=NPI, tin=TIN):
    """Without an NPI the tax number stands in its place."""
    if not npi:
        return Payee("BAY STATE CLINIC", "FI", tin)
    return Payee("BAY STATE CLINIC", "XX", npi, references=(Reference("TJ", tin),) if tin else ())


def a_remittance(*payments, trace="EFT0001", npi=NPI, tin=TIN, payer="P0001"):
    return Remittance(
        RemittanceHeader(
            Payment(sum((one.paid for one in payments), Decimal(0)), "CHK", date(2026, 9, 20)),
            Trace(trace, "1512345678"),
            Payer(
                "FIRST PAYER", "XV" if payer else "", payer, Address("1 MAIN", "BOSTON", "MA", "021010001"),
                contacts=(Contact((("TE", "8005550100"),), function="BL"),),
            ),
            a_payee(npi, tin),
        ),
        (ProviderGroup(1),),
        tuple(payments),
    )  # fmt: skip


def an_835(*remittances, number=1, first_set=1):
    sets = [
        write_remittance(one, f"{place:04d}", checked=False) for place, one in enumerate(remittances, start=first_set)
    ]
    return in_file("HP", GUIDE_835, *sets, number=number)
