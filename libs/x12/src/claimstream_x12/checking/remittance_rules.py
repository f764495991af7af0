"""Rules of the 835: it balances at the line, the claim and the transaction, and says how the money comes.

Sources: 005010X221A1 section 1.10.2, X12 RFI 358, 2601, 1324 (balance), 758 and 1604 (a negative payment), 2123 (interest),
1812 (CARC 100), HIR 352 and 444 and RFI 2228 (no payment).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, Situation, adjusted, amount
from claimstream_x12.elements import ZERO, parse_date
from claimstream_x12.remittance_835.balancing import Sums, unbalanced

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

KINDS.update(
    {
        "service-balance": Kind(3, segment="8", element="I12"),
        "claim-balance": Kind(3, segment="8", element="I12"),
        "lines-balance": Kind(3, segment="8", element="I12"),
        "transaction-balance": Kind(3, segment="8", element="I12"),
        "payment-negative": Kind(3, segment="8", element="I12"),
        "no-payment": Kind(4, segment="8", element="I12"),
        "bank-account": Kind(4, segment="8", element="I9"),
        "adjustment-group": Kind(4, segment="8", element="I12"),
        "not-recognised": Kind(4, segment="8", element="I12"),
        "interest": Kind(4, segment="8", element="I12"),
        "forwarded-to": Kind(4, segment="I6"),
        "service-date": Kind(4, segment="I6"),
        "service-days": Kind(4, segment="8", element="8"),
        "reversal-sign": Kind(4, segment="8", element="I12"),
    }
)
_FORWARDED = frozenset({"19", "20", "21", "23"})
_NOT_RECOGNISED = "4"
_INTEREST = "L6"
_WITH_CLAIMS = frozenset({"LX", "CLP"})
_BANKS = (6, 7, 8, 9, 10, 12, 13, 14, 15)
_ACCOUNT = (5, *_BANKS)
_ELECTRONIC = frozenset({"ACH", "BOP", "FWT"})
_REVERSAL = "22"
_RANGES = (("150", "151"), ("232", "233"))  # DTM01: the first day, the last
_OF_A_RANGE = frozenset(one for ends in _RANGES for one in ends)


class RemittanceRules(SetRules):
    """The rules of the 835."""

    let_go = frozenset({"2000", "2100"})

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self._paid = self._interest = ZERO

    def closed(self, loop: Loop) -> None:
        """Ask what there is to ask of this loop."""
        if loop.use.id == "2100":
            self._claim(loop)
        elif not loop.use.id:
            self._transaction(loop)

    def service_date(self, loop: Loop) -> date | None:
        """The first day of service of a claim payment."""
        statement = loop.find("DTM", "232")
        if statement is not None:
            return parse_date(statement[2])
        for line in (loop,) if loop.use.id == "2110" else loop.below("2110"):
            of_line = line.find("DTM")
            if of_line is not None:
                return parse_date(of_line[2])
        return None

    def _claim(self, loop: Loop) -> None:
        clp, lines = loop.first, loop.loops
        sums = Sums(amount(clp, 3), adjusted(loop), amount(clp, 4))
        of_lines = [Sums(amount(line.first, 2), adjusted(line), amount(line.first, 3)) for line in lines]
        self._paid += sums.paid
        for level, number, expected, reported in unbalanced(sums, of_lines):
            at, element, code = (
                (lines[number - 1], 3, "service-balance") if number else (loop, 4, f"{level.value}-balance")
            )
            message = f"comes to {expected}, {reported} is reported: {expected - reported} missing"
            self.note(code, message, at.first, element, at)
        for at in (loop, *lines):
            self._groups(at)
        for information in loop.segments:
            if information.elements[0] == "AMT" and information[1] == "I":
                self._interest += amount(information, 2)
        self._forwarding(clp, loop)
        self._signs(clp, loop)
        for at in (loop, *lines):
            self._days(at)
        if loop.find("DTM", "232") is None and any(line.find("DTM") is None for line in lines):
            message = "no date of service, neither at the claim (DTM*232) nor at each line (DTM*472)"
            self.note("service-date", message, clp, 0, loop, warns=True)

    def _signs(self, clp: Segment, loop: Loop) -> None:
        """A reversal (22) carries the signs of what it takes back turned, and nothing else is charged below zero."""
        reverses = clp[2] == _REVERSAL
        if reverses and amount(clp, 3) > ZERO:
            message = "a reversal (22) turns the signs: its charge is not more than zero (005010X221A1, 1.10.2.8)"
            self.note("reversal-sign", message, clp, 3, loop, warns=True)
        if reverses:
            return
        below_zero = f"{clp.delimiters.element}-"
        for segment, numbers in ((clp, (3,)), *((line.first, (2, 5, 7)) for line in loop.loops)):
            if below_zero not in segment.text:
                continue
            for number in numbers:
                if segment[number].startswith("-"):
                    message = f"status {clp[2][:2]} is no reversal (22): charges and units are not less than zero"
                    self.note("reversal-sign", message, segment, number, loop, warns=True)

    def _days(self, loop: Loop) -> None:
        """The first and last day of a claim or line, in order."""
        found: dict[str, Segment] = {}
        for segment in loop.segments:
            elements = segment.elements
            if elements[0] == "DTM" and len(elements) > 2 and elements[1] in _OF_A_RANGE:  # noqa: PLR2004 — DTM02
                found[elements[1]] = segment
        if len(found) < 2:  # noqa: PLR2004 — a range has two ends
            return
        for first_id, last_id in _RANGES:
            first, last = (parse_date(found[one][2]) if one in found else None for one in (first_id, last_id))
            if first and last and last < first:
                message = f"the last day (DTM*{last_id}) is before the first"
                self.note("service-days", message, found[first_id], 2, loop, warns=True)

    def _forwarding(self, clp: Segment, loop: Loop) -> None:
        forwarded_to = loop.find("NM1", "TT")
        if clp[2] == _NOT_RECOGNISED and forwarded_to is not None:
            message = "status 4 says that the patient is not known: such a claim is forwarded to nobody (X12 RFI 1423)"
            self.note("not-recognised", message, clp, 2, loop, warns=True)
        if clp[2] in _FORWARDED and forwarded_to is None:
            message = f"status {clp[2]} says that it went to another payer: NM1*TT names it"
            self.note("forwarded-to", message, clp, 2, loop, warns=True)

    def _groups(self, loop: Loop) -> None:
        for cas in loop.segments:
            elements = cas.elements
            if elements[0] != "CAS" or len(elements) < 3:  # noqa: PLR2004 — CAS02
                continue
            if elements[1] != "PR" and "100" in elements[2::3]:
                message = "CARC 100, paid to the patient, goes with group PR alone (X12 RFI 1812)"
                self.note("adjustment-group", message, cas, 1, loop)
            if elements[1] == "CO" and "26" in elements[2::3]:
                message = "CARC 26, before coverage, is no contractual obligation (X12 RFI 871)"
                self.note("adjustment-group", message, cas, 1, loop, warns=True)

    def _transaction(self, root: Loop) -> None:
        bpr = root.find("BPR")
        plbs = list(root.all("PLB"))
        provider_level = sum((amount(plb, number) for plb in plbs for number in range(4, len(plb.elements), 2)), ZERO)
        if bpr is not None:
            self._payment(bpr, root)
            expected = self._paid - provider_level
            if expected != amount(bpr, 2) and not self._lost_claims():
                message = f"claims less PLB come to {expected}, {amount(bpr, 2)} is reported: {expected - amount(bpr, 2)} missing"
                self.note("transaction-balance", message, bpr, 2, root)
        if self._interest and bpr is not None:
            self._check_interest(plbs, bpr, root)

    def _lost_claims(self) -> bool:
        """Whether claims stand where none has a place: what was not understood was not added up."""
        return any(
            found.code == "segment-unexpected" and found.place.segment_id in _WITH_CLAIMS
            for found in self.notebook.findings
        )

    def _payment(self, bpr: Segment, root: Loop) -> None:
        if amount(bpr, 2) < ZERO:
            message = "a payment is never negative: PLB FB carries what is owed to a later remittance (X12 RFI 758)"
            self.note("payment-negative", message, bpr, 2, root)
        self._method(bpr, root)
        if bpr[4] in _ELECTRONIC:
            for number in _ACCOUNT if bpr[4] == "ACH" else _BANKS:
                if not bpr[number]:
                    message = f"a payment by {bpr[4]} names its banks, accounts and payer, by ACH its format as well"
                    self.note("bank-account", message, bpr, number, root)
                    return

    def _method(self, bpr: Segment, root: Loop) -> None:
        """How the money comes agrees with how much of it comes.

        Nothing is paid by H with NON (X12 HIR 352, 444; RFI 2228), or by a prenote, P, which tries an account by ACH
        before money comes.
        """
        handling, paid, method = bpr[1], amount(bpr, 2), bpr[4]
        if (method == "NON") != (handling == "H"):
            message = "BPR04 NON and BPR01 H go together: no money moves (X12 HIR 352, 444)"
            self.note("no-payment", message, bpr, 4, root)
        if method == "NON" and paid != ZERO:
            self.note("no-payment", f"{paid} is paid by no method", bpr, 2, root)
        if handling == "P":
            self._prenote(paid, bpr, root)
        elif paid == ZERO and bpr[2] and method != "NON" and handling != "H":
            message = f"0 is not paid by {method[:3]}: nothing is H with NON, or a prenote, P (X12 RFI 2228)"
            self.note("no-payment", message, bpr, 2, root)

    def _prenote(self, paid: Decimal, bpr: Segment, root: Loop) -> None:
        if paid != ZERO:
            self.note(
                "no-payment", f"a prenote (P) tries an account and moves no money, {paid} stands here", bpr, 2, root
            )
        if bpr[4] not in {"ACH", "NON"}:
            self.note("no-payment", "a prenote (P) tries an account of the ACH network", bpr, 4, root)

    def _check_interest(self, plbs: list[Segment], bpr: Segment, root: Loop) -> None:
        """PLB L6 is the sum of AMT*I with the opposite sign (X12 RFI 2123, 2184)."""
        of_provider = ZERO
        at: tuple[Segment, int] | None = None
        for plb in plbs:
            for number in range(3, len(plb.elements), 2):
                if plb.components(number)[0] == _INTEREST:
                    of_provider += amount(plb, number + 1)
                    at = plb, number + 1
        if of_provider != -self._interest:
            segment, number = at or (bpr, 2)
            message = f"interest of {self._interest} at the claims needs {-self._interest} in PLB L6, {of_provider} stands there"
            self.note("interest", message, segment, number, root, warns=True)
