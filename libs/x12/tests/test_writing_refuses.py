"""Writing refuses what the guide does not allow, and says where: a fault that was read cannot be sent on."""

import pytest
from claimstream_x12 import NotWritable, X12Reader
from claimstream_x12.acknowledgment_999 import read_999, write_999
from claimstream_x12.claim_837 import read_claims, write_claims
from claimstream_x12.claim_status_276_277 import read_276, read_277, write_276, write_277
from claimstream_x12.claim_status_277ca import read_277ca, write_277ca
from claimstream_x12.eligibility_270_271 import read_270, read_271, write_270, write_271
from claimstream_x12.remittance_835 import read_remittance, write_remittance
from claimstream_x12.services_review_278 import read_278, write_278

from .whole_files import WHOLE_FILES

SETS = {
    "837P": (read_claims, write_claims),
    "837P to a second payer": (read_claims, write_claims),
    "837I": (read_claims, write_claims),
    "837D": (read_claims, write_claims),
    "835": (read_remittance, write_remittance),
    "277CA": (read_277ca, write_277ca),
    "999": (read_999, write_999),
    "270": (read_270, write_270),
    "271": (read_271, write_271),
    "276": (read_276, write_276),
    "277": (read_277, write_277),
    "278 request": (read_278, write_278),
    "278 response": (read_278, write_278),
}
WRONG = {
    "837P": ("CLM*OWN0001", "*Y*A*Y*Y", "*Y*Z*Y*Y", "CLM07"),
    "837P to a second payer": ("AMT*D", "130", "131", "AMT02"),
    "837I": ("CLM*", "*A*Y*Y", "*Z*Y*Y", "CLM07"),
    "837D": ("CLM*TEETH0001", "*Y*A*Y*Y", "*Y*Z*Y*Y", "CLM07"),
    "835": ("SVC*HC:99213", "*80.5*", "*81.5*", "SVC03"),
    "277CA": ("STC*A2", "WQ", "U", "STC03"),
    "999": ("IK5*R", "R*5", "Q*5", "IK501"),
    "270": ("EQ*30", "30", "ZY", "EQ01"),
    "271": ("EB*B", "EB*B", "EB*QQ", "EB01"),
    "276": ("DMG*", "*F", "*X", "DMG03"),
    "277": ("STC*F1", "F1:65", "F1:65:QQ", "STC01-3"),
    "278 request": ("UM*HS", "HS", "QQ", "UM01"),
    "278 response": ("HCR*A1", "A1", "Q1", "HCR01"),
}


def record_of(name, file):
    return SETS[name][0](next(X12Reader(file.data()).sets()))[0]


@pytest.mark.parametrize("name", SETS)
def test_a_set_that_is_right_is_written(name):
    file = WHOLE_FILES[name]

    written = SETS[name][1](record_of(name, file), "0001")

    first, last = file.at("ST*"), file.at("SE*")
    assert written.decode().split("~")[1:-2] == list(file.segments[first + 1 : last])


@pytest.mark.parametrize("name", WRONG)
def test_what_the_guide_does_not_allow_is_refused_at_its_place(name):
    start, right, wrong, element = WRONG[name]
    record = record_of(name, WHOLE_FILES[name].edit(start, right, wrong))

    with pytest.raises(NotWritable) as refused:
        SETS[name][1](record, "0001")

    assert element in {finding.place.element_name for finding in refused.value.findings}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_checked_is_written_as_it_is(name):
    start, right, wrong, _ = WRONG[name]
    file = WHOLE_FILES[name].edit(start, right, wrong)

    written = SETS[name][1](record_of(name, file), "0001", checked=False)

    assert file.segments[file.at(start.split("*")[0] + "*")].split("*")[0].encode() in written


@pytest.mark.parametrize("name", SETS)
def test_a_segment_that_no_record_holds_does_not_stand_in_the_way(name):
    file = WHOLE_FILES[name]
    second = file.segments[file.at("ST*") + 1]
    record = record_of(name, file.add(second, "ZZ9*STRANGE"))

    assert b"ZZ9*STRANGE" in SETS[name][1](record, "0001")
