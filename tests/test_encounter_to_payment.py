"""The journey: encounters come in, become claims, go to the payers as X12, and come back as money or as a denial."""

from decimal import Decimal
from itertools import islice

import pytest
from claimstream_cli.places import checkout
from claimstream_cli.sample_encounters import synthea_bundles

from .builders import demo_practice, written_encounter
from .recount.validity import invalid_files
from .running_stack import CLAIM, CODING, DENIAL, REMIT, taken

BAY_STATE = "bay-state"
ROADS = {
    "clean": "01",
    "two coverages": "07",
    "dependent": "10",
    "inpatient": "13",
    "held": "22",
    "rejected": "30-",
    "denied": "40",
    "partly paid": "47",
    "self-pay": "60",
}
BUNDLES = 3


@pytest.fixture(scope="module")
def journey(stack):
    """The ids of the encounters by their road, after everything has come to rest."""
    stack.load(demo_practice())
    ids = stack.post(BAY_STATE, *map(written_encounter, ROADS.values()))
    for name, kind, body in islice(synthea_bundles(next((checkout() / "demo" / "synthea").glob("*.xz"))), BUNDLES):
        assert taken(stack.send(BAY_STATE, body, kind)), name
    stack.until_quiet()
    return dict(zip(ROADS, ids, strict=True))


@pytest.mark.parametrize("road", ["clean", "dependent", "inpatient"])
def test_a_clean_claim_is_accepted_paid_and_settled_but_for_the_patients_share(stack, journey, road):
    claim = stack.claim_of(BAY_STATE, journey[road])

    (submission,) = claim["submissions_sent"]
    balances = stack.account(BAY_STATE, claim["claim_id"])["balances"]
    assert (claim["state"], submission["payer_sequence"], submission["state"]) == ("released", "P", "payer_accepted")
    assert Decimal(balances["payer.paid"]) > 0
    assert balances["receivable.open"] == "0.00"
    assert not {"receivable.denied", "receivable.next_payer", "receivable.variance"} & set(balances)


def test_after_the_primary_payer_the_secondary_is_billed_and_pays(stack, journey):
    claim = stack.claim_of(BAY_STATE, journey["two coverages"])

    account = stack.account(BAY_STATE, claim["claim_id"])
    assert [each["payer_sequence"] for each in claim["submissions_sent"]] == ["P", "S"]
    assert [each["payer_sequence"] for each in account["decisions"]] == ["P", "S"]
    assert all(each["paid_cents"] > 0 for each in account["decisions"])
    assert account["balances"]["receivable.open"] == account["balances"]["receivable.next_payer"] == "0.00"


def test_a_denied_claim_opens_a_case_with_its_cause_and_deadline(stack, journey):
    claim = stack.claim_of(BAY_STATE, journey["denied"])

    cases = stack.get(DENIAL.name, BAY_STATE, "/cases")["cases"]
    (case,) = [each for each in cases if each["claim_id"] == claim["claim_id"]]
    assert (case["adjustment_group"], case["carc"], case["remarks"]) == ("PR", "96", ["N130"])
    assert (case["state"], case["amount"]) == ("open", "75.00")
    assert case["cause"]
    assert case["answer_by"] > case["paid_on"]
    assert stack.account(BAY_STATE, claim["claim_id"])["balances"]["receivable.denied"] == "75.00"


def test_a_partly_paid_claim_has_money_and_a_case(stack, journey):
    balances = stack.account(BAY_STATE, stack.claim_of(BAY_STATE, journey["partly paid"])["claim_id"])["balances"]

    assert Decimal(balances["payer.paid"]) > 0
    assert Decimal(balances["receivable.denied"]) > 0


def test_a_claim_that_the_payer_rejects_says_why_and_is_not_adjudicated(stack, journey):
    claim = stack.claim_of(BAY_STATE, journey["rejected"])

    (submission,) = claim["submissions_sent"]
    account = stack.account(BAY_STATE, claim["claim_id"])
    assert submission["state"] == "rejected"
    assert submission["rejection"]
    assert submission["remedy"]
    assert account["decisions"] == []
    assert account["balances"]["receivable.open"] == "155.00"


def test_a_visit_without_coverage_is_on_the_ledger_and_has_no_claim(stack, journey):
    encounter = journey["self-pay"]

    assert encounter not in [each["encounter_id"] for each in stack.claims(BAY_STATE)]
    assert stack.account(BAY_STATE, encounter)["balances"]["receivable.self_pay"] == "199.00"


def test_a_held_claim_says_why_and_once_mended_it_leaves_and_is_paid(stack, journey):
    claim = stack.claim_of(BAY_STATE, journey["held"])
    (finding,) = claim["findings"]
    assert claim["state"] == "held"
    assert claim["submissions_sent"] == []
    assert finding["message"]
    assert finding["remedy"]

    with stack.http(CLAIM.name, BAY_STATE, "biller") as http:
        change = {"place": "diagnoses/1/code", "value": "E119"}
        answer = http.post(f"/claims/{claim['claim_id']}/corrections", json={"changes": [change]})
    assert answer.json()["state"] == "released", answer.text
    stack.until_quiet()

    (submission,) = stack.claim_of(BAY_STATE, journey["held"])["submissions_sent"]
    assert submission["state"] == "payer_accepted"
    assert Decimal(stack.account(BAY_STATE, claim["claim_id"])["balances"]["payer.paid"]) > 0


def test_every_synthea_visit_has_its_place(stack, journey):
    states = stack.rows(
        CODING.name,
        "SELECT state, count(*) AS n FROM encounters WHERE practice = $1 AND source_system LIKE '%synthea%' GROUP BY state",
        BAY_STATE,
    )

    counted = {row["state"]: row["n"] for row in states}
    assert counted["coded"] >= BUNDLES
    assert set(counted) <= {"coded", "awaiting_coder", "not_billable", "unfinished"}


def test_the_ledger_sums_to_zero_and_cash_is_what_the_remittances_say(stack, journey):
    counts = stack.get(REMIT.name, BAY_STATE, "/counts")

    numbers = {each["control_number"] for each in stack.claims(BAY_STATE)}
    assert sum(counts["ledger_cents"].values()) == 0
    assert counts["ledger_cents"]["cash"] == sum(each.paid for each in stack.remitted(numbers)) * 100 > 0


def test_every_file_that_left_is_valid_to_pyx12(stack, journey):
    files, invalid = invalid_files(stack.outbound)

    assert files > 0
    assert invalid == {}
