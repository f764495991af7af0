"""What a manager reads at the end of the demo, and what must hold in its figures."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rich.table import Table

Figures = dict[str, Any]

MUST_BE_ZERO = ("dead_letters", "unaccounted", "ledger_sum_cents")
PLACES = {
    "encounters": ("Encounters", (("coded_synthea", "coded, of the Synthea sample"),)),
    "claims": (
        "Claims",
        (
            ("submitted", "submissions sent"),
            ("accepted", "submissions accepted by a payer"),
            ("adjudicated", "claims decided"),
        ),
    ),
    "denial_cases": ("Denial cases", ()),
    "underpayment_cases": ("Underpayment cases (lines)", ()),
}
"""What is counted by place, and what beside the places."""

NOT_FINAL_BILLED = (
    ("dnfb", "awaiting_coder", "DNFB: awaiting a coder"),
    ("dnfb", "bill_hold", "DNFB: days of bill-hold"),
    (None, "held_by_edits", "FBNS: held by edits"),
    (None, "dnsp", "DNSP: all of these"),
)
RATES = (
    ("clean_claims", "Clean, of claims scrubbed"),
    ("first_pass_acceptance", "A2 at once, of first submissions"),
    ("denials_by_volume", "Initial denials, of claims remitted"),
    ("denials_by_dollars", "Initial denials, of their charges"),
)
IN_DOLLARS = ("denials_by_dollars",)

CHARGES = (
    ("paid_cents", "paid by payers"),
    ("adjusted_cents", "adjusted, by contract or otherwise"),
    ("patient_cents", "owed by patients"),
    ("unbillable_cents", "patients' share, not to be billed"),
    ("denied_cents", "denied, being worked"),
    ("undecided_cents", "not decided yet"),
    ("next_payer_cents", "waiting for the next payer"),
    ("underpaid_cents", "underpaid: below the contract"),
    ("credit_cents", "owed back: paid beyond the charge"),
)
"""Where what was charged is: they add up to it."""

MONEY = (
    ("charged_cents", "Charged"),
    *((name, f"  {label}") for name, label in CHARGES),
    ("cash_cents", "Cash = paid + suspense - PLB"),
    ("suspense_cents", "  in suspense"),
    ("plb_cents", "  provider adjustments (PLB)"),
    ("expected_allowed_cents", "Expected: allowed by contract"),
    ("expected_paid_cents", "  of it: from first payers alone"),
    ("self_pay_cents", "Owed for visits without coverage"),
    ("desk_cash_cents", "Paid by patients at the desk"),
    ("unapplied_cents", "  of it: not applied yet"),
)
CHECKS = ("quarantined_sets", "duplicate_sets", *MUST_BE_ZERO, "seconds")


def faults(figures: Figures) -> list[str]:
    """What does not hold; nothing when all is well."""
    found = [f"{name} is {figures.get(name)}, it must be 0" for name in MUST_BE_ZERO if figures.get(name) != 0]
    parts = [name for name, _ in CHARGES]
    if figures.get("charged_cents") != sum(figures.get(part, 0) for part in parts):
        found.append(f"charged_cents is not the sum of {', '.join(parts)}")
    cash = figures.get("paid_cents", 0) + figures.get("suspense_cents", 0) - figures.get("plb_cents", 0)
    if figures.get("cash_cents") != cash:
        found.append("cash_cents is not paid + suspense - plb")
    return found


def table_of(figures: Figures) -> Table:
    """The figures as a table that fits a terminal of 80 columns."""
    table = Table(title="From the visit to the money", show_header=False, title_style="bold")
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    _add_places(table, "encounters", figures)
    _add_not_final_billed(table, figures)
    _add_places(table, "claims", figures)
    _add_rates(table, figures.get("rates", {}))
    _add_money(table, figures)
    _add_places(table, "denial_cases", figures)
    _add_places(table, "underpayment_cases", figures)
    table.add_row("[bold]Checks[/]")
    for name in CHECKS:
        if name in figures:
            table.add_row(f"  {_words(name)}", f"{figures[name]:,}")
    return table


def _add_places(table: Table, name: str, figures: Figures) -> None:
    heading, beside = PLACES[name]
    places = figures.get(name, {})
    table.add_row(f"[bold]{heading}[/]", f"[bold]{sum(places.values()):,}[/]")
    for place, value in places.items():
        table.add_row(f"  {_words(place)}", f"{value:,}")
    for figure, label in beside:
        if figure in figures:
            table.add_row(f"[dim]{label}[/]", f"[dim]{figures[figure]:,}[/]")
    table.add_section()


def _add_not_final_billed(table: Table, figures: Figures) -> None:
    table.add_row("[bold]Not final billed[/]", "", "[bold]charges[/]")
    for group, name, label in NOT_FINAL_BILLED:
        worth = (figures.get(group, {}) if group else figures).get(name)
        if worth is not None:
            table.add_row(f"  {label}", f"{worth['count']:,}", dollars(worth["cents"]))
    unpriced = figures.get("dnsp", {}).get("unpriced", 0)
    if unpriced:
        table.add_row("[dim]of them without a price yet[/]", f"[dim]{unpriced:,}[/]")
    table.add_section()


def _add_rates(table: Table, rates: dict[str, dict[str, int]]) -> None:
    table.add_row("[bold]Rates[/]")
    for name, label in RATES:
        if name in rates:
            above, below = rates[name]["numerator"], rates[name]["denominator"]
            whole = whole_dollars if name in IN_DOLLARS else "{:,}".format
            table.add_row(f"  {label}", f"{whole(above)} of {whole(below)}", percent(above, below))
    table.add_section()


def _add_money(table: Table, figures: Figures) -> None:
    table.add_row("[bold]Money[/]")
    for name, label in MONEY:
        if name in figures:
            table.add_row(f"  {label}", "", dollars(figures[name]))
        if name == "plb_cents":
            for reason, amount in _in_order(figures.get("plb_by_reason", {})):
                table.add_row(f"      {reason}", "", dollars(amount))
    table.add_section()


def _in_order(by_reason: dict[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(by_reason.items())


def _words(name: str) -> str:
    return name.replace("_", " ")


def percent(numerator: int, denominator: int) -> str:
    """A rate as a person reads it; without a denominator there is none."""
    if not denominator:
        return "-"
    return f"{(Decimal(100 * numerator) / denominator).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def whole_dollars(cents: int) -> str:
    """Cents to the dollar."""
    return f"${(Decimal(cents) / 100).quantize(Decimal(1), ROUND_HALF_UP):,}"


def dollars(cents: int) -> str:
    """Cents as a person writes them."""
    return f"{'-' if cents < 0 else ''}${abs(Decimal(cents)) / 100:,.2f}"
