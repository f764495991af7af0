"""Coordination of benefits in an 837: what earlier payers decided adds up to what is charged.

For each earlier payer that decided (AMT*D): the claim's charge = AMT*D + all its CAS of 2320 and 2430; where lines are
reported, AMT*D = the sum of SVD02 less the CAS of 2320, and each line's charge = SVD02 + CAS over all its 2430 loops of that
payer. Sources: 005010X222A1 section 1.4.4; X12 RFI 1294, 1555, 1028, 1147.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, adjusted, amount
from claimstream_x12.elements import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

KINDS.update(
    {
        "other-payer-balance": Kind(3, segment="8", element="I12", status="400", category="A8"),
        "line-balance": Kind(3, segment="8", element="I12", status="400", category="A8"),
        "cas-group-twice": Kind(4, segment="8", element="I12", status="400", category="A8"),
        "decision-date": Kind(4, segment="I6", status="107", category="A6"),
        "other-payer-paid": Kind(4, segment="I6", status="182", category="A6"),
        "other-payer-unknown": Kind(4, segment="8", element="I12", status="400", category="A8"),
    }
)
_LINE_CHARGE = {"SV1": 2, "SV2": 3, "SV3": 2}


def line_charge(line: Loop) -> Decimal:
    """What a service line charges: SV102, SV203 or SV302."""
    if len(line.segments) == 1:
        return ZERO
    service = line.segments[1]
    return amount(service, _LINE_CHARGE.get(service.elements[0], 2))


def check_coordination(rules: SetRules, claim: Loop, lines: list[Loop]) -> None:
    """Note what does not add up, for each other payer of a claim."""
    decided = [(line, below) for line in lines for below in line.loops if below.use.id == "2430"]
    payers = set()
    for other in claim.loops:
        if other.use.id == "2320":
            payer = next(other.below("2330B"), None)
            payer_id = payer.first[9] if payer is not None else ""
            payers.add(payer_id)
            own = [(line, below) for line, below in decided if below.first[1] == payer_id]
            _OtherPayer(rules, claim.first, other, payer, own).check()
    for _, below in decided:
        _groups_once(rules, below)
        if below.first[1] not in payers:
            message = "names a payer that no 2330B of the claim has (NM109)"
            rules.note("other-payer-unknown", message, below.first, 1, below)


@dataclass(frozen=True, slots=True)
class _OtherPayer:
    """One other payer (2320) of a claim, with the lines that it decided."""

    rules: SetRules
    clm: Segment
    loop: Loop
    payer: Loop | None  # 2330B
    decided: list[tuple[Loop, Loop]]  # each 2430 of this payer with its line

    def check(self) -> None:
        _groups_once(self.rules, self.loop)
        if self.loop.find("AMT", "A8") is not None:
            return  # it covers nothing of the claim: there was no decision
        paid = self.loop.find("AMT", "D")
        if paid is not None:
            self._balance(paid)
            self._dates()
        elif self.decided or self.loop.find("CAS") is not None:
            message = "what an earlier payer decided says what it paid, also when that is 0 (AMT*D)"
            self.rules.note("other-payer-paid", message, self.loop.first, 0, self.loop)

    def _balance(self, paid: Segment) -> None:
        of_claim = adjusted(self.loop)
        of_lines = sum((adjusted(below) for _, below in self.decided), ZERO)
        charge, amount_paid = amount(self.clm, 2), amount(paid, 2)
        if charge != amount_paid + of_claim + of_lines:
            message = f"{amount_paid} paid and {of_claim + of_lines} adjusted do not make {charge}, the claim's charge"
            self.rules.note("other-payer-balance", message, paid, 2, self.loop)
        if not self.decided:
            return
        from_lines = sum((amount(below.first, 2) for _, below in self.decided), ZERO) - of_claim
        if from_lines != amount_paid:
            message = f"the lines come to {from_lines} paid, AMT*D says {amount_paid}"
            self.rules.note("other-payer-balance", message, paid, 2, self.loop)
        self._line_balances()

    def _line_balances(self) -> None:
        settled: dict[int, tuple[Loop, Loop, Decimal]] = {}
        for line, below in self.decided:
            before = settled[id(line)][2] if id(line) in settled else ZERO
            settled[id(line)] = (line, below, before + amount(below.first, 2) + adjusted(below))
        for line, below, total in settled.values():
            if line_charge(line) != total:
                message = f"paid and adjusted come to {total}, the line's charge is {line_charge(line)}"
                self.rules.note("line-balance", message, below.first, 2, below)

    def _dates(self) -> None:
        above = self.payer.find("DTP", "573") if self.payer is not None else None
        if self.payer is not None and above is not None and any(below.find("DTP", "573") for _, below in self.decided):
            message = "the date of the decision stands at the payer or at the lines, never at both"
            self.rules.note("decision-date", message, above, 0, self.payer)
        if above is None and not self.decided:
            message = "what an earlier payer decided needs its date (DTP*573)"
            self.rules.note("decision-date", message, self.loop.first, 0, self.loop)


def _groups_once(rules: SetRules, loop: Loop) -> None:
    """The 837 has one CAS a group (X12 RFI 1147)."""
    seen: set[str] = set()
    for cas in loop.all("CAS"):
        if cas[1] in seen:
            rules.note("cas-group-twice", f"group {cas[1][:2]} stands in one CAS, not in two", cas, 1, loop)
        seen.add(cas[1])
