"""claimstream-x12: each of its measures in a process of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from claimstream_x12 import X12Reader
from claimstream_x12.answering import answer
from claimstream_x12.checking import Checker
from claimstream_x12.claim_837 import ClaimReader
from claimstream_x12.remittance_835 import Balance, RemittanceReader
from claimstream_x12.segments import Tokenizer
from measuring import asked_for, measure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def tokenize(path: Path) -> str:
    """Every segment with its elements, none kept."""
    with path.open("rb") as stream:
        return f"{sum(1 for _ in Tokenizer(stream))} segments"


def typed(path: Path) -> str:
    """Every claim or payment as typed records, one at a time."""
    records = findings = 0
    with path.open("rb") as stream:
        for one_set in X12Reader(stream).sets():
            if one_set.code == "837":
                claims = ClaimReader(one_set)
                records += sum(1 for _ in claims.claims())
                findings += len(claims.findings)
            else:
                remittance = RemittanceReader(one_set)
                records += sum(1 for _ in remittance.payments())
                findings += len(remittance.findings)
    return f"{records} records, {findings} findings"


def balanced(path: Path) -> str:
    """An 835 read to typed records and balanced at line, claim and transaction."""
    records = imbalances = 0
    with path.open("rb") as stream:
        for one_set in X12Reader(stream).sets():
            remittance, balance = RemittanceReader(one_set), Balance()
            for payment in remittance.payments():
                records += 1
                imbalances += len(list(balance.claim(payment)))
            imbalances += len(list(balance.transaction(remittance.header, remittance.provider_adjustments)))
    return f"{records} payments, {imbalances} imbalances"


def check(path: Path) -> str:
    """SNIP 1 to 5 without lists of codes, and the 999 with TA1 that answers."""
    with path.open("rb") as stream:
        report = Checker().check(stream)
    answered = answer(report, now=datetime(2026, 11, 23, 9))  # noqa: DTZ001  (files have no zones)
    findings = sum(len(one.findings) for one in report.sets)
    return f"{len(report.sets)} sets, {findings} findings, a 999 of {len(answered)} characters"


MEASURES: dict[str, Callable[[Path], str]] = {
    "tokenize": tokenize,
    "typed": typed,
    "balanced": balanced,
    "check": check,
}

if __name__ == "__main__":
    asked = asked_for(__doc__, *MEASURES)
    measure(asked, "claimstream-x12", "this commit", MEASURES[asked.what])
