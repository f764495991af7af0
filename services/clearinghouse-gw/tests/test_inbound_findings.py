"""A finding of an inbound 835 that touches no amount or identity never stops it from posting; one that does always stops it."""

from decimal import Decimal

import pytest
from claimstream_schemas import EraReceived
from claimstream_x12 import Finding, Place
from clearinghouse_gw.domain.exchange_file import inbound_file
from clearinghouse_gw.inbound_reading import read_file
from clearinghouse_gw.remittance_findings import deciding
from clearinghouse_gw.remittances import Turn, era_events
from pydantic import ValidationError

from .builders import NOW, PRACTICE
from .hand_written import CLEAN, by_hand

BPR, TRN, CLP, SVC, CAS = (
    next(text for text in CLEAN if text.startswith(each)) for each in ("BPR", "TRN", "CLP", "SVC", "CAS")
)
PLB = "PLB*1999999984*20261231*WO:4711*0"


def read(data):
    (one,) = read_file(data).sets
    return one


def told(data):
    """What is told of the only set of a file."""
    one = read(data)
    assert one.problem is None, one.problem
    file = inbound_file(
        "1.835", "d" * 64, size=1, changed_ns=1, kind="835", partner_id="", submitter_id="", at=NOW
    )  # fmt: skip
    (event,) = era_events(PRACTICE, file, one, one.content, {}, Turn(1))
    return EraReceived.from_bytes(event.to_bytes())


def test_the_file_that_the_others_spoil_says_all_of_it_and_nothing_is_found_in_it():
    event = told(by_hand())

    payment, line = event.payments[0], event.payments[0].lines[0]
    assert event.findings == ()
    assert (payment.patient_responsibility, payment.interest, payment.remarks) == (
        20,
        Decimal("1.25"),
        ("MA01",),
    )
    assert (line.units, line.allowed, line.remarks, line.line_control_number) == (1, 105, ("N130",), "LINE1")
    assert [one.quantity for one in line.adjustments] == [1, 1]


INFORMS = {
    "CLP05 is no number": (CLP, CLP.replace("*20*", "*2O*"), "CLP05"),
    "CLP05 has three decimals": (CLP, CLP.replace("*20*", "*20.005*"), "CLP05"),
    "CLP05 is too large": (CLP, CLP.replace("*20*", "*123456789.00*"), "CLP05"),
    "CLP06 is no code": (CLP, CLP.replace("*12*", f"*{'X' * 60}*"), "CLP06"),
    "CLP09 is no code": (CLP, CLP.replace("*11*1*", "*11*\x01*"), "CLP09"),
    "CLP12 is no number": (CLP, CLP.replace("*1.5*", "*heavy*"), "CLP12"),
    "CLP13 is no number": (CLP, CLP.replace("*0.5", "*half"), "CLP13"),
    "LX01 is no number": ("LX*1", "LX*ONE", "LX01"),
    "LX01 is empty": ("LX*1", "LX*", None),
    "TS3 is no numbers": ("TS3*1999999984*11*20261231*1*120", "TS3*X*Y*Z*?*!", None),
    "DTM*405 is no date": ("DTM*405*20260920", "DTM*405*20269920", "DTM02"),
    "DTM*232 is no date": ("DTM*232*20260901", "DTM*232*2026-09-01", "DTM02"),
    "DTM*472 is no date": ("DTM*472*20260901", "DTM*472*TODAY", "DTM02"),
    "N3 is empty": ("N3*1 MAIN", "N3*", None),
    "N4 is nonsense": ("N4*BOSTON*MA*021010001", "N4**ZZZZ*?", None),
    "PER is empty": ("PER*BL**TE*8005550100", "PER*BL", None),
    "the claim's PER is empty": ("PER*CX**TE*8005550100", "PER", None),
    "REF is empty": ("REF*EA*4711", "REF*EA", None),
    "REF*6R is empty": ("REF*6R*LINE1", "REF*6R*", None),
    "AMT*I is no number": ("AMT*I*1.25", "AMT*I*ONE", "AMT02"),
    "AMT*I is missing": ("AMT*I*1.25", "AMT*I", "AMT02"),
    "AMT*I has three decimals": ("AMT*I*1.25", "AMT*I*1.255", "an AMT below it"),
    "AMT*B6 is no number": ("AMT*B6*105", "AMT*B6*1O5", "AMT02"),
    "AMT*B6 is missing": ("AMT*B6*105", "AMT*B6*", "AMT02"),
    "AMT*B6 is too large": ("AMT*B6*105", "AMT*B6*12345678901", "an AMT below it"),
    "QTY of the claim is no number": ("QTY*CA*1", "QTY*CA*ONE", "QTY02"),
    "QTY of the line is no number": ("QTY*ZK*1", "QTY*ZK*,", "QTY02"),
    "MIA is nonsense": ("MIA*0**0", "MIA*X*Y*Z*?", None),
    "MOA has a strange code": ("MOA***MA01", f"MOA***{'N' * 51}", "MIA or MOA"),
    "LQ has an empty code": ("LQ*HE*N130", "LQ*HE*", None),
    "LQ has a strange code": ("LQ*HE*N130", f"LQ*HE*{'N' * 80}", "an LQ below it"),
    "LQ is empty": ("LQ*HE*N130", "LQ", None),
    "SVC05 is no number": (SVC, SVC[:-1] + "ONE", "SVC05"),
    "SVC05 is too large": (SVC, SVC[:-1] + "12345678901234", "SVC05"),
    "SVC07 is no number": (SVC, SVC + "**TWO", "SVC07"),
    "a CAS quantity is no number": (CAS, CAS.replace("*15*1*", "*15*ONE*"), "CAS04"),
    "the second CAS quantity is no number": (CAS, CAS[:-1] + "ONE", "CAS07"),
    "a CAS quantity is too large": (CAS, CAS.replace("*15*1*", "*15*99999999999*"), "the quantity of a CAS"),
    "a CAS has neither reason nor amount": (CAS, f"{CAS}~\nCAS*PR", None),
    "a segment that nobody knows": ("QTY*ZK*1", "ZZZ*1*2", None),
    "a CARC that no list has": (CAS, CAS.replace("*45*", "*99999*"), None),
}  # fmt: skip


@pytest.mark.parametrize("spoiled", INFORMS)
def test_what_only_informs_is_left_out_and_told_of_and_the_money_is_told(spoiled):
    clean, changed, place = INFORMS[spoiled]
    extra = changed.count("~")
    event = told(_counted(by_hand(changes={clean: changed}), extra))

    (payment,) = event.payments
    (line,) = payment.lines
    assert (payment.charge, payment.paid, line.charge, line.paid) == (120, 100, 120, 100)
    assert [one.amount for one in line.adjustments] == [15, 5]
    assert (event.header.amount, event.header.trace_number) == (100, "EFT0001")
    assert place is None or any(place in finding for finding in event.findings), event.findings


def _counted(data, more):
    """SE01 counts the segments that stand in the place of one."""
    return data.replace(b"SE*29*", b"SE*%d*" % (29 + more))


@pytest.mark.parametrize(
    ("clean", "changed", "left"),
    [
        ("AMT*I*1.25", "AMT*I*ONE", "interest"),
        ("AMT*I*1.25", "AMT*I*1.255", "interest"),
        (CLP, CLP.replace("*20*", "*2O*"), "patient_responsibility"),
        (CLP, CLP.replace("*20*", "*20.005*"), "patient_responsibility"),
        (CLP, CLP.replace("*12*", f"*{'X' * 60}*"), "claim_filing_indicator"),
        (CLP, CLP.replace("*11*1*", "*11*\x01*"), "frequency_code"),
        ("AMT*B6*105", "AMT*B6*1O5", "allowed"),
        ("AMT*B6*105", "AMT*B6*12345678901", "allowed"),
        (SVC, SVC[:-1] + "12345678901234", "units"),
    ],
)
def test_what_cannot_be_told_is_unknown_and_not_zero(clean, changed, left):
    (payment,) = told(by_hand(changes={clean: changed})).payments

    holder = payment if left in type(payment).model_fields else payment.lines[0]
    assert getattr(holder, left) is None


def test_an_amount_that_can_be_read_stays_beside_one_that_cannot():
    event = told(_counted(by_hand(changes={"AMT*B6*105": "AMT*KH*X~\nAMT*B6*105"}), 1))

    assert event.payments[0].lines[0].allowed == 105


DECIDES = {
    "BPR02 is no number": (BPR, BPR.replace("*100*", "*1OO*"), "BPR02"),
    "BPR02 is missing": (BPR, BPR.replace("*100*", "**"), "BPR02"),
    "BPR16 is no date": (BPR, BPR.replace("20260920", "20269920"), "BPR16"),
    "CLP03 is no number": (CLP, CLP.replace("*120*", "*12O*"), "CLP03"),
    "CLP04 is missing": (CLP, CLP.replace("*100*", "**"), "CLP04"),
    "SVC02 is no number": (SVC, SVC.replace("*120*", "*12O*"), "SVC02"),
    "SVC03 is missing": (SVC, SVC.replace("*100*", "**"), "SVC03"),
    "a CAS amount is no number": (CAS, CAS.replace("*15*", "*I5*"), "CAS03"),
    "the second CAS amount is missing": (CAS, CAS.replace("*5*1", "**1"), "CAS06"),
    "a PLB amount is no number": ("LQ*HE*N130", f"LQ*HE*N130~\n{PLB[:-1]}X", "PLB04"),
}  # fmt: skip


@pytest.mark.parametrize("spoiled", DECIDES)
def test_where_an_amount_or_an_identity_cannot_be_read_the_set_is_refused_with_its_place(spoiled):
    clean, changed, place = DECIDES[spoiled]

    one = read(_counted(by_hand(changes={clean: changed}), changed.count("~")))

    assert one.problem is not None
    assert place in one.problem
    assert one.remedy


@pytest.mark.parametrize(
    ("clean", "changed"),
    [
        (BPR, BPR.replace("*100*", "*100.005*")),
        (CLP, CLP.replace("*120*", "*123456789*")),
        (CLP, CLP.replace("*100*", "*100.001*")),
        (SVC, SVC.replace("*120*", "*120.125*")),
        (CAS, CAS.replace("*15*", "*15.005*")),
    ],
)
def test_an_amount_that_counts_and_cannot_be_told_is_not_left_out(clean, changed):
    with pytest.raises(ValidationError):
        told(by_hand(changes={clean: changed}))


@pytest.mark.parametrize(
    ("segment", "decides", "informs"),
    [
        ("BPR", {2, 16}, {1, 3, 4, 5}),
        ("TRN", {2}, {1, 3, 4}),
        ("CLP", {1, 2, 3, 4}, {5, 6, 7, 8, 9, 11, 12, 13}),
        ("SVC", {2, 3}, {1, 4, 5, 6, 7}),
        ("CAS", {1, 2, 3, 5, 6, 8, 9, 17, 18}, {4, 7, 10, 13, 16, 19}),
        ("PLB", {3, 4, 5, 6, 13, 14}, {1, 2}),
        ("AMT", set(), {1, 2}),
        ("QTY", set(), {1, 2}),
    ],
)
def test_each_element_decides_or_informs(segment, decides, informs):
    stops = {
        element
        for element in decides | informs
        if deciding([Finding("not-a-number", "?", Place(7, segment, element))]) is not None
    }

    assert stops == decides


async def test_the_money_of_a_file_with_every_finding_at_once_is_told(gateway):
    changes = {clean: changed for clean, changed, _ in INFORMS.values() if "~" not in changed}

    await gateway.receives("1.835", by_hand(changes=changes))

    (event,) = await gateway.told(EraReceived)
    assert (event.payments_total, len(event.findings) > 5) == (100, True)
    assert (await gateway.get("/counts"))["sets"]["835"] == {"processed": 1}
