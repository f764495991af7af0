"""What people and pages read of coding-svc: typed answers, and the SELECTs behind them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from claimstream_kit.database import Database, Row
from claimstream_schemas.values.money import Total
from pydantic import BaseModel, Field, TypeAdapter

from .domain.asking import Asked
from .domain.mapping_report import MappingReport
from .domain.outcome import Proposal, State
from .domain.visit import ShownCondition


class ListedEncounter(BaseModel):
    """An encounter in a list."""

    id: UUID
    encounter_id: str
    source_system: str
    version: int
    state: State
    self_pay: bool
    started_on: date
    changed_at: datetime
    asked: list[Asked] = Field(description="What a person has to settle")
    total_charge: Total | None = Field(
        description="What its charge lines come to, so far; null while nothing is charged"
    )


class Question(BaseModel):
    """An encounter that waits for a person: what is asked, and what its texts may stand for."""

    id: UUID
    encounter_id: str
    version: int
    started_on: date
    asked: list[Asked]
    proposals: list[Proposal]
    shown: list[ShownCondition] = Field(
        description="Conditions of the record that are not coded at this visit, and why"
    )


class Counts(BaseModel):
    """How many encounters stand where; each encounter is in one state."""

    encounters: dict[str, int] = Field(description="State to number")
    self_pay: int
    by_source: dict[str, dict[str, int]] = Field(description="Source system to state to number")
    asked: dict[str, int] = Field(description="Question to the number of encounters of which it is asked")
    uncoded: dict[str, int] = Field(description="service and condition to how many were kept without a code")
    code_checks: dict[str, dict[str, int]] = Field(description="Code set to standing to number")
    coding_work: int = Field(description="Encounters that the encoder has still to look at")


Sources = Collection[str] | None
"""The source systems that count; None: all."""


async def encounters(  # noqa: PLR0913  each is a filter
    database: Database, practice: str, *, states: Sequence[str], sources: Sources, after: UUID | None, limit: int
) -> list[ListedEncounter]:
    """A page of encounters in the order of their ids."""
    return [
        ListedEncounter(
            id=row["id"],
            encounter_id=row["ehr_encounter_id"],
            source_system=row["source_system"],
            version=row["version"],
            state=row["state"],
            self_pay=row["is_self_pay"],
            started_on=row["started_on"],
            changed_at=row["changed_at"],
            asked=row["asked"] or [],
            total_charge=row["total_charge"],
        )
        for row in await _page(database, practice, states=states, sources=sources, after=after, limit=limit)
    ]


async def questions(database: Database, practice: str, *, after: UUID | None, limit: int) -> list[Question]:
    """A page of what waits for a person."""
    return [
        Question(
            id=row["id"],
            encounter_id=row["ehr_encounter_id"],
            version=row["version"],
            started_on=row["started_on"],
            asked=row["asked"] or [],
            proposals=row["proposals"] or [],
            shown=row["shown"] or [],
        )
        for row in await _page(database, practice, states=("awaiting_coder",), sources=None, after=after, limit=limit)
    ]


async def _page(  # noqa: PLR0913  each is a filter
    database: Database, practice: str, *, states: Sequence[str], sources: Sources, after: UUID | None, limit: int
) -> list[Row]:
    return await database.fetch(
        "SELECT id, version, source_system, ehr_encounter_id, state, is_self_pay, started_on, changed_at,"  # noqa: S608  our own text
        " outcome->'asked' AS asked, outcome->'proposals' AS proposals, outcome->'shown' AS shown,"
        " (SELECT sum((line->>'charge')::numeric) FROM jsonb_array_elements(outcome->'lines') AS line) AS total_charge FROM encounters"
        " WHERE practice = $1 AND state = ANY($2) AND ($3::uuid IS NULL OR id > $3)"
        f" AND {_OF_SOURCES.format(5)} ORDER BY id LIMIT $4",
        practice,
        list(states),
        after,
        limit,
        _listed(sources),
    )


_OF_SOURCES = "(${0}::text[] IS NULL OR source_system = ANY(${0}))"
_OWN = f"practice = $1 AND {_OF_SOURCES.format(2)}"


def _listed(sources: Sources) -> list[str] | None:
    return None if sources is None else sorted(sources)


async def counts(database: Database, practice: str, *, sources: Sources) -> Counts:
    """Figures of a practice."""
    own = (practice, _listed(sources))
    by_state = await database.fetch(
        f"SELECT source_system, state, is_self_pay, count(*)::int AS n FROM encounters WHERE {_OWN} GROUP BY 1, 2, 3",  # noqa: S608  our own text
        *own,
    )
    asked = await database.fetch(
        "SELECT item->>'question' AS name, count(DISTINCT id)::int AS n FROM encounters,"  # noqa: S608  our own text
        f" jsonb_array_elements(outcome->'asked') AS item WHERE {_OWN} AND state = 'awaiting_coder' GROUP BY 1",
        *own,
    )
    uncoded = await database.fetch(
        "SELECT item->>'kind' AS name, count(*)::int AS n FROM encounters,"  # noqa: S608  our own text
        f" jsonb_array_elements(outcome->'uncoded') AS item WHERE {_OWN} GROUP BY 1",
        *own,
    )
    checks = await database.fetch(
        "SELECT item->>'code_set' AS name, item->>'standing' AS standing, count(*)::int AS n FROM encounters,"  # noqa: S608  our own text
        f" jsonb_array_elements(outcome->'checks') AS item WHERE {_OWN} GROUP BY 1, 2",
        *own,
    )
    return Counts(
        encounters=_sums((row["state"], row["n"]) for row in by_state),
        self_pay=sum(row["n"] for row in by_state if row["is_self_pay"]),
        by_source={
            source: _sums((row["state"], row["n"]) for row in by_state if row["source_system"] == source)
            for source in sorted({row["source_system"] for row in by_state})
        },
        asked={row["name"]: row["n"] for row in asked},
        uncoded={row["name"]: row["n"] for row in uncoded},
        code_checks={
            name: {row["standing"]: row["n"] for row in checks if row["name"] == name}
            for name in sorted({row["name"] for row in checks})
        },
        coding_work=await database.value(
            "SELECT count(*)::int FROM coding_work w WHERE EXISTS"  # noqa: S608  our own text
            f" (SELECT FROM encounters e WHERE e.id = w.encounter AND e.{_OWN})",
            *own,
        ),
    )


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, number in pairs:
        sums[name] = sums.get(name, 0) + number
    return sums


async def bundle_report(database: Database, practice: str, digest: bytes) -> MappingReport | None:
    """The mapping report of a bundle, as it was made."""
    report = await database.value("SELECT report FROM bundles WHERE practice = $1 AND digest = $2", practice, digest)
    return TypeAdapter(MappingReport).validate_python(report) if report else None


async def zones_of(database: Database, practice: str) -> Callable[[tuple[str, ...]], ZoneInfo | None]:
    """The time zone of a location, by the ids that it may go by: its own, else the practice's, else none."""
    row = await database.fetch_one(
        "SELECT document->>'time_zone' AS own, jsonb_path_query_array(document, '$.locations[*] ? (@.time_zone != null)') AS places"
        " FROM practices WHERE practice = $1",
        practice,
    )
    own = row["own"] if row else None
    of_places = {place["id"]: place["time_zone"] for place in (row["places"] if row else ())}

    def zone_of(ids: tuple[str, ...]) -> ZoneInfo | None:
        name = next((of_places[each] for each in ids if each in of_places), own)
        return ZoneInfo(name) if name else None

    return zone_of
