"""The state machine: Hypothesis chooses what happens next, and what goes wrong in it; the invariants are asked when all is at rest."""

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from . import audited
from .biller import ACTS
from .chain import chain_faults
from .documents import CHANGES, KINDS
from .evidence import close, gather
from .faults import Fault, Kind, of_places
from .invariants import violations
from .members import CLAIM, DENIAL, GATEWAY, NAMES, REMIT
from .payer import ANSWERS, DROPS
from .poisons import POISONS
from .replay import replay
from .rest import come_to_rest, flow
from .schedule import MOST_UNITS, Schedule
from .violation import Violation
from .world import World

CONSUMERS = (CLAIM, GATEWAY, REMIT, DENIAL)
UNIT = ["unit.before-transaction", "unit.after-insert", "unit.before-commit", "unit.after-commit"]
BATCH = [
    "consumer.after-fetch",
    "consumer.mid-batch",
    "unit.after-insert",
    "consumer.after-commit",
    "consumer.inside-revoke",
]
RELAY = ["relay.after-numbering", "relay.after-select", "relay.after-send", "relay.after-ack"]
TO_PARTNER = [
    "gateway.after-isa13", "gateway.after-temp-write", "gateway.after-fsync", "gateway.after-rename", "gateway.after-mark",
]  # fmt: skip
FROM_PARTNER = ["inbound.after-detect", "inbound.after-archive", "inbound.after-commit"]
MONEY = ["remit.mid-posting", "remit.after-commit"]
LETTER = ["redrive.before-mark"]
EVERY_PLACE = sorted({*UNIT, *BATCH, *RELAY, *TO_PARTNER, *FROM_PARTNER, *MONEY, *LETTER})

LOST: list[Kind] = ["lost-statement", "lost-before-commit", "lost-after-commit", "crash-at-statement"]
AT_STATEMENTS = [Fault(kind, nth=nth) for kind in LOST for nth in ((2, 5, 9) if "statement" in kind else (1,))]


def _faults(places: list[str], *more: Fault, nths: tuple[int, ...] = (1,)) -> st.SearchStrategy[Fault | None]:
    """In one of three steps nothing goes wrong."""
    possible = [*of_places("crash", places, nths), *more, *AT_STATEMENTS]
    return st.sampled_from([*possible, *[None] * (len(possible) // 2)])


OF_UNIT = _faults(UNIT)
OF_BATCH = _faults(BATCH, Fault("offsets-lost"), Fault("handler-fails"), Fault("handler-fails", nth=2), nths=(1, 2))
OF_RELAY = _faults(RELAY, Fault("bus-took-nothing"), Fault("bus-took-some"), Fault("bus-took-all"))
OF_TRANSMISSION = _faults([*TO_PARTNER, *UNIT], *of_places("power", TO_PARTNER), nths=(1, 2))
OF_RECEPTION = _faults([*FROM_PARTNER, *UNIT], *of_places("power", FROM_PARTNER))
OF_POSTING = _faults([*MONEY, *UNIT])
OF_ANSWER = _faults(
    [*FROM_PARTNER, *MONEY, *MONEY, *MONEY], *of_places("power", FROM_PARTNER), *of_places("crash", [*RELAY, *BATCH])
)
OF_TWO = _faults(UNIT)
OF_LETTER = _faults([*LETTER, *BATCH], Fault("handler-fails"))
OF_ALL = _faults(
    EVERY_PLACE, *of_places("crash", [*TO_PARTNER, *TO_PARTNER]), *of_places("power", [*TO_PARTNER, *FROM_PARTNER]),
    Fault("bus-took-nothing"), Fault("bus-took-some"), Fault("bus-took-all"), Fault("offsets-lost"),
    Fault("handler-fails"), Fault("handler-fails", nth=3),
)  # fmt: skip
SERVICE = st.sampled_from(CONSUMERS)
ANYBODY = st.sampled_from(NAMES)
ONE = st.integers(0, 7)
TO_A_CORRECTION = st.sampled_from(
    (("paid",), ("paid", "reversal"), ("reversal", "paid"), ("reversal",), ("277ca-refused",), ())
)
MOST = st.sampled_from((1, 2, 5, 500))


class Simulation(RuleBasedStateMachine):
    """One schedule: a few encounters, a partner, and everything that may happen to them."""

    world: ClassVar[World]
    number: ClassVar[int]

    def __init__(self) -> None:
        """A practice of its own, everybody at work."""
        super().__init__()
        self.schedule = Schedule(self.world, self.number)
        type(self).last = self.schedule
        self.replays = False
        self.sealed: set[str] = set()
        self.since = audited.marks(self.schedule) if audited.is_audited(self.number) else None

    last: ClassVar[Schedule]

    @property
    def is_over(self) -> bool:
        """Whether the schedule has had its units."""
        return self.schedule.units >= MOST_UNITS

    @initialize(
        kinds=st.lists(st.sampled_from((*KINDS, "clean", "two-lines", "two-payers")), min_size=1, max_size=2),
        rounds=st.sampled_from((0, 1, 1, 1, 2)),
        answers=st.lists(st.sampled_from(ANSWERS), max_size=2),
        acts=st.lists(st.tuples(st.sampled_from(ACTS), OF_UNIT), max_size=2),
        faults=st.tuples(OF_ALL, OF_ANSWER),
        replays=st.sampled_from((True, *[False] * 15)),
    )
    def begin(
        self, kinds: list[Any], rounds: int, answers: list[Any], acts: list[Any], faults: Any, *, replays: bool
    ) -> None:
        """The EHR posts, and some of it may be on its way, or answered already, or corrected; well or not."""
        self.replays = replays
        self.schedule.ehr.post_together(kinds)
        for number in range(rounds):
            flow(self.schedule, faults[number])
            for which, what in enumerate(answers):
                self._answer(what, which, "whole")
        for which, (act, fault) in enumerate(acts):
            self.schedule.biller.act(act, which, fault)

    @rule(kind=st.sampled_from(KINDS), fault=OF_UNIT)
    def post(self, kind: Any, fault: Fault | None) -> None:
        """A new encounter."""
        if not self.is_over and len(self.schedule.ehr.posted) < 4:
            self.schedule.ehr.post(kind, fault)

    @rule(which=ONE, how=st.sampled_from((*CHANGES, "again", "again with another key", "practice")), fault=OF_UNIT)
    def tell_again(self, which: int, how: Any, fault: Fault | None) -> None:
        """An encounter once more, as it was or changed; or the practice's document."""
        if self.is_over:
            return
        if how in CHANGES:
            self.schedule.ehr.post_changed(which, how, fault)
        elif how == "practice":
            self.schedule.ehr.load_practice(fault)
        else:
            self.schedule.ehr.post_again(which, fault, same_key=how == "again")

    @rule(fault=OF_ALL)
    def everything_moves(self, fault: Fault | None) -> None:
        """One round of all that happens by itself."""
        if not self.is_over:
            flow(self.schedule, fault)

    @rule(service=SERVICE, most=MOST, fault=OF_BATCH)
    def deliver(self, service: str, most: int, fault: Fault | None) -> None:
        """A batch."""
        if not self.is_over:
            self.schedule.deliver(service, most, fault)

    @rule(service=SERVICE, most=MOST, same=st.booleans(), overtakes=st.booleans(), fault=OF_BATCH)
    def deliver_to_two(self, service: str, most: int, *, same: bool, overtakes: bool, fault: Fault | None) -> None:
        """Two replicas at once."""
        if not self.is_over:
            self.schedule.deliver_to_two(service, most, fault, same=same, overtakes=overtakes)

    @rule(what=st.sampled_from(("post", "transmit", "receive", "post money")), fault=OF_TWO)
    def two_at_once(self, what: str, fault: Fault | None) -> None:
        """Two replicas do the same thing at the same time."""
        if self.is_over:
            return
        if what == "post" and len(self.schedule.ehr.posted) < 4:
            self.schedule.ehr.post_two_at_once(fault)
        elif what == "post money":
            self.schedule.two_at_once(REMIT, "post", fault)
        elif what != "post":
            self.schedule.two_at_once(GATEWAY, what, fault)

    @rule(service=SERVICE, how=st.sampled_from(("rewind", "resend", "hold", "let go")), which=ONE, fault=OF_BATCH)
    def redeliver(self, service: str, how: str, which: int, fault: Fault | None) -> None:
        """What was heard comes again: after a rebalance, from another offset, from a relay, from a paused replica."""
        if self.is_over:
            return
        match how:
            case "rewind":
                self.schedule.rewind(service, (1, 2, 5, 1_000_000)[which % 4])
            case "resend":
                self.schedule.resend(service, which)
            case "hold":
                self.schedule.hold(service, 1 + which)
            case "let go":
                self.schedule.let_go(fault)

    @rule(service=ANYBODY, how=st.sampled_from(("plain", "plain", "leader", "zombie")), fault=OF_RELAY)
    def relay(self, service: str, how: str, fault: Fault | None) -> None:
        """A relay sends."""
        if not self.is_over:
            self.schedule.relay(service, fault, leader=how == "leader", zombie=how == "zombie")

    @rule(fault=OF_TRANSMISSION)
    def transmit(self, fault: Fault | None) -> None:
        """Files leave."""
        if not self.is_over:
            self.schedule.transmit(fault)

    @rule(what=st.sampled_from(ANSWERS), which=ONE, how=st.sampled_from((*DROPS, "whole", "whole", "whole")))
    def answer(self, what: Any, which: int, how: Any) -> None:
        """The partner answers."""
        self._answer(what, which, how)

    def _answer(self, what: Any, which: int, how: Any) -> None:
        self.schedule.payer.answer(what, which, how)
        self.schedule.trace.append(f"the partner answers: {what}, {how}")

    @rule(
        what=st.sampled_from(ANSWERS),
        which=ONE,
        how=st.sampled_from((*DROPS, "whole", "whole", "whole")),
        fault=OF_ANSWER,
    )
    def answer_is_heard(self, what: Any, which: int, how: Any, fault: Fault | None) -> None:
        """The partner answers, and everything moves; what goes wrong does so on the answer's way."""
        if not self.is_over:
            self._answer(what, which, how)
            flow(self.schedule, fault)

    @rule(what=st.sampled_from(ACTS), which=ONE, fault=OF_UNIT)
    def biller(self, what: Any, which: int, fault: Fault | None) -> None:
        """A person corrects, takes back, sends or drops."""
        if not self.is_over:
            self.schedule.biller.act(what, which, fault)

    @rule(what=st.sampled_from(("correct", "void", "send")), which=ONE, answers=TO_A_CORRECTION, fault=OF_ALL)
    def correction_is_answered(self, what: Any, which: int, answers: tuple[Any, ...], fault: Fault | None) -> None:
        """A person wants a correction, it leaves, and the payer answers as it does to a replacement or a void, or otherwise."""
        if self.is_over:
            return
        flow(self.schedule)
        self._answer("paid", which, "whole")
        flow(self.schedule)
        self.schedule.biller.act(what, which)
        for answer in answers:
            flow(self.schedule, fault)
            self._answer(answer, -1, "whole")

    @rule(
        what=st.sampled_from(("correct", "void", "spoil")),
        which=ONE,
        who=st.sampled_from(("biller", "posting", "posting")),
        fault=OF_TWO,
    )
    def somebody_overtakes(self, what: Any, which: int, who: str, fault: Fault | None) -> None:
        """What is heard and what is done by itself or by a person are about one claim: who has its lock first speaks first."""
        if self.is_over:
            return
        schedule = self.schedule
        flow(schedule)
        self._answer("paid", which, "whole")
        for _ in range(2):
            schedule.receive()
        schedule.relay(GATEWAY)
        schedule.deliver(REMIT)
        if who == "biller":
            schedule.post_money()
            schedule.relay(REMIT)
            schedule.biller.overtakes(what, which, fault)
        else:
            schedule.biller.act(what, which)
            schedule.relay(CLAIM)
            schedule.posting_overtakes(fault)

    @rule(how=st.sampled_from(DROPS), finish=st.booleans())
    def answer_again(self, how: Any, *, finish: bool) -> None:
        """The partner drops its last answer again, or finishes a file that it has begun."""
        if finish:
            self.schedule.payer.finish()
        else:
            self.schedule.payer.again(how)
        self.schedule.trace.append("the partner finishes its files" if finish else f"the partner answers again: {how}")

    @rule(fault=OF_RECEPTION, looks=st.integers(1, 2))
    def receive(self, fault: Fault | None, looks: int) -> None:
        """The gateway looks."""
        for _ in range(looks):
            if not self.is_over:
                self.schedule.receive(fault)

    @rule(what=st.sampled_from(("post", "encode", *CONSUMERS)), fault=OF_POSTING)
    def work_by_itself(self, what: str, fault: Fault | None) -> None:
        """A service does what it does by itself: remittances are posted, the encoder works, waiting events are looked at."""
        if self.is_over:
            return
        if what == "post":
            self.schedule.post_money(fault)
        elif what == "encode":
            self.schedule.encode(fault)
        else:
            self.schedule.complete_waiting(what, fault)

    @rule(service=SERVICE, kind=st.sampled_from(POISONS), which=ONE, fault=OF_LETTER)
    def poison(self, service: str, kind: Any, which: int, fault: Fault | None) -> None:
        """A record that nobody can read; an operator tries it again, in vain."""
        if not self.is_over and self.schedule.poison(service, kind, which) and fault is not None:
            self.schedule.deliver(service)
            self.schedule.settle(service, fault)

    @rule(discard=st.booleans(), fault=OF_LETTER)
    def settle(self, *, discard: bool, fault: Fault | None) -> None:
        """An operator settles a dead letter; only what can never be read is given up."""
        if not self.is_over and self.schedule.may_have_letters:
            self.schedule.settle_one(fault, discard=discard)

    @rule(how=st.sampled_from(("power", "time", -3600, -60, 1, 3600, 86_400, 10_000_000)))
    def time_and_nature(self, how: str | int) -> None:
        """The machine with the folders dies between two steps, or lives for another minute; or the clock is set, back, forward, over the year's end."""
        if how == "power":
            self.schedule.lose_power()
        elif isinstance(how, int):
            self.schedule.move_clock(how)
        else:
            self.schedule.let_time_pass()

    @rule(service=ANYBODY, fault=OF_UNIT)
    def seal(self, service: str, fault: Fault | None) -> None:
        """A chain is sealed."""
        if not self.is_over and service not in self.sealed:
            self.schedule.seal(service, fault)
            self.sealed.add(service)

    @invariant()
    def nothing_left_twice(self) -> None:
        """What can be seen at any time: no file took its name twice, no file came with other bytes."""
        names = [name for name, _ in self.schedule.disk.appeared]
        if len(names) != len(set(names)) or self.schedule.payer.twice:
            raise Violation(f"I3: a file was put into the folder twice: {names}")

    def teardown(self) -> None:
        """Everything comes to rest, and every invariant is asked."""
        self.check()

    def check(self) -> None:
        """Come to rest, and look."""
        schedule = self.schedule
        come_to_rest(schedule)
        evidence = gather(schedule)
        found = violations(evidence)
        for service in sorted(self.sealed):
            found += chain_faults(schedule, service)
        if not found and self.replays:
            replay(schedule)
            evidence = gather(schedule)
            found = violations(evidence)
        if not found and self.since is not None and not schedule.ehr.has_changed_coverage:
            found = audited.faults_found(schedule, self.since)
        close(evidence)
        if found:
            raise Violation("\n".join(found))
