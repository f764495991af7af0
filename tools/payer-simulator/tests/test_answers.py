import sqlite3
from collections import Counter
from decimal import Decimal

import pytest
from claimstream_x12 import Reference, X12Reader
from claimstream_x12.claim_837 import Guide
from claimstream_x12.interchange_ta1 import read_ta1
from claimstream_x12.testing import pyx12_errors

from .builders import a_child, a_claim, a_file, a_line, a_stay, after_another_payer, billed
from .partner import PartnerAtWork


def every_road():
    """A file with a claim for each trigger and each shape."""
    members = ("M1", "REJ1", "REJ31", "MUTE1", "UPAY1", "INTR1", "REVD1", "DUPR1", "NOTO1", "UNBL1")
    claims = [billed(a_claim(f"CLAIM{member}"), member) for member in members]
    line, coverage = after_another_payer("100.00", "56.00", "14.00")
    second = a_claim("SECONDARY", line, other_coverages=(coverage,))
    claims += [
        billed(second, "M9", payer="PAYER0002", responsibility="S"),
        billed(a_claim("CHILD"), "M8", patient=a_child()),
    ]
    claims.append(billed(a_claim("DENIED", a_line("80.00", "A9270")), "M7"))
    return a_file(*claims)


def test_pyx12_calls_every_answer_valid(partner):
    partner.answers(every_road(), a_file(billed(a_stay("STAY")), number=18, guide=Guide.INSTITUTIONAL))

    files = sorted(partner.inbound.iterdir())

    assert Counter(path.suffix for path in files) == {".999": 2, ".277": 2, ".835": len(partner.files("835"))}
    assert {path.name: pyx12_errors(path.read_bytes()) for path in files} == {path.name: [] for path in files}


def test_a_refused_claim_gets_a_277ca_and_no_money(partner):
    partner.answers(every_road())

    outcomes = partner.outcomes()

    assert not outcomes["CLAIMREJ1"].accepted
    assert outcomes["CLAIMREJ1"].statuses[0].codes[0].category == "A7"
    assert outcomes["CLAIMREJ31"].statuses[0].codes[0].category == "A3"
    assert not partner.payments("CLAIMREJ1")


def test_a_mute_payer_leaves_it_at_the_clearinghouses_receipt(partner):
    partner.answers(every_road())

    assert partner.outcomes()["CLAIMMUTE1"].statuses[0].codes[0].category == "A1"
    assert not partner.payments("CLAIMMUTE1")


def test_a_reversal_is_the_exact_negation_and_comes_with_the_right_payment(partner):
    partner.answers(every_road())

    first, reversed_, right = partner.payments("CLAIMREVD1")

    assert (reversed_.status, reversed_.paid, reversed_.charge) == ("22", -first.paid, -first.charge)
    assert reversed_.payer_control_number == first.payer_control_number
    assert right.paid - first.paid == Decimal("15.00")


def test_interest_is_a_plb_of_the_opposite_sign(partner):
    partner.answers(every_road())

    (payment,) = partner.payments("CLAIMINTR1")
    plb = [one for remittance in partner.remittances() for one in remittance.provider_adjustments if one.reason == "L6"]

    assert [(one.qualifier, str(one.amount)) for one in payment.amounts] == [("I", "3.21")]
    assert {str(one.amount) for one in plb} == {"-3.21"}


def test_a_remittance_dropped_twice_has_the_same_content_in_another_envelope(partner):
    partner.answers(every_road())

    sets = []
    for data in partner.files("835"):
        for one in X12Reader(data).sets():
            list(one)
            sets.append(one)

    assert sorted(Counter(one.digest for one in sets).values())[-2:] == [1, 2]
    assert len({one.interchange.control_number for one in sets}) == len(sets)


def test_a_stranger_is_paid_in_a_remittance_of_ours(partner):
    partner.answers(every_road())

    strangers = [payment for payment in partner.payments() if payment.control_number.startswith("STRANGER")]

    assert {str(payment.paid) for payment in strangers} == {"45"}


def test_a_void_takes_back_what_was_paid_and_what_is_owed_is_carried_forward(partner):
    paid, other = a_claim("VOIDED"), a_claim("OTHER", a_line("1000.00"))
    partner.answers(a_file(billed(paid)))
    number = partner.payments("VOIDED")[0].payer_control_number
    void = a_claim("VOIDED", frequency="8", references=(Reference("F8", number),))

    partner.gets(a_file(billed(void), number=18), "000000018.BAYCLEAR.837")
    partner.gets(a_file(billed(other, "M2"), number=19), "000000019.BAYCLEAR.837")
    partner.writes()

    first, nothing, less = partner.remittances()
    assert (nothing.header.payment.amount, nothing.header.payment.method) == (Decimal(0), "NON")
    assert [(one.reason, one.amount) for one in nothing.provider_adjustments] == [("FB", -first.header.payment.amount)]
    assert [(one.reason, one.amount) for one in less.provider_adjustments] == [("FB", first.header.payment.amount)]


def test_a_replacement_of_what_was_never_decided_is_refused(partner):
    claim = a_claim("UNKNOWN", frequency="7", references=(Reference("F8", "NONE"),))

    partner.answers(a_file(billed(claim)))

    assert not partner.outcomes()["UNKNOWN"].accepted
    assert not partner.payments()


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda data: data.replace(b"IEA*1*", b"IEA*2*")])
def test_a_broken_envelope_gets_a_ta1_and_nothing_else(partner, damage):
    partner.answers(damage(a_file(billed(a_claim("BROKEN")))))

    assert [path.suffix for path in partner.inbound.iterdir()] == [".ta1"]
    reader = X12Reader(partner.files("ta1")[0])
    assert not list(reader.sets())
    ((_, segment),) = reader.acknowledgments
    assert not read_ta1(segment).accepted


def test_an_envelope_used_twice_is_refused(partner):
    data = a_file(billed(a_claim("TWICE")))
    partner.gets(data)

    partner.gets(data, "000000017-again.BAYCLEAR.837")
    partner.writes()

    assert len(partner.files("ta1")) == 1
    assert len(partner.payments("TWICE")) == 1


def test_partners_number_their_envelopes_each_for_itself(partner):
    partner.gets(a_file(billed(a_claim("ONE"))), "000000017.BAYCLEAR.837")
    partner.gets(a_file(billed(a_claim("OTHER"), "M2"), partner="BAYGOV"), "000000017.BAYGOV.837")
    partner.writes()

    assert partner.files("ta1") == []
    assert len(partner.payments()) == 2


def test_a_sound_envelope_gets_a_ta1_only_when_it_asks_for_one(partner):
    partner.answers(a_file(billed(a_claim("ASKED")), asks_for_ta1=True), a_file(billed(a_claim("NOT")), number=18))

    assert [path.name for path in partner.inbound.glob("*.ta1")] == ["000000017.BAYCLEAR.ta1"]


def test_a_set_can_be_rejected_for_its_syntax(partner):
    partner.answers(a_file(billed(a_claim("SYNTAX"), "BADS1")))

    assert [one.accepted for group in partner.syntax() for one in group.sets] == [False]
    assert [path.suffix for path in partner.inbound.iterdir()] == [".999"]
    assert pyx12_errors(partner.files("999")[0]) == []


def test_the_same_seed_and_files_give_the_same_answers(tmp_path, partner):
    rules = partner.partner.rules
    folders = [tmp_path / "one", tmp_path / "two"]
    others = []
    for folder in folders:
        rules_file = tmp_path / f"{folder.name}.json"
        rules_file.write_text(rules.model_dump_json())
        other = PartnerAtWork(folder, rules_file)
        others.append({path.name: path.read_bytes() for path in sorted(other.answers(every_road()).inbound.iterdir())})

    assert others[0] == others[1]


def test_a_kill_between_deciding_and_writing_neither_forgets_nor_repeats(partner):
    partner.gets(every_road())
    partner.writes(after=0.5)
    before = {path.name for path in partner.inbound.iterdir()}

    partner.starts_again()
    partner.writes()

    names = [path.name for path in partner.inbound.iterdir()]
    assert before < set(names)
    assert partner.partner._new_files() == []
    assert len(partner.payments("CLAIMM1")) == 1


def test_an_answer_that_lies_there_already_is_not_written_again(partner):
    partner.answers(every_road())
    path = next(partner.inbound.glob("*.999"))
    seen = path.stat().st_mtime_ns
    with sqlite3.connect(partner.partner.home / "memory.sqlite") as database:
        database.execute("UPDATE answers SET written = 0")

    partner.starts_again()
    partner.writes()

    assert path.stat().st_mtime_ns == seen


def test_half_a_file_is_never_seen_under_its_name(partner):
    (partner.inbound / "000000017.BAYCLEAR.999.part").write_bytes(b"ISA*")

    partner.starts_again()

    assert list(partner.inbound.iterdir()) == []
