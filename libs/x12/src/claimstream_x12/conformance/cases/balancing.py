"""The sums of an 835: line, claim and transaction, and what is no part of them."""

from __future__ import annotations

from claimstream_x12.conformance.building.remittances import (
    no_payment,
    payment,
    payment_of_one_line,
    provider_adjustment,
    remittance,
    service,
)
from claimstream_x12.conformance.cases.expecting import SITUATION, STRUCTURE, SUMS, Rule, at

REASON_AND_AMOUNT = Rule("X12 RFI 1532", "Each reason of an adjustment has its amount, also where a quantity stands.")
LINE = Rule(
    "ediacademy 835; X12 RFI 358, 2601",
    "What a line charges, less its adjustments, is what it pays.",
)
CLAIM = Rule(
    "ediacademy 835; X12 RFI 358, 2601",
    "What a claim charges, less the adjustments of the claim and of its lines, is what it pays.",
)
TRANSACTION = Rule(
    "ediacademy 835; X12 RFI 358, 2601",
    "What the claims pay, less the provider's adjustments, is the amount of the transfer.",
)
SIGN = Rule(
    "ediacademy 835; X12 RFI 358, 2601",
    "A positive adjustment lowers the payment and a negative one raises it.",
)
ONE_LEVEL = Rule(
    "X12 RFI 358",
    "An adjustment stands at the claim or at a line, never at both; wherever it stands it counts in the claim's balance.",
)
INFORMATION = Rule(
    "X12 RFI 2601, 1324",
    "AMT and QTY tell amounts and counts; they are never part of a balance.",
)
REVERSAL = Rule(
    "X12 835 guide, reversals and corrections; RFI 791",
    "A reversal carries the first decision's amounts and adjustments with their signs turned; the correction follows it.",
)
UNBUNDLED = Rule(
    "X12 RFI 1684, 498, 2283",
    "When one billed line is decided as several, the first carries the charge and the others charge nothing.",
)
SPLIT = Rule(
    "X12 RFI 1684, 498, 2283",
    "A payer may decide more lines than were billed, and returns a line's own number only if it was sent.",
)

_CONTRACT = "CAS*CO*45*29.5~"
_REVERSED = "CAS*CO*45*-29.5~CAS*PR*3*-10~"
_REVERSAL = payment_of_one_line("-120", "-80.5", _REVERSED, status="22", share="", payer_number="PAYER77")
_CORRECTION = payment_of_one_line("120", "60", "CAS*CO*45*50~CAS*PR*3*10~", payer_number="PAYER78")
_BILLED_AS_PANEL = {"submitted": "80053", "number": "ABCDEFGH234567670101"}

CASES = (
    REASON_AND_AMOUNT.accepted(
        "rfi-1532-two-reasons-with-amounts-and-quantities",
        remittance(payment_of_one_line("120", "80.5", "CAS*CO*45*20*1*97*9.5*1~CAS*PR*3*10~")),
    ),
    REASON_AND_AMOUNT.found(
        "rfi-1532-a-reason-with-a-quantity-alone",
        remittance(payment_of_one_line("120", "80.5", "CAS*CO*45*29.5**97**1~CAS*PR*3*10~")),
        at("CAS06", "CAS*CO"), levels=STRUCTURE | SITUATION,
    ),
    LINE.accepted("rfi-358-line-balances", remittance(payment_of_one_line())),
    LINE.found(
        "rfi-358-line-one-cent-off",
        remittance(payment(service("120", "80.49"), paid="80.5"), paid="80.5"),
        at("SVC02"), at("SVC03"), at("CAS"), at("CLP04"), levels=SUMS,
    ),
    CLAIM.accepted("rfi-358-claim-without-lines-balances", remittance(payment(adjustments="CAS*CO*45*29.5~CAS*PR*3*10~"))),
    CLAIM.found(
        "rfi-358-claim-one-cent-off",
        remittance(payment(adjustments="CAS*CO*45*29.5~CAS*PR*3*10~", paid="80.49"), paid="80.49"),
        at("CLP03"), at("CLP04"), at("CAS"), levels=SUMS,
    ),
    CLAIM.found(
        "rfi-358-claim-is-not-the-sum-of-its-lines",
        remittance(payment(service(), service("50", "50", ""), charge="120", paid="130.5"), paid="130.5"),
        at("CLP03"), at("CLP04"), levels=SUMS,
    ),
    TRANSACTION.accepted(
        "rfi-358-transaction-balances",
        remittance(payment_of_one_line(), provider_adjustments=provider_adjustment("WO", "30.25"), paid="50.25"),
    ),
    TRANSACTION.found(
        "rfi-358-transaction-one-cent-off",
        remittance(payment_of_one_line(), provider_adjustments=provider_adjustment("WO", "30.25"), paid="50.26"),
        at("BPR02"), at("PLB04"), levels=SUMS,
    ),
    TRANSACTION.found(
        "rfi-358-provider-adjustment-of-the-wrong-sign",
        remittance(payment_of_one_line(), provider_adjustments=provider_adjustment("WO", "30.25"), paid="110.75"),
        at("BPR02"), at("PLB04"), levels=SUMS,
    ),
    SIGN.accepted(
        "rfi-358-negative-adjustment-raises-the-payment",
        remittance(payment_of_one_line("120", "130", "CAS*CO*94*-10~", share=""), paid="130"),
    ),
    SIGN.found(
        "rfi-358-negative-adjustment-taken-as-positive",
        remittance(payment_of_one_line("120", "110", "CAS*CO*94*-10~", share=""), paid="110"),
        at("SVC02"), at("SVC03"), at("CAS"), at("CLP04"), levels=SUMS,
    ),
    ONE_LEVEL.accepted(
        "rfi-358-adjustments-at-claim-and-line-both-count",
        remittance(
            payment(service("120", "90.5", _CONTRACT), adjustments="CAS*PR*1*40~", paid="50.5", share="40"), paid="50.5"
        ),
    ),
    ONE_LEVEL.found(
        "rfi-358-same-adjustment-at-claim-and-line",
        remittance(
            payment(service("120", "90.5", _CONTRACT), adjustments=_CONTRACT, paid="90.5", share=""), paid="90.5"
        ),
        at("CLP03"), at("CLP04"), at("CAS"), levels=SUMS,
    ),
    INFORMATION.accepted(
        "rfi-2601-amounts-and-quantities-are-outside-the-balance",
        remittance(payment(service(after="AMT*B6*90.5~"), after="AMT*AU*90.5~AMT*F5*12~QTY*CA*3~")),
    ),
    INFORMATION.found(
        "rfi-2601-interest-is-not-in-the-claim-payment",
        remittance(payment(service(), paid="81.75", after="AMT*I*1.25~"), paid="81.75"),
        at("CLP03"), at("CLP04"), at("AMT"), levels=SUMS,
    ),
    REVERSAL.accepted(
        "guide-835-reversal-and-correction-in-one-remittance",
        remittance(
            _REVERSAL, _CORRECTION, payment_of_one_line(number="OTHER00000000001", payer_number="PAYER79"), paid="60"
        ),
    ),
    REVERSAL.found(
        "guide-835-reversal-that-turns-the-amounts-and-not-the-adjustments",
        remittance(
            payment_of_one_line("-120", "-80.5", "CAS*CO*45*29.5~CAS*PR*3*10~", status="22", share=""),
            payment_of_one_line("200", "200", "", number="OTHER00000000001", share=""),
            paid="119.5",
        ),
        at("SVC02"), at("SVC03"), at("CAS"), at("CLP03"), at("CLP04"), levels=SUMS,
    ),
    REVERSAL.reads(
        "guide-835-reversal-is-told-from-a-correction",
        remittance(
            _REVERSAL, _CORRECTION, payment_of_one_line(number="OTHER00000000001", payer_number="PAYER79"), paid="60"
        ),
        "payments.reversed", True, False, False,
    ),
    UNBUNDLED.accepted(
        "rfi-1684-unbundled-line-charges-once",
        remittance(
            payment(
                service("120", "50", "CAS*CO*45*70~", code="80048", **_BILLED_AS_PANEL),
                service("0", "10", "CAS*CO*94*-10~", code="82040", **_BILLED_AS_PANEL),
                paid="60", share="",
            ),
            paid="60",
        ),
    ),
    UNBUNDLED.found(
        "rfi-1684-unbundled-line-charges-twice",
        remittance(
            payment(
                service("120", "50", "CAS*CO*45*70~", code="80048", **_BILLED_AS_PANEL),
                service("120", "10", "CAS*CO*45*110~", code="82040", **_BILLED_AS_PANEL),
                paid="60", share="",
            ),
            paid="60",
        ),
        at("CLP03"), at("CLP04"), at("SVC02"), levels=SUMS,
    ),
    UNBUNDLED.reads(
        "rfi-1684-unbundled-lines-name-what-was-billed",
        remittance(
            payment(
                service("120", "50", "CAS*CO*45*70~", code="80048", **_BILLED_AS_PANEL),
                service("0", "10", "CAS*CO*94*-10~", code="82040", **_BILLED_AS_PANEL),
                paid="60", share="",
            ),
            paid="60",
        ),
        "lines.submitted", "80053", "80053",
    ),
    SPLIT.accepted(
        "rfi-1684-split-line-keeps-its-number",
        remittance(
            payment(service("60", "50", "CAS*CO*45*10~"), service("60", "30.5", "CAS*CO*45*29.5~"), share="")
        ),
    ),
    SPLIT.accepted(
        "rfi-1684-line-that-was-sent-without-a-number",
        remittance(payment(service(number=""))),
    ),
    CLAIM.accepted(
        "rfi-358-nothing-paid-balances",
        no_payment(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120")),
    ),
)  # fmt: skip
