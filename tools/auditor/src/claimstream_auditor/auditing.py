"""One audit: each invariant checked in turn, and timed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from .case import Bounds, Case
from .evidence import Evidence
from .invariants import (
    audit_chain,
    claims,
    dead_letters,
    denials,
    events,
    exchange,
    intake,
    ledger,
    privacy,
    remittances,
)
from .report import Finding, Report


@dataclass(frozen=True)
class Invariant:
    """What must hold, and how that is found out."""

    name: str
    says: str
    check: Callable[[Case, Finding], Awaitable[None]]


INVARIANTS = (
    Invariant("I1", "each acknowledged encounter exists and ends in exactly one place", intake.intake),
    Invariant("I2", "each charge line on one live claim, one live submission a sequence", claims.claims),
    Invariant("I3", "no submission transmitted twice, none marked sent without a file", exchange.exchange),
    Invariant("I4", "each 835 posted once, whatever its name, copy, envelope or time", remittances.posted_once),
    Invariant("I5", "835s balance at every level, else they are quarantined whole", remittances.balanced),
    Invariant("I6", "the ledger sums to zero; cash is what the posted 835s say", ledger.sums_to_zero),
    Invariant("I7", "each balance is charge less paid less adjusted, none is negative", ledger.balances_add_up),
    Invariant("I8", "the audit chain verifies from genesis to its signed heads", audit_chain.chain_verifies),
    Invariant("I9", "per key, first sightings are in order; outboxes' numbers are dense", events.in_order),
    Invariant("I10", "no ghost, no loss, no second saying between outboxes and topics", events.as_said),
    Invariant("I11", "each consumer took each event once, and it had its effect", events.each_once),
    Invariant("I12", "dead letters keep the record as it was, and say why", dead_letters.kept_whole),
    Invariant("I13", "one denial item for each (835, claim, line, group, CARC)", denials.one_case_each),
    Invariant("I14", "no patient data in logs, metrics, answers, dead letters' headers", privacy.nothing_leaks),
)

_AT_REST = Bounds()


async def audit(  # noqa: PLR0913  each is a choice of its own
    evidence: Evidence,
    *,
    practice: str | None = None,
    only: Collection[str] | None = None,
    required: Collection[str] = (),
    bounds: Bounds = _AT_REST,
    invariants: Sequence[Invariant] = INVARIANTS,
) -> Report:
    """Check the invariants (`only` some of them) over all practices, or over one.

    One that is `required` and had nothing to look at is violated: a run that proves nothing must not pass.
    """
    case = Case(evidence, practice, bounds)
    began = time.perf_counter()
    chosen = [invariant for invariant in invariants if only is None or invariant.name in only]
    findings = []
    if practice is None:
        for invariant in chosen:
            findings.append(await _checked(case, invariant))  # noqa: PERF401  one after the other: each may hold much
    else:
        findings = await asyncio.gather(*(_checked(case, invariant) for invariant in chosen))
    for finding in findings:
        if finding.invariant in required and not finding.checked:
            finding.violate("it is required, and there was nothing to look at", finding.invariant)
    return Report(tuple(findings), practice, time.perf_counter() - began)


async def _checked(case: Case, invariant: Invariant) -> Finding:
    finding = Finding(invariant.name, invariant.says)
    began = time.perf_counter()
    await invariant.check(case, finding)
    finding.seconds = time.perf_counter() - began
    return finding
