"""Frequencies 7 and 8: what was decided is taken back, and decided anew; 2, 3 and 4: the bills of one stay."""

import json
import re
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from claimstream_x12 import Dated, Reference, X12Reader
from claimstream_x12.checking import Checker, SetStatus
from claimstream_x12.claim_837 import Guide
from claimstream_x12.remittance_835 import balance
from claimstream_x12.testing import pyx12_errors

from .builders import a_claim, a_file, a_line, a_stay, billed
from .conftest import RULES
from .partner import PartnerAtWork

DENIED = a_line("80.00", "A9270")


def a_correction(number, payers_number, *lines, frequency="7", **changes):
    return a_claim(number, *lines, frequency=frequency, references=(Reference("F8", payers_number),), **changes)


def a_void(number, payers_number, **changes):
    return a_correction(number, payers_number, frequency="8", **changes)


def a_bill_of_a_stay(number, frequency, start, end, **changes):
    """112, 113 or 114: the room alone, whose line has no day of its own."""
    stay = a_stay(number)
    leaves = frequency in {"1", "4"}
    return replace(
        stay,
        frequency=frequency,
        dates=(
            Dated("434", start, end),
            Dated("435", date(2026, 6, 1), at=time(10, 30)),
            *((Dated("096", at=time(10, 30)),) if leaves else ()),
        ),
        institutional=replace(stay.institutional, patient_status="01" if leaves else "30"),
        **changes,
    )


def three_bills(*numbers):
    months = (
        (date(2026, 6, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 8, 9)),
    )
    return [
        a_bill_of_a_stay(number, frequency, *month)
        for number, frequency, month in zip(numbers, ("2", "3", "4"), months, strict=True)
    ]


def without_original_reference(data):
    """The same file without its REF*F8: our writer would not make it."""
    data, removed = re.subn(rb"REF\*F8\*\w+~", b"", data)
    segments = int(re.search(rb"SE\*(\d+)\*", data)[1]) - removed
    return re.sub(rb"SE\*\d+\*", b"SE*%d*" % segments, data)


def with_rules(folder, payer="*", timing=None, **words):
    """A partner whose rules for a payer say something else than the demo's."""
    rules = json.loads(RULES.read_text())
    rules["payers"].setdefault(payer, {}).update(words)
    rules["timing"].update(timing or {})
    path = folder / "rules.json"
    path.write_text(json.dumps(rules))
    return PartnerAtWork(folder, path)


def is_sound(partner):
    """Every 835 balances at the line, the claim and the transaction; the checker finds nothing in any answer."""
    reports = [Checker().check(data) for kind in ("835", "277", "999") for data in partner.files(kind)]
    statuses = {one.status for report in reports for one in report.sets}
    imbalances = [each for remittance in partner.remittances() for each in balance(remittance)]
    return (
        statuses == {SetStatus.ACCEPTED} and not any(report.envelope_findings for report in reports) and not imbalances
    )


def amounts(payment):
    """Every amount of a decision, in its place."""
    lines = [
        (
            line.control_number,
            line.procedure.code,
            line.charge,
            line.paid,
            [(one.group, one.reason, one.amount) for one in line.adjustments],
            [(one.qualifier, one.amount) for one in line.amounts],
        )
        for line in payment.lines
    ]
    claim = [(one.group, one.reason, one.amount) for one in payment.adjustments]
    return payment.charge, payment.paid, payment.patient_responsibility, claim, lines


def negative(told):
    """The same amounts with their signs turned."""
    if isinstance(told, Decimal):
        return -told
    return type(told)(map(negative, told)) if isinstance(told, (list, tuple)) else told


def refusal(partner, number):
    (code,) = partner.outcomes()[number].statuses[0].codes
    return code.category, code.status


@pytest.fixture
def paid(partner):
    """A claim of two lines that was paid: its payment."""
    partner.hears(billed(a_claim("CLAIM0001", a_line(), a_line("40.00", "82947"))))
    return partner.payments("CLAIM0001")[0]


def test_a_replacement_is_accepted_then_reversed_and_corrected_in_one_remittance(partner, paid):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00", "99214"))))

    _, both = partner.remittances()
    taken_back, corrected = both.claims
    assert partner.outcomes()["CLAIM0001"].accepted
    assert (taken_back.status, corrected.status, corrected.frequency) == ("22", "1", "7")
    assert taken_back.payer_control_number == paid.payer_control_number
    assert corrected.payer_control_number not in {"", paid.payer_control_number}
    assert [(one.qualifier, one.value) for one in corrected.references] == [("F8", paid.payer_control_number)]
    assert corrected.paid == Decimal("62.40")
    assert is_sound(partner)


def test_a_reversal_is_the_exact_negation(partner, paid):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00", "99214"))))

    taken_back = partner.remittances()[1].claims[0]

    assert amounts(taken_back) == negative(amounts(paid))
    assert replace(taken_back, status="1", charge=paid.charge, paid=paid.paid, lines=()) == replace(
        paid, patient_responsibility=-paid.patient_responsibility, lines=()
    )


def test_a_void_is_answered_by_the_reversal_alone(partner, paid):
    partner.hears(billed(a_void("CLAIM0001", paid.payer_control_number)))

    (taken_back,) = partner.remittances()[1].claims

    assert partner.outcomes()["CLAIM0001"].accepted
    assert (taken_back.status, amounts(taken_back)) == ("22", negative(amounts(paid)))
    assert is_sound(partner)


def test_a_denied_claim_is_reversed_at_zero_and_corrected(partner):
    partner.hears(billed(a_claim("DENIED001", DENIED)))
    denied = partner.payments("DENIED001")[0]

    partner.hears(billed(a_correction("DENIED001", denied.payer_control_number)))

    taken_back, corrected = partner.remittances()[1].claims
    assert (denied.paid, taken_back.charge, taken_back.paid) == (0, Decimal("-80.00"), 0)
    assert [(one.group, one.reason, one.amount) for one in taken_back.lines[0].adjustments] == [
        ("PR", "96", Decimal("-80.00"))
    ]
    assert corrected.paid == Decimal("48.00")
    assert is_sound(partner)


def test_what_a_smaller_replacement_leaves_owing_is_carried_forward(partner, paid):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("10.00"))))
    partner.hears(billed(a_claim("OTHER0001", a_line("1000.00")), "M2"))

    _, nothing, less = partner.remittances()
    owed = paid.paid - Decimal("4.80")
    assert (nothing.header.payment.amount, nothing.header.payment.method, nothing.header.payment.handling) == (
        0,
        "NON",
        "H",
    )
    assert [(one.reason, one.amount) for one in nothing.provider_adjustments] == [("FB", -owed)]
    assert [(one.reason, one.amount) for one in less.provider_adjustments] == [("FB", owed)]
    assert less.header.payment.amount == less.claims[0].paid - owed
    assert is_sound(partner)


def test_a_second_replacement_names_the_first_ones_number(partner, paid):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00"))))
    first = partner.remittances()[1].claims[1]

    partner.hears(billed(a_correction("CLAIM0001", first.payer_control_number, a_line("150.00"))))

    taken_back, corrected = partner.remittances()[2].claims
    assert taken_back.payer_control_number == first.payer_control_number
    assert amounts(taken_back) == negative(amounts(first))
    assert corrected.references[0].value == first.payer_control_number
    assert is_sound(partner)


@pytest.mark.parametrize("correction", [a_correction, a_void])
def test_a_decision_is_taken_back_only_once(partner, paid, correction):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00"))))

    partner.hears(billed(correction("CLAIM0001", paid.payer_control_number)))

    assert refusal(partner, "CLAIM0001") == ("A7", "464")
    assert len(partner.remittances()) == 2
    assert is_sound(partner)


def test_of_two_replacements_in_one_file_the_second_comes_too_late(partner, paid):
    correction = billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00")))

    partner.hears(correction, correction)

    assert [claim.status for claim in partner.payments("CLAIM0001")] == ["1", "22", "1"]
    assert is_sound(partner)


@pytest.mark.parametrize("correction", [a_correction, a_void])
def test_a_number_that_the_payer_does_not_know_is_refused(partner, paid, correction):
    partner.hears(billed(correction("CLAIM0001", "NOTKNOWN0001")))

    assert refusal(partner, "CLAIM0001") == ("A7", "464")
    assert len(partner.remittances()) == 1
    assert is_sound(partner)


@pytest.mark.parametrize("correction", [a_correction, a_void])
def test_a_correction_that_names_no_number_is_refused(partner, paid, correction):
    data = a_file(billed(correction("CLAIM0001", paid.payer_control_number)), number=30)

    partner.gets(without_original_reference(data), "000000030.BAYCLEAR.837")
    partner.writes()

    assert [one.accepted for group in partner.syntax() for one in group.sets] == [True, True]
    assert refusal(partner, "CLAIM0001") == ("A7", "464")
    assert len(partner.remittances()) == 1


def test_another_payers_number_is_not_known(partner, paid):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number), payer="AET000600"))

    assert refusal(partner, "CLAIM0001") == ("A7", "464")


def test_what_another_provider_was_paid_is_not_taken_back(partner, paid):
    correction = billed(a_void("CLAIM0001", paid.payer_control_number))
    other = replace(correction.billing.party, id="1888888884")

    partner.hears(replace(correction, billing=replace(correction.billing, party=other)))

    assert refusal(partner, "CLAIM0001") == ("A7", "464")
    assert len(partner.remittances()) == 1


def test_a_correction_in_the_file_of_its_original_comes_before_the_decision(partner):
    partner.hears(billed(a_claim("CLAIM0001")))
    number = partner.payments()[0].payer_control_number  # it will be the same for the same file
    in_one_file = PartnerAtWork(partner.partner.home.parent / "another", RULES)

    in_one_file.hears(billed(a_claim("CLAIM0001")), billed(a_correction("CLAIM0001", number)))

    assert [claim.status for claim in in_one_file.payments()] == ["1"]
    assert refusal(in_one_file, "CLAIM0001") == ("A7", "464")


def test_a_correction_counts_from_when_the_decision_was_told(partner):
    partner.hears(billed(a_claim("CLAIM0001")), tells=False)
    partner.writes(after=0.5)
    number = partner.outcomes()["CLAIM0001"].claim.payer_control_number
    correction = billed(a_correction("CLAIM0001", number, a_line("130.00")))

    partner.hears(correction)
    too_early = refusal(partner, "CLAIM0001")
    partner.hears(correction)

    assert too_early == ("A7", "464")
    assert [claim.status for claim in partner.payments()] == ["1", "22", "1"]


def test_a_replacement_is_no_duplicate_of_what_it_replaces(partner, paid):
    partner.hears(billed(a_correction("CLAIM0002", paid.payer_control_number)))

    taken_back, corrected = partner.remittances()[1].claims

    assert (taken_back.control_number, corrected.control_number) == ("CLAIM0001", "CLAIM0002")
    assert corrected.paid == paid.lines[0].paid
    assert is_sound(partner)


def test_nor_of_another_claim_for_the_same_service(partner, paid):
    partner.hears(billed(a_claim("CLAIM0002", a_line("30.00", "36415"))))
    other = partner.payments("CLAIM0002")[0]

    partner.hears(billed(a_correction("CLAIM0002", other.payer_control_number)))

    assert partner.payments("CLAIM0002")[-1].paid == paid.lines[0].paid


def test_a_service_that_was_voided_may_be_billed_under_another_claim(partner, paid):
    partner.hears(billed(a_void("CLAIM0001", paid.payer_control_number)))

    partner.hears(billed(a_claim("CLAIM0002")))

    assert partner.payments("CLAIM0002")[0].paid == paid.lines[0].paid


def test_a_service_that_a_replacement_added_is_a_duplicate_under_another_claim(partner, paid):
    partner.hears(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("30.00", "36415"))))

    partner.hears(billed(a_claim("CLAIM0002", a_line("30.00", "36415"))))

    assert [one.reason for one in partner.payments("CLAIM0002")[0].lines[0].adjustments] == ["18"]


def test_what_a_claim_took_of_the_deductible_is_open_again_for_its_replacement(tmp_path):
    partner = with_rules(tmp_path, deductible="50.00")
    partner.hears(billed(a_claim("CLAIM0001")))
    first = partner.payments()[0]

    partner.hears(billed(a_correction("CLAIM0001", first.payer_control_number)))
    partner.hears(billed(a_claim("CLAIM0002", a_line(day=date(2026, 9, 2)))))

    _, taken_back, corrected, next_one = partner.payments()
    assert amounts(corrected) == amounts(first)
    assert [one.reason for one in taken_back.lines[0].adjustments] == ["45", "1", "2"]
    assert [one.reason for one in next_one.lines[0].adjustments] == ["45", "2"]


def test_interest_goes_back_with_what_it_was_paid_for(partner):
    partner.hears(billed(a_claim("INTEREST1"), "INTR1"))
    first = partner.payments()[0]

    partner.hears(billed(a_void("INTEREST1", first.payer_control_number), "INTR1"))
    partner.hears(billed(a_claim("OTHER0001", a_line("1000.00")), "M2"))

    _, taken_back, later = partner.remittances()
    assert [(one.qualifier, one.amount) for one in taken_back.claims[0].amounts] == [("I", Decimal("-3.21"))]
    assert [(one.reason, one.amount) for one in taken_back.provider_adjustments] == [
        ("L6", Decimal("3.21")),
        ("FB", -first.paid - Decimal("3.21")),
    ]
    assert later.provider_adjustments[0].amount == first.paid + Decimal("3.21")
    assert is_sound(partner)


def test_a_correction_pays_no_stranger_twice(partner):
    partner.hears(billed(a_claim("STRANGE01"), "NOTO1"))
    number = partner.payments("STRANGE01")[0].payer_control_number

    partner.hears(billed(a_correction("STRANGE01", number), "NOTO1"))

    assert len(partner.remittances()[1].claims) == 3
    assert is_sound(partner)


def test_what_the_payer_reversed_by_itself_is_corrected_by_its_new_number(partner):
    partner.hears(billed(a_claim("REVERSED1"), "REVD1"))
    wrong, _, right = partner.payments()

    partner.hears(billed(a_void("REVERSED1", wrong.payer_control_number), "REVD1"))
    refused = refusal(partner, "REVERSED1")
    partner.hears(billed(a_void("REVERSED1", right.payer_control_number), "REVD1"))

    assert right.references[0].value == wrong.payer_control_number
    assert refused == ("A7", "464")
    assert amounts(partner.payments()[-1]) == negative(amounts(right))
    assert is_sound(partner)


def test_a_reversal_and_its_correction_are_never_divided(tmp_path):
    partner = with_rules(tmp_path, timing={"claims_a_remittance": 1})
    members = [f"M{number}" for number in range(3)]
    partner.hears(*(billed(a_claim(f"CLAIM{member}"), member) for member in members))
    numbers = {claim.control_number: claim.payer_control_number for claim in partner.payments()}

    partner.hears(
        *(billed(a_correction(f"CLAIM{one}", numbers[f"CLAIM{one}"], a_line("130.00")), one) for one in members)
    )

    told = [[claim.status for claim in remittance.claims] for remittance in partner.remittances()]
    assert told == [["1"]] * 3 + [["22", "1"]] * 3
    assert is_sound(partner)


def test_nor_are_those_that_come_alone(partner):
    partner.hears(billed(a_claim("UNBAL0001"), "UNBL1"))
    number = partner.payments()[0].payer_control_number

    partner.hears(billed(a_correction("UNBAL0001", number, a_line("130.00")), "UNBL1"))

    assert [claim.status for claim in partner.remittances()[1].claims] == ["22", "1"]


@pytest.mark.parametrize("correction", [a_correction, a_void])
def test_a_payer_that_takes_no_replacements_refuses_them(tmp_path, correction):
    partner = with_rules(tmp_path, "PAYER0001", takes_replacements=False)
    partner.hears(billed(a_claim("CLAIM0001")))
    number = partner.payments()[0].payer_control_number

    partner.hears(billed(correction("CLAIM0001", number)))

    assert refusal(partner, "CLAIM0001") == ("A7", "535")
    assert len(partner.payments()) == 1
    assert is_sound(partner)


def test_an_original_under_its_own_claim_number_is_paid_as_before(partner, paid):
    partner.hears(billed(a_claim("CLAIM0001", a_line(), a_line("40.00", "82947"))))

    again = partner.payments("CLAIM0001")[1]

    assert (again.status, amounts(again)) == ("1", amounts(paid))
    assert again.payer_control_number != paid.payer_control_number


@pytest.mark.parametrize("numbers", [("STAY00001", "STAY00002", "STAY00003"), ("STAY00001",) * 3])
@pytest.mark.parametrize("one_file", [True, False])
def test_the_bills_of_one_stay_are_claims_of_their_own(partner, numbers, one_file):
    bills = [billed(bill) for bill in three_bills(*numbers)]

    for file in [bills] if one_file else [[bill] for bill in bills]:
        partner.hears(*file, guide=Guide.INSTITUTIONAL)

    payments = partner.payments()
    assert [(one.control_number, one.frequency, one.paid) for one in payments] == [
        (number, frequency, Decimal("2592.00")) for number, frequency in zip(numbers, "234", strict=True)
    ]
    assert len({one.payer_control_number for one in payments}) == 3
    assert is_sound(partner)


def test_nor_are_they_duplicates_where_they_share_their_days(partner):
    bills = [
        a_bill_of_a_stay(f"STAY0000{frequency}", frequency, date(2026, 8, 1), date(2026, 8, 9)) for frequency in "234"
    ]

    partner.hears(*map(billed, bills), guide=Guide.INSTITUTIONAL)

    assert [one.paid for one in partner.payments()] == [Decimal("2592.00")] * 3


@pytest.mark.parametrize("frequency", ["1", "3"])
def test_two_months_are_no_duplicates_of_each_other(partner, frequency):
    months = (date(2026, 7, 1), date(2026, 7, 31)), (date(2026, 8, 1), date(2026, 8, 31))
    bills = [a_bill_of_a_stay(f"STAY0000{number}", frequency, *month) for number, month in enumerate(months)]

    partner.hears(*map(billed, bills), guide=Guide.INSTITUTIONAL)

    assert [one.paid for one in partner.payments()] == [Decimal("2592.00")] * 2


def test_a_bill_of_a_stay_that_comes_under_another_number_is_a_duplicate(partner):
    bill = three_bills("STAY00001", "STAY00002", "STAY00003")[0]

    partner.hears(billed(bill), billed(replace(bill, control_number="STAY00009")), guide=Guide.INSTITUTIONAL)

    assert [one.reason for one in partner.payments("STAY00009")[0].lines[0].adjustments] == ["18"]


def test_a_bill_of_a_stay_can_be_late(tmp_path):
    partner = with_rules(tmp_path, filing_days=60)

    partner.hears(*map(billed, three_bills("STAY00001", "STAY00002", "STAY00003")), guide=Guide.INSTITUTIONAL)

    assert [one.paid > 0 for one in partner.payments()] == [False, True, True]


def test_a_replacement_takes_back_the_bill_that_it_names_and_no_other(partner):
    partner.hears(*map(billed, three_bills(*("STAY00001",) * 3)), guide=Guide.INSTITUTIONAL)
    first, second, third = partner.payments()
    corrected = a_bill_of_a_stay("STAY00001", "7", date(2026, 7, 1), date(2026, 7, 31))
    corrected = replace(corrected, references=(Reference("F8", second.payer_control_number),))

    partner.hears(billed(corrected), guide=Guide.INSTITUTIONAL)

    taken_back = partner.remittances()[1].claims[0]
    assert taken_back.payer_control_number == second.payer_control_number
    assert taken_back.frequency == "3"
    for one in (first, second, third):
        void = a_bill_of_a_stay("STAY00001", "8", date(2026, 7, 1), date(2026, 7, 31))
        partner.hears(
            billed(replace(void, references=(Reference("F8", one.payer_control_number),))), guide=Guide.INSTITUTIONAL
        )
    voided = [claim.payer_control_number for claim in partner.payments()[5:]]
    assert voided == [first.payer_control_number, third.payer_control_number]
    assert is_sound(partner)


def test_a_restart_forgets_neither_what_was_decided_nor_what_was_taken_back(partner, paid):
    partner.starts_again()
    correction = billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00")))

    partner.hears(correction, tells=False)
    partner.starts_again()
    partner.hears(correction)

    assert [claim.status for claim in partner.payments()] == ["1", "22", "1"]
    assert refusal(partner, "CLAIM0001") == ("A7", "464")


def test_what_was_written_before_a_crash_counts_as_told(partner):
    partner.hears(billed(a_claim("CLAIM0001")))
    number = partner.payments()[0].payer_control_number
    partner.partner._memory._database.execute("UPDATE answers SET written = 0, due = 0")
    (partner.partner.outbound / "000000030.BAYCLEAR.837").write_bytes(
        a_file(billed(a_void("CLAIM0001", number)), number=30)
    )

    partner.works_once()
    partner.writes()

    assert [claim.status for claim in partner.payments()] == ["1", "22"]


def test_a_correction_read_twice_is_answered_once(partner, paid):
    data = a_file(billed(a_correction("CLAIM0001", paid.payer_control_number, a_line("130.00"))), number=30)
    partner.gets(data, "000000030.BAYCLEAR.837")

    partner.gets(data, "000000030-again.BAYCLEAR.837")
    partner.writes()

    assert [claim.status for claim in partner.payments()] == ["1", "22", "1"]
    assert len(partner.files("ta1")) == 1


def every_correction(partner):
    """Originals of each kind, then what follows on them."""
    members = ("M1", "M2", "INTR1", "REVD1", "DUPR1", "NOTO1")
    partner.hears(*(billed(a_claim(f"CLAIM{member}"), member) for member in members))
    partner.hears(*map(billed, three_bills("STAY1", "STAY1", "STAY2")), guide=Guide.INSTITUTIONAL)
    standing = {}
    for claim in partner.payments():
        standing[claim.control_number] = claim.payer_control_number
    partner.hears(
        *(billed(a_correction(f"CLAIM{one}", standing[f"CLAIM{one}"], a_line("130.00")), one) for one in members[1:]),
        billed(a_void("CLAIMM1", standing["CLAIMM1"])),
        billed(a_void("UNKNOWN", "NONE")),
    )
    return {path.name: path.read_bytes() for path in sorted(partner.inbound.iterdir())}


def test_pyx12_calls_every_answer_to_a_correction_valid(partner):
    files = every_correction(partner)

    assert {name: pyx12_errors(data) for name, data in files.items()} == {name: [] for name in files}
    assert is_sound(partner)


def test_the_same_corrections_get_the_same_answers(tmp_path):
    one, other = (PartnerAtWork(tmp_path / name, RULES) for name in ("one", "other"))

    assert every_correction(one) == every_correction(other)


def test_corrections_stay_ours_when_a_remittance_is_dropped_twice(partner):
    partner.hears(billed(a_claim("DROPPED01"), "DUPR1"))
    number = partner.payments()[0].payer_control_number

    partner.hears(billed(a_void("DROPPED01", number), "DUPR1"))

    sets = [one for data in partner.files("835") for one in X12Reader(data).sets()]
    assert len(sets) == 4
    assert [claim.status for claim in partner.payments()] == ["1", "22"]
