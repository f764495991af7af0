"""What the partners answered: TA1 and 999 about files and sets, 277CA about claims."""

from dataclasses import dataclass, field

from .claims import SentClaim
from .segments import File, TransactionSet

REFUSED_INTERCHANGE = "R"
REFUSED_SET = frozenset("RMWX")
REFUSED_CLAIM = frozenset({"A3", "A6", "A7", "A8"})
"""X12 RFI 1942, 2203: in a 277CA all four mean that the claim was not taken for adjudication."""


@dataclass
class Answers:
    """Everything refused, and every claim that a payer took."""

    interchanges: set[tuple[str, int]] = field(default_factory=set)
    sets: set[tuple[str, int, str]] = field(default_factory=set)
    claims: set[tuple[str, str]] = field(default_factory=set)
    taken: set[tuple[str, str]] = field(default_factory=set)
    """(BHT03, CLM01) with an A2 that a payer said."""
    speaking: set[str] = field(default_factory=set)
    """NM109 of each payer that takes or refuses claims itself."""

    def refuses(self, claim: SentClaim) -> bool:
        """Whether this submission was refused, by its envelope, its set or itself."""
        origin = claim.origin
        return (
            (origin.receiver, origin.interchange) in self.interchanges
            or (origin.receiver, origin.group, origin.number) in self.sets
            or (claim.batch, claim.number) in self.claims
        )

    def takes(self, claim: SentClaim) -> bool:
        """Whether its payer accepted it."""
        return (claim.batch, claim.number) in self.taken


def read_answers(files: list[File]) -> Answers:
    """All answers of the inbound files."""
    found = Answers()
    for file in files:
        found.interchanges |= {(who, number) for who, number, code in file.interchange_answers if code == "R"}
        for one in file.sets:
            if one.kind == "999":
                _read_999(one, found)
            elif one.kind == "277":
                _read_277ca(one, found)
    return found


def _read_999(one: TransactionSet, found: Answers) -> None:
    group, number = 0, ""
    for segment in one.segments:
        if segment.id == "AK1":
            group = int(segment[2])
        elif segment.id == "AK2":
            number = segment[2]
        elif segment.id == "IK5" and segment[1] in REFUSED_SET:
            found.sets.add((one.sender, group, number))


def _read_277ca(one: TransactionSet, found: Answers) -> None:
    level = source = payer = batch = claim = ""
    for segment in one.segments:
        if segment.id == "HL":
            level = segment[3]
        elif segment.id == "NM1" and level == "20":
            source, payer = segment[1], segment[9]
        elif segment.id == "TRN" and level == "21":
            batch = segment[2]
        elif segment.id == "TRN" and level == "PT":
            claim = segment[2]
        elif segment.id == "STC" and level == "PT":
            category = segment.part(1, 1)
            if source == "PR" and category in {"A2", *REFUSED_CLAIM}:
                found.speaking.add(payer)
            if category in REFUSED_CLAIM:
                found.claims.add((batch, claim))
            elif category == "A2" and source == "PR":
                found.taken.add((batch, claim))
