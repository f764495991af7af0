"""Systems of codes, days, numbers of lines and addresses that contradict each other, and beside them what does not."""

import pytest

from ..checked import found_in
from ..whole_files import (
    CLAIM_ACKNOWLEDGMENT,
    DENTAL,
    INSTITUTIONAL,
    PROFESSIONAL,
    REMITTANCE,
    SECONDARY,
    WholeFile,
)

P, S, D, R, CA = PROFESSIONAL, SECONDARY, DENTAL, REMITTANCE, CLAIM_ACKNOWLEDGMENT
I = INSTITUTIONAL  # noqa: E741 — the guide's own letter


def on_days(file: WholeFile, day: str) -> WholeFile:
    """The same services, all on another day."""
    for old in ("20260901", "20260902"):
        while any(f"*{old}" in segment for segment in file.segments if segment.startswith("DTP*472")):
            file = file.edit(next(s for s in file.segments if s.startswith("DTP*472") and old in s), old, day)
    return file


def a_stay(first: str, last: str, bill: str = "11", **codes: str) -> WholeFile:
    """An institutional bill of some days, with the codes that are given in place of its own."""
    file = I.edit("DTP*434", "20260901-20260904", f"{first}-{last}").edit("DTP*435", "20260901", first)
    file = (
        file.edit("DTP*472", "20260901", first).edit("HI*BBR", "20260902", first).edit("CLM*", "11:A:1", f"{bill}:A:1")
    )
    for was, now in codes.items():
        file = file.edit(f"HI*{was}", f"{was}:", f"{now}:")
    return file


NINE = {"ABK": "BK", "ABJ": "BJ", "BBR": "BR"}
OLD_STAY = (
    a_stay("20150901", "20150904", **NINE)
    .edit("HI*BK", "I2109", "41001")
    .edit("HI*BJ", "I2109", "41001")
    .edit("HI*ABF", "ABF:E119", "BF:25000")
    .edit("HI*BF", "ABF:Z370", "BF:V270")
    .edit("HI*BR", "02703DZ", "0066")
)
NEW_WITH_OLD_CODES = {
    f"a stay whose {said} is of ICD-9": (I.edit(f"HI*{ten}", f"{ten}:{code}", f"{nine}:{old}"), "code-systems-mixed")
    for said, ten, code, nine, old in (
        ("principal diagnosis", "ABK", "I2109", "BK", "41001"),
        ("admitting diagnosis", "ABJ", "I2109", "BJ", "41001"),
        ("other diagnosis", "ABF", "E119", "BF", "25000"),
        ("principal procedure", "BBR", "02703DZ", "BR", "0066"),
    )
}
WRONG_SYSTEM = {
    **NEW_WITH_OLD_CODES,
    "a reason for the visit of ICD-9": (I.add("HI*ABJ", "HI*PR:78650"), "code-systems-mixed"),
    "an external cause of ICD-9": (I.add("HI*ABJ", "HI*BN:E8859"), "code-systems-mixed"),
    "another procedure of ICD-9": (I.add("HI*BBR", "HI*BQ:3722:D8:20260902"), "code-systems-mixed"),
    "an external cause of ICD-10 on a bill of ICD-9": (OLD_STAY.add("HI*BJ", "HI*ABN:W010XXA"), "code-systems-mixed"),
    "a visit of today, by ICD-9": (P.edit("HI*ABK:J069", "ABK:J069", "BK:4659"), "code-system-date"),
    "a visit on the first day of ICD-10, by ICD-9": (on_days(P, "20151001").edit("HI*ABK:J069", "ABK:J069", "BK:4659"), "code-system-date"),
    "a visit on the last day of ICD-9, by ICD-10": (on_days(P, "20150930"), "code-system-date"),
    "teeth of today, by ICD-9": (D.add("DTP*472", "HI*BK:5210"), "code-system-date"),
    "a stay of today, by ICD-9": (I.edit("HI*ABK", "ABK:I2109", "BK:41001").edit("HI*ABJ", "ABJ:I2109", "BJ:41001").drop("HI*ABF", "HI*BBR"), "code-system-date"),
    "a stay that ended after the change, by ICD-9": (OLD_STAY.edit("DTP*434", "20150904", "20151001"), "code-system-date"),
    "a stay that ended before the change, by ICD-10": (a_stay("20150901", "20150930"), "code-system-date"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_SYSTEM)
def test_one_system_of_codes_holds_on_a_day(name):
    file, code = WRONG_SYSTEM[name]

    assert found_in(file)[code]


RIGHT_SYSTEM = {
    "a visit on the last day of ICD-9": on_days(P, "20150930").edit("HI*ABK:E119", "ABK:E119*ABF:I10", "BK:25000*BF:4019").edit("HI*ABK:J069", "ABK:J069", "BK:4659"),
    "a visit on the first day of ICD-10": on_days(P, "20151001"),
    "a stay by ICD-9": OLD_STAY,
    "a stay across the change, by ICD-10": a_stay("20150929", "20151001"),
    "an outpatient bill across the change": a_stay("20150929", "20151001", "13"),
    "teeth by the dentists' own terms": D.add("DTP*472", "HI*TQ:110000"),
    "other codes beside ICD-10": I.add("HI*BE", "HI*BG:C1"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT_SYSTEM)
def test_the_system_of_the_day_is_right(name):
    assert not {"code-systems-mixed", "code-system-date"} & found_in(RIGHT_SYSTEM[name]).keys()


@pytest.mark.parametrize("code", ["W010XXA", "V0001XA", "X58XXXA", "Y92009"])
def test_an_external_cause_listed_first_is_told(code):
    assert found_in(P.edit("HI*ABK:E119", "E119", code))["external-cause-first"] is False


def test_an_external_cause_of_icd_9_listed_first_is_told():
    file = OLD_STAY.edit("HI*BK", "41001", "E8859")

    assert found_in(file)["external-cause-first"] is False


def test_an_external_cause_after_the_injury_is_right():
    assert found_in(P.edit("HI*ABK:E119", "E119*ABF:I10", "S61011A*ABF:W260XXA")) == {}
    assert found_in(I.add("HI*ABJ", "HI*ABN:W010XXA")) == {}


CONTROLS = {
    "of a hospital": I.add("SV2*0120", "REF*6R*SAME").add("DTP*472", "REF*6R*SAME"),
    "of a dentist": D.add("TOO*", "REF*6R*SAME").add("SV3*AD:D1110", "REF*6R*SAME"),
    "that are not neighbours": P.change("HL*3*", "LX*3", "SV1*HC:36415*0*UN*1***1", "DTP*472*D8*20260901", "REF*6R*OWN1", "HL*3*1*22*1"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTROLS)
def test_no_two_lines_of_a_claim_have_one_number(name):
    assert found_in(CONTROLS[name]) == {"line-control-twice": True}


def test_lines_of_two_claims_may_have_one_number():
    assert found_in(P.edit("REF*6R*CHILD1", "CHILD1", "OWN1")) == {}


def test_a_line_that_was_split_comes_back_twice_with_its_number():
    file = R.change("SVC*HC:99214", "SVC*HC:99214*100*80**1").add(
        "CAS*CO*45*20", "REF*6R*ONE", "SVC*HC:99215*0*0**1", "DTM*472*20260902", "REF*6R*ONE"
    )

    assert found_in(file) == {}


@pytest.mark.parametrize(
    "street", ["PO BOX 12", "P.O. BOX 12", "P O BOX 12", "POBOX 12", "P.O.BOX 12", "POST OFFICE BOX 12", "LOCKBOX 9", "LOCK BOX 9", "BOX 77", "po box 12", "PO DRAWER 4"]
)  # fmt: skip
def test_a_billing_provider_in_a_post_box_is_told(street):
    assert found_in(P.edit("N3*1 HARBOR", "1 HARBOR STREET", street)) == {"billing-street": False}
    assert found_in(I.edit("N3*1 HARBOR", "1 HARBOR STREET", f"1 HARBOR STREET*{street}")) == {"billing-street": False}


@pytest.mark.parametrize(
    "street", ["12 BOXWOOD LANE", "4 POBLANO WAY", "1 POST OFFICE SQUARE", "9 LOCKE ST", "7 BOX HILL RD"]
)
def test_a_street_that_sounds_like_a_post_box_is_a_street(street):
    assert found_in(P.edit("N3*1 HARBOR", "1 HARBOR STREET", street)) == {}


def test_a_patient_and_a_pay_to_address_may_have_a_post_box():
    file = P.edit("N3*12 ELM", "12 ELM STREET", "PO BOX 3").add(
        "REF*EI", "NM1*87*2", "N3*PO BOX 12", "N4*BOSTON*MA*02110"
    )

    assert found_in(file) == {}


CONTRADICTING_DAYS = {
    "a subscriber born after the service": (P.edit("DMG*D8*19800517", "19800517", "20260902"), "born-after-service"),
    "a child born after the service": (P.edit("DMG*D8*20150302", "20150302", "20260903"), "born-after-service"),
    "a patient in a hospital born after the stay": (I.edit("DMG*", "19800517", "20260905"), "born-after-service"),
    "a dentist's patient": (D.edit("DMG*", "19800517", "20260902"), "born-after-service"),
    "a subscriber who had died": (P.add("SBR*P*18", "PAT*****D8*20260831"), "died-before-service"),
    "a stay that ends before it begins": (I.edit("DTP*435", "20260901", "20260905"), "dates-contradict"),
    "a discharge before the admission": (P.add("CLM*OWN0001", "DTP*435*D8*20260901", "DTP*096*D8*20260831"), "dates-contradict"),
    "an accident after the service": (P.edit("CLM*OWN0001", "*Y*Y", "*Y*Y**OA").add("CLM*OWN0001", "DTP*439*D8*20260902"), "dates-contradict"),
    "an illness that began after the service": (P.add("CLM*OWN0001", "DTP*431*D8*20260902"), "dates-contradict"),
    "a line after the bill": (I.edit("DTP*472", "20260901", "20260905"), "dates-contradict"),
    "a line before the bill": (I.edit("DTP*472", "20260901", "20260831"), "dates-contradict"),
    "a procedure after the bill": (I.edit("HI*BBR", "20260902", "20260905"), "dates-contradict"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTING_DAYS)
def test_days_that_contradict_each_other_are_told(name):
    file, code = CONTRADICTING_DAYS[name]

    assert found_in(file) == {code: False}


AGREEING_DAYS = {
    "born on the day of service": P.edit("DMG*D8*20150302", "20150302", "20260902"),
    "died on the day of service": P.add("SBR*P*18", "PAT*****D8*20260901"),
    "born on the day of admission": I.edit("DMG*", "19800517", "20260901"),
    "a bill that begins before the admission": I.edit("DTP*434", "20260901-", "20260830-"),
    "an illness that began that day": P.add("CLM*OWN0001", "DTP*431*D8*20260901"),
    "a subscriber who is not the patient and is young": P.add("NM1*IL*1*ROE", "DMG*D8*20260903*F"),
    "a dentist who names no day": D.drop("DTP*472"),
    "admitted and discharged on one day": P.add("CLM*OWN0001", "DTP*435*D8*20260901", "DTP*096*D8*20260901"),
}  # fmt: skip


@pytest.mark.parametrize("name", AGREEING_DAYS)
def test_days_that_agree_are_not_told(name):
    assert found_in(AGREEING_DAYS[name]) == {}


@pytest.mark.parametrize("frequency", ["1", "4"])
@pytest.mark.parametrize("bill", ["11", "41"])
def test_a_final_inpatient_bill_without_its_discharge_hour_is_told(bill, frequency):
    file = I.drop("DTP*096").edit("CLM*", "11:A:1", f"{bill}:A:{frequency}")

    assert found_in(file) == {"discharge-hour": False}


def test_a_replaced_inpatient_bill_is_final_as_well():
    file = I.drop("DTP*096").edit("CLM*", "11:A:1", "11:A:7").add("CL1*", "REF*F8*PAYER77")

    assert found_in(file) == {"discharge-hour": False}


def test_a_discharge_hour_of_a_patient_who_is_still_there_is_told():
    assert found_in(I.edit("CLM*", "11:A:1", "11:A:2").change("CL1*", "CL1*1*1*30")) == {"discharge-hour": False}


NO_DISCHARGE_HOUR = {
    "an interim bill": I.drop("DTP*096").edit("CLM*", "11:A:1", "11:A:3").change("CL1*", "CL1*1*1*30"),
    "an outpatient bill": I.drop("DTP*096", "DTP*435", "HI*ABJ").edit("CLM*", "11:A:1", "13:A:1"),
    "a nursing home": I.drop("DTP*096").edit("CLM*", "11:A:1", "21:A:1"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_DISCHARGE_HOUR)
def test_a_bill_that_needs_no_discharge_hour_is_right(name):
    assert found_in(NO_DISCHARGE_HOUR[name]) == {}
