"""What a consumer took had its effect: two services agree about the same claim, submission, file, payment or practice.

An inbox row says that an event was taken; that its effect was kept shows only in what the consumer has. Aggregates whose events the
consumer put aside are excused.
"""

from typing import Any

from ..case import Case
from ..evidence import CLAIM, CODING, DENIAL, GATEWAY, REMIT, Row
from ..exchange_rows import exchange_rows, kept_payments
from ..letters import PutAside, put_aside
from ..report import Finding

_PRACTICES = "SELECT practice, version FROM practices WHERE mine(practice)"
_PAYERS = "SELECT practice, version FROM payers WHERE mine(practice)"
_TOLD = "SELECT practice, id, revision FROM contracts WHERE digest IS NOT NULL AND mine(practice)"
_HELD = "SELECT practice, id, revision FROM contracts WHERE is_complete AND mine(practice)"
_BILLED = """
SELECT s.practice, s.id, s.claim_id, s.ordinal, c.control_number, s.payer_sequence, s.file_name, s.state FROM submissions s
JOIN claims c ON c.practice = s.practice AND c.id = s.claim_id WHERE mine(s.practice)
"""
_EXPECTED = """
SELECT practice, id AS claim_id, (s->>'submission_id')::uuid AS id FROM accounts, jsonb_array_elements(document->'submissions') AS s
WHERE mine(practice)
"""
_DECIDED = """
SELECT practice, id AS claim_id, (d->>'remittance_id')::uuid AS remittance_id, (d->>'payment_ordinal')::int AS ordinal,
       d->>'outcome' AS outcome, ((d->>'paid')::numeric * 100)::bigint AS paid_cents
FROM claims, jsonb_array_elements(document->'decisions') AS d WHERE mine(practice)
"""


_ON_NO_CLAIM = ("suspended", "predetermination")
_ORDINAL = 3
_BY_A_PERSON = 1_000_000
"""Decisions that a person put on a claim, or took off it, are told under numbers above this; the payment's row has what stands of them."""


async def agree(case: Case, finding: Finding) -> None:
    """Compare neighbours, when all has come to rest."""
    if not case.bounds.at_rest:
        return
    comparing = _Comparing(case, finding, await case.once(put_aside))
    await comparing.practices()
    await comparing.contracts()
    await comparing.submissions()
    await comparing.decisions()


class _Comparing:
    def __init__(self, case: Case, finding: Finding, aside: PutAside) -> None:
        self._case = case
        self._finding = finding
        self._aside = aside

    async def practices(self) -> None:
        """practice.changed: everybody has its newest version."""
        newest = {row["practice"]: row["version"] for row in await self._case.table(CODING, _PRACTICES)}
        of_service = {
            CLAIM: await self._case.table(CLAIM, _PRACTICES),
            GATEWAY: (await self._case.once(exchange_rows)).practices,
            DENIAL: await self._case.table(DENIAL, _PAYERS),
        }
        for service, rows in of_service.items():
            known = {row["practice"]: row["version"] for row in rows}
            for practice, version in newest.items():
                excused = self._aside.excuses(service, practice, practice) is not None
                if known.get(practice) != version and not excused:
                    self._finding.violate("a service has not the newest version of a practice", service, practice)

    async def contracts(self) -> None:
        """contract.changed: claim-svc has each contract whole, in the revision that was told last."""
        held = {(row["practice"], row["id"], row["revision"]) for row in await self._case.table(CLAIM, _HELD)}
        for row in await self._case.table(CODING, _TOLD):
            place = (row["practice"], row["id"], row["revision"])
            self._finding.figures["contracts compared"] += 1
            if place not in held and self._aside.excuses(CLAIM, row["practice"], row["id"]) is None:
                self._finding.violate("a contract was told and claim-svc has it not, or not whole", *place)

    async def submissions(self) -> None:
        """claim.submitted, claim.transmitted and file.acknowledged: gateway, ledger and claim tell the same of each submission."""
        exchange = await self._case.once(exchange_rows)
        queued = {(row["practice"], row["id"]): row for row in exchange.submissions}
        files = {row["id"]: row for row in exchange.files}
        expected = {(row["practice"], row["id"]) async for row in self._case.rows(REMIT, _EXPECTED)}
        names = ("claim_id", "ordinal", "control_number", "payer_sequence")
        async for row in self._case.rows(CLAIM, _BILLED):
            place = (row["practice"], row["id"])
            self._finding.figures["submissions compared"] += 1
            known = queued.pop(place, None)
            if known is None:
                self._missing(GATEWAY, "a submission was told and the gateway has it not", row)
            elif [known[name] for name in names] != [row[name] for name in names]:
                self._finding.violate("the gateway has another submission than was told", *place)
            if place not in expected:
                self._missing(REMIT, "a submission was told and the ledger does not expect it", row)
            expected.discard(place)
            self._compare_answers(row, files.get(known["file_id"]) if known and known["state"] == "sent" else None)
        for place in queued:
            self._finding.violate("the gateway has a submission that was not told", *place)
        for place in expected:
            self._finding.violate("the ledger expects a submission that was not told", *place)

    def _compare_answers(self, row: Row, left: Row | None) -> None:
        if (left["name"] if left else None) != row["file_name"]:
            self._missing(CLAIM, "a submission left and its claim does not know, or the reverse", row)
        is_taken = left is not None and (left["interchange_answer"] == "accepted" or left["group_answer"] == "accepted")
        if left is not None and is_taken and row["state"] in ("queued", "sent"):
            excused = self._aside.excuses(CLAIM, row["practice"], left["id"]) is not None
            if not excused:
                self._missing(CLAIM, "a file was accepted and its claim does not know", row)

    async def decisions(self) -> None:
        """claim.adjudicated: what the ledger posted is what the claim has heard."""
        heard = {_decision(row): row["claim_id"] async for row in self._case.rows(CLAIM, _DECIDED)}
        for row in await self._case.once(kept_payments):
            if row["edition"] or row["claim_id"] is None or row["outcome"] in _ON_NO_CLAIM:
                continue
            self._finding.figures["decisions compared"] += 1
            decision = _decision(row)
            if heard.pop(decision, None) is None:
                self._missing(CLAIM, "a decision was posted and its claim does not know", row)
        for decision in (each for each in heard if each[_ORDINAL] < _BY_A_PERSON):
            self._finding.violate("a claim has a decision that was not posted", *decision[:4])

    def _missing(self, service: str, what: str, row: Row) -> None:
        """A violation, unless the claim's events were put aside there."""
        if self._aside.excuses(service, row["practice"], row["claim_id"]) is None:
            self._finding.violate(what, row["practice"], row["claim_id"])


def _decision(row: Row) -> tuple[Any, ...]:
    return (row["practice"], row["claim_id"], row["remittance_id"], row["ordinal"], row["outcome"], row["paid_cents"])
