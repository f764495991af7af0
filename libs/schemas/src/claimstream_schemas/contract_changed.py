"""contract.changed."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from .envelope import Event
from .values.contract import ContractTerms
from .values.practice import Key


class ContractChanged(Event):
    """One chunk of a contract or fee schedule in a new revision, or that it is gone. Terms whose fees are in several chunks are in each."""

    topic: ClassVar[str] = "contract.changed"
    aggregate: ClassVar[str] = "contract"
    key_field: ClassVar[str] = "contract_id"

    contract_id: Key
    revision: int = Field(ge=1, description="Counts up with each change of this contract, and with its removal")
    removed: bool = Field(default=False, description="The practice has it no more: there are no terms")
    chunk: int = Field(default=1, ge=1)
    chunks: int = Field(default=1, ge=1, description="How many this revision has; it holds when all have come")
    terms: tuple[ContractTerms, ...] = ()

    @model_validator(mode="after")
    def _is_one_of_its_chunks(self) -> Self:
        if self.chunk > self.chunks or (self.removed and self.terms):
            msg = f"chunk {self.chunk} of {self.chunks}; one that is removed has no terms"
            raise ValueError(msg)
        return self
