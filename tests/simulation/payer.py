"""The other side of the folder: a partner with two payers that takes our files and answers them, well or badly, as a schedule says."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from .disk import Disk
from .documents import a_practice, receiver_of
from .payer_texts import Billed, Line, PaidLine, a_277ca, a_999, an_835, an_835_claim, envelope, read_837, ta1

Answer = Literal[
    "ta1", "ta1-refused", "999", "999-refused", "277ca", "277ca-refused", "paid", "denied", "partial", "shared", "reversal",
    "unbalanced", "unbalanced-line", "trace-again", "with-plb", "zero", "twice-in-a-file", "stranger",
]  # fmt: skip
ANSWERS: tuple[Answer, ...] = get_args(Answer)

Drop = Literal["whole", "other-name", "other-envelope", "truncated", "growing", "empty", "under-way"]
DROPS: tuple[Drop, ...] = get_args(Drop)

CENT = Decimal("0.01")
STRANGE_LINE = Line("", "99213", Decimal(50))
OUTBOUND, INBOUND = "/exchange/outbound", "/exchange/inbound"


@dataclass
class Paid:
    """A remittance as the payer means it."""

    body: tuple[str, ...]
    payee: str
    trace: str
    amount: Decimal
    balances: bool
    lines: list[tuple[Billed, list[PaidLine]]]
    strangers: Decimal
    plb: Decimal
    is_reversal: bool = False
    refused: int = 0
    """Lines that it refuses, all or in part."""
    arrived: bool = False
    """Whether it was dropped whole at least once."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same remittance."""
        return self.body


@dataclass
class Payer:
    """One schedule's partner."""

    number: int
    disk: Disk
    taken: dict[str, bytes] = field(default_factory=dict)
    """Each file of ours as it was first seen."""
    twice: list[str] = field(default_factory=list)
    """Files that came again, with other bytes under the same name."""
    claims: list[Billed] = field(default_factory=list)
    remittances: list[Paid] = field(default_factory=list)
    dropped: list[tuple[str, bytes]] = field(default_factory=list)
    """What was dropped whole: name and bytes."""
    copies: int = 0
    unfinished: list[tuple[str, bytes, Paid | None]] = field(default_factory=list)
    """Files of which only the beginning is there."""
    named: dict[str, Paid] = field(default_factory=dict)
    """The remittance that a file brings, by the file's name."""
    counter: int = 0
    _last: tuple[str | None, list[list[str]], list[Paid]] | None = None

    def __post_init__(self) -> None:
        """Who speaks to whom."""
        practice = a_practice(self.number)
        self.sender, self.receiver, self.payee = receiver_of(self.number), practice["submitter_id"], practice["npi"]

    def look(self) -> int:
        """Take what is new in the outbound folder; how many files."""
        new = 0
        for name, file in self.disk.files(OUTBOUND).items():
            if name in self.taken:
                if self.taken[name] != file.data:
                    self.twice.append(name)
                continue
            new += 1
            self.taken[name] = file.data
            self.claims += read_837(name, file.data)
        return new

    def look_again(self) -> None:
        """After a power loss: a file that is gone was never sent, and may come again."""
        there = self.disk.files(OUTBOUND)
        self.disk.appeared = [each for each in self.disk.appeared if each[0] in there]

    def answer(self, what: Answer, which: int, how: Drop) -> None:
        """Say something of one of the claims that were sent, and drop it in one of the ways in which files come."""
        if what == "stranger":
            claim = self._a_stranger()
        elif self.claims:
            claim = self.claims[which % len(self.claims)]
        else:
            return
        said = self._say(what, claim)
        if said is not None:
            self._last = said
            self._drop(how, *said)

    def again(self, how: Drop) -> None:
        """Drop what was said last once more."""
        if self._last is not None:
            self._drop(how, *self._last)

    def finish(self) -> int:
        """Files whose beginning is there become whole; how many."""
        done = len(self.unfinished)
        for name, data, _ in self.unfinished:
            self.disk.drop(INBOUND, name, data)
            self.dropped.append((name, data))
        for *_, paid in self.unfinished:
            if paid is not None:
                paid.arrived = True
        self.unfinished = []
        return done

    def _say(self, what: Answer, claim: Billed) -> tuple[str | None, list[list[str]], list[Paid]] | None:
        of_file = [each for each in self.claims if each.file == claim.file]
        self.counter += 1
        match what:
            case "ta1" | "ta1-refused":
                return None, [ta1(claim.file_number, accepted=what == "ta1")], []
            case "999" | "999-refused":
                return "FA", [a_999(of_file, accepted=what == "999")], []
            case "277ca" | "277ca-refused":
                return "HN", [a_277ca(claim, f"R{self.counter}", accepted=what == "277ca")], []
        paid = self._remit(what, claim)
        if paid is None:
            return None
        sets = [list(paid.body)] * (2 if what == "twice-in-a-file" else 1)
        if paid not in self.remittances:
            self.remittances.append(paid)
        return "HP", sets, [paid]

    def _remit(self, what: Answer, claim: Billed) -> Paid | None:
        if what == "reversal":
            return self._reversal()
        lines = [_pay(what, line) for line in claim.lines]
        trace = f"T{self.counter:05d}"
        if what == "trace-again":
            earlier = next((each for each in reversed(self.remittances) if each.amount and each.balances), None)
            trace = earlier.trace if earlier else trace
        return self._remittance(what, claim, lines, trace)

    def _remittance(self, what: Answer, claim: Billed, lines: list[PaidLine], trace: str) -> Paid:
        total = sum((each.paid for each in lines), Decimal(0))
        plb = Decimal(5) if what == "with-plb" and total > Decimal(5) else Decimal(0)
        wrong = CENT if what in ("unbalanced", "unbalanced-line") else Decimal(0)
        said = lines
        if what == "unbalanced-line":
            first, *rest = lines
            said = [PaidLine(first.line, first.paid + CENT, first.adjustments), *rest]
        amount = total - plb + wrong
        segments = an_835_claim(claim, said, status="1", number=f"PCN{claim.control_number[:6]}{claim.ordinal}")
        body = tuple(an_835(self.payee, claim.payer, trace, amount, segments, plb))
        strange = total if what == "stranger" else Decimal(0)
        mine = [] if what == "stranger" else [(claim, lines)]
        refused = len(lines) if what in ("denied", "partial") else 0
        return Paid(body, self.payee, trace, amount, not wrong, mine, strange, plb, refused=refused)

    def _reversal(self) -> Paid | None:
        """Take the last payment back, and say so with a PLB that evens it out."""
        before = next(
            (each for each in reversed(self.remittances) if each.balances and each.lines and not each.plb), None
        )
        if before is None or before.is_reversal:
            return None
        claim, lines = before.lines[0]
        turned = [
            PaidLine(
                each.line, -each.paid, tuple((group, reason, -amount) for group, reason, amount in each.adjustments)
            )
            for each in lines
        ]
        total = sum((each.paid for each in turned), Decimal(0))
        number = f"PCN{claim.control_number[:6]}{claim.ordinal}"
        segments = an_835_claim(claim, turned, status="22", number=number)
        trace = f"T{self.counter:05d}"
        body = tuple(an_835(self.payee, claim.payer, trace, Decimal(0), segments, total))
        return Paid(body, self.payee, trace, Decimal(0), True, [(claim, turned)], Decimal(0), total, is_reversal=True)

    def _a_stranger(self) -> Billed:
        return Billed("NOT-ONE-OF-OURS", STRANGE_LINE.charge, "ALPHA", "", "", "", "", (STRANGE_LINE,), "")

    def _drop(self, how: Drop, group: str | None, sets: list[list[str]], paid: list[Paid]) -> None:
        self.counter += 1
        name = f"{self.sender}-{self.counter:05d}.x12"
        self.named.update({each: one for one in paid for each in (name, f"copy-of-{name}", f"again-{name}")})
        data = envelope(self.sender, self.receiver, self.counter, group, sets)
        match how:
            case "truncated":
                self.disk.drop(INBOUND, name, data[: len(data) * 2 // 3])
                return
            case "empty":
                self.disk.drop(INBOUND, name, b"")
                return
            case "growing" | "under-way":
                beginning = name if how == "growing" else f"{name}.part"
                self.disk.drop(INBOUND, beginning, data[: len(data) // 2])
                self.unfinished.append((name, data, paid[0] if paid else None))
                return
            case "other-name":
                self._put(f"copy-of-{name}", data)
                self.copies += 1
            case "other-envelope":
                self._put(f"again-{name}", envelope(self.sender, self.receiver, self.counter + 500, group, sets))
                self.copies += 1
        self._put(name, data)
        for each in paid:
            each.arrived = True

    def _put(self, name: str, data: bytes) -> None:
        self.disk.drop(INBOUND, name, data)
        self.dropped.append((name, data))


def _pay(what: Answer, line: Line) -> PaidLine:
    """What the payer decides of a line: 80 % is allowed, and of that it pays all, some or none."""
    allowed = (line.charge * Decimal("0.8")).quantize(CENT)
    contractual = ("CO", "45", line.charge - allowed)
    match what:
        case "denied" | "zero":
            reason = ("CO", "50", line.charge) if what == "denied" else ("PR", "1", line.charge)
            return PaidLine(line, Decimal(0), (reason,))
        case "partial":
            share = (allowed / 2).quantize(CENT)
            return PaidLine(line, allowed - share, (contractual, ("CO", "197", share)))
        case "shared":
            share = (allowed / 4).quantize(CENT)
            return PaidLine(line, allowed - share, (contractual, ("PR", "2", share)))
        case _:
            return PaidLine(line, allowed, (contractual,))
