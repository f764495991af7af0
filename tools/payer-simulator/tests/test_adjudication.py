from datetime import date
from decimal import Decimal

import pytest
from claimstream_x12 import Reference
from claimstream_x12.claim_837 import Guide
from claimstream_x12.remittance_835 import balance

from .builders import a_child, a_claim, a_file, a_line, a_stay, after_another_payer, billed


def reasons(payment, line=0):
    return [(one.group, one.reason, str(one.amount)) for one in payment.lines[line].adjustments]


def test_a_clean_claim_is_paid_by_the_payers_own_fee_schedule(partner):
    partner.answers(a_file(billed(a_claim("CLEAN0001"), payer="AET000600")))

    (payment,) = partner.payments()

    assert (payment.status, str(payment.paid), str(payment.patient_responsibility)) == ("1", "61.2", "10.8")
    assert reasons(payment) == [("CO", "45", "28"), ("PR", "2", "10.8")]
    assert payment.lines[0].control_number == "LINE0101"
    assert payment.payer_control_number == partner.outcomes()["CLEAN0001"].claim.payer_control_number


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (a_line("80.00", "A9270"), [("PR", "96", "80")]),
        (a_line("80.00", "S8930"), [("PR", "204", "80")]),
        (a_line("80.00", "70551"), [("CO", "197", "80")]),
    ],
)
def test_a_line_is_denied_for_its_cause_while_the_other_is_paid(partner, line, expected):
    partner.answers(a_file(billed(a_claim("PART00001", a_line(), line))))

    (payment,) = partner.payments()

    assert reasons(payment, 1) == expected
    assert payment.lines[0].paid > 0
    assert payment.lines[1].remarks


def test_with_the_authorization_the_same_line_is_paid(partner):
    line = a_line("80.00", "70551")
    partner.answers(a_file(billed(a_claim("AUTH00001", line, references=(Reference("G1", "AUTH123"),)))))

    assert partner.payments()[0].paid > 0


def test_a_visit_with_a_procedure_needs_its_modifier(partner):
    joint = a_line("150.00", "20610")
    without = billed(a_claim("MOD000001", a_line(), joint), "M1")
    with_it = billed(a_claim("MOD000002", a_line("100.00", "99213", "25"), joint), "M2")

    partner.answers(a_file(without, with_it))

    assert reasons(partner.payments("MOD000001")[0]) == [("CO", "4", "100")]
    assert partner.payments("MOD000002")[0].lines[0].paid > 0


def test_a_service_billed_under_another_claim_is_a_duplicate(partner):
    first, second = billed(a_claim("FIRST0001")), billed(a_claim("SECOND001"))

    partner.answers(a_file(first), a_file(second, number=18))

    assert reasons(partner.payments("SECOND001")[0]) == [("OA", "18", "100")]
    assert partner.payments("FIRST0001")[0].paid > 0


def test_a_sibling_with_the_same_member_id_is_no_duplicate(partner):
    partner.answers(a_file(billed(a_claim("PARENT001")), billed(a_claim("CHILD0001"), patient=a_child())))

    assert all(payment.paid > 0 for payment in partner.payments())


def test_a_claim_after_the_payers_own_limit_is_late(partner):
    line = a_line(day=date(2026, 5, 1))

    partner.answers(
        a_file(billed(a_claim("LATE00001", line), payer="HARBOR0001"), billed(a_claim("INTIME001", line), "M2"))
    )

    assert reasons(partner.payments("LATE00001")[0]) == [("CO", "29", "100")]
    assert partner.payments("INTIME001")[0].paid > 0


def test_a_second_payer_pays_from_what_the_first_left_to_the_patient(partner):
    line, coverage = after_another_payer("100.00", "56.00", "14.00")
    claim = a_claim("SECOND001", line, other_coverages=(coverage,))

    partner.answers(a_file(billed(claim, "M9", payer="PAYER0002", responsibility="S")))

    (payment,) = partner.payments()
    assert (payment.status, str(payment.paid)) == ("2", "11.2")
    assert reasons(payment) == [("OA", "23", "86"), ("PR", "2", "2.8")]


def test_a_second_payer_without_the_firsts_decision_asks_for_it(partner):
    partner.answers(a_file(billed(a_claim("SECOND001"), responsibility="S")))

    (payment,) = partner.payments()
    assert reasons(payment) == [("CO", "16", "100")]
    assert payment.lines[0].remarks[0].code == "N4"


def test_an_inpatient_stay_is_paid_by_its_revenue_line(partner):
    partner.answers(a_file(billed(a_stay("STAY00001")), guide=Guide.INSTITUTIONAL))

    (payment,) = partner.payments()
    assert (str(payment.paid), payment.drg, payment.lines[0].procedure.code) == ("2592", "280", "0120")


def test_every_remittance_balances_but_the_one_that_must_not(partner):
    members = ("M1", "UPAY1", "INTR1", "REVD1", "DUPR1", "NOTO1", "UNBL1")

    partner.answers(a_file(*(billed(a_claim(f"CLAIM{member:>04}"), member) for member in members)))

    wrong = [imbalance for remittance in partner.remittances() for imbalance in balance(remittance)]
    assert [imbalance.missing.copy_abs() for imbalance in wrong] == [Decimal("7.77")]
