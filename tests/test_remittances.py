"""Remittances that came wrong, or came again: they are kept and named, nothing of them is posted by half, and a person is told what to do."""

from dataclasses import replace
from itertools import count

import pytest
from claimstream_kit.auth import INSTALLATION

from .builders import a_practice, an_encounter
from .remittance_builders import A835
from .running_stack import GATEWAY, REMIT, until

NUMBERS = count(9001)
CLAIMS = 32
PAIRS = 8
OK, UNSEEN = 200, 404
PAIR = ("paid", "reversed")


@pytest.fixture(scope="module")
def unpaid(stack, practice):
    """Claims that their payer never answers, so that only the tests pay them."""
    encounters = stack.post(practice, *(an_encounter(member_id=f"MUTE{next(NUMBERS)}") for _ in range(CLAIMS)))
    stack.until_quiet()
    claims = stack.claims(practice)
    assert len(claims) == len(encounters)
    return iter(claims)


@pytest.fixture
def claim(unpaid):
    return next(unpaid)


@pytest.fixture
def remittance(practice, claim):
    """An 835 that pays it."""
    number = next(NUMBERS)
    facts = a_practice(practice)
    return A835(facts["submitter_id"], facts["npi"], claim["control_number"], trace=f"TRACE{number}", number=number)


def drop(stack, practice, name, content):
    """Put a file into the inbound folder as a partner does, wait until it is taken, and return what became of it."""
    before = versions(stack, practice, name)
    (stack.inbound / f"{name}.part").write_bytes(content)
    (stack.inbound / f"{name}.part").rename(stack.inbound / name)
    until(lambda: versions(stack, practice, name) > before, f"{name} to be taken")
    file = file_named(stack, practice, name)
    for each in file["sets"]:
        if each["told"]:
            until(lambda trace=each["trace_number"]: is_settled(stack, practice, trace), f"{name} to be settled")
    return file


def versions(stack, practice, name):
    return sum(each["name"] == name for each in inbound_files(stack, practice))


def is_settled(stack, practice, trace):
    known = remittances_of(stack, practice, trace)
    return known and all(each["state"] != "staged" for each in known)


def inbound_files(stack, practice):
    """Those with sets of the practice, and those of which nobody can tell whose they are."""
    own = stack.get(GATEWAY.name, practice, "/files", direction="inbound", limit=500)["files"]
    untied = stack.get(GATEWAY.name, INSTALLATION, "/installation/files", limit=500)["files"]
    return [*own, *(each for each in untied if each["file_id"] not in {one["file_id"] for one in own})]


def file_named(stack, practice, name):
    """What the gateway says about a file, to the practice or else to the installation; the newest of that name."""
    named = [each for each in inbound_files(stack, practice) if each["name"] == name]
    newest = max(named, key=lambda each: each["created_at"])
    with stack.http(GATEWAY.name, practice) as http:
        answer = http.get(f"/files/{newest['file_id']}")
    if answer.status_code == OK:
        return answer.json()
    return stack.get(GATEWAY.name, INSTALLATION, f"/installation/files/{newest['file_id']}")


def remittances_of(stack, practice, trace):
    listed = stack.get(REMIT.name, practice, "/remittances", limit=500)["remittances"]
    return [each for each in listed if each["trace_number"] == trace]


def ledger(stack, practice):
    return stack.get(REMIT.name, practice, "/counts")["ledger_cents"]


def test_a_remittance_of_our_own_making_is_posted(stack, practice, claim, remittance):
    drop(stack, practice, f"{remittance.trace}.835", remittance.to_bytes())

    (posted,) = remittances_of(stack, practice, remittance.trace)
    assert posted["state"] == "posted"
    assert stack.account(practice, claim["claim_id"])["balances"]["payer.paid"] == "100.00"


@pytest.mark.parametrize("kept", ["half", "without IEA", "without SE", "nothing"])
def test_a_truncated_remittance_is_refused_whole_and_the_whole_one_is_taken_later(
    stack, practice, claim, remittance, kept
):
    whole = remittance.to_bytes()
    cuts = {
        "half": whole[: whole.index(b"SVC*")],
        "without IEA": whole[: whole.index(b"IEA*")],
        "without SE": whole[: whole.index(b"SE*")],
        "nothing": b"",
    }
    name = f"{remittance.trace}.835"
    before = ledger(stack, practice)

    file = drop(stack, practice, name, cuts[kept])

    assert file["state"] == "refused"
    assert file["reason"]
    assert file["remedy"]
    assert all(each["state"] == "refused" and each["reason"] and not each["told"] for each in file["sets"])
    with stack.http(GATEWAY.name, practice, "auditor") as http:
        assert http.get(f"/files/{file['file_id']}/content").status_code == UNSEEN
    assert ledger(stack, practice) == before
    assert remittances_of(stack, practice, remittance.trace) == []

    again = drop(stack, practice, name, whole)

    assert again["state"] == "processed"
    assert stack.account(practice, claim["claim_id"])["balances"]["payer.paid"] == "100.00"


@pytest.mark.parametrize(
    ("fault", "place", "missing"),
    [
        ({"paid": "101"}, "SVC 1", "1.00"),
        ({"claim_paid": "90"}, "CLP 1", "-10.00"),
        ({"total": "207.77"}, "BPR02", "7.77"),
    ],
)
def test_an_unbalanced_remittance_is_quarantined_whole_with_the_missing_amount(
    stack, practice, unpaid, claim, remittance, fault, place, missing
):
    other = next(unpaid)
    unbalanced = replace(remittance, **fault).with_claims(replace(remittance, claim=other["control_number"]))
    before = ledger(stack, practice)

    drop(stack, practice, f"{remittance.trace}.835", unbalanced.to_bytes())

    (quarantined,) = remittances_of(stack, practice, remittance.trace)
    assert quarantined["state"] == "quarantined"
    assert place in quarantined["reason"]
    assert quarantined["missing"] == missing
    assert quarantined["remedy"]
    tasks = stack.get(REMIT.name, practice, "/tasks")["remittances"]
    assert remittance.trace in [each["trace_number"] for each in tasks]
    assert ledger(stack, practice) == before
    for each in (claim, other):
        account = stack.account(practice, each["claim_id"])
        assert account["decisions"] == []
        assert account["balances"]["receivable.open"] == "155.00"


def test_a_repeated_remittance_is_posted_once_whatever_its_name_and_envelope(stack, practice, claim, remittance):
    first = f"{remittance.trace}.835"
    drop(stack, practice, first, remittance.to_bytes())
    before = ledger(stack, practice)
    again = {
        "the same bytes by another name": (f"{remittance.trace}.copy.835", remittance.to_bytes()),
        "the same name once more": (first, remittance.to_bytes()),
        "another envelope": (
            f"{remittance.trace}.resent.835",
            replace(remittance, number=remittance.number + 500).to_bytes(),
        ),
        "other line ends": (f"{remittance.trace}.lines.835", remittance.to_bytes().replace(b"~\n", b"~\r\n")),
    }

    for name, content in again.values():
        drop(stack, practice, name, content)

    (posted,) = remittances_of(stack, practice, remittance.trace)
    assert posted["state"] == "posted"
    assert ledger(stack, practice) == before
    assert len(stack.account(practice, claim["claim_id"])["decisions"]) == 1
    copy = file_named(stack, practice, f"{remittance.trace}.copy.835")
    assert (copy["state"], first in copy["reason"]) == ("duplicate", True)
    for name in ("resent", "lines"):
        (only,) = file_named(stack, practice, f"{remittance.trace}.{name}.835")["sets"]
        assert only["state"] == "duplicate"
        assert only["reason"]


def test_a_paid_trace_with_another_content_is_a_conflict_for_a_person(stack, practice, claim, remittance):
    drop(stack, practice, f"{remittance.trace}.835", remittance.to_bytes())
    before = ledger(stack, practice)

    drop(stack, practice, f"{remittance.trace}.other.835", replace(remittance, charge="156", adjusted="56").to_bytes())

    states = {each["state"]: each for each in remittances_of(stack, practice, remittance.trace)}
    assert set(states) == {"posted", "conflict"}
    assert f"{remittance.trace}.835" in states["conflict"]["reason"]
    assert states["conflict"]["remedy"]
    assert ledger(stack, practice) == before


def test_payments_and_their_reversals_that_are_dropped_together_are_posted_as_they_were_received(
    stack, practice, unpaid, remittance
):
    """Each pair in two files: the payment first, under a name that comes last."""
    claims = [next(unpaid) for _ in range(PAIRS)]
    for claim in claims:
        number = next(NUMBERS)
        paid = replace(remittance, claim=claim["control_number"], trace=f"PAID{number}", number=number)
        back = paid.taken_back(f"BACK{number}", next(NUMBERS))
        for name, each in ((f"Z{number}.835", paid), (f"A{number}.835", back)):
            (stack.inbound / f"{name}.part").write_bytes(each.to_bytes())
            (stack.inbound / f"{name}.part").rename(stack.inbound / name)

    for claim in claims:
        until(
            lambda account=claim["claim_id"]: len(stack.account(practice, account)["decisions"]) == len(PAIR),
            "both to be posted",
        )
        account = stack.account(practice, claim["claim_id"])
        assert tuple(each["outcome"] for each in account["decisions"]) == PAIR
        assert account["balances"]["receivable.open"] == "155.00"
        kinds = [each["kind"] for each in account["entries"] if each["account"] == "payer.paid"]
        assert kinds == ["payment", "reversal"]
    tasks = stack.get(REMIT.name, practice, "/tasks")
    assert (tasks["suspense"], tasks["out_of_order"]) == ([], [])


def test_a_refused_file_stops_no_other(stack, practice, claim, remittance):
    (stack.inbound / f"{remittance.trace}.0.835").write_bytes(b"this is no X12")
    drop(stack, practice, f"{remittance.trace}.1.835", remittance.to_bytes())

    assert file_named(stack, practice, f"{remittance.trace}.0.835")["state"] == "refused"
    assert file_named(stack, practice, f"{remittance.trace}.1.835")["state"] == "processed"
