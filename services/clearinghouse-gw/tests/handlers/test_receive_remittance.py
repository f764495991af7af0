"""An 835 is told in chunks once it is whole, and once whatever its name and envelope."""

import asyncio
import os
from dataclasses import replace
from decimal import Decimal

import pytest
from claimstream_schemas import EraReceived
from claimstream_schemas.values.practice import PracticeAddress, ServiceLocation
from claimstream_x12 import Procedure
from clearinghouse_gw import exchange, remittances
from clearinghouse_gw.exchange import Exchange

from ..builders import PRACTICE, STREET, a_practice_changed, a_submission
from ..partner import a_payment, a_remittance, a_strange_payment, an_835, claims_of


@pytest.fixture
async def billed(gateway):
    await gateway.hears(a_submission(1, lines=2), a_submission(2))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    return [one for _, one in claims_of(data)]


async def test_a_payment_is_tied_to_the_claim_the_submission_and_the_lines_that_we_sent(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(*map(a_payment, billed))))

    (told,) = await gateway.told(EraReceived)
    ours = {one.claim_id: one for one in (a_submission(1, lines=2), a_submission(2))}
    assert {payment.claim_id for payment in told.payments} == set(ours)
    assert {payment.submission_ordinal for payment in told.payments} == {1}
    for payment in told.payments:
        assert [line.line_id for line in payment.lines] == [line.line_id for line in ours[payment.claim_id].lines]
    assert (told.payment_count, told.payments_total, told.header.amount) == (2, Decimal(300), Decimal(300))
    assert told.header.payer_x12_id == "P0001"
    assert told.person.segments[0][0].startswith("CLP*")


async def test_a_line_that_is_paid_by_its_payment_group_is_ours(gateway, billed):
    payment = a_payment(next(one for one in billed if len(one.claim.lines) == 1))
    (line,) = payment.lines
    group = replace(
        line, procedure=Procedure("NHNN2", qualifier="HP"), submitted_procedure=Procedure("NHNN1", (), "HP")
    )

    await gateway.receives("1.835", an_835(a_remittance(replace(payment, lines=(group,)))))

    (told,) = await gateway.told(EraReceived)
    (paid,) = told.payments[0].lines
    assert (paid.procedure_qualifier, paid.procedure, paid.submitted_procedure) == ("HP", "NHNN2", "NHNN1")
    assert paid.line_id is not None


async def test_a_claim_number_in_another_case_is_still_ours_and_a_strange_one_is_told_without_a_claim(gateway, billed):
    lower = a_payment(billed[0])
    lower = replace(lower, control_number=lower.control_number)
    data = an_835(a_remittance(lower, a_strange_payment())).replace(
        lower.control_number.encode(), lower.control_number.lower().encode()
    )

    await gateway.receives("1.835", data)

    (told,) = await gateway.told(EraReceived)
    assert [payment.claim_id is not None for payment in told.payments] == [True, False]


async def test_the_same_bytes_under_another_name_are_recorded_and_told_once(gateway, billed):
    data = an_835(a_remittance(a_payment(billed[0])))

    await gateway.receives("1.835", data)
    await gateway.receives("again.835", data)

    assert len(await gateway.told(EraReceived)) == 1
    assert sorted(file["state"] for file in await gateway.inbound_files()) == ["duplicate", "processed"]
    assert (await gateway.get("/counts"))["duplicate_sets"] == 1


async def test_the_same_remittance_in_another_envelope_is_told_once(gateway, billed):
    one = a_remittance(a_payment(billed[0]))

    await gateway.receives("1.835", an_835(one))
    await gateway.receives("2.835", an_835(one, number=2, first_set=9))

    assert len(await gateway.told(EraReceived)) == 1
    assert (await gateway.get("/counts"))["sets"]["835"] == {"processed": 1, "duplicate": 1}


async def test_a_file_with_one_set_twice_tells_it_once(gateway, billed):
    one = a_remittance(a_payment(billed[0]))

    await gateway.receives("1.835", an_835(one, one))

    assert len(await gateway.told(EraReceived)) == 1


async def test_a_truncated_file_is_kept_and_refused_and_told_when_it_comes_whole(gateway, billed):
    whole = an_835(a_remittance(*map(a_payment, billed)))

    await gateway.receives("1.835", whole[: len(whole) // 2])
    before = await gateway.told(EraReceived)
    await gateway.receives("2.835", whole)

    refused = next(file for file in await gateway.inbound_files() if file["name"] == "1.835")
    assert before == []
    assert refused["state"] == "refused"
    assert "cut off" in refused["reason"]
    assert refused["remedy"]
    assert len(await gateway.told(EraReceived)) == 1
    assert gateway.mailbox.archived(refused["digest"]) == whole[: len(whole) // 2]


async def test_a_damaged_set_does_not_stop_the_sound_one_beside_it(gateway, billed):
    data = an_835(a_remittance(a_payment(billed[0])), a_remittance(a_payment(billed[1]), trace="EFT0002"))
    at = data.index(b"SE*")
    damaged = data[:at] + b"SE*99" + data[data.index(b"*", at + 3) :]

    await gateway.receives("1.835", damaged)

    assert [one.header.trace_number for one in await gateway.told(EraReceived)] == ["EFT0002"]
    (file,) = await gateway.inbound_files()
    detail = await gateway.get(f"/files/{file['file_id']}")
    untied = (await gateway.as_installation(f"/installation/files/{file['file_id']}")).json()
    assert [(one["number"], one["state"]) for one in detail["sets"]] == [(2, "processed")]
    assert [(one["number"], one["state"]) for one in untied["sets"]] == [(1, "refused")]
    assert "SE01" in untied["sets"][0]["reason"]


async def test_a_large_remittance_is_told_in_chunks_of_one_unit(gateway, billed, monkeypatch):
    monkeypatch.setattr(remittances, "MOST_PAYMENTS", 3)
    strange = [a_strange_payment(f"STRANGE{number}") for number in range(7)]

    await gateway.receives("1.835", an_835(a_remittance(*strange)))

    told = await gateway.told(EraReceived)
    assert [(one.chunk, one.chunks, len(one.payments)) for one in told] == [(1, 3, 3), (2, 3, 3), (3, 3, 1)]
    assert [payment.ordinal for one in told for payment in one.payments] == list(range(1, 8))
    assert len({one.remittance_id for one in told}) == 1


async def test_a_chunk_stays_below_its_bytes(gateway, billed, monkeypatch):
    monkeypatch.setattr(remittances, "MOST_BYTES", 3000)
    strange = [a_strange_payment(f"STRANGE{number}") for number in range(20)]

    await gateway.receives("1.835", an_835(a_remittance(*strange)))

    told = await gateway.told(EraReceived)
    assert len(told) > 1
    assert max(len(one.to_bytes()) for one in told) < 3600


async def test_a_file_that_is_no_x12_at_all_is_refused_and_stops_no_other(gateway, billed):
    await gateway.receives("1.835", b"\x00\x01 this is not X12")
    await gateway.receives("2.835", b"")
    await gateway.receives("3.835", an_835(a_remittance(a_payment(billed[0]))))

    states = {file["name"]: file["state"] for file in await gateway.inbound_files()}
    assert states == {"1.835": "refused", "2.835": "refused", "3.835": "processed"}


async def test_a_file_that_still_grows_is_left_alone(gateway, billed):
    data = an_835(a_remittance(a_payment(billed[0])))
    place = gateway.folder / "inbound" / "1.835"

    place.write_bytes(data[:50])
    await gateway.exchange.receive_once(gateway.running)
    place.write_bytes(data)
    taken = await gateway.exchange.receive_once(gateway.running)

    assert taken == 0
    assert await gateway.exchange.receive_once(gateway.running) == 1
    assert await gateway.exchange.receive_once(gateway.running) == 0


async def test_after_a_restart_the_files_of_before_are_known(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]))))
    restarted = Exchange(gateway.mailbox, gateway.running.settings)
    stopping = asyncio.Event()
    stopping.set()
    await restarted.receive(gateway.running, stopping)

    taken = await restarted.receive_once(gateway.running) + await restarted.receive_once(gateway.running)

    assert taken == 0
    assert len(await gateway.inbound_files()) == 1


async def test_a_file_that_is_new_under_its_old_name_is_found_when_all_are_looked_at_again(gateway, billed):
    seldom = gateway.running.settings.model_copy(update={"look_again_seconds": 3600.0})
    exchange = Exchange(gateway.mailbox, seldom)
    looks = [exchange.receive_once(gateway.running) for _ in range(3)]
    drop(gateway, "1.835", an_835(a_remittance(a_payment(billed[0]))))
    taken = [await look for look in looks]
    drop(gateway, "1.835", an_835(a_remittance(a_payment(billed[1]), trace="EFT0002")))
    drop(gateway, "2.835", an_835(a_remittance(a_payment(billed[1]), trace="EFT0003")))

    soon = [await exchange.receive_once(gateway.running) for _ in range(2)]
    seldom.__dict__["look_again_seconds"] = 0.0
    later = [await exchange.receive_once(gateway.running) for _ in range(2)]

    assert (taken, soon, later) == ([0, 1, 0], [0, 1], [0, 1])
    assert [one.header.trace_number for one in await gateway.told(EraReceived)] == ["EFT0001", "EFT0003", "EFT0002"]


async def test_two_replicas_that_take_a_file_at_once_work_on_it_once_and_none_refuses_it(gateway, billed, monkeypatch):
    work_on = exchange.receive_file

    async def slowly(*what):
        file = await work_on(*what)
        await asyncio.sleep(0.2)  # so that the other one looks before this one has committed
        return file

    monkeypatch.setattr(exchange, "receive_file", slowly)
    drop(gateway, "1.835", an_835(a_remittance(a_payment(billed[0]))))
    (arrival,) = gateway.mailbox.arrivals()
    replicas = [Exchange(gateway.mailbox, gateway.running.settings) for _ in range(2)]

    await asyncio.gather(*(replica.take(gateway.running, arrival) for replica in replicas))

    assert [file["state"] for file in await gateway.inbound_files()] == ["processed"]
    assert len(await gateway.told(EraReceived)) == 1


async def test_what_another_replica_took_is_not_read_again(gateway, billed, monkeypatch):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]))))
    another = Exchange(gateway.mailbox, gateway.running.settings)

    taken = await another.receive_once(gateway.running) + await another.receive_once(gateway.running)

    assert taken == 0


async def test_a_file_on_which_the_gateway_fails_is_refused_and_stops_no_other(gateway, billed, monkeypatch):
    monkeypatch.setattr("clearinghouse_gw.exchange.read_file", lambda data: 1 / len(data[:0]))
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]))))
    monkeypatch.undo()
    await gateway.receives("2.835", an_835(a_remittance(a_payment(billed[0]))))

    states = {file["name"]: file["state"] for file in await gateway.inbound_files()}
    assert states == {"1.835": "refused", "2.835": "processed"}


async def test_files_that_come_together_are_worked_on_together_and_the_one_that_breaks_us_alone(
    gateway, billed, monkeypatch
):
    work_on = exchange.receive_file
    asked = []

    async def breaks(unit, arrival, digest, read):
        asked.append(arrival.name)
        if arrival.name == "2.835":
            raise ZeroDivisionError
        return await work_on(unit, arrival, digest, read)

    monkeypatch.setattr(exchange, "receive_file", breaks)
    for number, one in enumerate(billed, start=1):
        drop(gateway, f"{number}.835", an_835(a_remittance(a_payment(one))))
    drop(gateway, "3.835", an_835(a_remittance(a_payment(billed[0])), number=3, first_set=9))

    await gateway.looks_twice()

    states = {file["name"]: file["state"] for file in await gateway.inbound_files()}
    assert states == {"1.835": "processed", "2.835": "refused", "3.835": "processed"}
    assert asked == ["1.835", "2.835", "1.835", "2.835", "3.835"]
    assert len(await gateway.told(EraReceived)) == 1


async def test_the_same_bytes_twice_at_once_are_told_once(gateway, billed):
    data = an_835(a_remittance(a_payment(billed[0])))
    drop(gateway, "1.835", data)
    drop(gateway, "2.835", data)

    await gateway.looks_twice()

    assert sorted(file["state"] for file in await gateway.inbound_files()) == ["duplicate", "processed"]
    assert len(await gateway.told(EraReceived)) == 1


def drop(gateway, name, data):
    (gateway.folder / "inbound" / name).write_bytes(data)


async def test_a_file_whose_name_is_no_text_is_worked_on_and_shown(gateway, billed):
    name = os.fsdecode(b"odd\xff.835")

    await gateway.receives(name, an_835(a_remittance(*map(a_payment, billed))))

    (file,) = await gateway.inbound_files()
    assert (file["name"], file["state"]) == (r"odd\xff.835", "processed")


async def test_a_file_that_cannot_be_opened_is_shown_and_stops_no_other(gateway, billed, monkeypatch):
    receive = gateway.mailbox.receive

    def opens(name):
        if name == "1.835":
            raise PermissionError(name)
        return receive(name)

    monkeypatch.setattr(gateway.mailbox, "receive", opens)
    (gateway.folder / "inbound" / "1.835").write_bytes(b"closed")

    await gateway.receives("2.835", an_835(a_remittance(*map(a_payment, billed))))

    files = {file["name"]: file for file in await gateway.inbound_files()}
    assert {name: file["state"] for name, file in files.items()} == {"1.835": "refused", "2.835": "processed"}
    assert files["1.835"]["reason"] == "the file cannot be opened: PermissionError"
    assert files["1.835"]["remedy"]


HOSPITAL = {"npi": "1234567893", "tin": "987654321"}


def a_hospital():
    """It bills itself, under its own numbers."""
    return ServiceLocation(
        id="hospital", name="Bay State Hospital", npi=HOSPITAL["npi"], tax_id=HOSPITAL["tin"], kind="hospital",
        address=PracticeAddress(**STREET),
    )  # fmt: skip


ANOTHER = {"npi": "1999999976", "tin": "111111111"}


@pytest.mark.parametrize("payee", [HOSPITAL, {"npi": "", "tin": "98-7654321"}], ids=["npi", "tax number"])
async def test_what_is_paid_to_a_hospital_that_bills_itself_is_its_practices(gateway, billed, payee):
    await gateway.hears(a_practice_changed(version=2, locations=(a_hospital(),)))
    await gateway.hears(a_practice_changed("another", **ANOTHER))

    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **payee)))

    (told,) = await gateway.told(EraReceived)
    assert told.practice_id == PRACTICE


async def test_of_two_practices_with_one_hospital_the_tax_number_tells_which(gateway, billed):
    hospital = a_hospital().model_copy(update={"tax_id": None})
    await gateway.hears(a_practice_changed(version=2, locations=(hospital,)))
    await gateway.hears(a_practice_changed("another", locations=(hospital,), **ANOTHER))

    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), npi=HOSPITAL["npi"])))

    (told,) = await gateway.told(EraReceived)
    assert told.practice_id == PRACTICE


async def test_of_two_practices_with_one_tax_number_the_payees_npi_tells_which(gateway, billed):
    await gateway.hears(a_practice_changed("another", npi=ANOTHER["npi"]))

    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]))))

    (told,) = await gateway.told(EraReceived)
    assert told.practice_id == PRACTICE
