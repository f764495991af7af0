"""I1 to I13 of one schedule at rest: what the databases, the topics and the files say must fit together, and fit what was done."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from uuid import UUID, uuid5

from claimstream_schemas import ClaimSubmitted
from clearinghouse_gw.mailbox import FolderMailbox

from .bus import id_in, said_in
from .disk import EXCHANGE, SimulatedPath
from .evidence import Evidence, heard_by, place_in
from .members import CLAIM, CODING, DENIAL, GATEWAY, NAMES, REMIT
from .payer import INBOUND, OUTBOUND, Paid
from .payer_texts import read_837

Check = Callable[[Evidence], Iterator[str]]


def intake(evidence: Evidence) -> Iterator[str]:
    """I1: what was acknowledged exists, in that version, and stands in exactly one place."""
    encounters = {row["id"]: row for row in evidence.of(CODING, "encounters")}
    versions = {(row["encounter"], row["version"]) for row in evidence.of(CODING, "versions")}
    claims, voided = (
        Counter(row["encounter_id"] for row in evidence.of(CLAIM, "claims") if row["state"] in states)
        for states in (("held", "released"), ("voided",))
    )
    visits = Counter(row["encounter_id"] for row in evidence.of(CLAIM, "self_pay_visits"))
    for posted in evidence.schedule.ehr.posted:
        if posted.answer is None:
            yield "the EHR was never answered"
        elif (posted.answer["id"], posted.answer["version"]) not in versions:
            yield f"encounter {posted.answer['id']} version {posted.answer['version']} was acknowledged and is lost"
    for name, row in encounters.items():
        places = [row["state"]]
        if row["state"] == "coded":
            billed = ["claim"] * claims[name] + ["self-pay"] * visits[name]
            places = billed or ["voided"] * min(voided[name], 1)
        if len(places) != 1 or places == ["received"]:
            yield f"encounter {name} stands in {places}"
    if len(versions) != sum(row["version"] for row in encounters.values()):
        yield "encounters have versions that nobody told"
    if evidence.of(CODING, "work"):
        yield "coding work is left"


def claims(evidence: Evidence) -> Iterator[str]:
    """I2: each charge line is on exactly one live claim; at most one live submission per payer sequence."""
    live = {row["line_id"]: row["claim_id"] for row in evidence.of(CLAIM, "charge_lines") if row["is_live"]}
    lines = [(line, row["id"]) for row in evidence.of(CLAIM, "claims") for line in row["lines"]]
    if len(lines) != len({line for line, _ in lines}) or live != dict(lines):
        yield "charge lines and claims do not agree"
    submissions = evidence.of(CLAIM, "submissions")
    by_claim = Counter(row["claim_id"] for row in submissions)
    alive = Counter((row["claim_id"], row["payer_sequence"]) for row in submissions if row["is_live"])
    latest = {row["id"]: row["version"] for row in evidence.of(CODING, "encounters") if row["state"] == "coded"}
    waiting = {
        (row[each], row["encounter_version"])
        for row in evidence.of(CLAIM, "corrections")
        for each in ("claim_id", "encounter_id")
    }
    for claim in evidence.of(CLAIM, "claims"):
        if by_claim[claim["id"]] != claim["submissions"]:
            yield f"claim {claim['id']} counts {claim['submissions']} submissions and has {by_claim[claim['id']]}"
        live = sum(count for (number, _), count in alive.items() if number == claim["id"])
        if (claim["state"] == "released" and not claim["submissions"]) or (claim["state"] != "released" and live):
            yield f"claim {claim['id']} is {claim['state']} with {claim['submissions']} submissions, {live} live"
        wanted = latest.get(claim["encounter_id"], claim["version"])
        waits = (claim["id"], wanted) in waiting or (claim["encounter_id"], wanted) in waiting
        if claim["state"] != "withdrawn" and claim["version"] != wanted and not waits:
            yield f"claim {claim['id']} has version {claim['version']}, its encounter {wanted}"
    yield from (
        f"claim {claim} has {count} live submissions for {sequence}"
        for (claim, sequence), count in alive.items()
        if count > 1
    )


def prices(evidence: Evidence) -> Iterator[str]:
    """I2: no submission to a first payer left without the contract that its practice names."""
    bus = evidence.schedule.bus
    for record in bus.records("claim.submitted"):
        if id(record) in bus.foreign or record.value is None:
            continue
        said = ClaimSubmitted.from_bytes(record.value)
        if said.payer_sequence == "P" and said.contract_version is None:
            yield f"submission {said.submission_id} was priced by nothing"


def exchange(evidence: Evidence) -> Iterator[str]:
    """I3: no submission left twice, none is marked sent without a file, no number was given twice."""
    schedule = evidence.schedule
    sent = {
        (row["control_number"], row["ordinal"]) for row in evidence.of(GATEWAY, "submissions") if row["state"] == "sent"
    }
    there = {name: file.data for name, file in schedule.disk.files(OUTBOUND).items()}
    told = {row["id"] for row in evidence.of(CLAIM, "submissions")}
    queued = {row["id"] for row in evidence.of(GATEWAY, "submissions")}
    files = {row["name"]: row for row in evidence.of(GATEWAY, "files") if row["direction"] == "outbound"}
    times = Counter(
        (claim.control_number, claim.ordinal) for name, data in there.items() for claim in read_837(name, data)
    )
    if set(times) != sent or any(count != 1 for count in times.values()):
        yield f"{len(sent)} submissions are marked sent, the folder holds {dict(times)}"
    if told != queued:
        yield "claim-svc and the gateway know different submissions"
    if any(row["state"] in ("queued", "prepared") for row in evidence.of(GATEWAY, "submissions")):
        yield "a submission has not left"
    if {name for name, row in files.items() if row["state"] == "sent"} != set(there):
        yield f"files marked sent {sorted(files)}, in the folder {sorted(there)}"
    yield from _seen_by_partner(evidence, there)
    yield from _archive(evidence, there)


def _seen_by_partner(evidence: Evidence, there: dict[str, bytes]) -> Iterator[str]:
    payer, disk = evidence.schedule.payer, evidence.schedule.disk
    files = {row["name"]: row for row in evidence.of(GATEWAY, "files") if row["direction"] == "outbound"}
    for name, data in there.items():
        if name in files and files[name]["digest"] != hashlib.sha256(data).hexdigest():
            yield f"file {name} has another digest"
        if payer.taken.get(name, data) != data:
            yield f"file {name} has other bytes than the partner took"
    if payer.twice:
        yield f"files {payer.twice} came again with other bytes"
    for name, count in Counter(name for name, _ in disk.appeared).items():
        if count > 1:
            yield f"file {name} was put into the folder {count} times"


def _archive(evidence: Evidence, outbound: dict[str, bytes]) -> Iterator[str]:
    disk = evidence.schedule.disk
    mailbox = FolderMailbox(SimulatedPath(disk, EXCHANGE))  # type: ignore[arg-type]
    taken = {(row["name"], row["digest"]) for row in evidence.of(GATEWAY, "files") if row["direction"] == "inbound"}
    for name, file in disk.files(INBOUND).items():
        if not name.endswith(".part") and (name, hashlib.sha256(file.data).hexdigest()) not in taken:
            yield f"inbound file {name} was never taken"
    for digest in sorted(
        {hashlib.sha256(data).hexdigest() for data in outbound.values()} | {digest for _, digest in taken}
    ):
        kept = mailbox.archived(digest)
        if kept is None or hashlib.sha256(kept).hexdigest() != digest:
            yield f"the archive does not have {digest}"


def remittances(evidence: Evidence) -> Iterator[str]:
    """I4, I5: each remittance is there once whatever its name, copy or envelope; posted when it balances, else not at all."""
    payer = evidence.schedule.payer
    arrived = {paid.identity: paid for paid in payer.remittances if paid.arrived}
    rows: dict[tuple[str, ...], list[str]] = {}
    groups: dict[tuple[str, Decimal], list[str]] = {}
    for row in evidence.of(REMIT, "remittances"):
        paid = payer.named.get(row["file_name"])
        if paid is None:
            yield f"remittance {row['id']} came from no file of the partner"
            continue
        rows.setdefault(paid.identity, []).append(row["id"])
        if not paid.balances and row["state"] != "quarantined":
            yield f"I5: remittance {row['id']} does not balance and is {row['state']}"
        if paid.balances:
            groups.setdefault((paid.trace, paid.amount), []).append(row["state"])
    for identity, paid in arrived.items():
        if len(rows.get(identity, [])) != 1:
            yield f"I4: trace {paid.trace} is there {len(rows.get(identity, []))} times"
    for (trace, amount), states in groups.items():
        posted = states.count("posted")
        wanted = 1 if amount else len(states)
        if posted != wanted or states.count("conflict") != len(states) - wanted:
            yield f"I4: trace {trace} stands as {states}"


def copies(evidence: Evidence) -> Iterator[str]:
    """I4: what came whole is worked on or a copy, and what is called a copy is one of something that was worked on."""
    files = [row for row in evidence.of(GATEWAY, "files") if row["direction"] == "inbound"]
    sets = evidence.of(GATEWAY, "sets")
    worked_on = {row["digest"] for row in files if row["state"] == "processed"}
    for row in files:
        if row["state"] == "duplicate" and row["digest"] not in worked_on:
            yield f"file {row['name']} is called a copy, and nothing has its bytes"
    states = {(row["name"], row["digest"]): row["state"] for row in files}
    for name, data in evidence.schedule.payer.dropped:
        state = states.get((name, hashlib.sha256(data).hexdigest()), "processed")  # overwritten before anybody looked
        if state not in ("processed", "duplicate"):
            yield f"file {name} came whole and is {state}"
    first = Counter((row["kind"], row["digest"]) for row in sets if row["state"] == "processed")
    if any(count > 1 for count in first.values()):
        yield "a set was worked on twice"
    if any(row["state"] == "duplicate" and not first[row["kind"], row["digest"]] for row in sets):
        yield "a set is called a copy, and nothing has its content"


def ledger(evidence: Evidence) -> Iterator[str]:
    """I6, I7: journals sum to zero, cash is what was remitted, each claim has what its payers paid, and its charges."""
    entries = evidence.of(REMIT, "entries")
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry["journal_id"]] += entry["cents"]
    if any(sums.values()):
        yield "a journal does not sum to zero"
    states = {row["id"]: row for row in evidence.of(REMIT, "remittances")}
    named = evidence.schedule.payer.named
    posted = {
        name: named[row["file_name"]]
        for name, row in states.items()
        if row["state"] == "posted" and row["file_name"] in named
    }
    cash = sum(entry["cents"] for entry in entries if entry["account"] == "cash")
    if cash != sum(int(paid.amount * 100) for paid in posted.values()):
        yield f"cash is {cash}, posted remittances say otherwise"
    yield from _payments(evidence, posted)
    charges = {row["id"]: row["cents"] for row in evidence.of(CLAIM, "claims")}
    accounts = {row["claim_id"]: row for row in evidence.of(REMIT, "accounts") if row["claim_id"]}
    if charges != {claim: row["cents"] for claim, row in accounts.items()}:
        yield "the books have other charges than the claims"
    revenue: Counter[str] = Counter()
    for entry in entries:
        revenue[entry["account_id"]] -= entry["cents"] if entry["account"] == "revenue" else 0
    if any(revenue[row["id"]] != row["cents"] for row in evidence.of(REMIT, "accounts")):
        yield "revenue is not what was charged"
    ordinals = Counter((row["claim_id"], row["ordinal"]) for row in evidence.of(CLAIM, "submissions"))
    if ordinals != Counter((claim, ordinal) for claim, row in accounts.items() for ordinal in row["ordinals"]):
        yield "the books know other submissions than claim-svc"


def _payments(evidence: Evidence, posted: dict[str, Paid]) -> Iterator[str]:
    claims_ = {row["control_number"]: row["id"] for row in evidence.of(CLAIM, "claims")}
    payments = {row["remittance_id"]: row for row in evidence.of(REMIT, "payments")}
    if set(payments) != set(posted) or len(payments) != len(evidence.of(REMIT, "payments")):
        yield "I5: payments and posted remittances do not agree"
        return
    due: Counter[str] = Counter()
    for name, paid in posted.items():
        row = payments[name]
        total = sum(int(each.paid * 100) for _, lines in paid.lines for each in lines) + int(paid.strangers * 100)
        if row["paid_cents"] + row["suspense_cents"] != total:
            yield f"remittance {name} paid {total}, posted are {row['paid_cents']} and {row['suspense_cents']}"
        if row["suspense_cents"] and paid.lines and not paid.is_reversal:
            yield f"remittance {name} is in suspense though the claim is ours"
        for claim, _ in paid.lines:
            due[claims_[claim.control_number]] += row["paid_cents"]
    got: Counter[str] = Counter()
    for entry in evidence.of(REMIT, "entries"):
        got[entry["account_id"]] += entry["cents"] if entry["account"] == "payer.paid" else 0
    if any(got[claim] != cents for claim, cents in due.items()):
        yield "I7: a claim was not paid what its payers remitted"
    told = Counter(name for row in evidence.of(CLAIM, "claims") for name in row["decisions"])
    decided = Counter(name for name, row in payments.items() if row["outcome"] != "suspended")
    if told != decided:
        yield "claim-svc knows other decisions than were posted"


def denials(evidence: Evidence) -> Iterator[str]:
    """I13: one case per remittance, payment, claim, line, group and CARC; what is no charge any more, or left nothing to a payer behind, needs none."""
    cases = evidence.of(DENIAL, "cases")
    names = ("remittance_id", "payment_ordinal", "claim_id", "line_id", "adjustment_group", "carc")
    if any(count > 1 for count in Counter(tuple(row[name] for name in names) for row in cases).values()):
        yield "a refusal has two cases"
    payer = evidence.schedule.payer
    opened = Counter(row["remittance_id"] for row in cases)
    charged = {row["id"]: row["cents"] for row in evidence.of(CLAIM, "claims")}
    claims_ = {row["control_number"]: row["id"] for row in evidence.of(CLAIM, "claims")}
    first = {(row["claim_id"], row["ordinal"]): row["payer_sequence"] for row in evidence.of(CLAIM, "submissions")}
    for row in evidence.of(REMIT, "remittances"):
        paid = payer.named.get(row["file_name"])
        wanted = paid.refused if paid is not None and row["state"] == "posted" else 0
        found = opened.pop(row["id"], 0)
        billed = sum(int(line.charge * 100) for claim, _ in paid.lines for line in claim.lines) if paid else 0
        claims_paid = [(claims_[claim.control_number], claim.ordinal) for claim, _ in paid.lines] if paid else []
        is_less = any(charged[claim] < billed or first.get((claim, ordinal)) != "P" for claim, ordinal in claims_paid)
        if found > wanted or (found < wanted and not is_less):
            yield f"remittance {row['id']} refused {wanted} lines, there are {found} cases"
    if opened:
        yield f"{len(opened)} remittances that are not there have cases"


def events(evidence: Evidence) -> Iterator[str]:
    """I9, I10, I11: topics and outboxes hold the same events, each at its place, in order per key; each consumer has seen each once."""
    said: dict[str, tuple[str, int, int, int]] = {}
    for name in NAMES:
        yield from _numbers(evidence, name, said)
    yield from _topics(evidence, said)
    effects = evidence.schedule.effects()
    for name in NAMES:
        if evidence.of(name, "waiting"):
            yield f"I11: events wait in {name}"
        heard = heard_by(evidence.schedule, name)
        taken = [
            (row["source"], row["era"], row["number"], int(row["places"][at : at + 4], 16))
            for row in evidence.of(name, "inbox")
            for at in range(0, len(row["places"]), 16)
        ]
        if len(taken) != len(set(taken)) or not heard.ours <= set(taken):
            yield f"I11: {name} took {len(taken)} events, {len(heard.ours)} lie in its topics"
        foreign = [(row["topic"], row["partition"], row["record_offset"]) for row in evidence.of(name, "inbox_foreign")]
        if heard.foreign != set(foreign):
            yield f"I11: {name} took {len(foreign)} records of others, {len(heard.foreign)} lie in its topics"
        if effects[name] > len(heard):
            yield f"I11: {name} worked {effects[name]} times on {len(heard)} events"


def _numbers(evidence: Evidence, service: str, said: dict[str, tuple[str, int, int, int]]) -> Iterator[str]:
    """Each unit has a number, none is missing, and no event is said twice; ``said`` becomes where each event stands."""
    rows = sorted(evidence.of(service, "outbox"), key=lambda row: (row["era"] or 0, row["number"] or 0))
    if evidence.of(service, "queue"):
        yield f"I10: {service} has unsent units"
    numbers = [row["number"] or 0 for row in rows]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield f"I9: {service} left numbers out: {numbers}"
    copies = {str(uuid5(UUID(row["event_id"]), f"dead\x1f{service}")): False for row in evidence.of(service, "letters")}
    for row in rows:
        for index in range(len(row["ids"]) // 32):
            name = str(UUID(row["ids"][index * 32 : (index + 1) * 32]))
            if name in said or copies.get(name):
                yield f"I9: {service} said {name} twice"
            if name in copies:
                copies[name] = True
            elif row["practice"] != "claimstream":
                said[name] = (f"/{service}", row["era"], row["number"], index)
    if not all(copies.values()):
        yield f"I12: {service} made no copies of {len(copies) - sum(copies.values())} dead letters"


def _topics(evidence: Evidence, said: dict[str, tuple[str, int, int, int]]) -> Iterator[str]:
    """What lies in the topics, whoever hears it, against what was said: the same events, at the same places, in the order of the commits."""
    bus = evidence.schedule.bus
    commits = {str(name): at for each in NAMES for at, name in enumerate(evidence.schedule.members[each].database.said)}
    of_key: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    seen: set[str] = set()
    for record in bus.records():
        if id(record) in bus.foreign or record.topic.endswith((".dead", ".sealed")):
            continue
        name, source = id_in(record.headers), said_in(record.headers, "ce_source")
        era, number, index = place_in(record.headers)
        if said.get(name) != (source, era, number, index):
            yield f"I9: {record.topic} {record.key}: {name} stands at {era}.{number}.{index}, said was {said.get(name)}"
        sequence = int(said_in(record.headers, "ce_sequence"))
        if sequence != (era * 2**40 + number) * 1024 + index:
            yield f"I9: {record.topic} {record.key}: {sequence} does not stand for {era}.{number}.{index}"
        if name in seen:
            continue
        seen.add(name)
        of_key[source, record.key].append((record.topic, sequence, commits.get(name, -1)))
    yield from _orders(of_key)
    if seen != set(said):
        yield f"I10: {len(set(said) - seen)} events were never sent, {len(seen - set(said))} come from nowhere"


def _orders(of_key: dict[tuple[str, str], list[tuple[str, int, int]]]) -> Iterator[str]:
    """What one source says of a key, as topic, sequence and commit: a topic has it by sequence, and sequences follow the commits."""
    for (source, key), told in of_key.items():
        for topic in {each[0] for each in told}:
            sequences = [each[1] for each in told if each[0] == topic]
            if sequences != sorted(set(sequences)):
                yield f"I9: {topic} {key}: {source} comes in another order than its sequence: {sequences}"
        committed = [each[2] for each in sorted(told, key=lambda each: each[1])]
        if committed != sorted(set(committed)):
            yield f"I9: {key}: {source} has another order than its commits: {committed}"


def dead_letters(evidence: Evidence) -> Iterator[str]:
    """I12: a dead letter keeps bytes, topic, partition, offset and key; only what cannot be read stays given up."""
    bus = evidence.schedule.bus
    foreign = {
        (record.topic, record.partition, record.offset): record for record in bus.records() if id(record) in bus.foreign
    }
    for name in NAMES:
        topics = evidence.schedule.members[name].topics
        letters = {(row["topic"], row["partition"], row["record_offset"]): row for row in evidence.of(name, "letters")}
        for place, record in foreign.items():
            if record.topic not in topics:
                continue
            row = letters.pop(place, None)
            digest = hashlib.sha256(record.value).hexdigest() if record.value is not None else None
            if row is None or (row["digest"], row["key"], row["state"]) != (digest, record.key, "discarded"):
                yield f"{name}: the poison at {place} stands as {row and row['state']}"
        for place, row in letters.items():
            if row["state"] != "redriven":
                yield f"{name}: a sound event at {place} is {row['state']} ({row['error_class']})"


CHECKS: dict[str, Check] = {
    "I1": intake,
    "I2": claims,
    "I2 prices": prices,
    "I3": exchange,
    "I4": copies,
    "I4 I5": remittances,
    "I6 I7": ledger,
    "I9 I10 I11": events,
    "I12": dead_letters,
    "I13": denials,
}


def violations(evidence: Evidence) -> list[str]:
    """What must never be, and is."""
    return [f"{name}: {said}" for name, check in CHECKS.items() for said in check(evidence)]
