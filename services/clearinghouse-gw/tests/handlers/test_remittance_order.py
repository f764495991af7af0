"""Remittances are numbered as they were received, and each says which earlier ones name a claim of it."""

import os

import pytest
from claimstream_schemas import EraReceived
from clearinghouse_gw import remittances

from ..builders import PRACTICE, a_practice_changed, a_submission
from ..partner import a_payment, a_remittance, a_strange_payment, an_835, claims_of

HILL = {"npi": "1999999976", "tin": "111111111"}


@pytest.fixture
async def billed(gateway):
    await gateway.hears(*(a_submission(number) for number in (1, 2, 3)))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    return [one for _, one in claims_of(data)]


async def told(gateway):
    """(number, trace, traces of what it follows) of each remittance, in the order of being told."""
    events = await gateway.told(EraReceived)
    traces = {one.remittance_id: one.header.trace_number for one in events}
    return [(one.received_number, one.header.trace_number, [traces[each] for each in one.follows]) for one in events]


def drop(gateway, name, data, changed):
    place = gateway.folder / "inbound" / name
    place.write_bytes(data)
    os.utime(place, ns=(changed, changed))


async def test_files_of_one_moment_are_numbered_by_name_and_their_sets_as_they_stand(gateway, billed):
    drop(gateway, "b.835", an_835(a_remittance(a_payment(billed[0]), trace="B")), 2_000_000_000)
    drop(
        gateway,
        "c.835",
        an_835(*(a_remittance(a_payment(billed[0], paid), trace=f"C{paid}") for paid in ("1", "2"))),
        1_000_000_000,
    )
    drop(gateway, "a.835", an_835(a_remittance(a_payment(billed[0]), trace="A")), 2_000_000_000)

    await gateway.looks_twice()

    assert await told(gateway) == [(1, "C1", []), (2, "C2", ["C1"]), (3, "A", ["C2"]), (4, "B", ["A"])]


async def test_a_remittance_follows_the_latest_of_each_of_its_claims_once_and_in_order(gateway, billed):
    first, second, third = map(a_payment, billed)
    for number, (trace, payments) in enumerate(
        [
            ("A", [first]),
            ("B", [second, third]),
            ("C", [first]),
            ("D", [a_strange_payment()]),
            ("E", [third, second, first]),
        ]
    ):
        await gateway.receives(f"{number}.835", an_835(a_remittance(*payments, trace=trace)))

    assert await told(gateway) == [(1, "A", []), (2, "B", []), (3, "C", ["A"]), (4, "D", []), (5, "E", ["B", "C"])]


async def test_another_payer_is_not_followed(gateway, billed):
    payment = a_payment(billed[0])
    for number, (trace, payer) in enumerate([("A", "P0001"), ("B", "P0002"), ("C", ""), ("D", "P0001"), ("E", "")]):
        await gateway.receives(f"{number}.835", an_835(a_remittance(payment, trace=trace, payer=payer)))

    assert await told(gateway) == [(1, "A", []), (2, "B", []), (3, "C", []), (4, "D", ["A"]), (5, "E", ["C"])]


async def test_a_claim_that_was_never_sent_is_named_by_nobody(gateway, billed):
    queued = a_submission(4)
    await gateway.hears(queued)
    payment = a_strange_payment(queued.control_number)

    for trace in ("A", "B"):
        await gateway.receives(f"{trace}.835", an_835(a_remittance(payment, trace=trace)))

    assert await told(gateway) == [(1, "A", []), (2, "B", [])]
    assert await gateway.service.database.value("SELECT count(*) FROM named_claims") == 0


async def test_what_is_refused_or_a_copy_takes_no_number_and_names_nothing(gateway, billed):
    payment = a_payment(billed[0])
    sound = a_remittance(payment, trace="A")
    refused = an_835(a_remittance(payment, trace="R")).replace(b"*20260920~", b"*20269920~")
    untellable = an_835(a_remittance(payment, trace="U")).replace(b"BPR*I*100*", b"BPR*I*100.005*")
    for number, data in enumerate(
        [refused, untellable, an_835(sound), an_835(sound, number=9), an_835(sound, number=10)]
    ):
        await gateway.receives(f"{number}.835", data)
    await gateway.receives("last.835", an_835(a_remittance(payment, trace="B")))

    assert await told(gateway) == [(1, "A", []), (2, "B", ["A"])]
    assert (await gateway.get("/counts"))["refused_sets"] == 2


async def test_each_practice_has_its_own_numbers(gateway, billed):
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", **HILL))
    ours = a_remittance(a_payment(billed[0]), trace="A")

    await gateway.receives("1.835", an_835(ours, a_remittance(a_payment(billed[0]), trace="H", **HILL)))
    await gateway.receives("2.835", an_835(a_remittance(a_payment(billed[0]), trace="B")))

    events = await gateway.told(EraReceived)
    assert [(one.practice_id, one.received_number, len(one.follows)) for one in events] == [
        (PRACTICE, 1, 0),
        ("hill", 1, 0),
        (PRACTICE, 2, 1),
    ]


async def test_every_chunk_carries_both_and_has_room_for_them(gateway, billed, monkeypatch):
    payments = list(map(a_payment, billed))
    for number, payment in enumerate(payments):
        await gateway.receives(f"{number}.835", an_835(a_remittance(payment, trace=f"T{number}")))
    before = len(await gateway.told(EraReceived))
    monkeypatch.setattr(remittances, "MOST_BYTES", 3000)

    await gateway.receives("all.835", an_835(a_remittance(*payments, *map(a_strange_payment, "ABCDEFGH"), trace="ALL")))

    chunks = (await gateway.told(EraReceived))[before:]
    assert len(chunks) > 2
    assert {one.received_number for one in chunks} == {4}
    assert {len(one.follows) for one in chunks} == {3}
    assert max(len(one.to_bytes()) for one in chunks if len(one.payments) > 1) < 3000
