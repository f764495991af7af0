"""Reading to records and writing from them: what is kept, what is refused, what streams."""

import gc
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from claimstream_x12 import Dated, NotWritable, Party, Reference, Severity, X12Reader
from claimstream_x12.claim_status_276_277 import ClaimStatusResponseReader
from claimstream_x12.common_records import Birth
from claimstream_x12.eligibility_270_271 import (
    Benefit,
    CoveredDependent,
    CoveredSubscriber,
    EligibilityResponse,
    EligibilityResponseReader,
    InformedReceiver,
    InformingSource,
    Refusal,
    RelatedEntity,
    read_271,
    write_271,
)
from claimstream_x12.extras import extra

from .builders import NOW, in_envelope


def a_benefit(**changes):
    return replace(
        Benefit(information="B", service_types=("98", "UC"), amount=Decimal("25.00"), percent=None), **changes
    )


def a_subscriber(*benefits, **changes):
    subscriber = CoveredSubscriber(
        party=Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M000001", references=(Reference("6P", "G1"),)),
        birth=Birth(born=date(1980, 5, 17), gender="F"),
        benefits=benefits or (a_benefit(),),
    )
    return replace(subscriber, **changes)


def a_response(*subscribers, **changes):
    receiver = InformedReceiver(
        party=Party("1P", "2", "BAY CLINIC", id_qualifier="XX", id="1999999984"),
        subscribers=subscribers or (a_subscriber(),),
    )
    source = InformingSource(
        party=Party("PR", "2", "FIRST PAYER", id_qualifier="PI", id="P0001"), receivers=(receiver,)
    )
    return replace(EligibilityResponse(reference="10001234", created=NOW, sources=(source,)), **changes)


def sets_of(body):
    """The sets of a file with this 271, whose segments stand between ST and SE."""
    text = f"ST*271*0001*005010X279A1~{body}SE*{body.count('~') + 2}*0001~"
    return X12Reader(in_envelope(text.encode("ascii"), "HB", "005010X279A1")).sets()


def test_a_response_is_written_as_the_guide_has_it():
    entity = RelatedEntity(party=Party("P3", "1", "HEALER", "HELEN"))
    benefit = a_benefit(
        percent=Decimal("0.2"), dates=(Dated("291", date(2026, 1, 1)),), messages=("CALL US",), entities=(entity,)
    )
    dependent = CoveredDependent(party=Party("03", "1", "DOE", "JUNE"), refusals=(Refusal(reason="67", follow_up="C"),))

    written = write_271(a_response(a_subscriber(benefit, dependents=(dependent,))), "0001", checked=False).decode()

    assert written.split("~")[:-1] == [
        "ST*271*0001*005010X279A1",
        "BHT*0022*11*10001234*20260916*1030",
        "HL*1**20*1",
        "NM1*PR*2*FIRST PAYER*****PI*P0001",
        "HL*2*1*21*1",
        "NM1*1P*2*BAY CLINIC*****XX*1999999984",
        "HL*3*2*22*1",
        "NM1*IL*1*DOE*JANE****MI*M000001",
        "REF*6P*G1",
        "DMG*D8*19800517*F",
        "EB*B**98^UC****25*0.2",
        "DTP*291*D8*20260101",
        "MSG*CALL US",
        "LS*2120",
        "NM1*P3*1*HEALER*HELEN",
        "LE*2120",
        "HL*4*3*23*0",
        "NM1*03*1*DOE*JUNE",
        "AAA*N**67*C",
        "SE*20*0001",
    ]


def test_refusals_before_and_after_a_name_are_told_apart_by_their_place():
    body = "BHT*0022*11*1~HL*1**20*0~AAA*Y**42*P~NM1*PR*2*FIRST PAYER*****PI*P0001~AAA*N**79*N~"

    (read,) = [read_271(one) for one in sets_of(body)]

    source = read[0].sources[0]
    assert source.level_refusals == (Refusal(valid="Y", reason="42", follow_up="P"),)
    assert source.refusals == (Refusal(reason="79", follow_up="N"),)


def test_a_segment_that_no_record_holds_comes_back_at_its_place():
    body = "BHT*0022*11*1~HL*1**20*0~NM1*PR*2*FIRST PAYER*****PI*P0001~ZZ9*A^B:C*D~PER*IC**TE*6175550100~"

    (read,) = [read_271(one) for one in sets_of(body)]

    assert [one.texts(next(iter(sets_of(body))).st.delimiters) for one in read[0].sources[0].extra] == [["A^B:C", "D"]]
    assert body.encode() in write_271(read[0], "0001", checked=False)


def test_a_value_that_cannot_be_read_is_found_and_its_segment_kept():
    body = "BHT*0022*11*1~HL*1**20*1~NM1*PR*2*FIRST PAYER*****PI*P1~HL*2*1*21*1~NM1*1P*2*BAY~HL*3*2*22*0~NM1*IL*1*DOE~DTP*291*D8*2026~"

    (read,) = [read_271(one) for one in sets_of(body)]

    assert [(finding.code, finding.place.loop) for finding in read[1]] == [("not-a-date", "2000C")]
    assert body.encode() in write_271(read[0], "0001", checked=False)


def test_an_element_that_no_field_holds_is_told_of():
    body = "BHT*0022*11*1~HL*1**20*0~NM1*PR*2*FIRST PAYER*****PI*P1~AAA*N*XX*42*P~"

    (read,) = [read_271(one) for one in sets_of(body)]

    assert [(finding.code, str(finding.place), finding.severity) for finding in read[1]] == [
        ("element-not-held", "segment 5, AAA02 in loop 2000A of set 0001", Severity.WARNING)
    ]


def test_a_level_without_the_one_above_hangs_below_empty_ones():
    (read,) = [read_271(one) for one in sets_of("BHT*0022*11*1~HL*1**22*0~NM1*IL*1*DOE*JANE~EB*1~")]

    assert read[0].sources[0].receivers[0].subscribers[0].benefits[0].information == "1"
    assert [finding.code for finding in read[1]] == ["hierarchy"]


def test_a_level_of_no_kind_is_kept_with_what_follows_it():
    body = "BHT*0022*11*1~HL*1**20*0~NM1*PR*2*FIRST PAYER*****PI*P1~HL*2*1*77*0~NM1*QC*1*DOE~"

    reader = EligibilityResponseReader(next(iter(sets_of(body))))
    (answered,) = reader.subscribers()

    assert [one.id for one in answered.source.extra] == ["HL", "NM1"]
    assert [segment.id for segment in reader.unread] == ["HL", "NM1"]


def test_subscribers_stream_with_what_is_above_them():
    data = in_envelope(
        write_271(a_response(a_subscriber(), a_subscriber()), "0001", checked=False), "HB", "005010X279A1"
    )

    reader = EligibilityResponseReader(next(iter(X12Reader(data).sets())))
    answered = list(reader.subscribers())

    assert [one.subscriber for one in answered] == [a_subscriber(), a_subscriber()]
    assert {one.receiver.party.name for one in answered} == {"BAY CLINIC"}
    assert reader.header.reference == "10001234"
    assert answered[0].receiver.subscribers == ()


def test_what_has_been_given_is_let_go():
    data = in_envelope(write_271(a_response(*[a_subscriber()] * 400), "0001", checked=False), "HB", "005010X279A1")

    reader = EligibilityResponseReader(next(iter(X12Reader(data).sets())))
    most = 0
    for number, _ in enumerate(reader.subscribers()):
        if number % 100 == 99:
            most = max(most, sum(isinstance(one, CoveredSubscriber) for one in gc.get_objects()))

    assert most < 5


def test_levels_that_end_early_are_given_too():
    body = "BHT*0010*08*1*20260916*1030*DG~HL*1**20*1~NM1*PR*2*FIRST PAYER*****PI*P1~HL*2*1*21*0~NM1*41*2*BAY*****46*B1~TRN*2*T1~STC*D0:33*20260916~"
    text = f"ST*277*0001*005010X212~{body}SE*9*0001~"

    reader = ClaimStatusResponseReader(next(iter(X12Reader(in_envelope(text.encode(), "HN", "005010X212")).sets())))
    (answered,) = reader.subscribers()

    assert answered.receiver.status.statuses[0].codes[0].category == "D0"
    assert (answered.provider, answered.subscriber) == (None, None)


@pytest.mark.parametrize(
    ("benefit", "place"),
    [
        (a_benefit(amount=Decimal("1.005")), "EB07"),
        (a_benefit(information=""), "EB01"),
        (a_benefit(service_types=("ABC",)), "EB03"),
        (a_benefit(plan="Gold"), "EB05"),
        (a_benefit(messages=("X" * 265,)), "MSG01"),
        (a_benefit(entities=(RelatedEntity(party=Party("P3", "1", "X", references=(Reference("0B", "1"),))),)), "NM1"),
        (a_benefit(extra=(extra("ZZ9", "a~b"),)), "ZZ901"),
    ],
)
def test_what_would_not_be_valid_is_refused_with_its_place(benefit, place):
    with pytest.raises(NotWritable) as refused:
        write_271(a_response(a_subscriber(benefit)), "0001", checked=False)

    assert place in str(refused.value.findings[0].place)
