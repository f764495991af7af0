"""The denial catalogue: data with our own words, see ``playbooks/catalogue.toml``."""

from dataclasses import dataclass, field

from .refusal import Refusal

ROUTES = frozenset("RCAIPONW")
SCENARIOS = frozenset({"missing documentation", "invalid data", "not covered", "not separately payable"})
"""The business scenarios of CAQH CORE 360."""


@dataclass(frozen=True)
class Cause:
    """Why a payer refuses so, the payer-neutral scenario, the usual route, and what to do first."""

    cause: str
    scenario: str
    route: str
    remedy: str | None = None
    otherwise: str | None = None
    """Beside the route P: the route where the patient may not be asked."""
    otherwise_remedy: str | None = None
    """Beside the route P: what to do first where the patient may not be asked."""
    remedy_without_remark: str | None = None
    """What to do first where the payer gave no remark, and the remedy would name it."""


@dataclass(frozen=True)
class Note:
    """What a remark adds, whatever the cause."""

    remarks: frozenset[str]
    remedy: str
    source: str
    never_patient: bool = False
    routes: frozenset[str] = frozenset()
    """Beside which routes it is told; none: beside any."""
    business_days: int | None = None
    """How long what it opens may be asked for, counted from the remittance's date."""

    def is_beside(self, refusal: Refusal) -> bool:
        """Whether the payer said one of the remarks."""
        return not self.remarks.isdisjoint(refusal.remarks)

    def is_told(self, refusal: Refusal, route: str) -> bool:
        """Whether it adds something to the remedy of this route."""
        return self.is_beside(refusal) and (not self.routes or route in self.routes)


@dataclass(frozen=True)
class NeverPatient:
    """Of whom a patient is never asked, whatever group the payer says: its filing indicators, or remarks; ``but_carcs`` are let through."""

    why: str
    source: str
    filing_indicators: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset()
    but_carcs: frozenset[str] = frozenset()

    def forbids(self, refusal: Refusal) -> bool:
        """Whether it keeps this refusal from the patient."""
        is_named = refusal.filing_indicator in self.filing_indicators or not self.remarks.isdisjoint(refusal.remarks)
        return is_named and refusal.place.carc not in self.but_carcs


@dataclass(frozen=True)
class HardStop:
    """Where no appeal is offered, and why. With ``look_up`` it is a hold: what is found there may lift it."""

    why: str
    route: str
    source: str
    look_up: str | None = None
    remedy: str | None = None
    carcs: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset()
    filing_indicators: frozenset[str] = frozenset()

    def stops(self, refusal: Refusal) -> bool:
        """Whether all that it names fits; what it does not name may be anything."""
        return (
            (not self.carcs or refusal.place.carc in self.carcs)
            and (not self.remarks or not self.remarks.isdisjoint(refusal.remarks))
            and (not self.filing_indicators or refusal.filing_indicator in self.filing_indicators)
        )

    @property
    def text(self) -> str:
        """Why, and for a hold what to look up."""
        return f"{self.why}; look up {self.look_up}" if self.look_up else self.why


@dataclass(frozen=True)
class Filing:
    """Payers whose filing limit is a law's calendar years after the service and no number of days."""

    filing_indicators: frozenset[str]
    calendar_years: int
    source: str

    def is_of(self, refusal: Refusal) -> bool:
        """Whether the refusing payer is one."""
        return refusal.filing_indicator in self.filing_indicators


@dataclass(frozen=True)
class Catalogue:
    """Causes by CARC, remarks (RARC) that decide whatever the CARC, and what keeps a route away."""

    by_carc: dict[str, Cause]
    by_remark: dict[str, Cause]
    underpayment: Cause
    patient_groups: frozenset[str]
    never_patient: tuple[NeverPatient, ...]
    filing: Filing
    notes: tuple[Note, ...] = field(default=())
    hard_stops: tuple[HardStop, ...] = field(default=())
    """The first that fits decides."""

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Every row."""
        return (*self.by_carc.values(), *self.by_remark.values(), self.underpayment)
