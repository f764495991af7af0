"""Submissions leave as files, each once, whatever breaks in between."""

from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAcknowledged, ClaimTransmitted
from claimstream_x12 import X12Reader
from claimstream_x12.claim_837 import read_claims
from claimstream_x12.testing import pyx12_errors
from clearinghouse_gw.handlers import transmit_claim
from clearinghouse_gw.handlers.transmit_claim import prepare_files

from ..builders import a_payer, a_person, a_submission


async def test_a_submission_leaves_in_one_file_and_is_told_with_its_numbers(gateway):
    await gateway.hears(a_submission(1))

    await gateway.sends()

    (told,) = await gateway.told(ClaimTransmitted)
    assert list(gateway.outbound()) == ["000000001.FIRSTPAYER.837"]
    assert (told.interchange_control_number, told.group_control_number, told.set_control_number) == (
        "000000001",
        "1",
        "0001",
    )
    assert told.person.segments[0].startswith(f"CLM*{a_submission(1).control_number}*120*")


async def test_what_leaves_is_valid_to_pyx12_and_says_what_was_submitted(gateway):
    await gateway.hears(a_submission(1, lines=3), a_submission(2, person=a_person(relationship="19")))

    await gateway.sends()

    (data,) = gateway.outbound().values()
    (one,) = [read_claims(one)[0] for one in X12Reader(data).sets()]
    assert pyx12_errors(data) == []
    assert sorted(len(billed.claim.lines) for billed in one.claims) == [1, 3]
    assert sorted(billed.patient is not None for billed in one.claims) == [False, True]
    assert one.claims[0].subscriber.party.name == "NUNEZ"


async def test_a_submission_heard_twice_leaves_once(gateway):
    await gateway.hears(a_submission(1), a_submission(1))
    await gateway.sends()
    await gateway.hears(a_submission(1))

    await gateway.sends()

    assert gateway.claims_sent() == [a_submission(1).control_number]


async def test_partners_and_kinds_travel_apart_and_each_partner_counts_for_itself(gateway):
    await gateway.hears(a_submission(1), a_submission(2, payer=a_payer("P2", "OTHERPAYER")), a_submission(3))

    await gateway.sends()

    assert list(gateway.outbound()) == ["000000001.FIRSTPAYER.837", "000000001.OTHERPAYER.837"]


async def test_two_practices_share_a_partner_without_sharing_a_number(gateway):
    await gateway.hears(a_submission(1), a_submission(1, practice="hill"))

    await gateway.sends()

    assert list(gateway.outbound()) == ["000000001.FIRSTPAYER.837", "000000002.FIRSTPAYER.837"]
    assert len(set(gateway.claims_sent())) == 2


async def test_a_claim_the_writer_refuses_is_rejected_and_stops_no_other(gateway):
    wrong_total = a_submission(1, total_charge=Decimal("1.00"))
    lower_case_free = a_submission(2)
    await gateway.hears(wrong_total, lower_case_free)

    await gateway.sends()

    (told,) = await gateway.told(ClaimAcknowledged)
    assert (told.level, told.accepted, told.submission_id) == ("gateway", False, wrong_total.submission_id)
    assert "CLM02" in told.message
    assert told.remedy
    assert gateway.claims_sent() == [lower_case_free.control_number]


async def test_a_file_prepared_before_a_crash_is_sent_after_it(gateway):
    await gateway.hears(a_submission(1))
    async with gateway.running.unit("test") as unit:
        await prepare_files(unit, claims_per_file=500, claims_per_set=100, usage="P")
    assert gateway.outbound() == {}

    await gateway.sends()

    assert gateway.claims_sent() == [a_submission(1).control_number]
    assert len(await gateway.told(ClaimTransmitted)) == 1


async def test_a_crash_between_rename_and_commit_sends_nothing_again(gateway):
    await gateway.hears(a_submission(1))
    send = gateway.mailbox.send

    def send_and_die(name, data):
        send(name, data)
        raise KeyboardInterrupt

    gateway.mailbox.send = send_and_die
    with pytest.raises(KeyboardInterrupt):
        await gateway.sends()
    before = gateway.outbound()
    gateway.mailbox.send = lambda name, _: pytest.fail(f"{name} was written again")

    await gateway.sends()

    assert gateway.outbound() == before
    assert len(await gateway.told(ClaimTransmitted)) == 1


async def test_a_file_takes_so_many_claims_and_a_set_so_many(gateway):
    await gateway.hears(*[a_submission(number) for number in range(1, 8)])
    async with gateway.running.unit("test") as unit:
        made = await prepare_files(unit, claims_per_file=5, claims_per_set=2, usage="P")

    await gateway.sends()

    sets = [len([1 for _ in X12Reader(data).sets()]) for data in gateway.outbound().values()]
    assert made == 2
    assert sets == [3, 1]
    assert len(set(gateway.claims_sent())) == 7


async def test_a_file_is_rendered_once_on_its_way(gateway, monkeypatch):
    rendered = []
    render = transmit_claim.render
    monkeypatch.setattr(transmit_claim, "render", lambda *words, **named: rendered.append(1) or render(*words, **named))
    await gateway.hears(a_submission(1), a_submission(2))

    await gateway.sends()

    assert len(rendered) == 1
    assert len(gateway.claims_sent()) == 2


async def test_bytes_that_were_kept_for_other_members_are_not_sent(gateway):
    """A control number can be given again when the unit that gave it was not kept."""
    await gateway.hears(a_submission(1), a_submission(2))
    drafts = transmit_claim.Drafts()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012  the unit breaks off
        async with gateway.running.unit("test") as unit:
            await prepare_files(unit, claims_per_file=1, claims_per_set=100, usage="P", drafts=drafts)
            raise ZeroDivisionError
    async with gateway.running.unit("test") as unit:
        await prepare_files(unit, claims_per_file=500, claims_per_set=100, usage="P")

    async with gateway.running.unit("test") as unit:
        await transmit_claim.send_prepared(unit, gateway.mailbox, usage="P", drafts=drafts)

    assert len(gateway.claims_sent()) == 2
