"""What the first payer says, and what goes on the books for it."""

import pytest
from remit_svc.domain.posting import results_of
from remit_svc.domain.standing import standing_of

from ..builders import a_line_payment, a_payment, adjustments, line_of, reversed_
from .accounts import GUARDRAILS, a_desk


def one_line(charge: str, paid: str, *said: str, **named):
    return a_payment("E1", a_line_payment(charge, paid, *said, line=line_of(), **named))


def whole_claim(charge: str, paid: str, *said: str, **named):
    """Decided without its lines, as hospitals' claims are."""
    return a_payment(charge=charge, paid=paid, lines=(), adjustments=adjustments(*said), **named)


def test_an_ordinary_payment():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))

    assert desk.entries == {
        "adjustment.CO": 4000,
        "payer.paid": 6400,
        "receivable.open": -12000,
        "receivable.patient": 1600,
    }
    assert desk.outcomes == ["paid"]


@pytest.mark.parametrize(
    ("said", "adjusted", "underpaid", "denied"),
    [
        ("CO-45 40.00", 4000, 0, 0),
        ("CO-45 50.00", 4000, 1000, 0),
        ("CO-45 120.00", 0, 0, 12000),
        ("PI-45 50.00", 4000, 1000, 0),
    ],
)
@pytest.mark.parametrize("is_at_claim_level", [False, True])
def test_the_contract_judges_what_is_above_it_on_a_line_and_on_the_claim_alike(
    said, adjusted, underpaid, denied, is_at_claim_level
):
    paid = f"{120 - float(said.split()[1]):.2f}"
    build = whole_claim if is_at_claim_level else one_line

    desk = a_desk(allowed=("80.00",)).hears(build("120.00", paid, said))

    balances = desk.balances
    found = [balances.get(name, 0) for name in (f"adjustment.{said[:2]}", "receivable.variance", "receivable.denied")]
    assert found == [adjusted, underpaid, denied]
    assert sum(cents for _, cents in desk.refused) == underpaid + denied


def test_a_hospital_claim_of_which_all_is_called_contractual_is_refused_and_not_written_off():
    desk = a_desk("5140.00", "2000.00", allowed=("4112.00", "1600.00"), kind="institutional")

    desk.hears(whole_claim("7140.00", "0.00", "CO-45 7140.00"))

    assert desk.entries == {"receivable.denied": 714000, "receivable.open": -714000}
    assert desk.refused == [("CO-45", 714000)]
    assert desk.outcomes == ["denied"]


def test_a_hospital_claim_is_held_against_the_contract_as_a_whole():
    """What one line lacks and another has more is no variance: the contract pays the case."""
    desk = a_desk("5000.00", "2000.00", allowed=("4000.00", "1600.00"), kind="institutional")
    lines = (
        a_line_payment("5000.00", "3500.00", "CO-45 1500.00", line=line_of()),
        a_line_payment("2000.00", "2000.00", line=line_of("E1", 2), procedure="82947"),
    )

    desk.hears(a_payment("E1", *lines))

    assert desk.balances["payer.paid"] == 550000
    assert (desk.balances["adjustment.CO"], desk.balances["receivable.variance"]) == (140000, 10000)
    assert desk.refused == [("CO-45", 10000)]


def test_a_professional_claim_is_held_against_the_contract_line_by_line():
    desk = a_desk("50.00", "20.00", allowed=("40.00", "16.00"))
    lines = (
        a_line_payment("50.00", "35.00", "CO-45 15.00", line=line_of()),
        a_line_payment("20.00", "20.00", line=line_of("E1", 2), procedure="82947"),
    )

    desk.hears(a_payment("E1", *lines))

    assert (desk.balances["adjustment.CO"], desk.balances["receivable.variance"]) == (1000, 500)


def test_two_contractual_amounts_of_one_line_are_beyond_the_contract_together():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "60.00", "CO-45 30.00", "PI-45 30.00"))

    assert desk.balances["receivable.variance"] == 2000
    assert desk.balances["adjustment.CO"] + desk.balances["adjustment.PI"] == 4000


def test_a_line_that_nobody_answered_keeps_the_claim_partly_answered():
    desk = a_desk("120.00", "30.00", allowed=("80.00", "20.00")).hears(one_line("120.00", "80.00", "CO-45 40.00"))

    assert desk.balances["receivable.open"] == 3000
    assert desk.outcomes == ["partial"]


def test_a_claim_that_says_that_an_unknown_payer_decided_is_a_question_and_no_zero_payment():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "OA-23 120.00"))

    assert desk.balances == {"receivable.open": 12000, "revenue": -12000}
    assert desk.outcomes == ["undecided"]
    assert "OA-23" in desk.questions[0]


@pytest.mark.parametrize("group", ["CO", "OA"])
@pytest.mark.parametrize("is_at_claim_level", [False, True])
def test_what_is_called_a_duplicate_takes_nothing_back(group, is_at_claim_level):
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))
    before = desk.balances
    build = whole_claim if is_at_claim_level else one_line

    desk.hears(build("120.00", "0.00", f"{group}-18 120.00"))

    assert (desk.balances, desk.entries, desk.refused) == (before, {}, [])
    assert desk.outcomes == ["paid", "duplicate"]


def test_what_is_called_a_duplicate_of_nothing_is_refused_until_the_first_decision_comes():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "OA-18 120.00"), received=2)
    assert desk.balances["receivable.denied"] == 12000

    desk.hears(one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"), received=1)

    assert desk.entries == {
        "adjustment.CO": 4000,
        "payer.paid": 6400,
        "receivable.denied": -12000,
        "receivable.patient": 1600,
    }
    assert [settled.carc for settled in desk.posted.steps[0].settles] == ["18"]


def test_a_line_that_is_unbundled_is_one_line_of_ours():
    """The first part carries the charge, the rest nothing (X12 RFI 498); contract and variance are those of the line."""
    desk = a_desk(allowed=("80.00",))
    parts = (
        a_line_payment(
            "120.00", "50.00", "CO-45 70.00", line=line_of(), procedure="99212", submitted_procedure="99213"
        ),
        a_line_payment("0.00", "30.00", "CO-45 -30.00", line=line_of(), procedure="99211", submitted_procedure="99213"),
    )

    desk.hears(a_payment("E1", *parts))

    assert desk.entries == {"adjustment.CO": 4000, "payer.paid": 8000, "receivable.open": -12000}
    assert desk.refused == []


def test_a_line_that_is_unbundled_without_its_number_is_found_by_the_code_that_was_submitted():
    desk = a_desk(allowed=("80.00",))
    parts = (
        a_line_payment("120.00", "50.00", "CO-45 70.00", procedure="99212", submitted_procedure="99213"),
        a_line_payment("0.00", "30.00", "CO-45 -30.00", procedure="99211", submitted_procedure="99213"),
    )

    desk.hears(a_payment("E1", *parts))

    assert desk.suspense == 0
    assert desk.entries == {"adjustment.CO": 4000, "payer.paid": 8000, "receivable.open": -12000}


def test_a_line_that_is_split_is_one_line_of_ours():
    desk = a_desk(allowed=("80.00",))
    parts = (
        a_line_payment("70.00", "50.00", "CO-45 20.00", line=line_of(), units="1"),
        a_line_payment("50.00", "30.00", "CO-45 20.00", line=line_of(), units="1"),
    )

    desk.hears(a_payment("E1", *parts))

    assert desk.entries == {"adjustment.CO": 4000, "payer.paid": 8000, "receivable.open": -12000}


def test_a_downcoded_line_is_held_against_what_was_expected_of_the_code_that_was_submitted():
    line = a_line_payment(
        "120.00", "60.00", "CO-45 60.00", line=line_of(), procedure="99212", submitted_procedure="99213"
    )

    desk = a_desk(allowed=("80.00",)).hears(a_payment("E1", line))

    assert (desk.balances["adjustment.CO"], desk.balances["receivable.variance"]) == (4000, 2000)


def test_a_line_denied_and_paid_later_closes_what_it_opened():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "CO-197 120.00"))
    assert desk.refused == [("CO-197", 12000)]

    desk.hears(one_line("120.00", "80.00", "CO-45 40.00"))

    assert desk.entries == {"adjustment.CO": 4000, "payer.paid": 8000, "receivable.denied": -12000}
    (settled,) = desk.posted.steps[0].settles
    assert (settled.carc, settled.why) == ("197", "paid")


def test_a_line_denied_anew_has_one_refusal_that_stands():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "CO-197 120.00"))

    desk.hears(one_line("120.00", "0.00", "CO-50 120.00"))

    assert desk.refused == [("CO-50", 12000)]
    (settled,) = desk.posted.steps[0].settles
    assert (settled.carc, settled.why) == ("197", "decided_anew")


def test_a_new_claim_after_one_that_could_not_be_processed_leaves_no_credit():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "CO-16 120.00", remarks=("MA130",)))

    desk.hears(one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))

    assert "receivable.credit" not in desk.balances
    assert desk.refused == []


def test_a_claim_of_which_one_line_was_taken_off_owes_back_what_was_paid_for_it_alone():
    desk = a_desk("120.00", "30.00", allowed=("80.00", "20.00"))
    lines = (
        a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()),
        a_line_payment("30.00", "20.00", "CO-45 10.00", line=line_of("E1", 2), procedure="82947"),
    )
    desk.hears(a_payment("E1", *lines))

    desk.account = type(desk.account)(**{**vars(desk.account), "charges": desk.account.charges[:1]})

    assert desk.balances == {
        "adjustment.CO": 4000,
        "payer.paid": 10000,
        "receivable.credit": -2000,
        "revenue": -12000,
    }


def test_a_line_that_was_refused_and_is_taken_off_the_claim_is_refused_no_more():
    desk = a_desk("120.00", "30.00", allowed=("80.00", "20.00"))
    lines = (
        a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()),
        a_line_payment("30.00", "0.00", "CO-97 30.00", line=line_of("E1", 2), procedure="82947"),
    )
    desk.hears(a_payment("E1", *lines))

    desk.account = type(desk.account)(**{**vars(desk.account), "charges": desk.account.charges[:1]})

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 8000, "revenue": -12000}


@pytest.mark.parametrize(
    ("status", "forwarded_to", "outcome"),
    [("19", None, "forwarded"), ("1", "MEDIGAP", "forwarded"), ("1", None, "paid")],
)
def test_a_claim_that_the_payer_sends_on_itself_is_forwarded(status, forwarded_to, outcome):
    payment = one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00")
    payment = payment.model_copy(update={"status": status, "forwarded_to": forwarded_to})

    desk = a_desk(allowed=("80.00",), payers=("blue", "medigap")).hears(payment)

    assert (desk.outcomes, desk.balances["receivable.next_payer"]) == ([outcome], 1600)


@pytest.mark.parametrize("carc", ["44", "59", "90", "102", "131", "172", "203"])
@pytest.mark.parametrize("build", [one_line, whole_claim])
def test_all_of_a_charge_is_refused_whatever_the_reason_says_of_its_price(carc, build):
    desk = a_desk(allowed=("80.00",)).hears(build("120.00", "0.00", f"CO-{carc} 120.00"))

    assert desk.refused == [(f"CO-{carc}", 12000)]
    assert desk.outcomes == ["denied"]


def test_how_the_price_was_made_explains_what_is_allowed_less_than_the_contract():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "40.00", "CO-45 40.00", "CO-59 40.00"))

    assert desk.entries == {"adjustment.CO": 8000, "payer.paid": 4000, "receivable.open": -12000}
    assert desk.refused == []
    assert variance_of(desk) == 0


def test_a_line_of_which_the_price_was_lowered_is_not_called_overpaid():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "100.00", "CO-59 20.00"))
    assert variance_of(desk) == 2000

    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "60.00", "CO-59 60.00"))
    assert variance_of(desk) == 0


def variance_of(desk) -> int | None:
    results = results_of(desk.account, standing_of(desk.account, GUARDRAILS))
    return next(iter(results.values())).variance_cents


def test_all_of_a_charge_without_a_contract_is_adjusted_and_a_question():
    desk = a_desk(allowed=(None,)).hears(one_line("120.00", "0.00", "CO-45 120.00"))

    assert desk.balances["adjustment.CO"] == 12000
    assert "no contract says" in desk.questions[0]


@pytest.mark.parametrize(
    "said", ["CO-50 120.00", "CO-24 120.00", "OA-109 120.00", "CO-97 120.00", "PR-49 120.00", "CO-16 120.00"]
)
def test_what_is_refused_is_not_allowed_and_no_overpayment(said):
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", said))

    assert (variance_of(desk) or 0) <= 0


def test_what_is_left_to_the_next_payer_is_no_overpayment():
    desk = a_desk(allowed=("80.00",), payers=("blue", "medicaid")).hears(one_line("120.00", "0.00", "PR-204 120.00"))

    assert variance_of(desk) == 0


@pytest.mark.parametrize("reason", ["CO-131", "CO-P12", "PI-P12"])
def test_discounts_and_the_schedule_of_workers_compensation_are_contractual(reason):
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "70.00", f"{reason} 50.00"))

    assert (desk.balances[f"adjustment.{reason[:2]}"], desk.balances["receivable.variance"]) == (4000, 1000)


def test_what_is_called_paid_before_takes_nothing_back():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))
    before = desk.balances

    desk.hears(one_line("120.00", "0.00", "CO-B13 120.00"))

    assert (desk.balances, desk.refused) == (before, [])


def test_a_supplementary_payment_names_what_was_paid_before():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "54.00", "CO-45 50.00", "PR-2 16.00"))

    desk.hears(one_line("120.00", "10.00", "CO-45 40.00", "OA-B13 54.00", "PR-2 16.00"))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 6400, "receivable.patient": 1600, "revenue": -12000}


def test_what_is_called_paid_before_and_was_not_is_refused():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "CO-B13 120.00"))

    assert desk.refused == [("CO-B13", 12000)]


def test_a_duplicate_of_what_was_taken_back_refuses_nothing():
    desk = a_desk(allowed=("80.00",))
    paid = one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00")
    desk.hears(paid).hears(one_line("120.00", "0.00", "OA-18 120.00"))

    desk.hears(reversed_(paid, 1))

    assert desk.balances == {"receivable.open": 12000, "revenue": -12000}
    assert desk.posted.steps[0].refuses == ()


def test_a_line_without_a_charge_adds_to_what_was_said():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))

    desk.hears(one_line("0.00", "-5.00", "PR-2 5.00"))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 5900, "receivable.patient": 2100, "revenue": -12000}


def test_a_strange_line_without_money_waits_for_nobody():
    lines = (
        a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()),
        a_line_payment("0.00", "0.00", procedure="G8427"),
    )
    desk = a_desk(allowed=("80.00",)).hears(a_payment("E1", *lines))

    results = results_of(desk.account, standing_of(desk.account, GUARDRAILS))
    assert [each.reason for each in results.values()] == [None]


def test_a_difference_takes_a_refusal_back_and_is_judged_with_what_it_adds_to():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "CO-197 120.00"))

    desk.hears(one_line("0.00", "80.00", "CO-197 -120.00", "CO-45 40.00"))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 8000, "revenue": -12000}
    assert [(each.carc, each.why) for each in desk.posted.steps[0].settles] == [("197", "paid")]


def test_a_difference_ends_an_underpayment():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "70.00", "CO-45 50.00"))

    desk.hears(one_line("0.00", "10.00", "CO-45 -10.00"))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 8000, "revenue": -12000}


def test_a_difference_takes_part_of_a_refusal_back():
    desk = a_desk(allowed=(None,)).hears(one_line("120.00", "0.00", "CO-197 120.00"))

    desk.hears(one_line("0.00", "50.00", "CO-197 -50.00"))

    assert desk.balances["receivable.denied"] == 7000


def test_lines_that_are_bundled_are_one_price_and_nothing_is_refused():
    """What is paid with the first line beyond its charge (94) is what the second lacks (97): X12 RFI 2044."""
    lines = (
        a_line_payment("120.00", "100.00", "OA-94 -30.00", "CO-45 50.00", line=line_of()),
        a_line_payment("30.00", "0.00", "OA-97 30.00", line=line_of("E1", 2), procedure="82947"),
    )

    desk = a_desk("120.00", "30.00", allowed=("80.00", "20.00")).hears(a_payment("E1", *lines))

    assert desk.balances == {"adjustment.CO": 5000, "payer.paid": 10000, "revenue": -15000}
    assert desk.refused == []


@pytest.mark.parametrize("build", [one_line, whole_claim])
def test_what_is_paid_beyond_the_charge_is_set_against_what_is_taken_off(build):
    desk = a_desk(allowed=("80.00",)).hears(build("120.00", "64.00", "CO-45 45.00", "CO-94 -5.00", "PR-2 16.00"))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 6400, "receivable.patient": 1600, "revenue": -12000}
    assert desk.refused == []


def test_what_is_contractual_beside_a_price_that_leaves_nothing_is_no_part_of_the_refusal():
    desk = a_desk(allowed=("80.00",)).hears(one_line("120.00", "0.00", "CO-45 40.00", "CO-59 80.00"))

    assert desk.refused == [("CO-59", 8000)]
    assert desk.balances["adjustment.CO"] == 4000


@pytest.mark.parametrize("said", ["OA-18", "CO-B13"])
def test_a_duplicate_that_is_said_after_the_decision_was_taken_back_is_refused(said):
    desk = a_desk(allowed=("80.00",))
    paid = one_line("120.00", "64.00", "CO-45 40.00", "PR-2 16.00")

    desk.hears(paid).hears(reversed_(paid, 1)).hears(one_line("120.00", "0.00", f"{said} 120.00"))

    assert desk.refused == [(said, 12000)]
