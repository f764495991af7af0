"""Each provider adjustment has the account of its reason, and is tied to what its reference names."""

import pytest
from claimstream_schemas.values.payment import ProviderAdjustment
from remit_svc.domain.provider_adjustments import REASONS

from ..builders import a_payment, a_submission, an_assembled, an_era, claim_of


def adjusted(reason: str, amount: str, reference: str | None = None):
    return ProviderAdjustment(provider="1234567893", reason=reason, amount=amount, reference=reference)


async def paid_with(books, *provider_adjustments, trace="T2", digest="d2"):
    """A set without payments, so that its cash is what was adjusted."""
    total = -sum(each.amount for each in provider_adjustments)
    await books.hears(
        an_era(trace=trace, digest=digest, provider_adjustments=provider_adjustments, amount=f"{total:.2f}")
    )


async def shown(books, trace: str = "T2"):
    client, biller = books.service.client, books.service.as_("biller")
    listed = (await client.get("/remittances", headers=biller)).json()["remittances"]
    name = next(each["id"] for each in listed if each["trace_number"] == trace)
    return (await client.get(f"/remittances/{name}", headers=biller)).json()["provider_adjustments"]


@pytest.mark.parametrize("reason", sorted(REASONS))
async def test_each_reason_of_the_guide_has_its_account(books, reason):
    await paid_with(books, adjusted(reason, "-12.34"))

    assert await books.balances() == {"cash": 1234, f"plb.{reason}": -1234}
    (row,) = await shown(books)
    assert (row["reason"], row["amount"], row["account"]) == (reason, "-12.34", f"plb.{reason}")


async def test_a_reason_that_the_guide_does_not_have_waits_in_suspense(books):
    await paid_with(books, adjusted("XX", "-12.34"), adjusted("WO", "2.34"))

    assert await books.balances() == {"cash": 1000, "plb.WO": 234, "suspense": -1234}
    client, biller = books.service.client, books.service.as_("biller")
    assert (await client.get("/tasks", headers=biller)).json()["suspended_adjustments"] == 1
    (entry,) = (await client.get("/suspense", headers=biller)).json()["entries"]
    assert (entry["entry"], entry["kind"], entry["amount"]) == ("plb-1", "provider_adjustment", "12.34")

    url = f"/suspense/{entry['remittance_id']}/plb-1"
    moved = await client.post(f"{url}/move", json={"to": "other_income"}, headers=biller)
    assert (moved.status_code, await books.balances()) == (
        200,
        {"cash": 1000, "plb.WO": 234, "income.other": -1234},
    )
    again = await client.post(f"{url}/move", json={"to": "other_income"}, headers=biller)
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[-1]) == (409, "not-in-suspense")
    released = await client.post(f"{url}/release", headers=biller)
    assert (released.status_code, (await books.balances())["suspense"]) == (200, -1234)


@pytest.mark.parametrize(
    "reference",
    ["ICN1", "{control}", "{control}20260302 ICN9", "{control}#20260302 ICN9", "PTACCT#20260302 ICN1"],
)
async def test_it_is_tied_to_the_claim_that_its_reference_names(books, reference):
    await books.hears(an_assembled(), a_submission())
    payment = a_payment()
    await books.hears(an_era(payment))

    await paid_with(books, adjusted("WO", "-64.00", reference.format(control=payment.control_number)))

    (row,) = await shown(books)
    assert (row["claim_id"], row["refers_to"]) == (str(claim_of()), None)


async def test_it_is_tied_to_the_remittance_that_its_reference_names(books):
    await books.hears(an_assembled(), a_submission())
    await books.hears(an_era(a_payment(), plb=(("FB", "-10.00"),)))

    await paid_with(books, adjusted("FB", "-10.00", "T1"))

    (row,) = await shown(books)
    assert row["claim_id"] is None
    assert row["refers_to"] == str(an_era(a_payment()).remittance_id)


@pytest.mark.parametrize("reference", [None, "", "SOMETHING ELSE"])
async def test_a_reference_that_names_nothing_of_ours_is_shown_as_it_came(books, reference):
    await paid_with(books, adjusted("L6", "-1.00", reference))

    (row,) = await shown(books)
    assert (row["reference"], row["claim_id"], row["refers_to"]) == (reference, None, None)
