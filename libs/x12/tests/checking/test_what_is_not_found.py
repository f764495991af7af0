"""What may stand in a file and must not be called a fault."""

from datetime import date

import pytest
from claimstream_x12.checking import Checker

from ..whole_files import (
    DENTAL,
    GROUP_ACKNOWLEDGMENT,
    INSTITUTIONAL,
    PROFESSIONAL,
    REMITTANCE,
    SECONDARY,
    WHOLE_FILES,
    WholeFile,
)

P, S, I, R, GA = PROFESSIONAL, SECONDARY, INSTITUTIONAL, REMITTANCE, GROUP_ACKNOWLEDGMENT  # noqa: E741


def errors_in(data: bytes) -> list[str]:
    """What is found and not merely warned of."""
    report = Checker(today=date(2026, 9, 16)).check(data)
    found = [*report.envelope_findings, *(finding for one in report.sets for finding in one.findings)]
    assert report.sets
    return [str(finding) for finding in found if finding.is_error]


def all_in(data: bytes) -> list[str]:
    """Codes of whatever is found, warnings too."""
    report = Checker(today=date(2026, 9, 16)).check(data)
    return [finding.code for finding in (*report.envelope_findings, *(f for one in report.sets for f in one.findings))]


# A reversal of OWN0001 and its correction: the same money back and forth.
REVERSAL = (
    "CLP*OWN0001*22*-120*-80.5**12*PAYER77*11*1",
    "NM1*QC*1*DOE*JANE****MI*M000001",
    "SVC*HC:99213*-120*-80.5**-1",
    "DTM*472*20260901",
    "CAS*CO*45*-29.5",
    "CAS*PR*3*-10",
    "CLP*OWN0001*1*120*80.5*10*12*PAYER79*11*1",
    "NM1*QC*1*DOE*JANE****MI*M000001",
    "SVC*HC:99213*120*80.5**1",
    "DTM*472*20260901",
    "CAS*CO*45*29.5",
    "CAS*PR*3*10",
)
DRUG = ("LIN**N4*00002143380", "CTP****10*ML")
RIGHT = {
    "AMT and QTY are never part of a balance": R.add("DTM*050", "AMT*AU*99999", "QTY*CA*7"),
    "a claim paid without lines": R.drop("SVC*HC:99214", "DTM*472*20260902", "CAS*CO*45*20").edit("CAS*PR*1*20", "20", "20*CO*45*20").edit("CAS*PR*1*20", "*CO*45*20", "**45*20"),
    "a reversal with negative contractual adjustments": R.add("LQ*HE", *REVERSAL),
    "a balance that several PLB carry": R.edit("PLB*", "WO:PAYER66*9", "WO:PAYER66*4*CS*5"),
    "a negative provider adjustment": R.edit("PLB*", "*9", "*-9").edit("BPR*", "131.5", "149.5"),
    "no payment at all": R.change("BPR*", "BPR*H*0*C*NON************20260920").edit("PLB*", "*9", "*140.5"),
    "interest that PLB names with the opposite sign": R.add("DTM*050", "AMT*I*1.25").edit("PLB*", "WO:PAYER66*9", "WO:PAYER66*9*L6*-1.25").edit("BPR*", "131.5", "132.75"),
    "a payer with codes for the payment's line of business": R.edit("CLP*OWN0001", "*12*", "*MC*"),
    "a remittance without a line number": R.drop("LX*1").drop("CLP*OWN0001", "NM1*QC", "DTM*232", "DTM*050", "SVC*", "DTM*472", "CAS*CO", "CAS*PR*3", "REF*6R", "AMT*B6", "LQ*HE", "CLP*", "CAS*", "NM1*QC", "SVC*", "DTM*472", "CAS*").edit("PLB*", "*9", "*-131.5"),
    "a situational loop left out": P.drop("PRV*PE", "NM1*82"),
    "references in another order": P.change("REF*G1", "REF*EA*RECORD1", "REF*D9*CLEARING1", "REF*G1*AUTHORIZED1"),
    "dates in another order": P.add("CLM*OWN0001", "DTP*454*D8*20260801", "DTP*431*D8*20260802", "DTP*304*D8*20260803"),
    "providers in another order": P.change("NM1*82", "NM1*77*2*HILL SITE", "N3*1 HILL", "N4*SALEM*MA*019700001", "NM1*82*1*RENDER*ROY****XX*1234567893"),
    "a certificate for durable equipment in PWK*CT*AD": P.add("SV1*HC:36415", "PWK*CT*AD"),
    "a plain attachment and a certificate side by side": P.add("SV1*HC:36415", "PWK*OZ*BM***AC*NUMBER1", "PWK*CT*AD"),
    "a drug with its quantity": P.add("REF*6R*OWN2", *DRUG),
    "a line without a charge": P.edit("SV1*HC:36415", "*80*", "*0*").edit("CLM*OWN0001", "*200*", "*120*"),
    "an amount with a point at its end": P.edit("CLM*OWN0001", "*200*", "*200.*"),
    "an amount without a zero before its point": P.edit("SV1*HC:36415", "*80*", "*79.5*").edit("SV1*HC:99213", "*120*", "*120.5*"),
    "an amount that begins with its point": P.edit("SV1*HC:36415", "*80*", "*.5*").edit("CLM*OWN0001", "*200*", "*120.5*"),
    "an amount with zeros before and after": P.edit("CLM*OWN0001", "*200*", "*000200.00*"),
    "the 29th of February of a leap year": P.edit("DMG*", "19800517", "20000229").edit("DTP*472", "20260901", "20240229"),
    "a range that ends on the 29th of February": P.edit("DTP*472", "D8*20260901", "RD8*20240228-20240229"),
    "a service of yesterday west of us": P.edit("DTP*472", "20260901", "20260917"),
    "an address abroad without a state": P.edit("N4*WORCESTER", "WORCESTER*MA*016010001", "WIEN**1010*AT"),
    "a province that is no state": P.edit("N4*WORCESTER", "WORCESTER*MA*016010001", "WIEN*WN*1010*AT"),
    "a province of Canada": P.edit("N4*WORCESTER", "WORCESTER*MA*016010001", "OTTAWA*ON*K1A0B1*CA"),
    "a Mexican billing address": P.edit("N4*BOSTON", "BOSTON*MA*021101234", "TIJUANA*BC*22000*MX"),
    "ICD-9 qualifiers with ICD-9 codes": P.edit("HI*ABK:E119", "ABK:E119*ABF:I10", "BK:25000*BF:4019").edit("DTP*472", "20260901", "20150930").edit("DTP*472*D8*20260901", "20260901", "20150930"),
    "twelve diagnoses": P.edit("HI*ABK:E119", "*ABF:I10", "*ABF:I10" * 11),
    "any modifier": P.edit("SV1*HC:99213:25", ":25", ":25:59:RT:XU"),
    "another kind of procedure code": P.edit("SV1*HC:36415", "HC:36415", "ER:HOMECARE"),
    "a legacy number and no NPI": P.edit("NM1*82", "****XX*1234567893", "").add("PRV*PE", "REF*G2*LEGACY1"),
    "a name of one letter": P.edit("NM1*82", "RENDER", "R"),
    "a void with the payer's own number": P.edit("CLM*OWN0001", "11:B:1", "11:B:8").add("REF*G1", "REF*F8*PAYER77"),
    "an interim bill of a hospital": I.edit("CLM*", "11:A:1", "11:A:2").change("CL1*", "CL1*1*1*30"),
    "an outpatient bill without an admission": I.edit("CLM*", "11:A:1", "13:A:1").drop("DTP*435", "HI*ABJ"),
    "a hundred condition codes": I.add("HI*BE", "HI" + "*BG:AA" * 12, "HI" + "*BG:D9" * 12),
    "a second payer that reports at the claim alone": S.drop("SVD*", "CAS*CO", "DTP*573", "SVD*", "CAS*CO", "DTP*573").edit("CAS*PR", "*20", "*20*").edit("CAS*PR", "20*", "70").add("NM1*PR*2*EARLIER", "DTP*573*D8*20260910"),
    "another payer's non covered amount": S.drop("SVD*", "CAS*CO", "DTP*573", "SVD*", "CAS*CO", "DTP*573", "CAS*PR").edit("AMT*D", "D*130", "D*0").add("AMT*D", "AMT*A8*200"),
    "two contexts in an acknowledgment": GA.add("CTX*", "CTX*SITUATIONAL TRIGGER*CLM*22*2300*2:1"),
    "the situational context first": GA.change("CTX*", "CTX*SITUATIONAL TRIGGER*CLM*22*2300*2:1", "CTX*CLM01:OWN0002"),
    "a segment context and a context of the element": GA.add("IK4*", "CTX*SITUATIONAL TRIGGER*CLM*22**2"),
    "a group that is accepted with errors": GA.change("IK5*R*5", "IK5*E*5").change("AK9*", "AK9*E*2*2*2"),
    "ST03 in a remittance, which needs none": R.change("ST*", "ST*835*0001*005010X221A1"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_the_guide_allows_is_no_fault(name):
    assert errors_in(RIGHT[name].data()) == []


@pytest.mark.parametrize(
    "name",
    [name for name in RIGHT if name.startswith(("AMT and", "a reversal", "an amount", "references", "dates in"))],
)
def test_what_the_guide_allows_is_not_even_warned_of(name):
    assert all_in(RIGHT[name].data()) == []


WARNED_OF = {
    "an unknown reason of an adjustment": (R.edit("CAS*CO*45*29.5", "45", "X9999"), "code-unknown"),
    "an unknown taxonomy": (P.edit("PRV*PE", "207Q00000X", "DOCTOR"), "code-unknown"),
    "a claim forwarded to nobody": (R.edit("CLP*OWN0001", "*1*120", "*19*120"), "forwarded-to"),
    "an older version of the guide": (P.edit("ST*", "X222A1", "X222").edit("GS*", "X222A1", "X222"), "guide-older"),
    "empty elements at the end": (P.edit("REF*G1", "AUTHORIZED1", "AUTHORIZED1*"), "element-trailing"),
}


@pytest.mark.parametrize("name", WARNED_OF)
def test_a_file_with_nothing_but_warnings_is_taken(name):
    file, code = WARNED_OF[name]

    report = Checker().check(file.data())

    assert [one.status for one in report.sets] == ["accepted_with_errors"]
    assert [finding.code for finding in report.sets[0].findings] == [code]
    assert not report.rejected


def test_made_up_identifiers_of_a_test_file_are_told_of_and_taken():
    file = (
        P.edit("ISA*", "*P*:", "*T*:")
        .edit("NM1*82", "1234567893", "1234567890")
        .edit("N4*BOSTON", "021101234", "02110")
    )

    assert errors_in(file.data()) == []
    assert sorted(all_in(file.data())) == ["npi", "zip-plus-four"]


@pytest.mark.parametrize("day", ["20230229", "20260229", "19000229", "20260431", "20261301", "00000000", "00000101"])
def test_a_day_that_no_calendar_has_is_refused(day):
    assert all_in(P.edit("DMG*", "19800517", day).data()) == ["element-date"]


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_other_delimiters_change_nothing(name):
    text = WHOLE_FILES[name].text()

    assert all_in(text.translate(str.maketrans("*:^~", "|>!\n")).encode()) == []
    assert all_in(text.translate(str.maketrans("*:^~", "\x1d\x1f\x1e\x1c")).encode()) == []


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_line_ends_blank_lines_indentation_and_a_byte_order_mark_change_nothing(name):
    text = WHOLE_FILES[name].text("~\n")
    indented = "".join(" " * (2 * (number % 5)) + line for number, line in enumerate(text.splitlines(keepends=True)))

    assert all_in(text.encode()) == []
    assert all_in(text.replace("\n", "\r\n").encode()) == []
    assert all_in(text.replace("~", "~\r\n\r\n  ").encode()) == []
    assert all_in(b"\xef\xbb\xbf" + indented.encode()) == []
    assert all_in(text.rstrip("~\n").encode()) == []


def test_the_older_u_in_place_of_a_repetition_separator_is_warned_of_alone():
    data = P.text().replace("*^*00501*", "*U*00501*").encode()

    assert errors_in(data) == []
    assert all_in(data) == ["isa-separator"]


def test_a_separator_that_has_two_meanings_separates_components_alone():
    data = P.text().replace("*^*00501*", "*:*00501*").encode()

    assert errors_in(data) == []
    assert all_in(data) == ["isa-separator"]


def test_claims_without_their_lx_are_told_of_and_no_wrong_balance_is_struck():
    assert all_in(R.edit("BPR*", "131.5", "131.4").data()) == ["transaction-balance"]
    assert all_in(R.drop("LX*").data()) == ["segment-unexpected"]


def test_a_circumflex_is_data_where_it_separates_nothing():
    file = P.edit("ISA*", "*^*", "*!*").edit("NM1*82", "RENDER", "REN^DER")

    assert all_in(file.data()) == []


def test_a_file_of_every_kind_of_set_is_accepted_in_one_piece():
    whole = b"\r\n".join(
        file.edit("ISA*", "000000017", f"{number:09d}").edit("IEA*", "000000017", f"{number:09d}").data()
        for number, file in enumerate(WHOLE_FILES.values(), 1)
    )

    assert all_in(whole) == []


def test_many_sets_of_one_group_are_each_judged_for_themselves():
    body = P.segments[2:-2]
    second = tuple(segment.replace("*0001*005010", "*0002*005010").replace("*#*0001", "*#*0002") for segment in body)
    third = tuple(segment.replace("*0001*005010", "*0003*005010").replace("*#*0001", "*#*0003") for segment in body)
    wrong = tuple(segment.replace("*200*", "*201*") if segment.startswith("CLM*") else segment for segment in second)
    file = WholeFile((*P.segments[:-2], *wrong, *third, "GE*3*17", "IEA*1*000000017"))

    report = Checker().check(file.data())

    assert [(one.control_number, one.status) for one in report.sets] == [
        ("0001", "accepted"),
        ("0002", "rejected"),
        ("0003", "accepted"),
    ]


def test_a_dental_claim_names_a_tooth_more_than_once():
    assert all_in(DENTAL.add("TOO*", "TOO*JP*13*L:O:M").data()) == []
