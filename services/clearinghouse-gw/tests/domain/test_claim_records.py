"""A submission becomes the records that its payer needs: dependents, stays, earlier payers."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from claimstream_schemas.values.claim import ClaimPayer, OtherCoverage, PriorLine, PriorPayment
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import (
    CodedAmount,
    Diagnosis,
    InstitutionalProcedure,
    OccurrenceSpan,
    Providers,
    Stay,
    VisitFacts,
)
from claimstream_schemas.values.payment import Adjustment
from claimstream_schemas.values.people import Address, Facility, Provider
from claimstream_x12 import Dated, Procedure, X12Reader
from claimstream_x12.claim_837 import ClaimReader
from claimstream_x12.testing import pyx12_errors
from clearinghouse_gw.claim_records import order_diagnoses
from clearinghouse_gw.domain.exchange_file import prepare_file
from clearinghouse_gw.domain.submission import Submission
from clearinghouse_gw.rendering import refusals, render

from ..builders import NPI, PARTNER, PRACTICE, STREET, SUBMITTER, a_payer, a_person, a_submission

NOW = datetime(2026, 9, 16, 12)  # noqa: DTZ001
HEALER = Provider(npi="1234567893", last_name="Healer", first_name="Helen", taxonomy="207RC0000X")


def rendered(event):
    """The event's claim as it leaves, judged by pyx12."""
    submission = Submission(
        practice_id=PRACTICE, submission_id=event.submission_id, claim_id=event.claim_id, ordinal=event.submission_ordinal,
        payer_sequence=event.payer_sequence, control_number=event.control_number, payer_x12_id=event.payer.x12_id,
        submitter_id=SUBMITTER, receiver_id=PARTNER, kind=event.kind, document=event.model_dump(mode="json"), heard_at=NOW,
        set_number=1, place=1,
    )  # fmt: skip
    assert refusals(submission, usage="P") == ()
    file = prepare_file(PRACTICE, event.kind, submitter_id=SUBMITTER, receiver_id=PARTNER, control_number=1, at=NOW)
    data = render(file, [submission], usage="P")
    assert pyx12_errors(data) == []
    (read,) = [read for one in X12Reader(data).sets() for read in ClaimReader(one).claims()]
    return read.billed


def test_a_dependent_stands_below_the_subscriber_who_holds_the_coverage():
    billed = rendered(a_submission(person=a_person(relationship="19")))

    assert billed.patient is not None
    assert (billed.patient.relationship, billed.patient.person.gender) == ("19", "F")
    assert billed.subscriber.is_patient is False


def test_a_code_that_says_nothing_travels_with_its_description_and_no_other_does():
    (line,) = a_submission().lines
    said = [
        line.model_copy(update={"procedure": code, "description": "invented drug 10 mg"}) for code in ("J3490", "99213")
    ]
    unclassified, visit = (
        rendered(a_submission().model_copy(update={"lines": (each,)})).claim.lines[0].procedure for each in said
    )

    assert (unclassified.description, visit.description) == ("INVENTED DRUG 10 MG", "")


def test_everything_a_professional_claim_may_say_is_said():
    event = a_submission(
        frequency_code="7",
        original_payer_claim_number="PAYER77",
        providers=Providers(rendering=HEALER, referring=HEALER, ordering=HEALER, supervising=HEALER),
        facility=Facility(name="Hill Site", npi="1234567893", address=Address(**STREET)),
        facts=VisitFacts(
            prior_authorization="AUTH1", referral_number="REFER1", clia_number="11D0000001", related_cause="AA",
            accident_on=date(2026, 8, 30), accident_state="MA", onset_on=date(2026, 8, 29), delay_reason="3",
            note="Résumé of the visit", patient_paid=Decimal("20.00"), accepts_assignment="C", benefits_assigned="N",
        ),
    )  # fmt: skip

    claim = rendered(event).claim

    assert {ref.qualifier: ref.value for ref in claim.references} == {
        "9F": "REFER1", "G1": "AUTH1", "F8": "PAYER77", "X4": "11D0000001"
    }  # fmt: skip
    assert [party.role for party in claim.providers] == ["DN", "82", "77", "DQ"]
    assert [party.role for party in claim.lines[0].providers] == ["DK"]
    assert (claim.assignment, claim.benefits_assigned, claim.delay_reason) == ("C", "N", "3")
    assert claim.notes[0].text == "RESUME OF THE VISIT"


def test_the_days_of_a_treatment_leave_on_a_professional_claim():
    facts = VisitFacts(onset_on=date(2026, 8, 1), initial_treatment_on=date(2026, 8, 3), last_seen_on=date(2026, 8, 20))

    assert rendered(a_submission(facts=facts)).claim.dates == (
        Dated("431", date(2026, 8, 1)),
        Dated("454", date(2026, 8, 3)),
        Dated("304", date(2026, 8, 20)),
    )
    assert [one.qualifier for one in rendered(an_inpatient_submission(facts=facts)).claim.dates] == ["434", "435"]


@pytest.mark.parametrize("kind", ["professional", "institutional"])
@pytest.mark.parametrize("relationship", ["18", "19"])
def test_the_insurers_number_of_an_accident_stands_at_the_patient(kind, relationship):
    event = a_submission if kind == "professional" else an_inpatient_submission
    facts = VisitFacts(
        related_cause="AA",
        accident_on=date(2026, 8, 20),
        accident_state="MA",
        property_casualty_claim_number="auto-7781",
    )

    billed = rendered(event(facts=facts, person=a_person(relationship=relationship)))

    patient, other = billed.subscriber.party, billed.patient and billed.patient.party
    if other:
        patient, other = other, patient
    assert patient.reference("Y4") == "AUTO-7781"
    assert other is None or other.references == ()


def test_a_visit_to_a_patient_in_a_bed_tells_the_day_of_admission():
    event = a_submission(place_of_service="21", stay=Stay(admitted_on=date(2026, 8, 28)))

    assert rendered(event).claim.dates == (Dated("435", date(2026, 8, 28)),)


def test_an_inpatient_stay_keeps_its_codes_each_in_its_place():
    event = a_submission(
        kind="institutional",
        place_of_service=None,
        diagnoses=(
            Diagnosis(code="I2109", kind="principal", present_on_admission="Y"),
            Diagnosis(code="R079", kind="admitting"),
            Diagnosis(code="E119", present_on_admission="N"),
            Diagnosis(code="W19XXXA", kind="external_cause", present_on_admission="Y"),
            Diagnosis(code="Z370"),
        ),
        providers=Providers(attending=HEALER, operating=HEALER),
        stay=Stay(
            type_of_bill="11", admitted_on=date(2026, 8, 28), admitted_hour=9, discharged_hour=14, admission_type="1",
            admission_source="1", drg="280", condition_codes=("C1",),
            procedures=(InstitutionalProcedure(code="02703DZ", performed_on=date(2026, 8, 29)),),
            occurrences=(CodedAmount(code="11", on=date(2026, 8, 27)),),
            occurrence_spans=(
                OccurrenceSpan(code="74", from_date=date(2026, 8, 29), through_date=date(2026, 8, 30)),
                OccurrenceSpan(code="M0", from_date=date(2026, 8, 31), through_date=date(2026, 8, 31)),
            ),
            values=(CodedAmount(code="80", amount=Decimal(3)),),
        ),
        statement_from=date(2026, 8, 28),
    )  # fmt: skip
    line = event.lines[0].model_copy(update={"revenue_code": "0120", "procedure": None, "unit_of_measure": "DA"})

    claim = rendered(event.model_copy(update={"lines": (line,)})).claim

    assert [(one.code, one.present_on_admission) for one in claim.diagnoses] == [
        ("I2109", "Y"),
        ("E119", "N"),
        ("Z370", ""),
    ]
    info = claim.institutional
    assert (info.admitting_diagnosis.code, info.external_causes[0].code, info.drg) == ("R079", "W19XXXA", "280")
    assert (info.principal_procedure.code, info.values[0].amount) == ("02703DZ", Decimal(3))
    assert [(one.code, one.start, one.end) for one in info.occurrence_spans] == [
        ("74", date(2026, 8, 29), date(2026, 8, 30)),
        ("M0", date(2026, 8, 31), date(2026, 8, 31)),
    ]
    assert claim.condition_codes == ("C1",)
    assert [party.role for party in claim.providers] == ["71", "72"]


def an_inpatient_submission(type_of_bill="11", **changes):
    stay = Stay(
        type_of_bill=type_of_bill, admitted_on=date(2026, 8, 28), admitted_hour=9, admission_type="1", admission_source="1",
        patient_status="30" if type_of_bill[2:] in ("2", "3") else "01", **changes.pop("stay", {}),
    )  # fmt: skip
    line = (
        a_submission()
        .lines[0]
        .model_copy(
            update={"revenue_code": "0120", "procedure": None, "unit_of_measure": "DA", **changes.pop("line", {})}
        )
    )
    return a_submission(
        **{
            "kind": "institutional",
            "place_of_service": None,
            "diagnoses": (
                Diagnosis(code="I2109", kind="principal", present_on_admission="Y"),
                Diagnosis(code="R079", kind="admitting"),
            ),
            "providers": Providers(attending=HEALER),
            "stay": stay,
            "statement_from": date(2026, 8, 28),
        }
        | changes
    ).model_copy(update={"lines": (line,)})


@pytest.mark.parametrize(("hour", "at"), [(None, None), (0, time(0)), (9, time(9))])
def test_an_admission_has_the_hour_that_was_told_and_no_other(hour, at):
    event = an_inpatient_submission()
    stay = event.stay.model_copy(update={"admitted_hour": hour})

    claim = rendered(event.model_copy(update={"stay": stay})).claim

    assert Dated("435", date(2026, 8, 28), at=at) in claim.dates


@pytest.mark.parametrize(
    ("type_of_bill", "revenue_code", "has_day"),
    [
        ("11", "0120", False),
        ("21", "0100", False),
        ("18", "0219", False),
        ("11", "0183", False),
        ("11", "0220", True),
        ("11", "0301", True),
        ("13", "0120", True),
    ],
)
def test_a_room_has_no_day_of_its_own_and_any_other_service_has_one(type_of_bill, revenue_code, has_day):
    event = an_inpatient_submission(type_of_bill, line={"revenue_code": revenue_code, "procedure": "80053"})

    (line,) = rendered(event).claim.lines

    assert bool(line.service_dates) is has_day


@pytest.mark.parametrize(
    ("type_of_bill", "frequency"), [("11", "1"), ("111", "1"), ("112", "2"), ("113", "3"), ("114", "4")]
)
def test_a_type_of_bill_says_its_facility_and_care_and_the_submission_its_frequency(type_of_bill, frequency):
    claim = rendered(an_inpatient_submission(type_of_bill, frequency_code=frequency)).claim

    assert (claim.facility_code, claim.frequency) == ("11", frequency)


def test_a_replacement_of_an_interim_bill_is_a_replacement():
    event = an_inpatient_submission("112", frequency_code="7", original_payer_claim_number="PAYER77")

    assert rendered(event).claim.frequency == "7"


@pytest.mark.parametrize(
    ("revenue_code", "procedure", "qualifier"),
    [("0022", "NHNN1", "HP"), ("0023", "1AA11", "HP"), ("0024", "A0101", "HP"), ("0420", "97110", "HC")],
)
def test_the_code_of_a_payment_group_says_that_it_is_one_of_hipps(revenue_code, procedure, qualifier):
    line = {"revenue_code": revenue_code, "procedure": procedure, "unit_of_measure": "UN"}
    event = an_inpatient_submission("21", line=line)
    (sent,) = event.lines
    event = paid_before(event, PriorLine(line_id=sent.line_id, units=Decimal(1), paid=sent.charge))

    (written,) = rendered(event).claim.lines
    (prior,) = written.prior_payments

    assert written.procedure == Procedure(procedure, qualifier=qualifier)
    assert prior.procedure == Procedure(procedure, qualifier=qualifier)


def paid_before(event, *lines, **decision):
    """The submission as the payer behind another one gets it."""
    primary = ClaimPayer(
        payer_id="first", name="First Payer", x12_id="P0001", receiver_id=PARTNER, claim_filing_indicator="MB"
    )
    said = {"paid": sum(line.paid for line in lines), "lines": lines, "decided_on": date(2026, 9, 10)} | decision
    decided = PriorPayment(payer=primary, payer_sequence="P", **said)
    return event.model_copy(
        update={
            "payer_sequence": "S",
            "payer": a_payer("P0002"),
            "other_coverages": (OtherCoverage(payer=primary, payer_sequence="P", decision=decided),),
            "person": event.person.model_copy(update={"other_subscribers": (event.person.subscriber,)}),
        }
    )


def test_a_secondary_submission_says_what_the_primary_decided_about_each_line():
    event = a_submission(ordinal=2)
    reasons = (
        Adjustment(group="PR", carc="3", amount=Decimal(10)),
        Adjustment(group="CO", carc="45", amount=Decimal(20)),
        Adjustment(group="PR", carc="2", amount=Decimal(5)),
        Adjustment(group="CO", carc="45", amount=Decimal(5)),
    )
    line = PriorLine(line_id=event.lines[0].line_id, units=Decimal(1), paid=Decimal(80), adjustments=reasons)
    event = paid_before(event, line, patient_liability=Decimal(15), payer_claim_number="PAYER77")

    claim = rendered(event).claim

    (coverage,), (prior,) = claim.other_coverages, claim.lines[0].prior_payments
    assert (coverage.responsibility, coverage.paid, coverage.payer.reference("F8")) == ("P", Decimal(80), "PAYER77")
    assert (prior.payer_id, prior.paid, prior.decided_on) == ("P0001", Decimal(80), date(2026, 9, 10))
    assert [(one.group, one.reason, one.amount) for one in prior.adjustments] == [
        ("PR", "3", Decimal(10)), ("PR", "2", Decimal(5)), ("CO", "45", Decimal(25))
    ]  # fmt: skip
    assert prior.paid + sum(one.amount for one in prior.adjustments) == claim.lines[0].charge


def test_the_principal_diagnosis_comes_first_and_the_pointers_follow_it():
    ordered = order_diagnoses(
        (Diagnosis(code="I10"), Diagnosis(code="E119", kind="principal"), Diagnosis(code="I10")),
        kind_of("professional"),
    )

    assert [one.code for one in ordered.diagnoses] == ["E119", "I10"]
    assert ordered.pointers == {2: 1, 1: 2, 3: 2}


@pytest.mark.parametrize("name", ["Núñez", "O'Brien-Ørsted", "Łukasz", "Straße"])
def test_names_with_accents_leave_in_the_characters_of_x12(name):
    assert rendered(a_submission(person=a_person(last=name))).subscriber.party.name.isascii()


def test_a_rendering_provider_who_bills_is_not_said_twice():
    event = a_submission(providers=Providers(rendering=HEALER.model_copy(update={"npi": NPI})))

    assert rendered(event).claim.providers == ()


OTHER = Provider(npi="1710000013", last_name="Okafor", first_name="Adaeze")


@pytest.mark.parametrize(
    ("rendering", "of_line", "named", "named_by_line"),
    [
        (HEALER, HEALER, ["71"], []),
        (OTHER, HEALER, ["71", "82"], ["82"]),
        (OTHER, OTHER, ["71", "82"], []),
        (None, HEALER, ["71"], []),
        (None, OTHER, ["71"], ["82"]),
    ],
)
def test_who_attends_is_not_named_again_as_who_renders(rendering, of_line, named, named_by_line):
    event = an_inpatient_submission(
        providers=Providers(attending=HEALER, rendering=rendering), line={"rendering": of_line}
    )

    claim = rendered(event).claim

    assert [party.role for party in claim.providers] == named
    assert [party.role for party in claim.lines[0].providers] == named_by_line


def test_a_member_id_in_lower_case_is_sent_in_capitals():
    assert rendered(a_submission(person=a_person(member="abc123"))).subscriber.party.id == "ABC123"


DRUG = {"ndc": "00002751001", "ndc_quantity": Decimal("2.5"), "ndc_unit": "ML"}


@pytest.mark.parametrize("event", [a_submission(), an_inpatient_submission()])
def test_a_drug_leaves_with_its_own_quantity_and_unit(event):
    line = event.lines[0].model_copy(
        update={"procedure": "J1815", "units": Decimal(10), "unit_of_measure": "UN", **DRUG}
    )

    drug = rendered(event.model_copy(update={"lines": (line,)})).claim.lines[0].drug

    assert (drug.code, drug.quantity, drug.unit) == ("00002751001", Decimal("2.5"), "ML")


@pytest.mark.parametrize("unknown", ["ndc_quantity", "ndc_unit", "ndc"])
def test_a_drug_whose_quantity_is_not_known_leaves_without_its_ndc(unknown):
    event = a_submission()
    line = event.lines[0].model_copy(update=DRUG | {unknown: None})

    assert rendered(event.model_copy(update={"lines": (line,)})).claim.lines[0].drug is None


def a_payer_with(filing, insurance_type=None, **changes):
    return a_payer(**changes).model_copy(update={"claim_filing_indicator": filing, "insurance_type": insurance_type})


def billed_to(*payers, destination, kind="professional", subscriber=None):
    """The claim as the payer at a place of the order gets it."""
    order = "PST"
    event = a_submission() if kind == "professional" else an_inpatient_submission()
    others = [number for number in range(len(payers)) if number != destination]
    person = event.person if subscriber is None else event.person.model_copy(update={"subscriber": subscriber})
    return rendered(
        event.model_copy(
            update={
                "payer": payers[destination],
                "payer_sequence": order[destination],
                "other_coverages": tuple(
                    OtherCoverage(payer=payers[number], payer_sequence=order[number]) for number in others
                ),
                "person": person.model_copy(update={"other_subscribers": (person.subscriber,) * len(others)}),
            }
        )
    )


EMPLOYER = a_payer_with("CI", x12_id="P0001")
MEDICARE = a_payer_with("MB", "12", x12_id="P0002")


def test_medicare_learns_why_it_is_secondary():
    assert billed_to(EMPLOYER, MEDICARE, destination=1).subscriber.insurance_type == "12"


def test_the_primary_payer_learns_why_medicare_is_secondary():
    billed = billed_to(EMPLOYER, MEDICARE, destination=0)

    assert (billed.subscriber.insurance_type, billed.claim.other_coverages[0].insurance_type) == ("", "12")


@pytest.mark.parametrize(
    ("payers", "destination"),
    [
        ((MEDICARE,), 0),
        ((MEDICARE, EMPLOYER), 0),
        ((EMPLOYER, a_payer_with("MB", "MI", x12_id="P0002")), 1),
        ((EMPLOYER, a_payer_with("BL", "12", x12_id="P0002")), 1),
    ],
)
def test_an_insurance_type_is_said_of_no_other(payers, destination):
    assert billed_to(*payers, destination=destination).subscriber.insurance_type == ""


def test_an_institutional_claim_has_no_insurance_type():
    payers = (EMPLOYER, MEDICARE.model_copy(update={"claim_filing_indicator": "MA"}))

    billed = billed_to(*payers, destination=1, kind="institutional")
    assert billed.subscriber.insurance_type == ""
    billed = billed_to(*payers, destination=0, kind="institutional")
    assert billed.claim.other_coverages[0].insurance_type == ""


@pytest.mark.parametrize(
    ("number", "name", "said"),
    [
        ("G-17", None, ("G-17", "")),
        ("G-17", "Mill Workers", ("G-17", "")),
        (None, "Mill Workers", ("", "MILL WORKERS")),
    ],
)
def test_a_group_is_known_by_its_number_else_by_its_name(number, name, said):
    subscriber = a_person().subscriber.model_copy(update={"group_number": number, "group_name": name})

    billed = billed_to(EMPLOYER, MEDICARE, destination=0, subscriber=subscriber)

    assert (billed.subscriber.group_number, billed.subscriber.group_name) == said
    other = billed.claim.other_coverages[0]
    assert (other.group_number, other.group_name) == said


TORONTO = {"line1": "12 King Street", "city": "Toronto", "state": "ON", "postal_code": "M5H 1J9", "country": "CA"}
LONDON = {"line1": "12 King Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
GUADALAJARA = {"line1": "Calle Uno 12", "city": "Guadalajara", "state": "JAL", "postal_code": "44100", "country": "MX"}
HONG_KONG = {"line1": "12 Queen's Road", "city": "Hong Kong", "country": "HK"}
SYDNEY = {"line1": "12 George Street", "city": "Sydney", "state": "NSW", "postal_code": "2000", "country": "AU"}
SALEM = {"line1": "12 Elm Street", "city": "Salem", "state": "MA", "postal_code": "01970", "country": "US"}


@pytest.mark.parametrize("relationship", ["18", "19"])
@pytest.mark.parametrize("kind", ["professional", "institutional"])
@pytest.mark.parametrize(
    ("address", "said"),
    [
        (TORONTO, ("ON", "M5H 1J9", "CA", "")),
        (LONDON, ("", "SW1A 1AA", "GB", "")),
        (GUADALAJARA, ("", "44100", "MX", "JAL")),
        (HONG_KONG, ("", "", "HK", "")),
        (SYDNEY, ("", "2000", "AU", "NSW")),
        (SALEM, ("MA", "01970", "", "")),
    ],
)
def test_an_address_says_what_its_country_has(address, said, kind, relationship):
    person = a_person(relationship=relationship)
    home = Address(**address)
    person = person.model_copy(
        update={
            "patient": person.patient.model_copy(update={"address": home}),
            "subscriber": person.subscriber.model_copy(update={"address": home}),
        }
    )
    event = a_submission() if kind == "professional" else an_inpatient_submission()
    facility = Facility(name="Hill Site", npi="1234567893", address=home)

    billed = rendered(event.model_copy(update={"person": person, "facility": facility}))

    places = [
        billed.subscriber.party.address,
        *([billed.patient.party.address] if billed.patient else []),
        *(party.address for party in billed.claim.providers if party.role == "77"),
    ]
    assert len(places) == (2 if relationship == "18" else 3)
    assert {(each.state, each.postal_code, each.country, each.subdivision) for each in places} == {said}


def values_of(claim):
    return {one.code: one.amount for one in claim.institutional.values}


COPAY = VisitFacts(patient_paid=Decimal("20.00"))
SAYS_NOTHING = a_payer().model_copy(update={"reports_patient_paid": False})


def test_a_professional_claim_tells_what_the_patient_paid_where_its_payers_policy_says_so():
    told = rendered(a_submission(facts=COPAY)).claim.amounts
    not_told = rendered(a_submission(facts=COPAY, payer=SAYS_NOTHING)).claim.amounts

    assert ([(one.qualifier, one.amount) for one in told], not_told) == ([("F5", Decimal(20))], ())


def test_an_institutional_claim_tells_it_by_its_value_code():
    weight = CodedAmount(code="54", amount=Decimal(3200))
    stay = {"stay": {"values": (weight,)}}

    told = rendered(an_inpatient_submission(facts=COPAY, **stay)).claim
    not_told = rendered(an_inpatient_submission(facts=COPAY, payer=SAYS_NOTHING, **stay)).claim

    assert values_of(told) == {"54": Decimal(3200), "80": Decimal(1), "FC": Decimal(20)}
    assert set(values_of(not_told)) == {"54", "80"}
    assert (told.amounts, not_told.amounts) == ((), ())


def test_a_value_code_that_the_hospital_gave_is_not_said_twice():
    given = CodedAmount(code="FC", amount=Decimal(15))

    claim = rendered(an_inpatient_submission(facts=COPAY, stay={"values": (given,)})).claim

    assert values_of(claim) == {"80": Decimal(1), "FC": Decimal(15)}


def rooms(*units, type_of_bill="11", values=()):
    """An inpatient bill with a line for each kind of room: its revenue code and its days."""
    event = an_inpatient_submission(type_of_bill, stay={"values": values})
    (line,) = event.lines
    lines = tuple(
        line.model_copy(
            update={"ordinal": n, "revenue_code": code, "units": Decimal(days), "line_control_number": f"L{n}"}
        )
        for n, (code, days) in enumerate(units, start=1)
    )
    charge = sum(each.charge for each in lines)
    return rendered(event.model_copy(update={"lines": lines, "total_charge": charge})).claim


def test_an_inpatient_bill_counts_the_days_of_its_rooms_without_leave():
    claim = rooms(("0120", 3), ("0200", 2), ("0183", 1), ("0250", 9))

    assert values_of(claim) == {"80": Decimal(5)}


@pytest.mark.parametrize(
    ("given", "covered"),
    [
        (CodedAmount(code="80", amount=Decimal(2)), {"80": Decimal(2)}),
        (CodedAmount(code="81", amount=Decimal(1)), {"80": Decimal(4), "81": Decimal(1)}),
    ],
)
def test_covered_days_that_are_told_stand_and_days_that_are_not_covered_are_none(given, covered):
    assert values_of(rooms(("0120", 5), values=(given,))) == covered


@pytest.mark.parametrize(("code", "type_of_bill"), [("0250", "11"), ("0183", "11"), ("0120", "13")])
def test_where_no_room_of_an_inpatient_is_billed_no_days_are_counted(code, type_of_bill):
    assert values_of(rooms((code, 5), type_of_bill=type_of_bill)) == {}
