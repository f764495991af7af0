"""Eligibility, asked (270) and answered (271): 005010X279A1, level by level.

A set is a tree: sources, whom they inform, the insured, their dependents. The question or answer stands with the person
that it is about: with the subscriber, or with a dependent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from claimstream_x12.common_records import (
    Birth,
    Delivery,
    HealthCode,
    Military,
    ProviderRole,
    Refusal,
    Relationship,
    Trace,
)
from claimstream_x12.loop_records import Level, Loop, LoopRecord
from claimstream_x12.names import Amount, Contact, Dated, Party, Procedure, Reference

GUIDE = "005010X279A1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalInformation:
    """III: a place of service, a nature of injury, or words about one."""

    qualifier: Annotated[str, "III01"] = ""  # ZZ place of service, GR and NI nature of injury
    code: Annotated[str, "III02"] = ""
    category: Annotated[str, "III03"] = ""  # 44
    text: Annotated[str, "III04"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(LoopRecord):
    """Loops 2110C and 2110D of the 270: what is asked, for service types or one procedure."""

    service_types: Annotated[tuple[str, ...], "EQ01"] = ()  # 30 health benefit plan coverage, 98 office visit …
    procedure: Annotated[Procedure | None, "EQ02"] = None
    coverage_level: Annotated[str, "EQ03"] = ""  # FAM
    diagnosis_pointers: Annotated[tuple[int, ...], "EQ05-*"] = ()  # to the person's diagnoses, from 1
    amounts: Annotated[tuple[Amount, ...], "AMT"] = ()  # R spend-down, PB billed
    additional: Annotated[AdditionalInformation | None, "III"] = None
    references: Annotated[tuple[Reference, ...], "REF"] = ()  # 9F referral, G1 prior authorisation
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 291 plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedEntity(LoopRecord):
    """Loops 2120C and 2120D: who else has to do with a benefit, such as another payer or the primary care provider."""

    party: Annotated[Party, "NM1 N3 N4 PER"]  # relationship (NM110) included
    provider: Annotated[ProviderRole | None, "PRV"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(LoopRecord):
    """Loops 2110C and 2110D of the 271: one statement about what is covered, for whom, and what the patient pays."""

    information: Annotated[str, "EB01"]  # 1 active, 6 inactive, A co-insurance, B co-payment, C deductible, F limits …
    coverage_level: Annotated[str, "EB02"] = ""  # IND, FAM, EMP …
    service_types: Annotated[tuple[str, ...], "EB03"] = ()  # 30, 98, UC …
    insurance_type: Annotated[str, "EB04"] = ""  # HM, PR, MA, MB …
    plan: Annotated[str, "EB05"] = ""
    period: Annotated[str, "EB06"] = ""  # 23 calendar year, 27 visit, 29 remaining …
    amount: Annotated[Decimal | None, "EB07"] = None
    percent: Annotated[Decimal | None, "EB08"] = None  # .2 is 20 percent
    quantity_kind: Annotated[str, "EB09"] = ""  # VS visits, DY days …
    quantity: Annotated[Decimal | None, "EB10"] = None
    authorization: Annotated[str, "EB11"] = ""  # Y needed, N, U
    in_network: Annotated[str, "EB12"] = ""  # Y, N, U, W both
    procedure: Annotated[Procedure | None, "EB13"] = None
    diagnosis_pointers: Annotated[tuple[int, ...], "EB14-*"] = ()
    deliveries: Annotated[tuple[Delivery, ...], "HSD"] = ()
    references: Annotated[tuple[Reference, ...], "REF"] = ()
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 291 plan, 346 plan begin, 348 benefit begin …
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()
    messages: Annotated[tuple[str, ...], "MSG"] = ()
    additional: Annotated[tuple[AdditionalInformation, ...], "III"] = ()  # 2115C, 2115D
    entities: Annotated[tuple[RelatedEntity, ...], Loop("2120", bounded="2120")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(LoopRecord):
    """Loops 2000C and D with 2100C and D: the subscriber or a dependent, as asked and as answered."""

    traces: Annotated[tuple[Trace, ...], "TRN"] = ()
    party: Annotated[Party, "NM1 REF N3 N4"]  # NM1*IL, NM1*03
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # 271
    provider: Annotated[ProviderRole | None, "PRV"] = None
    birth: Annotated[Birth | None, "DMG"] = None
    relationship: Annotated[Relationship | None, "INS"] = None
    diagnoses: Annotated[tuple[HealthCode, ...], "HI01 to HI12"] = ()  # at most 8
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()
    military: Annotated[tuple[Military, ...], "MPI"] = ()  # 271


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDependent(Person):
    """Loop 2000D of the 270."""

    inquiries: Annotated[tuple[Inquiry, ...], Loop("2110D")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSubscriber(Person):
    """Loop 2000C of the 270: the insured; asked about when it has inquiries."""

    inquiries: Annotated[tuple[Inquiry, ...], Loop("2110C")] = ()
    dependents: Annotated[tuple[AskedDependent, ...], Level("2000D", "23")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredDependent(Person):
    """Loop 2000D of the 271."""

    benefits: Annotated[tuple[Benefit, ...], Loop("2110D")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredSubscriber(Person):
    """Loop 2000C of the 271."""

    benefits: Annotated[tuple[Benefit, ...], Loop("2110C")] = ()
    dependents: Annotated[tuple[CoveredDependent, ...], Level("2000D", "23")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver(LoopRecord):
    """Loop 2000B with 2100B: who asks, a provider most often."""

    party: Annotated[Party, "NM1 REF N3 N4"]  # NM1*1P, FA …
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # 271
    provider: Annotated[ProviderRole | None, "PRV"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingReceiver(Receiver):
    """Loop 2000B of the 270."""

    subscribers: Annotated[tuple[AskedSubscriber, ...], Level("2000C", "22")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedReceiver(Receiver):
    """Loop 2000B of the 271."""

    subscribers: Annotated[tuple[CoveredSubscriber, ...], Level("2000C", "22")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSource(LoopRecord):
    """Loop 2000A with 2100A of the 270: who knows, the payer most often."""

    party: Annotated[Party, "NM1"]
    receivers: Annotated[tuple[AskingReceiver, ...], Level("2000B", "21")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformingSource(LoopRecord):
    """Loop 2000A with 2100A of the 271: who answers."""

    level_refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # of 2000A: the system could not answer
    party: Annotated[Party, "NM1"]
    contacts: Annotated[tuple[Contact, ...], "PER"] = ()
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # of 2100A
    receivers: Annotated[tuple[InformedReceiver, ...], Level("2000B", "21")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityInquiry(LoopRecord):
    """A whole 270."""

    structure: Annotated[str, "BHT01"] = "0022"
    purpose: Annotated[str, "BHT02"] = "13"  # 13 request, 01 cancellation
    reference: Annotated[str, "BHT03"] = ""  # comes back in the 271
    created: Annotated[datetime | None, "BHT04 BHT05"] = None
    kind: Annotated[str, "BHT06"] = ""  # RT: spend-down
    sources: Annotated[tuple[AskedSource, ...], Level("2000A", "20")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityResponse(LoopRecord):
    """A whole 271."""

    structure: Annotated[str, "BHT01"] = "0022"
    purpose: Annotated[str, "BHT02"] = "11"  # 11 response, 06 confirmation
    reference: Annotated[str, "BHT03"] = ""  # the 270's
    created: Annotated[datetime | None, "BHT04 BHT05"] = None
    sources: Annotated[tuple[InformingSource, ...], Level("2000A", "20")] = ()
