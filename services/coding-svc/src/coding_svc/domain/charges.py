"""From what was done at a visit to charge lines, through the practice's charge master.

A service that has a procedure code and a charge is taken as it is. Any other one is looked up by the EHR's own codes; what
is not in the charge master is kept as uncoded and counted. The same charge item on the same day is charged once: a
questionnaire arrives both as a procedure and as a report.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_schemas.values.encounter import ChargeLine, UncodedItem
from claimstream_schemas.values.identifiers import line_id
from claimstream_schemas.values.practice import ChargeItem, PracticeDocument
from claimstream_schemas.values.revenue_codes import has_hipps_code, is_room_and_board

from .diagnoses import Diagnosed, also_told_as
from .outcome import CodeCheck
from .places import provider_of
from .visit import Service, StatedCode, Visit
from .visit_reasons import VACCINATION, preventive_band

_GENERAL_EXAMINATIONS = ("Z000", "Z001")
_MOST_LINES = 999
_IN_PARTS = frozenset({"2", "3", "4"})
"""NUBC: first, continuing and last claim of a stay."""
_PROCEDURES = ("cpt", "hcpcs")


class ChargeMaster:
    """A practice's charge items by the EHR's codes and by procedure."""

    def __init__(self, items: Iterable[ChargeItem]) -> None:
        """Index the items; one source may name several items, a vaccine and its administration for instance."""
        self._by_source: dict[tuple[str, str], list[ChargeItem]] = {}
        self._by_procedure: dict[tuple[str, tuple[str, ...]], ChargeItem] = {}
        self._visits: set[str | None] = set()
        for item in items:
            if item.is_visit:
                self._visits.add(item.procedure)
            for source in item.sources:
                self._by_source.setdefault((source.system.lower(), source.code), []).append(item)
            self._by_procedure.setdefault((item.procedure, item.modifiers), item)

    def named_by(self, codes: Iterable[StatedCode]) -> list[ChargeItem]:
        """The items of the first code that the charge master knows."""
        return next((found for code in codes if (found := self._by_source.get((code.system.lower(), code.code)))), [])

    def is_visit(self, procedure: str | None) -> bool:
        """Whether a procedure is a visit's own code."""
        return procedure in self._visits

    def priced(self, procedure: str, modifiers: Sequence[str] = ()) -> ChargeItem | None:
        """The item of a procedure, with these modifiers or without any."""
        exact = self._by_procedure.get((procedure, tuple(modifiers)))
        return exact or self._by_procedure.get((procedure, ()))


class _Same:
    """A practice's document by its identity: to compare two of them item by item would cost more than to index one."""

    def __init__(self, practice: PracticeDocument) -> None:
        self.practice = practice

    def __hash__(self) -> int:
        return id(self.practice)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.practice is self.practice


def charge_master(practice: PracticeDocument) -> ChargeMaster:
    """The charge master of a practice's document, indexed once."""
    return _charge_master(_Same(practice))


@lru_cache(maxsize=32)
def _charge_master(same: _Same) -> ChargeMaster:
    return ChargeMaster(same.practice.charge_master)


@dataclass
class Charged:
    """The lines of a visit, and what could not be charged."""

    lines: list[ChargeLine] = field(default_factory=list)
    uncoded: list[UncodedItem] = field(default_factory=list)
    checks: list[CodeCheck] = field(default_factory=list)
    visit_unmapped: bool = False
    lost: list[str] = field(default_factory=list)
    """Lines that point to what is not coded."""


@dataclass
class _Draft:
    """A line in the making; drafts of one procedure, day and pointer become one line."""

    service: Service
    procedure: str | None
    modifiers: tuple[str, ...]
    revenue_code: str | None
    units: Decimal
    charge: Decimal
    pointers: tuple[int, ...]
    label: str | None

    @property
    def mark(self) -> tuple[object, ...]:
        return (self.procedure, self.modifiers, self.revenue_code, self.service.service_from, self.pointers)


class _Charging:
    """One visit being charged."""

    def __init__(self, visit: Visit, practice: PracticeDocument, diagnosed: Diagnosed) -> None:
        self.visit = visit
        self.master = charge_master(practice)
        self.diagnosed = diagnosed
        self.result = Charged()
        self.explicit: list[_Draft] = []
        self.mapped: dict[tuple[int, date], _Draft] = {}

    def charge_visit(self) -> None:
        """The visit's own code: by age for a general examination, else by its kind, else by its class."""
        visit = self.visit
        told = any(self.master.is_visit(service.procedure) for service in visit.services)
        if told or (not visit.types and visit.encounter_class is None):
            return
        codes = [code for kind in visit.types for code in kind.codes]
        by_class = [StatedCode(system="encounter-class", code=visit.encounter_class)] if visit.encounter_class else []
        if self._is_general_examination():
            codes.insert(0, StatedCode(system="preventive-visit", code=preventive_band(visit.age())))
        inpatient = visit.kind.has_stay
        items = self.master.named_by([*by_class, *codes] if inpatient else [*codes, *by_class])
        visit_items = [item for item in items if item.is_visit]
        self.result.visit_unmapped = not visit_items
        days = _covered_days(visit) if inpatient else 1
        for item in visit_items:
            for day in range(days):
                on = date.fromordinal(visit.started_on.toordinal() + day)
                self._map(Service(name="visit", service_from=on), item)

    def charge_service(self, service: Service) -> None:
        """One service: as it is, or by the charge master. What comes after the cut-off is for a later claim."""
        if self.visit.is_cut_off and service.service_from > self.visit.through:
            return
        if self.visit.is_cut_off and service.service_to and service.service_to > self.visit.through:
            detail = f"line {service.name} goes on after the cut-off {self.visit.through}: send what was done up to it"
            self.result.lost.append(detail)
        items = self.master.named_by(service.codes)
        service = self._by_its_priced_code(service)
        if service.revenue_code or (service.procedure and (not items or self._has_price(service))):
            self._take(service)
            return
        if not items:
            self._keep_uncoded(service, "not in the charge master")
        for item in items:
            self._map(service, item)

    def _by_its_priced_code(self, service: Service) -> Service:
        """Of a service's several procedure codes the first that has a price."""
        if service.procedure is None or self._has_price(service):
            return service
        codes = (code.code for code in service.codes if code.system in _PROCEDURES)
        priced = next((code for code in codes if self.master.priced(code, service.modifiers)), None)
        return service.model_copy(update={"procedure": priced}) if priced else service

    def _has_price(self, service: Service) -> bool:
        told = service.charge is not None
        return told or self.master.priced(service.procedure or "", service.modifiers) is not None

    def _is_general_examination(self) -> bool:
        first = self.diagnosed.diagnoses[:1]
        return bool(first) and first[0].code.startswith(_GENERAL_EXAMINATIONS)

    def _take(self, service: Service) -> None:
        item = self.master.priced(service.procedure, service.modifiers) if service.procedure else None
        units = service.units or Decimal(1)
        charge = service.charge if service.charge is not None else (item.price * units if item else None)
        if charge is None:
            self._keep_uncoded(service, "has no charge, and the charge master has no price for it")
            return
        revenue = service.revenue_code or (item.revenue_code if item and self.visit.kind.has_revenue_codes else None)
        label = service.text or (item.label if item else None)
        pointers = self._stated(service) if service.diagnosis_pointers else self._pointers(service)
        self.explicit.append(
            _Draft(service, service.procedure, service.modifiers, revenue, units, charge, pointers, label)
        )

    def _map(self, service: Service, item: ChargeItem) -> None:
        by_revenue = self.visit.kind.has_revenue_codes
        if by_revenue and item.revenue_code is None:
            self._keep_uncoded(service, "the charge master has no revenue code for it")
            return
        place = (id(item), service.service_from)
        if place in self.mapped:
            return
        procedure = None if by_revenue and is_room_and_board(item.revenue_code) else item.procedure
        units = item.units * (service.units or 1)
        charge = service.charge if service.charge is not None else item.price * (service.units or 1)
        revenue = item.revenue_code if by_revenue else None
        self.mapped[place] = _Draft(
            service, procedure, item.modifiers, revenue, units, charge, self._pointers(service), item.label
        )

    def _stated(self, service: Service) -> tuple[int, ...]:
        """Where the diagnoses stand now to which the EHR points; what is not coded is asked, and what is not there stays for a claim's rule."""
        place_of, count = self.diagnosed.place_of, len(self.visit.conditions)
        pointed = [(pointer, place_of.get(str(pointer))) for pointer in service.diagnosis_pointers]
        self.result.lost += [
            f"line {service.name} points to diagnosis {pointer}, which is not coded"
            for pointer, place in pointed
            if place is None and pointer <= count
        ]
        kept = (place if place is not None else pointer for pointer, place in pointed if place or pointer > count)
        return tuple(dict.fromkeys(kept))

    def _pointers(self, service: Service) -> tuple[int, ...]:
        place_of = self.diagnosed.place_of
        if service.is_vaccine and VACCINATION in place_of:
            return (place_of[VACCINATION],)
        told = tuple(dict.fromkeys(place_of[name] for name in service.reasons if name in place_of))
        return told[:4] or ((1,) if self.diagnosed.diagnoses else ())

    def _keep_uncoded(self, service: Service, reason: str) -> None:
        first = service.codes[0] if service.codes else None
        self.result.uncoded.append(
            UncodedItem(
                kind="service",
                system=first.system if first else None,
                code=first.code if first else service.procedure,
                reason=reason + also_told_as(service.codes),
            )
        )

    def drafts(self) -> list[tuple[str, _Draft]]:
        """What becomes a line, each with the name that makes its id."""
        merged: dict[tuple[object, ...], _Draft] = {}
        for draft in self.mapped.values():
            known = merged.setdefault(draft.mark, draft)
            if known is not draft:
                known.units += draft.units
                known.charge += draft.charge
        named = [("-".join(str(part) for part in draft.mark[:4]), draft) for draft in merged.values()]
        return [*((draft.service.name, draft) for draft in self.explicit), *named][:_MOST_LINES]


def charge(visit: Visit, practice: PracticeDocument, diagnosed: Diagnosed, sets: CodeSets, encounter: UUID) -> Charged:
    """The charge lines of a visit."""
    charging = _Charging(visit, practice, diagnosed)
    charging.charge_visit()
    for service in visit.services:
        charging.charge_service(service)
    result = charging.result
    bill = _bill_of(visit)
    for ordinal, (name, draft) in enumerate(charging.drafts(), 1):
        identity = line_id(encounter, practice.id, f"{bill}{name}")
        result.lines.append(_line(visit, practice, draft, identity, ordinal))
        if draft.procedure and not has_hipps_code(draft.revenue_code):
            result.checks.append(_check(draft.procedure, draft.service.service_from, sets))
    return result


def _line(visit: Visit, practice: PracticeDocument, draft: _Draft, identity: UUID, ordinal: int) -> ChargeLine:
    service = draft.service
    return ChargeLine(
        line_id=identity,
        ordinal=ordinal,
        service_from=service.service_from,
        service_to=service.service_to,
        procedure=draft.procedure,
        modifiers=draft.modifiers,
        revenue_code=draft.revenue_code,
        units=draft.units,
        unit_of_measure=service.unit_of_measure,
        charge=draft.charge,
        diagnosis_pointers=draft.pointers if visit.kind.has_pointers else (),
        place_of_service=service.place_of_service,
        description=draft.label[:80] if draft.label else None,
        prior_authorization=service.prior_authorization,
        ndc=service.ndc,
        ndc_quantity=service.ndc_quantity,
        ndc_unit=service.ndc_unit,
        rendering=provider_of(service.rendering, practice) if service.rendering else None,
    )


def _bill_of(visit: Visit) -> str:
    """Each bill of a stay that is billed in parts has lines of its own, whatever the EHR numbers them."""
    frequency = (visit.stay.type_of_bill or "")[2:] if visit.stay else ""
    return f"{visit.started_on}/" if frequency in _IN_PARTS else ""


def _covered_days(visit: Visit) -> int:
    """Days in bed: the day of discharge is none, the last day before a cut-off is one."""
    nights = (visit.through - visit.started_on).days
    return nights + 1 if visit.is_cut_off else max(nights, 1)


def _check(procedure: str, on: date, sets: CodeSets) -> CodeCheck:
    validity = sets.procedures.validity(procedure, on=on)
    return CodeCheck(code=procedure, code_set="procedure", standing=validity.standing.value, reason=validity.reason)
