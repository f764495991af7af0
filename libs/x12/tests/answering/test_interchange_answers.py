"""The TA1: each fault of an interchange's envelope has its code, and refuses everything inside."""

from datetime import datetime

import pytest
from claimstream_x12 import X12Reader
from claimstream_x12.answering import answer
from claimstream_x12.checking import Checker
from claimstream_x12.interchange_ta1 import read_ta1

from ..whole_files import GROUP_ACKNOWLEDGMENT, PROFESSIONAL, WholeFile

NOW = datetime(2026, 9, 17, 9, 0)  # noqa: DTZ001 — X12 has no zones
P = PROFESSIONAL


def with_isa(number: int, text: str, base: WholeFile = P) -> WholeFile:
    """The file with another element in its ISA."""
    elements = base.segments[0].split("*")
    elements[number] = text
    return base.change("ISA*", "*".join(elements))


def answers_to(file: WholeFile) -> X12Reader:
    """What we answer, read to its end."""
    reader = X12Reader(answer(Checker(remember_claims=True).check(file.data()), now=NOW))
    reader.answered = [(one.code, [segment.text for segment in one]) for one in reader.sets()]
    return reader


REFUSED = {
    "an unknown qualifier of the authorization": (with_isa(1, "99"), "010"),
    "an unknown qualifier of the security": (with_isa(3, "99"), "012"),
    "an unknown qualifier of the sender": (with_isa(5, "QQ"), "005"),
    "an unknown qualifier of the receiver": (with_isa(7, "QQ"), "007"),
    "a day that is none": (with_isa(9, "260230"), "014"),
    "a time that is none": (with_isa(10, "2460"), "015"),
    "version 4010": (with_isa(12, "00401"), "017"),
    "a control number that is none": (with_isa(13, "00000001A").change("IEA*", "IEA*1*00000001A"), "018"),
    "neither 0 nor 1 in ISA14": (with_isa(14, "2"), "019"),
    "neither P nor T in ISA15": (with_isa(15, "I"), "020"),
    "control numbers that do not tie": (P.change("IEA*", "IEA*1*000000018"), "001"),
    "a wrong count of groups": (P.change("IEA*", "IEA*2*000000017"), "021"),
    "no end": (P.drop("IEA*"), "023"),
    "a set outside any group": (P.drop("GS*", "GE*").change("IEA*", "IEA*0*000000017"), "022"),
    "a segment outside any set": (P.add("GS*", "REF*ZZ*1"), "024"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_interchange_gets_a_ta1_with_its_code_and_nothing_else(name):
    file, note = REFUSED[name]

    reader = answers_to(file)

    ((_, segment),) = reader.acknowledgments
    ta1 = read_ta1(segment)
    assert (ta1.status, ta1.note) == ("R", note)
    assert reader.answered == []


def test_the_ta1_names_the_interchange_it_answers():
    reader = answers_to(with_isa(15, "I"))

    ta1 = read_ta1(reader.acknowledgments[0][1])
    assert ta1.control_number == "000000017"
    assert ta1.sent == datetime(2026, 9, 16, 10, 30)  # noqa: DTZ001


@pytest.mark.parametrize("name", ["a day that is none", "a time that is none"])
def test_the_ta1_has_a_day_and_a_time_even_where_the_isa_has_none(name):
    reader = answers_to(REFUSED[name][0])

    ta1 = reader.acknowledgments[0][1]
    assert ta1[2]
    assert ta1[3]


def test_the_answer_goes_back_to_the_sender():
    reader = answers_to(P)

    (interchange,) = reader.interchanges
    assert (interchange.header.sender, interchange.header.receiver) == ("FIRSTPAYER", "BAYCLINIC")
    assert interchange.header.usage == "P"


def test_a_test_file_is_answered_as_a_test():
    reader = answers_to(with_isa(15, "T"))

    assert [one.header.usage for one in reader.interchanges] == ["T"]


def test_a_ta1_is_sent_when_the_sender_asks_for_one():
    reader = answers_to(with_isa(14, "1"))

    ta1 = read_ta1(reader.acknowledgments[0][1])
    assert (ta1.status, ta1.note) == ("A", "000")
    assert [code for code, _ in reader.answered] == ["999", "277"]


def test_a_ta1_tells_of_a_warning_when_the_sender_asks_for_one():
    reader = answers_to(with_isa(6, "BAYCLINIC", with_isa(14, "1")))

    ta1 = read_ta1(reader.acknowledgments[0][1])
    assert (ta1.status, ta1.note) == ("E", "024")


def test_no_ta1_is_sent_to_a_sound_interchange_that_asks_for_none():
    assert answers_to(P).acknowledgments == []


def test_an_acknowledgment_is_never_answered_with_an_acknowledgment():
    assert answer(Checker().check(GROUP_ACKNOWLEDGMENT.data()), now=NOW) == b""


def test_an_acknowledgment_that_is_wrong_is_not_answered_either():
    wrong = GROUP_ACKNOWLEDGMENT.drop("IK5*A")

    assert answer(Checker().check(wrong.data()), now=NOW) == b""


def test_an_acknowledgment_whose_sender_asks_for_a_ta1_gets_that_alone():
    reader = answers_to(with_isa(14, "1", GROUP_ACKNOWLEDGMENT))

    assert [read_ta1(segment).status for _, segment in reader.acknowledgments] == ["A"]
    assert reader.answered == []


def test_each_interchange_is_answered_for_itself():
    second = with_isa(13, "000000018").change("IEA*", "IEA*1*000000019")

    report = Checker().check(P.data() + second.data())
    reader = X12Reader(answer(report, now=NOW, control_number=41))
    sets = [one.code for one in reader.sets()]

    assert sets == ["999"]
    assert [read_ta1(segment).status for _, segment in reader.acknowledgments] == ["R"]
    assert [one.header.control_number for one in reader.interchanges] == ["000000041", "000000042"]


@pytest.mark.parametrize("data", [b"", b"no X12 at all", b"ISA*"])
def test_what_is_no_file_gets_no_answer(data):
    assert answer(Checker().check(data), now=NOW) == b""
