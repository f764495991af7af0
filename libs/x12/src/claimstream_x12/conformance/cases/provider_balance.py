"""Money between payer and provider that belongs to no claim of the file: recoupment, refunds, capitation (PLB)."""

from __future__ import annotations

from decimal import Decimal

from claimstream_x12.conformance.building.remittances import (
    no_payment,
    payment_of_one_line,
    provider_adjustment,
    remittance,
)
from claimstream_x12.conformance.cases.expecting import SUMS, Rule, at

LATER_RECOUPMENT = Rule(
    "X12 RFI 227, 1386",
    "A payer that corrects now and takes the money later gives it back with a negative WO, and takes it with a positive "
    "one; both name the claim's payer control number, and two may name the same.",
)
LETTER_FIRST = Rule(
    "X12 RFI 2231, 1082",
    "After a letter the money is taken with a WO alone, which names the letter's number: no reversal, no claim in the file.",
)
REFUND = Rule("X12 RFI 1385, 325", "A provider's refund by cheque is PLB 72, offset by a WO: together nothing.")
CAPITATION_PAYMENT = Rule(
    "X12 RFI 424, 1645", "What is prepaid for many patients is a PLB, and no reason 24 on a claim."
)

_REVERSAL = payment_of_one_line("-120", "-80.5", "CAS*CO*45*-29.5~CAS*PR*3*-10~", status="22", share="")
_CORRECTION = payment_of_one_line("120", "50.5", "CAS*CO*45*59.5~CAS*PR*3*10~", payer_number="PAYER77")
_OTHER = payment_of_one_line(number="OTHER00000000001", payer_number="PAYER79")
_GIVEN_BACK = remittance(
    _REVERSAL, _CORRECTION, _OTHER, provider_adjustments=provider_adjustment("WO", "-30"), paid="80.5"
)
_TAKEN = remittance(_OTHER, provider_adjustments=provider_adjustment("WO", "30"), paid="50.5")
_TWICE = remittance(
    _OTHER,
    provider_adjustments="PLB*1999999984*20261231*WO:PAYER77*20*WO:PAYER77*10~",
    paid="50.5",
)
_BY_LETTER = no_payment(provider_adjustments="PLB*1999999984*20261231*WO:LETTER2026001*30*FB:LETTER2026001*-30~")

CASES = (
    LATER_RECOUPMENT.accepted("rfi-227-correction-now-recoupment-later", _GIVEN_BACK),
    LATER_RECOUPMENT.found(
        "rfi-227-given-back-with-the-wrong-sign",
        remittance(_REVERSAL, _CORRECTION, _OTHER, provider_adjustments=provider_adjustment("WO", "30"), paid="80.5"),
        at("BPR02"), at("PLB04"), levels=SUMS,
    ),
    LATER_RECOUPMENT.accepted("rfi-227-recoupment-taken", _TAKEN),
    LATER_RECOUPMENT.reads(
        "rfi-227-recoupment-names-the-claim", _GIVEN_BACK, "provider_adjustments.reference", "PAYER77"
    ),
    LATER_RECOUPMENT.accepted("rfi-227-two-recoupments-of-one-number", _TWICE),
    LATER_RECOUPMENT.reads(
        "rfi-227-two-recoupments-are-kept-apart",
        _TWICE,
        "provider_adjustments.amount", Decimal(20), Decimal(10),
    ),
    LETTER_FIRST.accepted(
        "rfi-2231-recoupment-by-letter",
        remittance(_OTHER, provider_adjustments=provider_adjustment("WO", "30", "LETTER2026001"), paid="50.5"),
    ),
    LETTER_FIRST.accepted("rfi-2231-recoupment-without-a-claim-in-the-file", _BY_LETTER),
    LETTER_FIRST.reads(
        "rfi-2231-recoupment-without-a-claim-is-kept", _BY_LETTER, "provider_adjustments.reason", "WO", "FB"
    ),
    REFUND.accepted(
        "rfi-1385-refund-by-cheque",
        remittance(_OTHER, provider_adjustments="PLB*1999999984*20261231*72:PAYER77*-30*WO:PAYER77*30~"),
    ),
    REFUND.found(
        "rfi-1385-refund-that-is-not-offset",
        remittance(_OTHER, provider_adjustments=provider_adjustment("72", "-30")),
        at("BPR02"), at("PLB04"), levels=SUMS,
    ),
    CAPITATION_PAYMENT.accepted(
        "rfi-424-capitation-payment",
        remittance(provider_adjustments=provider_adjustment("CT", "-5000", "SEPTEMBER"), paid="5000"),
    ),
)  # fmt: skip
