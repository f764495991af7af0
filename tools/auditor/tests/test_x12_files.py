"""The small reader, on files as they come and as they should not."""

from decimal import Decimal

import pytest
from claimstream_auditor.x12_claims import SentClaim, claims_of
from claimstream_auditor.x12_files import read_file
from claimstream_auditor.x12_remittances import remittance_of

ISA = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*OURS           *260916*1200*^*00501*000000007*0*P*:~"
BODY = (
    "BPR*I*60*C*ACH*CCP*01*1*DA*2*3**01*4*DA*5*20260916~TRN*1*T1*P1~N1*PR*PAYER~N1*PE*OURS*XX*1234567893~LX*1~"
    "CLP*AAAA*1*155*100**12*X~CAS*CO*45*55~CLP*BBBB*4*50*0**12*Y~SVC*HC:99213*50*0**1~CAS*PR*96*30**1*20~PLB*1*20261231*L6*40~"
)


def a_file(body=BODY, *, count=None, tail="GE*1*7~IEA*1*000000007~"):
    segments = count or body.count("~") + 2
    return f"{ISA}GS*HP*PAYER*OURS*20260916*1200*7*X*005010X221A1~ST*835*0001~{body}SE*{segments}*0001~{tail}".encode()


def the_set(data):
    (one,) = read_file(data).sets
    return one


def test_a_whole_file_is_sound_and_says_what_it_says():
    one = the_set(a_file())

    remittance = remittance_of(one)
    assert one.is_sound
    assert (remittance.trace_number, remittance.payee, remittance.amount) == ("T1", "1234567893", Decimal(60))
    assert [payment.control_number for payment in remittance.payments] == ["AAAA", "BBBB"]
    assert remittance.is_readable
    assert remittance.balances


@pytest.mark.parametrize(
    "data",
    [
        a_file(tail="GE*1*7~"),
        a_file(tail="GE*1*7~IEA*1*000000008~"),
        a_file(tail="GE*2*7~IEA*1*000000007~"),
        a_file(tail="IEA*1*000000007~"),
        a_file(tail="GE*1*7~IEA*2*000000007~"),
        a_file(count=99),
        a_file()[:-60],
        a_file().replace(b"SE*", b"XX*"),
    ],
)
def test_what_did_not_come_whole_is_not_sound(data):
    assert not the_set(data).is_sound


@pytest.mark.parametrize("data", [b"", b"no x12 at all", b"ISA", ISA.encode()[:50], b"\xff\xfeISA*"])
def test_what_is_no_x12_has_no_sets(data):
    assert read_file(data).sets == []


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda data: data.replace(b"*", b"|").replace(b":", b">").replace(b"~", b"\n"),
        lambda data: data.replace(b"~", b"~\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"000000007", b"000000099").replace(b"*7*X", b"*99*X").replace(b"GE*1*7", b"GE*1*99"),
    ],
)
def test_a_copy_in_another_envelope_has_the_same_digest(rewritten):
    copy = the_set(rewritten(a_file()))

    assert copy.is_sound
    assert copy.digest == the_set(a_file()).digest


def test_a_cent_makes_another_digest():
    assert the_set(a_file(BODY.replace("155*100", "155*99.99"))).digest != the_set(a_file()).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CLP*AAAA*1*155*100", "CLP*AAAA*1*155*99"),
        ("SVC*HC:99213*50*0", "SVC*HC:99213*50*1"),
        ("CAS*PR*96*30**1*20", "CAS*PR*96*30"),
        ("BPR*I*60", "BPR*I*61"),
        ("PLB*1*20261231*L6*40", "PLB*1*20261231*L6*39*WO*2"),
    ],
)
def test_what_does_not_add_up_does_not_balance(old, new):
    assert not remittance_of(the_set(a_file(BODY.replace(old, new)))).balances


def test_a_negative_payment_does_not_balance():
    body = BODY.replace("BPR*I*60", "BPR*I*-60").replace("L6*40", "L6*160")

    assert not remittance_of(the_set(a_file(body))).balances


@pytest.mark.parametrize(
    ("old", "new"), [("155*100", "155*1OO"), ("BPR*I*60", "BPR*I*"), ("20260916~", "2026~"), ("TRN*1*T1", "TRN*1*")]
)
def test_what_cannot_be_told_is_not_readable(old, new):
    assert not remittance_of(the_set(a_file(BODY.replace(old, new)))).is_readable


def test_two_interchanges_in_one_file_are_two():
    data = a_file() + b"\n" + a_file().replace(b"000000007", b"000000008")

    assert [one.is_sound for one in read_file(data).sets] == [True, True]


def test_a_claim_is_known_by_its_number_and_the_submission_that_its_lines_name():
    number = "ABCDEFGHIJKLMNOP"
    body = f"CLM*{number}*10~LX*1~REF*6R*{number}02001~LX*2~REF*6R*{number}02002~CLM*{number[::-1]}*10~LX*1~"

    claims = list(claims_of(the_set(a_file(body))))

    assert claims == [SentClaim(number, 2), SentClaim(number[::-1], 0)]
