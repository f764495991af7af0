"""kill -9 of every service in the middle of five hundred encounters: nothing is lost, and nothing happens twice."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random
from signal import SIGKILL

import httpx2
import orjson
import pytest

from .builders import a_service, an_encounter
from .running_stack import CLAIM, CODING, DENIAL, GATEWAY, NDJSON, REMIT, SERVICES, SIMULATOR, TO_PARTNERS, taken, until

ENCOUNTERS = 500
IN_ONE_REQUEST = 25
ROUNDS = 2
VICTIMS = [*(service.name for service in SERVICES), SIMULATOR]
IN_ONE_ROUND = [*VICTIMS, GATEWAY.name]
"""The gateway twice: what it does cannot be rolled back."""
SEED = 20260916
PATIENCE_SECONDS = 60.0


def the_encounters():
    """Most are clean; some are denied, have two payers, are held or have none."""
    kinds = [{}] * 14 + [
        {"services": [a_service("99213", "155.00"), a_service("A9270", "75.00")]},
        {"services": [a_service("A9270", "75.00")]},
        {"coverages": [{"payer": "aetna", "member_id": "M"}, {"payer": "blue-cross", "member_id": "B"}]},
        {"coverages": []},
        {"services": [a_service("82947", "19.00")], "diagnoses": [{"code": "S93.401A"}]},
    ]
    for number in range(ENCOUNTERS):
        changes = dict(kinds[number % len(kinds)])
        if changes.get("coverages"):
            changes["coverages"] = [
                {**each, "member_id": f"{each['member_id']}{number:07}"} for each in changes["coverages"]
            ]
        yield an_encounter(**changes)


def post_until_taken(stack, practice, lines, key):
    """As an EHR does: the same request with the same key until it is answered."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = stack.send(practice, b"\n".join(lines), NDJSON, **{"Idempotency-Key": key})
        except httpx2.TransportError:
            answer = None
        if answer is not None and answer.status_code not in {409, 429, 503}:
            return taken(answer)
        assert time.monotonic() < deadline, "intake did not come back"
        time.sleep(0.1)


def wait_for_a_bad_moment(stack, victim, random):
    """In the middle of whatever it does; the gateway just after a file has left, before its database can know of it."""
    time.sleep(random.uniform(0.0, 0.4))
    if victim == GATEWAY.name:
        files = len(list(stack.outbound.glob(TO_PARTNERS)))
        until(lambda: len(list(stack.outbound.glob(TO_PARTNERS))) > files, "a file to leave", pause=0.0005)


@pytest.fixture(scope="module")
def survived(stack, practice):
    """The ids of all encounters that were taken, after everything has come to rest; how often each victim was killed."""
    random = Random(SEED)  # noqa: S311  who is killed when, not a secret
    lines = [orjson.dumps(each) for each in the_encounters()]
    requests = [lines[start : start + IN_ONE_REQUEST] for start in range(0, ENCOUNTERS, IN_ONE_REQUEST)]
    victims = [name for _ in range(ROUNDS) for name in random.sample(IN_ONE_ROUND, len(IN_ONE_ROUND))]
    before = {name: stack.restarts(name) for name in VICTIMS}
    ids, decided, killed = [], [], Counter()
    with ThreadPoolExecutor(1) as ehr:
        for number, request in enumerate(requests):
            posting = ehr.submit(post_until_taken, stack, practice, request, f"killed-{number}")
            if victims:
                victim = victims.pop()
                process = stack.process(victim)
                wait_for_a_bad_moment(stack, victim, random)
                process.send(SIGKILL)
                killed[victim] += 1
                decided.append(stack.value(REMIT.name, DECISIONS, practice))
                stack.until_back(victim, before[victim] + killed[victim])
            ids += posting.result()
    assert not victims
    stack.until_quiet()
    everything = stack.value(REMIT.name, DECISIONS, practice)
    assert decided[-1] < everything, "the last kill came after the work was done"
    return ids


DECISIONS = "SELECT count(*) FROM payments WHERE practice = $1"


def test_every_victim_was_killed_and_came_back(stack, survived):
    assert {name: stack.restarts(name) >= ROUNDS for name in VICTIMS} == dict.fromkeys(VICTIMS, True)


def test_every_encounter_that_was_taken_is_in_one_place(stack, practice, survived):
    kept = stack.rows(CODING.name, "SELECT id::text, version, state FROM encounters WHERE practice = $1", practice)
    claims = stack.rows(CLAIM.name, "SELECT encounter_id::text AS id FROM claims WHERE practice = $1", practice)
    self_pay = stack.rows(
        CLAIM.name, "SELECT encounter_id::text AS id FROM self_pay_visits WHERE practice = $1", practice
    )

    assert len(set(survived)) == len(survived) == ENCOUNTERS
    assert {row["id"] for row in kept} == set(survived)
    assert {(row["version"], row["state"]) for row in kept} == {(1, "coded")}
    assert Counter(row["id"] for row in (*claims, *self_pay)) == Counter(survived)


def test_every_submission_was_sent_once(stack, practice, survived):
    submissions = stack.rows(
        CLAIM.name,
        "SELECT c.control_number, s.ordinal, s.state FROM submissions s JOIN claims c ON c.practice = s.practice"
        " AND c.id = s.claim_id WHERE s.practice = $1",
        practice,
    )
    sent = stack.sent({row["control_number"] for row in submissions})
    kept = stack.rows(
        GATEWAY.name, "SELECT control_number, ordinal FROM submissions WHERE practice = $1 AND state = 'sent'", practice
    )

    assert Counter((claim.number, claim.ordinal) for claim in sent) == Counter(
        (row["control_number"], row["ordinal"]) for row in submissions
    )
    assert Counter((claim.number, claim.ordinal) for claim in sent) == Counter(
        (row["control_number"], row["ordinal"]) for row in kept
    )
    assert {row["state"] for row in submissions} == {"payer_accepted"}
    envelopes = {
        (claim.origin.receiver, claim.origin.interchange, claim.origin.number): claim.origin.file for claim in sent
    }
    assert len(envelopes) == len({(claim.origin.file, claim.origin.number) for claim in sent})


def test_every_remittance_was_posted_once(stack, practice, survived):
    claims = stack.rows(CLAIM.name, "SELECT id, control_number FROM claims WHERE practice = $1", practice)
    remitted = stack.remitted({row["control_number"] for row in claims})
    posted = stack.rows(
        REMIT.name, "SELECT id, state, file_name, payments FROM remittances WHERE practice = $1", practice
    )
    journals = stack.rows(
        REMIT.name,
        "SELECT remittance_id, count(*) FILTER (WHERE kind = 'remittance') AS own, count(*) FILTER (WHERE kind = 'payment') AS paid"
        " FROM journals WHERE practice = $1 AND remittance_id IS NOT NULL GROUP BY 1",
        practice,
    )

    assert Counter(each.origin.file.name for each in remitted) == Counter(row["file_name"] for row in posted)
    assert {row["state"] for row in posted} == {"posted"}
    assert sum(row["paid"] for row in journals) == sum(row["payments"] for row in posted)
    paid_for = Counter(
        (payment.number, line.number) for each in remitted for payment in each.payments for line in payment.lines
    )
    assert set(paid_for.values()) == {1}, "the payer decided on a line twice: it was billed twice"


def test_the_ledger_sums_to_zero_and_cash_is_what_came(stack, practice, survived):
    ledger = stack.get(REMIT.name, practice, "/counts")["ledger_cents"]
    numbers = {
        row["control_number"]
        for row in stack.rows(CLAIM.name, "SELECT control_number FROM claims WHERE practice = $1", practice)
    }
    charged = stack.rows(CLAIM.name, "SELECT total_charge_cents AS cents FROM claims WHERE practice = $1", practice)
    own = stack.rows(
        CLAIM.name, "SELECT total_charge_cents AS cents FROM self_pay_visits WHERE practice = $1", practice
    )

    assert sum(ledger.values()) == 0
    assert ledger["revenue"] == -sum(row["cents"] for row in (*charged, *own))
    assert Decimal(ledger["cash"]) == sum(each.paid for each in stack.remitted(numbers)) * 100 > 0
    assert ledger["payer.paid"] + ledger["payer.remitted"] == 0


def test_every_refusal_has_one_case(stack, practice, survived):
    refused = stack.rows(REMIT.name, "SELECT claim_id FROM payments WHERE practice = $1 AND denied_cents > 0", practice)
    cases = stack.rows(DENIAL.name, "SELECT claim_id FROM cases WHERE practice = $1 AND kind = 'refusal'", practice)

    assert Counter(row["claim_id"] for row in cases) == Counter(row["claim_id"] for row in refused)
    assert len(cases) > 0


def test_nothing_is_left_over(stack, practice, survived):
    for service in SERVICES:
        letters = stack.rows(service.name, "SELECT topic, reason FROM dead_letters WHERE practice = $1", practice)
        unsent = stack.value(service.name, "SELECT count(*) FROM outbox_queue")
        waiting = stack.value(service.name, "SELECT count(*) FROM waiting")
        assert (letters, unsent, waiting) == ([], 0, 0), service.name
    assert [path.name for path in stack.outbound.iterdir() if path.suffix != ".837"] == []


def test_every_audit_chain_holds(stack, survived):
    assert {service.name: stack.audit_fault(service.name) for service in SERVICES} == {
        service.name: None for service in SERVICES
    }
