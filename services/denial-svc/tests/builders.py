"""Events with sensible defaults; a test spells out only what matters to it."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from claimstream_schemas import ClaimAdjudicated, ClaimDenied, PracticeChanged, PracticeChangedV1
from claimstream_schemas.claim_denied import DeniedAdjustment
from denial_svc.catalogue_file import load_catalogue
from denial_svc.domain.case import Case
from denial_svc.domain.judging import Judgement, judge
from denial_svc.domain.refusal import Place, Refusal

SAMPLES = Path(__file__).parents[3] / "libs" / "schemas" / "samples"
PRACTICE = "bay-state"
REMITTANCE, LATER, LAST = UUID(int=7), UUID(int=8), UUID(int=9)
CLAIM = UUID(int=1)
CATALOGUE = load_catalogue(Path(__file__).parents[1] / "playbooks" / "catalogue.toml")


def a_practice_changed(
    kind: type[PracticeChanged | PracticeChangedV1] = PracticeChanged,
    *,
    appeal_days: int = 90,
    filing_days: int = 365,
    version: int = 1,
) -> PracticeChanged | PracticeChangedV1:
    document = json.loads((SAMPLES / f"practice.changed.v{kind.version}.json").read_text())
    document["practice_version"] = version
    for payer in document["practice"]["payers"]:
        payer |= {"appeal_days": appeal_days, "timely_filing_days": filing_days}
    return kind.model_validate(document)


def a_refusal(
    carc: str = "197", *, line: int = 1, group: str = "CO", amount: str = "120.00", remarks=(), kind: str = "refusal"
) -> DeniedAdjustment:
    return DeniedAdjustment(
        kind=kind,
        line_id=UUID(int=line),
        procedure="99213",
        service_on=date(2026, 3, 2),
        group=group,
        carc=carc,
        remarks=remarks,
        amount=amount,
    )


def a_denial(*refusals: DeniedAdjustment, **changes) -> ClaimDenied:
    values = {
        "practice_id": PRACTICE,
        "claim_id": CLAIM,
        "encounter_id": UUID(int=2),
        "control_number": "ABCDEFGHIJKLMNOP",
        "remittance_id": REMITTANCE,
        "payment_ordinal": 1,
        "submission_ordinal": 1,
        "payer_id": "blue",
        "payer_claim_number": "ICN1",
        "denied": "120.00",
        "adjustments": refusals or (a_refusal(),),
        "service_from": date(2026, 3, 2),
        "service_to": date(2026, 3, 2),
        "paid_on": date(2026, 4, 1),
    }
    return ClaimDenied.model_validate(values | changes)


def a_decision(**changes) -> ClaimAdjudicated:
    """A later remittance that pays the claim; it says nothing of earlier refusals unless told."""
    values = {
        "practice_id": PRACTICE,
        "claim_id": CLAIM,
        "remittance_id": LATER,
        "payment_ordinal": 1,
        "submission_ordinal": 1,
        "payer_sequence": "P",
        "payer_id": "blue",
        "outcome": "paid",
        "status": "1",
        "charge": "120.00",
        "paid": "120.00",
        "patient_responsibility": "0.00",
        "denied": "0.00",
        "paid_on": date(2026, 5, 1),
    }
    return ClaimAdjudicated.model_validate(values | changes)


def a_reversal(**changes) -> ClaimAdjudicated:
    values = {
        "outcome": "reversed",
        "status": "22",
        "charge": "-120.00",
        "paid": "0.00",
        "denied": "-120.00",
        "reverses_remittance_id": REMITTANCE,
        "reverses_payment_ordinal": 1,
    }
    return a_decision(**values | changes)


def the_refusal(why: str = "paid", **changes) -> dict[str, object]:
    """The refusal of ``a_denial`` by its place, as a later decision names it."""
    place = {"remittance_id": REMITTANCE, "payment_ordinal": 1, "line_id": UUID(int=1), "group": "CO", "carc": "197"}
    return place | {"why": why} | changes


def a_payment(why: str = "paid", **changes) -> ClaimAdjudicated:
    """A later remittance that settles the refusal of ``a_denial``."""
    return a_decision(settles=[the_refusal(why)], **changes)


def a_part_payment(standing: str = "45.00", **changes) -> ClaimAdjudicated:
    """A later remittance after which so much of the refusal of ``a_denial`` stands."""
    return a_decision(settles=[the_refusal(standing=standing)], **changes)


def a_payment_taken_back(**changes) -> ClaimAdjudicated:
    """The reversal of ``a_payment``: the refusal stands again."""
    taken_back = {"reverses_remittance_id": LATER, "reopens": [the_refusal()], "remittance_id": LAST}
    return a_reversal(**taken_back | changes)


def a_place(carc: str = "197", *, line: int | None = 1, group: str = "CO") -> Place:
    return Place(
        practice_id=PRACTICE,
        claim_id=CLAIM,
        remittance_id=REMITTANCE,
        payment_ordinal=1,
        line_id=None if line is None else UUID(int=line),
        group=group,
        carc=carc,
    )


def refused(
    carc: str = "197", *remarks: str, group: str = "CO", line: int | None = 1, amount: str = "120.00", **told
) -> Refusal:
    """A refusal as the domain knows it."""
    return Refusal(
        place=a_place(carc, line=line, group=group), amount=Decimal(amount), remarks=remarks, procedure="99213", **told
    )


def judged(carc: str, *remarks: str, **told) -> Judgement:
    """What the catalogue of this service says of it."""
    return judge(refused(carc, *remarks, **told), CATALOGUE)


def a_case(**changes) -> Case:
    place = a_place()
    values = {
        "case_id": place.case_id,
        "control_number": "ABCDEFGHIJKLMNOP",
        "payer_id": "blue",
        "procedure": "99213",
        "remarks": (),
        "amount": Decimal("120.00"),
        "standing": Decimal("120.00"),
        "cause": "authorisation or notification missing",
        "scenario": "missing documentation",
        "route": "C",
        "paid_on": date(2026, 4, 1),
        "answer_by": date(2026, 6, 30),
    }
    return Case(**vars(place) | values | changes)
