"""Codes are asked of the list that their qualifier names, on the day that counts for them."""

from datetime import date

import pytest
from claimstream_x12.checking import Checker, ShapesOnly, Standing

from ..whole_files import DENTAL, INSTITUTIONAL, PROFESSIONAL, REMITTANCE, WholeFile

P, R = PROFESSIONAL, REMITTANCE
I = INSTITUTIONAL  # noqa: E741 — the guide's own letter


class Notes:
    """A port that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: dict[str, list[tuple[str, date | None]]] = {}

    def standing(self, code_set: str, code: str, on: date | None) -> Standing:
        self.asked.setdefault(code_set, []).append((code, on))
        return Standing.VALID


def asked_about(file: WholeFile) -> dict[str, list[tuple[str, date | None]]]:
    """What is asked about a file, by list."""
    notes = Notes()
    Checker(notes).check(file.data())
    return notes.asked


def lists_of(file: WholeFile, code: str) -> set[str]:
    """The lists that a code is looked up in."""
    return {name for name, asked in asked_about(file).items() if code in [one for one, _ in asked]}


QUALIFIED = {
    "a principal diagnosis": (P, "E119", {"icd10cm"}),
    "another diagnosis": (P, "I10", {"icd10cm"}),
    "an ICD-9 diagnosis": (P.edit("HI*ABK:E119*ABF:I10", "ABK:E119*ABF:I10", "BK:25000"), "25000", {"icd9cm"}),
    "a reason of the visit": (I.edit("CLM*", "11:A:1", "13:A:1").change("HI*ABJ", "HI*APR:R079"), "R079", {"icd10cm"}),
    "an ICD-9 reason of the visit": (I.edit("CLM*", "11:A:1", "13:A:1").change("HI*ABJ", "HI*PR:78650"), "78650", {"icd9cm"}),
    "an external cause": (I.add("HI*ABJ", "HI*ABN:W19XXXA"), "W19XXXA", {"icd10cm"}),
    "a procedure of ICD-10": (I, "02703DZ", {"icd10pcs"}),
    "a procedure of ICD-9": (I.edit("HI*BBR", "BBR:02703DZ", "BR:3606"), "3606", {"icd9pcs"}),
    "an alternative billing concept": (I.edit("HI*BBR", "BBR:02703DZ", "CAH:ABCDE"), "ABCDE", set()),
    "a HCPCS code": (P, "99213", {"procedure"}),
    "a home infusion code": (P.edit("SV1*HC:36415", "HC:36415", "IV:S9325"), "S9325", {"other"}),
    "a revenue code": (I, "0120", {"revenue"}),
    "a drug code in a remittance": (R.edit("SVC*HC:99213", "HC:99213", "N4:00002143380"), "00002143380", {"ndc"}),
    "a place of service": (P, "11", {"pos"}),
    "a state": (P, "MA", {"state"}),
    "a taxonomy": (P, "207Q00000X", {"taxonomy"}),
    "a reason of an adjustment": (R, "45", {"carc"}),
    "a remark": (R, "N381", {"rarc"}),
}  # fmt: skip


@pytest.mark.parametrize("name", QUALIFIED)
def test_a_code_is_asked_of_the_list_that_its_qualifier_names(name):
    file, code, lists = QUALIFIED[name]

    assert lists_of(file, code) - {"other"} == lists - {"other"}


def test_a_claims_codes_are_asked_on_its_first_day_of_service():
    asked = asked_about(P.edit("DTP*472", "20260901", "20260831"))

    assert asked["icd10cm"][:2] == [("E119", date(2026, 8, 31)), ("I10", date(2026, 8, 31))]
    assert asked["icd10cm"][2:] == [("J069", date(2026, 9, 2))]


def test_a_lines_code_is_asked_on_the_day_of_that_line():
    file = P.edit("DTP*472", "20260901", "20251231").change("DTP*472*D8*20260901", "DTP*472*D8*20260102")

    assert asked_about(file)["procedure"][:2] == [("99213", date(2025, 12, 31)), ("36415", date(2026, 1, 2))]


def test_the_diagnoses_of_a_stay_are_asked_on_the_day_of_discharge():
    file = I.edit("DTP*434", "20260901-20260904", "20260929-20261002").edit("DTP*435", "202609011030", "202609291030")

    assert {on for _, on in asked_about(file)["icd10cm"]} == {date(2026, 10, 2)}


def test_a_bill_of_an_outpatient_is_asked_on_its_first_day():
    file = I.edit("CLM*", "11:A:1", "13:A:1").drop("DTP*435", "HI*ABJ")

    assert {on for _, on in asked_about(file)["icd10cm"]} == {date(2026, 9, 1)}


def test_a_remittances_codes_are_asked_on_the_day_of_service():
    asked = asked_about(R)["procedure"]

    assert asked == [("99213", date(2026, 9, 1)), ("99214", date(2026, 9, 2))]


def test_a_dental_claims_codes_are_asked_on_the_claims_day():
    assert asked_about(DENTAL.add("DTP*472", "HI*ABK:K029"))["icd10cm"] == [("K029", date(2026, 9, 1))]


@pytest.mark.parametrize(
    ("code_set", "code", "on", "standing"),
    [
        ("icd10cm", "E119", date(2026, 9, 1), "unchecked"),
        ("icd10cm", "ZZZZZ", date(2026, 9, 1), "invalid"),
        ("icd10cm", "25000", date(2015, 9, 30), "unchecked"),
        ("icd10cm", "U071", date(2026, 9, 1), "unchecked"),
        ("icd10cm", "C7A00", date(2026, 9, 1), "unchecked"),
        ("icd10cm", "M1A9XX0", date(2026, 9, 1), "unchecked"),
        ("icd10pcs", "0016070", date(2026, 9, 1), "unchecked"),
        ("icd10pcs", "001607O", date(2026, 9, 1), "invalid"),
        ("procedure", "99213", None, "unchecked"),
        ("procedure", "0001U", None, "unchecked"),
        ("procedure", "J1100", None, "unchecked"),
        ("procedure", "9921", None, "invalid"),
        ("ndc", "0002143380", None, "invalid"),
        ("state", "MA", None, "valid"),
        ("state", "XX", None, "invalid"),
        ("country", "AT", None, "valid"),
        ("currency", "USD", None, "valid"),
        ("carc", "253", None, "unchecked"),
        ("carc", "P12", None, "unchecked"),
        ("rarc", "MA130", None, "unchecked"),
        ("a list that nobody knows", "X", None, "unchecked"),
    ],
)
def test_a_code_that_cannot_be_one_is_refused_without_any_list(code_set, code, on, standing):
    assert ShapesOnly().standing(code_set, code, on) == standing
