"""Whatever is sent to us: findings with a place, never an exception, and never a memory that grows with the file."""

import io
import tracemalloc
from datetime import datetime

import pytest
from claimstream_x12.answering import answer
from claimstream_x12.checking import Checker
from hypothesis import given, settings
from hypothesis import strategies as st

from .mutations import mutated_files
from .whole_files import (
    CLAIM_ACKNOWLEDGMENT,
    GROUP_ACKNOWLEDGMENT,
    INQUIRY,
    PROFESSIONAL,
    REMITTANCE,
    WHOLE_FILES,
    WholeFile,
)

NOW = datetime(2026, 9, 17, 9, 0)  # noqa: DTZ001 — X12 has no zones
P = PROFESSIONAL
MEGABYTE = 1 << 20


def findings_of(report):
    """Every finding of a report."""
    return [*report.envelope_findings, *(finding for one in report.sets for finding in one.findings)]


def codes_of(data: bytes) -> list[str]:
    """The codes of what is found in a file."""
    return [finding.code for finding in findings_of(Checker().check(data))]


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n \t\r\n", b"\xef\xbb\xbf", b"ISA", b"Dear payer,\nplease find enclosed\n", bytes(range(256)) * 9],
)
def test_what_holds_no_interchange_is_said_to_be_no_x12(data):
    report = Checker().check(data)

    assert [finding.code for finding in report.findings] == ["not-x12"]
    assert report.rejected
    assert not report.read_something


@pytest.mark.parametrize("name", ["270", "999"])
def test_a_file_cut_at_every_byte_is_refused_with_a_finding(name):
    data = WHOLE_FILES[name].data()
    whole = len(data) - 1  # the last terminator is not needed

    unnoticed = []
    for length in range(whole):
        report = Checker().check(data[:length])
        answer(report, now=NOW)
        if not any(finding.is_error for finding in findings_of(report)) or not report.rejected:
            unnoticed.append(data[:length][-12:])

    assert unnoticed == []


def test_a_file_cut_in_the_middle_of_a_segment_says_so():
    assert "truncated" in codes_of(P.data()[:900])


def test_words_between_two_interchanges_are_passed_over_with_a_warning():
    second = P.edit("ISA*", "000000017", "000000018").edit("IEA*", "000000017", "000000018")
    report = Checker().check(P.data() + b"-- the next one follows --" + second.data())

    assert [finding.code for finding in findings_of(report)] == ["text-outside-interchange"]
    assert len(report.sets) == 2
    assert not report.rejected


def test_control_numbers_that_come_twice_are_found_at_their_second_use():
    body = P.segments[2:-2]
    sets_twice = WholeFile((*P.segments[:-2], *body, "GE*2*17", "IEA*1*000000017"))
    groups_twice = WholeFile((*P.segments[:-1], *P.segments[1:-1], "IEA*2*000000017"))

    def found(data):
        report = Checker().check(data)
        return [(f.code, f.place.segment, f.place.segment_id, f.place.element) for f in findings_of(report)]

    assert found(sets_twice.data()) == [("set-control-reused", 1, "ST", 2)]
    assert found(groups_twice.data()) == [("group-reused", len(P.segments), "GS", 6)]
    assert found(P.data() + P.data()) == [("interchange-reused", len(P.segments) + 1, "ISA", 13)]


def test_numbers_of_another_sender_group_or_interchange_are_no_reuse():
    elsewhere = P.edit("ISA*", "BAYCLINIC ", "HILLCLINIC")

    assert codes_of(P.data() + elsewhere.data()) == []


def test_one_interchange_that_was_reused_does_not_refuse_the_first():
    report = Checker().check(P.data() + P.data())

    assert [one.status for one in report.sets] == ["accepted", "rejected"]


def test_version_4010_is_refused_by_its_envelope():
    old = (
        P.edit("ISA*", "*^*00501*", "*U*00401*")
        .edit("GS*", "005010X222A1", "004010X098A1")
        .edit("ST*", "*005010X222A1", "")
    )

    report = Checker().check(old.data())

    assert report.rejected
    assert {"isa-version", "group-version", "guide-unknown"} <= {finding.code for finding in findings_of(report)}


@pytest.mark.parametrize(
    ("code", "guide"), [("850", "004010"), ("837", "005010X999"), ("834", "005010X220A1"), ("", ""), ("837", "")]
)
def test_a_set_that_is_not_read_here_is_refused_and_not_guessed_at(code, guide):
    file = P.change("ST*", f"ST*{code}*0001*{guide}").edit("GS*", "*005010X222A1", f"*{guide}")

    report = Checker(remember_claims=True).check(file.data())

    assert [one.status for one in report.sets] == ["rejected"]
    assert "guide-unknown" in {finding.code for finding in findings_of(report)}


def test_a_bad_amount_and_an_impossible_day_are_each_found_at_their_place():
    file = P.edit("SV1*HC:36415", "*80*", "*8O.OO*").edit("DMG*D8*1980", "19800517", "19801332")

    found = [
        (f.code, f.place.segment, f.place.element_name, f.place.loop) for f in findings_of(Checker().check(file.data()))
    ]

    assert ("element-number", file.position("SV1*HC:36415"), "SV102", "2400") in found
    assert ("element-date", file.position("DMG*"), "DMG02", "2010BA") in found


class Endless(io.RawIOBase):
    """A stream that is made while it is read: a beginning, one stretch many times, an end."""

    def __init__(self, head: bytes, middle: bytes, times: int, tail: bytes) -> None:
        block = middle * max(1, MEGABYTE // 8 // len(middle))
        whole, rest = divmod(times, len(block) // len(middle))
        self._parts = iter([head, *[block] * whole, middle * rest, tail])
        self._held = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._held) < size:
            part = next(self._parts, None)
            if part is None:
                break
            self._held += part
        given, self._held = self._held[:size], self._held[size:]
        return given


def peak_of(stream: io.RawIOBase, **asked) -> tuple[int, object]:
    """How much memory checking a stream takes at most, with the report."""
    Checker().check(P.data())  # what is read once is not counted
    tracemalloc.start()
    try:
        report = Checker(**asked).check(stream)
        return tracemalloc.get_traced_memory()[1], report
    finally:
        tracemalloc.stop()


def around(file: WholeFile, start: str, stop: str) -> tuple[bytes, bytes, bytes]:
    """A file before a stretch, the stretch, and the file after it."""
    first, last = file.at(start), file.at(stop)
    parts = file.segments[:first], file.segments[first:last], file.segments[last:]
    return tuple("".join(segment + "~" for segment in part).encode() for part in parts)


REPEATED = {
    "a service line": (P, "LX*2", "HL*3*"),
    "a remittance's line": (REMITTANCE, "SVC*HC:99214", "PLB*"),
    "a claim payment": (REMITTANCE, "CLP*OWN0002", "PLB*"),
    "a provider adjustment": (REMITTANCE, "PLB*", "SE*"),
    "a reference": (P, "REF*G1", "HI*"),
    "a set in an acknowledgment": (GROUP_ACKNOWLEDGMENT, "AK2*837*0002", "AK9*"),
    "a patient": (CLAIM_ACKNOWLEDGMENT, "HL*5*", "SE*"),
    "a bad taxonomy of a level": (P.add("HL*1*", "PRV*BI*XX*1", "PRV*BI*PXC*207Q00000X"), "PRV*BI*XX", "PRV*BI*PXC"),
    "a question": (INQUIRY, "EQ*", "SE*"),
    "an unknown segment": (P.add("REF*G1", "ZZZ*1"), "ZZZ*", "HI*"),
    "a segment outside any set": (P.add("GS*", "REF*ZZ*1"), "REF*ZZ", "ST*"),
    "a segment outside any interchange": (P.change("IEA*", "IEA", "REF*ZZ*1", "TA1*0"), "REF*ZZ", "TA1*0"),
    "the end of a group": (P.add("GE*", "GE*1*18"), "GE*1*18", "IEA*"),
}
FEWER = 40_000
"""Segments of what is not a loop of one segment: enough to show that nothing is kept of it."""


@pytest.mark.parametrize("name", REPEATED)
def test_what_comes_two_hundred_thousand_times_stays_in_a_small_memory(name):
    file, start, stop = REPEATED[name]
    head, middle, tail = around(file, start, stop)
    times = 200_000 if name == "a question" else FEWER // middle.count(b"~")

    peak, report = peak_of(Endless(head, middle, times, tail))

    assert peak < 40 * MEGABYTE
    assert report.rejected
    assert all(finding.place.segment or finding.place.segment_id == "ISA" for finding in findings_of(report))
    assert len(findings_of(report)) <= 2_100


def test_an_element_of_ten_megabytes_is_given_up_in_a_small_memory():
    head, _, _ = around(P, "REF*G1", "HI*")

    peak, report = peak_of(Endless(head + b"REF*G1*", b"A", 10 * MEGABYTE, b"~"))

    assert peak < 40 * MEGABYTE
    assert "segment-too-long" in {finding.code for finding in findings_of(report)}


def test_a_long_element_that_is_still_read_is_found_too_long():
    file = P.edit("REF*G1", "AUTHORIZED1", "A" * 900_000)

    assert codes_of(file.data()) == ["element-long"]


def test_a_file_without_terminators_is_given_up_in_a_small_memory():
    peak, report = peak_of(Endless(P.data()[:300], b"HL*1**20*1\n", 1_000_000, b""))

    assert peak < 40 * MEGABYTE
    assert report.rejected


LONG_NUMBERS = {
    "a pointer": (P.edit("SV1*HC:99213:25", "***1:2", "***1:" + "9" * 5000), "SV107-2"),
    "a level": (P.change("HL*2*1*22*0", "HL*" + "9" * 5000 + "*1*22*0"), "HL01"),
    "a count of sets": (GROUP_ACKNOWLEDGMENT.change("AK9*", "AK9*P*" + "9" * 5000 + "*2*1"), "AK902"),
    "an accepted count": (GROUP_ACKNOWLEDGMENT.change("AK9*", "AK9*P*2*2*" + "9" * 5000), "AK904"),
    "a line number": (P.change("LX*1", "LX*" + "9" * 5000), "LX01"),
    "a charge": (P.edit("SV1*HC:36415", "*80*", "*" + "9" * 5000 + "*"), "SV102"),
    "an exponent": (P.edit("SV1*HC:36415", "*80*", "*9E9999999*"), "SV102"),
    "a payment": (REMITTANCE.edit("CLP*OWN0001", "*80.5*", "*8E9999999*"), "CLP04"),
    "a count of segments": (P.change("SE*", "SE*" + "9" * 5000 + "*0001"), "SE01"),
    "a count of groups": (P.change("IEA*", "IEA*" + "9" * 5000 + "*000000017"), "IEA01"),
    "a count of sets in the group": (P.change("GE*", "GE*" + "9" * 5000 + "*17"), "GE01"),
}


@pytest.mark.parametrize("name", LONG_NUMBERS)
def test_a_number_of_any_length_is_a_finding_at_its_place(name):
    file, element = LONG_NUMBERS[name]

    report = Checker(remember_claims=True).check(file.data())
    answer(report, now=NOW)

    assert element in {finding.place.element_name for finding in findings_of(report)}


@settings(max_examples=250, deadline=None)
@given(mutated_files())
def test_a_file_changed_in_any_way_gives_findings_and_no_exception(data):
    report = Checker(remember_claims=True).check(data)

    assert report.rejected or report.sets or report.interchanges
    assert all(finding.message and finding.code for finding in findings_of(report))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 1200))
def test_bytes_of_any_kind_give_findings_and_no_exception(noise, at):
    data = P.data()

    for file in (noise, data[:at] + noise + data[at:], data[:at] + noise, data[:106] + noise):
        report = Checker(remember_claims=True).check(file)
        answer(report, now=NOW)
        assert report.interchanges or report.rejected


def test_very_many_warnings_do_not_reject_a_remittance():
    file = REMITTANCE.change("LQ*HE", *["LQ*HE*N381"] * 99)
    lines = [
        segment
        for segment in file.segments[file.at("SVC*HC:99213") : file.at("CLP*OWN0002")]
        if not segment.startswith(("REF", "AMT"))
    ]
    many = file.add(
        "LX*1", *("CLP*SMALL*1*120*80.5*10*12*PAYER77*11*1", "NM1*QC*1*DOE*JANE****MI*M000001", *lines) * 30
    )
    paid = many.edit("BPR*", "*131.5*", f"*{131.5 + 80.5 * 30}*")
    strange = WholeFile(tuple(segment.replace("LQ*HE*N381", "LQ*HE*ABCDE") for segment in paid.segments))

    (one,) = Checker().check(strange.data()).sets

    assert (len(one.findings), one.passed_over > 0, one.status) == (2_000, True, "accepted_with_errors")


def test_an_error_after_very_many_warnings_still_rejects():
    file = REMITTANCE.add("LQ*HE", *["LQ*HE*ABCDE"] * 98)
    lines = file.segments[file.at("CLP*OWN0001") : file.at("CLP*OWN0002")]
    many = file.add("AMT*B6").add("LX*1", *lines * 30).edit("BPR*", "*131.5*", f"*{131.5 + 80.5 * 30}*")

    assert Checker().check(many.edit("PLB*", "*9", "*8").data()).rejected


@pytest.mark.parametrize("name", LONG_NUMBERS)
def test_a_message_is_short_however_long_the_data(name):
    file, _ = LONG_NUMBERS[name]

    assert [finding for finding in findings_of(Checker().check(file.data())) if len(finding.message) > 200] == []
