"""Rows to domain and back."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson
from claimstream_kit.clock import Clock
from claimstream_kit.collection import Collection, Journal
from claimstream_kit.database import Connection, Row
from claimstream_kit.unit import Unit
from claimstream_schemas.values.practice import PracticeDocument, read_practice
from sqlalchemy import Table

from . import tables
from .domain.answers import NONE, Answers
from .domain.contracts import ContractVersion
from .domain.encounter import Encounter
from .domain.identifiers import Identifier, Kind
from .domain.outcome import Outcome
from .domain.places import Remembered
from .domain.visit import Visit

_ZLIB_LEVEL = 1


@dataclass(frozen=True)
class PracticeVersion:
    """A practice's document as it was loaded last."""

    practice: PracticeDocument
    version: int
    changed_at: datetime

    @property
    def digest(self) -> bytes:
        """SHA-256 of the document as understood."""
        return digest_of(self.practice.model_dump(mode="json"))


def digest_of(document: Any) -> bytes:
    """SHA-256 of a JSON value, the order of its members left out."""
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).digest()


class Practices(Collection[PracticeVersion]):
    """The practices. Units that code by one take ``CodingUnit.hold_practices``, so that intake does not go one by one."""

    table: ClassVar[Table] = tables.practices
    locks = False

    def to_row(self, value: PracticeVersion) -> Row:
        """The row of a practice."""
        return {
            "practice": value.practice.id,
            "version": value.version,
            "digest": value.digest,
            "document": value.practice.model_dump(mode="json"),
            "changed_at": value.changed_at,
        }

    def from_row(self, row: Row) -> PracticeVersion:
        """The practice of a row."""
        return PracticeVersion(read_practice(row["document"], PracticeDocument), row["version"], row["changed_at"])


class Contracts(Collection[ContractVersion]):
    """The contracts of practices, as they were told last."""

    table: ClassVar[Table] = tables.contracts

    def to_row(self, value: ContractVersion) -> Row:
        """The row of a contract."""
        return dict(vars(value))

    def from_row(self, row: Row) -> ContractVersion:
        """The contract of a row."""
        return ContractVersion(**row)


class Encounters(Collection[Encounter]):
    """The encounters."""

    table: ClassVar[Table] = tables.encounters

    def __init__(self, unit: Unit) -> None:
        """Belongs to one unit."""
        super().__init__(unit)
        self._versions: dict[tuple[str, UUID], int] = {}

    async def flush(self) -> None:
        """What the EHR told is written with each version; coding changes only what was made of it."""
        coded = [
            value
            for key in sorted(self._changed, key=str)
            if (value := self._values[key]) is not None
            and self._versions.get((value.practice, value.id)) == value.version
        ]
        if coded:
            await self._connection.execute(
                "UPDATE encounters AS e SET state = n.state, is_self_pay = n.is_self_pay, outcome = n.outcome::jsonb,"
                " changed_at = n.changed_at, answers = n.answers::jsonb"
                " FROM unnest($1::text[], $2::uuid[], $3::text[], $4::boolean[], $5::text[], $6::timestamptz[], $7::text[])"
                " AS n(practice, id, state, is_self_pay, outcome, changed_at, answers)"
                " WHERE e.practice = n.practice AND e.id = n.id",
                [each.practice for each in coded],
                [each.id for each in coded],
                [each.state for each in coded],
                [each.outcome.is_self_pay for each in coded],
                [each.outcome.document.decode() for each in coded],
                [each.changed_at for each in coded],
                [_answers_text(each) for each in coded],
            )
            self._changed -= {(each.practice, each.id) for each in coded}
        await super().flush()

    def to_row(self, value: Encounter) -> Row:
        """The row of an encounter."""
        return {
            "practice": value.practice,
            "id": value.id,
            "version": value.version,
            "source_system": value.visit.source_system,
            "ehr_encounter_id": value.visit.ehr_encounter_id,
            "digest": value.visit.digest,
            "state": value.state,
            "is_self_pay": value.outcome.is_self_pay,
            "started_on": value.visit.started_on,
            "visit": orjson.Fragment(value.visit.document),
            "outcome": orjson.Fragment(value.outcome.document),
            "bundle": value.bundle,
            "changed_at": value.changed_at,
            "answers": orjson.Fragment(text) if (text := _answers_text(value)) else None,
        }

    def from_row(self, row: Row) -> Encounter:
        """The encounter of a row."""
        encounter = encounter_of(row)
        self._versions[encounter.practice, encounter.id] = encounter.version
        return encounter


def encounter_of(row: Row) -> Encounter:
    """The encounter of a row."""
    return Encounter(
        practice=row["practice"],
        id=row["id"],
        version=row["version"],
        visit=Visit.model_validate(row["visit"]),
        outcome=Outcome.model_validate(row["outcome"]),
        changed_at=row["changed_at"],
        bundle=row["bundle"],
        answers=Answers.model_validate(row["answers"]) if row["answers"] else NONE,
    )


def _answers_text(encounter: Encounter) -> str | None:
    """The answers as JSON; None where nobody has answered anything."""
    return encounter.answers.model_dump_json(exclude_defaults=True) if encounter.answers != NONE else None


@dataclass(frozen=True)
class RememberedPlace:
    """What a person said of a location, who and when."""

    practice: str
    location: str
    said: Remembered
    told_by: str
    told_at: datetime


class RememberedPlaces(Collection[RememberedPlace]):
    """The locations that somebody was asked about."""

    table: ClassVar[Table] = tables.remembered_places
    locks = False

    def to_row(self, value: RememberedPlace) -> Row:
        """The row of a location."""
        return {
            "practice": value.practice,
            "location": value.location,
            "kind": value.said.kind,
            "place_of_service": value.said.place_of_service,
            "told_by": value.told_by,
            "told_at": value.told_at,
        }

    def from_row(self, row: Row) -> RememberedPlace:
        """The location of a row."""
        said = Remembered(row["kind"], row["place_of_service"])
        return RememberedPlace(row["practice"], row["location"], said, row["told_by"], row["told_at"])


class CodingUnit(Unit):
    """One transaction's work in coding-svc."""

    def __init__(self, connection: Connection, *, service: str, clock: Clock) -> None:
        """Add this service's collections."""
        super().__init__(connection, service=service, clock=clock)
        self.practices = Practices(self)
        self.contracts = Contracts(self)
        self.encounters = Encounters(self)
        self.remembered_places = RememberedPlaces(self)
        self.versions = Journal(self, tables.encounter_versions)
        self.bundles = Journal(self, tables.bundles)
        self.work = Journal(self, tables.coding_work)
        self.has_work = False
        """Whether the encoder has something to look at after this unit."""

    async def contracts_of(self, practice: str) -> list[ContractVersion]:
        """The contracts that a practice has or had."""
        rows = await self.connection.fetch("SELECT id FROM contracts WHERE practice = $1 ORDER BY id", practice)
        await self.contracts.load((practice, row["id"]) for row in rows)
        return [each for each in self.contracts.loaded() if each.practice == practice]

    async def take_identifiers(
        self, practice: str, held: Sequence[Identifier], shares_with: Sequence[str]
    ) -> list[Identifier]:
        """These, and no others, are the practice's from now on; which of them it cannot have, because they are another's.

        One at a time: whether a number may be shared is what both say.
        """
        await self.alone("identifiers")
        taken = await self._taken_npis(practice, sorted({one.value for one in held if one.kind == "npi"}))
        taken |= await self._unshared(practice, {(one.kind, one.value) for one in held}, shares_with)
        return [one for one in held if (one.kind, one.value) in taken]

    async def _taken_npis(self, practice: str, npis: list[str]) -> set[tuple[str, str]]:
        await self.connection.execute("DELETE FROM npis WHERE practice = $1 AND npi <> ALL($2)", practice, npis)
        rows = await self.connection.fetch(
            "INSERT INTO npis (npi, practice) SELECT npi, $1 FROM unnest($2::text[]) AS npi"
            " ON CONFLICT (npi) DO UPDATE SET npi = EXCLUDED.npi RETURNING npi, practice",
            practice,
            npis,
        )
        return {("npi", row["npi"]) for row in rows if row["practice"] != practice}

    async def _unshared(
        self, practice: str, held: set[tuple[Kind, str]], shares_with: Sequence[str]
    ) -> set[tuple[str, str]]:
        numbers = sorted(one for one in held if one[0] != "npi")
        columns = [kind for kind, _ in numbers], [value for _, value in numbers]
        await self.connection.execute("DELETE FROM shared_identifiers WHERE practice = $1", practice)
        await self.connection.execute(
            "INSERT INTO shared_identifiers (kind, value, practice, shares_with)"
            " SELECT kind, value, $1, $4::jsonb FROM unnest($2::text[], $3::text[]) AS t(kind, value)",
            practice,
            *columns,
            list(shares_with),
        )
        rows = await self.connection.fetch(
            "SELECT kind, value FROM shared_identifiers JOIN unnest($2::text[], $3::text[]) AS t(kind, value) USING (kind, value)"
            " WHERE practice <> $1 AND NOT (shares_with ? $1 AND practice = ANY($4))",
            practice,
            *columns,
            list(shares_with),
        )
        return {(row["kind"], row["value"]) for row in rows}

    async def hold_practices(self, practices: Iterable[str]) -> None:
        """Until the commit nobody loads another version of these practices; any number of units may hold one at a time.

        Else an encounter that waits for its payer could be written behind the back of the version that brings it.
        """
        for practice in sorted(set(practices)):
            await self.connection.execute(
                "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", f"practice\x1f{practice}"
            )

    async def take_turns(self, practice: str, encounters: Iterable[UUID]) -> None:
        """Wait for requests that bring the same encounters, then load and lock those that are known."""
        wanted = sorted(set(encounters))
        await self.connection.execute(
            "INSERT INTO encounter_keys (practice, encounter) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING",
            practice,
            wanted,
        )
        await self.encounters.load((practice, encounter) for encounter in wanted)

    async def keep_instant(self, known: Encounter, visit: Visit) -> None:
        """The same content under a later instant: what was told in between is older from now on."""
        if visit.updated_at is None or visit.updated_at == known.visit.updated_at:
            return
        await self.connection.execute(
            "UPDATE encounters SET visit = jsonb_set(visit::jsonb, '{updated_at}', to_jsonb($3::text))"
            " WHERE practice = $1 AND id = $2",
            known.practice,
            known.id,
            visit.updated_at.isoformat(),
        )

    def keep_version(self, encounter: Encounter) -> None:
        """Keep what the EHR told as a version of its own."""
        self.versions.add(
            practice=encounter.practice,
            encounter=encounter.id,
            version=encounter.version,
            digest=encounter.visit.digest,
            visit=orjson.Fragment(encounter.visit.document),
            bundle=encounter.bundle,
            received_at=encounter.changed_at,
        )

    def keep_bundle(self, practice: str, content: bytes, report: Mapping[str, Any]) -> bytes:
        """Keep a bundle whole; its digest."""
        digest = hashlib.sha256(content).digest()
        packed = zlib.compress(content, _ZLIB_LEVEL)
        self.bundles.add(practice=practice, digest=digest, content=packed, report=report, received_at=self.clock.now())
        return digest

    def enqueue(self, practice: str, encounter: UUID) -> None:
        """Have the encoder look at an encounter."""
        self.has_work = True
        self.work.add(practice=practice, encounter=encounter)

    async def enqueue_asked(self, practice: str, *asked: Mapping[str, str]) -> None:
        """Have the encoder look again at encounters of which one of these was asked."""
        self.has_work = True
        await self.connection.execute(
            "INSERT INTO coding_work (practice, encounter) SELECT practice, id FROM encounters"
            " WHERE practice = $1 AND state = 'awaiting_coder' AND outcome->'asked' @> ANY($2::text[]::jsonb[])"
            " ON CONFLICT DO NOTHING",
            practice,
            [orjson.dumps([each]).decode() for each in asked],
        )

    async def remembered(self, practice: str, locations: Iterable[str]) -> dict[str, Remembered]:
        """What was said of these locations."""
        wanted = set(locations)
        if not wanted:
            return {}
        await self.remembered_places.load((practice, location) for location in wanted)
        return {
            place.location: place.said
            for place in self.remembered_places.loaded()
            if place.practice == practice and place.location in wanted
        }

    async def take_work(self, most: int) -> list[tuple[str, UUID]]:
        """The next encounters to code, locked for this unit and gone when it commits."""
        rows = await self.connection.fetch(
            "DELETE FROM coding_work WHERE (practice, encounter) IN (SELECT practice, encounter FROM coding_work"
            " ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING practice, encounter, seq",
            most,
        )
        return [(row["practice"], row["encounter"]) for row in sorted(rows, key=lambda row: row["seq"])]
