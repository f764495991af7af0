"""What waits in suspense is shown with what tells where it belongs, and settled by commands with journals of their own."""

from uuid import UUID

import pytest
from claimstream_schemas import ClaimAdjudicated, ClaimDenied
from claimstream_schemas.era_received import EraPerson
from claimstream_schemas.values.payment import ProviderAdjustment

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, claim_of, line_of, reversed_

SEGMENTS = ("CLP*NOTOURS*1*120*64*16*12*ICN1*11*1", "NM1*QC*1*CASTELLAN*MIRA*B")


async def on_the_books(books, *encounters, **named):
    for encounter in encounters or ("E1",):
        await books.hears(an_assembled(encounter, **named), a_submission(encounter, **named))


def a_strangers(**changes):
    """A payment whose number is none of ours: the lines are told by code, charge and day alone."""
    lines = (a_line_payment("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"),)
    values = {"claim_id": None, "control_number": "NOTOURS", "submission": None}
    return a_payment("E1", *lines, **values | changes)


class Clerk:
    def __init__(self, books, role="biller"):
        self._client, self._headers = books.service.client, books.service.as_(role)

    async def entries(self):
        answer = await self._client.get("/suspense", headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["entries"]

    async def does(self, what, entry, key=None, **body):
        url = f"/suspense/{entry['remittance_id']}/{entry['entry']}/{what}"
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return await self._client.post(url, json=body or None, headers=headers)


async def suspend(books, payment, **named):
    await books.hears(an_era(payment, person=EraPerson(segments=(SEGMENTS,)), **named))


async def test_an_entry_shows_what_tells_where_it_belongs(books):
    await on_the_books(books)
    await suspend(books, a_strangers())

    (entry,) = await Clerk(books).entries()

    told = {name: entry[name] for name in ("trace_number", "payer_name", "control_number", "payer_claim_number")}
    assert told == {
        "trace_number": "T1",
        "payer_name": "Blue",
        "control_number": "NOTOURS",
        "payer_claim_number": "ICN1",
    }
    assert (entry["patient"], entry["service_from"], entry["service_to"]) == (
        "MIRA B CASTELLAN",
        "2026-03-02",
        "2026-03-02",
    )
    assert (entry["kind"], entry["amount"], entry["charge"]) == ("payment", "64.00", "120.00")
    assert [(line["number"], line["procedure"], line["paid"]) for line in entry["lines"]] == [(1, "99213", "64.00")]
    assert [(each["claim_id"], each["why"]) for each in entry["candidates"]] == [
        (str(claim_of()), "the same charge on the same day")
    ]
    assert await books.service.database.value("SELECT count(*) FROM audit_entries WHERE kind = 'read'") == 1


async def test_the_number_that_the_payer_gave_a_claim_before_makes_it_the_first_candidate(books):
    await on_the_books(books, "E1", "E2")
    await books.hears(an_era(a_payment("E2"), trace="T9", digest="d9"))
    await suspend(books, a_strangers())

    (entry,) = await Clerk(books).entries()

    assert entry["candidates"][0]["claim_id"] == str(claim_of("E2"))


async def test_a_payment_is_matched_to_a_claim_and_decided_as_any_other(books):
    await on_the_books(books)
    await suspend(books, a_strangers())
    (entry,) = await Clerk(books).entries()

    answer = await Clerk(books).does("match", entry, claim_id=str(claim_of()))

    assert (answer.status_code, answer.json()["outcome"], answer.json()["suspense"]) == (200, "paid", "0.00")
    assert await books.balances() == {
        "payer.paid": 6400,
        "payer.remitted": -6400,
        "adjustment.CO": 4000,
        "receivable.patient": 1600,
        "cash": 6400,
        "revenue": -12000,
    }
    assert await Clerk(books).entries() == []
    (told,) = await books.told(ClaimAdjudicated)
    assert (told.claim_id, told.outcome, str(told.paid)) == (claim_of(), "paid", "64.00")
    rows = await books.service.database.fetch(
        "SELECT e.account, e.cents FROM entries e JOIN journals j ON j.practice = e.practice AND j.id = e.journal_id"
        " WHERE j.kind = 'suspense' ORDER BY e.number"
    )
    assert [(row["account"], row["cents"]) for row in rows] == [("suspense", 6400), ("payer.remitted", -6400)]


async def test_a_match_that_was_wrong_is_released_and_matched_to_another_claim(books):
    await on_the_books(books, "E1", "E2")
    await suspend(books, a_strangers())
    before = await books.balances()
    (entry,) = await Clerk(books).entries()
    await Clerk(books).does("match", entry, claim_id=str(claim_of("E1")))

    released = await Clerk(books).does("release", entry)

    assert (released.status_code, released.json()["suspense"]) == (200, "64.00")
    assert await books.balances() == before
    assert [each.outcome for each in await books.told(ClaimAdjudicated)] == ["paid", "reversed"]

    again = await Clerk(books).does("match", entry, claim_id=str(claim_of("E2")))
    back = await Clerk(books).does("release", entry)
    third = await Clerk(books).does("match", entry, claim_id=str(claim_of("E1")))

    assert [each.status_code for each in (again, back, third)] == [200, 200, 200]
    told = [(each.claim_id, each.outcome, each.payment_ordinal) for each in await books.told(ClaimAdjudicated)]
    assert len({ordinal for _, _, ordinal in told}) == len(told) == 5
    assert (await books.balances())["payer.paid"] == 6400


async def test_a_refusal_that_was_matched_opens_a_case_and_releasing_it_takes_that_back(books):
    await on_the_books(books)
    refused = a_line_payment("120.00", "0.00", "CO-29 120.00")
    await suspend(books, a_payment("E1", refused, claim_id=None, submission=None))
    (entry,) = await Clerk(books).entries()

    await Clerk(books).does("match", entry, claim_id=str(claim_of()))
    (denied,) = await books.told(ClaimDenied)
    await Clerk(books).does("release", entry)

    reversal = (await books.told(ClaimAdjudicated))[-1]
    place = (reversal.reverses_remittance_id, reversal.reverses_payment_ordinal)
    assert place == (denied.remittance_id, denied.payment_ordinal)
    assert "receivable.denied" not in await books.balances()


async def test_a_line_that_fits_none_of_ours_is_matched_to_the_line_that_a_person_names(books):
    await on_the_books(books, charges=("120.00", "30.00"))
    lines = (
        a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()),
        a_line_payment("30.00", "20.00", "CO-45 10.00", procedure="J9999"),
    )
    await suspend(books, a_payment("E1", *lines))
    (entry,) = await Clerk(books).entries()
    assert (entry["kind"], entry["amount"]) == ("lines", "20.00")
    assert [line["is_matched"] for line in entry["lines"]] == [True, False]

    answer = await Clerk(books).does("match", entry, claim_id=str(claim_of()), lines={"2": str(line_of("E1", 2))})

    assert answer.status_code == 200, answer.text
    balances = await books.balances()
    assert (balances["payer.paid"], balances["adjustment.CO"]) == (10000, 5000)
    assert not {"suspense", "receivable.open"} & set(balances)
    assert await Clerk(books).entries() == []


@pytest.mark.parametrize(("to", "account"), [("owed_to_payer", "payable.payer"), ("other_income", "income.other")])
async def test_money_is_moved_and_released_again(books, to, account):
    await on_the_books(books)
    await suspend(books, a_strangers())
    (entry,) = await Clerk(books).entries()

    moved = await Clerk(books).does("move", entry, to=to)

    assert (moved.json()["moved"], moved.json()["moved_to"], moved.json()["suspense"]) == ("64.00", account, "0.00")
    assert (await books.balances())[account] == -6400
    assert await Clerk(books).entries() == []
    twice = await Clerk(books).does("match", entry, claim_id=str(claim_of()))
    assert (twice.status_code, twice.json()["type"].rsplit("/", 1)[-1]) == (409, "not-in-suspense")

    released = await Clerk(books).does("release", entry)

    assert released.status_code == 200
    assert (await books.balances())["suspense"] == -6400
    assert [each["amount"] for each in await Clerk(books).entries()] == ["64.00"]


async def test_a_command_that_is_sent_twice_is_done_once(books):
    await on_the_books(books)
    await suspend(books, a_strangers())
    (entry,) = await Clerk(books).entries()

    answers = [await Clerk(books).does("move", entry, key="K1", to="other_income") for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (await books.balances())["income.other"] == -6400


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("match", {"claim_id": "00000000-0000-0000-0000-000000000001"}, 404),
        ("match", {"claim_id": "{claim}", "lines": {"1": "00000000-0000-0000-0000-000000000001"}}, 409),
        ("match", {"claim_id": "{claim}", "lines": {"9": "{line}"}}, 409),
        ("match", {}, 422),
        ("move", {"to": "my_pocket"}, 422),
        ("release", {}, 409),
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(books, what, body, status):
    await on_the_books(books)
    await suspend(books, a_strangers())
    before = await books.balances()
    (entry,) = await Clerk(books).entries()
    known = {"{claim}": str(claim_of()), "{line}": str(line_of())}
    filled = {
        name: {key: known.get(each, each) for key, each in value.items()}
        if isinstance(value, dict)
        else known.get(value, value)
        for name, value in body.items()
    }

    answer = await Clerk(books).does(what, entry, **filled)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert await books.balances() == before


async def test_a_claim_that_was_never_submitted_takes_no_payment(books):
    await books.hears(an_assembled("E2"))
    await on_the_books(books)
    await suspend(books, a_strangers())
    (entry,) = await Clerk(books).entries()

    answer = await Clerk(books).does("match", entry, claim_id=str(claim_of("E2")))

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "payment-does-not-fit")


async def test_only_a_biller_of_the_practice_settles_suspense(books):
    await on_the_books(books)
    await suspend(books, a_strangers())
    (entry,) = await Clerk(books).entries()
    stranger = books.service.as_("biller", practice="other")

    url = f"/suspense/{entry['remittance_id']}/{entry['entry']}/move"
    operator = await Clerk(books, "operator").does("move", entry, to="other_income")
    foreign = await books.service.client.post(url, json={"to": "other_income"}, headers=stranger)

    assert (operator.status_code, foreign.status_code) == (403, 404)


async def test_a_suspended_reversal_of_a_matched_payment_finds_it(books):
    """The payer takes back what nobody could place: once it is placed, both are."""
    await on_the_books(books)
    await suspend(books, a_strangers(), received_number=1)
    back = reversed_(a_payment("E1", *a_strangers().lines, submission=None), 1)
    await books.hears(an_era(back, plb=(("FB", "-64.00"),), trace="T2", digest="d2", received_number=2))
    payment, reversal = sorted(await Clerk(books).entries(), key=lambda each: each["kind"])
    assert (payment["amount"], reversal["amount"]) == ("64.00", "-64.00")

    await Clerk(books).does("match", payment, claim_id=str(claim_of()))

    balances = await books.balances()
    assert (balances["receivable.open"], "suspense" in balances, "payer.paid" in balances) == (12000, False, False)
    assert await Clerk(books).entries() == []


async def test_pages_go_on_where_the_last_one_ended(books):
    await on_the_books(books)
    for number in range(3):
        await suspend(books, a_strangers(), trace=f"T{number}", digest=f"d{number}")
    client, biller = books.service.client, books.service.as_("biller")

    seen, after = [], ""
    while after is not None:
        page = (await client.get("/suspense", params={"limit": 2, "after": after}, headers=biller)).json()
        seen += [each["trace_number"] for each in page["entries"]]
        after = page["next_after"]

    assert sorted(seen) == ["T0", "T1", "T2"]


async def test_a_reversal_that_a_person_moved_is_taken_from_there_when_its_payment_comes(books):
    await on_the_books(books)
    before = await books.balances()
    back = reversed_(a_payment(), 1)
    await books.hears(an_era(back, plb=(("FB", "-64.00"),), trace="T2", digest="d2", received_number=2))
    (entry,) = await Clerk(books).entries()
    await Clerk(books).does("move", entry, to="owed_to_payer")
    assert (await books.balances())["payable.payer"] == 6400

    await books.hears(an_era(a_payment(), received_number=1))

    after = await books.balances()
    assert {name: after.pop(name) for name in ("cash", "plb.FB")} == {"cash": 6400, "plb.FB": -6400}
    assert after == before
    assert await Clerk(books).entries() == []


async def test_a_reversal_that_waits_on_its_claim_is_matched_to_no_other(books):
    await on_the_books(books, "E1", "E2")
    await books.hears(an_era(reversed_(a_payment(), 1), plb=(("FB", "-64.00"),)))
    (entry,) = await Clerk(books).entries()

    answer = await Clerk(books).does("match", entry, claim_id=str(claim_of("E2")))

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "payment-does-not-fit")


async def credits_(books):
    answer = await books.service.client.get("/tasks", headers=books.service.as_("biller"))
    return [(each["payer_id"], each["credit"], each["taken_back"]) for each in answer.json()["credits"]]


async def test_a_reversal_that_fits_nothing_is_nobodys_refund_and_a_person_may_take_its_money_back(books):
    """Another reason than the decision gave: suspended, and the correction beside it looks like a second payment."""
    await on_the_books(books)
    await books.hears(an_era(a_payment()))
    other = a_payment("E1", a_line_payment("120.00", "64.00", "CO-216 56.00", line=line_of()))
    corrected = a_line_payment("120.00", "70.00", "CO-45 40.00", "PR-2 10.00", line=line_of())

    await books.hears(an_era(reversed_(other, 1), a_payment("E1", corrected, ordinal=2), trace="T2", digest="d2"))

    assert (await books.balances())["receivable.credit"] == -6400
    assert await credits_(books) == []
    (entry,) = await Clerk(books).entries()

    answer = await Clerk(books).does("match", entry, claim_id=str(claim_of()))

    assert answer.status_code == 200, answer.text
    assert await books.balances() == {
        "payer.paid": 7000,
        "payer.remitted": -7000,
        "adjustment.CO": 4000,
        "receivable.patient": 1000,
        "cash": 7000,
        "revenue": -12000,
    }
    assert await Clerk(books).entries() == []
    assert [each.outcome for each in await books.told(ClaimAdjudicated)] == ["paid", "paid", "undecided"]


async def test_what_a_payer_takes_back_by_a_provider_adjustment_alone_is_owed_no_more(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment()))
    await books.hears(an_era(a_payment(), trace="T2", digest="d2"))
    assert await credits_(books) == [("blue", "64.00", "0.00")]

    wo = ProviderAdjustment(provider="1234567893", reason="WO", reference="ICN1", amount="64.00")
    fb = ProviderAdjustment(provider="1234567893", reason="FB", reference="T1", amount="-64.00")
    await books.hears(an_era(trace="T3", digest="d3", provider_adjustments=(wo, fb), amount="0.00"))

    assert await credits_(books) == []


async def test_a_line_is_named_by_its_position_alone(books):
    entry = {"remittance_id": UUID(int=1), "entry": "1"}

    answer = await Clerk(books).does("match", entry, claim_id=str(UUID(int=2)), lines={"3rd": str(UUID(int=3))})

    described = books.service.client._transport.app.openapi()["components"]["schemas"]["Match"]["properties"]["lines"]
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "malformed")
    assert described["additionalProperties"] is False


async def test_a_place_that_is_none_is_no_place_to_go_on_from(books):
    headers = books.service.as_("biller")

    answer = await books.service.client.get("/suspense?after=3-8d2f2-5-8433c8efc266f6aff2abc08fb3:04", headers=headers)

    assert (answer.status_code, answer.json()["place"]) == (422, "/after")
