"""Rows to domain and back: collections named by their plural, and the unit that holds them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from claimstream_kit import Clock, Collection, Journal, Row, Unit
from claimstream_kit.collection import Key
from claimstream_kit.database import Connection
from sqlalchemy import Table

from . import tables
from .domain.exchange_file import ExchangeFile
from .domain.payee import Holder, Payee
from .domain.submission import Submission


@dataclass(frozen=True)
class KnownPractice:
    """A practice as the gateway knows it: by what a file says of it."""

    practice_id: str
    version: int
    npi: str
    tin: str
    submitter_id: str
    location_npis: tuple[str, ...] = ()
    """Of locations that bill themselves, and are paid themselves."""
    location_tins: tuple[str, ...] = ()
    shares_with: tuple[str, ...] = ()
    """Practices that may have the same tax number."""


class Practices(Collection[KnownPractice]):
    """The practices, by id."""

    table: ClassVar[Table] = tables.practices

    def to_row(self, value: KnownPractice) -> Row:
        """A row of ``practices``."""
        return {
            "practice": value.practice_id,
            "version": value.version,
            "npi": value.npi,
            "tin": value.tin,
            "submitter_id": value.submitter_id,
            "location_npis": list(value.location_npis),
            "location_tins": list(value.location_tins),
            "shares_with": list(value.shares_with),
        }

    def from_row(self, row: Row) -> KnownPractice:
        """A practice."""
        return KnownPractice(
            row["practice"],
            row["version"],
            row["npi"],
            row["tin"],
            row["submitter_id"],
            tuple(row["location_npis"]),
            tuple(row["location_tins"]),
            tuple(row["shares_with"]),
        )


class Submissions(Collection[Submission]):
    """Submissions, by practice and id."""

    table: ClassVar[Table] = tables.submissions

    def to_row(self, value: Submission) -> Row:
        """A row of ``submissions``."""
        return {
            "practice": value.practice_id,
            "id": value.submission_id,
            "claim_id": value.claim_id,
            "ordinal": value.ordinal,
            "payer_sequence": value.payer_sequence,
            "control_number": value.control_number,
            "payer_x12_id": value.payer_x12_id,
            "submitter_id": value.submitter_id,
            "receiver_id": value.receiver_id,
            "kind": value.kind,
            "state": value.state,
            "file_id": value.file_id,
            "set_number": value.set_number,
            "place": value.place,
            "document": value.document,
            "heard_at": value.heard_at,
        }

    def from_row(self, row: Row) -> Submission:
        """A submission."""
        return submission_of(row)

    async def flush(self) -> None:
        """What was heard of a submission never changes: only where it stands is written again, not its document."""
        moved = sorted((key for key in self._changed if key not in self._absent), key=str)
        rows = [value for key in moved if (value := self._values[key]) is not None]
        if rows:
            await self._connection.execute(
                "UPDATE submissions AS s SET state = n.state, file_id = n.file_id, set_number = n.set_number, place = n.place"
                " FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[])"
                " AS n(practice, id, state, file_id, set_number, place) WHERE s.practice = n.practice AND s.id = n.id",
                [one.practice_id for one in rows],
                [one.submission_id for one in rows],
                [one.state for one in rows],
                [one.file_id for one in rows],
                [one.set_number for one in rows],
                [one.place for one in rows],
            )
        self._changed.difference_update(moved)
        await super().flush()

    def held(self) -> Iterator[Key]:
        """Their claims: what happens to a submission is said of its claim, and another submission of it has events of its own."""
        locked = set(super().held())
        return (
            (one.practice_id, one.claim_id) for one in self.loaded() if (one.practice_id, one.submission_id) in locked
        )

    async def queued(self, most: int) -> list[Submission]:
        """The oldest that are in no file yet, locked; what another replica holds is passed over."""
        return await self._adopt(
            "SELECT * FROM submissions WHERE state = 'queued' ORDER BY heard_at, id LIMIT $1 FOR UPDATE SKIP LOCKED",
            most,
        )

    async def of_file(self, practice: str, file_id: UUID) -> list[Submission]:
        """The members of a file in their order, without their documents."""
        return await self._adopt(
            f"SELECT {_LIGHT} FROM submissions WHERE practice = $1 AND file_id = $2 ORDER BY place FOR UPDATE",  # noqa: S608  our columns
            practice,
            file_id,
        )

    async def with_documents(self, members: Iterable[Submission]) -> list[Submission]:
        """The same submissions with their whole documents."""
        wanted = list(members)
        rows = await self._connection.fetch(
            "SELECT s.practice, s.id, s.document FROM submissions s"
            " JOIN unnest($1::text[], $2::uuid[]) AS w(practice, id) USING (practice, id)",
            [one.practice_id for one in wanted],
            [one.submission_id for one in wanted],
        )
        documents = {(row["practice"], row["id"]): row["document"] for row in rows}
        return [replace(one, document=documents[one.practice_id, one.submission_id]) for one in wanted]

    async def with_control_numbers(
        self, practice: str | None, numbers: Iterable[str], *, lines: bool = False
    ) -> dict[str, list[Submission]]:
        """What a practice, or any, sent under these control numbers, the latest first; ``lines``: of their documents the lines.

        Only read: an answer changes no submission here.
        """
        columns = _WITH_LINES if lines else _LIGHT
        rows = await self._connection.fetch(
            f"SELECT {columns} FROM submissions WHERE ($1::text IS NULL OR practice = $1) AND control_number = ANY($2)"  # noqa: S608
            " AND file_id IS NOT NULL ORDER BY control_number, ordinal DESC",
            practice,
            sorted(set(numbers)),
        )
        found: dict[str, list[Submission]] = {}
        for row in rows:
            found.setdefault(row["control_number"], []).append(submission_of(dict(row)))
        return found

    async def _adopt(self, sql: str, *arguments: object) -> list[Submission]:
        rows = await self._connection.fetch(sql, *arguments)
        found = []
        for row in rows:
            one = submission_of(dict(row))
            known = self._values.setdefault((one.practice_id, one.submission_id), one)
            found.append(known or one)  # what this unit changed already stands
        return found


_PLACES = ", ".join(column.name for column in tables.submissions.columns if column.name != "document")
_LIGHT = f"{_PLACES}, '{{}}'::jsonb AS document"
_WITH_LINES = f"{_PLACES}, jsonb_build_object('lines', document->'lines') AS document"


def submission_of(row: Row) -> Submission:
    """The submission of a row."""
    return Submission(
        practice_id=row["practice"],
        submission_id=row["id"],
        claim_id=row["claim_id"],
        ordinal=row["ordinal"],
        payer_sequence=row["payer_sequence"],
        control_number=row["control_number"],
        payer_x12_id=row["payer_x12_id"],
        submitter_id=row["submitter_id"],
        receiver_id=row["receiver_id"],
        kind=row["kind"],
        document=row["document"],
        heard_at=row["heard_at"],
        state=row["state"],
        file_id=row["file_id"],
        set_number=row["set_number"],
        place=row["place"],
    )


class Files(Collection[ExchangeFile]):
    """Files in both directions, by practice and id."""

    table: ClassVar[Table] = tables.files

    def to_row(self, value: ExchangeFile) -> Row:
        """A row of ``files``."""
        return {
            "practice": value.practice_id,
            "id": value.file_id,
            "direction": value.direction,
            "name": value.name,
            "kind": value.kind,
            "state": value.state,
            "partner_id": value.partner_id,
            "submitter_id": value.submitter_id,
            "control_number": value.control_number,
            "digest": value.digest,
            "size": value.size,
            "changed_ns": value.changed_ns,
            "created_at": value.created_at,
            "settled_at": value.settled_at,
            "interchange_answer": value.interchange_answer,
            "group_answer": value.group_answer,
            "reason": value.reason,
            "remedy": value.remedy,
            "findings": list(value.findings),
            "copy_of": value.copy_of,
        }

    def from_row(self, row: Row) -> ExchangeFile:
        """A file."""
        return file_of(row)

    async def next_prepared(self, most: int) -> list[ExchangeFile]:
        """The oldest that have their number and are not known to be in the folder, locked."""
        rows = await self._connection.fetch(
            "SELECT * FROM files WHERE state = 'prepared' ORDER BY created_at, control_number LIMIT $1"
            " FOR UPDATE SKIP LOCKED",
            most,
        )
        return [file for row in rows if (file := self._adopt(row)) is not None]

    async def sent_as(self, partner: str, submitter: str, control_number: int) -> ExchangeFile | None:
        """The file of ours with that ISA13 and GS06: by partner, else by our own id when that tells.

        An answer may come before the sending unit has committed: the lock waits for that.
        """
        rows = await self._connection.fetch(
            "SELECT * FROM files WHERE direction = 'outbound' AND control_number = $1"
            " AND (partner_id = $2 OR submitter_id = $3) ORDER BY partner_id = $2 DESC FOR UPDATE",
            control_number,
            partner,
            submitter,
        )
        certain = [row for row in rows if row["partner_id"] == partner] or rows
        return self._adopt(certain[0]) if len(certain) == 1 else None

    async def inbound_with_digest(self, digest: str) -> ExchangeFile | None:
        """The inbound file with these bytes that was worked on, also earlier in this unit; a refused one may come again."""
        for file in self.loaded():
            if file.direction == "inbound" and file.state == "processed" and file.digest == digest:
                return file
        row = await self._connection.fetchrow(
            "SELECT * FROM files WHERE direction = 'inbound' AND state = 'processed' AND digest = $1", digest
        )
        return self._adopt(row)

    def _adopt(self, row: Any) -> ExchangeFile | None:
        if row is None:
            return None
        file = file_of(dict(row))
        return self._values.setdefault((file.practice_id, file.file_id), file)  # what this unit changed already stands


def file_of(row: Row) -> ExchangeFile:
    """The file of a row."""
    return ExchangeFile(
        practice_id=row["practice"],
        file_id=row["id"],
        direction=row["direction"],
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        partner_id=row["partner_id"],
        submitter_id=row["submitter_id"],
        created_at=row["created_at"],
        control_number=row["control_number"],
        digest=row["digest"],
        size=row["size"],
        changed_ns=row["changed_ns"],
        settled_at=row["settled_at"],
        interchange_answer=row["interchange_answer"],
        group_answer=row["group_answer"],
        reason=row["reason"],
        remedy=row["remedy"],
        findings=tuple(row["findings"]),
        copy_of=row["copy_of"],
    )


@dataclass(frozen=True)
class RemittanceNumber:
    """How many remittances of a practice were told: the number of the latest."""

    practice_id: str
    last: int


class RemittanceNumbers(Collection[RemittanceNumber]):
    """The number of each practice's latest remittance."""

    table: ClassVar[Table] = tables.remittance_numbers

    def to_row(self, value: RemittanceNumber) -> Row:
        """A row of ``remittance_numbers``."""
        return {"practice": value.practice_id, "last": value.last}

    def from_row(self, row: Row) -> RemittanceNumber:
        """The latest number."""
        return RemittanceNumber(row["practice"], row["last"])


@dataclass(frozen=True)
class NamedClaim:
    """The latest remittance of a payer that names a claim of ours."""

    control_number: str
    number: int
    remittance_id: UUID


class GatewayUnit(Unit):
    """A unit of the gateway."""

    def __init__(self, connection: Connection, *, service: str, clock: Clock) -> None:
        """Opened by the kit."""
        super().__init__(connection, service=service, clock=clock)
        self.practices = Practices(self)
        self.submissions = Submissions(self)
        self.files = Files(self)
        self.sets = Journal(self, tables.sets, conflict="fail")
        self.remittance_numbers = RemittanceNumbers(self)
        self._sets_now: set[tuple[str, str, str]] = set()
        self._awaited: set[tuple[str, str]] = set()
        self._holders: dict[Payee, list[Holder]] = {}

    async def next_control_numbers(self, receiver: str, count: int) -> range:
        """The partner's next ISA13 numbers; its row stays locked until the commit, so that none is given twice."""
        last: int = await self.connection.fetchval(
            "INSERT INTO partners AS p (receiver_id, last_control_number) VALUES ($1, $2)"
            " ON CONFLICT (receiver_id) DO UPDATE SET last_control_number = p.last_control_number + $2"
            " RETURNING last_control_number",
            receiver,
            count,
        )
        return range(last - count + 1, last + 1)

    async def take_in_alone(self) -> None:
        """Until the commit no other replica works on inbound files: which of them is the first of its content is asked and said in one go."""
        await self.alone("inbound files")
        self.holds_all()

    async def holders_of(self, payee: Payee) -> list[Holder]:
        """The practices that have a number of the payee, themselves or at a location that bills itself: two may have the same hospital."""
        if payee not in self._holders:
            rows = await self.connection.fetch(
                "SELECT practice, shares_with,"
                " npi = $1 OR location_npis ? $1 AS has_npi, tin = $2 OR location_tins ? $2 AS has_tax_id"
                " FROM practices WHERE npi = $1 OR location_npis ? $1 OR tin = $2 OR location_tins ? $2 ORDER BY practice",
                payee.npi,
                payee.tax_id,
            )
            self._holders[payee] = [
                Holder(row["practice"], row["has_npi"], row["has_tax_id"], frozenset(row["shares_with"]))
                for row in rows
            ]
        return self._holders[payee]

    async def set_is_new(self, practice: str, kind: str, digest: str) -> bool:
        """Whether a set with this content is new: not worked on before, in whatever envelope, nor earlier in this unit."""
        place = (practice, kind, digest)
        if place in self._sets_now:
            return False
        row = await self.connection.fetchrow(
            "SELECT EXISTS (SELECT 1 FROM sets WHERE practice = $1 AND kind = $2 AND digest = $3 AND state = 'processed') AS known,"
            " EXISTS (SELECT 1 FROM sets WHERE kind = $2 AND digest = $3 AND state = 'unclaimed') AS awaited",
            *place,
        )
        if row["awaited"]:
            self._awaited.add((kind, digest))
        return not row["known"]

    async def keep_set(self, practice: str, kind: str, digest: str) -> None:
        """A set was worked on: a copy of it is known from now on, and one that waited for a person waits no more."""
        self._sets_now.add((practice, kind, digest))
        if (kind, digest) in self._awaited:
            await self.connection.execute(
                "UPDATE sets SET practice = $1, state = 'duplicate', reason = 'a set with this content was told', remedy = NULL"
                " WHERE kind = $2 AND digest = $3 AND state = 'unclaimed'",
                practice,
                kind,
                digest,
            )

    async def told_to(self, kind: str, digest: str) -> str | None:
        """The practice to which a set with this content was told, whatever the payee's numbers say now: a person may have claimed it."""
        practice: str | None = await self.connection.fetchval(
            "SELECT practice FROM sets WHERE practice IN (SELECT practice FROM practices) AND kind = $1 AND digest = $2"
            " AND state = 'processed' LIMIT 1",
            kind,
            digest,
        )
        return practice

    async def unclaimed_sets(self, file: ExchangeFile) -> set[int]:
        """The numbers of those sets of a file that wait for a person, locked."""
        rows = await self.connection.fetch(
            "SELECT number FROM sets WHERE practice = $1 AND file_id = $2 AND state = 'unclaimed' FOR UPDATE",
            file.practice_id,
            file.file_id,
        )
        return {row["number"] for row in rows}

    async def has_set(self, practice: str, file_id: UUID, number: int) -> bool:
        """Whether a set of a file is this practice's."""
        row = await self.connection.fetchrow(
            "SELECT FROM sets WHERE practice = $1 AND file_id = $2 AND number = $3", practice, file_id, number
        )
        return row is not None

    async def settle_set(self, file: ExchangeFile, row: Row) -> None:
        """An unclaimed set waits no more: this is what became of it, and whose it is."""
        await self.connection.execute(
            "UPDATE sets SET practice = $4, state = $5, reason = $6, remedy = $7, told = $8, remittance_id = $9"
            " WHERE practice = $1 AND file_id = $2 AND number = $3",
            file.practice_id,
            file.file_id,
            row["number"],
            *(row[name] for name in ("practice", "state", "reason", "remedy", "told", "remittance_id")),
        )

    async def named_claims(self, practice: str, payer: str, control_numbers: Iterable[str]) -> list[NamedClaim]:
        """Of each of these claims the latest remittance of this payer that names it, in the order of their numbers."""
        rows = await self.connection.fetch(
            "SELECT control_number, number, remittance_id FROM named_claims"
            " WHERE practice = $1 AND payer = $2 AND control_number = ANY($3) ORDER BY number",
            practice,
            payer,
            list(control_numbers),
        )
        return [NamedClaim(**row) for row in rows]

    async def name_claims(
        self, practice: str, payer: str, control_numbers: Iterable[str], number: int, remittance_id: UUID
    ) -> None:
        """A remittance names these claims: what comes later of this payer for one of them follows it."""
        await self.connection.execute(
            "INSERT INTO named_claims (practice, payer, control_number, number, remittance_id)"
            " SELECT $1::text, $2::text, named, $4::bigint, $5::uuid FROM unnest($3::text[]) AS named"
            " ON CONFLICT (practice, payer, control_number)"
            " DO UPDATE SET number = EXCLUDED.number, remittance_id = EXCLUDED.remittance_id",
            practice,
            payer,
            list(control_numbers),
            number,
            remittance_id,
        )
