"""I1: every encounter that was acknowledged exists, and ends in exactly one place."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ..case import Case
from ..evidence import CLAIM, CODING, Acknowledged
from ..letters import PutAside, put_aside
from ..report import Finding

_ENCOUNTERS = """
SELECT e.practice, e.id, e.version, e.source_system, e.ehr_encounter_id, e.state, e.is_self_pay, e.changed_at,
       now() - w.enqueued_at AS queued_for, (SELECT array_agg(v.version) FROM encounter_versions v
           WHERE v.practice = e.practice AND v.encounter = e.id) AS versions
FROM encounters e LEFT JOIN coding_work w ON w.practice = e.practice AND w.encounter = e.id WHERE mine(e.practice)
"""
_BILLED = """
SELECT encounter_id, 'claim' AS place, count(*) AS parts, max((document->'content'->>'encounter_version')::int) AS version
FROM claims WHERE mine(practice) AND state NOT IN ('withdrawn', 'voided') GROUP BY encounter_id
UNION ALL
SELECT encounter_id, 'voided', count(*), max((document->'content'->>'encounter_version')::int)
FROM claims WHERE mine(practice) AND state = 'voided' GROUP BY encounter_id
UNION ALL
SELECT encounter_id, 'self-pay', 1, encounter_version FROM self_pay_visits WHERE mine(practice) AND is_live
UNION ALL
SELECT encounter_id, 'correction', 0, max(encounter_version) FROM corrections WHERE mine(practice) GROUP BY encounter_id
"""


@dataclass
class Billed:
    """What claim-svc has of an encounter."""

    claims: int = 0
    voided: int = 0
    """Claims that a person took back, or that payers gave back as asked."""
    is_self_pay: bool = False
    version: int = 0
    """The newest version that arrived."""
    waits: int = 0
    """The newest version that waits as a correction of what was submitted, whoever is to pay it."""


@dataclass
class _Journal:
    """What the load generator was told, by encounter."""

    lines: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def add(self, line: Acknowledged) -> None:
        self.lines += 1
        self.versions[line.id] = max(line.version, self.versions.get(line.id, 0))
        self.names[line.id] = (line.practice, line.source_system, line.encounter_id)


async def intake(case: Case, finding: Finding) -> None:
    """Join the journal with coding-svc, and follow each encounter to where it ended."""
    journal = _Journal()
    for line in case.evidence.journal() if case.evidence.journal else ():
        if case.is_mine(line.practice):
            journal.add(line)
    billed = await _billed(case)
    aside = await case.once(put_aside)
    follower = _Follower(case, finding, billed, aside)
    encounters: Counter[str] = Counter()
    seen: set[str] = set()
    async for row in case.rows(CODING, _ENCOUNTERS):
        finding.checked += 1
        encounters[follower.end_of(row)] += 1
        identity = str(row["id"])
        if identity in journal.versions:
            seen.add(identity)
            _compare(row, journal, finding)
        billed.pop(row["id"], None)
    for identity in journal.versions.keys() - seen:
        finding.violate("an acknowledged encounter is missing", journal.names[identity][0], identity)
    for encounter in billed if case.bounds.at_rest else ():
        finding.violate("claim-svc has an encounter that coding-svc has not", encounter)
    finding.figures["acknowledged"] = journal.lines
    finding.figures["acknowledged encounters"] = len(journal.versions)
    finding.figures.update({f"encounters: {end}": count for end, count in encounters.items()})


def _compare(row: Any, journal: _Journal, finding: Finding) -> None:
    identity = str(row["id"])
    if journal.names[identity] != (row["practice"], row["source_system"], row["ehr_encounter_id"]):
        finding.violate("an encounter is another than was acknowledged", row["practice"], identity)
    if journal.versions[identity] not in (row["versions"] or ()):
        version = journal.versions[identity]
        finding.violate("an acknowledged version is missing", row["practice"], identity, f"version {version}")


async def _billed(case: Case) -> dict[UUID, Billed]:
    found: dict[UUID, Billed] = {}
    async for row in case.rows(CLAIM, _BILLED):
        billed = found.setdefault(row["encounter_id"], Billed())
        billed.claims += row["parts"] if row["place"] == "claim" else 0
        billed.voided += row["parts"] if row["place"] == "voided" else 0
        billed.is_self_pay |= row["place"] == "self-pay"
        billed.version = max(billed.version, row["version"] or 0)
        billed.waits = max(billed.waits, row["version"] if row["place"] == "correction" else 0)
    return found


class _Follower:
    """Says where an encounter ended."""

    def __init__(self, case: Case, finding: Finding, billed: dict[UUID, Billed], aside: PutAside) -> None:
        self._case = case
        self._finding = finding
        self._billed = billed
        self._aside = aside

    def end_of(self, row: Any) -> str:
        """The one place that it is in; anything else is a violation."""
        where = (row["practice"], row["id"], f"version {row['version']}")
        if row["versions"] is None or row["version"] != max(row["versions"]) or len(row["versions"]) != row["version"]:
            self._finding.violate("an encounter's versions are not all kept", *where)
        match row["state"]:
            case "received":
                return self._queued(row, where)
            case "coded":
                return self._coded(row, where)
            case "not_billable" | "unfinished":
                return self._not_billed(row, where)
            case state:
                return str(state).replace("_", " ")

    def _queued(self, row: Any, where: tuple[object, ...]) -> str:
        if row["queued_for"] is None:
            self._finding.violate("a received encounter is in nobody's queue", *where)
        elif self._case.bounds.at_rest and row["queued_for"] > self._case.bounds.stuck_after:
            self._finding.violate("a received encounter waits too long for the encoder", *where)
        return "received"

    def _not_billed(self, row: Any, where: tuple[object, ...]) -> str:
        """Nothing of it stands on anybody's books, unless it had left: then a void waits, or the visit's next version."""
        place = str(row["state"]).replace("_", " ")
        billed = self._billed.get(row["id"], Billed())
        excuse = self._aside.excuses(CLAIM, row["practice"], row["id"])
        if excuse is not None or not self._case.bounds.at_rest:
            return excuse or place
        if billed.is_self_pay:
            self._finding.violate("the patient owes a visit that is not billed", *where)
        if row["state"] == "not_billable" and billed.claims and billed.waits != row["version"]:
            self._finding.violate("a visit that is not billed has claims, and no void waits", *where)
        return place

    def _coded(self, row: Any, where: tuple[object, ...]) -> str:
        billed = self._billed.get(row["id"], Billed())
        if billed.claims and billed.is_self_pay:
            self._finding.violate("an encounter is billed to a payer and to the patient", *where)
        if billed.version > row["version"]:
            self._finding.violate("an encounter is billed in a version that does not exist", *where)
        waits = billed.waits == row["version"] and (billed.claims or billed.voided) > 0
        is_taken_back = billed.voided > 0 and not billed.claims and not billed.is_self_pay
        is_there = waits or is_taken_back or (billed.is_self_pay if row["is_self_pay"] else billed.claims > 0)
        if is_there and billed.version == row["version"]:
            return "taken back" if is_taken_back else "self-pay" if row["is_self_pay"] else "with claims"
        excuse = self._aside.excuses(CLAIM, row["practice"], row["id"])
        if excuse is not None:
            return excuse
        if self._case.bounds.at_rest:
            what = "a coded encounter's newest version is not billed" if is_there else "a coded encounter ended nowhere"
            self._finding.violate(what, *where)
        return "on its way"
