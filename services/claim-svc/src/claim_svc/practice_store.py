"""The practices and their contracts: rows to domain and back, and the contracts that a process has read."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from claimstream_kit import Collection, Row, Unit, WaitsFor
from claimstream_kit.database import select_by_key
from claimstream_schemas.values.contract import ContractTerms, terms_of
from claimstream_schemas.values.practice import Practice, PracticeDocument, read_practice
from sqlalchemy import Table

from . import tables
from .domain.contracts import Contract, ContractRevision, Terms

ContractKey = tuple[str, str, int]
"""A practice, the contract's name there, and its revision."""

MOST_FEES_AT_HAND = 200_000
"""Of all contracts that a process keeps in memory: some 60 MB."""


@dataclass(frozen=True)
class KnownPractice:
    """A practice as claim-svc knows it, and the revision of each contract that it names."""

    practice: Practice
    version: int
    contracts: Mapping[str, int]

    def contract_of(self, payer_id: str) -> ContractKey | None:
        """The contract with a payer; None: what to expect of it is unknown."""
        payer = self.practice.payer(payer_id)
        revision = self.contracts.get(payer.fee_schedule) if payer and payer.fee_schedule else None
        return (self.practice.id, str(payer.fee_schedule), revision) if payer and revision is not None else None


class Practices(Collection[KnownPractice]):
    """The practices, by id."""

    table: ClassVar[Table] = tables.practices
    locks = False

    def to_row(self, value: KnownPractice) -> Row:
        """A row of ``practices``."""
        return {
            "practice": value.practice.id,
            "version": value.version,
            "document": value.practice.model_dump(mode="json"),
            "contracts": dict(value.contracts),
        }

    def from_row(self, row: Row) -> KnownPractice:
        """A practice."""
        return KnownPractice(read_practice(row["document"], Practice), row["version"], row["contracts"])


def contracts_within(practice: PracticeDocument, version: int) -> tuple[ContractRevision, ...]:
    """The fee schedules of a whole document, as contracts in the document's version: they changed with it."""
    ids = dict.fromkeys(schedule.id for schedule in practice.fee_schedules)
    return tuple(
        ContractRevision(practice.id, name, version, chunks=1).with_chunk(
            1, terms_of(schedule for schedule in practice.fee_schedules if schedule.id == name)
        )
        for name in ids
    )


def contract_fact(practice: str, contract: str, revision: int) -> str:
    """The fact that claims wait for."""
    return f"contract/{practice}/{contract}/{revision}"


class ContractRevisions(Collection[ContractRevision]):
    """The contracts as they come, chunk by chunk, by practice, name and revision."""

    table: ClassVar[Table] = tables.contracts

    def to_row(self, value: ContractRevision) -> Row:
        """A row of ``contracts``."""
        come = {
            str(number): [each.model_dump(mode="json", exclude_none=True) for each in terms]
            for number, terms in value.come.items()
        }
        return {
            "practice": value.practice,
            "id": value.id,
            "revision": value.revision,
            "chunks": value.chunks,
            "is_complete": value.is_complete,
            "document": come,
        }

    def from_row(self, row: Row) -> ContractRevision:
        """A revision as far as it has come."""
        return revision_of(row)

    def at_hand(self, key: ContractKey) -> Contract | None:
        """A revision that this unit has completed."""
        kept = self._values.get(key)
        return kept.contract if kept is not None and kept.is_complete else None

    async def newest(self, practice: str, contract: str) -> int:
        """The newest complete revision of a contract; 0 when there is none."""
        return int(
            await self._connection.fetchval(
                "SELECT coalesce(max(revision), 0) FROM contracts WHERE practice = $1 AND id = $2 AND is_complete",
                practice,
                contract,
            )
        )


def revision_of(row: Row) -> ContractRevision:
    """The revision of a row."""
    come = {
        int(number): tuple(ContractTerms.model_validate(each) for each in terms)
        for number, terms in row["document"].items()
    }
    return ContractRevision(row["practice"], row["id"], row["revision"], row["chunks"], come)


class ContractCache:
    """The contracts that this process has read, the least used forgotten first. A complete revision never changes."""

    def __init__(self, most_fees: int = MOST_FEES_AT_HAND) -> None:
        """Empty."""
        self._most = most_fees
        self._fees = 0
        self._contracts: OrderedDict[ContractKey, Contract] = OrderedDict()

    def get(self, key: ContractKey) -> Contract | None:
        """A contract that was read."""
        found = self._contracts.get(key)
        if found is not None:
            self._contracts.move_to_end(key)
        return found

    def keep(self, contract: Contract) -> None:
        """Remember a contract that is committed; one larger than all that may be kept is read each time."""
        key = (contract.practice, contract.id, contract.revision)
        if key in self._contracts or contract.size > self._most:
            return
        self._contracts[key] = contract
        self._fees += contract.size
        while self._fees > self._most:
            _, forgotten = self._contracts.popitem(last=False)
            self._fees -= forgotten.size


class Contracts:
    """The contracts that a unit prices by: each in the revision that the practice names. Nothing is priced without it."""

    def __init__(self, unit: Unit, practices: Practices, revisions: ContractRevisions, cache: ContractCache) -> None:
        """Belongs to one unit; the cache belongs to the process."""
        self._connection = unit.connection
        self._practices = practices
        self._revisions = revisions
        self._cache = cache
        self._read: dict[ContractKey, Contract] = {}
        self._of_payer: dict[tuple[str, str], Contract | None] = {}

    async def load(self, keys: Iterable[tuple[str, str]]) -> None:
        """Have at hand the contracts with these payers of these practices: what no one has read yet, in one statement."""
        named = {await self._named(practice, payer) for practice, payer in keys}
        missing = sorted(key for key in named if key is not None and self._at_hand(key) is None)
        for row in await select_by_key(self._connection, tables.contracts, missing, lock=False):
            if row["is_complete"]:
                self._keep(revision_of(row).contract)

    async def wait_for(self, practice: str, payers: Iterable[str]) -> None:
        """Have at hand the contracts with the payers of one claim.

        Raises:
            WaitsFor: one is named and has not come yet, or not whole.
        """
        payers = tuple(payers)
        await self.load((practice, payer) for payer in payers)
        for payer in payers:
            key = await self._named(practice, payer)
            contract = self._at_hand(key) if key is not None else None
            if key is not None and contract is None:
                raise WaitsFor(contract_fact(*key))
            self._of_payer[practice, payer] = contract

    def terms_for(self, practice: str, payer: str, day: date) -> Terms | None:
        """What was agreed with a payer for services of a day, once ``wait_for`` has seen to it; None: unknown."""
        contract = self._of_payer[practice, payer]
        return contract.on(day) if contract is not None else None

    async def _named(self, practice: str, payer: str) -> ContractKey | None:
        known = await self._practices.get(practice)
        return known.contract_of(payer) if known is not None else None

    def _at_hand(self, key: ContractKey) -> Contract | None:
        found = self._read.get(key) or self._cache.get(key) or self._revisions.at_hand(key)
        if found is not None:
            self._read[key] = found
        return found

    def _keep(self, contract: Contract) -> None:
        self._read[contract.practice, contract.id, contract.revision] = contract
        self._cache.keep(contract)
