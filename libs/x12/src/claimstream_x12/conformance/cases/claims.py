"""The claim itself: its charge, its frequency, and the payer's number of what it replaces."""

from __future__ import annotations

from claimstream_x12.conformance.building.claims import line, other_payer, professional, stay
from claimstream_x12.conformance.cases.expecting import CODE, SITUATION, SUMS, Rule, anywhere, at

CHARGE = Rule("WEDI SNIP type 3; 837 guides", "The claim's charge is the sum of its lines' charges.")
PROFESSIONAL_FREQUENCY = Rule(
    "Stedi claim edits", "A professional claim is an original (1), a replacement (7) or a void (8)."
)
INSTITUTIONAL_FREQUENCY = Rule(
    "Stedi claim edits",
    "An institutional claim's frequency fits the patient's status: one who is still a patient (30) has no claim from "
    "admission to discharge (1).",
)
ORIGINAL_NUMBER = Rule(
    "X12 RFI 1538, 2110",
    "The payer's number of an earlier claim (REF*F8) goes with a replacement or a void, always and only.",
)
OTHER_PAYERS_NUMBER = Rule(
    "X12 RFI 1538, 2110", "Another payer's number for the claim is the REF*F8 of that payer (2330B)."
)
INTENT = Rule(
    "BCBSOK and BCBSTX bulletins, Medi-Cal bulletins; 837 guides",
    "Frequency 7 replaces an earlier claim and 8 voids it, and not the other way round.",
)
CONTROL_NUMBER = Rule(
    "X12 RFI 1945, 2150, 525; 837 guides",
    "Twenty characters of a claim's number come back; one that is longer is told.",
)
SYSTEMS = Rule(
    "45 CFR 162.1002; CMS MLN SE1408",
    "ICD-9-CM codes services until 2015-09-30 and ICD-10 those from the day after; no claim has both.",
)
UNITS = Rule("X12 RFI 2499", "A service count is not less than zero.")
LINE_NUMBER = Rule("X12 RFI 1917", "No two lines of a claim have the same line item control number (REF*6R).")
STREET = Rule("X12 RFI 1451", "The billing provider has a street address; a post box is for the pay-to address.")
TAX_NUMBER = Rule("837 guides, notes at REF*EI", "A tax number has nine digits and no separators.")
DRUG = Rule("837 guides, loop 2410; 21 CFR 207.33", "A national drug code in LIN03 has eleven digits and no hyphens.")

_PAYERS_NUMBER = "REF*F8*PAYER77~"
_REPLACEMENT = professional(frequency="7", references=_PAYERS_NUMBER)
_ONE = professional()
_TWO = professional(line("120"), line("30.5", code="82947"))
_DRUG = professional(line(code="J3490") + "LIN**N4*00409128331~CTP****2.5*UN~")
_VOID = professional(frequency="8", references=_PAYERS_NUMBER)

CASES = (
    CHARGE.accepted("snip-3-professional-charge-is-the-sum", professional(line("120"), line("30.5", code="82947"))),
    CHARGE.found(
        "snip-3-professional-charge-one-cent-off",
        professional(line("120"), line("30.5", code="82947"), charge="150.51"),
        at("CLM02"), at("SV102"), levels=SUMS,
    ),
    CHARGE.accepted("snip-3-institutional-charge-is-the-sum", stay("5400", "99.99")),
    CHARGE.found(
        "snip-3-institutional-charge-one-cent-off",
        stay("5400", "99.99", charge="5499.98"),
        at("CLM02"), at("SV203"), levels=SUMS,
    ),
    PROFESSIONAL_FREQUENCY.accepted("stedi-837p-original", professional()),
    PROFESSIONAL_FREQUENCY.found(
        "stedi-837p-interim-frequency", professional(frequency="2"), at("CLM05-3"), levels=CODE
    ),
    PROFESSIONAL_FREQUENCY.found(
        "stedi-837p-late-charges-frequency", professional(frequency="5"), at("CLM05-3"), levels=CODE
    ),
    INSTITUTIONAL_FREQUENCY.accepted("stedi-837i-discharged", stay()),
    INSTITUTIONAL_FREQUENCY.accepted("stedi-837i-first-interim-claim", stay(frequency="2", patient_status="30")),
    INSTITUTIONAL_FREQUENCY.found(
        "stedi-837i-admit-to-discharge-and-still-a-patient",
        stay(frequency="1", patient_status="30"),
        at("CLM05-3"), at("CL103"), levels=CODE,
    ),
    ORIGINAL_NUMBER.accepted("rfi-1538-replacement-with-the-payers-number", _REPLACEMENT),
    ORIGINAL_NUMBER.accepted("rfi-1538-void-with-the-payers-number", _VOID),
    ORIGINAL_NUMBER.accepted(
        "rfi-1538-institutional-replacement", stay(frequency="7", references=_PAYERS_NUMBER)
    ),
    ORIGINAL_NUMBER.found(
        "rfi-1538-replacement-without-the-payers-number",
        professional(frequency="7"),
        at("CLM"), anywhere("REF"), levels=SITUATION,
    ),
    ORIGINAL_NUMBER.found(
        "rfi-1538-void-without-the-payers-number",
        professional(frequency="8"),
        at("CLM"), anywhere("REF"), levels=SITUATION,
    ),
    ORIGINAL_NUMBER.found(
        "rfi-1538-original-with-a-payers-number",
        professional(references=_PAYERS_NUMBER),
        at("REF", "REF*F8"), at("CLM"), levels=SITUATION,
    ),
    ORIGINAL_NUMBER.reads(
        "rfi-1538-payers-number-is-read", _REPLACEMENT, "claims.original_reference", "PAYER77"
    ),
    OTHER_PAYERS_NUMBER.accepted(
        "rfi-1538-other-payers-number-on-an-original",
        professional(
            other_payers=other_payer("CAS*CO*45*29.5~CAS*PR*3*10~", references="REF*F8*EARLIER0001~")
        ),
    ),
    OTHER_PAYERS_NUMBER.reads(
        "rfi-1538-other-payers-number-is-not-the-claims",
        professional(
            other_payers=other_payer("CAS*CO*45*29.5~CAS*PR*3*10~", references="REF*F8*EARLIER0001~")
        ),
        "claims.original_reference", "",
    ),
    INTENT.reads("bcbs-original", professional(), "claims.intent", "original"),
    INTENT.reads("bcbs-7-replaces", _REPLACEMENT, "claims.intent", "replace"),
    INTENT.reads("bcbs-8-voids", _VOID, "claims.intent", "void"),
    CONTROL_NUMBER.accepted("rfi-1945-control-number-of-twenty", professional(number="ABCDEFGHJKLMNPQRST23")),
    CONTROL_NUMBER.noticed(
        "rfi-1945-control-number-of-thirty-six",
        professional(number="1B4E28BA2FA111D2883F0016D3CCA4270001"),
        at("CLM01"), levels=SITUATION,
    ),
    SYSTEMS.found(
        "cfr-162-icd-9-after-it-ended",
        _ONE.replace(b"HI*ABK:E119", b"HI*BK:25000"),
        at("HI01"), levels=CODE,
    ),
    SYSTEMS.found(
        "cfr-162-both-systems-on-one-claim",
        _ONE.replace(b"HI*ABK:E119", b"HI*ABK:E119*BF:4019"),
        at("HI01"), at("HI02"), levels=CODE,
    ),
    SYSTEMS.found(
        "cfr-162-icd-10-before-it-began", _ONE.replace(b"D8*20260901", b"D8*20150930"), at("HI01"), levels=CODE
    ),
    SYSTEMS.accepted("cfr-162-icd-10-on-its-first-day", _ONE.replace(b"D8*20260901", b"D8*20151001")),
    UNITS.found("rfi-2499-negative-units", _ONE.replace(b"*UN*1*", b"*UN*-1*"), at("SV104"), levels=CODE),
    UNITS.accepted("rfi-2499-parts-of-a-unit", _ONE.replace(b"*UN*1*", b"*UN*0.5*")),
    LINE_NUMBER.accepted("rfi-1917-each-line-its-own-number", _TWO),
    LINE_NUMBER.found(
        "rfi-1917-one-number-for-two-lines",
        _TWO.replace(b"REF*6R*ABCDEFGH234567670102", b"REF*6R*ABCDEFGH234567670101"),
        at("REF02", "REF*6R"), levels=SITUATION,
    ),
    STREET.noticed(
        "rfi-1451-billing-provider-in-a-post-box",
        _ONE.replace(b"N3*1 HARBOR STREET", b"N3*PO BOX 12"),
        at("N301", "N3*PO BOX"), levels=SITUATION,
    ),
    STREET.accepted("rfi-1451-patient-in-a-post-box", _ONE.replace(b"N3*12 ELM STREET", b"N3*PO BOX 12")),
    TAX_NUMBER.found(
        "guide-837-tax-number-with-a-hyphen",
        _ONE.replace(b"REF*EI*123456789", b"REF*EI*12-3456789"),
        at("REF02", "REF*EI"), levels=CODE,
    ),
    DRUG.accepted("guide-837-drug", _DRUG),
    DRUG.found(
        "guide-837-drug-with-hyphens",
        _DRUG.replace(b"N4*00409128331", b"N4*00409-1283-31"),
        at("LIN03"), levels=CODE,
    ),
)  # fmt: skip
