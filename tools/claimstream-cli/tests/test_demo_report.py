"""The demo's table fits a terminal, and figures that do not add up are named."""

import io

import pytest
from claimstream_cli.demo_report import CHARGES, faults, percent, table_of
from rich.console import Console

CHARGED = {name: amount for amount, (name, _) in enumerate(CHARGES, start=1)}
WORTH = {"count": 153, "cents": 123_456_789, "unpriced": 4}
RATE = {"numerator": 312_000, "denominator": 1_234_567}
GOOD = {
    "encounters": {"with_claims": 3}, "dnfb": {"awaiting_coder": WORTH, "bill_hold": WORTH}, "held_by_edits": WORTH,
    "dnsp": WORTH, "claims": {"paid": 2, "partly_answered": 1}, "submitted": 4, "denial_cases": {"open": 1, "closed": 0},
    "rates": dict.fromkeys(("clean_claims", "first_pass_acceptance", "denials_by_volume", "denials_by_dollars"), RATE),
    "charged_cents": sum(CHARGED.values()), **CHARGED, "cash_cents": CHARGED["paid_cents"] + 45 - 7, "suspense_cents": 45,
    "plb_cents": 7, "plb_by_reason": {"WO": 10, "L6": -3}, "expected_allowed_cents": 9, "expected_paid_cents": 8,
    "dead_letters": 0, "unaccounted": 0, "ledger_sum_cents": 0, "seconds": 12.5,
}  # fmt: skip


def printed(figures: dict) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=80).print(table_of(figures))
    return file.getvalue().splitlines()


def row(label: str, figures: dict = GOOD) -> list[str]:
    """The cells beside this label."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed(figures)]
    (found,) = (cells for cells in rows if cells[:1] == [label])
    return found[1:]


def test_figures_that_add_up_have_no_fault():
    assert faults(GOOD) == []


@pytest.mark.parametrize("name", [*CHARGED, "charged_cents"])
def test_charges_that_are_nowhere_or_twice_are_named(name):
    assert faults({**GOOD, name: GOOD[name] + 1})[0].startswith(
        "charged_cents is not the sum of paid_cents, adjusted_cents"
    )


@pytest.mark.parametrize(
    "change",
    [{"dead_letters": 1}, {"ledger_sum_cents": -1}, {"unaccounted": None}, {"cash_cents": 0}, {"plb_cents": 8}],
)
def test_what_must_be_zero_or_equal_is_named(change):
    (fault,) = faults({**GOOD, **change})

    assert "must be 0" in fault or fault == "cash_cents is not paid + suspense - plb"


def test_the_table_fits_eighty_columns_and_cuts_nothing():
    lines = printed(GOOD)

    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)


def test_the_sections_come_in_the_order_of_the_journey():
    sections = ["Encounters", "Not final billed", "Claims", "Rates", "Money", "Denial cases", "Checks"]
    labels = [line.strip("│ ").split("  ")[0].split(" │")[0] for line in printed(GOOD)]

    assert [label for label in labels if label in sections] == sections


def test_a_rate_is_shown_beside_what_it_is_made_of():
    assert row("Clean, of claims scrubbed") == ["312,000 of 1,234,567", "25.3 %"]
    assert row("Initial denials, of their charges") == ["$3,120 of $12,346", "25.3 %"]


@pytest.mark.parametrize(
    ("above", "below", "said"), [(0, 0, "-"), (0, 3, "0.0 %"), (1, 3, "33.3 %"), (1, 16, "6.3 %"), (3, 3, "100.0 %")]
)
def test_a_percentage_has_one_place_and_none_without_a_denominator(above, below, said):
    assert percent(above, below) == said


def test_what_has_no_price_yet_is_counted_apart():
    assert row("DNFB: awaiting a coder") == ["153", "$1,234,567.89"]
    assert row("of them without a price yet") == ["4", ""]


def test_provider_adjustments_are_shown_by_reason_where_the_ledger_has_them():
    assert (row("L6"), row("WO")) == (["", "-$0.03"], ["", "$0.10"])
    assert not any("WO" in line for line in printed({**GOOD, "plb_by_reason": {}}))
