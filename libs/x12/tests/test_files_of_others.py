"""Files that we did not write are read without a crash, whatever stands in them or is missing."""

import csv
from io import BytesIO
from pathlib import Path

import pytest
from claimstream_x12 import SetPassedOver, X12Reader
from claimstream_x12.acknowledgment_999 import read_999
from claimstream_x12.claim_837 import ClaimReader, Guide
from claimstream_x12.claim_status_276_277 import read_276, read_277
from claimstream_x12.claim_status_277ca import claim_outcomes, read_277ca
from claimstream_x12.eligibility_270_271 import read_270, read_271
from claimstream_x12.interchange_ta1 import InterchangeAcknowledgment, read_ta1, write_ta1
from claimstream_x12.remittance_835 import balance, read_remittance
from claimstream_x12.segments import Tokenizer
from claimstream_x12.services_review_278 import read_278
from hypothesis import given, settings
from hypothesis import strategies as st

from .builders import NOW, a_file, an_inpatient_claim, billed

ANSWERS = {"270": read_270, "271": read_271, "276": read_276, "278": read_278}
SAMPLES = Path(__file__).parent.parent / "samples"
MANIFEST = list(csv.DictReader((SAMPLES / "MANIFEST.tsv").open(), delimiter="\t"))


def read_everything(data: bytes) -> list[object]:
    """Read all that a file holds with the reader of its kind."""
    reader = X12Reader(data)
    found: list[object] = []
    for one_set in reader.sets():
        match one_set.code:
            case "837":
                found += list(ClaimReader(one_set).claims())
            case "835":
                found.append(read_remittance(one_set))
            case "999":
                found.append(read_999(one_set))
            case "270" | "271" | "276" | "278":
                found.append(ANSWERS[one_set.code](one_set))
            case "277" if "X212" in one_set.guide:
                found.append(read_277(one_set))
            case "277":
                found.append(read_277ca(one_set))
            case _:
                found += [segment.text for segment in one_set]
        assert one_set.digest
        found += one_set.findings
    found += [read_ta1(segment) for _, segment in reader.acknowledgments]
    return [*found, *reader.findings]


@pytest.mark.parametrize("row", MANIFEST, ids=[row["file"] for row in MANIFEST])
def test_every_sample_is_read_without_a_crash(row):
    assert isinstance(read_everything((SAMPLES / row["file"]).read_bytes()), list)


@pytest.mark.parametrize("row", [row for row in MANIFEST if row["balance_835"].strip("-")], ids=lambda row: row["file"])
def test_a_sample_remittance_balances_when_its_manifest_says_so(row):
    sets = X12Reader((SAMPLES / row["file"]).read_bytes()).sets()

    imbalances = [imbalance for one in sets for imbalance in balance(read_remittance(one)[0])]

    assert bool(imbalances) == row["balance_835"].startswith("unbalanced")


def test_every_segment_of_the_published_claim_is_held_by_a_record():
    data = (SAMPLES / "837I" / "stupidedi__X223A2-HC837-pass-837-institutional-claim.edi").read_bytes()

    one_set = next(X12Reader(data).sets())
    claims = list(ClaimReader(one_set).claims())

    assert one_set.guide == Guide.INSTITUTIONAL
    assert [read.unread for read in claims] == [()]


@pytest.mark.parametrize("cut", range(0, 950, 7))
def test_a_file_cut_anywhere_gives_a_finding_and_no_exception(cut):
    data = a_file(billed(an_inpatient_claim()), guide=Guide.INSTITUTIONAL)

    reader = X12Reader(data[: min(cut, len(data) - 2)])
    sets = [(one, list(ClaimReader(one).claims())) for one in reader.sets()]

    assert reader.findings
    assert all(not one.sound or not one.envelope.sound for one, _ in sets)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1300))
def test_bytes_of_any_kind_give_findings_and_no_exception(noise, at):
    data = a_file()

    read_everything(noise)
    read_everything(data[:at] + noise + data[at:])


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([row["file"] for row in MANIFEST if row["transaction"][:2] == "27"]),
    st.binary(max_size=80),
    st.data(),
)
def test_bytes_of_any_kind_in_questions_and_answers_give_findings_and_no_exception(name, noise, data):
    plain = (SAMPLES / name).read_bytes()
    at = data.draw(st.integers(0, len(plain)))

    read_everything(plain[:at] + noise + plain[at:])


def test_blank_lines_line_ends_indentation_and_a_byte_order_mark_change_nothing():
    plain = a_file()
    dressed = b"\xef\xbb\xbf" + plain.replace(b"~", b"~\r\n\r\n  ")

    def claims(data):
        return [read.billed for one in X12Reader(data).sets() for read in ClaimReader(one).claims()]

    assert claims(dressed) == claims(plain)
    assert X12Reader(dressed).findings == ()


@given(st.integers(0, 2**20), st.sampled_from([" ", "\t", "\r", "\n", "~", "  \r\n", "~~"]), st.booleans())
def test_what_stands_between_two_segments_means_nothing(which, padding, before):
    texts = a_file().decode().split("~")
    at = 1 + which % (len(texts) - 2)
    texts[at] = padding + texts[at] if before else texts[at] + padding

    data = "~".join(texts).encode()

    for source in (data, _Dribble(data)):
        assert [segment.text for segment in Tokenizer(source)] == a_file().decode().split("~")[:-1]


class _Dribble(BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 40))


def test_a_set_has_the_same_digest_in_another_envelope_with_other_delimiters():
    plain = a_file()
    moved = (
        plain.replace(b"*0001~", b"*0777~").replace(b"*0001*", b"*0777*").replace(b"000000017*0*P", b"000000099*0*P")
    )
    moved = moved.translate(bytes.maketrans(b"*~:", b"|\n>"))

    assert digests(moved) == digests(plain)
    assert digests(plain.replace(b"*DOE*", b"*ROE*")) != digests(plain)


def digests(data: bytes) -> list[str]:
    found = []
    for one in X12Reader(data).sets():
        list(one)
        found.append(one.digest)
    return found


def test_counts_and_control_numbers_that_do_not_tie_are_found_with_their_place():
    plain = a_file()
    count = plain.count(b"~") - 4
    data = (
        plain.replace(b"SE*%d*0001" % count, b"SE*99*0002")
        .replace(b"GE*1*17", b"GE*2*18")
        .replace(b"IEA*1*000000017", b"IEA*1*000000018")
    )

    reader = X12Reader(data)
    of_sets = [finding.code for one in reader.sets() for finding in (list(one), one)[1].findings]

    assert of_sets == ["segment-count", "set-control"]
    assert [finding.code for finding in reader.findings] == ["set-count", "group-control", "interchange-control"]
    assert all(finding.place.segment for finding in reader.findings)


def test_many_interchanges_with_their_own_delimiters_are_read_one_after_another():
    other = a_file().translate(bytes.maketrans(b"*~:", b"|\n>"))

    reader = X12Reader(a_file() + b"\r\n" + other + a_file())

    assert [one.sound for one in reader.sets() if list(one)] == [True, True, True]
    assert [record.closed for record in reader.interchanges] == [True, True, True]


def test_an_interchange_without_its_end_does_not_swallow_the_next():
    headless = a_file().split(b"IEA*")[0]

    reader = X12Reader(headless + a_file())

    assert [one.sound for one in reader.sets() if list(one)] == [True, True]
    assert [record.closed for record in reader.interchanges] == [False, True]


def test_a_set_that_was_passed_over_says_so_instead_of_looking_empty():
    (one,) = X12Reader(a_file()).sets()

    with pytest.raises(SetPassedOver):
        list(one)
    assert one.sound


def test_a_ta1_is_read_from_its_place_before_the_groups():
    acknowledgment = InterchangeAcknowledgment("000000017", NOW, "R", "024")
    data = a_file().replace(b"GS*HC", write_ta1(acknowledgment) + b"GS*HC")

    reader = X12Reader(data)
    list(reader.sets())

    assert [read_ta1(segment) for _, segment in reader.acknowledgments] == [acknowledgment]
    assert reader.findings == ()


def test_a_status_above_a_claim_that_refuses_refuses_the_claim():
    data = (SAMPLES / "277CA" / "imsweb__x12_277CA_accepted.txt").read_bytes()

    (one,) = [read_277ca(one) for one in X12Reader(data).sets()]

    assert [outcome.accepted for outcome in claim_outcomes(one[0])] == [True]
