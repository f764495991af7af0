"""One schedule: a practice with its EHR, its partner, its bus and its disk, and the steps that can be taken with them."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid5

from claimstream_kit.bus.port import Record
from claimstream_kit.consuming.letters import DeadLetter
from claimstream_kit.telemetry import EVENTS
from claimstream_schemas.values.identifiers import NAMESPACE
from clearinghouse_gw.handlers.receive_file import try_again

from .biller import Biller
from .bus import OFFSETS, Bus
from .clients import deliver
from .disk import Disk
from .documents import practice_name
from .ehr import Ehr
from .faults import Crash, Fault
from .members import CODING, GATEWAY, REMIT, Member, Work
from .payer import Payer
from .poisons import Poison, spoiled
from .world import World

MOST_UNITS = 40
ALL = 500
TWICE = 2
ONE_IN = 4
"""In so many schedules one brings a service a single event before the rest, so that it hears a unit in parts."""
CRASHES = ("crash", "power", "crash-at-statement")
PATIENCE = 25
"""Rounds after which a schedule that does not come to rest never will."""

_PUT_ASIDE = """
SELECT id FROM files WHERE direction = 'inbound' AND digest = '' AND changed_ns IS NOT NULL AND name LIKE '%P' || substr($1, 5) || '%'
"""


@dataclass
class Schedule:
    """What one schedule holds, and its steps. Each step runs to its end before the next begins."""

    world: World
    number: int
    trace: list[str] = field(default_factory=list)
    units: int = 0
    power_losses: int = 0
    poisons: int = 0
    has_failed: bool = False
    """Whether a handler has failed."""
    pending: Fault | None = None
    """A fault that strikes in whatever step reaches its place first."""
    held: tuple[Member, Any, list[Record]] | None = None
    """A batch in the hands of a replica that was paused: its process, and what it fetched."""

    _looks: int = 0
    _looked_at: tuple[int, object] = (0, None)

    def __post_init__(self) -> None:
        """Everybody begins."""
        self.faults = self.world.faults
        self.bus = Bus(self.faults, first_offset=self.number * OFFSETS)
        self.disk = Disk()
        self.world.begin(self.number, self.bus, self.disk)
        self.disk.sync_all()
        self.payer = Payer(self.number, self.disk)
        self.members = self.world.members
        self.practice = practice_name(self.number)
        self.ehr = Ehr(self, self.world.token(self.number))
        self.biller = Biller(self)
        self.is_piecemeal = self.number % ONE_IN == 0
        self.first_rows = dict(self.world.last_rows)
        self.count_effects_anew()

    # How a step is taken

    def step(
        self, said: str, member: Member, work: Callable[[], Coroutine[Any, Any, object]], fault: Fault | None = None
    ) -> bool:
        """Take a step; whether it came to its end. A crashed service begins again with nothing in memory."""
        self.units += 1
        with self.faults.armed(fault or self.pending):
            ended = self.world.run(self._guarded(work))
        hit = self.faults.hit
        if hit is not None:
            self.pending = None
            self.has_failed |= hit.kind == "handler-fails"
        self.trace.append(f"{said}{f' [{hit}]' if hit else ''}{'' if ended else ': it did not end'}")
        if hit is not None and hit.kind in CRASHES:
            if hit.kind == "power":
                self.lose_power(said="")
            self.world.run(member.restart())
            return False
        if not ended:
            member.has_more, member.sent_up_to = True, -1
        return ended

    async def _guarded(self, work: Callable[[], Coroutine[Any, Any, object]]) -> bool:
        """A crash ends the step; a lost connection does too, and the service tries again by and by, as its tasks do."""
        try:
            await work()
        except (Crash, ConnectionError):
            return False
        except BaseExceptionGroup as group:
            if group.subgroup(Crash) is None:
                raise
            return False
        return True

    # The bus

    def relay(self, name: str, fault: Fault | None = None, *, leader: bool = False, zombie: bool = False) -> bool:
        """A relay sends: the one that leads, a new leader, or one that was paused past its lock."""
        member = self.members[name]
        epoch = 0 if zombie else None
        how = " as a new leader" if leader else " past its lock" if zombie else ""
        return self.step(f"relay {name}{how}", member, lambda: member.relay(new_leader=leader, as_epoch=epoch), fault)

    def deliver(self, name: str, most: int = ALL, fault: Fault | None = None) -> None:
        """The group gets its next records."""
        member = self.members[name]
        records = self.bus.fetch(name, member.topics, most=most, random=self.world.random)
        if records:
            self.step(f"deliver {len(records)} to {name}", member, lambda: member.deliver(records), fault)

    def deliver_to_two(
        self, name: str, most: int, fault: Fault | None = None, *, same: bool = True, overtakes: bool = False
    ) -> None:
        """Two replicas at once: with the same batch, as after a rebalance, or with neighbouring ones."""
        member = self.members[name]
        records = self.bus.fetch(name, member.topics, most=most, random=self.world.random)
        if not records:
            return
        places = sorted({(each.topic, each.partition) for each in records})
        left = places[: (len(places) + 1) // 2]
        first = records if same else [each for each in records if (each.topic, each.partition) in left]
        second = records if same else [each for each in records if (each.topic, each.partition) not in left]
        said = f"deliver {len(first)} to {name} while its twin has {len(second)}{' of them' if same else ''}"
        said += " and overtakes it" if overtakes else ""
        self.step(said, member, lambda: member.deliver_to_two(first, second, overtakes=overtakes), fault)

    def posting_overtakes(self, fault: Fault | None = None) -> None:
        """Remit-svc posts what is complete while it works on a batch, and before this has locked what it is about."""
        self.deliver_beside(REMIT, self.members[REMIT].post, f"deliver to {REMIT} while it posts first", fault)

    def deliver_beside(self, name: str, work: Work, said: str, fault: Fault | None = None) -> None:
        """The group gets its next records, and somebody else's work goes first once they are noted."""
        member = self.members[name]
        records = self.bus.fetch(name, member.topics, most=ALL, random=self.world.random)
        if records:
            first = partial(deliver, self.bus, name, records, member.running.worker.work)
            self.step(said, member, lambda: member.two_at_once(first, work, overtakes=True), fault)

    def hold(self, name: str, most: int) -> None:
        """A replica fetches a batch and is paused; another gets the partitions, and begins where the offsets are."""
        member = self.members[name]
        records = self.bus.fetch(name, member.topics, most=most, random=self.world.random)
        if records:
            self.held = (member, member.replica(), records)
            self.trace.append(f"a replica of {name} is paused with {len(records)} records")

    def let_go(self, fault: Fault | None = None) -> None:
        """The paused replica goes on with its batch, however old it is."""
        if self.held is not None:
            (member, replica, records), self.held = self.held, None
            work = replica.worker.work
            self.step(
                f"the paused replica of {member.name} goes on",
                member,
                lambda: deliver(self.bus, member.name, records, work),
                fault,
            )

    def rewind(self, name: str, back: int) -> None:
        """The group begins again from earlier offsets."""
        self.bus.rewind(name, self.members[name].topics, back)
        self.trace.append(f"rewind {name} by {back}")

    def resend(self, name: str, which: int) -> None:
        """A record lies in its topic once more: a late duplicate of a relay that did not know it had sent it."""
        records = self._sound_records(name)
        if records:
            record = records[which % len(records)]
            self.bus.append(record.topic, record.key, record.value, record.headers)
            self.trace.append(f"resend a {record.topic}")

    def _sound_records(self, name: str) -> list[Record]:
        topics = self.members[name].topics
        return [each for topic in topics for each in self.bus.records(topic) if id(each) not in self.bus.foreign]

    def poison(self, name: str, kind: Poison, which: int) -> bool:
        """A record that no service of ours sent, under the key of one that was; whether there was one."""
        records = self._sound_records(name)
        if not records:
            return False
        record = records[which % len(records)]
        self.poisons += 1
        value, headers = spoiled(record, kind, uuid5(NAMESPACE, f"poison {self.number} {self.poisons}"))
        self.bus.foreign.add(id(self.bus.append(record.topic, record.key, value, headers)))
        self.trace.append(f"poison {record.topic}: {kind}")
        return True

    @property
    def may_have_letters(self) -> bool:
        """Whether anything was done that makes dead letters: else nobody has to look for them."""
        return bool(self.poisons) or self.has_failed

    def letters(self, name: str) -> list[DeadLetter]:
        """The letters of a service that nobody has settled."""
        member = self.members[name]
        letters = self.world.run(member.running.dead_letters.page(self.practice, state=None, after=0, limit=ALL))
        return [each for each in letters if each.state in ("dead", "parked")]

    def settle(self, name: str, fault: Fault | None = None, *, discard: bool = False) -> None:
        """An operator redrives the first dead letter, or discards it."""
        member = self.members[name]
        left = self.letters(name)
        if left:
            letter, member.has_more = left[0].id, True

            async def work() -> None:
                operator = member.running.dead_letters
                if discard:
                    await operator.discard(self.practice, letter, reason="simulated", actor="operator")
                else:
                    await operator.redrive(self.practice, letter, actor="operator")

            self.step(f"{'discard' if discard else 'redrive'} a letter of {name}", member, work, fault)

    def try_again(self) -> bool:
        """An operator has files read again at which the process ended too often. Whether there were such."""
        member = self.members[GATEWAY]
        aside = self.world.run(member.running.database.fetch(_PUT_ASIDE, self.practice))

        async def work() -> None:
            async with member.running.unit("operator") as unit:
                for row in aside:
                    await try_again(unit, row["id"])

        if aside:
            self.step("try files again", member, work)
            self._looks = 0
        return bool(aside)

    def settle_one(self, fault: Fault | None, *, discard: bool) -> None:
        """As `settle`, of the first service that has a letter; an operator gives up only what nobody can ever read."""
        for name, member in self.members.items():
            left = self.letters(name) if member.topics else []
            if left:
                poison = {
                    (each.topic, each.partition, each.offset)
                    for each in self.bus.records()
                    if id(each) in self.bus.foreign
                }
                is_poison = (left[0].topic, left[0].partition, left[0].record_offset) in poison
                self.settle(name, fault, discard=discard and is_poison)
                return

    # What services do by themselves

    def transmit(self, fault: Fault | None = None) -> bool:
        """The gateway makes and sends files; the partner looks at them afterwards."""
        gateway = self.members[GATEWAY]
        ended = self.step("transmit", gateway, gateway.transmit, fault)
        self.payer.look()
        return ended

    def receive(self, fault: Fault | None = None) -> bool:
        """The gateway looks at its inbound folder."""
        gateway = self.members[GATEWAY]
        looked_at = (self.disk.drops, self.members[GATEWAY].running)
        ended = self.step("receive", gateway, gateway.receive, fault)
        self._looks = self._looks + 1 if ended and looked_at == self._looked_at else int(ended)
        self._looked_at = looked_at
        return ended

    @property
    def inbound_is_new(self) -> bool:
        """Whether the gateway has not yet looked twice at the inbound folder as it is."""
        return bool(self.disk.drops) and (
            self._looks < TWICE or self._looked_at != (self.disk.drops, self.members[GATEWAY].running)
        )

    def post_money(self, fault: Fault | None = None) -> bool:
        """Remit-svc posts what is complete."""
        return self.step("post the money", self.members[REMIT], self.members[REMIT].post, fault)

    def encode(self, fault: Fault | None = None) -> bool:
        """Coding-svc codes what waits."""
        return self.step("encode", self.members[CODING], self.members[CODING].encode, fault)

    def two_at_once(self, name: str, task: str, fault: Fault | None = None) -> None:
        """Two replicas of a service do the same thing at the same time."""
        member = self.members[name]
        self.step(f"two replicas of {name} {task} at once", member, lambda: member.task_of_two(task), fault)
        self.payer.look()

    def complete_waiting(self, name: str, fault: Fault | None = None) -> bool:
        """Waiting events whose fact has come are completed."""
        return self.step(
            f"complete what waits in {name}", self.members[name], self.members[name].complete_waiting, fault
        )

    def seal(self, name: str, fault: Fault | None = None) -> None:
        """A service's audit chain is sealed."""
        self.step(f"seal {name}", self.members[name], self.members[name].seal, fault)

    # The world

    def lose_power(self, said: str = "the power fails") -> None:
        """The machine of the exchange folder ends, and with it the gateway."""
        self.power_losses += 1
        self.disk.lose_power(self.world.random)
        self.payer.look_again()
        if said:
            self.trace.append(said)
            self.world.run(self.members[GATEWAY].restart())

    def move_clock(self, seconds: int) -> None:
        """The clock is set."""
        self.world.clock.move(seconds)
        self.trace.append(f"the clock moves by {seconds} s")

    def let_time_pass(self) -> None:
        """A minute passes: the system writes what nobody synced, and waiting events are due again."""
        self.disk.sync_all()
        self.world.clock.move(60)
        self.world.run(self._all_waiting_is_due())

    async def _all_waiting_is_due(self) -> None:
        for name, member in self.members.items():
            if member.topics and self.bus.delivered[name]:
                member.has_more = True
                async with member.database.connection() as connection:
                    await connection.real.execute(
                        "UPDATE waiting SET due = now() WHERE consumer = $1 AND due > now()", name
                    )

    def count_effects_anew(self) -> None:
        """From here on: the services have seen nothing yet, or have forgotten it."""
        self._effects_before = _effects()

    def effects(self) -> Counter[str]:
        """How many events each service has worked on, one that it worked on twice counted twice."""
        return _effects() - self._effects_before

    def counts(self) -> Counter[str]:
        """What this schedule adds to the run's figures."""
        return Counter(
            {
                "units": self.units,
                "redelivered": self.bus.redelivered,
                "resent": self.bus.resent,
                "copies of files": self.payer.copies,
                "power losses": self.power_losses,
                "poison": self.poisons,
                "encounters": len(self.ehr.posted),
                "done by the biller": self.biller.done,
                "refused to the biller": self.biller.refused,
                "files": len(self.payer.taken),
                "remittances": len(self.payer.remittances),
            }
        )


def _effects() -> Counter[str]:
    """What the services' own metrics say since this process began."""
    counted: Counter[str] = Counter()
    for sample in next(iter(EVENTS.collect())).samples:
        if sample.name.endswith("_total") and sample.labels["outcome"] == "done":
            counted[sample.labels["consumer"]] += int(sample.value)
    return counted
