"""An 835 that pays nobody we know waits for a person: it is told when it is said whose it is, or when its practice is loaded."""

import pytest
from claimstream_schemas import EraReceived

from ..builders import NPI, PRACTICE, TIN, a_practice_changed, a_submission
from ..partner import a_payment, a_remittance, a_strange_payment, an_835, claims_of

UNKNOWN = {"npi": "1234567893", "tin": "555555555"}
HILL = {"npi": "1999999976", "tin": "111111111"}


@pytest.fixture
async def billed(gateway):
    await gateway.hears(a_submission(1), a_submission(2))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    return [one for _, one in claims_of(data)]


def to_nobody(data):
    """In an envelope that names none of ours."""
    return data.replace(b"BAYSTATE ", b"STRANGER ")


async def states(gateway):
    rows = await gateway.service.database.fetch("SELECT practice, state FROM sets ORDER BY control_number, file_id")
    return [(row["practice"], row["state"]) for row in rows]


@pytest.mark.parametrize(
    ("payee", "found"),
    [
        (UNKNOWN, "no practice of ours has the payee's NPI (XX …7893)"),
        ({"npi": "1234567893", "tin": TIN}, "no practice of ours has the payee's NPI (XX …7893)"),
        ({"npi": NPI, "tin": HILL["tin"]}, "its tax number (TJ …1111) another's"),
        ({"npi": "", "tin": "555555555"}, "no practice of ours has the payee's tax number (FI …5555)"),
        ({"npi": "", "tin": "222222222"}, "several practices of ours have the payee's tax number (FI …2222)"),
    ],
)  # fmt: skip
async def test_what_pays_nobody_we_know_waits_whatever_its_envelope_says(gateway, billed, payee, found):
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", **HILL))
    for name, npi in (("one", "1111111112"), ("two", "1111111120")):
        await gateway.hears(a_practice_changed(name, submitter_id=name, npi=npi, tin="222222222"))

    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **payee)))

    (waiting,) = await gateway.unclaimed()
    assert found in waiting["reason"]
    assert waiting["remedy"]
    assert await gateway.told(EraReceived) == []
    assert (await gateway.get("/unclaimed-sets"))["sets"] == []
    assert (await gateway.get("/counts"))["unclaimed_sets"] == 0
    assert await gateway.service.database.value("SELECT count(*) FROM remittance_numbers") == 0


async def test_a_tax_number_that_nobody_has_contradicts_nothing(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), tin="555555555")))

    assert len(await gateway.told(EraReceived)) == 1


async def test_the_list_shows_what_a_person_needs_and_is_paged(gateway, billed):
    paid = a_remittance(a_payment(billed[0]), **UNKNOWN)
    await gateway.receives("1.835", an_835(paid, a_remittance(a_strange_payment(), trace="EFT0002", **UNKNOWN)))

    path = "/installation/unclaimed-sets"
    first = (await gateway.as_installation(path, limit=1)).json()
    second = (await gateway.as_installation(path, limit=1, after=first["next_after"])).json()

    (one,) = first["sets"]
    shown = {name: one[name] for name in ("file_name", "number", "trace_number", "payer_name", "payee_name")}
    assert shown == {
        "file_name": "1.835",
        "number": 1,
        "trace_number": "EFT0001",
        "payer_name": "FIRST PAYER",
        "payee_name": "BAY STATE CLINIC",
    }
    assert (one["payee_npi"], one["payee_tin"], one["amount"], one["paid_on"]) == (
        *UNKNOWN.values(),
        "100.00",
        "2026-09-20",
    )
    assert [each["trace_number"] for each in second["sets"]] == ["EFT0002"]
    assert (await gateway.as_installation(path, after=second["next_after"])).json()["sets"] == []


async def test_what_waits_is_seen_by_no_practice_whatever_envelope_it_came_in(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **UNKNOWN)))
    await gateway.receives("2.835", to_nobody(an_835(a_remittance(a_payment(billed[1]), trace="EFT0002", **UNKNOWN))))

    for practice in (PRACTICE, "hill"):
        assert (await gateway.as_practice(practice, "/unclaimed-sets")).json()["sets"] == []
    assert len(await gateway.unclaimed()) == 2


SHARED = {"npi": "", "tin": "222222222"}


@pytest.fixture
async def sharing(gateway):
    """A hospital and its group with one tax number, each of which names the other."""
    for name, other, npi in (("hospital", "group", "1111111112"), ("group", "hospital", "1111111120")):
        await gateway.hears(
            a_practice_changed(name, submitter_id=name, npi=npi, tin=SHARED["tin"], shares_identifiers_with=(other,))
        )


async def test_what_pays_a_shared_tax_number_is_seen_and_claimed_by_who_shares_it_alone(gateway, billed, sharing):
    await gateway.receives("1.835", an_835(a_remittance(a_strange_payment(), **SHARED)))
    seen = {
        practice: (await gateway.as_practice(practice, "/unclaimed-sets")).json()["sets"]
        for practice in (PRACTICE, "hospital", "group")
    }
    (waiting,) = seen["group"]

    stranger = await gateway.claims(waiting)
    answer = await gateway.claims(waiting, practice="group")
    late = await gateway.claims(waiting, practice="hospital")

    assert (seen["hospital"], seen[PRACTICE]) == ([waiting], [])
    assert (stranger.status_code, answer.json()["state"], late.status_code) == (404, "processed", 404)
    assert [told.practice_id for told in await gateway.told(EraReceived)] == ["group"]


async def test_a_tax_number_that_only_one_says_is_shared_is_the_installations_to_decide(gateway, billed, sharing):
    await gateway.hears(a_practice_changed("third", submitter_id="third", npi="1234567893", tin=SHARED["tin"]))
    await gateway.receives("1.835", an_835(a_remittance(a_strange_payment(), **SHARED)))
    (waiting,) = await gateway.unclaimed()

    refused = [await gateway.claims(waiting, practice=name) for name in ("hospital", "group", "third")]

    assert [answer.status_code for answer in refused] == [404, 404, 404]
    assert (await gateway.as_practice("group", "/unclaimed-sets")).json()["sets"] == []
    assert (await gateway.gives(waiting, "third")).json()["state"] == "processed"


@pytest.mark.parametrize("envelope", [bytes, to_nobody], ids=["for us", "for nobody"])
async def test_whose_it_is_is_told_it_as_if_it_had_come_now(gateway, billed, envelope):
    await gateway.receives("1.835", envelope(an_835(a_remittance(a_payment(billed[0]), **UNKNOWN))))
    await gateway.receives("2.835", an_835(a_remittance(a_payment(billed[0]), trace="EFT0002")))
    (waiting,) = await gateway.unclaimed()

    answer = await gateway.gives(waiting)

    earlier, told = await gateway.told(EraReceived)
    assert (answer.status_code, answer.json()["state"]) == (200, "processed")
    assert answer.json()["remittance_id"] == str(told.remittance_id)
    assert (told.practice_id, told.header.trace_number, told.received_number) == (PRACTICE, "EFT0001", 2)
    assert told.follows == (earlier.remittance_id,)
    assert told.payments[0].claim_id is not None
    assert told.file_name == "1.835"
    assert await gateway.unclaimed() == []
    rows = await gateway.service.database.fetch("SELECT actor, subject FROM audit_entries WHERE kind = 'act'")
    assert rows == [{"actor": "someone", "subject": f"claim set 1 of file {waiting['file_id']}"}]


async def test_a_claim_is_answered_once_for_a_key_and_refused_without(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **UNKNOWN)))
    (waiting,) = await gateway.unclaimed()

    first = await gateway.gives(waiting, key="k")
    again = await gateway.gives(waiting, key="k")
    other = await gateway.gives(waiting)

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert again.content == first.content
    assert other.headers["content-type"] == "application/problem+json"
    assert len(await gateway.told(EraReceived)) == 1


async def test_only_an_operator_claims_and_no_practice_what_it_does_not_see(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **UNKNOWN)))
    (waiting,) = await gateway.unclaimed()

    refused = [(await gateway.claims(waiting, role)).status_code for role in ("biller", "auditor", "coder")]
    unseen = await gateway.claims(waiting, "operator")

    assert (refused, unseen.status_code) == ([403, 403, 403], 404)
    assert await gateway.told(EraReceived) == []


async def test_what_there_is_not_cannot_be_claimed(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **UNKNOWN)))
    (waiting,) = await gateway.unclaimed()

    assert (await gateway.claims(waiting | {"number": 2})).status_code == 404
    assert (await gateway.claims(waiting | {"number": 0})).status_code == 422
    assert (await gateway.gives(waiting | {"number": 2})).status_code == 409
    assert (await gateway.gives(waiting, "nowhere")).status_code == 409
    assert (await gateway.gives(waiting, "No Practice")).status_code == 422


@pytest.mark.parametrize("payee", [HILL, {"npi": "", "tin": HILL["tin"]}], ids=["npi", "tax number"])
async def test_what_is_paid_to_another_practice_is_not_given_to_us(gateway, billed, payee):
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), **payee)))
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", **HILL))
    (waiting,) = await gateway.unclaimed()

    answer = await gateway.gives(waiting)

    assert (answer.status_code, answer.json()["title"]) == (409, "Not possible in this state")
    assert await gateway.told(EraReceived) == []
    assert len(await gateway.unclaimed()) == 1


async def test_of_several_practices_with_the_npi_the_installation_says_which(gateway, billed):
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", npi=NPI, tin=HILL["tin"]))
    await gateway.receives("1.835", an_835(a_remittance(a_payment(billed[0]), tin="")))
    (waiting,) = await gateway.unclaimed()

    answer = await gateway.gives(waiting)

    assert answer.json()["state"] == "processed"


async def test_a_set_that_was_told_already_becomes_a_duplicate_when_it_is_claimed(gateway, billed):
    one = a_remittance(a_payment(billed[0]), **UNKNOWN)
    await gateway.receives("1.835", an_835(one))
    (waiting,) = await gateway.unclaimed()
    async with gateway.running.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO sets (practice, file_id, number, kind, control_number, digest, state, told)"
            " SELECT $1, gen_random_uuid(), 1, kind, control_number, digest, 'processed', 1 FROM sets",
            PRACTICE,
        )

    answer = await gateway.gives(waiting)

    assert (answer.status_code, answer.json()["state"]) == (200, "duplicate")
    assert await gateway.told(EraReceived) == []


async def test_a_claimed_set_in_another_envelope_is_a_copy_and_one_that_waited_beside_it_too(gateway, billed):
    one = a_remittance(a_payment(billed[0]), **UNKNOWN)
    await gateway.receives("1.835", an_835(one))
    await gateway.receives("2.835", an_835(one, number=2))
    waiting = next(each for each in await gateway.unclaimed() if each["file_name"] == "1.835")

    await gateway.gives(waiting)
    await gateway.receives("3.835", an_835(one, number=3))

    assert len(await gateway.told(EraReceived)) == 1
    assert sorted(await states(gateway)) == [(PRACTICE, "duplicate"), (PRACTICE, "duplicate"), (PRACTICE, "processed")]


async def test_the_same_file_again_is_tried_again_once_its_practice_is_loaded(gateway, billed):
    ours, theirs = a_remittance(a_payment(billed[0])), a_remittance(a_strange_payment(), trace="EFT0002", **HILL)
    data = an_835(ours, theirs)

    await gateway.receives("1.835", data)
    await gateway.receives("2.835", data)
    still = await gateway.unclaimed()
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", **HILL))
    await gateway.receives("3.835", data)

    assert [one["file_name"] for one in still] == ["1.835"]
    told = await gateway.told(EraReceived)
    assert [(one.practice_id, one.header.trace_number, one.received_number) for one in told] == [
        (PRACTICE, "EFT0001", 1),
        ("hill", "EFT0002", 1),
    ]
    assert await states(gateway) == [(PRACTICE, "processed"), ("hill", "processed")]
    assert sorted(file["state"] for file in await gateway.inbound_files()) == ["duplicate", "duplicate", "processed"]


async def test_a_file_that_named_nobody_is_tried_again_when_its_own_practice_is_loaded(gateway, billed):
    data = an_835(a_remittance(a_strange_payment(), **HILL)).replace(b"BAYSTATE", b"HILLTOPS")

    await gateway.receives("1.835", data)
    await gateway.hears(a_practice_changed("hill", submitter_id="HILLTOPS", **HILL))
    await gateway.receives("1.835", data)

    (told,) = await gateway.told(EraReceived)
    assert told.practice_id == "hill"
    assert await states(gateway) == [("hill", "processed")]


async def test_another_file_with_the_set_settles_the_one_that_waited(gateway, billed):
    one = a_remittance(a_strange_payment(), **HILL)

    await gateway.receives("1.835", an_835(one))
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", **HILL))
    await gateway.receives("2.835", an_835(one, number=2))

    assert len(await gateway.told(EraReceived)) == 1
    assert sorted(await states(gateway)) == [("hill", "duplicate"), ("hill", "processed")]
    assert await gateway.unclaimed() == []


async def test_a_set_twice_in_a_file_is_told_once_when_its_practice_is_loaded(gateway, billed):
    one = a_remittance(a_strange_payment(), **HILL)
    data = an_835(one, one)

    await gateway.receives("1.835", data)
    await gateway.hears(a_practice_changed("hill", submitter_id="HILL", **HILL))
    await gateway.receives("2.835", data)

    assert len(await gateway.told(EraReceived)) == 1
    assert await states(gateway) == [("hill", "processed"), ("hill", "duplicate")]


async def test_a_claimed_set_that_cannot_be_told_is_refused_with_its_reason(gateway, billed):
    one = a_remittance(a_payment(billed[0]), **UNKNOWN)
    await gateway.receives("1.835", an_835(one).replace(b"*EFT0001*", b"**"))
    (waiting,) = await gateway.unclaimed()

    answer = await gateway.gives(waiting)

    assert (answer.status_code, answer.json()["state"]) == (200, "refused")
    assert "TRN02" in answer.json()["reason"]
    assert await gateway.service.database.value("SELECT count(*) FROM remittance_numbers") == 0
