"""The demo's figures of what services say: each place, each amount, each rate, by facts made by hand."""

import pytest
from claimstream_cli.demo_report import faults
from claimstream_cli.facts import Facts
from claimstream_cli.summary import figures_of

CHARGE = "100.00"


def an_encounter(number: str = "E1", state: str = "coded", charge: str | None = CHARGE, source: str = "ehr") -> dict:
    return {"id": number, "state": state, "source_system": source, "total_charge": charge}


def a_claim(
    number: str = "C1",
    state: str = "released",
    *,
    was_held: bool = False,
    encounter: str | None = None,
    headline: str = "unanswered",
) -> dict:
    return {
        "claim_id": number,
        "encounter_id": encounter or number.replace("C", "E"),
        "state": state,
        "was_held": was_held,
        "headline": headline,
        "total_charge": CHARGE,
    }


def a_submission(claim: str = "C1", **changes) -> dict:
    return {
        "claim_id": claim,
        "ordinal": 1,
        "payer_sequence": "P",
        "payer_id": "blue",
        "total_charge": CHARGE,
        "state": "payer_accepted",
        "is_accepted": True,
        "is_answered_by_payer": True,
        "file_name": "0001.x12",
        **changes,
    }


def an_account(claim: str = "C1", balances: dict[str, str] | None = None, **changes) -> dict:
    return {
        "account_id": claim,
        "is_submitted": True,
        "is_decided": balances is not None,
        "is_quarantined": False,
        "balances": balances or {"receivable.open": CHARGE},
        "expected_allowed": None,
        "expected_paid": None,
        "first_decision": None,
        **changes,
    }


def figures(**changes) -> dict:
    lists = ("encounters", "self_pay", "claims", "submissions", "accounts", "denial_cases")
    nothing = {name: [] for name in lists}
    numbers = {"ledger_cents": {}, "remittances": {}, "duplicate_sets": 0, "sent": 0, "dead_letters": 0}
    return figures_of(Facts(**{**nothing, **numbers, **changes}))


def place_of(**changes) -> list[str]:
    """Where one claim is: its only place."""
    told = {"claims": [a_claim()], "submissions": [a_submission()], "accounts": [an_account()], **changes}
    return [place for place, number in figures(**told)["claims"].items() if number]


def decided(**balances: str) -> list[dict]:
    return [an_account(balances={name.replace("__", "."): amount for name, amount in balances.items()})]


PAID, DENIED, OPEN, VARIANCE, ADJUSTED = (
    "payer__paid", "receivable__denied", "receivable__open", "receivable__variance", "adjustment__CO",
)  # fmt: skip


@pytest.mark.parametrize(
    ("balances", "place"),
    [
        ({OPEN: "100.00"}, "undecided"),
        ({DENIED: "100.00"}, "denied"),
        ({DENIED: "60.00", ADJUSTED: "40.00"}, "denied"),
        ({DENIED: "60.00", OPEN: "40.00"}, "denied"),
        ({PAID: "60.00", OPEN: "40.00"}, "partly_answered"),
        ({PAID: "30.00", DENIED: "30.00", OPEN: "40.00"}, "partly_answered"),
        ({ADJUSTED: "60.00", OPEN: "40.00"}, "partly_answered"),
        ({"receivable__patient": "60.00", OPEN: "40.00"}, "partly_answered"),
        ({"unbillable__qmb": "60.00", OPEN: "40.00"}, "partly_answered"),
        ({PAID: "60.00", VARIANCE: "10.00", OPEN: "30.00"}, "partly_answered"),
        ({PAID: "60.00", DENIED: "40.00"}, "partially_paid"),
        ({PAID: "60.00", DENIED: "30.00", VARIANCE: "10.00"}, "partially_paid"),
        ({PAID: "60.00", VARIANCE: "10.00", ADJUSTED: "30.00"}, "underpaid"),
        ({"receivable__patient": "60.00", VARIANCE: "40.00"}, "underpaid"),
        ({PAID: "0.00", ADJUSTED: "100.00"}, "zero_expected"),
        ({"receivable__patient": "60.00", ADJUSTED: "40.00"}, "zero_expected"),
        ({"receivable__next_payer": "100.00"}, "awaiting_next_payer"),
        ({PAID: "60.00", "receivable__next_payer": "10.00", ADJUSTED: "30.00"}, "awaiting_next_payer"),
        ({PAID: "60.00", "receivable__next_payer": "10.00", VARIANCE: "30.00"}, "underpaid"),
        ({PAID: "60.00", ADJUSTED: "40.00"}, "paid"),
        ({PAID: "110.00", "receivable__credit": "-10.00"}, "paid"),
    ],
)
def test_a_decided_claim_stands_where_its_money_says(balances, place):
    assert place_of(accounts=decided(**balances)) == [place]


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({}, "unanswered"),
        ({"claims": [a_claim(state="held", was_held=True)], "submissions": []}, "held"),
        ({"claims": [a_claim(state="held")], "submissions": [a_submission(state="rejected")]}, "held"),
        ({"submissions": [a_submission(state="rejected")]}, "rejected"),
        ({"submissions": [a_submission(state="rejected", file_name=None)]}, "rejected"),
        ({"submissions": [a_submission(ordinal=2), a_submission(state="rejected")]}, "unanswered"),
        ({"claims": [a_claim(state="voided")]}, "voided"),
        ({"claims": [a_claim(state="voided")], "accounts": decided(payer__paid="1.00")}, "paid"),
        ({"claims": [a_claim(headline="taken_back")]}, "taken_back"),
        ({"accounts": [an_account(balances={"payer.paid": "1.00"}, is_quarantined=True)]}, "quarantined"),
        ({"claims": [a_claim(state="voided")], "accounts": [an_account(is_quarantined=True)]}, "quarantined"),
    ],
)
def test_a_claim_without_a_standing_decision_is_where_it_came_to(facts, place):
    assert place_of(**facts) == [place]


def test_a_released_claim_that_never_left_is_unaccounted():
    assert place_of(submissions=[]) == []
    assert figures(claims=[a_claim()])["unaccounted"] == 1


def test_each_encounter_is_in_the_first_place_that_fits():
    states = ("not_billable", "unfinished", "awaiting_coder", "coded", "coded", "coded")
    told = figures(
        encounters=[an_encounter(f"E{number}", state) for number, state in enumerate(states)],
        self_pay=[{"encounter_id": "E3"}],
        claims=[a_claim("C4", "held")],
    )

    assert set(told["encounters"].values()) == {1}
    assert told["unaccounted"] == 1


def test_what_waits_for_a_coder_is_worth_what_its_lines_come_to_and_counted_apart_without_any():
    waiting = [
        an_encounter(f"E{number}", "awaiting_coder", charge) for number, charge in enumerate(("20.00", "5.50", None))
    ]

    told = figures(encounters=waiting)

    assert told["dnfb"] == {
        "awaiting_coder": {"count": 3, "cents": 2550, "unpriced": 1},
        "bill_hold": {"count": 0, "cents": 0, "unpriced": 0},
    }


def test_what_is_held_by_edits_is_added_and_patients_still_in_are_outside():
    told = figures(
        encounters=[
            an_encounter("E1"),
            an_encounter("E2", "unfinished"),
            an_encounter("E3", "awaiting_coder", "20.00"),
        ],
        claims=[a_claim("C1", "held"), a_claim("C4"), a_claim("C5"), a_claim("C6")],
        submissions=[
            a_submission("C4"),
            a_submission("C5", state="rejected", file_name=None),
            a_submission("C6", state="rejected"),
        ],
    )

    assert told["held_by_edits"] == {"count": 2, "cents": 20000, "unpriced": 0}
    assert told["dnsp"] == {"count": 3, "cents": 22000, "unpriced": 0}


@pytest.mark.parametrize("billed", [{"claims": [a_claim("C1")]}, {"self_pay": [{"encounter_id": "E1"}]}])
def test_a_newer_version_of_what_was_billed_is_billed_already(billed):
    told = figures(encounters=[an_encounter("E1", "awaiting_coder")], **billed)

    assert (told["encounters"]["awaiting_coder"], told["dnsp"]["count"]) == (1, 0)


def test_each_amount_is_the_balance_of_its_own_accounts():
    accounts = {
        "payer.paid": "1.00", "adjustment.CO": "2.00", "adjustment.OA": "0.02", "receivable.patient": "3.00",
        "unbillable.qmb": "4.00", "unbillable.medicaid": "0.04", "receivable.denied": "5.00", "receivable.open": "6.00",
        "receivable.next_payer": "7.00", "receivable.variance": "8.00", "receivable.credit": "-9.00", "revenue": "-27.06",
    }  # fmt: skip
    told = figures(
        claims=[a_claim()],
        submissions=[a_submission(total_charge="27.06")],
        accounts=[an_account(balances=accounts), an_account("C2", {"receivable.open": "50.00"}, is_submitted=False)],
        ledger_cents={"cash": 100, "payer.remitted": -100},
        sent=1,
    )

    names = (
        "charged",
        "paid",
        "adjusted",
        "patient",
        "unbillable",
        "denied",
        "undecided",
        "next_payer",
        "underpaid",
        "credit",
    )
    assert [told[f"{name}_cents"] for name in names] == [2706, 100, 202, 300, 404, 500, 600, 700, 800, -900]
    assert faults(told) == []


def test_what_is_expected_is_allowed_and_paid_apart_and_the_unknown_not_counted():
    told = figures(
        accounts=[
            an_account("C1", expected_allowed="80.00", expected_paid="64.00"),
            an_account("C2", expected_allowed="10.00", expected_paid=None),
            an_account("C3"),
        ]
    )

    assert (told["expected_allowed_cents"], told["expected_paid_cents"]) == (9000, 6400)


def test_provider_adjustments_are_one_account_or_one_for_each_reason():
    ledger = {"plb": 5, "plb.WO": 100, "plb.L6": -30, "suspense": -4, "cash.desk": 20, "patient.unapplied": -15}

    told = figures(ledger_cents=ledger)

    assert (told["plb_cents"], told["plb_by_reason"]) == (75, {"WO": 100, "L6": -30})
    assert [told[f"{name}_cents"] for name in ("suspense", "desk_cash", "unapplied", "cash")] == [4, 20, 15, 0]


def test_cases_are_told_apart_by_their_kind_and_their_state():
    refusals = [{"kind": "refusal", "state": state, "n": n} for state, n in (("open", 2), ("open", 3), ("closed", 1))]
    underpayments = [{"kind": "underpayment", "state": "withdrawn", "n": 7}]

    told = figures(denial_cases=[*refusals, *underpayments])

    assert told["denial_cases"] == {"open": 5, "withdrawn": 0, "closed": 1}
    assert told["underpayment_cases"] == {"open": 0, "withdrawn": 7, "closed": 0}


def rate(name: str, **facts) -> tuple[int, int]:
    found = figures(**facts)["rates"][name]
    return found["numerator"], found["denominator"]


def test_a_claim_is_clean_that_no_rule_held_and_no_guide_check_refused():
    told = {
        "claims": [
            a_claim("C1"),
            a_claim("C2", "held", was_held=True),
            a_claim("C3", was_held=True),
            a_claim("C4"),
            a_claim("C5"),
        ],
        "submissions": [
            a_submission("C1"),
            a_submission("C3"),
            a_submission("C4", state="rejected", file_name=None),
            a_submission("C4", ordinal=2),
            a_submission("C5", state="rejected"),
        ],
    }

    assert rate("clean_claims", **told) == (2, 5)


def test_first_pass_acceptance_looks_at_first_submissions_to_payers_that_speak():
    submissions = [
        a_submission("C1"),
        a_submission("C2", state="rejected", is_accepted=False),
        a_submission("C2", ordinal=2),
        a_submission("C3", state="sent", is_accepted=False, is_answered_by_payer=False),
        a_submission("C4", payer_id="silent", state="sent", is_accepted=False, is_answered_by_payer=False),
        a_submission("C5", state="rejected", file_name=None, is_accepted=False, is_answered_by_payer=False),
        a_submission("C6", payer_id="silent", state="rejected", is_accepted=False, is_answered_by_payer=False),
    ]

    assert rate("first_pass_acceptance", submissions=submissions) == (1, 4)


def test_denials_are_counted_by_the_first_word_of_a_payer():
    firsts = [("100.00", "0.00"), ("100.00", "40.00"), ("50.00", "50.00"), None]
    accounts = [
        an_account(
            f"C{number}",
            {"payer.paid": "100.00"},
            first_decision=None if first is None else {"charge": first[0], "denied": first[1]},
        )
        for number, first in enumerate(firsts)
    ]

    assert rate("denials_by_volume", accounts=accounts) == (2, 3)
    assert rate("denials_by_dollars", accounts=accounts) == (9000, 25000)
