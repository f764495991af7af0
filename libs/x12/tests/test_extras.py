"""A segment that no record holds comes back at its place, wherever it stood, in every set that we read and write."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from claimstream_x12 import (
    Adjustment,
    Delimiters,
    Envelope,
    Group,
    NotWritable,
    Party,
    Procedure,
    X12Reader,
    write_interchange,
)
from claimstream_x12.acknowledgment_999 import read_999, write_999
from claimstream_x12.claim_837 import Guide, NationalDrug, OtherCoverage, PriorPayment, read_claims, write_claims
from claimstream_x12.claim_status_276_277 import read_276, read_277, write_276, write_277
from claimstream_x12.claim_status_277ca import read_277ca, write_277ca
from claimstream_x12.eligibility_270_271 import read_270, read_271, write_270, write_271
from claimstream_x12.extras import extra
from claimstream_x12.remittance_835 import read_remittance, write_remittance
from claimstream_x12.services_review_278 import read_278, write_278
from hypothesis import given, settings
from hypothesis import strategies as st

from .builders import (
    DAY,
    HOME,
    NOW,
    NPI,
    a_claim,
    a_dependent,
    a_file,
    a_line,
    a_payer,
    an_inpatient_claim,
    billed,
    in_envelope,
)
from .remittance_builders import a_claim_payment, a_provider_adjustment, a_remittance, a_service_payment
from .test_dental_claims import a_dental_claim

SAMPLES = Path(__file__).parent.parent / "samples"
BY_CODE = {
    "270": (read_270, write_270), "271": (read_271, write_271), "276": (read_276, write_276),
    "277": (read_277, write_277), "277CA": (read_277ca, write_277ca), "278": (read_278, write_278),
    "835": (read_remittance, write_remittance), "837": (read_claims, write_claims), "999": (read_999, write_999),
}  # fmt: skip
REASONS = (Adjustment("CO", "45", Decimal(1)), Adjustment("PR", "1", Decimal(2)))
SUBSCRIBER = Party("IL", "1", "DOE", "JOHN", id_qualifier="MI", id="M1", address=HOME)
STRANGE = "ZZ9*WHAT:IS^THIS*1"


def a_long_claim():
    prior = PriorPayment("P0002", Decimal(1), Procedure("99213"), Decimal(1), adjustments=REASONS, decided_on=DAY)
    healer = Party("82", "1", "HEALER", "HELEN", id_qualifier="XX", id=NPI, taxonomy="207RC0000X")
    line = a_line(
        drug=NationalDrug("00002143380", Decimal(2), "ML"), providers=(healer, healer), prior_payments=(prior, prior)
    )
    other = OtherCoverage("P", "18", replace(SUBSCRIBER, id="M2"), a_payer(payer_id="P0002"), adjustments=REASONS)
    return a_claim(line, a_line(), other_coverages=(other,), providers=(healer,), condition_codes=("AA",))


def the_remittance():
    lines = [a_service_payment(), a_service_payment()]
    remittance = a_remittance(
        a_claim_payment(*lines), a_claim_payment(), adjustments=[a_provider_adjustment(amount="1")]
    )
    return in_envelope(write_remittance(remittance, "0001", checked=False), "HP", "005010X221A1")


FILES = {
    "837 professional": ("837", lambda: a_file(billed(), billed(a_long_claim(), patient=a_dependent()), checked=False)),
    "837 institutional": ("837", lambda: a_file(billed(an_inpatient_claim()), guide=Guide.INSTITUTIONAL)),
    "837 dental": ("837", lambda: a_file(billed(a_dental_claim()), guide=Guide.DENTAL)),
    "835": ("835", the_remittance),
    **{
        name: (code, (SAMPLES / name).read_bytes)
        for code, name in (
            (
                "270",
                "270/stupidedi__X279A1-HS270-pass-generic-request-by-physician-for-patient-_dependent_-eligibility.edi",
            ),
            ("271", "271/lfh__demo.271"),
            ("276", "276/stupidedi__X212-HR276-pass-claim-request.edi"),
            ("277", "277/stupidedi__X212-HN277-pass-claim-response.edi"),
            ("277CA", "277CA/imsweb__x12_277CA_accepted.txt"),
            ("278", "278/x12types__278-parse_278_2.edi"),
            ("999", "999/stupidedi__X231A1-FA999-pass-response-to-functional-group-containing-3-837s.edi"),
        )
    },
}


def written_again(code, data, delimiters=None):
    """The first set of a file, read and written."""
    read, write = BY_CODE[code]
    one_set = next(X12Reader(data).sets())
    record = read(one_set)[0]
    args = () if delimiters is None else (delimiters,)
    return write(record, one_set.control_number, *args, checked=False)


def in_file(lines):
    """A file with this set, its SE counted again."""
    lines = [*lines[:-1], f"SE*{len(lines)}*{lines[-1].split('*')[2]}"]
    return in_envelope(("~".join(lines) + "~").encode("ascii"), "HC", lines[0].split("*")[-1])


@pytest.mark.parametrize("name", FILES)
def test_a_strange_segment_comes_back_wherever_it_stood(name):
    code, data = FILES[name]
    lines = written_again(code, data()).decode().split("~")[:-1]

    moved = []
    for place in range(1, len(lines)):
        strange = [*lines[:place], STRANGE, *lines[place:]]
        back = written_again(code, in_file(strange)).decode().split("~")[:-1]
        if back[:-1] != strange[:-1]:
            moved.append(lines[place - 1])

    assert [line for line in moved if not line.startswith(("LS*", "LE*"))] == []


@pytest.mark.parametrize("name", FILES)
def test_what_was_read_with_strange_segments_reads_back_equal_in_other_delimiters(name):
    code, data = FILES[name]
    read, _ = BY_CODE[code]
    lines = [part for line in written_again(code, data()).decode().split("~")[:-1] for part in (line, STRANGE)][:-1]
    other = Delimiters("~", "|", ">", "!")

    first = read(next(X12Reader(in_file(lines)).sets()))[0]
    one_set = written_again(code, in_file(lines), other)
    envelope = Envelope("ZZ", "BAYCLINIC", "ZZ", "FIRSTPAYER", NOW, 17, delimiters=other)
    guide = lines[0].split("*")[-1]
    file = write_interchange(envelope, [Group("HC", "BAYCLINIC", "FIRSTPAYER", NOW, 17, guide, [one_set])])
    again = read(next(X12Reader(file).sets()))[0]

    assert again == first
    assert one_set.count(b"ZZ9|WHAT>IS!THIS|1~") == len(lines) // 2


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from([name for name in FILES if FILES[name][0] not in {"835", "837", "999"}]), data=st.data())
def test_segments_in_any_order_are_read_and_what_can_be_written_of_them_reads_back_equal(name, data):
    code, file = FILES[name]
    read, write = BY_CODE[code]
    lines = written_again(code, file()).decode().split("~")[:-1]
    inner = data.draw(st.lists(st.sampled_from([*lines[1:-1], STRANGE]), max_size=30) | st.just(lines[1:-1]))
    for _ in range(data.draw(st.integers(0, 3))):
        inner.insert(data.draw(st.integers(0, len(inner))), data.draw(st.sampled_from([*lines[1:-1], STRANGE])))

    first = read(next(X12Reader(in_file([lines[0], *inner, lines[-1]])).sets()))[0]
    try:
        one_set = write(first, "0001", checked=False)
    except NotWritable:
        return
    again = read(next(X12Reader(in_envelope(one_set, "HC", lines[0].split("*")[-1])).sets()))[0]

    assert again == first


def test_two_segments_written_as_one_leave_the_strange_one_behind_them():
    body = "CLP*A1*1*100*0**MC*X~CAS*CO*45*50~CAS*CO*97*50~ZZ9*1~"
    head = "ST*835*0001~BPR*I*0*C*NON************20260920~TRN*1*1*1512345678~N1*PR*FIRST~N1*PE*BAY*XX*1999999984~LX*1~"

    first = read_remittance(next(X12Reader(in_file(f"{head}{body}SE*1*0001".split("~"))).sets()))[0]
    again = read_remittance(
        next(X12Reader(in_envelope(write_remittance(first, "0001", checked=False), "HP", "X")).sets())
    )[0]

    assert again == first
    assert first.claims[0].extra == (extra("ZZ9", "1", after=2),)
    assert sum(one.amount for one in first.claims[0].adjustments) == Decimal(100)


def test_an_extra_with_characters_that_may_not_be_sent_is_refused():
    remittance = a_remittance(a_claim_payment(extra=(extra("ZZ9", "small"),)))

    with pytest.raises(NotWritable):
        write_remittance(remittance, "0001")


def the_billing_provider(text: str):
    one_set = next(X12Reader(text.encode()).sets())
    (billed_claim,) = read_claims(one_set)[0].claims
    return billed_claim.billing


def test_a_taxonomy_beside_the_billing_providers_own_is_kept_where_it_stood():
    billing = the_billing_provider(a_file().decode().replace("~REF*EI*", "~PRV*BI*PXC*208D00000X~REF*EI*", 1))

    assert billing.party.taxonomy == "207Q00000X"
    assert [(one.id, one.elements[2], one.after) for one in billing.party.extra] == [("PRV", (("208D00000X",),), 3)]


def test_the_taxonomy_of_a_billing_provider_without_a_name_is_not_lost():
    text = a_file().decode()
    unnamed = text[: text.index("NM1*85")] + text[text.index("HL*2") :]

    assert the_billing_provider(unnamed).party.taxonomy == "207Q00000X"


def test_a_taxonomy_segment_that_names_none_is_kept():
    billing = the_billing_provider(a_file().decode().replace("PRV*BI*PXC*207Q00000X", "PRV*BI*PXC", 1))

    assert (billing.party.taxonomy, [one.id for one in billing.extra]) == ("", ["PRV"])


def test_a_second_subscriber_of_a_level_stays_behind_the_first():
    text = a_file().decode().replace("~CLM*", "~NM1*IL*1*ROE*RICHARD****MI*M000002~CLM*", 1)
    one_set = next(X12Reader(text.encode()).sets())
    subscriber = read_claims(one_set)[0].claims[0].subscriber

    assert (subscriber.party.name, [one.id for one in subscriber.party.extra]) == ("DOE", ["NM1"])
    assert subscriber.payer.extra == ()
