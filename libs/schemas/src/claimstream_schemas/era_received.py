"""era.received."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.money import Money
from .values.payment import ClaimPayment, ProviderAdjustment, RemittanceHeader


class EraPerson(Value):
    """Each payment's own segments, verbatim, in the order of ``payments``; identifying."""

    segments: tuple[tuple[str, ...], ...] = ()


class EraReceived(Event):
    """One chunk of an 835 transaction set. Header, provider adjustments and totals are in each chunk.

    A remittance is (payer's trace originator, trace number, payment date, amount, payee) and a digest of the set without its
    control values; a digest that was seen before is a duplicate and is not published again.
    """

    topic: ClassVar[str] = "era.received"
    aggregate: ClassVar[str] = "remittance"
    key_field: ClassVar[str] = "remittance_id"

    remittance_id: UUID
    body_digest: str = Field(description="SHA-256 of the set without ISA, GS, ST and SE control values, hexadecimal")
    header: RemittanceHeader
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    payment_count: int = Field(ge=0, description="CLPs in the whole set")
    payments_total: Money = Field(description="Sum of CLP04 in the whole set")
    chunk: int = Field(ge=1)
    chunks: int = Field(ge=1)
    payments: tuple[ClaimPayment, ...] = ()
    file_name: str
    file_digest: str
    set_control_number: str = Field(description="ST02")
    received_number: int | None = Field(
        default=None,
        ge=1,
        description="Its place among the practice's remittances, as they were received and as they stand in their files",
    )
    follows: tuple[UUID, ...] = Field(
        default=(),
        description="Earlier remittances of this payer that name a claim of this one, the latest for each: they are posted first",
    )
    findings: tuple[str, ...] = Field(default=(), description="What the reader found wrong, each with its place")
    person: EraPerson = EraPerson()
