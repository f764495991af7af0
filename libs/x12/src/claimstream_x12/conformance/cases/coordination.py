"""A claim to the next payer: what the payers before it decided, and the sums that must come out of it."""

from __future__ import annotations

from claimstream_x12.conformance.building.claims import decision, line, other_payer, professional
from claimstream_x12.conformance.cases.expecting import (
    MONEY_SITUATION,
    SITUATION,
    STRUCTURE,
    SUMS,
    Rule,
    anywhere,
    at,
)

CLAIM = Rule(
    "X12 RFI 1294, 1555, 1028; WPS",
    "For each earlier payer the claim's charge is what it paid (AMT*D) and all it adjusted, at the claim and at the lines.",
)
LINES = Rule(
    "X12 RFI 1294, 1555, 1028; WPS",
    "Where lines are reported, what a payer paid (AMT*D) is what it paid for the lines less its adjustments at the claim.",
)
LINE = Rule(
    "X12 RFI 1294, 1555, 1028; WPS",
    "A line's charge is what a payer paid for it and adjusted on it, over all that payer's decisions on the line.",
)
PAID_NOTHING = Rule("X12 RFI 1294, 1555, 1028; WPS", "What an earlier payer paid (AMT*D) is sent even when it is 0.")
DECIDED_ON = Rule(
    "X12 RFI 1294, 1555, 1028; WPS",
    "The day of a payer's decision (DTP*573) stands at the claim or at the lines, not at both.",
)
GROUPS = Rule(
    "X12 RFI 1147; WPS",
    "An 837 has one CAS for a group, so five at most, and six reasons in each.",
)
CORRECTION = Rule("X12 RFI 1147", "Group CR may stand in an 837's account of an earlier payer.")
REMAINING = Rule("X12 RFI 985", "PI and OA may be sent on as what is left for the patient to pay (AMT*EAF).")

_ALL = "CAS*CO*45*29.5~CAS*PR*3*10~"
_OF_LINES = line(decisions=decision("80.5", _ALL))
_SIX = "CAS*CO*45*24.5**59*1**253*1**97*1**234*1**44*1~"
_SEVEN = "CAS*CO*45*23.5**59*1**253*1**97*1**234*1**44*1**P12*1~"

CASES = (
    CLAIM.accepted("rfi-1294-claim-level-balances", professional(other_payers=other_payer(_ALL))),
    CLAIM.found(
        "rfi-1294-claim-level-one-cent-off",
        professional(other_payers=other_payer(_ALL, paid="80.49")),
        at("AMT02"), at("CLM02"), at("CAS"), at("SBR", "SBR*P"), levels=SUMS,
    ),
    LINES.accepted(
        "rfi-1294-lines-balance", professional(_OF_LINES, other_payers=other_payer(decided_on=""))
    ),
    LINES.accepted(
        "rfi-1294-lines-and-claim-balance",
        professional(
            line(decisions=decision("100.5", "CAS*CO*45*19.5~")),
            other_payers=other_payer("CAS*PR*1*20~", decided_on=""),
        ),
    ),
    LINES.found(
        "rfi-1294-paid-without-the-adjustment-at-the-claim",
        professional(
            line(decisions=decision("100.5", "CAS*CO*45*19.5~")),
            other_payers=other_payer("CAS*PR*1*20~", paid="100.5", decided_on=""),
        ),
        at("AMT02"), at("CLM02"), at("CAS"), at("SVD02"), at("SBR", "SBR*P"), levels=SUMS,
    ),
    LINE.accepted(
        "rfi-1294-unbundled-decisions-balance-together",
        professional(
            line(code="80053", decisions=decision("50", "CAS*CO*45*39.5~", code="80048") + decision("30.5", code="82040")),
            other_payers=other_payer(decided_on=""),
        ),
    ),
    LINE.found(
        "rfi-1294-line-one-cent-off",
        professional(
            line(decisions=decision("80.5", "CAS*CO*45*29.49~CAS*PR*3*10~")), other_payers=other_payer(decided_on="")
        ),
        at("SVD02"), at("SV102"), at("CAS"), levels=SUMS,
    ),
    PAID_NOTHING.accepted(
        "rfi-1294-paid-nothing", professional(other_payers=other_payer("CAS*CO*50*120~", paid="0"))
    ),
    PAID_NOTHING.found(
        "rfi-1294-paid-nothing-and-not-said",
        professional(other_payers=other_payer("CAS*CO*50*120~", paid=None)),
        anywhere("AMT"), at("SBR", "SBR*P"), at("CAS"), at("CLM02"), levels=MONEY_SITUATION,
    ),
    DECIDED_ON.accepted(
        "rfi-1294-day-of-decision-at-each-line",
        professional(
            line(decisions=decision("80.5", _ALL)),
            line("50", code="82947", decisions=decision("40", "CAS*CO*45*10~", code="82947", decided_on="20260911")),
            other_payers=other_payer(paid="120.5", decided_on=""),
        ),
    ),
    DECIDED_ON.found(
        "rfi-1294-day-of-decision-at-both",
        professional(_OF_LINES, other_payers=other_payer()),
        at("DTP", "DTP*573"), levels=SITUATION,
    ),
    GROUPS.accepted("wps-six-reasons-in-a-group", professional(other_payers=other_payer(_SIX, paid="90.5"))),
    GROUPS.found(
        "wps-seven-reasons-in-a-group",
        professional(other_payers=other_payer(_SEVEN, paid="90.5")),
        at("CAS"), levels=STRUCTURE,
    ),
    GROUPS.accepted(
        "wps-five-groups",
        professional(
            other_payers=other_payer("CAS*CO*45*10~CAS*CR*45*1~CAS*OA*23*1~CAS*PI*204*1~CAS*PR*3*26.5~")
        ),
    ),
    GROUPS.found(
        "wps-one-segment-for-each-reason",
        professional(other_payers=other_payer("CAS*CO*45*29.5~CAS*CO*253*10~")),
        at("CAS"), levels=STRUCTURE | SITUATION,
    ),
    GROUPS.found(
        "wps-six-segments",
        professional(
            other_payers=other_payer(
                "CAS*CO*45*10~CAS*CR*45*1~CAS*OA*23*1~CAS*PI*204*1~CAS*PR*3*25.5~CAS*PR*1*1~"
            )
        ),
        at("CAS"), levels=STRUCTURE | SITUATION,
    ),
    CORRECTION.accepted(
        "rfi-1147-group-cr-in-a-claim", professional(other_payers=other_payer("CAS*CR*45*29.5~CAS*PR*3*10~"))
    ),
    REMAINING.accepted(
        "rfi-985-remaining-patient-liability",
        professional(
            other_payers=other_payer("CAS*PI*204*29.5~CAS*PR*3*10~", after_adjustments="AMT*EAF*39.5~")
        ),
    ),
)  # fmt: skip
