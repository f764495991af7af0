"""A file of many sets: each keeps its own findings, whichever is asked for first."""

from claimstream_x12.checking import CheckedSet, Checker, Report

from ..builders import in_envelope

SETS = 1_500


def a_set(number: int) -> str:
    """A 999 with as many wrong elements as its number says, up to ten: some sets have none."""
    wrong = number % 11
    told = "".join(f"IK3*CLM*{n}**8~IK4*1**{'1' * (n + 1)}~" for n in range(2, 2 + wrong))
    body = (
        f"AK1*HC*{number}*005010X222A1~AK2*837*0001~{told}IK5*{'R' if told else 'A'}~AK9*{'R' if told else 'A'}*1*1*1~"
    )
    return f"ST*999*{number:04d}*005010X231A1~{body}SE*{body.count('~') + 2}*{number:04d}~"


def checked(*numbers: int) -> Report:
    data = in_envelope("".join(a_set(number) for number in numbers).encode(), "FA", "005010X231A1")
    return Checker().check(data.replace(b"GE*1*", b"GE*%d*" % len(numbers)))


def told(one: CheckedSet) -> list[tuple[str, str, int, str]]:
    return [(found.code, found.place.element_name, found.place.segment, found.value) for found in one.findings]


def test_each_set_keeps_its_findings_whichever_is_asked_for():
    sets = checked(*range(1, SETS + 1)).sets
    alone = {number: told(checked(number).sets[0]) for number in range(1, 12)}
    scattered = [at * 7 % SETS for at in range(SETS)]

    assert len(alone[10]) == len({tuple(found) for found in alone[10]}) == 10
    for at in scattered:
        assert told(sets[at]) == alone[(at + 1) % 11 or 11], at
        assert {found.place.set_control for found in sets[at].findings} <= {f"{at + 1:04d}"}
