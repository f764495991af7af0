"""Events with sensible defaults; a test spells out only what matters to it."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

from claimstream_schemas import ClaimAdjudicated, ClaimDenied, PracticeChanged, PracticeChangedV1
from claimstream_schemas.claim_denied import DeniedAdjustment

SAMPLES = Path(__file__).parents[3] / "libs" / "schemas" / "samples"
PRACTICE = "bay-state"
REMITTANCE = UUID(int=7)
CLAIM = UUID(int=1)


def a_practice_changed(
    kind: type[PracticeChanged | PracticeChangedV1] = PracticeChanged, *, appeal_days: int = 90, version: int = 1
) -> PracticeChanged | PracticeChangedV1:
    document = json.loads((SAMPLES / f"practice.changed.v{kind.version}.json").read_text())
    document["practice_version"] = version
    for payer in document["practice"]["payers"]:
        payer["appeal_days"] = appeal_days
    return kind.model_validate(document)


def a_refusal(
    carc: str = "197", *, line: int = 1, group: str = "CO", amount: str = "120.00", remarks=()
) -> DeniedAdjustment:
    return DeniedAdjustment(
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


def a_reversal(**changes) -> ClaimAdjudicated:
    values = {
        "practice_id": PRACTICE,
        "claim_id": CLAIM,
        "remittance_id": UUID(int=8),
        "payment_ordinal": 1,
        "submission_ordinal": 1,
        "payer_sequence": "P",
        "payer_id": "blue",
        "outcome": "reversed",
        "status": "22",
        "charge": "-120.00",
        "paid": "0.00",
        "patient_responsibility": "0.00",
        "denied": "-120.00",
        "reverses_remittance_id": REMITTANCE,
        "reverses_payment_ordinal": 1,
        "paid_on": date(2026, 5, 1),
    }
    return ClaimAdjudicated.model_validate(values | changes)
