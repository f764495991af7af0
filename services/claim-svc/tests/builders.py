"""Events and values with sensible defaults; a test spells out only what matters to it. Every person is invented."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from claimstream_schemas import (
    ClaimAcknowledged,
    ClaimAdjudicated,
    ClaimAssembled,
    ContractChanged,
    EncounterCoded,
    PracticeChanged,
    PracticeChangedV1,
)
from claimstream_schemas.claim_adjudicated import AdjudicatedLine
from claimstream_schemas.encounter_coded import EncounterPerson
from claimstream_schemas.values.contract import ContractFee, NamedContract, terms_of
from claimstream_schemas.values.encounter import ChargeLine, Coverage, Diagnosis, Providers, Stay, VisitFacts
from claimstream_schemas.values.identifiers import claim_id, encounter_id, line_id, submission_id
from claimstream_schemas.values.payment import Adjustment
from claimstream_schemas.values.people import Address, Patient, PersonName, Provider, Subscriber
from claimstream_schemas.values.practice import FeeSchedule, Practice, PracticeDocument

PRACTICE = "bay-state"
BLUE_CONTRACT = "blue-2026"
GOOD_NPI = "1234567893"
HOME = Address(line1="12 Elm Street", city="Salem", state="MA", postal_code="01970")
CLINICIAN = Provider(npi=GOOD_NPI, last_name="Okafor", first_name="Ada", taxonomy="207Q00000X")


def a_practice(**changes) -> Practice:
    office = {"line1": "1 Main Street", "city": "Boston", "state": "MA", "postal_code": "021081234"}
    payers = [
        {"id": "blue", "name": "Blue", "x12_id": "BLUE1", "receiver_id": "HUB", "claim_filing_indicator": "BL",
         "timely_filing_days": 365, "fee_schedule": "blue-2026"},
        {"id": "medicare", "name": "Medicare", "x12_id": "MCR", "receiver_id": "HUB", "claim_filing_indicator": "MB",
         "timely_filing_days": 365},
    ]  # fmt: skip
    document = {
        "id": PRACTICE, "name": "Bay State Physicians", "npi": GOOD_NPI, "tin": "123456789", "taxonomy": "207Q00000X",
        "address": office, "contact": {"name": "Billing", "phone": "6175550100"}, "submitter_id": "BAYSTATE",
        "payers": payers,
    }  # fmt: skip
    return Practice.model_validate(document | changes)


def a_practice_changed(version: int = 1, *, contract: int | None = 1, **changes) -> PracticeChanged:
    """``contract``: the revision of Blue's contract that it names; None: it has none any more."""
    practice = a_practice(**changes)
    contracts = (NamedContract(id=BLUE_CONTRACT, revision=contract),) if contract else ()
    return PracticeChanged(practice_id=practice.id, practice_version=version, practice=practice, contracts=contracts)


def a_fee_schedule(*, version: str = "1", allowed: str = "80.00", **changes) -> FeeSchedule:
    values = {
        "id": BLUE_CONTRACT,
        "version": version,
        "effective_from": "2025-01-01",
        "fees": [{"procedure": "99213", "allowed": allowed}],
        "payer_share_percent": "80",
    }
    return FeeSchedule.model_validate(values | changes)


def a_contract_changed(revision: int = 1, **changes) -> ContractChanged:
    return ContractChanged(
        practice_id=PRACTICE,
        contract_id=BLUE_CONTRACT,
        revision=revision,
        terms=terms_of([a_fee_schedule(version=str(revision), **changes)]),
    )


def contract_chunks(revision: int = 1) -> tuple[ContractChanged, ...]:
    """One contract in three chunks: the fee for an office visit is in the third."""
    whole = a_contract_changed(revision)
    other = whole.terms[0].model_copy(update={"fees": (ContractFee(procedure="80048", allowed="9.00"),)})
    terms = (other, other.model_copy(update={"fees": ()}), whole.terms[0])
    return tuple(
        whole.model_copy(update={"chunk": number, "chunks": len(terms), "terms": (each,)})
        for number, each in enumerate(terms, start=1)
    )


def a_whole_practice_changed(version: int = 1, **changes) -> PracticeChangedV1:
    """As it was told before contracts came by themselves."""
    document = a_practice().model_dump() | {"fee_schedules": [a_fee_schedule(**changes)]}
    return PracticeChangedV1(practice_id=PRACTICE, practice_version=version, practice=PracticeDocument(**document))


def a_line(
    number: int = 1, *, encounter: str = "E1", charge: str = "120.00", procedure: str = "99213", **changes
) -> ChargeLine:
    values = {
        "line_id": line_id(encounter_id(PRACTICE, "ehr", encounter), PRACTICE, str(number)),
        "ordinal": number,
        "service_from": date(2026, 3, 2),
        "procedure": procedure,
        "units": "1",
        "charge": charge,
        "diagnosis_pointers": (1,),
    }
    return ChargeLine.model_validate(values | changes)


def a_subscriber(member_id: str = "W123456", last: str = "Castellan", **changes) -> Subscriber:
    values = {"member_id": member_id, "name": PersonName(last=last, first="Mira"), "birth_date": date(1980, 5, 4)}
    return Subscriber.model_validate(values | {"sex": "F", "address": HOME} | changes)


def a_patient(**changes) -> Patient:
    values = {
        "name": PersonName(last="Castellan", first="Mira"),
        "birth_date": date(1980, 5, 4),
        "sex": "F",
        "address": HOME,
    }
    return Patient.model_validate(values | changes)


def a_coverage(payer: str, *, is_first: bool = True) -> Coverage:
    return Coverage(payer_id=payer, insurance_type=None if is_first or payer != "medicare" else "12")


def member_id_at(payer: str) -> str:
    return "1EG4TE5MK73" if payer == "medicare" else f"W{payer}"


def an_encounter_coded(
    encounter: str = "E1",
    *,
    charge: str = "120.00",
    payers: tuple[str, ...] = ("blue",),
    diagnoses: tuple[str | Diagnosis, ...] = ("E119",),
    lines: tuple[ChargeLine, ...] | None = None,
    patient: Patient | None = None,
    version: int = 1,
    **changes,
) -> EncounterCoded:
    values = {
        "practice_id": PRACTICE,
        "encounter_id": encounter_id(PRACTICE, "ehr", encounter),
        "encounter_version": version,
        "source_system": "ehr",
        "ehr_encounter_id": encounter,
        "kind": "professional",
        "started_on": date(2026, 3, 2),
        "ended_on": date(2026, 3, 2),
        "place_of_service": "11",
        "providers": Providers(rendering=CLINICIAN),
        "coverages": tuple(a_coverage(payer, is_first=payer == payers[0]) for payer in payers),
        "diagnoses": tuple(Diagnosis(code=each) if isinstance(each, str) else each for each in diagnoses),
        "lines": lines if lines is not None else (a_line(encounter=encounter, charge=charge),),
        "coded_by": "ehr",
        "person": EncounterPerson(
            patient=patient or a_patient(), subscribers=tuple(a_subscriber(member_id_at(payer)) for payer in payers)
        ),
    }
    return EncounterCoded.model_validate(values | changes)


def an_inpatient_encounter(*, poa: str | None = "Y", **changes) -> EncounterCoded:
    stay = Stay(
        type_of_bill="11",
        admitted_on=date(2026, 3, 2),
        admitted_hour=8,
        discharged_hour=11,
        admission_type="1",
        admission_source="1",
        patient_status="01",
    )
    values = {
        "kind": "institutional",
        "ended_on": date(2026, 3, 4),
        "place_of_service": None,
        "providers": Providers(attending=CLINICIAN),
        "diagnoses": (
            Diagnosis(code="E119", kind="principal", present_on_admission=poa),
            Diagnosis(code="E119", kind="admitting"),
        ),
        "lines": (a_line(procedure=None, revenue_code="0120", charge="4000.00", units="2"),),
        "stay": stay,
    }
    return an_encounter_coded(**(values | changes))


def claim_of(encounter: str = "E1", kind: str = "professional", part: int = 1) -> UUID:
    return claim_id(PRACTICE, encounter_id(PRACTICE, "ehr", encounter), kind, part)


def an_adjudication(
    claim: UUID, *, paid: str = "64.00", patient: str = "16.00", sequence: str = "P", ordinal: int = 1, **changes
) -> ClaimAdjudicated:
    contractual = Decimal("120.00") - Decimal(paid) - Decimal(patient)
    line = AdjudicatedLine(
        line_id=a_line().line_id,
        procedure="99213",
        charge="120.00",
        paid=paid,
        adjustments=(
            Adjustment(group="CO", carc="45", amount=contractual),
            Adjustment(group="PR", carc="2", amount=patient),
        ),
        patient_responsibility=patient,
        denied="0.00",
    )
    values = {
        "practice_id": PRACTICE,
        "claim_id": claim,
        "remittance_id": UUID(int=ordinal),
        "payment_ordinal": 1,
        "submission_ordinal": ordinal,
        "payer_sequence": sequence,
        "payer_id": "blue",
        "outcome": "paid",
        "status": "1",
        "charge": "120.00",
        "paid": paid,
        "patient_responsibility": patient,
        "denied": "0.00",
        "payer_claim_number": "ICN1",
        "lines": (line,),
        "paid_on": date(2026, 4, 1),
    }
    return ClaimAdjudicated.model_validate(values | changes)


def an_answer(claim: UUID, *, accepted: bool, ordinal: int = 1, **changes) -> ClaimAcknowledged:
    values = {
        "practice_id": PRACTICE,
        "claim_id": claim,
        "submission_id": submission_id(PRACTICE, claim, ordinal),
        "submission_ordinal": ordinal,
        "level": "277ca",
        "accepted": accepted,
        "payer_level": True,
        "message": "" if accepted else "the payer does not know the member",
        "remedy": None if accepted else "check the member id",
        "payer_claim_number": "ICN1" if accepted else None,
        "acknowledged_at": "2026-09-16T13:00:00Z",
    }
    return ClaimAcknowledged.model_validate(values | changes)


DELAYED = VisitFacts(delay_reason="9")


async def desk_money(claim_svc) -> dict[UUID, Decimal]:
    """What was paid at the desk, as it was told last of each account that has any."""
    told = {event.account_id: event.patient_paid for event in await claim_svc.told(ClaimAssembled)}
    return {account: amount for account, amount in told.items() if amount is not None}
