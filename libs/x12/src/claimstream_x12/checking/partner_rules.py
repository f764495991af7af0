"""A partner's own rules as data (SNIP 7): what a payer's companion guide asks beyond the implementation guide.

    [[rule]]
    id = "authorization-for-inpatient"
    says = "An inpatient claim names its authorization."
    source = "First Payer, companion guide 2026, section 7.2"
    guide = "005010X223A2"          # which sets; ST03
    payer = ["12345"]               # the payers' ids (NM109 of 2010BB, N104 of an 835's payer); left out: all
    at = "2300"                     # the loop that is asked, each time it comes
    when = ["CLM05-1 in 11 12 18"]  # all of these hold …
    need = ["REF*G1"]               # … then all of these must
    severity = "error"              # or "warning"

A condition is a place and what must be true of it: `REF*G1` stands, `no REF*G1` does not, `CLM05-3 in 1 7`, `CLM20 not in 1 2`,
`NM109 matches [0-9]{9}`, `REF02*G1 matches [0-9]{9}`, `SV102 at most 5000`, `2400/DTP*472` below, `2010BB/NM109 in 12345`
around. A place is [loop/]SEGMENT[element[-component]][*code]; the code is the first element's, or its first component's.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from claimstream_x12.checking.set_rules import kind_of_rules
from claimstream_x12.elements import parse_decimal
from claimstream_x12.errors import Severity, X12Error
from claimstream_x12.guides import GUIDES, guide_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimstream_x12.checking.noting import Notebook
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

_PLACE = re.compile(
    r"(?:(?P<loop>[0-9]{4}[A-Z]{0,2})/)?(?P<segment>[A-Z][A-Z0-9]{1,2}?)"
    r"(?:(?P<element>[0-9]{2})(?:-(?P<component>[0-9]{1,2}))?)?(?:\*(?P<code>[A-Z0-9]+))?"
)
_KEYS = frozenset({"id", "says", "source", "guide", "payer", "at", "when", "need", "severity"})
_NEEDED = ("id", "says", "source", "guide", "at", "need")


class BadPartnerRule(X12Error):
    """A partner's rule that cannot be read; the message names the rule and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where a condition looks."""

    loop: str
    segment: str
    code: str
    element: int
    component: int

    def segments(self, at: Loop) -> Iterator[Segment]:
        """The segments that it names, seen from a loop."""
        for loop in _loops(at, self.loop):
            for segment in loop.all(self.segment):
                if not self.code or segment.components(1)[0] == self.code:
                    yield segment

    def values(self, at: Loop) -> Iterator[str]:
        """What stands there, empty elements left out."""
        for segment in self.segments(at):
            text = segment[self.element] if self.element else segment.text
            if self.component and text:
                parts = segment.components(self.element)
                text = parts[self.component - 1] if self.component <= len(parts) else ""
            if text:
                yield text


@dataclass(frozen=True, slots=True)
class Condition:
    """A place and what must be true of what stands there."""

    text: str
    place: RulePlace
    holds: Callable[[list[str]], bool]

    def is_kept(self, at: Loop) -> bool:
        """Whether it holds, seen from a loop."""
        return self.holds(list(self.place.values(at)))


@dataclass(frozen=True, slots=True)
class PartnerRule:
    """One rule of one partner."""

    id: str
    says: str
    source: str
    guide: str
    at: str
    need: tuple[Condition, ...]
    when: tuple[Condition, ...] = ()
    payers: frozenset[str] = frozenset()
    severity: Severity = Severity.ERROR

    def judge(self, loop: Loop, notebook: Notebook) -> None:
        """Note what the rule needs and does not find."""
        if self.payers and _payer_of(loop) not in self.payers:
            return
        if not all(condition.is_kept(loop) for condition in self.when):
            return
        for condition in self.need:
            if not condition.is_kept(loop):
                segment = next(condition.place.segments(loop), None)
                at, element = (segment, condition.place.element) if segment is not None else (loop.first, 0)
                message = f"{self.says} ({condition.text}; {self.source})"
                notebook.element(
                    self.id, message, at, element, loop, component=condition.place.component, severity=self.severity
                )


class PartnerRules:
    """The rules that hold for one guide, by the loop that they ask about."""

    def __init__(self, rules: Iterable[PartnerRule], guide: str) -> None:
        self._by_loop: dict[str, list[PartnerRule]] = defaultdict(list)
        for rule in rules:
            if rule.guide == guide:
                self._by_loop[rule.at].append(rule)

    def __bool__(self) -> bool:
        return bool(self._by_loop)

    def closed(self, loop: Loop, notebook: Notebook) -> None:
        """Ask every rule of a loop that closes."""
        for rule in self._by_loop.get(loop.use.id, ()):
            rule.judge(loop, notebook)


def read_partner_rules(text: str, *, name: str = "rules") -> tuple[PartnerRule, ...]:
    """Rules from TOML; raises BadPartnerRule, which names file and rule."""
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as fault:
        raise BadPartnerRule(f"{name}: {fault}") from fault
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        raise BadPartnerRule(f"{name}: rules stand under [[rule]]")
    return tuple(_rule(table, f"{name}, rule {number}") for number, table in enumerate(tables, 1))


def _rule(table: dict[str, object], where: str) -> PartnerRule:
    where = f"{where} ({table['id']})" if "id" in table else where
    for key in _NEEDED:
        if not table.get(key):
            raise BadPartnerRule(f"{where}: {key} is missing")
    strange = sorted(set(table) - _KEYS)
    if strange:
        raise BadPartnerRule(f"{where}: {', '.join(strange)} is not known; there are {', '.join(sorted(_KEYS))}")
    severity = str(table.get("severity", "error"))
    if severity not in {"error", "warning"}:
        raise BadPartnerRule(f'{where}: severity is "error" or "warning"')
    rule = PartnerRule(
        id=str(table["id"]),
        says=str(table["says"]),
        source=str(table["source"]),
        guide=str(table["guide"]),
        at=str(table["at"]),
        need=tuple(_condition(text, where) for text in _texts(table["need"], where)),
        when=tuple(_condition(text, where) for text in _texts(table.get("when", []), where)),
        payers=frozenset(_texts(table.get("payer", []), where)),
        severity=Severity(severity),
    )
    _check_places(rule, where)
    return rule


def _check_places(rule: PartnerRule, where: str) -> None:
    """A rule that could never be asked is refused: an unknown guide or loop, or a claim looked for above claims."""
    guides = [guide for guide in GUIDES if guide.version == rule.guide]
    if not guides:
        known = ", ".join(dict.fromkeys(guide.version for guide in GUIDES))
        raise BadPartnerRule(f"{where}: {rule.guide} is no guide; there are {known}")
    loops = [loop for guide in guides for loop in guide_for(guide.table).root.all_loops()]
    names = {loop.id for loop in loops}
    let_go = frozenset[str]().union(*(kind_of_rules(guide).let_go for guide in guides))
    for name in (rule.at, *(condition.place.loop for condition in (*rule.when, *rule.need))):
        if name and name not in names:
            raise BadPartnerRule(f"{where}: {rule.guide} has no loop {name}")
    unseen = {
        below.id
        for at in loops
        if at.id == rule.at
        for loop in at.all_loops()
        if loop is not at and loop.id in let_go
        for below in loop.all_loops()
    }
    for condition in (*rule.when, *rule.need):
        if condition.place.loop in unseen:
            message = f"{condition.place.loop} is let go before {rule.at} ends: ask at {condition.place.loop}, which sees {rule.at}"
            raise BadPartnerRule(f"{where}: {message}")


def _texts(value: object, where: str) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise BadPartnerRule(f"{where}: {value!r} is neither a text nor a list of texts")


def _condition(text: str, where: str) -> Condition:
    words = text.split()
    absent = words[:1] == ["no"]
    name, *said = (words[1:] if absent else words) or [""]
    match = _PLACE.fullmatch(name)
    if match is None:
        raise BadPartnerRule(f'{where}: "{name}" is no place; one looks like 2300/CLM05-3 or REF*G1')
    place = RulePlace(
        match["loop"] or "",
        match["segment"],
        match["code"] or "",
        int(match["element"] or 0),
        int(match["component"] or 0),
    )
    if absent and said:
        raise BadPartnerRule(f'{where}: "{text}": nothing comes after the place of what must not stand')
    holds = (lambda values: not values) if absent else _test(said, f"{where}: {text}")
    return Condition(text, place, holds)


def _test(said: list[str], where: str) -> Callable[[list[str]], bool]:
    match said:
        case []:
            return bool
        case ["in", *codes] if codes:
            return lambda values: bool(values) and all(value in codes for value in values)
        case ["not", "in", *codes] if codes:
            return lambda values: not any(value in codes for value in values)
        case ["matches", pattern]:
            try:
                compiled = re.compile(pattern)
            except re.error as fault:
                raise BadPartnerRule(f"{where}: {fault}") from fault
            return lambda values: bool(values) and all(compiled.fullmatch(value) for value in values)
        case ["at", "most" | "least" as side, number] if (limit := parse_decimal(number)) is not None:
            return lambda values: all(_compares(value, side, limit) for value in values)
        case _:
            raise BadPartnerRule(
                f"{where}: after the place comes in …, not in …, matches …, at most …, at least … or nothing"
            )


def _compares(value: str, side: str, limit: Decimal) -> bool:
    number = parse_decimal(value)
    if number is None:
        return False
    return number <= limit if side == "most" else number >= limit


def _loops(at: Loop, name: str) -> Iterator[Loop]:
    """The loops of a name: this one, those below it, else those around it and beside them."""
    if not name or at.use.id == name:
        yield at
        return
    below = list(_below(at, name))
    if below:
        yield from below
        return
    around = at.parent
    while around is not None:
        if around.use.id == name:
            yield around
            return
        beside = [loop for loop in around.loops if loop.use.id == name]
        if beside:
            yield from beside
            return
        around = around.parent


def _below(at: Loop, name: str) -> Iterator[Loop]:
    for loop in at.loops:
        if loop.use.id == name:
            yield loop
        yield from _below(loop, name)


def _payer_of(loop: Loop) -> str:
    for name, segment_id, number in (("2010BB", "NM1", 9), ("1000A", "N1", 4), ("2100A", "NM1", 9)):
        for found in _loops(loop, name):
            segment = found.find(segment_id)
            if segment is not None and segment[number]:
                return segment[number]
    return ""
