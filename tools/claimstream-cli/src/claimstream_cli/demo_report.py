"""What a manager reads at the end of the demo, and what must hold in its figures."""

from decimal import Decimal
from typing import Any

from rich.table import Table

MUST_BE_ZERO = ("dead_letters", "unaccounted", "ledger_sum_cents")
BESIDE = {
    "encounters": (("coded_synthea", "coded, of the Synthea sample"),),
    "claims": (
        ("submitted", "submissions sent"),
        ("accepted", "accepted by a payer"),
        ("adjudicated", "claims decided"),
    ),
}
"""What is counted beside the places of each."""

MONEY = (
    ("charged_cents", "Charged"),
    ("paid_cents", "Paid by payers"),
    ("adjusted_cents", "Adjusted by contract"),
    ("patient_cents", "Owed by patients"),
    ("denied_cents", "Denied, being worked"),
    ("open_cents", "Still open"),
    ("cash_cents", "Cash in the remittances"),
    ("suspense_cents", "of it: in suspense"),
    ("plb_cents", "less: provider-level adjustments"),
    ("expected_cents", "Expected by contract"),
    ("self_pay_cents", "Owed for visits without coverage"),
    ("desk_cash_cents", "Paid by patients at the desk"),
    ("unapplied_cents", "of it: not applied yet"),
)


def faults(figures: dict[str, Any]) -> list[str]:
    """What does not hold; nothing when all is well."""
    found = [f"{name} is {figures.get(name)}, it must be 0" for name in MUST_BE_ZERO if figures.get(name) != 0]
    parts = ("paid_cents", "adjusted_cents", "patient_cents", "denied_cents", "open_cents")
    if figures.get("charged_cents") != sum(figures.get(part, 0) for part in parts):
        found.append("charged_cents is not the sum of paid, adjusted, patient, denied and open")
    cash = figures.get("paid_cents", 0) + figures.get("suspense_cents", 0) - figures.get("plb_cents", 0)
    if figures.get("cash_cents") != cash:
        found.append("cash_cents is not paid + suspense - plb")
    return found


def table_of(figures: dict[str, Any]) -> Table:
    """The figures as a table."""
    table = Table(title="From the visit to the money", show_header=False, title_style="bold")
    table.add_column()
    table.add_column(justify="right")
    for heading, beside in BESIDE.items():
        places = figures.get(heading, {})
        table.add_row(f"[bold]{heading.capitalize()}[/]", f"[bold]{sum(places.values()):,}[/]")
        for name, value in places.items():
            table.add_row(f"  {name.replace('_', ' ')}", f"{value:,}")
        for name, label in beside:
            if name in figures:
                table.add_row(f"[dim]{label}[/]", f"[dim]{figures[name]:,}[/]")
        table.add_section()
    table.add_row("[bold]Money[/]", "")
    for name, label in MONEY:
        if name in figures:
            table.add_row(f"  {label}", dollars(figures[name]))
    table.add_section()
    shown = {*BESIDE, *(name for name, _ in MONEY), *(name for beside in BESIDE.values() for name, _ in beside)}
    for name, value in figures.items():
        if name not in shown and isinstance(value, (int, float)):
            table.add_row(name.replace("_", " "), f"{value:,}")
    return table


def dollars(cents: int) -> str:
    """Cents as a person writes them."""
    return f"{'-' if cents < 0 else ''}${abs(Decimal(cents)) / 100:,.2f}"
