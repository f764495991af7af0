"""I4 and I5: each 835 is posted once, whatever its name, copy, envelope or time; what does not balance is quarantined whole."""

from collections import Counter, defaultdict
from hashlib import sha256
from typing import Any

from ..case import Case
from ..evidence import REMIT
from ..exchange_rows import ExchangeRows, KeptRemittance, exchange_rows, kept_payments, kept_remittances
from ..inbound_sets import InboundSets, RemittanceSet, cents, inbound_sets
from ..letters import put_aside
from ..report import Finding

_JOURNALS = """
SELECT j.practice, j.remittance_id, count(DISTINCT j.id) AS journals, count(DISTINCT j.id) FILTER (WHERE j.kind = 'remittance') AS own,
       coalesce(sum(e.cents) FILTER (WHERE e.account = 'cash'), 0)::bigint AS cash,
       coalesce(sum(e.cents) FILTER (WHERE e.account LIKE 'plb.%'), 0)::bigint AS plb,
       coalesce(-sum(e.cents) FILTER (WHERE e.account = 'suspense'), 0)::bigint AS suspense
FROM journals j JOIN entries e ON e.practice = j.practice AND e.journal_id = j.id
WHERE j.remittance_id IS NOT NULL AND mine(j.practice) GROUP BY j.practice, j.remittance_id
"""
_ADJUSTMENTS = "SELECT practice, remittance_id, reason, cents, account FROM provider_adjustments WHERE mine(practice)"
_BESIDE = ("suspense", "payable.payer", "income.other")
"""Where an adjustment stands whose reason has no account, or that a person has moved."""


async def posted_once(case: Case, finding: Finding) -> None:
    """I4: group what came by what it says; each has one remittance on the books, and each further drop is logged as a copy."""
    rows = await case.once(exchange_rows)
    sets = await case.once(inbound_sets)
    kept = await case.once(kept_remittances)
    for name in sets.missing:
        finding.violate("an inbound file's bytes are not in the archive", name)
    unclaimed = _check_outcomes(rows, sets, finding)
    _check_copies(case, rows, finding)
    came = {
        (one.practice, one.digest): one
        for one in sets.sets
        if one.is_usable and one.practice is not None and case.is_mine(one.practice)
    }
    by_digest: dict[tuple[str, str], list[KeptRemittance]] = defaultdict(list)
    for each in kept:
        by_digest[each.practice, each.body_digest].append(each)
    for place, one in came.items():
        on_books = len(by_digest.pop(place, ()))
        if on_books > 1:
            finding.violate("a remittance is on the books more than once", one.where, place[0])
        elif not on_books and case.bounds.at_rest and not await _is_excused(case, one, rows, unclaimed):
            finding.violate("a remittance came and is on no books", one.where, place[0])
    for (practice, _), strangers in by_digest.items() if case.bounds.at_rest else ():
        finding.violate("a remittance is on the books and came in no file", practice, strangers[0].number)
    _check_traces(kept, finding)
    _check_folder(case, rows, finding)
    finding.checked = len(came)
    finding.figures["sets"] = len(sets.sets)
    finding.figures["copies"] = sum(row["state"] == "duplicate" for row in (*rows.sets, *rows.inbound()))


def _check_traces(kept: tuple[KeptRemittance, ...], finding: Finding) -> None:
    """Only a trace without money may be used again (X12 RFI 1847, 604)."""
    posted = Counter(each.identity for each in kept if each.state == "posted" and each.amount_cents)
    for identity, count in posted.items():
        if count > 1:
            finding.violate("a paid trace was posted more than once", identity[0], identity[2])


async def _is_excused(case: Case, one: RemittanceSet, rows: ExchangeRows, unclaimed: set[str]) -> bool:
    """Whether a set is not on the books for a reason: it waits for a person, or its chunks were put aside."""
    if one.digest in unclaimed:
        return True
    told = next((row for row in rows.sets if row["digest"] == one.digest and row["state"] == "processed"), None)
    aside = await case.once(put_aside)
    return told is not None and aside.excuses(REMIT, told["practice"], told["remittance_id"]) is not None


def _check_outcomes(rows: ExchangeRows, sets: InboundSets, finding: Finding) -> set[str]:
    """Each set of each file has an outcome; the digests that wait for a person: their practice is not known, or was not yet."""
    outcomes = {(row["file_id"], row["number"]): row for row in rows.sets}
    read = {(one.file_digest, one.number): one for one in sets.sets}
    unclaimed: set[str] = set()
    for file in rows.inbound():
        if file["state"] == "duplicate":
            continue
        for number, (kind, digest) in enumerate(sets.kinds.get(file["digest"], ()), start=1):
            if kind == "835":
                outcome = outcomes.get((file["id"], number))
                unclaimed |= _check_outcome(file["name"], read[file["digest"], number], outcome, digest, finding)
    return unclaimed


def _check_copies(case: Case, rows: ExchangeRows, finding: Finding) -> None:
    """What is called a copy is one of something that was worked on, and nothing was worked on twice."""
    taken = {row["digest"] for row in rows.inbound() if row["state"] == "processed"}
    for file in rows.inbound():
        if file["state"] == "duplicate" and file["digest"] not in taken:
            finding.violate("a file is called a copy and is none", file["name"])
    first = Counter((row["practice"], row["kind"], row["digest"]) for row in rows.sets if row["state"] == "processed")
    for place, count in first.items():
        if count > 1:
            finding.violate("a set was worked on more than once", *place)
    for row in rows.sets:
        if not case.is_mine(row["practice"]):
            continue
        if row["state"] == "duplicate" and not first[row["practice"], row["kind"], row["digest"]]:
            finding.violate("a set is called a copy and is none", row["practice"], row["file_id"], row["number"])


def _check_outcome(name: str, one: RemittanceSet, outcome: Any, digest: str, finding: Finding) -> set[str]:
    where = (name, one.where)
    if outcome is None:
        finding.violate("a set of a file has no outcome", *where)
        return set()
    if outcome["digest"] != digest:
        finding.violate("a set was understood differently", *where)
    if outcome["state"] != "refused":
        if not one.is_sound:
            finding.violate("a set that did not come whole was worked on", *where)
        return {digest} if outcome["state"] == "unclaimed" else set()
    if one.is_usable:
        finding.violate("a set was refused that came whole and can be read", *where)
    return set()


def _check_folder(case: Case, rows: ExchangeRows, finding: Finding) -> None:
    """What lies in inbound was taken."""
    if not case.bounds.at_rest or case.practice is not None:
        return
    taken = {(row["name"], row["digest"]) for row in rows.inbound()}
    unreadable = {row["name"] for row in rows.inbound() if not row["digest"]}
    for name in case.evidence.inbound.names():
        data = case.evidence.inbound.read(name)
        if data is not None and (name, sha256(data).hexdigest()) not in taken and name not in unreadable:
            finding.violate("a file lies in inbound and was not taken", name)


async def balanced(case: Case, finding: Finding) -> None:
    """I5: weigh each set from its bytes; what balances is posted whole, what does not is quarantined and touched nothing."""
    sets = await case.once(inbound_sets)
    kept = await case.once(kept_remittances)
    read = {(one.practice, one.digest): one for one in sets.sets if one.is_sound}
    ledger = _Ledger(
        {(row["practice"], row["remittance_id"]): row for row in await case.table(REMIT, _JOURNALS)},
        defaultdict(list),
    )
    for row in await case.table(REMIT, _ADJUSTMENTS):
        place = (row["practice"], row["remittance_id"])
        ledger.adjustments[place].append(row)
        ledger.suspense[place] -= row["cents"] if row["account"] == "suspense" else 0
    for row in await case.once(kept_payments):
        ledger.suspense[row["practice"], row["remittance_id"]] += row["suspense_cents"]
        amount = row["paid_cents"] + row["suspense_cents"] + row["moved_cents"]
        ledger.payments[row["practice"], row["remittance_id"]].append((row["ordinal"], amount))
    posted = {each.identity for each in kept if each.state == "posted"}
    aside = await case.once(put_aside)
    for each in kept:
        finding.figures[each.state] += 1
        one = read.get((each.practice, each.body_digest))
        if one is None:
            continue
        finding.checked += 1
        _check_header(each, one, finding)
        _check_posting(each, one, ledger, finding)
        if each.state == "conflict" and (each.identity not in posted or not each.amount_cents):
            finding.violate("a remittance is in conflict with none", each.practice, each.number)
        if each.state == "staged" and _is_stuck(case, each) and not aside.excuses_practice(REMIT, each.practice):
            finding.violate("a remittance that came is still not settled", each.practice, each.number)
    finding.figures["claims in quarantine"] = sum(each.payments for each in kept if each.state == "quarantined")


def _is_stuck(case: Case, each: KeptRemittance) -> bool:
    bounds = case.bounds
    return bounds.at_rest and bool(case.evidence.now - each.staged_at >= bounds.stuck_after)


class _Ledger:
    """What remit-svc has of each remittance."""

    def __init__(self, journals: dict[Any, Any], payments: dict[Any, list[tuple[int, int]]]) -> None:
        self.journals = journals
        self.payments = payments
        self.adjustments: dict[Any, list[Any]] = defaultdict(list)
        self.suspense: Counter[Any] = Counter()


def _check_adjustments(
    where: tuple[Any, ...], one: RemittanceSet, rows: list[Any], journals: Any, finding: Finding
) -> None:
    """Each reason of each PLB is kept as the file says it, and what is on the accounts of reasons is their sum."""
    said = [(reason, cents(amount)) for reason, amount in one.remittance.adjusted]
    if Counter(said) != Counter((row["reason"], row["cents"]) for row in rows):
        finding.violate("a remittance's provider adjustments are not what its file says", *where)
    on_accounts = sum(row["cents"] for row in rows if row["account"].startswith("plb."))
    if any(row["account"] not in (f"plb.{row['reason']}", *_BESIDE) for row in rows) or on_accounts != (
        journals["plb"] if journals else 0
    ):
        finding.violate("provider adjustments are on other accounts than those of their reasons", *where)


def _check_header(each: KeptRemittance, one: RemittanceSet, finding: Finding) -> None:
    said = one.remittance
    header = (said.trace_originator, said.trace_number, said.paid_on, cents(said.amount), said.payee)
    if (each.practice, *header) != each.identity or each.payments != len(said.payments):
        finding.violate("a remittance is kept with another header than its file has", each.practice, each.number)


def _check_posting(each: KeptRemittance, one: RemittanceSet, ledger: _Ledger, finding: Finding) -> None:
    where = (each.practice, each.number, one.where)
    place = (each.practice, each.number)
    journals, payments = ledger.journals.get(place), sorted(ledger.payments.get(place, ()))
    if each.state == "quarantined" and one.remittance.balances:
        finding.violate("a remittance is quarantined although it balances", *where)
    if each.state != "posted":
        if journals is not None or payments:
            finding.violate("a remittance is not posted and is on the ledger", *where)
        return
    if not one.remittance.balances:
        finding.violate("a remittance is posted although it does not balance", *where)
    if payments != [(number, cents(payment.paid)) for number, payment in enumerate(one.remittance.payments, start=1)]:
        finding.violate("a remittance is not posted payment by payment", *where)
    if (journals["cash"] if journals else 0) != cents(one.remittance.amount):
        finding.violate("a remittance's cash is not its amount", *where)
    _check_adjustments(where, one, ledger.adjustments.get(place, []), journals, finding)
    if (journals["suspense"] if journals else 0) != ledger.suspense[place]:
        finding.violate("what a remittance has in suspense is not what its payments and adjustments say", *where)
    if journals is not None and journals["own"] > 1:
        finding.violate("a remittance has more than one journal of its own", *where)
