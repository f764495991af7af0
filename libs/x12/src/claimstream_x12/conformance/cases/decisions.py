"""What an 835 decided about a claim: status, denial, patient's share, allowed amount, group and reason codes."""

from __future__ import annotations

from decimal import Decimal

from claimstream_x12.conformance.building.remittances import (
    no_payment,
    payment,
    payment_of_one_line,
    remittance,
    service,
)
from claimstream_x12.conformance.cases.expecting import CODE, SITUATION, STRUCTURE, Rule, at

PROCESSED_AS = Rule(
    "X12 RFI 1423, 1079, 207",
    "CLP02 1, 2 or 3 says as which payer the claim was decided, and says so of a denial too; a denial shows in the "
    "adjustments and in what was paid.",
)
NOT_RECOGNISED = Rule(
    "X12 RFI 1423, 1079, 207",
    "CLP02 is 4 only when the patient is not recognised and the claim is not forwarded.",
)
PENDED = Rule("X12 RFI 457", "CLP02 has no code for a pended claim in 5010; that travels in a 277.")
FORWARDED = Rule(
    "X12 835 guide, crossover",
    "CLP02 19, 20 or 21, or a crossover carrier (NM1*TT), says that the payer sent the claim on.",
)
ZERO_PAID = Rule(
    "Stedi 835 documentation; X12 RFI 424",
    "Nothing paid is not yet a denial: a deductible or a capitation contract pays nothing either.",
)
CAPITATION = Rule(
    "X12 RFI 424, 1645",
    "A capitated line pays nothing with reason 24; a payment for a line that charges nothing is a negative reason 94.",
)
EARLIER_PAYER = Rule(
    "X12 RFI 1294, 1555, 1028; WPS",
    "What an earlier payer's decision took away is OA 23 in the next payer's 835, and is no denial.",
)
PAID_TO_PATIENT = Rule(
    "X12 RFI 871, 976, 1812",
    "Reason 100, paid to the patient, goes with group PR alone.",
)
BEFORE_COVERAGE = Rule(
    "X12 RFI 871, 976, 1812",
    "CO says that a contract or a regulation spares the patient; with reason 26, before coverage began, it says nothing.",
)
PATIENT_SHARE = Rule(
    "X12 RFI 871, 976, 1812",
    "The patient's share is what is adjusted in group PR; what is adjusted in group CO is never the patient's.",
)
ALLOWED = Rule(
    "X12 RFI 888, 1072, 2606",
    "The allowed amount is the charge less CO 45, before the patient's share; AMT*B6 is optional, and sequestration or "
    "a withhold lowers what is paid and not what is allowed.",
)
CORRECTION_ONLY_IN_CLAIMS = Rule(
    "X12 RFI 1147", "Group CR belongs to the 837's account of earlier payers, not to an 835."
)
ANY_NUMBER = Rule("X12 RFI 1147", "An 835 may have any number of CAS in a group.")
UNKNOWN_REASON = Rule(
    "pyx12 issue 64; X12 code maintenance",
    "Reason and remark codes change three times a year: one that is not in the list is told and posted, never refused.",
)
CONTROL_NUMBER = Rule(
    "X12 RFI 1945, 2150, 525",
    "A reversal carries the claim's old number, and its correction the new one if that has changed.",
)
CORRECTED = Rule(
    "X12 835 guide, corrected patient and priority payer",
    "A corrected name or member number rides in NM1*74 of the claim, and a payer that comes first in its NM1*PR.",
)

_DENIED = no_payment(payment_of_one_line("120", "0", "CAS*CO*50*120~", share=""))
_CAPITATED = no_payment(payment_of_one_line("120", "0", "CAS*CO*24*120~", share=""))
_DEDUCTIBLE = no_payment(payment_of_one_line("120", "0", "CAS*PR*1*120~", share="120"))
_AFTER_MEDICARE = no_payment(payment_of_one_line("120", "0", "CAS*OA*23*120~", status="2", share=""))
_CROSSOVER = "NM1*TT*2*NEXT PAYER*****PI*P0003~"

CASES = (
    PROCESSED_AS.accepted("rfi-1423-denied-and-processed-as-primary", _DENIED),
    PROCESSED_AS.reads("rfi-1423-denied-whatever-clp02-says", _DENIED, "payments.denied", True),
    PROCESSED_AS.accepted(
        "rfi-1423-denied-and-processed-as-secondary",
        no_payment(payment_of_one_line("120", "0", "CAS*PI*204*120~", status="2", share="")),
    ),
    PROCESSED_AS.reads(
        "rfi-1423-paid-as-secondary-is-no-denial",
        remittance(payment_of_one_line("120", "10", "CAS*OA*23*110~", status="2", share=""), paid="10"),
        "payments.denied", False,
    ),
    PROCESSED_AS.accepted(
        "rfi-1423-denied-and-processed-as-tertiary",
        no_payment(payment_of_one_line("120", "0", "CAS*CO*197*120~", status="3", share="")),
    ),
    NOT_RECOGNISED.accepted(
        "rfi-1423-patient-not-recognised",
        no_payment(payment_of_one_line("120", "0", "CAS*PR*31*120~", status="4", share="120")),
    ),
    NOT_RECOGNISED.noticed(
        "rfi-1423-not-recognised-and-yet-forwarded",
        no_payment(payment_of_one_line("120", "0", "CAS*PR*31*120~", status="4", share="120", parties=_CROSSOVER)),
        at("CLP02"), at("NM1", "NM1*TT"), levels=SITUATION,
    ),
    PENDED.found(
        "rfi-457-pended-status",
        no_payment(payment_of_one_line("120", "0", "CAS*OA*133*120~", status="5", share="")),
        at("CLP02"), levels=CODE,
    ),
    FORWARDED.accepted(
        "guide-835-forwarded-to-the-next-payer", remittance(payment_of_one_line(status="19", parties=_CROSSOVER))
    ),
    FORWARDED.reads(
        "guide-835-forwarded-by-status-or-by-carrier",
        remittance(
            payment_of_one_line(status="19", parties=_CROSSOVER),
            payment_of_one_line(number="OTHER00000000001", payer_number="PAYER78", parties=_CROSSOVER),
            payment_of_one_line(number="OTHER00000000002", payer_number="PAYER79"),
            paid="241.5",
        ),
        "payments.forwarded", True, True, False,
    ),
    ZERO_PAID.accepted("stedi-full-deductible-is-accepted", _DEDUCTIBLE),
    ZERO_PAID.reads("stedi-full-deductible-is-no-denial", _DEDUCTIBLE, "payments.denied", False),
    CAPITATION.accepted("rfi-424-capitated-line", _CAPITATED),
    CAPITATION.reads("rfi-424-capitated-line-is-no-denial", _CAPITATED, "payments.denied", False),
    CAPITATION.accepted(
        "rfi-424-payment-without-a-charge",
        remittance(payment_of_one_line("0", "15", "CAS*CO*94*-15~", share=""), paid="15"),
    ),
    EARLIER_PAYER.accepted("rfi-1294-earlier-payer-paid-it-all", _AFTER_MEDICARE),
    EARLIER_PAYER.reads("rfi-1294-earlier-payer-is-no-denial", _AFTER_MEDICARE, "payments.denied", False),
    PAID_TO_PATIENT.accepted(
        "rfi-871-paid-to-the-patient",
        no_payment(payment_of_one_line("120", "0", "CAS*CO*45*29.5~CAS*PR*100*90.5~", share="90.5")),
    ),
    PAID_TO_PATIENT.noticed(
        "rfi-871-paid-to-the-patient-in-group-co",
        no_payment(payment_of_one_line("120", "0", "CAS*CO*100*120~", share="")),
        at("CAS01"), at("CAS02"), levels=CODE,
    ),
    BEFORE_COVERAGE.noticed(
        "rfi-871-before-coverage-in-group-co",
        no_payment(payment_of_one_line("120", "0", "CAS*CO*26*120~", share="")),
        at("CAS01"), at("CAS02"), levels=CODE,
    ),
    PATIENT_SHARE.reads(
        "rfi-871-patient-share-is-group-pr",
        remittance(
            payment(service("120", "60.5", "CAS*CO*45*29.5*1*253*20~CAS*PR*3*10~"), paid="60.5"), paid="60.5"
        ),
        "payments.patient_share", Decimal(10),
    ),
    ALLOWED.reads(
        "rfi-888-allowed-without-amt-b6", remittance(payment_of_one_line()), "payments.allowed", Decimal("90.5")
    ),
    ALLOWED.reads(
        "rfi-888-allowed-with-amt-b6",
        remittance(payment(service(after="AMT*B6*90.5~"))),
        "payments.allowed", Decimal("90.5"),
    ),
    ALLOWED.reads(
        "rfi-888-sequestration-lowers-no-allowed-amount",
        remittance(payment_of_one_line("120", "98", "CAS*CO*45*20**253*2~", share=""), paid="98"),
        "payments.allowed", Decimal(100),
    ),
    CORRECTION_ONLY_IN_CLAIMS.found(
        "rfi-1147-group-cr-in-a-remittance",
        remittance(payment_of_one_line("120", "80.5", "CAS*CR*45*39.5~", share="")),
        at("CAS"), levels=CODE | STRUCTURE,
    ),
    ANY_NUMBER.accepted(
        "rfi-1147-two-cas-of-one-group-in-a-remittance",
        remittance(payment_of_one_line("120", "80.5", "CAS*CO*45*29.5~CAS*CO*253*10~", share="")),
    ),
    UNKNOWN_REASON.not_rejected(
        "carc-unknown-is-not-refused",
        remittance(payment_of_one_line("120", "80.5", "CAS*CO*ZZ9*39.5~", share="")),
    ),
    UNKNOWN_REASON.warned(
        "carc-unknown-is-told",
        remittance(payment_of_one_line("120", "80.5", "CAS*CO*ZZ9*39.5~", share="")),
        at("CAS02"), levels=CODE,
    ),
    UNKNOWN_REASON.not_rejected(
        "rarc-unknown-is-not-refused", remittance(payment(service(after="LQ*HE*N1999~")))
    ),
    UNKNOWN_REASON.warned(
        "rarc-unknown-is-told", remittance(payment(service(after="LQ*HE*N1999~"))), at("LQ02"), levels=CODE
    ),
    CONTROL_NUMBER.reads(
        "rfi-2150-reversal-has-the-old-number-and-correction-the-new",
        remittance(
            payment_of_one_line("-120", "-80.5", "CAS*CO*45*-29.5~CAS*PR*3*-10~", status="22", share="", number="OLD1"),
            payment_of_one_line("120", "100", "CAS*CO*45*20~", share="", number="NEW2", payer_number="PAYER78"),
            paid="19.5",
        ),
        "payments.control_number", "OLD1", "NEW2",
    ),
    CORRECTED.accepted(
        "guide-835-corrected-patient-and-payer",
        remittance(
            payment_of_one_line(parties="NM1*74*1*ROE*JANE****C*M000002~NM1*PR*2*FIRST IN LINE*****PI*P0003~")
        ),
    ),
)  # fmt: skip
