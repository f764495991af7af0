from uuid import UUID, uuid4

from claimstream_kit import ServiceSettings
from claimstream_schemas import ClaimHeld, ClaimReleased
from claimstream_schemas.values.claim import RuleFinding

from .toy.service import ClaimHeldOften


def a_hold(claim_id: UUID | None = None, rule: str = "npi", practice_id: str = "bay-state") -> ClaimHeld:
    finding = RuleFinding(rule=rule, message="wrong", remedy="mend it")
    return ClaimHeld(
        practice_id=practice_id,
        claim_id=claim_id or uuid4(),
        encounter_id=uuid4(),
        findings=(finding,),
        actor="test",
    )


def holds(times: int, claim_id: UUID | None = None) -> ClaimHeldOften:
    return ClaimHeldOften(**dict(a_hold(claim_id)), times=times)


def a_release(claim_id: UUID, practice_id: str = "bay-state") -> ClaimReleased:
    return ClaimReleased(
        practice_id=practice_id, claim_id=claim_id, encounter_id=uuid4(), reason="mended", actor="test"
    )


def settings(url: str, *, kafka: str = "127.0.0.1:1", **more) -> ServiceSettings:
    return ServiceSettings(
        database_url=url,
        kafka=kafka,
        topics="topics.toml",
        token_keys="keys",
        audit_dir="audit",
        port=1,
        **more,
    )
