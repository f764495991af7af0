"""The transfer of an 835: its amount, its method, interest, and what makes two payments the same."""

from __future__ import annotations

from claimstream_x12.conformance.building.envelopes import group, interchange, one_set, with_delimiters
from claimstream_x12.conformance.building.remittances import (
    no_payment,
    payment,
    payment_of_one_line,
    provider_adjustment,
    remittance,
    remittance_body,
    service,
)
from claimstream_x12.conformance.cases.expecting import CODE, MONEY_SITUATION, SUMS, Rule, anywhere, at

NOT_NEGATIVE = Rule(
    "X12 RFI 758, 1604",
    "The transfer may not be negative: the payer forwards the balance with a negative PLB FB, and a later 835 takes it "
    "up with a positive one.",
)
NO_MONEY = Rule(
    "X12 HIR 352, 444",
    "An 835 that moves no money says NON in BPR04 and H in BPR01, the two together.",
)
NOTHING_BY_ACH = Rule(
    "X12 RFI 2228, 352",
    "Nothing is not transferred: a payment of 0 is H with NON, unless a prenote (P) tries the account.",
)
INTEREST = Rule(
    "X12 RFI 2123, 2184, 1324, 2202, 1705",
    "Interest is a PLB L6 with the opposite sign of the claims' AMT*I together, and is not in what a claim pays.",
)
NO_INTEREST = Rule(
    "X12 RFI 2123, 2184, 1324, 2202, 1705", "Where the claims' interest comes to nothing there is no PLB L6."
)
PATIENTS_INTEREST = Rule(
    "X12 RFI 2123, 2184, 1324, 2202, 1705",
    "Interest that the patient owes is an adjustment of the claim (CAS), and no PLB.",
)
IDENTITY = Rule(
    "CAQH CORE 370",
    "A payment is known by its trace, its amount and its content, and not by the envelope that a clearinghouse gave it.",
)
REUSED_TRACE = Rule(
    "X12 RFI 1847, 604",
    "A trace that comes back with another body is another remittance, and no duplicate.",
)

_OWED = payment_of_one_line("-120", "-80.5", "CAS*CO*45*-29.5~CAS*PR*3*-10~", status="22", share="")
_LATE = payment(service(), after="AMT*I*1.25~")
_LATE_REVERSED = payment(
    service("-120", "-80.5", "CAS*CO*45*-29.5~CAS*PR*3*-10~"),
    status="22", charge="-120", paid="-80.5", share="", after="AMT*I*-1.25~",
)  # fmt: skip
_PLAIN = remittance(payment_of_one_line())
_RE_ENVELOPED = interchange(
    group("835", one_set("835", remittance_body(payment_of_one_line()), control="4711"), control="88"), control=99
)

CASES = (
    NOT_NEGATIVE.found(
        "rfi-758-negative-transfer", remittance(_OWED, paid="-80.5"), at("BPR02"), levels=MONEY_SITUATION
    ),
    NOT_NEGATIVE.accepted(
        "rfi-758-balance-forwarded", no_payment(_OWED, provider_adjustments=provider_adjustment("FB", "-80.5", "EFT0001"))
    ),
    NOT_NEGATIVE.accepted(
        "rfi-758-balance-taken-up",
        remittance(
            payment_of_one_line("120", "100", "CAS*CO*45*20~", share=""),
            provider_adjustments=provider_adjustment("FB", "80.5", "EFT0001"),
            paid="19.5",
        ),
    ),
    NOT_NEGATIVE.found(
        "rfi-758-balance-forwarded-with-the-wrong-sign",
        no_payment(_OWED, provider_adjustments=provider_adjustment("FB", "80.5", "EFT0001")),
        at("BPR02"), at("PLB04"), levels=SUMS,
    ),
    NO_MONEY.accepted("hir-352-no-money", no_payment(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120"))),
    NO_MONEY.found(
        "hir-352-no-payment-method-with-remittance-and-payment",
        remittance(
            payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120"), paid="0", method="NON", handling="I"
        ),
        at("BPR01"), at("BPR04"), levels=CODE,
    ),
    NO_MONEY.found(
        "hir-352-notification-only-with-a-transfer",
        remittance(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120"), paid="0", handling="H"),
        at("BPR01"), at("BPR04"), levels=CODE,
    ),
    NOTHING_BY_ACH.found(
        "rfi-2228-nothing-by-ach",
        remittance(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120"), paid="0"),
        at("BPR01"), at("BPR02"), at("BPR04"), levels=MONEY_SITUATION,
    ),
    NOTHING_BY_ACH.accepted(
        "rfi-2228-prenote",
        remittance(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120"), paid="0", handling="P"),
    ),
    INTEREST.accepted(
        "rfi-2123-interest-of-the-opposite-sign",
        remittance(_LATE, provider_adjustments=provider_adjustment("L6", "-1.25"), paid="81.75"),
    ),
    INTEREST.found(
        "rfi-2123-interest-of-the-same-sign",
        remittance(_LATE, provider_adjustments=provider_adjustment("L6", "1.25"), paid="79.25"),
        at("PLB"), at("AMT", "AMT*I"), at("BPR02"), levels=MONEY_SITUATION,
    ),
    INTEREST.found(
        "rfi-2123-interest-of-another-amount",
        remittance(_LATE, provider_adjustments=provider_adjustment("L6", "-1.26"), paid="81.76"),
        at("PLB"), at("AMT", "AMT*I"), at("BPR02"), levels=MONEY_SITUATION,
    ),
    INTEREST.found(
        "rfi-2123-interest-without-its-adjustment",
        remittance(_LATE),
        at("AMT", "AMT*I"), at("BPR02"), anywhere("PLB"), levels=MONEY_SITUATION,
    ),
    NO_INTEREST.accepted(
        "rfi-2123-interest-and-its-reversal",
        remittance(_LATE_REVERSED, _LATE, payment_of_one_line(number="OTHER00000000001", payer_number="PAYER79")),
    ),
    PATIENTS_INTEREST.accepted(
        "rfi-2123-interest-that-the-patient-owes",
        remittance(payment_of_one_line("120", "118", "CAS*PR*85*2~", share="2"), paid="118"),
    ),
    IDENTITY.same_content("core-370-same-remittance-in-another-envelope", _PLAIN, _RE_ENVELOPED),
    IDENTITY.same_content(
        "core-370-same-remittance-with-other-delimiters", _PLAIN, with_delimiters(_PLAIN, "|", ">", "!", "\n")
    ),
    IDENTITY.same_content("core-370-same-remittance-in-lines", _PLAIN, _PLAIN.replace(b"~", b"~\r\n")),
    IDENTITY.other_content(
        "core-370-other-amount-in-the-same-envelope",
        _PLAIN,
        remittance(payment_of_one_line("120", "80.49", "CAS*CO*45*29.51~CAS*PR*3*10~"), paid="80.49"),
    ),
    IDENTITY.reads("core-370-trace-number", _PLAIN, "transfers.trace", "EFT0001"),
    IDENTITY.reads("core-370-trace-originator", _PLAIN, "transfers.originator", "1512345678"),
    REUSED_TRACE.other_content(
        "rfi-1847-trace-reused-without-payment",
        no_payment(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120")),
        no_payment(payment_of_one_line("95", "0", "CAS*PR*1*95~", share="95", number="OTHER00000000001")),
    ),
)  # fmt: skip
