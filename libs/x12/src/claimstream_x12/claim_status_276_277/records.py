"""The status of claims, asked (276) and answered (277): 005010X212, level by level. The 277CA has its own module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from claimstream_x12.common_records import Birth
from claimstream_x12.loop_records import Level, Loop, LoopRecord
from claimstream_x12.names import Amount, Contact, Dated, Party, Procedure, Reference, find_reference

GUIDE = "005010X212"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCode:
    """C043: category, status, entity."""

    category: Annotated[str, "1"]  # A acknowledged, P pending, F finalised, R requests, E errors, D not found
    status: Annotated[str, "2"]
    entity: Annotated[str, "3"] = ""  # of whom the status speaks: IL, QC, 1P, PR …
    code_list: Annotated[str, "4"] = ""  # RX: the codes are NCPDP's


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """STC: one statement, with up to three codes."""

    codes: Annotated[tuple[StatusCode, ...], "STC01 STC10 STC11"]
    effective: Annotated[date | None, "STC02"] = None
    action: Annotated[str, "STC03"] = ""
    charge: Annotated[Decimal | None, "STC04"] = None
    paid: Annotated[Decimal | None, "STC05"] = None
    finalized_on: Annotated[date | None, "STC06"] = None
    payment_method: Annotated[str, "STC07"] = ""
    paid_on: Annotated[date | None, "STC08"] = None  # of the check or transfer
    payment_number: Annotated[str, "STC09"] = ""  # check, or trace of the transfer
    message: Annotated[str, "STC12"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRequest(LoopRecord):
    """Loops 2210D and E: a service line that is asked about."""

    procedure: Annotated[Procedure | None, "SVC01"]
    charge: Annotated[Decimal, "SVC02"]
    revenue_code: Annotated[str, "SVC04"] = ""
    quantity: Annotated[Decimal | None, "SVC07"] = None
    references: Annotated[tuple[Reference, ...], "REF"] = ()  # FJ the line's control number
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 472


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatusRequest(LoopRecord):
    """Loops 2200D and E of the 276: one claim that is asked about."""

    trace_kind: Annotated[str, "TRN01"] = "1"
    trace: Annotated[str, "TRN02"]  # comes back in the 277
    references: Annotated[
        tuple[Reference, ...], "REF"
    ] = ()  # 1K payer's number, EJ ours, BLT type of bill, D9, XZ, LU, 6P
    amounts: Annotated[tuple[Amount, ...], "AMT"] = ()  # T3 submitted charge
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 472
    lines: Annotated[tuple[LineRequest, ...], Loop("2210")] = ()

    def reference(self, qualifier: str) -> str:
        """The value of the first reference with this qualifier, or ""."""
        return find_reference(self.references, qualifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDependent(LoopRecord):
    """Loop 2000E of the 276 with 2100E."""

    birth: Annotated[Birth | None, "DMG"] = None
    party: Annotated[Party, "NM1"]  # NM1*QC
    requests: Annotated[tuple[ClaimStatusRequest, ...], Loop("2200E")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSubscriber(LoopRecord):
    """Loop 2000D of the 276 with 2100D."""

    birth: Annotated[Birth | None, "DMG"] = None
    party: Annotated[Party, "NM1"]  # NM1*IL
    requests: Annotated[tuple[ClaimStatusRequest, ...], Loop("2200D")] = ()
    dependents: Annotated[tuple[AskedDependent, ...], Level("2000E", "23", says_children=False)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingProvider(LoopRecord):
    """Loop 2000C of the 276 with 2100C: whose claims they are."""

    names: Annotated[tuple[Party, ...], "NM1"]  # NM1*1P, at most 2
    subscribers: Annotated[tuple[AskedSubscriber, ...], Level("2000D", "22")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingReceiver(LoopRecord):
    """Loop 2000B of the 276 with 2100B: who asks and is answered."""

    party: Annotated[Party, "NM1"]  # NM1*41
    providers: Annotated[tuple[AskingProvider, ...], Level("2000C", "19")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSource(LoopRecord):
    """Loop 2000A of the 276 with 2100A: the payer that is asked."""

    party: Annotated[Party, "NM1"]  # NM1*PR
    receivers: Annotated[tuple[AskingReceiver, ...], Level("2000B", "21")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatusInquiry(LoopRecord):
    """A whole 276."""

    structure: Annotated[str, "BHT01"] = "0010"
    purpose: Annotated[str, "BHT02"] = "13"
    reference: Annotated[str, "BHT03"]
    created: Annotated[datetime | None, "BHT04 BHT05"] = None
    sources: Annotated[tuple[AskedSource, ...], Level("2000A", "20")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStatus(LoopRecord):
    """Loops 2220D and E: a service line that a status speaks of."""

    procedure: Annotated[Procedure | None, "SVC01"]
    charge: Annotated[Decimal, "SVC02"]
    paid: Annotated[Decimal | None, "SVC03"] = None
    revenue_code: Annotated[str, "SVC04"] = ""
    quantity: Annotated[Decimal | None, "SVC07"] = None
    statuses: Annotated[tuple[Status, ...], "STC"] = ()
    references: Annotated[tuple[Reference, ...], "REF"] = ()  # FJ the line's control number
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 472


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatus(LoopRecord):
    """Loops 2200D and E of the 277: where one claim stands."""

    trace_kind: Annotated[str, "TRN01"] = "2"
    trace: Annotated[str, "TRN02"]  # the 276's
    statuses: Annotated[tuple[Status, ...], "STC"] = ()
    references: Annotated[tuple[Reference, ...], "REF"] = ()  # 1K payer's number, EJ ours, BLT, XZ, VV voucher, D9
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 472
    lines: Annotated[tuple[LineStatus, ...], Loop("2220")] = ()

    def reference(self, qualifier: str) -> str:
        """The value of the first reference with this qualifier, or ""."""
        return find_reference(self.references, qualifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStatus(LoopRecord):
    """Loops 2200B and 2200C: why nothing can be said of what is below."""

    trace_kind: Annotated[str, "TRN01"]  # 2 of the receiver's, 1 of the provider's level
    trace: Annotated[str, "TRN02"]
    statuses: Annotated[tuple[Status, ...], "STC"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedDependent(LoopRecord):
    """Loop 2000E of the 277 with 2100E."""

    party: Annotated[Party, "NM1"]  # NM1*QC
    claims: Annotated[tuple[ClaimStatus, ...], Loop("2200E")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedSubscriber(LoopRecord):
    """Loop 2000D of the 277 with 2100D."""

    party: Annotated[Party, "NM1"]  # NM1*IL
    claims: Annotated[tuple[ClaimStatus, ...], Loop("2200D")] = ()
    dependents: Annotated[tuple[InformedDependent, ...], Level("2000E", "23", says_children=False)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedProvider(LoopRecord):
    """Loop 2000C of the 277 with 2100C."""

    names: Annotated[tuple[Party, ...], "NM1"]  # NM1*1P, at most 2
    status: Annotated[LevelStatus | None, Loop("2200C")] = None
    subscribers: Annotated[tuple[InformedSubscriber, ...], Level("2000D", "22")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedReceiver(LoopRecord):
    """Loop 2000B of the 277 with 2100B."""

    party: Annotated[Party, "NM1"]  # NM1*41
    status: Annotated[LevelStatus | None, Loop("2200B")] = None
    providers: Annotated[tuple[InformedProvider, ...], Level("2000C", "19")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformingSource(LoopRecord):
    """Loop 2000A of the 277 with 2100A: the payer that answers."""

    party: Annotated[Party, "NM1"]  # NM1*PR
    contacts: Annotated[tuple[Contact, ...], "PER"] = ()
    receivers: Annotated[tuple[InformedReceiver, ...], Level("2000B", "21")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatusResponse(LoopRecord):
    """A whole 277."""

    structure: Annotated[str, "BHT01"] = "0010"
    purpose: Annotated[str, "BHT02"] = "08"
    reference: Annotated[str, "BHT03"]
    created: Annotated[datetime | None, "BHT04 BHT05"] = None
    kind: Annotated[str, "BHT06"] = "DG"
    sources: Annotated[tuple[InformingSource, ...], Level("2000A", "20")] = ()
