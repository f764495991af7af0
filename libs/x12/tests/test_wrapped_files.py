"""Line ends and blanks that are no data: a file that was wrapped on its way reads as it was written, and this is told."""

from decimal import Decimal
from io import BytesIO

import pytest
from claimstream_x12 import X12Reader
from claimstream_x12.checking import Checker
from claimstream_x12.remittance_835 import read_remittance
from claimstream_x12.segments import Tokenizer

from .whole_files import PROFESSIONAL, REMITTANCE, WHOLE_FILES


def wrapped(data: bytes, width: int, ending: bytes, *, first: int = 0) -> bytes:
    """A file in lines of so many bytes, from the first byte that is to be wrapped."""
    lines = [data[at : at + width] for at in range(first, len(data), width)]
    return data[:first] + (ending if first else b"") + ending.join(lines)


def segments_of(data: bytes) -> list[str]:
    """The texts of all segments."""
    return [segment.text for segment in Tokenizer(data)]


def codes_of(data: bytes) -> list[str]:
    """Codes of whatever is found."""
    report = Checker().check(data)
    return [finding.code for finding in (*report.envelope_findings, *(f for one in report.sets for f in one.findings))]


class Trickle(BytesIO):
    """A stream that gives few bytes at a time, as a slow connection does."""

    def read(self, size: int | None = -1) -> bytes:  # noqa: ARG002 — as few as it likes
        return super().read(7)


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("width", [4, 7, 50, 72, 79, 80, 81, 105, 106, 132, 1000])
@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_wrapped_file_reads_as_it_was_written(name, width, ending):
    data = WHOLE_FILES[name].text().encode()

    assert segments_of(wrapped(data, width, ending)) == segments_of(data)


@pytest.mark.parametrize("first", [0, 106])
def test_a_file_in_lines_of_80_bytes_is_told_and_not_refused(first):
    data = wrapped(REMITTANCE.text().encode(), 80, b"\r\n", first=first)

    report = Checker().check(data)

    assert not report.rejected
    assert codes_of(data) == ["line-ends"]


def test_the_first_place_is_told():
    data = (
        REMITTANCE.text()
        .encode()
        .replace(b"N3*1 MAIN", b"N3*1\r\n MAIN")
        .replace(b"*MA*021010001~", b"*MA*021010001 ~")
    )

    places = {finding.code: finding.place.segment for finding in Checker().check(data).envelope_findings}

    assert places == {"line-ends": 8, "blank-before-terminator": 9}


def test_a_payment_broken_before_its_amount_is_not_read_as_nothing():
    data = REMITTANCE.text().encode().replace(b"BPR*I", b"BPR\r\n*I").replace(b"131.5", b"13\r\n1.5")

    (remittance, findings), *_ = [read_remittance(one) for one in X12Reader(data).sets()]

    assert (remittance.header.payment.amount, findings) == (Decimal("131.5"), ())


def test_a_wrapped_set_has_the_digest_of_the_one_that_was_written():
    data = REMITTANCE.text().encode()

    def digests(file: bytes) -> list[str]:
        found = []
        for one in X12Reader(file).sets():
            one.pass_over()
            found.append(one.digest)
        return found

    assert digests(wrapped(data, 80, b"\r\n")) == digests(data)


def test_wrapped_interchanges_end_where_they_end():
    one = PROFESSIONAL.text().encode()
    other = REMITTANCE.text().encode().replace(b"*", b"|").replace(b"~", b"\n")

    data = wrapped(one, 80, b"\r\n") + b"\r\n" + other

    assert segments_of(data) == segments_of(one) + segments_of(other)


@pytest.mark.parametrize("broken", [b"I\r\nEA*", b"IE\nA*", b"IEA\r\n*", b"\nIEA*"])
def test_a_trailer_whose_name_is_broken_ends_its_interchange(broken):
    one = REMITTANCE.text().encode()
    other = one.replace(b"*", b"|").replace(b"~", b"!")

    assert segments_of(one.replace(b"IEA*", broken) + other) == segments_of(one) + segments_of(other)


def test_a_wrapped_trailer_without_its_terminator_is_read():
    data = REMITTANCE.text().encode().rstrip(b"~").replace(b"IEA*1*", b"IEA*1\r\n*")

    assert codes_of(data) in ([], ["line-ends"])


def test_a_wrapped_file_that_trickles_in_reads_as_it_was_written():
    data = wrapped(PROFESSIONAL.text().encode(), 80, b"\r\n")

    assert [segment.text for segment in Tokenizer(Trickle(data))] == segments_of(PROFESSIONAL.text().encode())


@pytest.mark.parametrize("ending", ["~\n", "~\r\n", "~\r", "~\r\n\r\n  ", "\n", "\r\n", "~  \n"])
def test_a_segment_on_a_line_of_its_own_is_nothing_to_tell(ending):
    data = REMITTANCE.text().replace("~", ending).encode()

    assert codes_of(data) == []


BLANKS = {
    "before the terminator of ISA": REMITTANCE.text().replace(":~", ": ~", 1),
    "several of them": REMITTANCE.text().replace(":~", ":   ~", 1),
    "before every terminator": REMITTANCE.text().replace("~", " ~"),
    "before a terminator and a line end": REMITTANCE.text().replace("~", " ~\r\n"),
    "before the last terminator": REMITTANCE.text()[:-1] + " ~",
    "before the terminator of BPR": REMITTANCE.text().replace("20260920~TRN", "20260920 ~TRN"),
}


@pytest.mark.parametrize("name", BLANKS)
def test_a_blank_before_a_terminator_is_told_and_left_out(name):
    assert segments_of(BLANKS[name].encode()) == segments_of(REMITTANCE.text().encode())
    assert codes_of(BLANKS[name].encode()) == ["blank-before-terminator"]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_letter_outside_the_character_sets_is_told_and_the_rest_is_still_judged(encoding):
    name = REMITTANCE.edit("NM1*QC*1*DOE*JANE", "DOE*JANE", "MU\u00d1OZ*ZO\u00cb")

    assert codes_of(name.text().encode(encoding)) == ["character-set", "character-set"]
    assert "element-long" in codes_of(name.edit("NM1*QC", "ZO", "Z" * 40).text().encode(encoding))
