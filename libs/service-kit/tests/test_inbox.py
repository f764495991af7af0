"""What was seen is known by its place; what somebody else put on a topic by where it lies."""

from dataclasses import replace
from uuid import uuid4

from claimstream_kit.consuming.inbox import entries_in
from claimstream_schemas import Place

from .builders import a_hold


def at(toy, event, place: Place | None, *, offset: int = 1, cluster: str = "one"):
    """A record of an event as a service of ours sends it, or somebody else without a place."""
    record = toy.record_of(event, uuid4())
    headers = [(name, value) for name, value in record.headers if name != "ce_place"]
    if place is not None:
        headers.append(("ce_place", str(place).encode()))
    return replace(record, headers=headers, offset=offset, cluster=cluster)


async def held(toy) -> list[int]:
    return [row["held"] for row in await toy.database.fetch("SELECT held FROM counters ORDER BY held")]


async def places(toy) -> set[int]:
    rows = await toy.database.fetch("SELECT places FROM inbox")
    return {place for row in rows for place, _ in entries_in(row["places"])}


async def test_a_unit_that_comes_in_parts_over_and_over_has_each_effect_once(toy):
    events = [a_hold() for _ in range(6)]
    records = [at(toy, event, Place(1, 7, index)) for index, event in enumerate(events)]

    await toy.hears_records(*records[:4])
    await toy.hears_records(*records[2:], *records[:1])
    await toy.hears_records(*records)

    assert await held(toy) == [1] * 6
    assert await places(toy) == set(range(6))
    sizes = [len(row["places"]) for row in await toy.database.fetch("SELECT places FROM inbox")]
    assert sum(sizes) == 6 * 8


async def test_the_same_place_in_another_era_number_or_source_is_another_event(toy):
    claim = uuid4()
    other = at(toy, a_hold(claim), Place(1, 1, 0))
    elsewhere = replace(
        other, headers=[(name, b"/other" if name == "ce_source" else value) for name, value in other.headers]
    )

    await toy.hears_records(
        other, at(toy, a_hold(claim), Place(2, 1, 0)), at(toy, a_hold(claim), Place(1, 2, 0)), elsewhere
    )

    assert await held(toy) == [4]


async def test_who_claims_a_place_that_is_not_his_keeps_nobody_from_being_heard(toy):
    claim = uuid4()
    forged = [at(toy, a_hold(claim), Place(1, 9, 0), offset=offset) for offset in (1, 2)]
    true = at(toy, a_hold(claim), Place(1, 9, 0), offset=3)

    await toy.hears_records(*forged)
    await toy.hears_records(true)
    await toy.hears_records(*forged, true)

    assert await held(toy) == [3]


async def test_a_record_that_comes_again_in_another_partition_or_from_a_rebuilt_log_is_known(toy):
    record = at(toy, a_hold(), Place(1, 1, 0))

    await toy.hears_records(record)
    await toy.hears_records(replace(record, partition=5, offset=0, cluster="another"))

    assert await held(toy) == [1]


async def test_what_somebody_else_said_is_known_by_where_it_lies(toy):
    event = a_hold()
    record = at(toy, event, None, offset=4)

    await toy.hears_records(record, record)
    await toy.hears_records(record)
    assert await held(toy) == [1]

    await toy.hears_records(at(toy, event, None, offset=4, cluster="another"), at(toy, event, None, offset=5))
    assert await held(toy) == [3]


async def test_what_somebody_else_sends_again_with_the_same_id_has_no_second_effect(toy):
    record = at(toy, a_hold(), None, offset=4)

    await toy.hears_records(record, replace(record, offset=5))
    await toy.hears_records(replace(record, offset=6))

    assert await held(toy) == [1]


async def test_a_place_that_cannot_be_read_is_a_dead_letter(toy):
    record = at(toy, a_hold(), None)

    await toy.hears_records(replace(record, headers=[*record.headers, ("ce_place", b"1.x.3")]))

    reasons = [row["reason"] for row in await toy.database.fetch("SELECT reason FROM dead_letters")]
    assert reasons == ["headers: place: string_pattern_mismatch"]
