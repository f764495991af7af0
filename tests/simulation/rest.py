"""How a schedule comes to rest: everything that services and people still have to do is done, without faults, until nothing moves."""

from .faults import Fault
from .members import CODING, GATEWAY, NAMES, REMIT
from .schedule import ALL, PATIENCE, Schedule
from .violation import Violation


def flow(schedule: Schedule, fault: Fault | None = None) -> bool:
    """One round of all that happens by itself; the fault strikes where its place is reached first. Whether anything moved."""
    before = _state(schedule)
    schedule.pending = fault
    for name in NAMES:
        member = schedule.members[name]
        if member.topics:
            for most in (1, ALL) if schedule.is_piecemeal else (ALL,):
                schedule.deliver(name, most)
            if member.has_more and member.database.has_waiting:
                schedule.complete_waiting(name)
        if member.has_more:
            member.has_more = not _tasks(schedule, name)
        if name == GATEWAY:
            _receive(schedule)
        if member.may_have_unsent:
            schedule.relay(name)
    schedule.pending = None
    return _state(schedule) != before


def come_to_rest(schedule: Schedule) -> None:
    """The EHR asks again for what it was not answered, operators settle letters, and all else is done."""
    if schedule.held is not None:
        schedule.let_go()
    for posted in schedule.ehr.posted:
        if posted.answer is None:
            schedule.ehr.send(posted)
    schedule.let_time_pass()
    for _ in range(PATIENCE):
        moved = flow(schedule)
        finished = schedule.payer.finish()
        if not moved and not finished and not _settle(schedule):
            return
    raise Violation("I1: it does not come to rest")


def _tasks(schedule: Schedule, name: str) -> bool:
    """What the service does by itself; whether it ended."""
    if name == CODING:
        return schedule.encode()
    if name == GATEWAY:
        return schedule.transmit()
    if name == REMIT:
        return schedule.post_money()
    return True


def _receive(schedule: Schedule) -> None:
    """A file is taken at the second look, if it has not changed since the first."""
    looks = 0
    while schedule.inbound_is_new and looks < PATIENCE:
        looks += 1
        schedule.receive()


def _settle(schedule: Schedule) -> bool:
    """What can be done now is redriven, what cannot is given up, in order. Whether there was something."""
    found = schedule.try_again()
    for name in NAMES:
        while schedule.may_have_letters and schedule.members[name].topics and (letters := schedule.letters(name)):
            found = True
            schedule.settle(name)
            again = schedule.letters(name)
            if again and again[0].id == letters[0].id:
                schedule.settle(name, discard=True)
    return found


def _state(schedule: Schedule) -> tuple[object, ...]:
    lags = tuple(schedule.bus.lag(name, member.topics) for name, member in schedule.members.items())
    records = sum(map(len, schedule.bus.logs.values()))
    more = any(member.may_have_unsent or member.has_more for member in schedule.members.values())
    return lags, records, schedule.inbound_is_new, len(schedule.payer.taken), more
