"""A journal that is changed, dropped or added behind the service's back is found and named."""

import pytest

from .builders import a_payment, a_submission, an_assembled, an_era

UNLIKE = "is not as it was written"
THE_PAYMENT = "SELECT id FROM journals WHERE kind = 'payment'"


@pytest.fixture
async def tamperer(owner):
    """The owner of the database, with the ledger's own rails taken down."""
    await owner.execute("ALTER TABLE entries DISABLE TRIGGER ALL; ALTER TABLE journals DISABLE TRIGGER ALL")
    return owner


@pytest.mark.parametrize(
    ("tamper", "shown"),
    [
        ("UPDATE entries SET cents = cents + sign(cents) WHERE journal_id = $1", UNLIKE),
        ("UPDATE entries SET account = 'cash' WHERE number = 1 AND journal_id = $1", UNLIKE),
        ("UPDATE entries SET reason = 'CO-97' WHERE reason IS NOT NULL AND journal_id = $1", UNLIKE),
        ("UPDATE entries SET account_id = gen_random_uuid() WHERE journal_id = $1", UNLIKE),
        ("DELETE FROM entries WHERE number = 2 AND journal_id = $1", UNLIKE),
        ("UPDATE journals SET entered_at = entered_at - interval '1 day' WHERE id = $1", UNLIKE),
        ("UPDATE journals SET remittance_id = NULL WHERE id = $1", UNLIKE),
        ("DELETE FROM journals WHERE id = $1", "that a unit wrote is gone"),
        (
            "INSERT INTO journals SELECT practice, gen_random_uuid(), account_id, kind, remittance_id, entered_at FROM journals WHERE id = $1",
            "no unit has written it",
        ),
    ],
)
async def test_what_somebody_does_to_the_ledger_is_found_and_named(books, tamperer, tamper, shown):
    await books.hears(an_assembled(), a_submission())
    await books.hears(an_era(a_payment()))
    assert await books.service.audit_fault() is None
    journal = await tamperer.fetchval(THE_PAYMENT)

    await tamperer.execute(tamper, journal)

    fault = await books.service.audit_fault()
    assert fault is not None
    assert fault.endswith(shown)
    assert str(journal) in fault or "no unit" in fault


async def test_what_the_chain_says_of_a_journal_is_part_of_the_chain(books, owner):
    await books.hears(an_assembled(), a_submission())
    assert await books.service.audit_fault() is None

    await owner.execute("UPDATE outbox SET witnessed = '' WHERE witnessed <> ''")

    assert "does not fit the chain" in (await books.service.audit_fault() or "")
