"""277CA, 999 and TA1: what is accepted, what is rejected, and where the answers must agree with themselves."""

from __future__ import annotations

from claimstream_x12.conformance.building.acknowledgments import (
    claim_acknowledgment,
    claim_status,
    implementation_acknowledgment,
    interchange_acknowledgment,
    set_answer,
    status,
)
from claimstream_x12.conformance.cases.expecting import CODE, MONEY_SITUATION, Rule, at

CATEGORIES = Rule(
    "X12 RFI 1942, 2203",
    "A 277CA uses the acknowledgment categories A0 to A8; the finalized, pended and request categories belong to other "
    "transactions.",
)
REJECTING = Rule(
    "X12 RFI 1942, 2203", "A3, A6, A7 and A8 each reject the claim; there is no acceptance with a warning."
)
ACCEPTING = Rule("X12 RFI 1942, 2203", "A0, A1, A2 and A5 take the claim on; A5 says that it was split.")
ACTION = Rule("X12 RFI 1942, 2203", "The action agrees with the category: WQ accepts, U rejects.")
ABOVE = Rule(
    "X12 277CA guide, levels",
    "What is rejected at the batch (2200B) or at the provider (2200C) rejects everything below it.",
)
SET_ANSWER = Rule(
    "X12 999 guide, IK501",
    "A and E accept a set, E with errors; R, M, W and X reject it.",
)
PARTLY = Rule("X12 999 guide, AK901", "Where a group is accepted in part, each set's own answer decides.")
AGREES = Rule(
    "X12 999 guide, AK9",
    "The group's answer and its counts agree with the sets' answers: none accepted is a rejection, and no more are "
    "accepted than received.",
)
INTERCHANGE = Rule("X12 TA1, TA104", "A accepts the interchange and R rejects it.")

_BATCH_REJECTED = "STC*A8:187*20260917*U*120~QTY*AA*1~AMT*YY*120~"
_PROVIDER_REJECTED = "STC*A8:187**U*120~QTY*QC*1~AMT*YY*120~"
_BATCH_WITH_A_REJECTED_CLAIM = "STC*A1:19:PR*20260917*WQ*120~QTY*AA*1~AMT*YY*120~"
_PROVIDER_WITH_A_REJECTED_CLAIM = "STC*A1:19:PR**WQ*120~QTY*QC*1~AMT*YY*120~"


def _rejected(code: str, action: str = "U") -> bytes:
    return claim_acknowledgment(
        claim_status(status(code, action)),
        batch=_BATCH_WITH_A_REJECTED_CLAIM,
        provider=_PROVIDER_WITH_A_REJECTED_CLAIM,
    )


def _answered(code: str, group: str, accepted: int) -> bytes:
    return implementation_acknowledgment(set_answer(code), group=group, received=1, accepted=accepted)


CASES = (
    CATEGORIES.accepted("rfi-1942-acceptance", claim_acknowledgment(claim_status(status("A2:20:PR", "WQ")))),
    CATEGORIES.accepted("rfi-1942-rejection", _rejected("A7:164:IL")),
    CATEGORIES.found(
        "rfi-1942-finalized-category",
        claim_acknowledgment(claim_status(status("F1:65", "WQ"))),
        at("STC01-1", "STC*F1"), levels=CODE,
    ),
    CATEGORIES.found(
        "rfi-1942-pended-category",
        claim_acknowledgment(claim_status(status("P1:20", "WQ"))),
        at("STC01-1", "STC*P1"), levels=CODE,
    ),
    CATEGORIES.found(
        "rfi-1942-request-category",
        _rejected("R3:21"),
        at("STC01-1", "STC*R3"), levels=CODE,
    ),
    *(
        REJECTING.reads(f"rfi-1942-{code[:2].lower()}-rejects", _rejected(code), "outcomes.accepted", False)
        for code in ("A3:21", "A6:21", "A7:164:IL", "A8:187")
    ),
    *(
        ACCEPTING.reads(
            f"rfi-1942-{code[:2].lower()}-accepts",
            claim_acknowledgment(claim_status(status(code, "WQ"))),
            "outcomes.accepted", True,
        )
        for code in ("A0:16:PR", "A1:19:PR", "A2:20:PR", "A5:20:PR")
    ),
    ACTION.found(
        "rfi-1942-rejection-with-the-action-of-acceptance",
        _rejected("A7:164:IL", "WQ"),
        at("STC01", "STC*A7"), at("STC03", "STC*A7"), levels=CODE,
    ),
    ACTION.found(
        "rfi-1942-acceptance-with-the-action-of-rejection",
        _rejected("A2:20:PR", "U"),
        at("STC01", "STC*A2"), at("STC03", "STC*A2"), levels=CODE,
    ),
    ABOVE.accepted("guide-277ca-batch-rejected", claim_acknowledgment(batch=_BATCH_REJECTED)),
    ABOVE.reads(
        "guide-277ca-batch-rejected-is-read", claim_acknowledgment(batch=_BATCH_REJECTED), "refusals.level", "2200B"
    ),
    ABOVE.accepted(
        "guide-277ca-provider-rejected",
        claim_acknowledgment(claim_status(status("A8:187", "U")), batch=_BATCH_WITH_A_REJECTED_CLAIM, provider=_PROVIDER_REJECTED),
    ),
    ABOVE.reads(
        "guide-277ca-provider-rejected-is-read",
        claim_acknowledgment(claim_status(status("A8:187", "U")), batch=_BATCH_WITH_A_REJECTED_CLAIM, provider=_PROVIDER_REJECTED),
        "refusals.level", "2200C",
    ),
    ABOVE.reads(
        "guide-277ca-claim-below-a-rejected-provider",
        claim_acknowledgment(claim_status(status("A1:19:PR", "WQ")), provider=_PROVIDER_REJECTED),
        "outcomes.accepted", False,
    ),
    SET_ANSWER.accepted("guide-999-accepted", _answered("A", "A", 1)),
    SET_ANSWER.accepted("guide-999-accepted-with-errors", _answered("E", "E", 1)),
    SET_ANSWER.accepted("guide-999-rejected", _answered("R", "R", 0)),
    SET_ANSWER.reads("guide-999-a-accepts", _answered("A", "A", 1), "sets_acknowledged.accepted", True),
    SET_ANSWER.reads("guide-999-e-accepts", _answered("E", "E", 1), "sets_acknowledged.accepted", True),
    *(
        SET_ANSWER.reads(
            f"guide-999-{code.lower()}-rejects", _answered(code, "R", 0), "sets_acknowledged.accepted", False
        )
        for code in "RMWX"
    ),
    PARTLY.accepted(
        "guide-999-accepted-in-part",
        implementation_acknowledgment(set_answer("A"), set_answer("R", "0002"), group="P", received=2, accepted=1),
    ),
    PARTLY.reads(
        "guide-999-each-set-decides",
        implementation_acknowledgment(set_answer("A"), set_answer("R", "0002"), group="P", received=2, accepted=1),
        "sets_acknowledged.accepted", True, False,
    ),
    AGREES.found(
        "guide-999-group-accepted-and-its-set-rejected",
        _answered("R", "A", 1),
        at("AK9"), at("IK501"), levels=MONEY_SITUATION,
    ),
    AGREES.found(
        "guide-999-more-accepted-than-received",
        _answered("A", "A", 2),
        at("AK9"), levels=MONEY_SITUATION,
    ),
    INTERCHANGE.reads(
        "guide-ta1-accepted", interchange_acknowledgment("A", "000"), "interchanges_acknowledged.accepted", True
    ),
    INTERCHANGE.reads(
        "guide-ta1-rejected", interchange_acknowledgment("R", "024"), "interchanges_acknowledged.accepted", False
    ),
    INTERCHANGE.reads(
        "guide-ta1-names-its-interchange",
        interchange_acknowledgment("R", "024", control=4711),
        "interchanges_acknowledged.control", "000004711",
    ),
)  # fmt: skip
