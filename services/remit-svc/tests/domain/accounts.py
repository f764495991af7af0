"""Claims on the books, and what payers say of them, by plain calls: no database."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from claimstream_schemas.values.identifiers import id_of
from claimstream_schemas.values.payment import ClaimPayment
from remit_svc.domain.account import Account
from remit_svc.domain.books import books_of
from remit_svc.domain.posting import OfSet, Posted, post, results_of
from remit_svc.domain.standing import standing_of
from remit_svc.events import charges_of, submission_facts
from remit_svc.guardrail_file import load_guardrails
from remit_svc.settings import Settings

from ..builders import DAY, PRACTICE, a_submission, an_assembled

GUARDRAILS = load_guardrails(Settings.model_fields["guardrails"].default)


def an_account(
    *charges: str,
    allowed: tuple[str | None, ...] | None = None,
    payers: tuple[str, ...] = ("blue",),
    filing: tuple[str, ...] = (),
    kind: str = "professional",
    procedures: tuple[str, ...] = ("99213", "82947", "J1885"),
) -> Account:
    """A claim that was billed to each of its payers in turn; ``filing`` has their filing codes, else BL."""
    of_lines = charges or ("120.00",)
    assembled = an_assembled(charges=of_lines, payers=payers)
    account = Account(
        practice_id=PRACTICE,
        account_id=assembled.account_id,
        encounter_id=assembled.encounter_id,
        claim_id=assembled.claim_id,
        control_number=assembled.control_number,
        state="released",
        payers=payers,
        charges=charges_of(assembled),
    )
    for number, payer in enumerate(payers):
        is_first = number == 0
        event = a_submission(
            charges=of_lines,
            allowed=(allowed if is_first and allowed is not None else (None,) * len(of_lines)),
            ordinal=number + 1,
            sequence="PST"[number],
            payer=payer,
            next_payers=payers[number + 1 :],
            procedures=procedures,
        )
        code = filing[number] if number < len(filing) else "BL"
        event = event.model_copy(
            update={"kind": kind, "payer": event.payer.model_copy(update={"claim_filing_indicator": code})}
        )
        account = account.submitted(submission_facts(event, DAY))
    return account


@dataclass
class Desk:
    """A claim, and what was posted to it."""

    account: Account
    posted: Posted | None = None

    def hears(self, *payments: ClaimPayment, received: int | None = None, payer: str | None = None) -> "Desk":
        """Payments come, each in a remittance of its own unless ``received`` numbers it; ``payer`` is the id that it names itself by."""
        for payment in payments:
            number = received if received is not None else len(self.account.decisions) + 1
            of_set = OfSet(id_of("remittance", PRACTICE, number), number, payer, date(2026, 4, 1))
            self.posted = post(self.account, payment, of_set, GUARDRAILS)
            if self.posted is not None:
                self.account = self.posted.account
        return self

    @property
    def balances(self) -> dict[str, int]:
        """Cents by ledger account, without empty ones."""
        found: Counter[str] = Counter()
        for entry in books_of(self.account, standing_of(self.account, GUARDRAILS)):
            found[entry.account] += entry.cents
        return {account: cents for account, cents in sorted(found.items()) if cents}

    @property
    def entries(self) -> dict[str, int]:
        """The last journal, by ledger account."""
        assert self.posted is not None
        found: Counter[str] = Counter()
        for step in self.posted.steps:
            assert sum(entry.cents for entry in step.entries) == 0
            for entry in step.entries:
                found[entry.account] += entry.cents
        return {account: cents for account, cents in sorted(found.items()) if cents}

    @property
    def outcomes(self) -> list[str]:
        """Of each payment, in the order in which they were posted."""
        return [each.outcome for each in self.account.decisions]

    @property
    def refused(self) -> list[tuple[str, int]]:
        """What stands refused, and what is underpaid, with its reason."""
        return [(each.said.reason, each.cents) for each in standing_of(self.account, GUARDRAILS).refusals]

    @property
    def suspense(self) -> int:
        """Cents."""
        results = results_of(self.account, standing_of(self.account, GUARDRAILS))
        return sum(each.suspense_cents for each in results.values())

    @property
    def questions(self) -> list[str]:
        """What a person has to find out."""
        results = results_of(self.account, standing_of(self.account, GUARDRAILS))
        return [each.question for each in results.values() if each.question]


def a_desk(*charges: str, **named) -> Desk:
    """A claim that waits for its payers."""
    return Desk(an_account(*charges, **named))


def with_payers(desk: Desk, *payers: str) -> Desk:
    """The claim's payers have changed."""
    return Desk(replace(desk.account, payers=payers))
