"""A correction of what has left: what a claim is to become, who wants it, and how far it came.

A newer version of an encounter waits for a person, who sends it or drops it with a reason; what a person corrects or voids goes as soon as
the payer has decided, for a replacement and a void name the decision that they take back (REF*F8 = CLP07; X12 RFI 1538, 2110).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self
from uuid import UUID, uuid4

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.identifiers import id_of

from .claim import Claim, ClaimContent, OpenCorrection

CorrectionKind = Literal["replacement", "void", "rebill", "next_payers", "new_claim", "self_pay"]
"""``next_payers``: the first payer keeps what it has, and those behind it are others; ``rebill``: voided, and billed anew, for it goes to another payer or is another patient's; ``new_claim``: a claim that the newer version wants and that does not stand yet; ``self_pay``: the visit is the patient's own to pay."""

CorrectionState = Literal["waiting", "sending", "sent", "dropped", "superseded"]
"""``waiting`` for a person; ``sending``: it leaves when the payer has decided; ``superseded`` by a newer one."""

OPEN: tuple[CorrectionState, ...] = ("waiting", "sending")


class Difference(Value):
    """One place of a claim that a correction changes."""

    place: str
    now: str | None
    then: str | None


@dataclass(frozen=True)
class Correction:
    """One correction of one claim."""

    practice_id: str
    correction_id: UUID
    claim_id: UUID
    encounter_id: UUID
    encounter_version: int
    kind: CorrectionKind
    origin: Literal["encounter", "person", "payer", "denial"]
    content: ClaimContent
    reason: str
    actor: str
    created_at: datetime
    changed_at: datetime
    state: CorrectionState = "waiting"
    submission_ordinal: int | None = None
    findings: tuple[RuleFinding, ...] = ()
    """What held it when it was to leave."""
    replaced: ClaimContent | None = None
    """What the claim said before it left: it says so again when a payer refuses to take the replacement."""

    @classmethod
    def of(  # noqa: PLR0913  what is wanted, by whom, why and when
        cls,
        claim: Claim,
        kind: CorrectionKind,
        content: ClaimContent,
        *,
        origin: Literal["person", "payer"],
        reason: str,
        actor: str,
        at: datetime,
    ) -> Self:
        """One that no version of the encounter asks for."""
        return cls(
            practice_id=claim.practice_id,
            correction_id=uuid4(),
            claim_id=claim.claim_id,
            encounter_id=claim.encounter_id,
            encounter_version=claim.content.encounter_version,
            kind=kind,
            origin=origin,
            content=content,
            reason=reason,
            actor=actor,
            created_at=at,
            changed_at=at,
        )

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in OPEN

    @property
    def open_as(self) -> OpenCorrection | None:
        """How it waits; None where it does no more."""
        return self.state if self.state == "waiting" or self.state == "sending" else None  # noqa: PLR1714  mypy narrows by ==

    def approve(self, actor: str, *, at: datetime) -> Self:
        """A person wants it sent: it leaves as soon as it can."""
        return replace(self, state="sending", actor=actor, changed_at=at)

    def hold(self, findings: tuple[RuleFinding, ...], *, at: datetime) -> Self:
        """Rules stand against it: it waits for a person again."""
        return replace(self, state="waiting", findings=findings, changed_at=at)

    def refuse(self, why: str, remedy: str | None, *, at: datetime) -> Self:
        """It cannot leave as it is: a person has to see why."""
        finding = RuleFinding(
            rule="payer-policy",
            message=why,
            remedy=remedy or "Drop it, or change it.",
            source="the payer's policy in the practice",
        )
        return self.hold((finding,), at=at)

    def send(self, ordinal: int | None, *, at: datetime) -> Self:
        """It left as this submission, or took effect without one."""
        return replace(self, state="sent", submission_ordinal=ordinal, findings=(), changed_at=at)

    def instead_of(self, content: ClaimContent) -> Self:
        """It left in the place of this."""
        return replace(self, replaced=content)

    def go_on(self) -> Self:
        """Its void has left; the rest leaves when that is answered."""
        return replace(self, state="sending")

    def also_because(self, reason: str, *, at: datetime) -> Self:
        """Something more that whoever decides about it has to know."""
        return replace(self, reason=f"{self.reason}; {reason}", changed_at=at)

    def come_back(self, *, at: datetime) -> Self:
        """Its submission was refused before adjudication: it waits for a person again."""
        return replace(self, state="waiting", submission_ordinal=None, changed_at=at)

    @property
    def is_under_way(self) -> bool:
        """Whether a void of it has left, and the rest follows when that is answered."""
        return self.state == "sending" and self.submission_ordinal is not None

    def drop(self, reason: str, actor: str, *, at: datetime) -> Self:
        """A person decides against it."""
        return replace(self, state="dropped", reason=reason, actor=actor, changed_at=at)

    def give_way(self, *, at: datetime) -> Self:
        """A newer one takes its place."""
        return replace(self, state="superseded", changed_at=at)


def correction_id(practice: str, claim: UUID, encounter_version: int) -> UUID:
    """What a version of an encounter wants of a claim is one correction, however often it comes."""
    return id_of("correction", practice, claim, encounter_version)


def differences(now: ClaimContent, then: ClaimContent) -> list[Difference]:
    """What a correction changes, place by place; a line is named by its ordinal. Holds patient data where that changes."""
    return list(_compare("", now.model_dump(mode="json"), then.model_dump(mode="json")))


def _compare(place: str, now: object, then: object) -> list[Difference]:
    if now == then:
        return []
    if isinstance(now, dict) and isinstance(then, dict):
        names = [name for name in now | then if name != "encounter_version"]
        return [one for name in names for one in _compare(_joined(place, name), now.get(name), then.get(name))]
    if isinstance(now, list) and isinstance(then, list):
        mine, theirs = _numbered(now), _numbered(then)
        return [
            one
            for number in sorted(mine | theirs)
            for one in _compare(_joined(place, str(number)), mine.get(number), theirs.get(number))
        ]
    return [Difference(place=place, now=_said(now), then=_said(then))]


def _numbered(elements: list[object]) -> dict[int, object]:
    return {
        int(each["ordinal"]) if isinstance(each, dict) and "ordinal" in each else number: each
        for number, each in enumerate(elements, start=1)
    }


def _joined(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _said(value: object) -> str | None:
    if isinstance(value, dict):
        return ", ".join(f"{name} {said}" for name, said in value.items() if said not in (None, [], {}))
    return None if value is None else str(value)
