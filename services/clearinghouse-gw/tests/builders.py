"""Invented practices, submissions and answers for the tests."""

from datetime import date, datetime
from decimal import Decimal

from claimstream_schemas import ClaimSubmitted, PracticeChanged
from claimstream_schemas.values.claim import (
    BillingProvider,
    ClaimPatient,
    ClaimPayer,
    SubmissionPerson,
    SubmittedLine,
)
from claimstream_schemas.values.encounter import Diagnosis
from claimstream_schemas.values.identifiers import (
    claim_id,
    control_number,
    encounter_id,
    line_control_number,
    line_id,
    submission_id,
)
from claimstream_schemas.values.people import Address, PersonName, Subscriber
from claimstream_schemas.values.practice import Contact, Payer, Practice, PracticeAddress

PRACTICE = "bay-state"
NPI = "1999999984"
TIN = "123456789"
SUBMITTER = "BAYSTATE"
PARTNER = "FIRSTPAYER"
NOW = datetime(2026, 9, 16, 12)  # noqa: DTZ001
STREET = {"line1": "1 Harbor Street", "city": "Boston", "state": "MA", "postal_code": "021101234"}


def a_practice_changed(practice=PRACTICE, *, version=1, **changes):
    document = {
        "id": practice,
        "name": "Bay State Clinic",
        "npi": NPI,
        "tin": TIN,
        "taxonomy": "207Q00000X",
        "address": PracticeAddress(**STREET),
        "contact": Contact(name="Billing Office", phone="6175550100"),
        "submitter_id": SUBMITTER,
        "payers": (
            Payer(
                id="first", name="First Payer", x12_id="P0001", receiver_id=PARTNER,
                claim_filing_indicator="CI", timely_filing_days=365,
            ),
        ),
    }  # fmt: skip
    return PracticeChanged(practice_id=practice, practice_version=version, practice=Practice(**{**document, **changes}))


def a_payer(x12_id="P0001", receiver_id=PARTNER):
    return ClaimPayer(
        payer_id="first", name="First Payer", x12_id=x12_id, receiver_id=receiver_id, claim_filing_indicator="CI"
    )


def a_submission(number=1, *, practice=PRACTICE, ordinal=1, charge="120.00", lines=1, **changes):
    encounter = encounter_id(practice, "ehr", f"visit-{number}")
    claim = claim_id(practice, encounter, "professional")
    control = control_number(claim)
    line_items = tuple(
        SubmittedLine(
            line_id=line_id(encounter, practice, str(n)),
            ordinal=n,
            service_from=date(2026, 9, 1),
            procedure="99213",
            units=Decimal(1),
            charge=Decimal(charge),
            diagnosis_pointers=(1,),
            line_control_number=line_control_number(control, ordinal, n),
        )
        for n in range(1, lines + 1)
    )
    facts = {
        "claim_id": claim,
        "encounter_id": encounter,
        "control_number": control,
        "submission_id": submission_id(practice, claim, ordinal),
        "submission_ordinal": ordinal,
        "payer_sequence": "P",
        "frequency_code": "1",
        "kind": "professional",
        "billing_provider": BillingProvider(
            name="Bay State Clinic", npi=NPI, tin=TIN, taxonomy="207Q00000X", address=Address(**STREET),
            contact_name="Billing Office", contact_phone="6175550100", submitter_id=SUBMITTER,
        ),
        "payer": a_payer(),
        "place_of_service": "11",
        "diagnoses": (Diagnosis(code="E119", kind="principal"),),
        "lines": line_items,
        "statement_from": date(2026, 9, 1),
        "statement_to": date(2026, 9, 1),
        "total_charge": Decimal(charge) * lines,
        "person": a_person(),
    }  # fmt: skip
    return ClaimSubmitted(practice_id=practice, **{**facts, **changes})


def a_person(last="Núñez", member="M000001", relationship="18"):
    home = Address(line1="12 Elm Street", city="Worcester", state="MA", postal_code="016010001")
    return SubmissionPerson(
        patient=ClaimPatient(last=last, first="Zoë", birth_date=date(1980, 5, 17), sex="F", address=home),
        subscriber=Subscriber(
            member_id=member, relationship=relationship, name=PersonName(last=last, first="Zoë"), address=home
        ),
    )
