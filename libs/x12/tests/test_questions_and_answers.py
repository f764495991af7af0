"""Eligibility, claim status and reviews of services: what is written reads back equal, and others' files are read whole."""

from pathlib import Path

import pytest
from claimstream_x12 import Delimiters, Envelope, Group, X12Reader, write_interchange
from claimstream_x12.claim_status_276_277 import (
    ClaimStatusInquiry,
    ClaimStatusResponse,
    read_276,
    read_277,
    write_276,
    write_277,
)
from claimstream_x12.eligibility_270_271 import (
    EligibilityInquiry,
    EligibilityResponse,
    read_270,
    read_271,
    write_270,
    write_271,
)
from claimstream_x12.services_review_278 import ServicesReview, read_278, write_278
from hypothesis import HealthCheck, given, settings

from .builders import NOW, in_envelope
from .record_strategies import records

SAMPLES = Path(__file__).parent.parent / "samples"
SETS = {"270": (read_270, write_270), "271": (read_271, write_271), "276": (read_276, write_276),
        "277": (read_277, write_277), "278": (read_278, write_278)}  # fmt: skip
BROKEN = ("badx12", "x12types__278-parse_278_7", "x12types__278-parse_278_8", "x12types__278-parse_278_9")
"""On purpose, by its make (8), or with lower case, which we read and do not write (7, 9)."""
OTHERS = [
    f"{code}/{path.name}"
    for code in SETS
    for path in sorted((SAMPLES / code).iterdir())
    if not path.name.startswith(BROKEN)
]
PUBLISHED = [name for name in OTHERS if "-pass-" in name]
ANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
OTHER_DELIMITERS = Delimiters("~", "|", ">", "!")


def read_back(code, record, delimiters=None):
    """What is read of what was written."""
    read, write = SETS[code]
    if delimiters is None:
        data = in_envelope(write(record, "0001", checked=False), "HS", "005010X279A1")
    else:
        one_set = write(record, "0001", delimiters, checked=False)
        envelope = Envelope("ZZ", "BAYCLINIC", "ZZ", "FIRSTPAYER", NOW, 17, delimiters=delimiters)
        data = write_interchange(envelope, [Group("HS", "BAYCLINIC", "FIRSTPAYER", NOW, 17, "005010X279A1", [one_set])])
    ((back, findings),) = [read(one_set) for one_set in X12Reader(data).sets()]
    assert findings == ()
    return back


@ANY
@given(records(EligibilityInquiry))
def test_any_eligibility_inquiry_that_we_write_reads_back_equal(record):
    assert read_back("270", record) == record


@ANY
@given(records(EligibilityResponse))
def test_any_eligibility_response_that_we_write_reads_back_equal(record):
    assert read_back("271", record) == record


@ANY
@given(records(ClaimStatusInquiry))
def test_any_claim_status_inquiry_that_we_write_reads_back_equal(record):
    assert read_back("276", record) == record


@ANY
@given(records(ClaimStatusResponse))
def test_any_claim_status_response_that_we_write_reads_back_equal(record):
    assert read_back("277", record) == record


@ANY
@given(records(ServicesReview))
def test_any_services_review_that_we_write_reads_back_equal_in_other_delimiters_too(record):
    assert read_back("278", record) == record
    assert read_back("278", record, OTHER_DELIMITERS) == record


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_examples_are_read_without_findings(name):
    (found,) = read_sample(name)

    record, findings = found

    assert [one for one in findings if one.code != "segment-count"] == []  # one of them miscounts its segments
    assert record.position == 1


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_others_are_written_again_and_read_back_equal(name):
    code = name.split("/")[0]

    for record, _ in read_sample(name):
        assert read_back(code, record) == record


def read_sample(name):
    read, _ = SETS[name.split("/")[0]]
    return [read(one_set) for one_set in X12Reader((SAMPLES / name).read_bytes()).sets()]
