"""The dental claim (837D): written and read back equal, the published examples read whole, refused beyond its limits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from claimstream_x12 import Amount, Dated, NotWritable, Party, Procedure, Reference, X12Reader
from claimstream_x12.claim_837 import (
    Claim,
    ClaimReader,
    ClaimSet,
    DentalInformation,
    Diagnosis,
    Guide,
    ServiceLine,
    Tooth,
    ToothStatus,
    check_claim,
    read_claims,
    write_claims,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from .builders import NPI, a_file, a_header, billed, in_envelope

SAMPLES = Path(__file__).parent.parent / "samples"
DENTAL = sorted(f"837D/{path.name}" for path in (SAMPLES / "837D").iterdir())
PUBLISHED = sorted(
    f"{kind}/{path.name}" for kind in ("837P", "837I", "837D") for path in (SAMPLES / kind).glob("*-pass-*")
)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CENTS = st.integers(0, 9_999_999).map(lambda cents: Decimal(cents) / 100)
TEETH = st.builds(
    Tooth, st.sampled_from(["1", "12", "32", "A", "T"]), st.lists(st.sampled_from("BDFILMO"), max_size=5).map(tuple)
)
LINES = st.builds(
    ServiceLine,
    charge=CENTS,
    quantity=st.integers(0, 9).map(Decimal),
    procedure=st.sampled_from([Procedure("D2150", qualifier="AD"), Procedure("D0120", ("25",), "AD", "OUR LABEL")]),
    place_of_service=st.sampled_from(["", "22"]),
    diagnosis_pointers=st.sampled_from([(), (1,), (1, 2)]),
    oral_cavity=st.lists(st.sampled_from(["00", "01", "10", "40"]), max_size=5).map(tuple),
    prosthesis=st.sampled_from(["", "I", "R"]),
    teeth=st.lists(TEETH, max_size=3).map(tuple),
    dates=st.just(()) | st.tuples(st.builds(Dated, st.just("472"), DAYS, st.none() | DAYS)),
    references=st.just(()) | st.just((Reference("6R", "LINE1"), Reference("G1", "A1", "", ("2U", "P0002")))),
    amounts=st.just(()) | st.tuples(st.builds(Amount, st.just("T"), CENTS)),
    providers=st.just(()) | st.just((Party("DD", "1", "HAND", "HELP", id_qualifier="XX", id=NPI),)),
)
DENTALS = st.none() | st.builds(
    DentalInformation,
    treatment_months=st.integers(1, 48).map(Decimal),
    months_remaining=st.none() | st.integers(1, 48).map(Decimal),
    orthodontic=st.sampled_from(["", "Y"]),
    teeth=st.lists(st.builds(ToothStatus, st.sampled_from(["3", "A"]), st.sampled_from("EM")), max_size=4).map(tuple),
)


@st.composite
def dental_claims(draw):
    lines = tuple(draw(st.lists(LINES, min_size=1, max_size=4)))
    return Claim(
        control_number="DENTAL1",
        charge=sum((line.charge for line in lines), Decimal(0)),
        facility_code="11",
        lines=lines,
        diagnoses=draw(st.sampled_from([(Diagnosis("K021"), Diagnosis("K029")), (Diagnosis("1", edition="TQ"),) * 2])),
        submission_reason=draw(st.sampled_from(["", "PB"])),
        dates=draw(st.just(()) | st.tuples(st.builds(Dated, st.just("452"), DAYS))),
        providers=draw(st.just(()) | st.just((Party("DD", "2", "HANDS", taxonomy="1223G0001X"),))),
        dental=draw(DENTALS),
    )


def a_dental_line(**changes):
    line = ServiceLine(Decimal(50), Decimal(1), Procedure("D2150", qualifier="AD"), teeth=(Tooth("12", ("L", "O")),))
    return replace(line, **changes)


def a_dental_claim(*lines, **changes):
    lines = lines or (a_dental_line(),)
    charge = sum((line.charge for line in lines), Decimal(0))
    return replace(Claim("DENTAL1", charge, "11", lines, ()), **changes)


@settings(max_examples=60, deadline=None)
@given(dental_claims())
def test_any_dental_claim_that_we_write_reads_back_equal(claim):
    data = a_file(billed(claim), guide=Guide.DENTAL, checked=False)

    ((back, findings),) = [read_claims(one_set) for one_set in X12Reader(data).sets()]

    assert findings == ()
    assert back == ClaimSet(a_header(Guide.DENTAL), (billed(claim),))


def test_a_dental_line_is_written_as_the_guide_has_it():
    line = a_dental_line(oral_cavity=("10", "20"), prosthesis="I", dates=(Dated("472", date(2026, 9, 1)),))
    claim = a_dental_claim(line, dental=DentalInformation(Decimal(24), Decimal(12), "Y", (ToothStatus("3", "M"),)))

    segments = a_file(billed(claim), guide=Guide.DENTAL).decode().split("~")

    assert segments[segments.index("DN1*24*12**Y") :][:7] == [
        "DN1*24*12**Y",
        "DN2*3*M****JP",
        "LX*1",
        "SV3*AD:D2150*50**10:20*I*1",
        "TOO*JP*12*L:O",
        "DTP*472*D8*20260901",
        segments[-4],
    ]


@pytest.mark.parametrize("name", DENTAL)
def test_the_dental_examples_of_others_are_held_whole(name):
    for one_set in X12Reader((SAMPLES / name).read_bytes()).sets():
        reader = ClaimReader(one_set)
        claims = list(reader.claims())

        assert reader.guide is Guide.DENTAL
        assert [read.unread for read in claims] == [()] * len(claims)
        assert [finding for finding in reader.findings if finding.code != "segment-count"] == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_claims_are_written_again_and_read_back_equal(name, monkeypatch):
    monkeypatch.setattr("claimstream_x12.claim_837.writing.refusals", lambda *_: ())  # their NPIs are no NPIs

    for one_set in X12Reader((SAMPLES / name).read_bytes().upper()).sets():
        read = read_claims(one_set)[0]
        to_the_minute = read.header.created.replace(second=0)  # BHT05 is written without seconds
        first = replace(read, header=replace(read.header, created=to_the_minute))
        data = in_envelope(write_claims(first, "0001", checked=False), "HC", first.header.guide.value)
        ((again, _),) = [read_claims(one) for one in X12Reader(data).sets()]

        assert again == first


@pytest.mark.parametrize(
    ("version", "guide"),
    [
        ("005010X222A2", Guide.PROFESSIONAL),
        ("005010X223A3", Guide.INSTITUTIONAL),
        ("005010X224A3", Guide.DENTAL),
        ("005010X224", Guide.DENTAL),
    ],
)
def test_the_successors_of_a_guide_are_read_as_it_is(version, guide):
    assert Guide.of(version) is guide


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (a_dental_claim(*[a_dental_line()] * 51), "too-many-lines"),
        (a_dental_claim(diagnoses=(Diagnosis("K021"),) * 5), "too-many-diagnoses"),
        (a_dental_claim(a_dental_line(procedure=Procedure("99213"))), "no-procedure"),
        (a_dental_claim(a_dental_line(diagnosis_pointers=(1,))), "pointers"),
        (a_dental_claim(a_dental_line(teeth=(Tooth("1"),) * 33)), "too-many-teeth"),
        (a_dental_claim(a_dental_line(teeth=(Tooth("1", tuple("BDFILM")),))), "surfaces"),
        (a_dental_claim(dental=DentalInformation(teeth=(ToothStatus("1", "M"),) * 36)), "too-many-teeth"),
    ],
)
def test_a_dental_claim_beyond_the_limits_is_refused(claim, code):
    found = check_claim(a_header(Guide.DENTAL), billed(claim))

    assert code in {finding.code for finding in found}


def test_teeth_have_no_place_on_a_professional_claim():
    with pytest.raises(NotWritable, match="dental line"):
        a_file(billed(a_dental_claim(diagnoses=(Diagnosis("K021"),))))
