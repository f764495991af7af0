"""What is fuzzed: each target takes any bytes, and raises nothing but what its callers are promised."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).parents[2]
TOPIC_AND_REST = b"\n"
BUNDLES = 25

Attempt = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """One reader of ours."""

    name: str
    packages: tuple[str, ...]
    """What is instrumented: the reader's own code."""
    make: Callable[[], Attempt]
    seeds: Callable[[], Iterator[bytes]]
    is_json: bool = False
    """Its inputs are JSON: they are changed as documents, and now and then as bytes."""


def _x12() -> Attempt:
    from claimstream_x12 import X12Reader
    from claimstream_x12.acknowledgment_999 import read_999
    from claimstream_x12.claim_837.reading import ClaimReader
    from claimstream_x12.claim_status_276_277 import read_276, read_277
    from claimstream_x12.claim_status_277ca import read_277ca
    from claimstream_x12.eligibility_270_271 import read_270, read_271
    from claimstream_x12.interchange_ta1 import read_ta1
    from claimstream_x12.remittance_835 import read_remittance
    from claimstream_x12.services_review_278 import read_278

    whole = {
        "270": read_270, "271": read_271, "276": read_276, "277": read_277, "278": read_278,
        "277CA": read_277ca, "835": read_remittance, "999": read_999,
    }  # fmt: skip

    def attempt(data: bytes) -> None:
        reader = X12Reader(data)
        for one_set in reader.sets():
            if one_set.code == "837":
                claims = ClaimReader(one_set)
                for _claim in claims.claims():
                    continue
                [str(finding) for finding in claims.findings]
            else:
                acknowledges = one_set.code == "277" and "X212" not in one_set.guide
                whole.get("277CA" if acknowledges else one_set.code, list)(one_set)
        for _header, segment in reader.acknowledgments:
            read_ta1(segment)
        [str(finding) for finding in reader.findings]

    return attempt


def _check() -> Attempt:
    from claimstream_x12.answering import answer
    from claimstream_x12.checking import Checker
    from claimstream_x12.command_line.check_command import as_object, as_text

    checker = Checker(remember_claims=True)
    now = datetime(2026, 9, 16, 9)  # noqa: DTZ001  (files have no zones)

    def attempt(data: bytes) -> None:
        report = checker.check(data)
        as_object("file", report)
        as_text("file", report)
        answered = answer(report, now=now)
        if answered and Checker().check(answered).rejected:
            raise AssertionError("the answer would be rejected")

    return attempt


def _inbound() -> Attempt:
    from clearinghouse_gw.inbound_reading import read_file

    def attempt(data: bytes) -> None:
        read_file(data)

    return attempt


def _auditor() -> Attempt:
    from claimstream_auditor.x12_files import read_file

    def attempt(data: bytes) -> None:
        for one_set in read_file(data).sets:
            str(one_set.digest)

    return attempt


def _events() -> Attempt:
    from claimstream_kit.bus.port import Record
    from claimstream_kit.consuming.messages import decode
    from claimstream_kit.consuming.subscription import Subscription, Subscriptions
    from claimstream_schemas import EVENT_BY_TYPE, Envelope

    async def nothing(event: object, unit: object) -> None:
        del event, unit

    subscriptions = Subscriptions(Subscription(event, nothing) for event in EVENT_BY_TYPE.values())
    events = [EVENT_BY_TYPE[name] for name in sorted(EVENT_BY_TYPE)]

    def attempt(data: bytes) -> None:
        head, _, value = data.partition(TOPIC_AND_REST)
        event = events[head[0] % len(events)] if head else events[0]
        headers = Envelope(
            id=UUID(int=1),
            source="/fuzz",
            type=event.event_type(),
            time=datetime(2026, 9, 16, tzinfo=UTC),
            practice="bay-state",
            sequence=1,
            actor="fuzz",
        ).to_headers()
        if head[1:]:
            headers[head[1] % len(headers)] = (headers[head[1] % len(headers)][0], head[2:])
        decode(Record(event.topic, 0, 0, "bay-state/x", value, headers), subscriptions)

    return attempt


def _intake(kind: str) -> Callable[[], Attempt]:
    def make() -> Attempt:
        from coding_svc.api.bodies import Refused, read_body

        def attempt(data: bytes) -> None:
            with contextlib.suppress(Refused):
                asyncio.run(read_body(kind, data, most=50))

        return attempt

    return make


def _x12_samples() -> Iterator[bytes]:
    for path in sorted((ROOT / "libs" / "x12" / "samples").glob("*/*")):
        if path.suffix not in (".tsv", ".md"):
            yield path.read_bytes()


def _event_samples() -> Iterator[bytes]:
    from claimstream_schemas import EVENT_BY_TYPE

    for number, name in enumerate(sorted(EVENT_BY_TYPE)):
        for path in sorted(
            (ROOT / "libs" / "schemas" / "samples").glob(f"{name.removeprefix('org.claimstream.')}*.json")
        ):
            yield bytes([number]) + TOPIC_AND_REST + path.read_bytes()


def _native() -> Iterator[bytes]:
    for path in sorted((ROOT / "demo" / "encounters").glob("*.json")):
        yield path.read_bytes()


def _bundles() -> Iterator[bytes]:
    from claimstream_cli.client import FHIR
    from claimstream_cli.sample_encounters import sample_encounters

    bundles = sorted((body for _, kind, body in sample_encounters() if kind == FHIR), key=len)
    yield from bundles[:: max(1, len(bundles) // BUNDLES)]


TARGETS = {
    target.name: target
    for target in (
        Target("x12", ("claimstream_x12",), _x12, _x12_samples),
        Target("check", ("claimstream_x12",), _check, _x12_samples),
        Target("inbound", ("claimstream_x12", "clearinghouse_gw"), _inbound, _x12_samples),
        Target("auditor", ("claimstream_auditor",), _auditor, _x12_samples),
        Target("events", ("claimstream_schemas", "claimstream_kit.consuming"), _events, _event_samples, is_json=True),
        Target("fhir", ("coding_svc",), _intake("application/fhir+json"), _bundles, is_json=True),
        Target("native", ("coding_svc",), _intake("application/json"), _native, is_json=True),
    )
}
